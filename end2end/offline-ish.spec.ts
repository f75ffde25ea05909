// The page is here, the network is gone: learning goes on, and later everything is sent once.
import { expect, test } from "@playwright/test";
import {
  awake, code, everythingSent, FIRST, goThrough, open, screen, statusLine,
} from "./pages.ts";
import { facts, Traffic } from "./record.ts";

test("a lesson without network is kept", async ({ page, context }) => {
  await open(page, FIRST);
  await context.setOffline(true);
  await goThrough(page, 1);
  await expect(screen(page).getByText("đã sáng", { exact: true })).toBeVisible();
  const kept = await facts(page);
  expect(kept).toHaveLength(5);
  await expect(statusLine(page)).toHaveText("5 việc đã ghi trong máy này");
  await context.setOffline(false);
  await page.reload();
  await awake(page);
  expect(await facts(page)).toEqual(kept);
  await expect(screen(page).getByText("đã sáng", { exact: true })).toBeVisible();
});

test("a record made without network waits, and is sent once when the network is back", async ({ page, context }) => {
  const traffic = new Traffic(context);
  await open(page, FIRST);
  await goThrough(page, 1);
  await open(page, "/cua-toi");
  await context.setOffline(true);
  await page.getByLabel("Họ và tên").fill("Hồ Thị Lành");
  await page.getByLabel("Mã PIN mới").fill("4827");
  await page.getByLabel(/^Tôi đồng ý/).check();
  await page.getByRole("button", { name: "Giữ bài học" }).tap();
  expect(await code(page)).toMatch(/^\d{12}$/);
  await expect(page.getByText("Chưa có mạng. Hồ sơ sẽ tự gửi khi có mạng.")).toBeVisible();
  await expect(statusLine(page)).toHaveText(/^Chưa gửi được vì mạng yếu\. 7 việc/);
  expect(await traffic.outcomes()).toEqual([]);

  await context.setOffline(false);
  await expect(page.getByText("Máy chủ đã giữ hồ sơ này.")).toBeVisible();
  expect(await everythingSent(page)).toBe(7);
  expect(await traffic.outcomes(), "nothing twice").toEqual(Array(7).fill("accepted"));
});

test("a learner with a record learns without network, and is sent once when it is back", async ({ page, context }) => {
  const traffic = new Traffic(context);
  await open(page, "/cua-toi");
  await page.getByLabel("Họ và tên").fill("Hồ Văn Đức");
  await page.getByLabel("Mã PIN mới").fill("4827");
  await page.getByLabel(/^Tôi đồng ý/).check();
  await page.getByRole("button", { name: "Giữ bài học" }).tap();
  const before = await everythingSent(page);
  await open(page, FIRST);
  await everythingSent(page);
  await context.setOffline(true);
  await goThrough(page, 1);
  await expect(statusLine(page)).toHaveText(/^Chưa gửi được vì mạng yếu\. 5 việc/);
  await context.setOffline(false);
  expect(await everythingSent(page)).toBe(before + 5);
  expect(await traffic.outcomes(), "nothing twice").toEqual(Array(before + 5).fill("accepted"));
  expect(await facts(page)).toHaveLength(before + 5);
});

test("an answer that was lost on its way back is not counted twice", async ({ page, context }) => {
  await open(page, FIRST);
  await goThrough(page);
  await open(page, "/cua-toi");
  let lost = 0;
  // The server takes the facts; its answer never arrives.
  await page.route("**/api/v1/sync", async (route) => {
    if (lost > 0) return route.continue();
    await route.fetch();
    lost += 1;
    await route.abort("connectionreset");
  });
  const traffic = new Traffic(context);
  await page.getByLabel("Họ và tên").fill("Hồ Thị Lành");
  await page.getByLabel("Mã PIN mới").fill("4827");
  await page.getByLabel(/^Tôi đồng ý/).check();
  await page.getByRole("button", { name: "Giữ bài học" }).tap();
  await expect(statusLine(page)).toHaveText(/^Chưa gửi được vì mạng yếu/);
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  expect(await everythingSent(page)).toBe(6);
  expect(lost).toBe(1);
  expect(await traffic.outcomes()).toEqual(Array(6).fill("duplicate"));
});
