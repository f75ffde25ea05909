// A new build of the site reaches a phone: whole or not at all, offered calmly, never in the middle of a lesson.
import http from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test, type Page } from "@playwright/test";
import { awake, COURSE, FIRST, open } from "./pages.ts";

const NEW = "feedfeedfeedfeed";

/** The server as it is, or as its next build would be: the same files under another name. */
class Builds {
  #server: http.Server;
  isNew = false;
  /** After so many answers of the new build the server dies; never when undefined. */
  diesAfter: number | undefined;
  answered: string[] = [];

  private constructor(to: URL) {
    this.#server = http.createServer((asked, answer) => void this.#serve(to, asked, answer));
  }

  static async before(baseURL: string): Promise<Builds> {
    const builds = new Builds(new URL(baseURL));
    await new Promise<void>((ready) => builds.#server.listen(0, "127.0.0.1", ready));
    return builds;
  }

  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  async #serve(to: URL, asked: http.IncomingMessage, answer: http.ServerResponse): Promise<void> {
    const old = await this.#snapshot(to);
    const path = (asked.url ?? "/").replace(NEW, old);
    if (this.isNew && this.diesAfter !== undefined && this.diesAfter-- <= 0) return void asked.socket.destroy();
    const response = await fetch(new URL(path, to), { headers: { "accept-encoding": "identity" }, redirect: "manual" });
    let body = Buffer.from(await response.arrayBuffer());
    const type = response.headers.get("content-type") ?? "";
    if (this.isNew && /text|json/.test(type)) body = Buffer.from(body.toString().replaceAll(old, NEW));
    for (const [name, value] of response.headers) {
      if (/^(content-length|transfer-encoding|connection|date|etag)$/.test(name)) continue;
      answer.setHeader(name, this.isNew ? value.replaceAll(old, NEW) : value);
    }
    this.answered.push(path);
    answer.writeHead(response.status).end(body);
  }

  #known: Promise<string> | undefined;
  #snapshot(to: URL): Promise<string> {
    this.#known ??= fetch(to).then((page) => page.headers.get("x-snapshot") ?? "");
    return this.#known;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

let builds: Builds;
test.beforeEach(async ({ baseURL }) => {
  builds = await Builds.before(baseURL ?? "");
});
test.afterEach(() => builds.close());

async function visit(page: Page, path: string): Promise<void> {
  await open(page, `${builds.url}${path}`);
}

/** The build that drew the page and the one whose files it uses: the same, or it is mixed. */
async function build(page: Page): Promise<string> {
  const names = await page.evaluate(() => {
    const addresses = [...document.querySelectorAll<HTMLLinkElement>("head link[href*='/a/']")].map((link) => link.href);
    const loaded = performance.getEntriesByType("resource").map((one) => one.name);
    return [...addresses, ...loaded].filter((one) => one.includes("/a/")).map((one) => one.split("/")[4] ?? "");
  });
  expect(new Set(names).size, "pages and assets of one build").toBe(1);
  return names[0] ?? "";
}

async function keep(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe("activated");
}

const lookForNew = (page: Page) =>
  page.evaluate(async () => {
    await (await navigator.serviceWorker.ready).update().catch(() => {});
  });

test("a new build is offered outside lessons, taken when wanted, and takes the kept pages along", async ({ page, context }) => {
  await visit(page, COURSE);
  await keep(page);
  await visit(page, FIRST);
  const old = await build(page);
  builds.isNew = true;
  await lookForNew(page);
  await expect.poll(() => page.evaluate(async () => Boolean((await navigator.serviceWorker.ready).waiting))).toBe(true);
  await expect(page.locator(".update-note"), "never in a lesson").toHaveCount(0);
  await page.reload();
  await awake(page);
  expect(await build(page), "the old one goes on until it is wanted").toBe(old);

  await visit(page, COURSE);
  await expect(page.getByText("Trang có bản mới.")).toBeVisible();
  await page.getByRole("button", { name: "Dùng bản mới" }).tap();
  await expect.poll(() => build(page).catch(() => "")).toBe(NEW);
  await awake(page);
  await expect(page.getByText("Trang có bản mới.")).toBeHidden();

  await context.setOffline(true);
  await visit(page, FIRST);
  expect(await build(page), "a lesson kept before, in the new build").toBe(NEW);
  const caches = await page.evaluate(() => window.caches.keys());
  expect(caches.sort(), "nothing is left of the old one").toEqual([`a-${NEW}`, `p-${NEW}`]);
});

for (const answers of [1, 3, 6, 9]) {
  test(`a new build breaks off after ${answers} answers: the old one works on, and the next try goes on from there`, async ({ page, context }) => {
    await visit(page, COURSE);
    await keep(page);
    await visit(page, FIRST);
    const old = await build(page);
    builds.isNew = true;
    builds.diesAfter = answers;
    await lookForNew(page);
    await expect.poll(() => page.evaluate(async () => Boolean((await navigator.serviceWorker.ready).installing))).toBe(false);
    expect(await page.evaluate(async () => Boolean((await navigator.serviceWorker.ready).waiting))).toBe(false);
    await context.setOffline(true);
    for (const path of [FIRST, COURSE]) {
      await visit(page, path);
      expect(await build(page)).toBe(old);
    }

    await context.setOffline(false);
    builds.diesAfter = undefined;
    const before = builds.answered.length;
    await lookForNew(page);
    await expect.poll(() => page.evaluate(async () => Boolean((await navigator.serviceWorker.ready).waiting))).toBe(true);
    const again = builds.answered.slice(before).filter((path) => path.includes("/a/"));
    const first = builds.answered.slice(0, before).filter((path) => path.includes("/a/"));
    expect(again.length, "what had arrived is not loaded again").toBeLessThanOrEqual(7 - Math.min(7, answers - 1));
    expect(first.length).toBeGreaterThan(0);
    await visit(page, COURSE);
    await page.getByRole("button", { name: "Dùng bản mới" }).tap();
    await expect.poll(() => build(page).catch(() => "")).toBe(NEW);
  });
}

test.describe(() => {
  // Stopping workers from outside now and then takes the whole browser down with it, which says nothing about ours.
  test.describe.configure({ retries: 1 });

  test("the worker is killed in the middle of an update: the old build works on", async ({ page, context }) => {
    await visit(page, COURSE);
    await keep(page);
    const old = await build(page);
    builds.isNew = true;
    const session = await context.newCDPSession(page);
    await session.send("ServiceWorker.enable");
    // The answer to this may die with the worker.
    void lookForNew(page).catch(() => {});
    await expect.poll(() => builds.answered.filter((path) => path.includes("/a/")).length).toBeGreaterThan(8);
    await session.send("ServiceWorker.stopAllWorkers");
    builds.diesAfter = 0;
    await visit(page, COURSE);
    expect(await build(page)).toBe(old);

    builds.diesAfter = undefined;
    await lookForNew(page);
    await expect.poll(() => page.evaluate(async () => Boolean((await navigator.serviceWorker.ready).waiting))).toBe(true);
    await visit(page, COURSE);
    await page.getByRole("button", { name: "Dùng bản mới" }).tap();
    await expect.poll(() => build(page).catch(() => "")).toBe(NEW);
  });
});
