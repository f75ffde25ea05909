// What phones sent and could not be stored: staff see why, give it to its person, put it aside, take it back.
import { randomBytes, randomInt, randomUUID } from "node:crypto";
import AxeBuilder from "@axe-core/playwright";
import { expect, test, type APIRequestContext, type APIResponse, type Locator, type Page } from "@playwright/test";
import { createAdmin, setSecondFactor, signIn } from "./staff.ts";

/** A phone as the server knows it, without a browser around it. */
class BarePhone {
  readonly device = randomUUID();
  readonly learner = randomUUID();
  code = "";
  readonly #token = randomBytes(32).toString("base64url");
  readonly #request: APIRequestContext;
  #seq = 0;

  constructor(request: APIRequestContext) {
    this.#request = request;
  }

  #post(path: string, body: object): Promise<APIResponse> {
    const headers = { authorization: `Bearer ${this.#token}` };
    return this.#request.post(path, { headers, data: { protocol: 2, device: this.device, ...body } });
  }

  async makeRecord(): Promise<void> {
    const digits = String(randomInt(10 ** 11)).padStart(11, "0");
    // The last digit follows from the others: of ten, the server takes one.
    for (let last = 0; last < 10; last += 1) {
      this.code = `${digits}${last}`;
      const answer = await this.#post("/api/v1/records", { learner: this.learner, code: this.code, pin: "4826" });
      if (answer.ok()) return;
    }
    throw new Error("no digit was right");
  }

  /** Sends one fact; returns what became of it. */
  async send(learner: string, kind: object | string, more: object = {}): Promise<unknown> {
    this.#seq += 1;
    const event = { id: randomUUID(), v: 1, learner, device: this.device, seq: this.#seq, at_ms: Date.now(), mono_ms: 5, ...more, kind };
    const answer = await this.#post("/api/v1/sync", { cursor: {}, events: [event] });
    expect(answer.status(), await answer.text()).toBe(200);
    return (await answer.json()).outcomes[0].outcome;
  }
}

async function signedIn(page: Page, name: string): Promise<void> {
  createAdmin(name);
  await signIn(page, name);
  await expect(page).toHaveURL(/\/quan-ly#?$/);
  await setSecondFactor(page);
}

function card(page: Page, text: string): Locator {
  return page.locator(".rows > li").filter({ hasText: text });
}

test("what could not be stored is given to its person, put aside, and taken back", async ({ page, request }) => {
  test.setTimeout(120_000);
  const [hers, wrong] = [new BarePhone(request), new BarePhone(request)];
  await hers.makeRecord();
  const name = `Hồ Thị Đối ${randomUUID().slice(0, 6).replace(/\d/g, "a")}`;
  expect(await hers.send(hers.learner, { LearnerEnrolled: { code: hers.code, name } })).toBe("accepted");
  await wrong.makeRecord();
  const unknown = { quarantined: "unknown-learner" };
  expect(await wrong.send(hers.learner, { ConsentGiven: { purpose: "learning-record", text_version: 1 } })).toEqual(unknown);
  const marker = `chữ lạ ${randomUUID()}`;
  expect(await wrong.send(hers.learner, { DanceFinished: { dance: marker } })).toEqual({ quarantined: "unknown-kind" });

  await signedIn(page, "doi soat mot");
  await page.goto("/quan-ly");
  await page.locator("a.card", { hasText: "Đối soát" }).tap();
  const hersCard = card(page, name).filter({ hasText: "Đồng ý cho lưu việc học" });
  await expect(hersCard).toContainText("Máy gửi chưa mở hồ sơ của người học này.");
  await hersCard.getByRole("button", { name: "Xét lại" }).tap();
  await expect(hersCard.getByRole("alert")).toContainText("Vẫn chưa ghi được.");
  await hersCard.locator("summary", { hasText: "Gắn cho người này" }).tap();
  await hersCard.getByRole("button", { name: `Gắn cho ${name}` }).tap();
  await expect(page.getByRole("status")).toContainText(`Đã ghi vào hồ sơ của ${name}`);
  await expect(hersCard).toHaveCount(0);

  const odd = card(page, marker);
  await expect(odd).toContainText("Máy chủ chưa biết loại việc này.");
  await odd.locator("summary", { hasText: "Để riêng" }).tap();
  await odd.getByRole("button", { name: "Chỉ là gửi thử" }).tap();
  await expect(odd).toHaveCount(0);
  await page.getByRole("button", { name: "Đã xử lý" }).tap();
  await expect(hersCard).toContainText("Đã gắn cho một người. doi soat mot xử lý lúc");
  await odd.getByRole("button", { name: "Lấy lại để xử lý" }).tap();
  await expect(odd).toHaveCount(0);
  await page.getByRole("button", { name: "Chưa xử lý" }).tap();
  await expect(odd).toBeVisible();

  await page.goto("/quan-ly/nhat-ky");
  for (const deed of ["Gắn điều để chờ cho người học", "Để riêng: Chỉ là gửi thử", "Lấy lại điều để riêng"]) {
    await expect(page.getByRole("row").filter({ hasText: deed }).first()).toBeVisible();
  }
});

test("the page is whole on a phone and accessible, in both languages, in light and dark", async ({ page, request }) => {
  test.setTimeout(120_000);
  const phone = new BarePhone(request);
  await phone.makeRecord();
  await phone.send(randomUUID(), { LessonFinished: { lesson: "6.3" } }, { content: "00ff" });
  await phone.send(phone.learner, { A: "mộttừrấtdài".repeat(20) });
  await signedIn(page, "doi soat hai");
  for (const path of ["/quan-ly/doi-soat", "/en/quan-ly/doi-soat"]) {
    await page.goto(path);
    await page.locator(".rows > li").first().waitFor();
    for (const details of await page.locator("main details").all()) await details.evaluate((one: HTMLDetailsElement) => (one.open = true));
    for (const [width, size] of [[360, "1"], [320, "1"], [360, "3"]] as const) {
      await page.setViewportSize({ width, height: 640 });
      await page.evaluate((size) => (document.documentElement.dataset.size = size), size);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
      expect.soft(wide, `${path} is wider than ${width} px with letters of size ${size}`).toBe(false);
    }
    await page.evaluate(() => (document.documentElement.dataset.size = "1"));
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
      expect.soft(found, `${path} ${colorScheme}`).toEqual([]);
    }
  }
});
