// Windows of Zalo, Facebook and others: reading works, and a calm note leads to the real browser.
import { expect, test } from "@playwright/test";
import { awake, FIRST, open } from "./pages.ts";

const ANDROID = "Mozilla/5.0 (Linux; Android 10; SM-A107F";
const CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.6099.144 Mobile Safari/537.36";
const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
const NOTE = "Trang đang mở trong ứng dụng khác.";

const IN_APP = {
  "Zalo on Android": `${ANDROID}; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/120.0.6099.144 Mobile Safari/537.36 Zalo android/12100682 ZaloTheme/light ZaloLanguage/vi`,
  "Zalo on iPhone": `${IPHONE} Mobile/15E148 Zalo iOS/600 ZaloTheme/light ZaloLanguage/vn`,
  "Facebook on Android": `${ANDROID}) ${CHROME} [FB_IAB/FB4A;FBAV/440.0.0.0.0;]`,
  "Messenger on iPhone": `${IPHONE} Mobile/15E148 [FBAN/MessengerForiOS;FBAV/440.0]`,
  "some other application": `${ANDROID}; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/120.0.6099.144 Mobile Safari/537.36`,
};
const BROWSERS = {
  Chrome: `${ANDROID}) ${CHROME}`,
  "Samsung Internet": `${ANDROID}) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36`,
  Safari: `${IPHONE} Version/17.2 Mobile/15E148 Safari/604.1`,
};

for (const [name, userAgent] of Object.entries(IN_APP)) {
  test.describe(name, () => {
    test.use({ userAgent });
    test("a lesson is read, and a note leads to the real browser", async ({ page, baseURL }) => {
      await open(page, FIRST);
      await expect(page.getByText(NOTE)).toBeVisible();
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await page.getByRole("link", { name: "Mở bằng trình duyệt" }).tap();
      await awake(page);
      await expect(page.getByText(NOTE)).toBeHidden();
      await expect(page.getByText(baseURL ?? "", { exact: true })).toBeVisible();
      await expect(page.getByRole("img", { name: "Lấy máy khác quét hình này để mở trang." })).toBeVisible();
    });
  });
}

for (const [name, userAgent] of Object.entries(BROWSERS)) {
  test.describe(name, () => {
    test.use({ userAgent });
    test("no note in a real browser", async ({ page }) => {
      await open(page, FIRST);
      await expect(page.getByText(NOTE)).toBeHidden();
    });
  });
}

test("the address is copied, or marked where copying is not allowed", async ({ page, context, baseURL }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page, "/mo-trinh-duyet");
  await page.getByRole("button", { name: "Chép địa chỉ" }).tap();
  await expect(page.getByText("Đã chép.")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(baseURL);
  await page.reload();
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException("", "NotAllowedError"));
  });
  await page.getByRole("button", { name: "Chép địa chỉ" }).tap();
  await expect.poll(() => page.evaluate(() => getSelection()?.toString().trim())).toBe(baseURL);
});
