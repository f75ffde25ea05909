// Staff: signing in with both factors, looking after colleagues by place, and what a neighbour never sees.
import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { addColleague, another, call, card, change, createAdmin, giveCode, PASSWORD, setSecondFactor, signIn, totp } from "./staff.ts";

const OWN = "một câu dễ nhớ lắm";

/** Signs in for the first time with a given password, and sets one's own. */
async function beginWith(page: Page, name: string, given: string): Promise<void> {
  await signIn(page, name, given);
  await expect(page).toHaveURL(/\/quan-ly\/mat-khau-moi#?$/);
  await page.getByLabel("Mật khẩu mới", { exact: false }).first().fill(OWN);
  await page.getByLabel("Nhập lại mật khẩu mới").fill(OWN);
  await page.getByRole("button", { name: "Đặt mật khẩu" }).tap();
  await expect(page).toHaveURL(/\/quan-ly#?$/);
}

test("an administrator puts somebody in charge of a commune, who never sees the neighbour", async ({ page, browser }) => {
  test.setTimeout(120_000);
  createAdmin("quan tri mot");
  await page.goto("/quan-ly");
  await expect(page, "nobody is signed in").toHaveURL(/\/quan-ly\/dang-nhap\?next=\/quan-ly#het-phien$/);
  await signIn(page, "quan tri mot");
  await expect(page.getByText("nên cần thêm mã xác thực")).toBeVisible();
  await expect(page.getByRole("link", { name: "Nhân sự" }).and(page.locator(".card")), "waits for the second factor").toHaveCount(0);
  await setSecondFactor(page);

  const given = await addColleague(page, "Trần Thị Quản", "quan.donghoi", "Quản lý địa bàn", "Phường Đồng Hới");
  await addColleague(page, "Lê Văn Láng Giềng", "gieng.dongson", "Đại sứ số", "Phường Đồng Sơn");
  await expect(card(page, "Trần Thị Quản")).toContainText("Quản lý địa bàn, Phường Đồng Hới");
  const neighbour = (await call(page, "list-colleagues", { text: "lang gieng", after: null })).answer.rows[0];

  const hers = await another(browser);
  await beginWith(hers, "quan.donghoi", given);
  await setSecondFactor(hers, OWN);
  await addColleague(hers, "Hồ Thị Sứ", "su.donghoi", "Đại sứ số", "Phường Đồng Hới");
  await expect(card(hers, "Hồ Thị Sứ")).toContainText("Đại sứ số, Phường Đồng Hới");
  await expect(card(hers, "Trần Thị Quản")).toContainText("là bạn");
  await expect(hers.getByText("Láng Giềng")).toHaveCount(0);
  await hers.getByLabel("Tìm theo tên").fill("lang gieng");
  await expect(hers.getByText(/^Không có ai tên như vậy/)).toBeVisible();
  await hers.goto(`/quan-ly/nhan-su#${neighbour.id}`);
  await hers.reload();
  await expect(card(hers, "Hồ Thị Sứ")).toBeVisible();
  await expect(hers.getByText("Láng Giềng")).toHaveCount(0);
  for (const [name, body] of [
    ["give-password", { staff: neighbour.id }],
    ["stop-colleague", { staff: neighbour.id, stopped: true }],
    ["end-role", { grant: neighbour.roles[0].id }],
    ["give-role", { staff: neighbour.id, role: { role: "ambassador", place: "vn/44@20250701/18880@20250701/", until_ms: null } }],
  ] as const) {
    expect(await call(hers, name, body), name).toMatchObject({ status: 404, answer: { code: "not-found" } });
  }
  await hers.goto("/quan-ly/nhat-ky");
  await expect(hers.getByRole("row").filter({ hasText: "Thêm người" }).first()).toBeVisible();
  await expect(hers.getByText("Láng Giềng")).toHaveCount(0);

  // What she did, the administrator reads.
  await page.goto("/quan-ly/nhat-ky");
  const deed = page.getByRole("row").filter({ hasText: "Thêm người: Đại sứ số với Hồ Thị Sứ" });
  await expect(deed).toContainText("Trần Thị Quản");
  await page.getByLabel("Người làm").selectOption({ label: "Trần Thị Quản" });
  await page.getByRole("button", { name: "Xem", exact: true }).tap();
  await expect(deed).toBeVisible();
  await expect(page.getByText("với Lê Văn Láng Giềng")).toHaveCount(0);

  // Stopped, she is out at once.
  await page.goto("/quan-ly/nhan-su");
  const whom = await change(page, "Trần Thị Quản");
  await whom.getByRole("button", { name: "Dừng tài khoản" }).tap();
  await whom.getByRole("button", { name: "Làm đi" }).tap();
  await expect(card(page, "Trần Thị Quản")).toContainText("đã dừng");
  await hers.goto("/quan-ly/nhan-su");
  await expect(hers).toHaveURL(/\/quan-ly\/dang-nhap\?next=\/quan-ly\/nhan-su#het-phien$/);
});

test("a browser is signed out from another one; a lost phone is replaced by a recovery code", async ({ page, browser }) => {
  createAdmin("quan tri hai");
  await signIn(page, "quan tri hai");
  await expect(page).toHaveURL(/\/quan-ly#?$/);
  const { secret, codes, used } = await setSecondFactor(page);

  const other = await another(browser);
  await signIn(other, "quan tri hai");
  await giveCode(other, used);
  await expect(other.getByText(/^Mã chưa đúng hoặc đã dùng rồi/), "it was used when it was set up").toBeVisible();
  await giveCode(other, totp(secret, 1));
  await expect(other).toHaveURL(/\/quan-ly#?$/);
  await page.goto("/quan-ly/tai-khoan");
  await page.getByRole("button", { name: "Đăng xuất máy đó" }).tap();
  await expect(page.getByRole("button", { name: "Đăng xuất máy đó" })).toHaveCount(0);
  await other.reload();
  await expect(other).toHaveURL(/\/quan-ly\/dang-nhap/);

  for (const expected of [/\/quan-ly#?$/, /\/quan-ly\/ma-xac-thuc#chua-dung$/]) {
    await signIn(other, "quan tri hai");
    await giveCode(other, codes[0] ?? "");
    await expect(other, "each code works once").toHaveURL(expected);
    await other.goto("/quan-ly/dang-nhap");
  }
  await page.reload();
  await expect(page.getByText("Đã cài. Còn 7 mã dự phòng.")).toBeVisible();
  await page.goto("/quan-ly/dang-xuat");
  await page.getByRole("button", { name: "Đăng xuất" }).tap();
  await expect(page.getByText("Bạn đã đăng xuất khỏi máy này.")).toBeVisible();
  await page.goto("/quan-ly/tai-khoan");
  await expect(page).toHaveURL(/\/quan-ly\/dang-nhap/);
});

test("signing in works without script and says kindly what is wrong", async ({ browser }) => {
  createAdmin("quan tri ba");
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto("/quan-ly/dang-nhap?next=/quan-ly/tai-khoan");
  for (const [password, where] of [["sai mật khẩu rồi", /dang-nhap\?next=\/quan-ly\/tai-khoan#chua-dung$/], [PASSWORD, /\/quan-ly\/tai-khoan#?$/]] as const) {
    await page.getByLabel("Tên đăng nhập hoặc số điện thoại").fill("Quản Trị Ba");
    await page.getByLabel("Mật khẩu").fill(password);
    await page.getByRole("button", { name: "Đăng nhập" }).tap();
    await expect(page).toHaveURL(where);
    if (password !== PASSWORD) await expect(page.getByText(/^Tên hoặc mật khẩu chưa đúng/)).toBeVisible();
  }
  await expect(page.getByText(/^Trang này cần bật JavaScript/)).toBeVisible();
});

test("every page is whole on a phone, accessible, in light and dark", async ({ page }) => {
  test.setTimeout(240_000);
  const faults: string[] = [];
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(error.message));
  createAdmin("quan tri bon");
  await signIn(page, "quan tri bon");
  await expect(page).toHaveURL(/\/quan-ly#?$/);
  await setSecondFactor(page);
  await addColleague(page, "Nguyễn Thị Một Cái Tên Rất Dài Để Thử Màn Hình Hẹp", "ten.dai", "Đại sứ số", "Xã Phong Nha");
  for (const prefix of ["", "/en"]) {
    for (const path of ["/quan-ly", "/quan-ly/tai-khoan", "/quan-ly/nguoi-hoc", "/quan-ly/nhap-danh-sach", "/quan-ly/nhan-su", "/quan-ly/nhat-ky"]) {
      await page.goto(`${prefix}${path}`);
      await page.locator("html[data-awake]").waitFor({ state: "attached" });
      await expect(page.getByText(/^(Đang mở…|Opening…)$/)).toHaveCount(0);
      for (const details of await page.locator("main details").all()) await details.evaluate((one: HTMLDetailsElement) => (one.open = true));
      await expect(page.getByText(/^(Đang mở…|Opening…)$/)).toHaveCount(0);
      for (const [width, size] of [[360, "1"], [320, "1"], [360, "3"]] as const) {
        await page.setViewportSize({ width, height: 640 });
        await page.evaluate((size) => (document.documentElement.dataset.size = size), size);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
        expect.soft(wide, `${prefix}${path} is wider than ${width} px with letters of size ${size}`).toBe(false);
      }
      await page.setViewportSize({ width: 360, height: 640 });
      await page.evaluate(() => (document.documentElement.dataset.size = "1"));
      const small = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>("main :is(button, summary, a.button, input, select)")]
          .filter((target) => target.checkVisibility() && (target.closest("label") ?? target).getBoundingClientRect().height < 44)
          .map((target) => target.outerHTML.slice(0, 90)),
      );
      expect.soft(small, `${prefix}${path}: targets below 44 px`).toEqual([]);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        const { violations } = await new AxeBuilder({ page }).analyze();
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
        expect.soft(found, `${prefix}${path} ${colorScheme}`).toEqual([]);
      }
    }
  }
  expect(faults).toEqual([]);
});

test("nothing personal stands in a page's HTML or address, and a learner's phone keeps nothing of staff", async ({ page, request }) => {
  createAdmin("quan tri nam");
  await signIn(page, "quan tri nam");
  await expect(page).toHaveURL(/\/quan-ly#?$/);
  await expect(page.getByText("Chào quan tri nam")).toBeVisible();
  for (const path of ["/quan-ly", "/quan-ly/tai-khoan", "/quan-ly/nguoi-hoc", "/quan-ly/nhap-danh-sach", "/quan-ly/nhan-su", "/quan-ly/nhat-ky"]) {
    const mine = await (await page.request.get(path)).text();
    const nobodys = await (await request.get(path)).text();
    expect(mine).toBe(nobodys);
    expect(mine).not.toContain("quan tri nam");
  }
  const worker = await (await request.get("/sw.js")).text();
  expect(/const ASSETS = (\[.*?\]);/.exec(worker)?.[1]).not.toContain("staff");
  const lesson = await (await request.get("/")).text();
  expect(lesson).not.toContain("staff");
});
