// After one small visit the site works with no network: opened from its icon, on every page of a saved course, after a
// restart of the browser; and what was learned is counted once.
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { chromium, expect, test, type Locator, type Page } from "@playwright/test";
import {
  answerRightly, awake, COURSE, enrol, everythingSent, FIRST, finish, goThrough, learn, lessons, open, screen, statusLine,
} from "./pages.ts";
import { facts, Traffic } from "./record.ts";
import { Wire } from "./wire.ts";

/** Waits until this phone keeps the site: the worker is there, with its files. */
export async function isKept(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe("activated");
}

function pack(page: Page, name = "chong-lua-dao"): Locator {
  return page.locator(`[data-pack="/goi/vi/${name}.json"]`);
}

async function saveCourse(page: Page): Promise<void> {
  await open(page, COURSE);
  await isKept(page);
  await pack(page).getByRole("button", { name: /^Lưu vào máy \(\d+ KB\)$/ }).tap();
  await expect(pack(page).getByText("Đã lưu. Học được khi không có mạng.")).toBeVisible();
}

test("one visit to a lesson: without network it opens again, and the icon's address leads to it", async ({ page, context }) => {
  await open(page, FIRST);
  await isKept(page);
  await context.setOffline(true);
  await page.reload();
  await awake(page);
  await expect(page.getByText("Không có mạng, cứ học tiếp.")).toBeVisible();
  await goThrough(page);
  await expect(screen(page).getByText("đã sáng", { exact: true })).toBeVisible();
  await open(page, "/");
  await page.getByRole("link", { name: /Ba dấu hiệu/ }).tap();
  await expect(page).toHaveURL(FIRST);
});

test("from the second page on, the icon opens the start page without network", async ({ page, context }) => {
  await open(page, FIRST);
  await isKept(page);
  await open(page, COURSE);
  await expect.poll(() => page.evaluate(async () => Boolean(await caches.match("/")))).toBe(true);
  await context.setOffline(true);
  await open(page, "/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Chào bà con");
});

test("a page this phone never saw says so kindly and offers what is here", async ({ page, context }) => {
  await open(page, FIRST);
  await isKept(page);
  await context.setOffline(true);
  await page.goto(`${COURSE}/mat-khau`);
  await expect(page.getByText("Trang này chưa có trong máy")).toBeVisible();
  await expect(page.getByText("Máy đang không có mạng.", { exact: true })).toBeVisible();
  await page.getByRole("link", { name: /Ba dấu hiệu/ }).tap();
  await expect(page).toHaveURL(FIRST);
  await awake(page);
  await page.goBack();
  await expect(page.getByText("Trang này chưa có trong máy")).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByRole("heading", { level: 1 }), "it comes by itself with the network").toHaveText(/Mật khẩu/);
});

test("a page comes by itself also when the phone did not notice that it had no network", async ({ page, baseURL }) => {
  const wire = await Wire.to(baseURL ?? "");
  await open(page, `${wire.url}${FIRST}`);
  await isKept(page);
  wire.cut();
  await page.goto(`${wire.url}${COURSE}/mat-khau`);
  await expect(page.getByText("Trang này chưa có trong máy")).toBeVisible();
  expect(await page.evaluate(() => navigator.onLine)).toBe(true);
  wire.mend();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/Mật khẩu/);
  await wire.close();
});

test("a saved course works on every page, and what was learned is counted once", async ({ page, context }) => {
  test.setTimeout(120_000);
  await enrol(page);
  const before = await everythingSent(page);
  const addresses = await lessons(page);
  await saveCourse(page);
  const traffic = new Traffic(context);
  await context.setOffline(true);
  for (const address of ["/", COURSE, "/cua-toi", "/chung-nhan", "/gioi-thieu", "/tren-may", ...addresses]) {
    await open(page, address);
    await expect(page.getByText("Trang này chưa có trong máy"), address).toBeHidden();
    await expect(page.getByRole("heading", { level: 1 }), address).not.toBeEmpty();
  }
  await learn(page, addresses[0] ?? "", 1);
  await open(page, addresses[1] ?? "");
  await goThrough(page);
  await page.reload();
  await awake(page);
  await expect(screen(page).getByText("đã sáng", { exact: true })).toBeVisible();
  const kept = (await facts(page)).length;
  await expect(statusLine(page)).toHaveText(/^Chưa gửi được vì mạng yếu\./);
  await open(page, "/tren-may");
  await expect(page.getByRole("main").getByText(/^\d+ việc chờ gửi \(\d+ KB\)$/)).toBeVisible();
  expect(await traffic.outcomes()).toEqual([]);

  await context.setOffline(false);
  expect(await everythingSent(page)).toBe(kept);
  expect(await traffic.outcomes(), "nothing twice").toEqual(Array(kept - before).fill("accepted"));
  await expect(page.getByText(new RegExp(`^Máy chủ đã nhận ${kept} việc\\. Lần cuối lúc .*\\d{4}`))).toBeVisible();
});

test("the browser is closed and opened again without network", async ({ baseURL, viewport, launchOptions }) => {
  test.setTimeout(90_000);
  const wire = await Wire.to(baseURL ?? "");
  const profile = await mkdtemp(path.join(os.tmpdir(), "phone-"));
  const start = () =>
    chromium.launchPersistentContext(profile, { ...launchOptions, viewport, isMobile: true, hasTouch: true, locale: "vi-VN", baseURL: wire.url });
  try {
    let phone = await start();
    let page = phone.pages()[0] ?? (await phone.newPage());
    await enrol(page);
    const before = await everythingSent(page);
    await saveCourse(page);
    wire.cut();
    await phone.close();

    phone = await start();
    page = phone.pages()[0] ?? (await phone.newPage());
    await open(page, "/");
    await learn(page, `${COURSE}/mat-khau`);
    const kept = (await facts(page)).length;
    expect(kept).toBeGreaterThan(before);
    await phone.close();

    wire.mend();
    phone = await start();
    page = phone.pages()[0] ?? (await phone.newPage());
    await open(page, "/tren-may");
    expect(await everythingSent(page)).toBe(kept);
    await phone.close();
  } finally {
    await wire.close();
    await rm(profile, { recursive: true, force: true });
  }
});

test("saving stops with the network, goes on by itself, and loads nothing twice", async ({ page, baseURL, context }) => {
  const wire = await Wire.to(baseURL ?? "");
  await open(page, `${wire.url}${COURSE}`);
  await isKept(page);
  // The fourth page does not arrive: the wire is cut.
  let asked: string[] = [];
  let last = 4;
  await context.route(/\/khoa-hoc\/chong-lua-dao\//, async (route) => {
    asked.push(new URL(route.request().url()).pathname);
    if (asked.length === last) wire.cut();
    await route.continue().catch(() => {});
  });
  await pack(page).getByRole("button", { name: /^Lưu vào máy/ }).tap();
  await expect(pack(page).getByText(/^Mạng yếu nên chưa lưu xong: 4\/12 phần\./)).toBeVisible();
  const first = asked;
  [asked, last] = [[], Infinity];
  wire.mend();
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await expect(pack(page).getByText("Đã lưu. Học được khi không có mạng.")).toBeVisible();
  expect(new Set([...first, ...asked]).size).toBe(7);
  expect(asked, "what was kept is not loaded again").toHaveLength(7 - 3);
  await page.reload();
  await expect(pack(page).getByText("Đã lưu. Học được khi không có mạng.")).toBeVisible();
  await wire.close();
});

test("saving can be paused, and goes on after the page was closed", async ({ page, context }) => {
  await open(page, COURSE);
  await isKept(page);
  let held = true;
  await context.route(/\/khoa-hoc\/chong-lua-dao\/otp/, async (route) => {
    while (held) await new Promise((soon) => setTimeout(soon, 50));
    await route.continue().catch(() => {});
  });
  await pack(page).getByRole("button", { name: /^Lưu vào máy/ }).tap();
  await expect(pack(page).getByText("Đang lưu: xong 3/12 phần")).toBeVisible();
  await pack(page).getByRole("button", { name: "Tạm dừng" }).tap();
  await expect(pack(page).getByText(/^Đã lưu 3\/12 phần/)).toBeVisible();
  held = false;
  await open(page, "/tren-may");
  await expect(pack(page).getByText(/^Đã lưu \d+\/12 phần/)).toBeVisible();
  await pack(page).getByRole("button", { name: "Lưu tiếp" }).tap();
  await expect(pack(page).getByText("Đã lưu. Học được khi không có mạng.")).toBeVisible();
});

test("the worker is killed while a course is saved: it is saved all the same", async ({ page, context }) => {
  await open(page, COURSE);
  await isKept(page);
  const session = await context.newCDPSession(page);
  await session.send("ServiceWorker.enable");
  let killed = 0;
  await context.route(/\/khoa-hoc\/chong-lua-dao\//, async (route) => {
    await session.send("ServiceWorker.stopAllWorkers");
    killed += 1;
    await route.continue();
  });
  await pack(page).getByRole("button", { name: /^Lưu vào máy/ }).tap();
  await expect(pack(page).getByText("Đã lưu. Học được khi không có mạng.")).toBeVisible();
  expect(killed).toBe(7);
  await context.unrouteAll();
  await context.setOffline(true);
  await open(page, `${COURSE}/bi-lua-roi-lam-gi`);
  await expect(screen(page)).toHaveCount(1);
});

test("a saved course is removed, the record stays", async ({ page }) => {
  await learn(page, FIRST);
  const before = await facts(page);
  await saveCourse(page);
  await pack(page).getByText("Xóa khỏi máy").tap();
  await expect(pack(page).getByText("Bài làm và đèn của bạn vẫn còn.")).toBeVisible();
  await pack(page).getByRole("button", { name: "Xóa bài đã tải về" }).tap();
  await expect(pack(page).getByRole("button", { name: /^Lưu vào máy \(\d+ KB\)$/ })).toBeVisible();
  const left = await page.evaluate(async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith("p-"));
    const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return kept.flat().map((request) => new URL(request.url).pathname);
  });
  expect(left.filter((path) => path.startsWith(`${COURSE}/`))).toEqual([]);
  expect(await facts(page)).toEqual(before);
});

test("a phone without room says how much there is, and loses nothing", async ({ page }) => {
  await open(page, COURSE);
  await isKept(page);
  await page.evaluate(() => {
    navigator.storage.estimate = async () => ({ quota: 1_100_000, usage: 1_000_000 });
  });
  await pack(page).getByRole("button", { name: /^Lưu vào máy/ }).tap();
  await expect(pack(page).getByText(/^Máy chỉ còn 0,1 MB trống, chưa đủ chỗ\./)).toBeVisible();
});

test("the check page is saved and checks without network", async ({ page, context }) => {
  await open(page, "/tren-may");
  await isKept(page);
  await pack(page, "kiem-tra").getByRole("button", { name: /^Lưu vào máy/ }).tap();
  await expect(pack(page, "kiem-tra").getByText("Đã lưu. Học được khi không có mạng.")).toBeVisible();
  await context.setOffline(true);
  await open(page, "/kiem-tra#not-a-paper");
  await expect(page.getByRole("main").getByText(/không/i).first()).toBeVisible();
});

test("parts of a kept file are given as asked", async ({ page, context }) => {
  await open(page, FIRST);
  await isKept(page);
  await page.reload();
  await context.setOffline(true);
  const parts = await page.evaluate(async () => {
    const style = document.querySelector<HTMLLinkElement>("link[rel=stylesheet]")?.href ?? "";
    const whole = await (await fetch(style)).text();
    const ask = async (range: string) => {
      const answer = await fetch(style, { headers: { range } });
      return [answer.status, answer.headers.get("content-range"), await answer.text()];
    };
    const asked = await Promise.all(["bytes=0-9", "bytes=10-", "bytes=-5", "bytes=99999999-"].map(ask));
    return { whole, asked };
  });
  const size = Buffer.byteLength(parts.whole);
  const bytes = Buffer.from(parts.whole);
  const text = (from: number, to: number) => bytes.subarray(from, to).toString();
  expect(parts.asked).toEqual([
    [206, `bytes 0-9/${size}`, text(0, 10)],
    [206, `bytes 10-${size - 1}/${size}`, text(10, size)],
    [206, `bytes ${size - 5}-${size - 1}/${size}`, text(size - 5, size)],
    [416, `bytes */${size}`, ""],
  ]);
});

test("a lesson that was saved is answered and finished on a page opened without network", async ({ page, context }) => {
  await saveCourse(page);
  await context.setOffline(true);
  await open(page, `${COURSE}/otp-khong-doc-cho-ai#m7`);
  await answerRightly(page);
  await open(page, FIRST);
  await goThrough(page);
  await finish(page);
});
