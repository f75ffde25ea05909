// The story of one commune: whoever looks after Hoàn Lão takes in 300 people from a list full of mistakes, puts the mistakes right,
// decides about look-alikes, and counts right; and never sees anybody of the commune next door.
import { expect, test, type Page } from "@playwright/test";
import { HAMLETS_ADDED, lines, MISTAKES, name, phone, row, spreadsheet, year, type Line } from "./class-list.ts";
import { addColleague, call, createAdmin, firstDay, picture, setSecondFactor, signIn } from "./staff.ts";

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** Everybody in the list of people, page by page. */
async function everybody(page: Page, typed = ""): Promise<{ id: string; name: string }[]> {
  const found: { id: string; name: string }[] = [];
  let after: unknown = null;
  do {
    const { status, answer } = await call(page, "list-people", { question: { typed, group: null, after } });
    expect(status).toBe(200);
    found.push(...answer.rows);
    after = answer.next;
  } while (after);
  return found;
}

async function look(page: Page, people: readonly Line[]): Promise<void> {
  await page.goto("/quan-ly/nhap-danh-sach");
  await page.getByLabel("Tệp danh sách").setInputFiles({ name: "lop.xlsx", mimeType: XLSX, buffer: spreadsheet(people) });
  await page.getByRole("searchbox", { name: "Địa bàn" }).fill("hoan lao");
  await page.getByRole("button", { name: /^Xã Hoàn Lão/ }).tap();
  await page.getByRole("button", { name: "Xem trước" }).tap();
}

async function counted(page: Page, word: string): Promise<string> {
  return (await page.locator(".kept dt", { hasText: word }).locator("xpath=following-sibling::dd[1]").first().textContent()) ?? "";
}

test("300 people of one commune are taken in, put right, counted; the neighbours stay unseen", async ({ page, browser }) => {
  test.setTimeout(420_000);
  const faults: string[] = [];
  createAdmin("quan tri cau chuyen");
  await signIn(page, "quan tri cau chuyen");
  await expect(page).toHaveURL(/\/quan-ly#?$/);
  await setSecondFactor(page);
  const forNga = await addColleague(page, "Cao Thị Nga", "nga.hoanlao", "Quản lý địa bàn", "Xã Hoàn Lão");
  const forTrach = await addColleague(page, "Lê Văn Trạch", "trach.dongtrach", "Quản lý địa bàn", "Xã Đông Trạch");

  // Next door lives somebody who bears the same name and can be called under the same number as one of the list.
  const neighbour = await firstDay(browser, "trach.dongtrach", forTrach);
  const stranger = { name: name(7), birth_year: year(7), place: "19159@20250701", phone: phone(7) };
  const { status: added, answer: hers } = await call(neighbour, "add-person", { details: stranger });
  expect(added).toBe(200);
  const { answer: more } = await call(neighbour, "add-person", { details: { ...stranger, birth_year: null } });

  const nga = await firstDay(browser, "nga.hoanlao", forNga);
  nga.on("pageerror", (error) => faults.push(error.message));
  await addColleague(nga, "Trần Thị Sứ", "su.cauchuyen", "Đại sứ số", "Xã Hoàn Lão");
  await expect(nga.getByRole("heading", { name: "Trần Thị Sứ" })).toBeVisible();
  // One of the list is there already.
  const known = { name: name(0), birth_year: year(0), place: "19111@20250701" };
  expect((await call(nga, "add-person", { details: known })).status).toBe(200);

  // The first try: six lines with a mistake, and one person twice.
  const good = lines();
  const first = good.map((line, at) => ({ ...line, ...MISTAKES.find((mistake) => mistake.at === at)?.change }));
  const again = name(5).toUpperCase();
  await look(nga, [...first, { ...(good[5] as Line), name: again, phone: phone(5) }]);
  await expect(nga.getByText("Xem trước: chưa ghi gì")).toBeVisible({ timeout: 30_000 });
  for (const { at, change, says } of MISTAKES) {
    const shown = change.name ?? name(at);
    const line = nga.locator(".lines > li", { hasText: `Dòng ${row(at)}: ${shown || "…"}` });
    await expect(line).toContainText(says);
  }
  const twice = nga.locator(".lines > li", { hasText: `Dòng ${row(300)}: ${again}` });
  await expect(twice).toContainText(`Trùng với dòng ${row(5)}.`);
  expect(await counted(nga, "Dòng phải sửa")).toBe("7");
  expect(await counted(nga, "Người mới")).toBe("293");
  expect(await counted(nga, "Người được sửa"), "the one who was there gets hamlet and phone").toBe("1");
  await expect(nga.locator(".lines > li", { hasText: `Dòng ${row(0)}: ${name(0)}` })).toContainText("Thôn, tổ, Nhóm, Số điện thoại");
  await expect(nga.getByText("Các cột không đọc: Ghi chú.")).toBeVisible();
  const hamlets = await nga.getByText(/^Thôn, tổ sẽ thêm mới: /).textContent();
  expect(hamlets?.replace(/^[^:]*: |\.$/g, "").split(", ").sort(), "each hamlet once, however it is spelled").toEqual([...HAMLETS_ADDED].sort());
  const wide = await nga.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  expect(wide, "wider than 360 px").toBe(false);
  await picture(nga, "list-with-mistakes");
  await nga.getByRole("button", { name: "Ghi 294 người" }).tap();
  await expect(nga.getByText("Đã ghi: thêm 293 người, sửa 1 người, bỏ qua 7 dòng.")).toBeVisible({ timeout: 30_000 });
  expect(await everybody(nga)).toHaveLength(294);

  // The mistakes are put right in the file, and the whole file comes again: nobody is added twice.
  await look(nga, good);
  await expect(nga.getByText("Xem trước: chưa ghi gì")).toBeVisible({ timeout: 30_000 });
  expect(await counted(nga, "Người mới")).toBe("6");
  expect(await counted(nga, "Đã có, không đổi")).toBe("294");
  expect(await counted(nga, "Dòng phải sửa")).toBe("0");
  await nga.getByRole("button", { name: "Ghi 6 người" }).tap();
  await expect(nga.getByText("Đã ghi: thêm 6 người, sửa 0 người, bỏ qua 0 dòng.")).toBeVisible({ timeout: 30_000 });
  const people = await everybody(nga);
  expect(people).toHaveLength(300);
  const sorted = (names: string[]) => names.sort((a, b) => (a < b ? -1 : 1));
  expect(sorted(people.map((person) => person.name))).toEqual(sorted(good.map((_, at) => name(at))));

  // Two who look like one: merged, counted once, taken back, counted twice.
  await nga.goto("/quan-ly");
  await nga.locator("a.card", { hasText: "Trùng lặp" }).tap();
  const pair = nga.locator(".pairs > li");
  await expect(pair, "nobody of next door is in a pair").toHaveCount(1);
  await expect(pair).toContainText("Giống tên, năm sinh và xã, phường");
  await expect(pair.getByRole("heading", { name: "Hồ Thị Lý" })).toContainText("gần giống");
  await expect(pair.locator("dd", { hasText: "1958" }).first()).toContainText("giống nhau");
  await expect(pair.locator("dd", { hasText: "Xã Hoàn Lão" }).first()).toContainText("cùng xã, phường");
  await pair.getByRole("button", { name: "Gộp làm một" }).tap();
  await expect(pair).toContainText("Bạn hoàn tác được lúc nào cũng được.");
  await picture(nga, "look-alikes");
  await pair.getByRole("button", { name: "Gộp, giữ hồ sơ 1" }).tap();
  await expect(nga.getByRole("status")).toContainText("Đã gộp làm một.");
  await expect(nga.getByText("Không có hồ sơ nào trông giống nhau.")).toBeVisible();
  expect(await everybody(nga), "one citizen counts once").toHaveLength(299);
  const decision = nga.locator(".rows > li", { hasText: "Gộp làm một: giữ Hồ Thị" });
  await expect(decision).toContainText("Cao Thị Nga quyết định lúc");
  await picture(nga, "look-alikes-decided");
  await decision.getByRole("button", { name: "Hoàn tác" }).tap();
  await expect(nga.getByRole("status")).toContainText("Đã hoàn tác.");
  await expect(pair).toHaveCount(1);
  await expect(decision).toContainText("Cao Thị Nga đã hoàn tác lúc");
  expect(await everybody(nga)).toHaveLength(300);

  // The tree of places counts them too: 300 in her commune, and of next door she sees no number.
  await nga.goto("/quan-ly/dia-ban#19111@20250701");
  await expect(nga.getByText(/^300 người học; \d+ người chưa rõ thôn/)).toBeVisible();
  await expect(nga.locator(".places > li")).toHaveCount(HAMLETS_ADDED.length);
  await nga.goto("/quan-ly/dia-ban#19159@20250701");
  await expect(nga.getByText(/^0 người học;/)).toBeVisible();

  await unseen(nga, neighbour, [hers.id, more.id], hers.code);
  expect(await everybody(nga)).toHaveLength(300);
  expect(faults).toEqual([]);
});

/** Nobody of next door is seen or changed by any list, search, address or function. */
async function unseen(nga: Page, neighbour: Page, [one = "", other = ""]: string[], code: string): Promise<void> {
  const mine = (await everybody(nga, name(7)))[0]?.id;
  const nobody = "0198a000-0000-7000-8000-000000000001";
  for (const typed of [name(7), phone(7), code.replaceAll(" ", "")]) {
    const found = await everybody(nga, typed);
    expect(found.filter((person) => [one, other].includes(person.id)), `typed ${typed}`).toEqual([]);
    const { answer } = await call(nga, "find-person-for-aside", { typed });
    expect(JSON.stringify(answer)).not.toContain(one);
  }
  const details = { name: "Ai Đó", place: "19111@20250701" };
  for (const [work, about] of [
    ["see-person", (id: string) => ({ person: id })],
    ["give-pin", (id: string) => ({ person: id })],
    ["correct-person", (id: string) => ({ person: id, version: 1, details })],
    ["merge-people", (id: string) => ({ kept: mine, other: id })],
    ["merge-people", (id: string) => ({ kept: id, other: other })],
    ["keep-people-apart", (id: string) => ({ one: id, other: mine })],
    ["bind-aside", (id: string) => ({ id: nobody, person: id })],
  ] as [string, (id: string) => unknown][]) {
    const [hers, nobodys] = [await call(nga, work, about(one)), await call(nga, work, about(nobody))];
    expect(hers.status, work).toBe(404);
    expect(hers.answer, `${work}: out of reach and not there are the same`).toEqual(nobodys.answer);
  }
  // A list with her code finds nobody; a list for her commune is refused.
  const text = Buffer.from(`Mã học viên;Họ và tên\n${code};Ai Đó\n`).toString("base64url");
  const shown = await call(nga, "preview-list", { file: { content: text, commune: "vn/44@20250701/19111@20250701/" } });
  expect(shown.answer.rows[0].does.problems[0].code).toBe("code-unknown");
  const elsewhere = await call(nga, "preview-list", { file: { content: text, commune: "vn/44@20250701/19159@20250701/" } });
  expect(elsewhere.answer.code).toBe("no-place");
  const out = await call(nga, "export-people", { format: "csv" });
  const rows = Buffer.from(out.answer, "base64url").toString().trim().split("\n");
  expect(rows, "a header and everybody").toHaveLength(301);
  expect(rows.join()).not.toContain("Đông Trạch");
  const log = await call(nga, "read-audit", { question: {} });
  expect(JSON.stringify(log.answer)).not.toContain("Lê Văn Trạch");
  for (const address of [`/quan-ly/nguoi-hoc#${one}`, `/en/quan-ly/nguoi-hoc#${one}`]) {
    await nga.goto(address);
    await expect(nga.getByText(/Không có, hoặc không thuộc địa bàn của bạn|outside your area|not in your/).first()).toBeVisible();
    expect(await nga.content()).not.toContain(phone(7).slice(1));
  }
  // Nothing of it reached her, and her own administrator sees both.
  const seen = await call(neighbour, "see-person", { person: one });
  expect(seen.answer.details.name).toBe(name(7));
  const deeds: string[] = seen.answer.looks.map((look: { action: string }) => look.action);
  expect(deeds.filter((deed) => deed !== "person-seen" && deed !== "pin-given").sort()).toEqual(["person-added"]);
  expect((await call(neighbour, "list-look-alikes", { after: null })).answer.rows).toHaveLength(1);
}
