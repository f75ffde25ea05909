// How a learner uses the pages: by role and label, never by a shortcut past the screen.
import { expect, type Locator, type Page } from "@playwright/test";
import { solveQuestion, spoilQuestion } from "./questions.ts";
import { wayToGoal, type Practice } from "./practice.ts";
import type { Item } from "./questions.ts";

export const COURSE = "/khoa-hoc/chong-lua-dao";
export const FIRST = `${COURSE}/ba-dau-hieu`;

/** Waits until the islands of the page are awake and the record on the phone has been read. */
export async function awake(page: Page): Promise<void> {
  await page.locator("html[data-awake]").waitFor({ state: "attached" });
  // The page that checks papers keeps nothing of anybody, so it has no status line.
  const bundle = await page.locator("html").getAttribute("data-bundle");
  if (bundle === "app") await expect(statusLine(page)).not.toBeEmpty();
}

export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await awake(page);
}

export function statusLine(page: Page): Locator {
  return page.getByRole("contentinfo").getByRole("status");
}

/** The screen of a lesson that is shown now. */
export function screen(page: Page): Locator {
  return page.getByRole("region", { name: /^Màn \d+ trên \d+$/ });
}

/** Addresses of the course's lessons, as its page lists them. */
export async function lessons(page: Page): Promise<string[]> {
  await page.goto(COURSE);
  const rows = page.getByRole("main").getByRole("list").getByRole("link");
  return rows.evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
}

/** What an island of the screen was handed; nothing for a screen to read. */
async function handed(screen: Locator): Promise<Record<string, unknown> | undefined> {
  const island = screen.locator("[data-with]");
  if ((await island.count()) === 0) return undefined;
  return JSON.parse((await island.getAttribute("data-with")) ?? "null");
}

export async function next(page: Page): Promise<void> {
  const before = await screen(page).getAttribute("id");
  await screen(page).getByRole("link", { name: "Tiếp" }).tap();
  await expect(screen(page)).not.toHaveId(before ?? "");
}

/** Goes the shortest way through the practice shown, pressing `mistakes` unwise buttons on it. */
export async function practise(page: Page, mistakes = 0): Promise<void> {
  const { practice } = (await handed(screen(page))) as { practice: Practice };
  await reachGoal(page, mistakes);
  await expect(screen(page).getByText(practice.done)).toBeVisible();
}

/** The same, whatever is said at the goal. */
export async function reachGoal(page: Page, mistakes = 0): Promise<void> {
  const { practice } = (await handed(screen(page))) as { practice: Practice };
  for (const step of wayToGoal(practice, mistakes)) {
    await screen(page).locator(".sim-actions").getByRole("button", { name: step.label, exact: true }).tap();
    if (step.why) await expect(screen(page).getByText(step.why)).toBeVisible();
    await expect(screen(page).locator("[data-screen-number]")).toHaveAttribute("data-screen-number", `${step.then}`);
  }
}

/** Answers the question shown wrongly, sees why, and asks for another try. */
export async function answerWrongly(page: Page): Promise<void> {
  const { item } = (await handed(screen(page))) as { item: Item };
  const asked = (await screen(page).locator(".ask").textContent()) ?? "";
  const reasons = await spoilQuestion(screen(page), item);
  await screen(page).getByRole("button", { name: "Trả lời" }).tap();
  await expect(screen(page).getByText("Chưa đúng. Vì sao?")).toBeVisible();
  const why = (await screen(page).locator(".feedback p").textContent()) ?? "";
  expect(reasons, "the reason is the author's").toContain(why);
  await screen(page).getByRole("button", { name: "Thử lại" }).tap();
  await expect(screen(page).locator(".ask"), "another situation").not.toHaveText(asked);
}

/** Answers the question shown rightly. */
export async function answerRightly(page: Page): Promise<void> {
  const { item } = (await handed(screen(page))) as { item: Item };
  const because = await solveQuestion(screen(page), item);
  await screen(page).getByRole("button", { name: "Trả lời" }).tap();
  await expect(screen(page).getByText("Đúng rồi!")).toBeVisible();
  await expect(screen(page).getByText(because)).toBeVisible();
}

/** Goes through the lesson that is open, screen by screen, up to its last one. */
export async function goThrough(page: Page, wrongAnswers = 0): Promise<void> {
  let wrong = wrongAnswers;
  for (;;) {
    const island = (await handed(screen(page))) ?? {};
    if ("practice" in island) await practise(page);
    if ("item" in island) {
      for (; wrong > 0; wrong--) await answerWrongly(page);
      await answerRightly(page);
    }
    if (Array.isArray(island)) {
      await screen(page).getByRole("button", { name: "Tôi tự làm được" }).tap();
      await expect(screen(page).getByText(/^Cảm ơn bạn/)).toBeVisible();
    }
    if ("outline" in island) return;
    await next(page);
  }
}

/** Presses the button of the last screen and waits for the page it leads to. */
export async function finish(page: Page): Promise<void> {
  const here = new URL(page.url()).pathname;
  await screen(page).getByRole("button").tap();
  await page.waitForURL((url) => url.pathname !== here);
  await awake(page);
}

/** Learns a whole lesson: every screen, the practice, every question, the lamp. */
export async function learn(page: Page, lesson: string, wrongAnswers = 0): Promise<void> {
  await open(page, lesson);
  await goThrough(page, wrongAnswers);
  await expect(screen(page).getByText("đã sáng", { exact: true })).toBeVisible();
  await finish(page);
}

/** Makes a record of what is on this phone; returns its code. */
export async function enrol(page: Page, name = "Hồ Thị Lành", pin = "4827"): Promise<string> {
  await open(page, "/cua-toi");
  await page.getByLabel("Họ và tên").fill(name);
  await page.getByLabel("Mã PIN mới").fill(pin);
  await page.getByLabel(/^Tôi đồng ý/).check();
  await page.getByRole("button", { name: "Giữ bài học" }).tap();
  return code(page);
}

/** The learner's code as "Của tôi" shows it, digits only. */
export async function code(page: Page): Promise<string> {
  const shown = page.getByText(/^\d{4} \d{4} \d{4}$/);
  await expect(shown).toBeVisible();
  return ((await shown.textContent()) ?? "").replaceAll(" ", "");
}

/** Fills in code and PIN on "Của tôi" and hands them in. */
export async function askForRecord(page: Page, code: string, pin: string): Promise<void> {
  const form = page.getByRole("group").filter({ hasText: "Tôi đã có mã học viên" });
  const field = form.getByLabel("Mã học viên");
  if (!(await field.isVisible())) await page.getByText("Tôi đã có mã học viên").tap();
  await field.fill(code);
  await form.getByLabel("Mã PIN của bạn").fill(pin);
  await form.getByRole("button", { name: "Lấy bài về" }).tap();
}

/** Waits for "Đã gửi hết (n/n)"; returns n. */
export async function everythingSent(page: Page): Promise<number> {
  await expect(statusLine(page)).toHaveText(/^Đã gửi hết \((\d+)\/\1\)$/);
  return Number(/\d+/.exec((await statusLine(page).textContent()) ?? "")?.[0]);
}
