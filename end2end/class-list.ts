// A list of 300 people as a commune keeps it: grown over years by several hands. The same on every run; all people are made up.
import { workbook, type Cell } from "./spreadsheet.ts";

const FAMILY = ["Nguyễn", "Trần", "Lê", "Hoàng", "Phan", "Võ", "Đặng", "Hồ", "Cao", "Đinh"];
const MIDDLE = ["Thị", "Văn", "Đình", "Ngọc", "Xuân"];
const GIVEN = ["An", "Bình", "Cúc", "Dũng", "Đào", "Hạnh", "Hòa", "Khánh", "Liên", "Mai", "Nam", "Oanh", "Phúc", "Quý", "Sen", "Tâm", "Thuận", "Vinh", "Yến", "Út"];
const HAMLETS = [
  ["Thôn Xuân Tiến", "thôn Xuân Tiến", "Xuân Tiến", "T. Xuân Tiến"],
  ["Thôn Trằm", "Trằm", "THÔN TRẰM"],
  ["Thôn Cù Lạc 1", "Cù Lạc 1", "Thôn Cù Lạc 01"],
  ["Tổ dân phố 2", "TDP 2", "TDP 02"],
  ["Bản Rào Con", "bản Rào Con"],
];
/** How the hamlets are named once they are added. */
export const HAMLETS_ADDED = HAMLETS.map(([first]) => first ?? "");
const GROUPS = ["Người dân", "NGƯỜI DÂN", "nông dân", "CBCCVC", "Cán bộ", "HSSV", "học sinh", "Công nhân", "NLĐ", ""];
// Today's name, and those of before July 2025 that became part of it.
const COMMUNES = ["Xã Phong Nha", "phong nha", "Xã Xuân Trạch", "X. Lâm Trạch", "Phúc Trạch", ""];

/** One line of the list. */
export interface Line {
  name: string;
  birth: Cell;
  commune: string;
  hamlet: string;
  phone: Cell;
  group: string;
}

function of<T>(list: readonly T[], at: number): T {
  return list[at % list.length] as T;
}

/** The birth year of the person at this place of the list. */
export function year(at: number): number {
  return 1940 + ((at * 7) % 68);
}

/** The number that the person at this place of the list can be called under, if she has one. */
export function phone(at: number): string {
  return `09${String(10_000_000 + at * 7919).slice(-8)}`;
}

function birth(at: number): Cell {
  const [born, month, day] = [year(at), 1 + (at % 12), 1 + (at % 28)];
  const forms: Cell[] = [
    `${day}/${month}/${born}`,
    born,
    { day: Math.round(Date.UTC(born, month - 1, day) / 86_400_000) + 25_569 },
    `${born}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`,
    `${day}.${month}.${born}`,
    `${month}/${born}`,
  ];
  return of(forms, at);
}

function phoneCell(at: number): Cell {
  const whole = phone(at);
  const parts = [whole.slice(0, 4), whole.slice(4, 7), whole.slice(7)];
  return of<Cell>([parts.join("."), parts.join(" "), `+84${whole.slice(1)}`, Number(whole), "", parts.join("-")], at);
}

/** The name of the person at this place of the list. */
export function name(at: number): string {
  if (at === 298) return "Hồ Thị Lý";
  if (at === 299) return "Hồ Thị Lí";
  return `${of(FAMILY, at)} ${of(MIDDLE, Math.floor(at / 200))} ${of(GIVEN, Math.floor(at / 10))}`;
}

/** The list without mistakes: 300 people. The last two look like one. */
export function lines(): Line[] {
  return Array.from({ length: 300 }, (_, at) => ({
    // Some keyboards write letters and marks apart.
    name: at % 4 === 1 ? name(at).normalize("NFD") : at % 7 === 3 ? ` ${name(at).replace(" ", "  ")} ` : name(at),
    birth: at >= 298 ? 1958 : birth(at),
    commune: of(COMMUNES, at),
    hamlet: of(of(HAMLETS, at), Math.floor(at / 5)),
    phone: at >= 298 ? "" : phoneCell(at),
    group: of(GROUPS, at),
  }));
}

/** The mistakes of the first try: which line, what is changed, and what the page says about it. */
export const MISTAKES: readonly { at: number; change: Partial<Line>; says: string }[] = [
  { at: 12, change: { name: "" }, says: "Thiếu họ và tên." },
  { at: 20, change: { birth: "1/13/1980" }, says: "Năm sinh “1/13/1980”: Không đọc được năm sinh." },
  { at: 33, change: { phone: "12345" }, says: "Số điện thoại “12345”: Số điện thoại chưa đúng." },
  { at: 47, change: { group: "Hưu trí" }, says: "Nhóm “Hưu trí”: Không có nhóm này." },
  { at: 58, change: { name: "NguyÔn V¨n Nam" }, says: "Chữ gõ bằng phông cũ." },
  { at: 71, change: { commune: "Xã Cự Nẫm" }, says: "Xã, phường “Xã Cự Nẫm”: Không thấy xã, phường này trong địa bàn của bạn." },
];

/** The row of the spreadsheet in which the line at this place stands. */
export function row(at: number): number {
  return at + 6;
}

/** Returns the spreadsheet, with titles above, and below the sum and who made it. */
export function spreadsheet(people: readonly Line[]): Buffer {
  const cells = people.map(({ name, birth, commune, hamlet, phone, group }, at): Cell[] => [at + 1, name, birth, commune, hamlet, phone, group, ""]);
  return workbook([
    ["ỦY BAN NHÂN DÂN XÃ PHONG NHA"],
    ["DANH SÁCH HỌC VIÊN LỚP BÌNH DÂN HỌC VỤ SỐ NĂM 2026"],
    ["(Kèm theo kế hoạch mở lớp)"],
    [],
    ["STT", "Họ và tên", "Ngày, tháng, năm sinh", "Xã", "Thôn/Xóm", "Số ĐT", "Đối tượng", "Ghi chú"],
    ...cells,
    ["", `Tổng cộng: ${people.length} người`],
    ["", "", "", "", "", "", "", "Người lập danh sách"],
  ]);
}
