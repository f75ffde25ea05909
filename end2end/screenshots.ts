// Pictures for the README, of a fresh phone; lamps are lit and the paper is earned by really learning.
import { test, type Page } from "@playwright/test";
import { COURSE, enrol, learn, lessons, open, screen } from "./pages.ts";

test.use({ deviceScaleFactor: 1.5 });

async function picture(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(400);
  await page.screenshot({ path: `../docs/screenshots/${name}.png` });
}

test("pages of a first visit", async ({ page }) => {
  await open(page, "/");
  await picture(page, "home");
  await open(page, `${COURSE}/otp-khong-doc-cho-ai`);
  await picture(page, "lesson");
  await open(page, `${COURSE}/otp-khong-doc-cho-ai#m6`);
  await page.mouse.wheel(0, 170);
  await picture(page, "practice");
  await page.emulateMedia({ colorScheme: "dark" });
  await open(page, `${COURSE}/link-la`);
  await picture(page, "dark");
});

test("a saved course", async ({ page }) => {
  await open(page, COURSE);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.getByRole("button", { name: /^Lưu vào máy/ }).tap();
  await page.getByText("Đã lưu. Học được khi không có mạng.").waitFor();
  await open(page, "/tren-may");
  await picture(page, "on-phone");
});

test("a wrong answer", async ({ page }) => {
  await open(page, `${COURSE}/otp-khong-doc-cho-ai#m7`);
  const choice = await screen(page).locator("[data-with]").getAttribute("data-with");
  const wrong = JSON.parse(choice ?? "").item.variants[0].kind.one.find((one: { right: boolean }) => !one.right);
  await screen(page).getByText(wrong.text, { exact: true }).tap();
  await screen(page).getByRole("button", { name: "Trả lời" }).tap();
  await screen(page).getByRole("button", { name: "Thử lại" }).scrollIntoViewIfNeeded();
  await page.mouse.wheel(0, 120);
  await picture(page, "question-wrong");
});

test("lamps and the paper", async ({ page }) => {
  for (const [at, lesson] of (await lessons(page)).entries()) {
    await learn(page, lesson);
    if (at === 2) {
      await open(page, COURSE);
      await page.mouse.wheel(0, 180);
      await picture(page, "lamps");
    }
  }
  await enrol(page);
  await picture(page, "record");
  await open(page, "/chung-nhan");
  await page.getByRole("button", { name: "Nhận giấy chứng nhận" }).tap();
  await page.getByText("Quét để kiểm tra").waitFor();
  await page.setViewportSize({ width: 620, height: 860 });
  await picture(page, "certificate");
  await page.getByRole("link", { name: "Kiểm tra giấy này" }).tap();
  await page.setViewportSize({ width: 360, height: 640 });
  await page.getByText("Giấy thật").waitFor();
  await picture(page, "check");
});
