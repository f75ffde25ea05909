// Several people share a phone: switched with no network, locked, each one's record her own, nothing lost when she leaves.
import { readFile } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import { expect, test, type FileChooser, type Page } from "@playwright/test";
import {
  askForRecord, awake, enrol, everythingSent, FIRST, goThrough, learn, open, statusLine,
} from "./pages.ts";
import { facts } from "./record.ts";

const SECOND = "/khoa-hoc/chong-lua-dao/mat-khau";

/** Keeps the pages on the phone, as after a first visit with a network. */
async function keepPages(page: Page): Promise<void> {
  await open(page, "/cua-toi");
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  for (const path of ["/cua-toi", "/tren-may", SECOND, FIRST, "/cua-toi"]) await open(page, path);
}

/** Hands the phone to somebody on the list of people; a locked record asks for its secret next. */
async function choose(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole("button", { name: "Cho người khác dùng máy" }).tap();
  await page.getByRole("button", { name }).tap();
}

/** The same, and waits until the page is hers. */
async function giveTo(page: Page, name: string | RegExp): Promise<void> {
  await open(page, "/cua-toi");
  const begun = page.waitForEvent("load");
  await choose(page, name);
  await begun;
  await awake(page);
}

/** Whatever has opened on the page, everybody can use it. */
async function isAccessible(page: Page): Promise<void> {
  await page.emulateMedia({ reducedMotion: "reduce" });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`)).toEqual([]);
  const heights = await page.getByRole("main").getByRole("button").evaluateAll((buttons) =>
    buttons.filter((button) => button.checkVisibility()).map((button) => button.getBoundingClientRect().height),
  );
  expect(Math.min(...heights), "buttons at least 48 px high").toBeGreaterThanOrEqual(48);
  expect(await page.evaluate(() => document.documentElement.scrollWidth), "nothing sticks out").toBeLessThanOrEqual(360);
}

async function learners(page: Page): Promise<number> {
  return new Set((await facts(page)).map(({ event }) => event.learner)).size;
}

test("a family shares a phone without a network, and all of their work is sent later", async ({ page, context }) => {
  await keepPages(page);
  await learn(page, FIRST);
  await enrol(page);
  const sent = await everythingSent(page);
  await context.setOffline(true);

  await giveTo(page, "Người mới");
  await expect(page.getByText("Chưa đặt tên")).toBeVisible();
  await expect(page.getByText("0/7 đèn đã sáng"), "she sees nothing of her mother's").toBeVisible();
  await expect(page.getByText("Hồ Thị Lành")).toBeHidden();
  await open(page, SECOND);
  await goThrough(page);
  await enrol(page, "Hồ Văn Con", "7391");
  await page.getByText("Hồ Văn Con").waitFor();

  await giveTo(page, "Hồ Thị Lành");
  await expect(page.getByText("1/7 đèn đã sáng")).toBeVisible();
  await expect(page.getByText("Hồ Văn Con")).toBeHidden();
  await expect(statusLine(page), "nor does she see anything of his").toHaveText(`Đã gửi hết (${sent}/${sent})`);
  await open(page, "/tren-may");
  await expect(page.getByText("Những người khác dùng máy này còn 6 việc chưa gửi.")).toBeVisible();
  expect(await learners(page)).toBe(2);

  // She has the phone when the network is back; his work leaves too.
  await context.setOffline(false);
  await open(page, "/tren-may");
  await expect(page.getByText(/^Những người khác/)).toBeHidden();
  expect((await facts(page)).every(({ receipt }) => receipt !== "waiting")).toBe(true);
  await giveTo(page, "Hồ Văn Con");
  expect(await everythingSent(page)).toBe(6);
});

test("a PIN hides a record, with no network", async ({ page, context }) => {
  await keepPages(page);
  await enrol(page);
  await everythingSent(page);
  await context.setOffline(true);
  await page.getByRole("heading", { name: "Khóa hồ sơ" }).tap();
  await page.getByRole("button", { name: "Khóa bằng mã PIN" }).tap();
  // The words of a mistake stand inside the label.
  const pin = (label: string) => page.getByLabel(label);
  await pin("Mã PIN của bạn").fill("4827");
  await page.getByRole("button", { name: "Tiếp" }).tap();
  await pin("Nhập lại một lần nữa").fill("4828");
  await page.getByRole("button", { name: "Tiếp" }).tap();
  await expect(page.getByText("Hai lần chưa giống nhau.")).toBeVisible();
  await page.getByRole("button", { name: "Khóa bằng mã PIN" }).tap();
  for (const label of ["Mã PIN của bạn", "Nhập lại một lần nữa"]) {
    await pin(label).fill("4827");
    await page.getByRole("button", { name: "Tiếp" }).tap();
  }
  await expect(page.getByText("Hồ sơ đang có khóa.")).toBeVisible();

  await giveTo(page, "Người mới");
  await choose(page, /^Hồ Thị Lành\s*có khóa$/);
  for (const wrong of ["1111", "2222", "3333"]) {
    await pin("Mã PIN của Hồ Thị Lành").fill(wrong);
    await page.getByRole("button", { name: "Mở", exact: true }).tap();
    await expect(page.getByText("Chưa đúng. Bạn thử lại nhé.")).toBeVisible();
    await expect(pin("Mã PIN của Hồ Thị Lành"), "ready for the next try").toHaveValue("");
  }
  await pin("Mã PIN của Hồ Thị Lành").fill("4827");
  await page.getByRole("button", { name: "Mở", exact: true }).tap();
  await expect(page.getByText("Thử sai nhiều lần. Bạn đợi 1 phút rồi thử lại nhé.")).toBeVisible();

  // Half a minute later.
  await page.clock.install({ time: Date.now() + 40_000 });
  await open(page, "/cua-toi");
  await choose(page, /^Hồ Thị Lành/);
  await pin("Mã PIN của Hồ Thị Lành").fill("4827");
  await page.getByRole("button", { name: "Mở", exact: true }).tap();
  await expect(page.getByText("Máy chủ đã giữ hồ sơ này.")).toBeVisible();
});

test("four pictures open a record, and code and PIN do where they are forgotten", async ({ page }) => {
  const digits = await enrol(page);
  await everythingSent(page);
  await page.getByRole("heading", { name: "Khóa hồ sơ" }).tap();
  await page.getByRole("button", { name: "Khóa bằng 4 hình" }).tap();
  const press = async (pictures: string[]) => {
    for (const name of pictures) await page.getByRole("button", { name, exact: true }).tap();
  };
  await press(["Cá", "Thuyền", "Trăng", "Cá"]);
  await expect(page.getByText("Nhập lại một lần nữa")).toBeVisible();
  await press(["Cá", "Thuyền", "Trăng", "Cá"]);
  await expect(page.getByText("Hồ sơ đang có khóa.")).toBeVisible();

  await giveTo(page, "Người mới");
  await page.getByRole("button", { name: "Cho người khác dùng máy" }).tap();
  await expect(page.getByText("Ai học tiếp?")).toBeVisible();
  await isAccessible(page);
  await page.getByRole("button", { name: /^Hồ Thị Lành/ }).tap();
  await expect(page.getByText("Đã chọn 0/4 hình")).toBeVisible();
  await isAccessible(page);
  await press(["Cá", "Thuyền", "Cá", "Trăng"]);
  await expect(page.getByText("Chưa đúng. Bạn thử lại nhé.")).toBeVisible();
  await press(["Cá", "Thuyền", "Trăng", "Cá"]);
  await expect(page.getByText("Máy chủ đã giữ hồ sơ này.")).toBeVisible();

  await giveTo(page, "Người mới");
  await askForRecord(page, digits, "4827");
  await expect(page.getByText("Máy chủ đã giữ hồ sơ này.")).toBeVisible();
  await page.getByRole("heading", { name: "Khóa hồ sơ" }).tap();
  await expect(page.getByRole("button", { name: "Khóa bằng 4 hình" }), "the lock is gone").toBeVisible();
});

test("nobody leaves a phone with unsent work before it is in a file, and the file brings it back", async ({ page, context, browser }) => {
  await keepPages(page);
  await enrol(page);
  await everythingSent(page);
  await context.setOffline(true);
  await open(page, SECOND);
  await goThrough(page);
  await open(page, "/cua-toi");
  await page.getByRole("heading", { name: "Thôi dùng máy này" }).tap();
  await page.getByRole("button", { name: "Tôi muốn thôi dùng" }).tap();
  await expect(page.getByText(/^Còn 4 việc chỉ có trong máy này\./)).toBeVisible();
  await expect(page.getByRole("button", { name: "Xóa khỏi máy này" })).toBeHidden();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Lưu vào tệp" }).tap();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^hoc-bdhvs-\d{12}\.json$/);
  const path = test.info().outputPath(file.suggestedFilename());
  await file.saveAs(path);
  const gone = page.waitForEvent("load");
  await page.getByRole("button", { name: "Xóa khỏi máy này" }).tap();
  await gone;
  await awake(page);
  await expect(page.getByText("Chưa đặt tên")).toBeVisible();
  expect(await facts(page), "nothing of hers is left").toEqual([]);

  // Spoilt or newer files are refused in words; nothing changes.
  const text = await readFile(path, "utf8");
  const refused = async (buffer: string, words: RegExp) => {
    await bring(page, { name: "x.json", mimeType: "application/json", buffer: Buffer.from(buffer) });
    await expect(page.getByText(words)).toBeVisible();
    expect(await facts(page)).toEqual([]);
  };
  await refused("ảnh", /^Đây không phải tệp bài học\./);
  await refused(text.replace('"version":1', '"version":2'), /^Tệp này do bản mới hơn lưu\./);
  await refused(text.replace("6.2", "6.1"), /^Tệp bị hỏng/);

  // Back on the same phone, still without a network; sent when there is one.
  const back = page.waitForEvent("load");
  await bring(page, path);
  await back;
  await awake(page);
  await expect(page.getByText("Hồ Thị Lành")).toBeVisible();
  await expect(page.getByText("1/7 đèn đã sáng")).toBeVisible();

  // On another phone her PIN is asked for first.
  const other = await (await browser.newContext({ locale: "vi-VN", hasTouch: true })).newPage();
  await open(other, "/cua-toi");
  const there = other.waitForEvent("load");
  await bring(other, path);
  await there;
  await awake(other);
  await expect(other.getByText("1/7 đèn đã sáng")).toBeVisible();
  await expect(other.getByRole("button", { name: "Giữ bài học" }), "no second record").toBeHidden();
  await other.getByLabel("Mã PIN của bạn").fill("4827");
  await other.getByRole("button", { name: "Lấy bài về" }).tap();
  await expect(other.getByText("Máy chủ đã giữ hồ sơ này.")).toBeVisible();
  await expect.poll(async () => (await facts(other)).filter(({ receipt }) => receipt === "waiting").length).toBe(0);
  await other.context().close();

  await context.setOffline(false);
  await open(page, "/cua-toi");
  expect(await everythingSent(page)).toBe(6);
});

test("whoever can send leaves without a file", async ({ page, context }) => {
  await keepPages(page);
  const digits = await enrol(page);
  await everythingSent(page);
  await context.setOffline(true);
  await open(page, SECOND);
  await goThrough(page);
  await open(page, "/cua-toi");
  await page.getByRole("heading", { name: "Thôi dùng máy này" }).tap();
  await page.getByRole("button", { name: "Tôi muốn thôi dùng" }).tap();
  await expect(page.getByText(/^Còn 4 việc/)).toBeVisible();
  await isAccessible(page);
  await page.getByRole("button", { name: "Gửi ngay" }).tap();
  await expect(page.getByText(/^Đang gửi\. Dòng cuối trang/)).toBeVisible();
  await context.setOffline(false);
  expect(await everythingSent(page)).toBe(6);
  await page.getByRole("button", { name: "Tôi muốn thôi dùng" }).tap();
  const gone = page.waitForEvent("load");
  await page.getByRole("button", { name: "Xóa khỏi máy này" }).tap();
  await gone;
  await awake(page);
  expect(await facts(page)).toEqual([]);
  await askForRecord(page, digits, "4827");
  await expect(page.getByText("1/7 đèn đã sáng")).toBeVisible();
});

async function bring(page: Page, file: Parameters<FileChooser["setFiles"]>[0]): Promise<void> {
  const button = page.getByRole("button", { name: "Chọn tệp" });
  if (!(await button.isVisible())) await page.getByRole("heading", { name: "Mở tệp đã lưu" }).tap();
  const chooser = page.waitForEvent("filechooser");
  await button.tap();
  await (await chooser).setFiles(file);
}
