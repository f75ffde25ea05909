// The tree of places: today's units and those of before, opened level by level, found without diacritics; and the hamlets, which
// whoever looks after a commune keeps.
import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Locator, type Page } from "@playwright/test";
import { call, createAdmin, picture, setSecondFactor, signIn } from "./staff.ts";

async function signedIn(page: Page, name: string): Promise<void> {
  createAdmin(name);
  await signIn(page, name);
  await expect(page).toHaveURL(/\/quan-ly#?$/);
  await setSecondFactor(page);
}

test("old Quảng Bình has 154 units, and 1 + 41 today; each says what it became and came from", async ({ page }) => {
  test.setTimeout(120_000);
  await signedIn(page, "quan tri dia ban");
  await page.goto("/quan-ly");
  await page.locator("a.card", { hasText: "Cây địa bàn" }).tap();
  await expect(page.getByText("34 tỉnh, thành phố + 3.321 xã, phường, đặc khu = 3.355 đơn vị")).toBeVisible();
  const names = page.locator(".places h3");
  await expect(names).toHaveCount(34);
  expect((await names.allTextContents()).slice(0, 3), "in Vietnamese order").toEqual(["Tỉnh An Giang", "Tỉnh Bắc Ninh", "Tỉnh Cà Mau"]);
  await picture(page, "places");

  await page.getByRole("link", { name: "Trước 1/7/2025" }).tap();
  await expect(names).toHaveCount(63);
  await page.getByLabel("Tìm theo tên, không cần dấu").fill("quang binh");
  await page.getByRole("link", { name: "Tỉnh Quảng Bình", exact: true }).first().tap();
  await expect(page.getByText("1 tỉnh, thành phố + 8 quận, huyện, thị xã, thành phố + 145 xã, phường, thị trấn = 154 đơn vị")).toBeVisible();
  await expect(page.locator("section.card")).toContainText("145 xã, phường, thị trấn ở đây nay là 41 xã, phường, đặc khu.");
  await expect(page.locator("section.card")).toContainText("Tính cả tỉnh: 1 + 41 = 42.");
  await picture(page, "places-quang-binh");
  await page.getByRole("link", { name: "Thành phố Đồng Hới" }).tap();
  await expect(names).toHaveCount(15);
  await page.getByRole("link", { name: "Phường Bắc Lý" }).tap();
  await expect(page.getByText("Mã 18859. Dùng đến hết 30/6/2025.")).toBeVisible();
  await page.getByRole("link", { name: "Phường Đồng Thuận" }).tap();
  await expect(page.getByText("Mã 18859. Có từ 1/7/2025."), "the same code, another unit").toBeVisible();
  await expect(page.locator("section.card").getByRole("link", { name: "Phường Bắc Lý" })).toBeVisible();
  await page.getByRole("navigation", { name: "Nơi này nằm trong" }).getByRole("link", { name: "Tỉnh Quảng Trị" }).tap();
  await expect(page.getByText("1 tỉnh, thành phố + 78 xã, phường, đặc khu = 79 đơn vị")).toBeVisible();
  await expect(page.locator("section.card")).toContainText("41 xã, phường, đặc khu ở đây có từ 145 xã, phường, thị trấn.");
  await expect(page.getByLabel("Tìm theo tên, không cần dấu"), "the field is free for the next search").toHaveValue("");
  await picture(page, "places-quang-tri");
  await page.goBack();
  await expect(page.getByRole("heading", { name: "Phường Đồng Thuận" })).toBeVisible();
  await page.goto("/quan-ly/dia-ban#75@20250701");
  await expect(page.getByText("Đến hết 29/4/2026 tên là Tỉnh Đồng Nai.")).toBeVisible();
  await expect(page.getByText(/^Nguồn: bộ dữ liệu vietnamadminunits 1\.0\.4, giấy phép MIT/)).toBeVisible();
});

test("hamlets are added, renamed, closed and opened again; one with people is not removed", async ({ page }) => {
  test.setTimeout(120_000);
  await signedIn(page, "quan tri thon ban");
  await page.goto("/quan-ly/dia-ban#19147@20250701");
  await expect(page.getByText("Chưa có thôn, bản, tổ dân phố nào. Thêm nơi đầu tiên?")).toBeVisible();
  const add = async (name: string) => {
    await page.getByLabel("Tên thôn, bản, tổ dân phố").last().fill(name);
    await page.getByRole("button", { name: "Thêm vào xã, phường này" }).tap();
  };
  const change = (one: Locator) => one.locator("details").evaluate((details: HTMLDetailsElement) => (details.open = true));
  const hamlet = (name: string) => page.locator(".places > li").filter({ has: page.getByRole("heading", { name, exact: true }) });
  await add("Bản Cồn Roàng");
  await expect(page.getByRole("status")).toContainText("Đã thêm Bản Cồn Roàng.");
  await add("ban con roang");
  await expect(page.getByText(/^Xã, phường này đã có nơi tên như vậy/)).toBeVisible();
  await add("Bản Ghi Nhầm");
  await expect(hamlet("Bản Ghi Nhầm")).toBeVisible();
  const id = (await call(page, "open-place", { place: "19147@20250701", before: false })).answer.below[0].place.id;
  expect((await call(page, "add-person", { details: { name: "Hồ Thị Thượng", place: id } })).status).toBe(200);
  await page.reload();
  await expect(page.getByText("1 người học; 0 người chưa rõ thôn, bản, tổ.")).toBeVisible();

  const roang = hamlet("Bản Cồn Roàng");
  await roang.locator("summary").tap();
  await picture(page, "places-hamlets");
  await expect(roang.getByRole("button", { name: "Gỡ bỏ" }), "people live there").toHaveCount(0);
  expect((await call(page, "remove-hamlet", { hamlet: id })).answer.code).toBe("hamlet-in-use");
  await roang.getByLabel("Tên thôn, bản, tổ dân phố").fill("Bản Cồn Roàng Mới");
  await roang.getByRole("button", { name: "Đổi tên" }).tap();
  await expect(page.getByRole("status")).toContainText("Đã đổi tên.");
  const renamed = hamlet("Bản Cồn Roàng Mới");
  await expect(renamed).toBeVisible();
  await change(renamed);
  await renamed.getByRole("button", { name: "Đóng", exact: true }).tap();
  await expect(page.getByRole("status")).toContainText("Đã ghi: dùng đến hết");
  await expect(renamed).toContainText("Dùng đến hết");
  await change(renamed);
  await renamed.getByRole("button", { name: "Mở lại" }).tap();
  await expect(page.getByRole("status")).toContainText("Đã mở lại.");

  const mistake = hamlet("Bản Ghi Nhầm");
  await mistake.locator("summary").tap();
  await mistake.getByRole("button", { name: "Gỡ bỏ" }).tap();
  await mistake.getByRole("button", { name: "Làm đi" }).tap();
  await expect(page.getByRole("status")).toContainText("Đã gỡ bỏ.");
  await expect(mistake).toHaveCount(0);
  await page.goto("/quan-ly/nhat-ky");
  await expect(page.getByRole("row").filter({ hasText: "Đổi tên thôn, tổ: Bản Cồn Roàng → Bản Cồn Roàng Mới" })).toBeVisible();
});

test("both pages are whole on a phone and accessible, in both languages, in light and dark", async ({ page }) => {
  test.setTimeout(180_000);
  await signedIn(page, "quan tri hai trang");
  for (const name of ["Lê Thị Giống", "Lê Thị Giống"]) {
    expect((await call(page, "add-person", { details: { name, birth_year: 1950, place: "19204@20250701" } })).status).toBe(200);
  }
  await call(page, "add-hamlet", { commune: "19204@20250701", name: "Bản Dài Tên Lắm Chữ Ở Tận Đầu Nguồn" });
  for (const [address, ready] of [
    ["/quan-ly/trung-lap", ".pairs > li"],
    ["/en/quan-ly/trung-lap", ".pairs > li"],
    ["/quan-ly/dia-ban#44@0", ".places > li"],
    ["/quan-ly/dia-ban#19204@20250701", ".places > li"],
    ["/en/quan-ly/dia-ban#44@20250701", ".places > li"],
  ] as const) {
    await page.goto(address);
    await page.locator(ready).first().waitFor();
    for (const details of await page.locator("main details").all()) await details.evaluate((one: HTMLDetailsElement) => (one.open = true));
    for (const [width, size] of [[360, "1"], [320, "1"], [360, "3"]] as const) {
      await page.setViewportSize({ width, height: 640 });
      await page.evaluate((size) => (document.documentElement.dataset.size = size), size);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
      expect.soft(wide, `${address} is wider than ${width} px with letters of size ${size}`).toBe(false);
    }
    await page.evaluate(() => (document.documentElement.dataset.size = "1"));
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
      expect.soft(found, `${address} ${colorScheme}`).toEqual([]);
    }
  }
});
