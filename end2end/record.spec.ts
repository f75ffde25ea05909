// The record: on another phone by code and PIN, closed to guesses, and ended when the learner says so.
import { expect, test } from "@playwright/test";
import {
  askForRecord, awake, code, enrol, everythingSent, FIRST, learn, open, statusLine,
} from "./pages.ts";
import { facts, Traffic } from "./record.ts";

test("code and PIN bring lamps onto another phone, and its work back", async ({ page, browser }) => {
  await learn(page, FIRST);
  const digits = await enrol(page);
  const sent = await everythingSent(page);

  const other = await (await browser.newContext({ locale: "vi-VN", hasTouch: true })).newPage();
  await open(other, "/cua-toi");
  await expect(other.getByText("0/7 đèn đã sáng")).toBeVisible();
  await askForRecord(other, digits.replace(/(\d{4})(?=\d)/g, "$1 "), "4827");
  await expect(other.getByText("Hồ Thị Lành")).toBeVisible();
  expect(await code(other)).toBe(digits);
  await expect(other.getByText("1/7 đèn đã sáng")).toBeVisible();
  expect(await everythingSent(other)).toBe(sent);

  // What is learned there comes here.
  await learn(other, "/khoa-hoc/chong-lua-dao/mat-khau");
  const more = await everythingSent(other);
  expect(more).toBeGreaterThan(sent);
  await page.reload();
  await expect(page.getByText("2/7 đèn đã sáng")).toBeVisible();
  await expect(statusLine(page)).toHaveText(`Đã gửi hết (${more}/${more})`);
  await other.context().close();
});

test("a wrong PIN is answered kindly, five of them with a pause", async ({ page, browser }) => {
  await learn(page, FIRST);
  const digits = await enrol(page);
  await everythingSent(page);
  const other = await (await browser.newContext({ locale: "vi-VN", hasTouch: true })).newPage();
  await open(other, "/cua-toi");
  for (let tries = 1; tries <= 5; tries++) {
    const answered = other.waitForResponse("**/api/v1/records/open");
    await askForRecord(other, digits, `900${tries}`);
    await answered;
    await expect(other.getByText("Mã hoặc PIN chưa đúng. Bạn xem lại nhé.")).toBeVisible();
  }
  await askForRecord(other, digits, "4827");
  await expect(other.getByText(/^Thử sai nhiều lần\. Bạn đợi 1[45] phút rồi thử lại nhé\.$/)).toBeVisible();
  await expect(other.getByText("Hồ Thị Lành")).toBeHidden();
  await other.context().close();
});

test("a mistyped code is noticed on the phone", async ({ page, context }) => {
  await open(page, "/cua-toi");
  const traffic = new Traffic(context);
  await askForRecord(page, "5720 0000 0002", "12");
  await expect(page.getByText("Mã PIN có 4 đến 6 số.")).toBeVisible();
  await askForRecord(page, "5720 0000 000", "4827");
  await expect(page.getByText("Mã học viên có đủ 12 số.")).toBeVisible();
  await askForRecord(page, "5720 0000 0003", "4827");
  await expect(page.getByText("Có một số bị gõ nhầm. Bạn xem lại mã nhé.")).toBeVisible();
  await askForRecord(page, "5720 0000 0020", "4827");
  await expect(page.getByText("Có một số bị gõ nhầm. Bạn xem lại mã nhé.")).toBeVisible();
  expect(traffic.telling.map((request) => request.url())).toEqual([]);
});

test("after the agreement is taken back nothing more is sent", async ({ page, context }) => {
  await learn(page, FIRST);
  await enrol(page);
  const before = await everythingSent(page);
  const traffic = new Traffic(context);
  await page.getByText("Ngừng gửi bài làm").tap();
  await page.getByRole("button", { name: "Tôi muốn dừng" }).tap();
  await page.getByRole("button", { name: "Dừng gửi ngay" }).tap();
  await expect(page.getByRole("button", { name: "Giữ bài học" })).toBeVisible();
  // The withdrawal itself goes; it holds no learning.
  await expect.poll(() => traffic.outcomes(), "the server knows that she has withdrawn").toEqual(["accepted"]);
  for (const request of traffic.syncs) {
    const { events } = request.postDataJSON() as { events: { kind: object }[] };
    expect(events.every(({ kind }) => "ConsentWithdrawn" in kind)).toBe(true);
  }
  traffic.requests.length = 0;
  await learn(page, "/khoa-hoc/chong-lua-dao/mat-khau");
  await page.reload();
  await awake(page);
  expect(traffic.requests.filter((request) => request.method() !== "GET").map((request) => request.url())).toEqual([]);
  expect((await facts(page)).length).toBeGreaterThan(before);
  await expect(statusLine(page)).toHaveText(/^\d+ việc đã ghi trong máy này$/);
});
