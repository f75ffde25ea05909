// Without script, or without wasm, lessons are read all the same.
import { expect, test } from "@playwright/test";
import { COURSE, FIRST } from "./pages.ts";

test.describe("script is off", () => {
  test.use({ javaScriptEnabled: false });

  test("a lesson stands there whole and in order", async ({ page }) => {
    await page.goto(FIRST);
    const screens = page.getByRole("region", { name: /^Màn \d+ trên \d+$/ });
    const total = await screens.count();
    expect(total).toBeGreaterThan(7);
    let below = 0;
    for (let at = 0; at < total; at++) {
      const screen = screens.nth(at);
      await expect(screen).toBeVisible();
      await expect(screen).toHaveAccessibleName(`Màn ${at + 1} trên ${total}`);
      await expect(screen.getByRole("heading", { level: 2 })).toBeVisible();
      const top = (await screen.boundingBox())?.y ?? 0;
      expect(top).toBeGreaterThan(below);
      below = top;
    }
    // Playwright looks for texts outside <noscript> only; for roles everywhere.
    const notes = page.getByRole("paragraph");
    await expect(notes.filter({ hasText: "Trình duyệt này tắt phần tương tác." })).toBeVisible();
    await expect(notes.filter({ hasText: "Phần tập trên điện thoại mô phỏng cần bật JavaScript." })).toBeVisible();
    await expect(page.getByText("Trình duyệt này cũ")).toBeHidden();
  });

  test("solutions are there, folded, and open", async ({ page }) => {
    await page.goto(FIRST);
    const solutions = page.getByRole("group").filter({ hasText: "Xem lời giải" });
    await expect(solutions).toHaveCount(2);
    for (const solution of await solutions.all()) {
      await expect(solution.getByRole("list")).toBeHidden();
      await solution.getByText("Xem lời giải").tap();
      await expect(solution.getByRole("list")).toBeVisible();
      await expect(solution.getByRole("paragraph")).not.toBeEmpty();
    }
  });

  test("links lead from home to the next lesson", async ({ page }) => {
    await page.goto("/");
    await page.getByRole("link", { name: /Chống lừa đảo/ }).tap();
    await expect(page).toHaveURL(COURSE);
    await page.getByRole("link", { name: /Ba dấu hiệu/ }).tap();
    await expect(page).toHaveURL(FIRST);
    await page.getByRole("link", { name: "Tiếp", exact: true }).first().tap();
    await expect(page).toHaveURL(`${FIRST}#m2`);
    await page.getByRole("link", { name: "Bài tiếp theo" }).tap();
    await expect(page).toHaveURL(`${COURSE}/mat-khau`);
    for (const path of ["/cua-toi", "/chung-nhan", "/kiem-tra"]) {
      await page.goto(path);
      await expect(page.getByRole("main").getByRole("paragraph").filter({ hasText: "cần bật JavaScript" })).toBeVisible();
    }
  });
});

test("wasm is blocked: the lesson is read step by step, and a note says what is missing", async ({ page }) => {
  await page.route("**/*.wasm", (route) => route.abort());
  await page.goto(FIRST);
  await expect(page.getByText("Trình duyệt này cũ nên chưa làm được phần thực hành và câu hỏi.")).toBeVisible();
  const screen = page.getByRole("region", { name: /^Màn \d+ trên \d+$/ });
  const total = await page.getByRole("navigation", { name: "Các màn của bài" }).getByRole("link").count();
  for (let at = 1; at <= total; at++) {
    await expect(screen).toHaveCount(1);
    await expect(screen).toHaveAccessibleName(`Màn ${at} trên ${total}`);
    await expect(screen.getByRole("heading", { level: 2 })).toBeVisible();
    if (at < total) await screen.getByRole("link", { name: "Tiếp" }).tap();
  }
  await screen.getByRole("link", { name: "Lùi" }).tap();
  await expect(screen).toHaveAccessibleName(`Màn ${total - 1} trên ${total}`);
});

test("IndexedDB is blocked: questions still teach, and the status line says what is not kept", async ({ page }) => {
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("blocked", "SecurityError");
    };
  });
  await page.goto(`${FIRST}#m7`);
  await expect(page.getByRole("contentinfo").getByRole("status")).toHaveText(/^Cửa sổ này không cho ghi bài làm\./);
  await page.getByRole("button", { name: "Trả lời" }).tap();
  await expect(page.getByText("Bạn ghép hết các cặp trước nhé.")).toBeVisible();
});
