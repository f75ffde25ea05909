// Two tabs of one browser are one learner.
import { expect, test } from "@playwright/test";
import type { Page } from "@playwright/test";
import {
  askForRecord, code, enrol, everythingSent, FIRST, finish, goThrough, learn, lessons, open, screen, statusLine,
} from "./pages.ts";
import { facts, Traffic } from "./record.ts";

/** Learns in both tabs, both open all the while. A tab behind another one draws nothing, so a person too takes turns. */
async function learnInTurn(first: Page, second: Page, mistakes = 0): Promise<void> {
  for (const tab of [first, second]) {
    await tab.bringToFront();
    await goThrough(tab, mistakes);
  }
}

test("two tabs learn at the same time and nothing is lost", async ({ page, context }) => {
  const [first = "", second = ""] = await lessons(page);
  const other = await context.newPage();
  await open(page, first);
  await open(other, second);
  await learnInTurn(page, other, 1);
  await expect(screen(page).getByText("đã sáng", { exact: true })).toBeVisible();
  await expect(screen(other).getByText("đã sáng", { exact: true })).toBeVisible();
  const kept = await facts(page);
  expect(kept).toHaveLength(10);
  expect(new Set(kept.map((fact) => fact.event.learner)).size, "one learner").toBe(1);

  const traffic = new Traffic(context);
  await enrol(page);
  expect(await everythingSent(page)).toBe(12);
  expect(await traffic.outcomes()).toEqual(Array(12).fill("accepted"));
  await open(other, "/");
  await expect(other.getByText("2/7 đèn đã sáng")).toBeVisible();
  expect(await everythingSent(other)).toBe(12);
});

test("two tabs opened at once on a new phone are one learner", async ({ page, context }) => {
  const other = await context.newPage();
  await Promise.all([open(page, FIRST), open(other, "/khoa-hoc/chong-lua-dao/mat-khau")]);
  await learnInTurn(page, other);
  const kept = await facts(page);
  expect(kept).toHaveLength(8);
  expect(new Set(kept.map((fact) => fact.event.learner)).size, "one learner").toBe(1);
  await open(page, "/");
  await expect(page.getByText("2/7 đèn đã sáng")).toBeVisible();
});

test("two tabs of a learner with a record send everything", async ({ page, context }) => {
  await learn(page, FIRST);
  await enrol(page);
  const before = await everythingSent(page);
  const other = await context.newPage();
  await open(page, "/khoa-hoc/chong-lua-dao/mat-khau");
  await open(other, "/khoa-hoc/chong-lua-dao/otp-khong-doc-cho-ai");
  await learnInTurn(page, other);
  // Facts gather while a lesson is open; opening a page sends them.
  await Promise.all([page.reload(), other.reload()]);
  await Promise.all([everythingSent(page), everythingSent(other)]);
  await page.reload();
  await expect.poll(() => everythingSent(page)).toBe(before + 8);
  expect(await facts(page)).toHaveLength(before + 8);
});

test("two tabs take turns at sending, and nothing is sent twice", async ({ page, context }) => {
  await learn(page, FIRST);
  await enrol(page);
  const before = await everythingSent(page);
  const other = await context.newPage();
  await open(page, "/khoa-hoc/chong-lua-dao/mat-khau");
  await open(other, "/khoa-hoc/chong-lua-dao/otp-khong-doc-cho-ai");
  // From here on: a tab that goes to the back may send some of it already.
  const traffic = new Traffic(context);
  await learnInTurn(page, other);
  await Promise.all([page, other].map((tab) => tab.evaluate(() => dispatchEvent(new Event("online")))));
  await expect(statusLine(page)).toHaveText(`Đã gửi hết (${before + 8}/${before + 8})`);
  await expect(statusLine(other), "a tab that sent nothing knows it too").toHaveText(await statusLine(page).innerText());
  const sent = traffic.sent;
  expect(sent).toHaveLength(8);
  expect(new Set(sent).size, "nothing twice").toBe(8);
});

test("a tab follows when another one hands the phone to another learner", async ({ page, context, browser }) => {
  const elsewhere = await (await browser.newContext({ locale: "vi-VN", hasTouch: true })).newPage();
  await learn(elsewhere, FIRST);
  const digits = await enrol(elsewhere, "Trần Văn Sáng", "7391");
  await everythingSent(elsewhere);
  await elsewhere.context().close();

  await open(page, "/cua-toi");
  const other = await context.newPage();
  await open(other, "/cua-toi");
  await askForRecord(other, digits, "7391");
  await expect(other.getByText("Trần Văn Sáng")).toBeVisible();
  await page.bringToFront();
  await expect(page.getByText("Trần Văn Sáng")).toBeVisible();
  expect(await code(page)).toBe(digits);
  await expect(page.getByText("1/7 đèn đã sáng")).toBeVisible();
});

test("the browser wakes the worker when the network is back, and what waits is sent", async ({ page, context, baseURL }) => {
  await learn(page, FIRST);
  await enrol(page);
  const before = await everythingSent(page);
  await open(page, "/khoa-hoc/chong-lua-dao/mat-khau");
  await page.evaluate(() => navigator.serviceWorker.ready);
  await goThrough(page);
  const session = await context.newCDPSession(page);
  const known = new Promise<string>((resolve) => {
    session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const ours = registrations.find((one) => one.scopeURL === `${baseURL}/`);
      if (ours) resolve(ours.registrationId);
    });
  });
  await session.send("ServiceWorker.enable");
  const registrationId = await known;
  await session.send("ServiceWorker.dispatchSyncEvent", {
    origin: baseURL ?? "", registrationId, tag: "bdhvs-send", lastChance: false,
  });
  await expect(statusLine(page)).toHaveText(`Đã gửi hết (${before + 4}/${before + 4})`);
  await finish(page);
});
