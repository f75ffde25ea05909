// npx playwright test -c screenshots.config.ts makes the README's pictures in ../docs/screenshots.
import base from "./playwright.config.ts";

export default { ...base, testMatch: "screenshots.ts", timeout: 180_000 };
