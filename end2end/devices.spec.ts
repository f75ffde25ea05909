// A learner's phones: signed batches, a lost phone, a wrong clock.
import { expect, test } from "@playwright/test";
import { askForRecord, enrol, everythingSent, FIRST, learn, open, statusLine } from "./pages.ts";
import { facts, Traffic } from "./record.ts";

test("what leaves a phone is signed by a key that cannot be read", async ({ page, context }) => {
  const traffic = new Traffic(context);
  await learn(page, FIRST);
  await enrol(page);
  await everythingSent(page);
  expect(traffic.requests.filter((one) => one.url().endsWith("/api/v1/devices/key"))).toHaveLength(1);
  const carrying = traffic.syncs.map((one) => one.postDataJSON()).filter(({ events }) => events.length > 0);
  expect(carrying.length).toBeGreaterThan(0);
  for (const { signature } of carrying) expect(signature).toMatch(/^[\w-]{86}$/);
  const key = await page.evaluate(
    () =>
      new Promise<{ extractable: boolean; usages: string[] }>((resolve) => {
        const opening = indexedDB.open("bdhvs-key");
        opening.onsuccess = () => {
          const reading = opening.result.transaction("keys").objectStore("keys").get("own");
          reading.onsuccess = () => {
            const { privateKey } = reading.result as CryptoKeyPair;
            resolve({ extractable: privateKey.extractable, usages: privateKey.usages });
          };
        };
      }),
  );
  expect(key).toEqual({ extractable: false, usages: ["sign"] });

  // The key stays the same, and is told once.
  await learn(page, "/khoa-hoc/chong-lua-dao/mat-khau");
  await everythingSent(page);
  expect(traffic.requests.filter((one) => one.url().endsWith("/api/v1/devices/key"))).toHaveLength(1);
});

test("a lost phone is taken off the record from another one", async ({ page, browser }) => {
  await learn(page, FIRST);
  const digits = await enrol(page);
  await everythingSent(page);
  const context = await browser.newContext({ locale: "vi-VN", hasTouch: true });
  const other = await context.newPage();
  await open(other, "/cua-toi");
  await askForRecord(other, digits, "4827");
  await everythingSent(other);

  await open(other, "/cua-toi");
  await other.getByText("Các máy có hồ sơ này").tap();
  await other.getByRole("button", { name: "Xem các máy" }).tap();
  await expect(other.getByText(/\(máy này\)$/)).toHaveCount(1);
  await other.getByRole("button", { name: "Gỡ hồ sơ khỏi máy đó" }).tap();
  const form = other.getByRole("listitem").filter({ has: other.getByRole("button", { name: "Gỡ ngay" }) });
  await form.getByLabel("Mã PIN của bạn").fill("9999");
  await form.getByRole("button", { name: "Gỡ ngay" }).tap();
  await expect(other.getByText("Mã hoặc PIN chưa đúng. Bạn xem lại nhé.")).toBeVisible();
  await form.getByLabel("Mã PIN của bạn").fill("4827");
  await form.getByRole("button", { name: "Gỡ ngay" }).tap();
  await expect(other.getByText("Đã gỡ hồ sơ khỏi máy đó.")).toBeVisible();
  await expect(other.getByRole("button", { name: "Gỡ hồ sơ khỏi máy đó" })).toHaveCount(0);
  await context.close();

  // The phone that was taken off is told when it sends, and what it sends is kept aside on the server.
  await open(page, "/cua-toi");
  await expect(page.getByRole("heading", { name: "Hồ sơ đã được gỡ khỏi máy này" })).toBeVisible();
  await expect(page.getByText("Hồ Thị Lành")).toHaveCount(0);
  await expect(page.getByText("0/7 đèn đã sáng")).toBeVisible();
  expect(await facts(page), "nothing of hers stays on it").toEqual([]);
  await askForRecord(page, digits, "4827");
  await expect(page.getByText("1/7 đèn đã sáng")).toBeVisible();
});

test("a wrong clock is said, and learning goes on", async ({ page }) => {
  await page.clock.install({ time: new Date("2031-03-04T05:06:07Z") });
  await learn(page, FIRST);
  await enrol(page);
  await everythingSent(page);
  await open(page, "/tren-may");
  await expect(page.getByText(/^Đồng hồ máy này đang sai\. Bây giờ khoảng .*2026/)).toBeVisible();
  await expect(statusLine(page)).toHaveText(/^Đã gửi hết/);
});
