// An ambassador in a village without a network: she enrols three people, one of them learns on the same phone, and back where
// there is a network each is one record, counted once, seen by her and by the one in charge of the commune.
import AxeBuilder from "@axe-core/playwright";
import { expect, test, type BrowserContext, type Page } from "@playwright/test";
import { awake, everythingSent, FIRST, goThrough, open, statusLine } from "./pages.ts";
import { addColleague, another, call, createAdmin, OWN, ownPassword, picture, setSecondFactor, signIn } from "./staff.ts";

const SECRET = "lúa chín vàng đồng";
const ROLL = "/quan-ly/dai-su";
const PLACE = "Xã Bố Trạch";

/** Adds a colleague and signs her in with a password of her own. */
async function colleague(admin: Page, page: Page, name: string, login: string, role: string, place = PLACE): Promise<void> {
  await ownPassword(page, login, await addColleague(admin, name, login, role, place));
}

/** Sets the list up on her phone, with a network, and waits until it opens without one. */
async function prepare(page: Page): Promise<void> {
  await page.goto(ROLL);
  await page.getByLabel("Đặt mật khẩu mở sổ").fill(SECRET);
  await page.getByLabel("Gõ lại mật khẩu mở sổ").fill(SECRET);
  await page.getByRole("button", { name: "Chuẩn bị sổ" }).tap();
  await expect(page.getByText("Chưa có ai trong sổ. Bạn ghi tên người đầu tiên nhé?")).toBeVisible();
  await expect(async () => {
    await page.getByRole("button", { name: "Gửi và lấy sổ mới" }).tap();
    await expect(page.getByText("Trang này mở được khi không có mạng.")).toBeVisible({ timeout: 2_000 });
  }).toPass();
}

async function unlock(page: Page, secret = SECRET): Promise<void> {
  await page.getByLabel(/^Mật khẩu mở sổ/).fill(secret);
  await page.getByRole("button", { name: "Mở sổ", exact: true }).tap();
}

interface Newcomer { name: string; year: string; guardian?: string }

/** Enrols somebody; returns what stands on her card. */
async function enrol(page: Page, { name, year, guardian }: Newcomer): Promise<{ code: string; pin: string }> {
  await page.getByRole("link", { name: "Ghi tên người mới" }).tap();
  await page.getByLabel("Họ và tên").fill(name);
  await page.getByLabel("Năm sinh").fill(year);
  if (guardian) await page.getByLabel("Tên người đồng ý thay").fill(guardian);
  await page.getByLabel("Tôi đã đọc to. Bà con đồng ý lưu việc học.").check();
  await page.getByRole("button", { name: "Ghi tên", exact: true }).tap();
  await expect(page.locator(".learner-card").getByRole("heading", { name })).toBeVisible();
  const [code = "", pin = ""] = await page.locator(".learner-card .secret").allTextContents();
  return { code, pin };
}

/** Whether a text says a word by itself: four digits also come up by chance within sealed rows and times. */
function says(text: string, word: string): boolean {
  return new RegExp(`(?<![\\w-])${word}(?![\\w-])`).test(text);
}

/** Everything that the list keeps in this browser, as it stands there. */
function kept(page: Page): Promise<string> {
  return page.evaluate(
    () =>
      new Promise<string>((resolve, reject) => {
        const opening = indexedDB.open("bdhvs-roll");
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = async () => {
          const tables = [...opening.result.objectStoreNames];
          const read = opening.result.transaction(tables);
          const all = tables.map(
            (table) =>
              new Promise((done) => {
                const asked = read.objectStore(table).getAll();
                asked.onsuccess = () => done(asked.result);
              }),
          );
          resolve(JSON.stringify(await Promise.all(all)));
          opening.result.close();
        };
      }),
  );
}

async function isAccessible(page: Page): Promise<void> {
  await page.emulateMedia({ reducedMotion: "reduce" });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth), "nothing sticks out").toBeLessThanOrEqual(360);
}

async function offline(context: BrowserContext, page: Page): Promise<void> {
  await context.setOffline(true);
  await page.goto(ROLL);
}

/** Presses the button that sends, and watches where the field below stands while the words about sending come and go. */
async function placesWhileSending(page: Page): Promise<{ words: Set<string>; tops: Set<number> }> {
  const seen = await page.evaluate(
    () =>
      new Promise<[string, number][]>((resolve) => {
        const field = document.querySelector<HTMLElement>("input[type=search]")!;
        const words = document.querySelector<HTMLElement>(".status-line [role=status]")!;
        const button = document.querySelector<HTMLButtonElement>(".status-line button")!;
        const seen: [string, number][] = [];
        const note = () => seen.push([words.textContent ?? "", Math.round(field.getBoundingClientRect().top)]);
        const watching = new MutationObserver(note);
        watching.observe(words.parentElement!, { childList: true, characterData: true, subtree: true, attributes: true });
        note();
        button.click();
        const until = setInterval(() => {
          if (button.disabled || seen.length < 3) return;
          clearInterval(until);
          watching.disconnect();
          note();
          resolve(seen);
        }, 50);
      }),
  );
  return { words: new Set(seen.map(([words]) => words)), tops: new Set(seen.map(([, top]) => top)) };
}

test("an ambassador enrols three people without a network, and one learns on her phone", async ({ page, context, browser }) => {
  test.setTimeout(240_000);
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  const admin = await another(browser);
  createAdmin("quan tri dai su");
  await signIn(admin, "quan tri dai su");
  await expect(admin).toHaveURL(/\/quan-ly#?$/);
  await setSecondFactor(admin);
  const commune = await another(browser);
  await colleague(admin, commune, "Lê Văn Xã", "xa.botrach", "Quản lý địa bàn");
  await setSecondFactor(commune, OWN);
  await colleague(admin, page, "Trần Thị Sứ", "su.botrach", "Đại sứ số");

  // A lesson for later, then her list; from here on there is no network.
  for (const path of ["/", FIRST, "/cua-toi"]) await open(page, path);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  for (const path of ["/", FIRST, "/cua-toi"]) await open(page, path);
  await page.goto(ROLL);
  await picture(page, "1-prepare");
  await isAccessible(page);
  await prepare(page);
  await offline(context, page);
  await picture(page, "2-locked");
  await unlock(page, "mật khẩu khác");
  await expect(page.getByText("Mật khẩu chưa đúng. Bạn gõ lại. Không có gì bị mất.")).toBeVisible();
  await unlock(page);
  await expect(page.getByText("Không có mạng, cứ làm tiếp.")).toBeVisible();
  await isAccessible(page);

  // What is missing is said, and nothing typed is lost.
  await page.getByRole("link", { name: "Ghi tên người mới" }).tap();
  await page.getByLabel("Họ và tên").fill("Hồ Thị Mưa");
  await page.getByLabel("Năm sinh").fill("2014");
  await page.getByRole("button", { name: "Ghi tên", exact: true }).tap();
  await expect(page.getByText("Chưa có sự đồng ý. Bạn đọc to phần Xin phép")).toBeVisible();
  await page.getByLabel("Tôi đã đọc to. Bà con đồng ý lưu việc học.").check();
  await page.getByRole("button", { name: "Ghi tên", exact: true }).tap();
  await expect(page.getByText("Bạn ghi tên người đồng ý thay cho trẻ.")).toBeVisible();
  await expect(page.getByLabel("Họ và tên")).toHaveValue("Hồ Thị Mưa");
  await isAccessible(page);
  await picture(page, "3-enrol");
  await page.getByRole("link", { name: "Về sổ" }).tap();

  const people: Newcomer[] = [
    { name: "Hồ Thị Mưa", year: "2014", guardian: "Hồ Văn Nắng" },
    { name: "Hồ Văn Gió", year: "1956" },
    { name: "Hồ Thị Sương", year: "1962" },
  ];
  const cards = new Map<string, { code: string; pin: string }>();
  for (const person of people) {
    cards.set(person.name, await enrol(page, person));
    await picture(page, "4-card");
    await page.getByRole("link", { name: "Về sổ" }).tap();
  }
  expect(new Set([...cards.values()].map(({ code }) => code)).size).toBe(3);
  await expect(page.getByText("3 người chờ gửi. Sẽ tự gửi khi có mạng.")).toBeVisible();
  await expect(page.locator(".rows > li")).toHaveCount(3);
  await picture(page, "5-waiting");
  // Words that come and go move nothing under a thumb.
  const { words, tops } = await placesWhileSending(page);
  expect([...words]).toContain("Đang gửi và lấy sổ mới…");
  expect([...words]).toContain("3 người chờ gửi. Sẽ tự gửi khi có mạng.");
  expect([...tops], "the field stays where it is").toHaveLength(1);
  // Somebody is read about from the top; the list is left and found where it was.
  const last = page.locator(".rows > li").last().getByRole("link");
  await last.scrollIntoViewIfNeeded();
  const at = () => page.evaluate(() => Math.round(scrollY));
  const left = await at();
  expect(left, "the list is longer than the screen").toBeGreaterThan(0);
  await last.tap();
  await expect(page.locator(".learner-card")).toBeAttached();
  await expect.poll(at).toBe(0);
  await page.getByRole("link", { name: "Về sổ" }).tap();
  await expect.poll(at).toBe(left);
  // The page is closed in between; what lies on the phone says nothing to a stranger.
  await page.goto(ROLL);
  const raw = await kept(page);
  const secrets = ["Mưa", "Gió", "Sương", "1956", ...[...cards.values()].flatMap(({ code, pin }) => [code, code.replaceAll(" ", ""), pin])];
  const readable = JSON.stringify([JSON.stringify({ secrets, year: 1956 })]);
  expect(secrets.filter((secret) => !says(readable, secret)), "what is not sealed is found").toEqual([]);
  expect(secrets.filter((secret) => says(raw, secret)), "and nothing of it is kept").toEqual([]);
  await unlock(page);
  await expect(page.locator(".rows > li")).toHaveCount(3);

  // One learns at once, on this phone.
  await page.getByRole("link", { name: /Hồ Văn Gió/ }).tap();
  await isAccessible(page);
  await page.getByRole("button", { name: "Cho Hồ Văn Gió học trên máy này" }).tap();
  await page.waitForURL((url) => url.pathname === "/");
  await awake(page);
  await open(page, FIRST);
  await goThrough(page);
  await open(page, "/cua-toi");
  await expect(page.getByText("Hồ Văn Gió").first()).toBeVisible();

  // Back in the village house: his own work leaves first; his name and agreement leave with the list.
  await context.setOffline(false);
  await open(page, "/cua-toi");
  await expect(statusLine(page)).toHaveText(/^2 việc chờ gửi/);
  await page.goto(ROLL);
  await unlock(page);
  await expect(page.getByText("Đã gửi hết.")).toBeVisible();
  await expect(page.getByText("3 người · 0 đang vướng · 0 lâu chưa học · 2 chưa bắt đầu")).toBeVisible();
  await expect(page.locator(".rows > li").filter({ hasText: "Hồ Văn Gió" })).toContainText("1 đèn đã sáng");
  await picture(page, "6-list");
  await page.getByRole("link", { name: /Hồ Văn Gió/ }).tap();
  await picture(page, "7-person");
  await isAccessible(page);

  const first = page.url();
  await open(page, "/cua-toi");
  await everythingSent(page);
  await page.goto(first);

  // Each is one record, counted once, for her and for the commune.
  for (const who of [page, commune]) {
    const { answer } = await call(who, "list-people", { question: { typed: "" } });
    expect(answer.rows.map(({ name }: { name: string }) => name).sort()).toEqual(people.map(({ name }) => name).sort());
  }
  // The card opens the record on a phone of her own.
  const own = await another(browser);
  const { code, pin } = cards.get("Hồ Thị Sương")!;
  await open(own, `/cua-toi#ma=${code.replaceAll(" ", "")}`);
  await own.getByLabel("Mã PIN của bạn").fill(pin);
  await own.getByRole("button", { name: "Lấy bài về" }).tap();
  await expect(own.getByText("Hồ Thị Sương").first()).toBeVisible();
  await own.context().close();
  expect(faults).toEqual([]);
});

test("a forgotten password of the list loses nothing; a lost phone is taken off", async ({ page, context, browser }) => {
  test.setTimeout(180_000);
  const admin = await another(browser);
  createAdmin("quan tri so quen");
  await signIn(admin, "quan tri so quen");
  await expect(admin).toHaveURL(/\/quan-ly#?$/);
  await setSecondFactor(admin);
  await colleague(admin, page, "Nguyễn Thị Quên", "quen.leninh", "Đại sứ số", "Xã Lệ Ninh");
  await prepare(page);
  await offline(context, page);
  await unlock(page);
  await enrol(page, { name: "Phan Thị Bưởi", year: "1970" });
  await page.getByRole("link", { name: "Về sổ" }).tap();
  await page.getByRole("button", { name: "Khóa sổ" }).tap();
  await expect(page.getByText("Phan Thị Bưởi")).toHaveCount(0);
  await context.setOffline(false);

  await page.getByText("Quên mật khẩu mở sổ").tap();
  await page.getByLabel("Đặt mật khẩu mở sổ").fill("một mật khẩu khác");
  await page.getByLabel("Gõ lại mật khẩu mở sổ").fill("một mật khẩu khác");
  await page.getByRole("button", { name: "Đặt mật khẩu mới" }).tap();
  await expect(page.locator(".rows > li").filter({ hasText: "Phan Thị Bưởi" })).toContainText("Chưa bắt đầu");

  const desk = await another(browser);
  await signIn(desk, "quen.leninh", OWN);
  await expect(desk).toHaveURL(/\/quan-ly#?$/);
  await desk.goto("/quan-ly/tai-khoan");
  const phone = desk.locator(".rows > li").filter({ hasText: "Gỡ máy này" });
  await phone.getByRole("button", { name: "Gỡ máy này" }).tap();
  await phone.getByRole("button", { name: /^Vâng|^Đúng|^Làm/ }).tap();
  await expect(phone).toHaveCount(0);
  await page.getByRole("button", { name: "Gửi và lấy sổ mới" }).tap();
  await expect(page.getByText("Máy này không còn gắn với tài khoản đại sứ nào.", { exact: false })).toBeVisible();
  await expect(page.getByText("Phan Thị Bưởi")).toHaveCount(0);
  await page.getByRole("button", { name: "Chuẩn bị lại máy này" }).tap();
  await expect(page.getByRole("button", { name: "Chuẩn bị sổ" })).toBeVisible();
});

test("somebody entered by a list agrees in the village, without a network", async ({ page, context, browser }) => {
  test.setTimeout(180_000);
  const admin = await another(browser);
  createAdmin("quan tri dong y");
  await signIn(admin, "quan tri dong y");
  await expect(admin).toHaveURL(/\/quan-ly#?$/);
  await setSecondFactor(admin);
  await colleague(admin, page, "Cao Thị Lắng", "lang.tanmy", "Đại sứ số", "Xã Tuyên Hóa");
  await prepare(page);
  const details = { name: "Cao Văn Măng", birth_year: 2014 };
  const { answer } = await call(page, "add-person", { details });
  await page.getByRole("button", { name: "Gửi và lấy sổ mới" }).tap();
  const row = page.locator(".rows > li").filter({ hasText: "Cao Văn Măng" });
  await expect(row).toContainText("chưa ghi lời đồng ý");

  await offline(context, page);
  await unlock(page);
  await row.getByRole("link").tap();
  await expect(page.getByText("Chưa có đồng ý nào được ghi.")).toBeVisible();
  await page.getByText("Ghi lời đồng ý").first().tap();
  const record = page.getByRole("button", { name: "Ghi lời đồng ý" });
  await record.tap();
  await expect(page.getByText("Chưa có sự đồng ý. Bạn đọc to phần Xin phép")).toBeVisible();
  await page.getByLabel("Tôi đã đọc to. Bà con đồng ý lưu việc học.").check();
  await record.tap();
  await expect(page.getByText("Bạn ghi tên người đồng ý thay cho trẻ.")).toBeVisible();
  await page.getByLabel("Tên người đồng ý thay").fill("Cao Thị Hạt");
  await picture(page, "8-agree");
  await isAccessible(page);
  await record.tap();
  const agreed = page.locator(".lines > li");
  await expect(agreed).toHaveText([/chờ gửi/]);
  await expect(page.getByLabel("Tôi đã đọc to. Bà con đồng ý lưu việc học."), "nothing stays ticked for another time").toBeHidden();
  await picture(page, "9-agreed");
  await page.getByRole("link", { name: "Về sổ" }).tap();
  await expect(page.getByText("1 người chờ gửi. Sẽ tự gửi khi có mạng.")).toBeVisible();
  await expect(row).not.toContainText("chưa ghi lời đồng ý");
  // The page is closed in between; a stranger reads nothing of it.
  await page.goto(ROLL);
  expect(says(await kept(page), "Hạt")).toBe(false);
  await unlock(page);
  await expect(row).not.toContainText("chưa ghi lời đồng ý");
  const tab = await context.newPage();
  await tab.goto(ROLL);
  await unlock(tab);
  await expect(tab.getByText("1 người chờ gửi. Sẽ tự gửi khi có mạng.")).toBeVisible();

  // Two tabs send at the same moment: it is said once.
  await context.setOffline(false);
  await Promise.all([page, tab].map((one) => one.getByRole("button", { name: "Gửi và lấy sổ mới" }).tap()));
  for (const one of [page, tab]) await expect(one.getByText("Đã gửi hết.")).toBeVisible();
  await row.getByRole("link").tap();
  await expect(agreed).toHaveText([/còn hiệu lực/]);
  const { answer: seen } = await call(page, "see-person", { person: answer.id });
  const [only, ...more] = seen.consents;
  expect(more).toEqual([]);
  expect([only.witness, only.manner.guardian.name]).toEqual(["Cao Thị Lắng", "Cao Thị Hạt"]);
});
