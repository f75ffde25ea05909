// A phone whose storage takes its time, as cheap ones do.
import { expect, test } from "@playwright/test";
import { answerWrongly, COURSE, FIRST, goThrough, open, screen, statusLine } from "./pages.ts";
import { facts } from "./record.ts";

test.beforeEach(async ({ context }) => {
  await context.addInitScript(() => {
    const success = Object.getOwnPropertyDescriptor(IDBRequest.prototype, "onsuccess")!;
    Object.defineProperty(IDBRequest.prototype, "onsuccess", {
      ...success,
      set(handler: ((event: Event) => void) | null) {
        success.set!.call(this, handler && ((event: Event) => setTimeout(() => handler.call(this, event), 200)));
      },
    });
  });
});

test("two tabs opened at once on a new phone are one learner", async ({ page, context }) => {
  const other = await context.newPage();
  await Promise.all([open(page, FIRST), open(other, `${COURSE}/mat-khau`)]);
  for (const tab of [page, other]) {
    await tab.bringToFront();
    await goThrough(tab);
  }
  const kept = await facts(page);
  expect(kept).toHaveLength(8);
  expect(new Set(kept.map((fact) => fact.event.learner)).size, "one learner").toBe(1);
  await open(page, "/");
  await expect(page.getByText("2/7 đèn đã sáng")).toBeVisible();
});

test("a question does not change under the finger when the record comes late", async ({ page }) => {
  const question = `${COURSE}/otp-khong-doc-cho-ai#m7`;
  await open(page, question);
  await answerWrongly(page);
  await page.reload();
  await page.locator("html[data-awake]").waitFor({ state: "attached" });
  await page.getByRole("radio").first().check();
  const asked = (await screen(page).locator(".ask").textContent()) ?? "";
  await expect(statusLine(page)).not.toBeEmpty();
  await expect(screen(page).locator(".ask")).toHaveText(asked);
});
