// The story of a class: whoever looks after a commune opens it, fills it from a list and by hand, prints everybody's card, and gives
// it to a teacher, who sees her class and nobody else. And the story of somebody in charge of one group of a place.
import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { askForRecord, everythingSent, FIRST, learn, open } from "./pages.ts";
import { addColleague, another, call, createAdmin, firstDay, ownPassword, picture, setSecondFactor, signIn } from "./staff.ts";

const PLACE = "Xã Trường Ninh";
const LIST = ["Họ và tên;Năm sinh;Lớp", "Hồ Thị Sen;2012;Lớp 7A", "Lê Văn Đước;2012;7a", "Cao Thị Mận;2011;7B"].join("\n");

async function isWide(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}

test("a class is opened, filled, given its cards and its teacher, who sees nobody else", async ({ page, browser }) => {
  test.setTimeout(240_000);
  const faults: string[] = [];
  createAdmin("quan tri lop hoc");
  await signIn(page, "quan tri lop hoc");
  await expect(page).toHaveURL(/\/quan-ly#?$/);
  await setSecondFactor(page);
  const given = await addColleague(page, "Võ Thị Thu", "thu.quangninh", "Quản lý địa bàn", PLACE);
  const thu = await firstDay(browser, "thu.quangninh", given);
  thu.on("pageerror", (error) => faults.push(error.message));

  await thu.goto("/quan-ly");
  await thu.locator("a.card", { hasText: "Lớp học" }).tap();
  await expect(thu.getByText("Chưa có lớp nào.")).toBeVisible();
  await thu.getByText("Mở lớp mới").tap();
  await thu.getByLabel("Tên lớp").fill("Lớp 7A");
  await thu.getByRole("searchbox", { name: "Địa bàn" }).fill("truong ninh");
  await thu.getByRole("button", { name: new RegExp(`^${PLACE}`) }).tap();
  await thu.getByRole("button", { name: "Mở lớp", exact: true }).tap();
  await expect(thu.getByText("Chưa có ai trong lớp. Thêm người đầu tiên?")).toBeVisible();

  // From a list: "7a" is the class that is there, 7B is opened with the list.
  await thu.goto("/quan-ly/nhap-danh-sach");
  await thu.getByLabel("Tệp danh sách").setInputFiles({ name: "lop.csv", mimeType: "text/csv", buffer: Buffer.from(LIST) });
  await thu.getByRole("searchbox", { name: "Địa bàn" }).fill("truong ninh");
  await thu.getByRole("button", { name: new RegExp(`^${PLACE}`) }).tap();
  await thu.getByRole("button", { name: "Xem trước" }).tap();
  await expect(thu.getByText("Lớp sẽ mở mới: 7B.")).toBeVisible();
  await thu.getByRole("button", { name: "Ghi 3 người" }).tap();
  await expect(thu.getByText("Đã ghi: thêm 3 người, sửa 0 người, bỏ qua 0 dòng.")).toBeVisible();

  // By hand: somebody new, and somebody who is there already.
  await thu.goto("/quan-ly/lop-hoc");
  await expect(thu.locator(".rows > li")).toHaveCount(2);
  await picture(thu, "classes");
  await thu.getByRole("searchbox", { name: "Tìm lớp theo tên" }).fill("7a");
  await expect(thu.locator(".rows > li")).toHaveCount(1);
  await thu.getByRole("link", { name: /Lớp 7A/ }).tap();
  // Whoever comes back finds the list as it was asked for.
  await thu.getByRole("link", { name: "Về danh sách lớp" }).tap();
  await expect(thu.getByRole("searchbox", { name: "Tìm lớp theo tên" })).toHaveValue("7a");
  await expect(thu.locator(".rows > li")).toHaveCount(1);
  await thu.getByRole("link", { name: /Lớp 7A/ }).tap();
  await thu.getByText("Ghi tên người mới vào lớp").tap();
  await thu.getByLabel("Họ và tên").fill("Đỗ Văn Bàng");
  await thu.getByRole("searchbox", { name: "Địa bàn" }).fill("truong ninh");
  await thu.getByRole("button", { name: new RegExp(`^${PLACE}`) }).tap();
  await thu.getByRole("button", { name: "Ghi tên vào lớp" }).tap();
  await expect(thu.getByText("Đỗ Văn Bàng đã vào lớp.")).toBeVisible();
  await thu.getByRole("button", { name: "Tôi đã trao" }).tap();
  await expect(thu.locator(".rows > li")).toHaveCount(3);
  await thu.getByText("Thêm người đã có hồ sơ").tap();
  await thu.getByRole("searchbox", { name: "Tên, mã học viên hoặc số điện thoại" }).fill("man");
  await thu.getByRole("button", { name: /Cao Thị Mận/ }).tap();
  await expect(thu.getByText("Cao Thị Mận đã vào lớp.")).toBeVisible();
  await expect(thu.locator(".rows > li")).toHaveCount(4);
  await expect(thu.getByText("Cả lớp đã thắp sáng 0 đèn.")).toBeVisible();

  // Cards for the three who came without a PIN.
  await thu.getByRole("button", { name: "Cấp PIN và in thẻ" }).tap();
  await thu.getByRole("button", { name: "Làm đi" }).tap();
  await expect(thu.locator(".learner-card")).toHaveCount(3);
  const sen = thu.locator(".learner-card", { hasText: "Hồ Thị Sen" });
  const [code = "", pin = ""] = await sen.locator(".secret").allTextContents();
  const duoc = await thu.locator(".learner-card", { hasText: "Lê Văn Đước" }).locator(".secret").allTextContents();
  await picture(thu, "class-cards");
  expect(await isWide(thu), "wider than 360 px").toBe(false);
  await thu.getByRole("button", { name: "Đã in xong" }).tap();
  await expect(thu.locator(".learner-card")).toHaveCount(0);
  await expect(thu.getByText("Mã và PIN cho cả lớp")).toBeHidden();

  // Her teacher is given the class, not the commune.
  await thu.goto("/quan-ly/nhan-su");
  await thu.getByText("Thêm người", { exact: true }).first().tap();
  const form = thu.locator("details[open]").filter({ hasText: "Họ và tên" });
  await form.getByLabel("Họ và tên").fill("Phan Thị Giang");
  await form.getByLabel("Tên đăng nhập").fill("giang.lop7a");
  await form.getByLabel("Vai trò").selectOption({ label: "Đại sứ số" });
  await form.getByLabel("Cho ai").selectOption({ label: "Cả một lớp" });
  await expect(form.getByRole("searchbox", { name: "Địa bàn" })).toHaveCount(0);
  const ofClass = form.getByRole("combobox", { name: "Lớp", exact: true });
  await ofClass.selectOption({ label: `Lớp 7A, ${PLACE}, Tỉnh Quảng Trị` });
  await expect(ofClass.locator("option:checked"), "what was chosen is shown").toHaveText(/^Lớp 7A/);
  await picture(thu, "role-for-a-class");
  await form.getByRole("button", { name: "Thêm người" }).tap();
  await expect(thu.getByRole("heading", { name: "Mật khẩu để trao tận tay" })).toBeVisible();
  const forGiang = (await thu.locator(".secret").textContent()) ?? "";
  await thu.getByRole("button", { name: "Tôi đã trao" }).tap();
  await expect(thu.getByText("Đại sứ số, Lớp 7A")).toBeVisible();

  const giang = await another(browser);
  giang.on("pageerror", (error) => faults.push(error.message));
  await ownPassword(giang, "giang.lop7a", forGiang);
  await expect(giang.getByText("Đại sứ số, Lớp 7A")).toBeVisible();
  // One of her pupils opens her record with what stands on the card, and lights a lamp.
  const pupil = await another(browser);
  await open(pupil, "/cua-toi");
  await askForRecord(pupil, code.replaceAll(" ", ""), pin);
  // Nobody has asked her yet whether her work may be sent: her name is there, the PIN is hers, only the agreement is missing.
  await expect(pupil.getByText("Hồ sơ của bạn đã có.")).toBeVisible();
  await expect(pupil.getByLabel("Họ và tên")).toHaveValue("Hồ Thị Sen");
  await expect(pupil.getByLabel("Mã PIN mới")).toHaveCount(0);
  await picture(pupil, "pupil-agrees");
  await pupil.getByLabel(/^Tôi đồng ý/).check();
  await pupil.getByRole("button", { name: "Giữ bài học" }).tap();
  await expect(pupil.getByText("Máy chủ đã giữ hồ sơ này.")).toBeVisible();
  await learn(pupil, FIRST);
  await everythingSent(pupil);

  await giang.goto("/quan-ly/lop-hoc");
  await expect(giang.locator(".rows > li")).toHaveCount(1);
  await expect(giang.getByText("Mở lớp mới")).toHaveCount(0);
  await expect(async () => {
    await giang.goto("/quan-ly/lop-hoc");
    await giang.getByRole("link", { name: /Lớp 7A/ }).tap();
    await expect(giang.getByText("Cả lớp đã thắp sáng 1 đèn.")).toBeVisible({ timeout: 3_000 });
  }).toPass();
  const row = giang.locator(".rows > li", { hasText: "Hồ Thị Sen" });
  await expect(row).toContainText("1 đèn đã sáng");
  await row.locator("summary").tap();
  await expect(row.getByRole("link", { name: "Xem người này" })).toBeVisible();
  await picture(giang, "class");
  expect(await isWide(giang), "wider than 360 px").toBe(false);
  const { violations } = await new AxeBuilder({ page: giang }).analyze();
  expect(violations).toEqual([]);
  const { answer: hers } = await call(giang, "list-people", { question: { typed: "", group: null, after: null } });
  expect(hers.rows.map((person: { name: string }) => person.name)).toEqual(["Đỗ Văn Bàng", "Lê Văn Đước", "Cao Thị Mận", "Hồ Thị Sen"]);
  // The father of another one came to school and agreed: his son is not asked again.
  await giang.locator(".rows > li", { hasText: "Lê Văn Đước" }).locator("summary").tap();
  await giang.locator(".rows > li", { hasText: "Lê Văn Đước" }).getByRole("link", { name: "Xem người này" }).tap();
  await expect(giang.getByText("Lớp 7A", { exact: true })).toBeVisible();
  await giang.getByRole("heading", { name: "Ghi lời đồng ý" }).tap();
  const agreeing = giang.locator("details[open] form");
  await agreeing.getByLabel(/^Tôi đã đọc to/).check();
  await agreeing.getByRole("button", { name: "Ghi lời đồng ý" }).tap();
  await expect(agreeing.getByRole("alert")).toContainText("Bạn ghi tên người đồng ý thay cho trẻ.");
  await agreeing.getByLabel("Tên người đồng ý thay").fill("Lê Văn Cha");
  await picture(giang, "agreement");
  await agreeing.getByRole("button", { name: "Ghi lời đồng ý" }).tap();
  await expect(giang.locator(".lines li", { hasText: "Lê Văn Cha" })).toContainText("Phan Thị Giang");
  const son = await another(browser);
  await open(son, "/cua-toi");
  await askForRecord(son, (duoc[0] ?? "").replaceAll(" ", ""), duoc[1] ?? "");
  await expect(son.getByText("Máy chủ đã giữ hồ sơ này.")).toBeVisible();
  await expect(son.getByLabel(/^Tôi đồng ý/)).toHaveCount(0);
  // The other class, by its number and whatever the page would call.
  const { answer: classes } = await call(thu, "list-classes", { typed: "7b" });
  for (const [name, body] of [
    ["see-class", { class: classes.classes[0].id }],
    ["give-class-pins", { class: classes.classes[0].id }],
  ] as const) {
    expect((await call(giang, name, body)).status, name).toBe(404);
  }
  await giang.goto(`/quan-ly/lop-hoc#${classes.classes[0].id}`);
  await expect(giang.getByRole("alert")).toContainText("Không có, hoặc không thuộc địa bàn của bạn.");

  // Taken out of the class, somebody is out of her sight; the record stays.
  const mine = (await call(thu, "list-classes", { typed: "7a" })).answer.classes[0].id;
  await thu.goto(`/quan-ly/lop-hoc#${mine}`);
  const leaving = thu.locator(".rows > li", { hasText: "Cao Thị Mận" });
  await leaving.locator("summary").tap();
  await leaving.getByRole("button", { name: "Đưa ra khỏi lớp" }).tap();
  await leaving.getByRole("button", { name: "Làm đi" }).tap();
  await expect(thu.getByText("Đã đưa Cao Thị Mận ra khỏi lớp.")).toBeVisible();
  await expect(thu.locator(".rows > li")).toHaveCount(3);
  const after = (await call(giang, "list-people", { question: { typed: "man", group: null, after: null } })).answer;
  expect(after.rows).toEqual([]);
  await thu.getByText("Đổi tên, đóng lớp").tap();
  await thu.getByRole("button", { name: "Đóng lớp", exact: true }).tap();
  await thu.getByRole("button", { name: "Làm đi" }).tap();
  await expect(thu.getByText("Lớp đã đóng, không ghi thêm người.")).toBeVisible();
  expect(faults).toEqual([]);
});

test("whoever looks after the pupils of a place sees no one else there", async ({ page, browser }) => {
  test.setTimeout(120_000);
  createAdmin("quan tri nhom");
  await signIn(page, "quan tri nhom");
  await expect(page).toHaveURL(/\/quan-ly#?$/);
  await setSecondFactor(page);
  const place = "19051@20250701";
  for (const [name, group] of [["Trần Thị Búp", "student"], ["Trần Văn Cội", "resident"]]) {
    const { status } = await call(page, "add-person", { details: { name, place, group } });
    expect(status).toBe(200);
  }
  await page.goto("/quan-ly/nhan-su");
  await page.getByText("Thêm người", { exact: true }).first().tap();
  const form = page.locator("details[open]").filter({ hasText: "Họ và tên" });
  await form.getByLabel("Họ và tên").fill("Ngô Thị Hạ");
  await form.getByLabel("Tên đăng nhập").fill("ha.hocsinh");
  await form.getByLabel("Vai trò").selectOption({ label: "Quản lý địa bàn" });
  await form.getByLabel("Cho ai").selectOption({ label: "Học sinh, sinh viên" });
  await form.getByRole("searchbox", { name: "Địa bàn" }).fill("tinh quang tri");
  await form.getByRole("button", { name: /^Tỉnh Quảng Trị/ }).first().tap();
  await form.getByRole("button", { name: "Thêm người" }).tap();
  const given = (await page.locator(".secret").textContent()) ?? "";

  const ha = await firstDay(browser, "ha.hocsinh", given);
  await ha.goto("/quan-ly");
  await expect(ha.getByText("Quản lý địa bàn, Tỉnh Quảng Trị, chỉ nhóm Học sinh, sinh viên")).toBeVisible();
  for (const absent of ["Nhân sự", "Nhật ký", "Sự cố"]) {
    await expect(ha.locator("a.card", { hasText: absent })).toHaveCount(0);
  }
  await ha.goto("/quan-ly/nguoi-hoc");
  await ha.getByRole("searchbox").first().fill("tran");
  await expect(ha.getByText("Trần Thị Búp")).toBeVisible();
  await expect(ha.getByText("Trần Văn Cội")).toHaveCount(0);
  await picture(ha, "one-group");
});

test("where there are more classes than a page shows, it says so, and each is found by its name", async ({ page }) => {
  test.setTimeout(120_000);
  createAdmin("quan tri nhieu lop");
  await signIn(page, "quan tri nhieu lop");
  await expect(page).toHaveURL(/\/quan-ly#?$/);
  await setSecondFactor(page);
  const names = [...Array(200).keys()].map((number) => `Lớp đông ${number + 1}`);
  for (const name of [...names, "Lớp xóa mù số"]) {
    expect((await call(page, "open-class", { name, place: "19051@20250701" })).status).toBe(200);
  }
  await page.goto("/quan-ly/lop-hoc");
  const more = page.getByText("Đây là 200 lớp đầu. Muốn tìm lớp khác, bạn gõ tên lớp.");
  await expect(more).toBeVisible();
  await expect(page.locator(".rows > li")).toHaveCount(200);
  await page.getByRole("searchbox", { name: "Tìm lớp theo tên" }).fill("xoa mu");
  await expect(page.locator(".rows > li")).toHaveText([/^Lớp xóa mù số/]);
  await expect(more).toHaveCount(0);

  // A class that does not fit is given to a teacher all the same.
  await page.goto("/quan-ly/nhan-su");
  await page.getByText("Thêm người", { exact: true }).first().tap();
  const form = page.locator("details[open]").filter({ hasText: "Họ và tên" });
  await form.getByLabel("Họ và tên").fill("Đặng Thị Khuya");
  await form.getByLabel("Tên đăng nhập").fill("khuya.xoamu");
  await form.getByLabel("Vai trò").selectOption({ label: "Đại sứ số" });
  await form.getByLabel("Cho ai").selectOption({ label: "Cả một lớp" });
  await expect(form.getByText(/^Đây là 200 lớp đầu/)).toBeVisible();
  await picture(page, "role-of-many-classes");
  await form.getByRole("searchbox", { name: "Tìm lớp theo tên" }).fill("khong co");
  await expect(form.getByText("Không thấy lớp nào tên như vậy.")).toBeVisible();
  await form.getByRole("searchbox", { name: "Tìm lớp theo tên" }).fill("xoa mu");
  const ofClass = form.getByRole("combobox", { name: "Lớp", exact: true });
  await expect(ofClass.locator("option")).toHaveText(["Chọn lớp", /^Lớp xóa mù số/]);
  await ofClass.selectOption({ index: 1 });
  await expect(form.getByRole("searchbox", { name: "Tìm lớp theo tên" })).toHaveValue("xoa mu");
  await form.getByRole("button", { name: "Thêm người" }).tap();
  await expect(page.getByRole("heading", { name: "Mật khẩu để trao tận tay" })).toBeVisible();
  await page.getByRole("button", { name: "Tôi đã trao" }).tap();
  await page.getByRole("searchbox", { name: "Tìm theo tên" }).fill("khuya");
  await expect(page.getByText("Đại sứ số, Lớp xóa mù số")).toBeVisible();
});
