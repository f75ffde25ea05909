// Staff sign in through a real OpenID provider, a program of its own on this machine.
import { type ChildProcess, spawn } from "node:child_process";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { rmSync } from "node:fs";
import path from "node:path";
import Provider from "oidc-provider";
import { expect, test, type Page } from "@playwright/test";
import { addColleague, call, change, createAdmin, setSecondFactor, signIn } from "./staff.ts";

// One provider and one server for the file: its tests run one after the other.
test.describe.configure({ mode: "default" });

const SECRET = "a secret with: & = % +";
const data = path.resolve("test-results/data-oidc");
let provider: Server;
let server: ChildProcess;
let url: string;

test.beforeAll(async ({ baseURL }) => {
  url = `http://localhost:${Number(new URL(baseURL ?? "").port) + 50}`;
  provider = await startProvider();
  const issuer = `http://localhost:${(provider.address() as AddressInfo).port}`;
  rmSync(data, { recursive: true, force: true });
  server = spawn(path.resolve(process.env.E2E_SERVER ?? "../target/debug/bdhvs"), [], {
    stdio: "ignore",
    env: {
      ...process.env,
      BDHVS_LISTEN: `127.0.0.1:${new URL(url).port}`,
      BDHVS_PUBLIC_URL: url,
      BDHVS_DATA_DIR: data,
      BDHVS_CONTENT_DIR: path.resolve("../content"),
      BDHVS_OIDC_ISSUER: issuer,
      BDHVS_OIDC_CLIENT_ID: "bdhvs",
      BDHVS_OIDC_CLIENT_SECRET: SECRET,
    },
  });
  await expect.poll(() => fetch(`${url}/readyz`).then((answer) => answer.ok, () => false), { timeout: 20_000 }).toBe(true);
});

test.afterAll(() => {
  server?.kill();
  provider?.close();
});

/** A provider with its own sign-in and consent pages; whoever types a name there is that name. */
async function startProvider(): Promise<Server> {
  // Its name for itself holds the port, which is known only when it listens.
  const listening = await new Promise<Server>((ready) => {
    import("node:http").then((http) => {
      const made = http.createServer();
      made.listen(0, "127.0.0.1", () => ready(made));
    });
  });
  const issuer = `http://localhost:${(listening.address() as AddressInfo).port}`;
  const oidc = new Provider(issuer, {
    clients: [
      {
        client_id: "bdhvs",
        client_secret: SECRET,
        redirect_uris: [`${url}/quan-ly/dang-nhap-mot-lan/ve`],
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    pkce: { required: () => true },
    cookies: { keys: ["only-for-tests"] },
  });
  oidc.on("server_error", (_, error) => console.error(error));
  listening.on("request", oidc.callback());
  return listening;
}

/** Goes through the provider's own pages as somebody. */
async function throughProvider(page: Page, who: string): Promise<void> {
  await page.goto(`${url}/quan-ly/dang-nhap`);
  await page.getByRole("link", { name: "Đăng nhập bằng tài khoản cơ quan" }).tap();
  await page.locator("input[name=login]").fill(who);
  await page.locator("input[name=password]").fill("gì cũng được");
  await page.locator("button[type=submit]").click();
  await page.locator("button[type=submit]").click();
}

test("only whom an administrator linked gets in, and the second factor stays", async ({ page, browser }) => {
  createAdmin("quan tri", data);
  await page.goto(`${url}/quan-ly/dang-nhap`);
  await signIn(page, "quan tri");
  await expect(page).toHaveURL(/\/quan-ly#?$/);
  await setSecondFactor(page, undefined, url);
  await addColleague(page, "Hồ Thị Sứ", "su", "Đại sứ số", "Phường Đồng Hới", url);

  const hers = await (await browser.newContext()).newPage();
  await throughProvider(hers, "ho.thi.su");
  await expect(hers.getByText(/^Tài khoản cơ quan này chưa được gắn/), "nobody is made by signing in").toBeVisible();

  const whom = await change(page, "Hồ Thị Sứ");
  await whom.getByLabel("Mã người dùng (sub)").fill("ho.thi.su");
  await whom.getByRole("button", { name: "Gắn" }).tap();
  await expect(whom.getByText("Đã xong.")).toBeVisible();
  await hers.goto(`${url}/quan-ly/dang-nhap-mot-lan`);
  // The provider still knows her; the given password is changed first, as after signing in with it.
  await expect(hers).toHaveURL(/\/quan-ly\/mat-khau-moi#?$/);
  await hers.getByLabel("Mật khẩu mới").first().fill("một câu dễ nhớ lắm");
  await hers.getByLabel("Nhập lại mật khẩu mới").fill("một câu dễ nhớ lắm");
  await hers.getByRole("button", { name: "Đặt mật khẩu" }).tap();
  await expect(hers.getByText("Chào Hồ Thị Sứ")).toBeVisible();
  expect((await call(hers, "list-colleagues", { text: "", after: null })).status, "her roles are those given here").toBe(403);
  expect(hers.url(), "nothing of the provider's answer stays in the address").not.toContain("code=");

  // An answer that somebody else's browser asked for is not taken.
  const thief = await (await browser.newContext()).newPage();
  await thief.goto(`${url}/quan-ly/dang-nhap-mot-lan/ve?code=x&state=y`);
  await expect(thief.getByText(/^Tài khoản cơ quan này chưa được gắn/)).toBeVisible();
});

test("without a provider in the settings there is no such door", async ({ page, request }) => {
  await page.goto("/quan-ly/dang-nhap");
  await expect(page.getByRole("link", { name: "Đăng nhập bằng tài khoản cơ quan" })).toHaveCount(0);
  expect((await request.get("/quan-ly/dang-nhap-mot-lan")).status()).toBe(404);
});
