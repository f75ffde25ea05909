// Duties towards people about whom something is kept: a citizen asks on her phone, an officer answers within the clocks, what
// is deleted is gone from the phone too; incidents, agreements and terms are shown.
import { readFile } from "node:fs/promises";
import { expect, test, type Page } from "@playwright/test";
import { askForRecord, enrol, everythingSent, FIRST, learn, open } from "./pages.ts";
import { facts } from "./record.ts";
import { another, createAdmin, setSecondFactor, signIn } from "./staff.ts";

const SHOTS = process.env.E2E_SHOTS;

/** Takes pictures of a page as a phone and as a desk show it, where somebody asked for them. */
async function shoot(page: Page, name: string): Promise<void> {
  // Nothing is cut off at the side.
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(wider, `${name} is whole on this screen`).toBeLessThanOrEqual(0);
  if (!SHOTS) return;
  const before = page.viewportSize();
  for (const size of [{ width: 360, height: 640 }, { width: 1280, height: 800 }]) {
    await page.setViewportSize(size);
    await page.screenshot({ path: `${SHOTS}/${name}-${size.width}.png`, fullPage: true });
  }
  if (before) await page.setViewportSize(before);
}

async function officer(page: Page, name: string): Promise<void> {
  createAdmin(name);
  await signIn(page, name);
  await expect(page).toHaveURL(/\/quan-ly#?$/);
  await setSecondFactor(page);
}

test("a citizen asks for deletion on her phone; an officer sees the clock, takes the file out and deletes; the phone clears itself", async ({ page, browser }) => {
  test.setTimeout(180_000);
  const name = "Hồ Thị Xin Xóa";
  await learn(page, FIRST);
  const digits = await enrol(page, name);
  await everythingSent(page);

  // Without a network she is told so, and nothing is lost: the same words go when she presses again.
  await open(page, "/cua-toi");
  await page.getByText("Dữ liệu của tôi: ai đã xem").tap();
  await page.getByRole("button", { name: "Xem", exact: true }).tap();
  await expect(page.getByText("Chưa có cán bộ nào mở hồ sơ của bạn.")).toBeVisible();
  await page.getByRole("button", { name: "Xóa dữ liệu" }).tap();
  await page.getByLabel("Lời nhắn, không bắt buộc").fill("Tôi đổi số, không dùng nữa");
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Gửi yêu cầu" }).tap();
  await expect(page.getByText(/mạng/).filter({ visible: true }).first()).toBeVisible();
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Gửi yêu cầu" }).tap();
  await expect(page.getByText("Đã nhận yêu cầu của bạn. Bạn được trả lời trong 2 ngày làm việc.")).toBeVisible();
  await expect(page.getByText(/đã nhận, trả lời trước/)).toHaveCount(1);
  await shoot(page, "my-data");

  const desk = await another(browser);
  await officer(desk, "quan tri yeu cau");
  await desk.goto("/quan-ly/yeu-cau");
  const card = desk.locator(".rows > li").filter({ hasText: name });
  await expect(card).toContainText("Xóa dữ liệu");
  await expect(card).toContainText("Tôi đổi số, không dùng nữa");
  await expect(card).toContainText(/Trả lời lần đầu: còn [1-4] ngày/);
  await expect(card).toContainText("Giải quyết: còn 20 ngày");
  await shoot(desk, "requests");
  await card.getByRole("button", { name: "Tôi đã trả lời lần đầu" }).tap();
  await expect(desk.getByText("Đã ghi: người hỏi đã được trả lời lần đầu.")).toBeVisible();
  await expect(card).not.toContainText("Trả lời lần đầu:");

  // She sees that it moves, and who handled it.
  await open(page, "/cua-toi");
  await page.getByText("Dữ liệu của tôi: ai đã xem").tap();
  await page.getByRole("button", { name: "Xem", exact: true }).tap();
  await expect(page.getByText(/đang làm, xong trước/)).toBeVisible();
  await expect(page.getByText("Quản trị hệ thống quan tri yeu cau xử lý yêu cầu của bạn")).toBeVisible();
  await shoot(page, "my-data-looks");

  await card.getByRole("button", { name: "Lấy tệp dữ liệu của người này" }).tap();
  const saving = desk.waitForEvent("download");
  await card.getByRole("link", { name: "Lưu tệp về máy" }).tap();
  const file = JSON.parse(await readFile((await (await saving).path()) ?? "", "utf8"));
  expect(file.ho_va_ten).toBe(name);
  expect(file.viec_da_ghi.length).toBeGreaterThan(3);

  const danger = card.locator("details", { has: desk.getByText("Xóa người này", { exact: true }) });
  await danger.locator("summary").tap();
  await expect(danger).toHaveAttribute("open");
  // A headless browser that has just saved a file draws nothing more until a picture is taken.
  await desk.screenshot();
  await expect(card.getByRole("button", { name: "Xóa hết" })).toHaveCount(0);
  await card.getByLabel(/^Tôi đã hỏi lại đúng người này/).check();
  await card.getByRole("button", { name: "Xóa hết" }).tap();
  await expect(card.getByText("Không ai lấy lại được nữa.", { exact: false })).toBeVisible();
  await shoot(desk, "requests-delete");
  await card.getByRole("button", { name: "Làm đi" }).tap();
  await expect(desk.getByText("Đã xóa. Nhật ký giữ việc này, không giữ tên.")).toBeVisible();
  await expect(desk.getByText(name)).toHaveCount(0);
  await desk.getByRole("button", { name: "Đã xong" }).tap();
  await expect(desk.locator(".rows > li").filter({ hasText: "Người đã được xóa" })).toHaveCount(1);
  await shoot(desk, "requests-closed");

  // The phone is told when it asks, and clears itself; code and PIN open nothing any more.
  await open(page, "/cua-toi");
  await expect(page.getByRole("heading", { name: "Hồ sơ đã được gỡ khỏi máy này" })).toBeVisible();
  await expect(page.getByText(name)).toHaveCount(0);
  await expect(page.getByText("0/7 đèn đã sáng")).toBeVisible();
  expect(await facts(page), "nothing of hers stays on it").toEqual([]);
  await askForRecord(page, digits, "4827");
  await expect(page.getByText("Mã hoặc PIN chưa đúng. Bạn xem lại nhé.")).toBeVisible();

  // What is left at the desk has no name.
  await desk.goto("/quan-ly/nguoi-hoc");
  await desk.getByLabel("Tìm theo tên, mã hoặc số điện thoại").fill("xin xoa");
  await expect(desk.getByText(/^Không có ai như vậy/)).toBeVisible();
  await desk.goto("/quan-ly/nhat-ky");
  await expect(desk.getByText("Xóa một người theo yêu cầu")).toBeVisible();
  await expect(desk.getByText(name)).toHaveCount(0);
});

test("a request made in person restricts somebody; her agreements are shown with their withdrawal", async ({ page, browser }) => {
  test.setTimeout(180_000);
  const name = "Hồ Thị Hạn Chế";
  await learn(page, FIRST);
  await enrol(page, name);
  await everythingSent(page);
  const desk = await another(browser);
  await officer(desk, "quan tri tai ban");

  const enter = async (kind: string): Promise<void> => {
    await desk.goto("/quan-ly/yeu-cau");
    await desk.getByText("Ghi yêu cầu mới").tap();
    const form = desk.locator("details[open] form");
    await form.getByRole("searchbox").fill("han che");
    await form.getByRole("button", { name: new RegExp(name) }).tap();
    await form.getByLabel("Xin làm gì").selectOption({ label: kind });
    if (kind === "Rút đồng ý") await shoot(desk, "requests-enter");
    await form.getByRole("button", { name: "Ghi lại" }).tap();
    await expect(desk.getByText("Đã ghi yêu cầu. Ngày bắt đầu đếm.")).toBeVisible();
  };
  const card = desk.locator(".rows > li").filter({ hasText: name });
  await enter("Rút đồng ý");
  await card.getByRole("button", { name: "Rút đồng ý" }).tap();
  await card.getByRole("button", { name: "Làm đi" }).tap();
  await expect(desk.getByText("Đã ghi rút đồng ý. Yêu cầu đã xong.")).toBeVisible();
  await desk.goto("/quan-ly/nguoi-hoc");
  await desk.getByLabel("Tìm theo tên, mã hoặc số điện thoại").fill("han che");
  await desk.getByRole("link", { name }).tap();
  await expect(desk.getByText(/đã rút lúc/)).toBeVisible();
  await expect(desk.getByText("Giữ bài học và cấp giấy")).toBeVisible();
  await shoot(desk, "person-consents");

  await enter("Hạn chế xử lý");
  await card.getByRole("button", { name: "Hạn chế", exact: true }).tap();
  await card.getByRole("button", { name: "Làm đi" }).tap();
  await expect(desk.getByText("Đã hạn chế. Yêu cầu đã xong.")).toBeVisible();
  await desk.goto("/quan-ly/nguoi-hoc");
  await desk.getByLabel("Tìm theo tên, mã hoặc số điện thoại").fill("han che");
  await expect(desk.getByText(/^Không có ai như vậy/)).toBeVisible();
  await desk.goto("/quan-ly/yeu-cau");
  await desk.getByRole("button", { name: "Đã xong" }).tap();
  await card.filter({ hasText: "đang hạn chế" }).getByRole("button", { name: "Bỏ hạn chế" }).first().tap();
  await expect(desk.getByText("Đã bỏ hạn chế.")).toBeVisible();
});

test("an incident is written down, watched and printed as a draft; how long things are kept is said", async ({ page, browser }) => {
  test.setTimeout(120_000);
  const desk = await another(browser);
  await officer(desk, "quan tri su co");
  await desk.goto("/quan-ly/su-co");
  await expect(desk.getByText("Chưa có sự cố nào được ghi.")).toBeVisible();
  await desk.getByText("Ghi sự cố mới").tap();
  const form = desk.locator("details[open] form");
  await form.getByLabel("Chuyện gì đã xảy ra").fill("Mất điện thoại có danh sách lớp ở chợ xã");
  const ago = (hours: number): string => new Date(Date.now() + (7 - hours) * 3_600_000).toISOString().slice(0, 16);
  await form.getByLabel("Phát hiện lúc nào").fill(ago(80));
  await form.getByLabel("Những loại dữ liệu nào").fill("Họ tên, năm sinh, xã");
  await form.getByLabel("Bao nhiêu người liên quan").fill("23");
  await shoot(desk, "incidents-form");
  await form.getByRole("button", { name: "Lưu" }).tap();
  await expect(desk.getByText("Đã lưu.")).toBeVisible();
  const card = desk.locator(".rows > li").filter({ hasText: "Mất điện thoại" });
  await expect(card.getByText(/quá hạn [89] giờ/)).toBeVisible();
  await shoot(desk, "incidents");
  await card.getByText("Sửa, ghi thêm").tap();
  await card.getByLabel("Báo A05 lúc nào, để trống nếu chưa báo").fill(ago(1));
  await card.getByRole("button", { name: "Lưu" }).tap();
  await expect(card.getByText(/Đã báo A05 lúc/)).toBeVisible();
  await card.getByRole("link", { name: "Bản nháp để in" }).tap();
  await expect(desk.getByRole("heading", { name: "Bản nháp để điền mẫu 08" })).toBeVisible();
  await expect(desk.locator(".kept")).toContainText("Họ tên, năm sinh, xã");
  await shoot(desk, "incidents-draft");
  await desk.emulateMedia({ media: "print" });
  await expect(desk.getByRole("button", { name: "In", exact: true })).toBeHidden();
  await desk.emulateMedia({ media: null });
  await desk.getByRole("link", { name: "Về danh sách" }).tap();
  await card.getByRole("button", { name: "Đóng sự cố" }).tap();
  await card.getByRole("button", { name: "Làm đi" }).tap();
  await expect(card.getByText(/Đã đóng lúc/)).toBeVisible();
  await expect(card.getByText("Sửa, ghi thêm")).toHaveCount(0);

  await page.goto("/gioi-thieu");
  await expect(page.getByRole("heading", { name: "Giữ bao lâu, vì sao" })).toBeVisible();
  await expect(page.getByText("Ai đã xem, đã sửa", { exact: true })).toBeVisible();
  await shoot(page, "about");
});
