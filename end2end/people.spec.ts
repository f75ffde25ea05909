// People: an ambassador enters a neighbour, hands the code over, and helps later; whoever looks is seen. Lists come in and
// go out as files.
import { readFile } from "node:fs/promises";
import { expect, test, type Page } from "@playwright/test";
import { addColleague, another, call, createAdmin, ownPassword, picture, setSecondFactor, signIn } from "./staff.ts";

const NAME = "Hồ Thị Lan Tận Đầu Làng";

/** Adds somebody on "Người học"; returns the code and PIN to hand over. */
async function addPerson(page: Page, name: string, place: RegExp, typed: string): Promise<{ code: string; pin: string }> {
  await page.getByText("Thêm người học", { exact: true }).tap();
  const form = page.locator("details[open] form");
  await form.getByLabel("Họ và tên").fill(name);
  await form.getByLabel("Năm sinh").fill("1958");
  await form.getByLabel("Nhóm").selectOption({ label: "Người dân" });
  await form.getByLabel("Cần nghe thay vì đọc").check();
  await form.getByRole("searchbox", { name: "Địa bàn" }).fill(typed);
  await form.getByRole("button", { name: place }).tap();
  await form.getByRole("button", { name: "Thêm", exact: true }).tap();
  return handedOver(page, name);
}

async function handedOver(page: Page, name: string): Promise<{ code: string; pin: string }> {
  await expect(page.getByRole("heading", { name: `Chép ra giấy, trao cho ${name}` })).toBeVisible();
  const [code = "", pin = ""] = await page.locator(".secret").allTextContents();
  await page.getByRole("button", { name: "Tôi đã trao" }).tap();
  await expect(page.locator(".secret")).toHaveCount(0);
  return { code, pin };
}

test("an ambassador enters somebody, who opens the record on her own phone; a forgotten PIN is replaced", async ({ page, browser }) => {
  test.setTimeout(180_000);
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  createAdmin("quan tri nguoi hoc");
  await signIn(page, "quan tri nguoi hoc");
  await expect(page).toHaveURL(/\/quan-ly#?$/);
  await setSecondFactor(page);
  const given = await addColleague(page, "Trần Thị Sứ", "su.phongnha", "Đại sứ số", "Xã Phong Nha");

  const hers = await another(browser);
  await ownPassword(hers, "su.phongnha", given);
  await hers.locator(".card", { hasText: "Người học" }).tap();
  await expect(hers.getByText("Chưa có ai. Thêm người đầu tiên?")).toBeVisible();
  const first = await addPerson(hers, NAME, /Xã Phong Nha/, "phong nha");
  expect(first.pin).toMatch(/^\d{6}$/);

  // What is on the paper opens the record.
  const learner = await another(browser);
  const opens = ({ code, pin }: { code: string; pin: string }) =>
    learner.evaluate(
      async ([code, pin]) => {
        const token = btoa(String.fromCharCode(...new Uint8Array(32).fill(7))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
        const response = await fetch("/api/v1/records/open", {
          method: "POST",
          headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
          body: JSON.stringify({ protocol: 2, device: "0198a000-0000-7000-8000-00000000a701", code, pin }),
        });
        return response.status;
      },
      [code.replaceAll(" ", ""), pin] as const,
    );
  await learner.goto("/");
  expect(await opens(first)).toBe(200);

  // Found as typed, without marks; nobody's name stands in an address that a server sees.
  const entry = hers.getByRole("link", { name: NAME });
  // Asked for when the fingers rest.
  const asked = hers.waitForRequest((request) => request.url().endsWith("/list-people") && (request.postData() ?? "").includes("lan tan"));
  await hers.getByLabel("Tìm theo tên, mã hoặc số điện thoại").fill("lan tan");
  await asked;
  await expect(entry).toBeVisible();
  await hers.locator(".filters").getByLabel("Nhóm").selectOption({ label: "Học sinh, sinh viên" });
  await expect(hers.getByText(/^Không có ai như vậy/)).toBeVisible();
  await hers.locator(".filters").getByLabel("Nhóm").selectOption({ label: "Người dân" });
  await entry.tap();
  await expect(hers).toHaveURL(/\/quan-ly\/nguoi-hoc#[0-9a-f-]{36}$/);
  await expect(hers.getByRole("heading", { name: NAME })).toBeVisible();
  await expect(hers.locator(".kept")).toContainText("Cần nghe thay vì đọc");
  await expect(hers.getByText("Chưa có đèn nào sáng.")).toBeVisible();
  await expect(hers.getByText("Ai đã xem, đã sửa"), "the log is not an ambassador's").toHaveCount(0);
  // Back in the list, it is as it was asked for.
  await hers.getByRole("link", { name: "Về danh sách" }).tap();
  await expect(hers.getByLabel("Tìm theo tên, mã hoặc số điện thoại")).toHaveValue("lan tan");
  await expect(hers.locator(".filters").getByLabel("Nhóm").locator("option:checked")).toHaveText("Người dân");
  await entry.tap();
  await expect(hers.getByRole("heading", { name: NAME })).toBeVisible();

  await hers.getByText("Sửa thông tin", { exact: true }).tap();
  const form = hers.locator("details[open] form");
  await expect(form.getByLabel("Năm sinh")).toHaveValue("1958");
  await form.getByLabel("Số điện thoại").fill("12");
  await form.getByRole("button", { name: "Lưu" }).tap();
  await expect(form.getByText(/^Số điện thoại chưa đúng/)).toBeVisible();
  await form.getByLabel("Số điện thoại").fill("0912345678");
  await form.getByRole("button", { name: "Lưu" }).tap();
  await expect(hers.getByText("Đã lưu.")).toBeVisible();
  await expect(hers.locator(".kept")).toContainText("0912 345 678");

  await hers.getByRole("button", { name: "Cấp mã PIN mới" }).tap();
  await hers.getByRole("button", { name: "Làm đi" }).tap();
  const second = await handedOver(hers, NAME);
  expect(second.code).toBe(first.code);
  expect(await opens(second)).toBe(200);
  if (second.pin !== first.pin) expect(await opens(first), "the old PIN").toBe(403);

  // The administrator sees who looked; whole at 360 px.
  await page.goto(`/quan-ly/nguoi-hoc${new URL(hers.url()).hash}`);
  const looks = page.getByRole("row").filter({ hasText: "Xem một người học" }).filter({ hasText: "Trần Thị Sứ" });
  await expect(looks.first()).toBeVisible();
  for (const details of await page.locator("main details").all()) await details.evaluate((one: HTMLDetailsElement) => (one.open = true));
  for (const [width, size] of [[360, "1"], [360, "3"]] as const) {
    await page.setViewportSize({ width, height: 640 });
    await page.evaluate((size) => (document.documentElement.dataset.size = size), size);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    expect.soft(wide, `wider than ${width} px with letters of size ${size}`).toBe(false);
  }
  await page.getByRole("link", { name: "Về danh sách" }).tap();
  // She may stand on a later page: others' stories fill the same country.
  await page.getByRole("searchbox", { name: /^Tìm theo tên/ }).fill("tan dau lang");
  await expect(page.getByRole("link", { name: NAME })).toBeVisible();
  expect(faults).toEqual([]);
});

test("a list is looked at, written, taken back and taken out", async ({ page }) => {
  test.setTimeout(120_000);
  createAdmin("quan tri danh sach");
  await signIn(page, "quan tri danh sach");
  await expect(page).toHaveURL(/\/quan-ly#?$/);
  await setSecondFactor(page);
  await page.goto("/quan-ly/nhap-danh-sach");
  await expect(page.getByText("Bạn chưa ghi danh sách nào.")).toBeVisible();
  const list = "Họ và tên;Năm sinh;SĐT\nHồ Thị Danh Sách;1968;0912345678\nLê Văn Năm;1492;12\n";
  await page.getByLabel("Tệp danh sách").setInputFiles({ name: "lop.csv", mimeType: "text/csv", buffer: Buffer.from(list) });
  await page.getByRole("searchbox", { name: "Địa bàn" }).fill("phu xuan");
  await page.getByRole("button", { name: /^Phường Phú Xuân/ }).tap();
  await page.getByRole("button", { name: "Xem trước" }).tap();
  await expect(page.getByText("Dòng 3: Lê Văn Năm")).toBeVisible();
  await expect(page.getByText("Năm sinh “1492”: Năm sinh không thể có.")).toBeVisible();
  await expect(page.getByText("Số điện thoại “12”: Số điện thoại chưa đúng.")).toBeVisible();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  expect(wide, "wider than 360 px").toBe(false);
  await page.getByRole("button", { name: "Ghi 1 người" }).tap();
  await expect(page.getByText("Đã ghi: thêm 1 người, sửa 0 người, bỏ qua 1 dòng.")).toBeVisible();

  await page.getByRole("button", { name: "Lấy tệp CSV" }).tap();
  const [saved] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Lưu tệp về máy" }).tap()]);
  expect(saved.suggestedFilename()).toBe("nguoi-hoc.csv");
  expect(await readFile(await saved.path(), "utf8")).toContain("Hồ Thị Danh Sách");

  await page.getByRole("button", { name: "Rút lại" }).tap();
  await page.getByRole("button", { name: "Làm đi" }).tap();
  await expect(page.getByText("Đã rút lại: gỡ 1 người, trả 0 người về như cũ, giữ nguyên 0 người.")).toBeVisible();
  await page.goto("/quan-ly/nguoi-hoc");
  await page.getByLabel("Tìm theo tên, mã hoặc số điện thoại").fill("danh sach");
  await expect(page.getByText(/^Không có ai như vậy/)).toBeVisible();
});

test("where an authority asks for it, three digits of an identity number are kept", async ({ page }) => {
  createAdmin("quan tri dinh danh");
  await signIn(page, "quan tri dinh danh");
  await expect(page).toHaveURL(/\/quan-ly#?$/);
  await setSecondFactor(page);
  const details = { name: "Phạm Thị Ngần", birth_year: 1958, place: "19207@20250701" };
  const { answer } = await call(page, "add-person", { details });
  await page.goto(`/quan-ly/nguoi-hoc#${answer.id}`);
  await page.getByText("Số định danh", { exact: true }).tap();
  const part = page.locator("details[open]", { hasText: "Số định danh" });
  await expect(part).toContainText("Chưa ghi số định danh.");
  await part.getByLabel("Số định danh, 12 số").fill("0441581");
  await part.getByRole("button", { name: "Ghi số" }).tap();
  await expect(part.getByRole("alert")).toContainText("Số định danh có đúng 12 số. Bạn xem lại.");
  await part.getByLabel("Số định danh, 12 số").fill("044 168 123 789");
  await part.getByRole("button", { name: "Ghi số" }).tap();
  await expect(part).toContainText("Đã ghi. Ba số cuối là 789. Máy chủ không giữ cả số.");
  await expect(part, "the number speaks of 1968").toContainText("Số này ứng với năm sinh khác.");
  await picture(page, "identity");
  await page.reload();
  await page.getByText("Số định danh", { exact: true }).tap();
  await expect(part).toContainText("Ba số cuối là 789");
  expect(await page.content()).not.toContain("044168123789");
  await part.getByRole("button", { name: "Xóa số đã ghi" }).tap();
  await part.getByRole("button", { name: "Làm đi" }).tap();
  await expect(part).toContainText("Chưa ghi số định danh.");
});
