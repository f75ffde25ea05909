// Before the learner agrees, nothing about her leaves the browser; and nothing ever goes to anybody else.
import { expect, test } from "@playwright/test";
import { enrol, everythingSent, FIRST, learn, open } from "./pages.ts";
import { Traffic } from "./record.ts";

test("a whole lesson without a record: only pages and assets are fetched", async ({ page, context, baseURL }) => {
  const traffic = new Traffic(context);
  await open(page, "/");
  await learn(page, FIRST, 1);
  for (const path of ["/cua-toi", "/chung-nhan", "/kiem-tra", "/gioi-thieu", "/en"]) await open(page, path);
  expect(traffic.requests.length).toBeGreaterThan(5);
  for (const request of traffic.requests) {
    const url = new URL(request.url());
    expect(url.origin, "no other origin").toBe(baseURL);
    expect(request.method(), url.pathname).toBe("GET");
    expect(request.postData(), url.pathname).toBeNull();
    expect(url.search, url.pathname).toBe("");
    expect(url.pathname).toMatch(/^\/(a\/|khoa-hoc\/|cua-toi$|chung-nhan$|kiem-tra$|gioi-thieu$|tren-may$|en$|sw\.js$|manifest\.webmanifest$|$)/);
    expect((await request.allHeaders())["cookie"], "no cookie").toBeUndefined();
  }
  expect(await context.cookies()).toEqual([]);
});

test("filling in the form sends nothing before the agreement", async ({ page, context }) => {
  await open(page, "/cua-toi");
  const traffic = new Traffic(context);
  await page.getByLabel("Họ và tên").fill("Hồ Thị Lành");
  await page.getByLabel("Mã PIN mới").fill("4827");
  await page.getByRole("button", { name: "Giữ bài học" }).tap();
  await expect(page.getByText(/^Bạn đánh dấu vào ô đồng ý/)).toBeVisible();
  expect(traffic.telling.map((request) => request.url())).toEqual([]);
});

test("with a record, too, every request stays with this server", async ({ page, context, baseURL }) => {
  const traffic = new Traffic(context);
  await learn(page, FIRST);
  await enrol(page);
  await everythingSent(page);
  await open(page, "/chung-nhan");
  const others = traffic.requests.filter((request) => new URL(request.url()).origin !== baseURL);
  expect(others.map((request) => request.url())).toEqual([]);
  const posted = new Set(traffic.requests.filter((one) => one.method() !== "GET").map((one) => new URL(one.url()).pathname));
  expect([...posted].sort()).toEqual(["/api/v1/devices/key", "/api/v1/records", "/api/v1/sync"]);
});
