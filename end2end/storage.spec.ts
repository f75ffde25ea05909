// Storage as it can be: spoilt, thrown away, held by an older page, taken over by a newer one, refused, full.
import { expect, test, type Page } from "@playwright/test";
import { answerRightly, askForRecord, awake, COURSE, enrol, everythingSent, FIRST, learn, open, statusLine } from "./pages.ts";
import { facts } from "./record.ts";

/** A page of this site without anything of ours on it. */
const BARE = "/healthz";

test("a value that cannot be read is set aside and everything else works on", async ({ page }) => {
  await learn(page, FIRST);
  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open("bdhvs");
        opening.onsuccess = () => {
          const changing = opening.result.transaction("facts", "readwrite");
          const store = changing.objectStore("facts");
          store.getAllKeys().onsuccess = ({ target }) => store.put("{\"half", (target as IDBRequest).result[0]);
          changing.onabort = () => reject(changing.error);
          changing.oncomplete = () => {
            opening.result.close();
            resolve();
          };
        };
      }),
  );
  const before = 4;
  await open(page, "/tren-may");
  await expect(page.getByText(/^1 phần không đọc được đã để riêng/).or(page.getByText(/^2 phần không đọc được/))).toBeVisible();
  await expect(statusLine(page)).toHaveText(`${before} việc đã ghi trong máy này`);
  await learn(page, `${COURSE}/mat-khau`);
  await enrol(page);
  expect(await everythingSent(page)).toBeGreaterThan(before);
});

test("a record that the browser threw away is missed, and comes back by code and PIN", async ({ page }) => {
  await learn(page, FIRST);
  const digits = await enrol(page);
  const sent = await everythingSent(page);
  await page.goto(BARE);
  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const deleting = indexedDB.deleteDatabase("bdhvs");
        deleting.onsuccess = () => resolve();
        deleting.onerror = deleting.onblocked = () => reject(deleting.error);
      }),
  );
  await open(page, "/");
  await expect(statusLine(page)).toHaveText(/^Trình duyệt đã xóa bài làm trong máy này\./);
  await open(page, "/cua-toi");
  await expect(page.getByRole("heading", { name: "Bài làm trong máy này không còn" })).toBeVisible();
  await askForRecord(page, digits, "4827");
  await expect(page.getByText("1/7 đèn đã sáng")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Bài làm trong máy này không còn" })).toBeHidden();
  expect(await everythingSent(page)).toBe(sent);
});

test("whoever would rather begin anew is not told again", async ({ page }) => {
  await open(page, "/cua-toi");
  await page.evaluate(() => localStorage.setItem("trace", "lost"));
  await open(page, "/cua-toi");
  await page.getByRole("button", { name: "Học lại từ đầu" }).tap();
  await expect(page.getByRole("heading", { name: "Bài làm trong máy này không còn" })).toBeHidden();
  await open(page, "/cua-toi");
  await expect(page.getByRole("heading", { name: "Bài làm trong máy này không còn" })).toBeHidden();
});

/** Opens the database in another form, as a page of another time does, and holds it. */
async function hold(page: Page, version: number): Promise<void> {
  await page.goto(BARE);
  await page.evaluate(
    (version) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open("bdhvs", version);
        opening.onupgradeneeded = () => {
          const missing = (name: string) => !opening.result.objectStoreNames.contains(name);
          for (const name of ["meta", "learners", "facts", "outbox", "certificates"].filter(missing)) {
            opening.result.createObjectStore(name);
          }
        };
        opening.onsuccess = () => resolve();
        opening.onerror = () => reject(opening.error);
      }),
    version,
  );
}

test("a database held by an older tab is waited for, and opens by itself", async ({ page, context }) => {
  const older = await context.newPage();
  await hold(older, 1);
  await page.bringToFront();
  await open(page, `${COURSE}/otp-khong-doc-cho-ai#m7`);
  await expect(statusLine(page)).toHaveText(/^Một trang cũ đang mở ở tab khác/);
  await older.close();
  await expect(statusLine(page)).toHaveText("Bài làm sẽ được giữ trong máy này.");
  await answerRightly(page);
  expect(await facts(page)).toHaveLength(1);
});

test("a page that is older than the database asks to be loaded again", async ({ page, context }) => {
  await open(page, "/");
  const newer = await context.newPage();
  await hold(newer, 99);
  await page.bringToFront();
  await expect(statusLine(page)).toHaveText(/^Trang này đã cũ\./);
  await newer.close();
  await page.reload();
  await awake(page);
  await expect(statusLine(page)).toHaveText(/^Trang này đã cũ\./);
});

test("without storage one still learns, and is told that it is not kept", async ({ page, context }) => {
  await context.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("", "SecurityError");
    };
  });
  await open(page, `${COURSE}/otp-khong-doc-cho-ai#m7`);
  await expect(statusLine(page)).toHaveText(/^Cửa sổ này không cho ghi bài làm\./);
  await answerRightly(page);
});

test("a full phone says so, and goes on when there is room again", async ({ page }) => {
  await open(page, `${COURSE}/otp-khong-doc-cho-ai#m7`);
  await page.evaluate(() => {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("", "QuotaExceededError");
    };
    Object.assign(globalThis, { makeRoom: () => (IDBObjectStore.prototype.put = put) });
  });
  await answerRightly(page);
  await expect(statusLine(page)).toHaveText(/^Máy hết chỗ trống/);
  expect(await facts(page)).toEqual([]);
  await page.evaluate("makeRoom()");
  await page.getByRole("button", { name: "Làm thêm câu khác" }).tap();
  await answerRightly(page);
  await expect(statusLine(page)).toHaveText("1 việc đã ghi trong máy này");
});
