// How staff use their pages, and the codes that their phones would show.
import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { expect, type Browser, type Locator, type Page } from "@playwright/test";

export const PASSWORD = "chín con mèo đen";

/** What colleagues choose for themselves. */
export const OWN = "một câu dễ nhớ lắm";

/** Makes an administrator on the command line, as whoever sets a server up does. */
export function createAdmin(name: string, data = path.resolve("test-results/data")): void {
  const server = path.resolve(process.env.E2E_SERVER ?? "../target/debug/bdhvs");
  const env = { ...process.env, BDHVS_DATA_DIR: data, BDHVS_ADMIN_PASSWORD: PASSWORD };
  execFileSync(server, ["create-admin", "--name", name], { env });
}

/** The code of RFC 6238 that an authenticator shows now, or some steps later: a code counts once. */
export function totp(secret: string, stepsLater = 0): string {
  const bits = [...secret.replaceAll(" ", "")].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"));
  const key = Buffer.from((bits.join("").match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + stepsLater));
  const hash = createHmac("sha1", key).update(counter).digest();
  const at = (hash[19] ?? 0) & 15;
  return `${(hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000}`.padStart(6, "0");
}

/** A browser of somebody else. */
export async function another(browser: Browser): Promise<Page> {
  const context = await browser.newContext();
  return context.newPage();
}

export async function signIn(page: Page, name: string, password = PASSWORD): Promise<void> {
  if (!new URL(page.url(), "http://x").pathname.endsWith("/dang-nhap")) await page.goto("/quan-ly/dang-nhap");
  await page.getByLabel("Tên đăng nhập hoặc số điện thoại").fill(name);
  await page.getByLabel("Mật khẩu").fill(password);
  await page.getByRole("button", { name: "Đăng nhập" }).tap();
}

export async function giveCode(page: Page, code: string): Promise<void> {
  await expect(page).toHaveURL(/\/quan-ly\/ma-xac-thuc/);
  await page.getByLabel("Mã 6 số").fill(code);
  await page.getByRole("button", { name: "Tiếp" }).tap();
}

/** Sets the second factor up on "Tài khoản của tôi"; returns its secret, the recovery codes, and the code that it was set up with. */
export async function setSecondFactor(page: Page, password = PASSWORD, site = ""): Promise<{ secret: string; codes: string[]; used: string }> {
  await page.goto(`${site}/quan-ly/tai-khoan`);
  await page.getByRole("button", { name: "Cài mã xác thực" }).tap();
  await page.getByLabel("Mật khẩu đang dùng").first().fill(password);
  await page.getByRole("button", { name: "Tiếp" }).tap();
  await expect(page.getByRole("img", { name: "Hình mã QR để cài mã xác thực" })).toBeVisible();
  const secret = (await page.locator(".secret").textContent()) ?? "";
  const used = totp(secret);
  await page.getByLabel("Mã 6 số ứng dụng đang hiện").fill(used);
  await page.getByRole("button", { name: "Xong", exact: true }).tap();
  const shown = page.locator(".codes li");
  await expect(shown).toHaveCount(8);
  const codes = await shown.allTextContents();
  await page.getByRole("button", { name: "Tôi đã chép xong" }).tap();
  await expect(page.getByText("Đã cài. Còn 8 mã dự phòng.")).toBeVisible();
  return { secret, codes, used };
}

/** Pictures for people to look at, in the folder of this setting. */
export async function picture(page: Page, title: string): Promise<void> {
  const folder = process.env.E2E_PICTURES;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  for (const [width, height] of [[360, 640], [1280, 800]] as const) {
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: path.join(folder, `${title}-${width}.png`), fullPage: true });
  }
  await page.setViewportSize({ width: 360, height: 640 });
}

/** Signs somebody in with the password handed over, and sets one of her own. */
export async function ownPassword(page: Page, login: string, given: string): Promise<void> {
  await signIn(page, login, given);
  await page.getByLabel("Mật khẩu mới", { exact: false }).first().fill(OWN);
  await page.getByLabel("Nhập lại mật khẩu mới").fill(OWN);
  await page.getByRole("button", { name: "Đặt mật khẩu" }).tap();
  await expect(page).toHaveURL(/\/quan-ly#?$/);
}

/** The first day of somebody in charge: a password and a second factor of her own. */
export async function firstDay(browser: Browser, login: string, given: string): Promise<Page> {
  const page = await another(browser);
  await ownPassword(page, login, given);
  await setSecondFactor(page, OWN);
  return page;
}

/** Adds a colleague on "Nhân sự"; returns the password to hand over. */
export async function addColleague(page: Page, name: string, login: string, role: string, place: string, site = ""): Promise<string> {
  await page.goto(`${site}/quan-ly/nhan-su`);
  await page.getByText("Thêm người", { exact: true }).first().tap();
  const form = page.locator("details[open]").filter({ hasText: "Họ và tên" });
  await form.getByLabel("Họ và tên").fill(name);
  await form.getByLabel("Tên đăng nhập").fill(login);
  await form.getByLabel("Vai trò").selectOption({ label: role });
  await form.getByRole("searchbox", { name: "Địa bàn" }).fill(withoutMarks(place));
  await form.getByRole("button", { name: place }).tap();
  await form.getByRole("button", { name: "Thêm người" }).tap();
  await expect(page.getByRole("heading", { name: "Mật khẩu để trao tận tay" })).toBeVisible();
  const password = (await page.locator(".secret").textContent()) ?? "";
  await page.getByRole("button", { name: "Tôi đã trao" }).tap();
  return password;
}

/** What somebody types who does not bother with diacritics. */
function withoutMarks(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d").replaceAll("Đ", "d").toLowerCase();
}

/** A colleague's card in the list. */
export function card(page: Page, name: string): Locator {
  return page.locator(".rows > li").filter({ has: page.getByRole("heading", { name }) });
}

/** Opens what can be done about a colleague; returns the card. */
export async function change(page: Page, name: string): Promise<Locator> {
  await card(page, name).locator("summary", { hasText: "Thay đổi" }).tap();
  return card(page, name);
}

/** Calls a server function as the page itself would; returns status and answer. */
export function call(page: Page, name: string, body: unknown): Promise<{ status: number; answer: any }> {
  return page.evaluate(
    async ([name, body]) => {
      const headers = { "content-type": "application/json" };
      const response = await fetch(`/api/staff/v1/${name}`, { method: "POST", headers, body: body as string });
      const text = await response.text();
      return { status: response.status, answer: text ? JSON.parse(text) : null };
    },
    [name, JSON.stringify(body)] as const,
  );
}
