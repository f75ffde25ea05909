// Bytes as a phone pays for them, measured in the browser over the real server (brotli, as over https).
import { expect, test, type CDPSession, type Page } from "@playwright/test";
import { COURSE, enrol, everythingSent, learn, open } from "./pages.ts";
import { Wire } from "./wire.ts";

const KB = 1024;
const LESSON = `${COURSE}/otp-khong-doc-cho-ai`;

type Loaded = { url: string; bytes: number };

/** Everything the page loads from now on: address, and bytes on the wire with headers. */
async function watch(page: Page): Promise<Loaded[]> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  const urls = new Map<string, string>();
  const loaded: Loaded[] = [];
  session.on("Network.requestWillBeSent", ({ requestId, request }) => urls.set(requestId, request.url));
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) =>
    loaded.push({ url: urls.get(requestId) ?? "", bytes: encodedDataLength }),
  );
  return loaded;
}

const sum = (loaded: Loaded[]) => loaded.reduce((total, { bytes }) => total + bytes, 0);
const rows: string[] = [];

function within(budget: string, measured: number, allowed: number): void {
  rows.push(`${budget.padEnd(58)} ${(measured / KB).toFixed(1).padStart(7)} KB of ${(allowed / KB).toFixed(0).padStart(4)} KB`);
  expect.soft(measured, budget).toBeLessThanOrEqual(allowed);
}

test.describe.configure({ mode: "serial" });
test.afterAll(() => console.log(`\nByte budgets\n${rows.join("\n")}\n`));

/** Waits until nothing comes any more: the page is at rest, and so is the worker that keeps it. */
async function atRest(page: Page, wire: Wire): Promise<number> {
  await page.waitForLoadState("networkidle");
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  for (let before = -1; before !== wire.down; ) {
    before = wire.down;
    await page.waitForTimeout(1500);
  }
  return wire.down;
}

test("first visit, reading, further lessons, the bundles", async ({ page, baseURL }) => {
  test.setTimeout(120_000);
  const wire = await Wire.to(baseURL ?? "");
  const loaded = await watch(page);
  await open(page, `${wire.url}${LESSON}`);
  within("first visit to a lesson, everything, with the worker", await atRest(page, wire), 150 * KB);
  const ending = (end: string) => loaded.filter(({ url }) => url.endsWith(end));
  within("what is needed to read it (HTML, CSS)", sum([...ending("otp-khong-doc-cho-ai"), ...ending(".css")]), 25 * KB);
  within("learner's wasm", sum(ending("app_bg.wasm")), 120 * KB);

  // With the second page comes, once, the start page that the icon opens.
  await open(page, `${wire.url}${COURSE}`);
  await atRest(page, wire);
  const heaviest = { url: "", bytes: 0 };
  for (const name of ["ba-dau-hieu", "mat-khau", "gia-danh", "link-la", "thay-mat-chua-chac-that", "bi-lua-roi-lam-gi"]) {
    const before = wire.down;
    await open(page, `${wire.url}${COURSE}/${name}`);
    const further = { url: name, bytes: (await atRest(page, wire)) - before };
    if (further.bytes > heaviest.bytes) Object.assign(heaviest, further);
  }
  within(`each further lesson page (the heaviest: ${heaviest.url})`, heaviest.bytes, 12 * KB);
  const before = wire.down;
  await open(page, `${wire.url}${LESSON}`);
  within("a lesson opened again", (await atRest(page, wire)) - before, KB);
  await wire.close();
});

test("opening a kept lesson without network, CPU slowed four times", async ({ page, context }) => {
  await open(page, LESSON);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await open(page, COURSE);
  await context.setOffline(true);
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  const times: number[] = [];
  for (let again = 0; again < 5; again++) {
    await page.goto(COURSE);
    await page.locator("html[data-awake]").waitFor({ state: "attached" });
    await page.getByRole("link", { name: /OTP không đọc/ }).tap();
    await page.locator("html[data-awake] section.screen").first().waitFor();
    // From the tap's navigation to the moment at which the islands were awake, by the page's own clock.
    times.push(await page.evaluate(() => performance.getEntriesByName("awake")[0]?.startTime ?? NaN));
  }
  expect(times.every(Number.isFinite)).toBe(true);
  times.sort((one, other) => one - other);
  rows.push(`${"kept lesson usable without network, CPU ÷ 4, middle of five".padEnd(58)} ${times[2]?.toFixed(0).padStart(7)} ms (aim 1000 ms)`);
});

test("a first visit over a weak network, CPU slowed four times", async ({ browser, baseURL }) => {
  test.setTimeout(180_000);
  const [reading, answering]: [number[], number[]] = [[], []];
  for (let again = 0; again < 3; again++) {
    // Round trip 400 ms, 400 kbit/s. A browser that was never here.
    const wire = await Wire.to(baseURL ?? "", { oneWayMs: 200, bytesPerSecond: 50_000 });
    const context = await browser.newContext({ viewport: { width: 360, height: 640 } });
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
    await page.goto(`${wire.url}${LESSON}`, { waitUntil: "commit" });
    await page.locator("html[data-awake]").waitFor({ state: "attached", timeout: 60_000 });
    const at = (name: string) => page.evaluate((name) => performance.getEntriesByName(name)[0]?.startTime ?? NaN, name);
    reading.push(await at("first-contentful-paint"));
    answering.push(await at("awake"));
    await context.close();
    await wire.close();
  }
  for (const [what, times, aim] of [["read", reading, 3000], ["answered", answering, 6000]] as const) {
    expect(times.every(Number.isFinite), what).toBe(true);
    times.sort((one, other) => one - other);
    const row = `first visit over a weak network, CPU ÷ 4, until it can be ${what}`;
    rows.push(`${row.padEnd(58)} ${times[1]?.toFixed(0).padStart(7)} ms (aim ${aim} ms)`);
  }
});

test("script heap on a lesson page", async ({ page, context }) => {
  await open(page, LESSON);
  const session = await context.newCDPSession(page);
  await session.send("HeapProfiler.enable");
  await session.send("HeapProfiler.collectGarbage");
  // What scripts hold and their buffers; the browser counts the memory of wasm elsewhere.
  const { usedSize, backingStorageSize = 0 } = await session.send("Runtime.getHeapUsage") as { usedSize: number; backingStorageSize?: number };
  const wasm = await wasmMemory(session);
  expect(wasm, "the islands run on wasm").toBeGreaterThan(0);
  within("script heap on a lesson page, with the memory of wasm", usedSize + backingStorageSize + wasm, 6 * KB * KB);
});

/** Bytes of all memories of wasm in a page. */
async function wasmMemory(session: CDPSession): Promise<number> {
  const { result } = await session.send("Runtime.evaluate", { expression: "WebAssembly.Memory.prototype" });
  const { objects } = await session.send("Runtime.queryObjects", { prototypeObjectId: result.objectId ?? "" });
  const functionDeclaration = "function () { return this.reduce((sum, { buffer }) => sum + buffer.byteLength, 0) }";
  const sum = await session.send("Runtime.callFunctionOn", { functionDeclaration, objectId: objects.objectId, returnByValue: true });
  return sum.result.value as number;
}

test("checking a certificate", async ({ page }) => {
  const loaded = await watch(page);
  await open(page, "/kiem-tra");
  await page.waitForLoadState("networkidle");
  within("first visit to the check page, without the worker", sum(loaded), 100 * KB);
});

test("one day's learning", async ({ page }) => {
  await enrol(page);
  await everythingSent(page);
  let bytes = 0;
  page.on("request", (request) => {
    if (request.url().endsWith("/api/v1/sync")) bytes += request.postDataBuffer()?.length ?? 0;
  });
  await learn(page, `${COURSE}/ba-dau-hieu`, 1);
  await learn(page, `${COURSE}/mat-khau`, 1);
  await everythingSent(page);
  within("one day's learning (two lessons, a wrong answer in each)", bytes, 5 * KB);
});
