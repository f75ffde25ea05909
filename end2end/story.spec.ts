// The story: from a first visit to a paper that a stranger has checked.
import { expect, test, type Page } from "@playwright/test";
import {
  answerRightly, answerWrongly, askForRecord, awake, code, everythingSent, finish, learn, lessons, next, open, practise, reachGoal, screen, statusLine,
} from "./pages.ts";
import { facts } from "./record.ts";

test("a first visit leads into a lesson, through every screen, to a lit lamp that stays", async ({ page }) => {
  await open(page, "/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Chào bà con");
  await expect(statusLine(page)).toHaveText("Bài làm sẽ được giữ trong máy này.");
  await page.getByRole("link", { name: /Chống lừa đảo/ }).tap();
  await expect(page.getByText("chưa sáng").first()).toBeVisible();
  await page.getByRole("link", { name: /Ba dấu hiệu/ }).tap();
  await awake(page);

  await expect(screen(page)).toHaveAccessibleName(/^Màn 1 trên/);
  while (!(await screen(page).getByText("MÔ PHỎNG").isVisible())) await next(page);
  await screen(page).getByRole("link", { name: "Lùi" }).tap();
  await expect(screen(page).getByText("MÔ PHỎNG")).toBeHidden();
  await next(page);
  await practise(page, 1);

  await next(page);
  await screen(page).getByRole("button", { name: "Trả lời" }).tap();
  await expect(screen(page).getByText(/^Bạn .+ nhé\.$/)).toBeVisible();
  await answerWrongly(page);
  await answerRightly(page);
  await next(page);
  await answerRightly(page);
  await next(page);
  await screen(page).getByRole("button", { name: "Tôi tự làm được" }).tap();
  await expect(screen(page).getByText("Cảm ơn bạn. Đã ghi vào máy.")).toBeVisible();
  await next(page);
  await expect(screen(page).getByText("đã sáng", { exact: true })).toBeVisible();
  await expect(screen(page).getByText("Đèn bài này đã sáng. Bạn làm được rồi!")).toBeVisible();
  await page.reload();
  await awake(page);
  await expect(screen(page).getByText("đã sáng", { exact: true })).toBeVisible();
  await finish(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Mật khẩu và sinh trắc");

  // Practice, three answers, the real task, the end: each kept once.
  expect(await facts(page)).toHaveLength(6);
  await expect(statusLine(page)).toHaveText("6 việc đã ghi trong máy này");
  await open(page, "/khoa-hoc/chong-lua-dao");
  await expect(page.getByRole("link", { name: /Ba dấu hiệu.*đã sáng/s })).toBeVisible();
  await open(page, "/");
  await expect(page.getByText("1/7 đèn đã sáng")).toBeVisible();
  await expect(page.getByText("Học tiếp", { exact: true })).toBeVisible();
});

test("what is missing for the lamp is named, and a tap leads there", async ({ page }) => {
  await open(page, "/khoa-hoc/chong-lua-dao/otp-khong-doc-cho-ai");
  const last = await page.getByRole("navigation", { name: "Các màn của bài" }).getByRole("link").count();
  await page.goto(`/khoa-hoc/chong-lua-dao/otp-khong-doc-cho-ai#m${last}`);
  await expect(screen(page).getByText("Gần xong rồi.")).toBeVisible();
  await expect(screen(page).getByRole("link", { name: "Một câu hỏi" })).toHaveCount(2);
  await screen(page).getByRole("link", { name: "Phần thực hành" }).tap();
  await screen(page).getByRole("button", { name: "Gợi ý" }).tap();
  await reachGoal(page);
  await expect(screen(page).getByText("Làm lại một lần nữa, không cần gợi ý")).toBeVisible();
  await screen(page).getByRole("button", { name: "Làm lại từ đầu" }).tap();
  await practise(page);
  await page.goto(`/khoa-hoc/chong-lua-dao/otp-khong-doc-cho-ai#m${last}`);
  await expect(screen(page).getByRole("link", { name: "Phần thực hành" })).toBeHidden();
  await expect(screen(page).getByText("xong 1/3")).toBeVisible();
});

test("seven lamps, a record, a paper, and a stranger who checks it", async ({ page, browser }) => {
  test.setTimeout(120_000);
  for (const lesson of await lessons(page)) await learn(page, lesson, 1);
  await open(page, "/");
  await expect(page.getByText("Cả xóm đèn đã sáng!")).toBeVisible();
  await page.getByRole("link", { name: "Nhận giấy chứng nhận" }).tap();
  await expect(page.getByText("Giấy cần có tên của bạn.")).toBeVisible();
  await page.getByRole("link", { name: "Đặt tên" }).tap();
  await awake(page);
  const digits = await makeRecord(page);

  const kept = await facts(page);
  expect(await everythingSent(page)).toBe(kept.length);
  await expect(page.getByText("Máy chủ đã giữ hồ sơ này.")).toBeVisible();

  await page.getByRole("link", { name: "Giấy chứng nhận của tôi" }).tap();
  await awake(page);
  await page.getByRole("button", { name: "Nhận giấy chứng nhận" }).tap();
  const paper = page.getByRole("article");
  await expect(paper.getByText("Hồ Thị Lành", { exact: true })).toBeVisible();
  await expect(paper.getByText(/đã thắp sáng 7 đèn của khóa học “Chống lừa đảo/)).toBeVisible();
  await expect(paper.getByRole("img", { name: "Quét để kiểm tra, không cần mạng" })).toBeVisible();
  const link = (await paper.getByRole("link", { name: "Kiểm tra giấy này" }).getAttribute("href")) ?? "";
  expect(new URL(link).pathname).toBe("/kiem-tra");
  await page.reload();
  await expect(paper).toBeVisible();

  const stranger = await (await browser.newContext({ locale: "vi-VN" })).newPage();
  await checkPaper(stranger, link);
  await stranger.context().close();

  // The paper is also where the record is.
  const other = await (await browser.newContext({ locale: "vi-VN", hasTouch: true })).newPage();
  await open(other, "/cua-toi");
  await askForRecord(other, digits, "4827");
  await expect(other.getByText("7/7 đèn đã sáng")).toBeVisible();
  await open(other, "/chung-nhan");
  await expect(other.getByRole("link", { name: "Kiểm tra giấy này" })).toHaveAttribute("href", link);
  await other.context().close();
});

async function makeRecord(page: Page): Promise<string> {
  const keep = page.getByRole("button", { name: "Giữ bài học" });
  await page.getByLabel("Mã PIN mới").fill("1234");
  await keep.tap();
  await expect(page.getByText("Bạn viết tên vào đây nhé.")).toBeVisible();
  await expect(page.getByText("Mã này dễ đoán quá. Bạn chọn mã khác nhé.")).toBeVisible();
  await expect(page.getByText(/^Bạn đánh dấu vào ô đồng ý/)).toBeVisible();
  await expect(page.getByLabel("Họ và tên")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("Họ và tên").fill("Hồ Thị Lành");
  await page.getByLabel("Mã PIN mới").fill("4827");
  await keep.tap();
  await expect(page.getByText("Bạn viết tên vào đây nhé.")).toBeHidden();
  await expect(page.getByText(/^Bạn đánh dấu vào ô đồng ý/)).toBeVisible();
  await page.getByLabel(/^Tôi đồng ý/).check();
  await keep.tap();
  return code(page);
}

async function checkPaper(page: Page, link: string): Promise<void> {
  const seen: string[] = [];
  page.on("request", (request) => seen.push(request.url() + (request.postData() ?? "")));
  await page.goto(link);
  await expect(page.getByText("Giấy thật")).toBeVisible();
  const facts = page.locator("dl");
  for (const [name, value] of [
    ["Họ và tên", "Hồ Thị Lành"],
    ["Khóa học", /^Chống lừa đảo.+\(.+\)$/],
    ["Số bài", "7"],
    ["Ngày cấp", /^\d{1,2}\/\d{1,2}\/\d{4}$/],
    ["Nơi cấp", "Bình dân học vụ số"],
    ["Quy tắc", "nen-tang-1"],
    ["Số giấy", /^\S+$/],
    ["Khóa ký", /^\S+$/],
  ] as const) {
    const row = facts.locator("div").filter({ has: page.getByRole("term").getByText(name, { exact: true }) });
    await expect(row.getByRole("definition")).toHaveText(value);
  }
  const [address = "", signed = ""] = link.split("#");
  expect(seen.join(" "), "the paper stays on the phone").not.toContain(signed);

  // One character changed in the middle: never a good paper, by address or by field.
  const middle = Math.floor(signed.length / 2);
  for (const at of [middle - 40, middle, middle + 40]) {
    const tampered = `${signed.slice(0, at)}${signed[at] === "A" ? "B" : "A"}${signed.slice(at + 1)}`;
    await page.goto(`${address}#${tampered}`);
    await expect(page.getByText(/^(Giấy không hợp lệ|Chưa xác định được)$/)).toBeVisible();
    await expect(page.getByText("Giấy thật")).toBeHidden();
  }

  await page.goto(address);
  await awake(page);
  const field = page.getByLabel("Đường dẫn trong mã QR");
  const check = page.getByRole("button", { name: "Kiểm tra" });
  await field.fill("xin chào");
  await check.click();
  await expect(page.getByText("Giấy không hợp lệ")).toBeVisible();
  await field.fill(link);
  await check.click();
  await expect(page.getByText("Giấy thật")).toBeVisible();
}
