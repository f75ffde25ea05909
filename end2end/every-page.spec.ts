// Every page in both languages: drawn well, for everybody, on small screens, with big letters, by keyboard.
import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { awake, COURSE, open } from "./pages.ts";

const LESSONS = [
  "ba-dau-hieu", "mat-khau", "otp-khong-doc-cho-ai", "gia-danh", "link-la", "thay-mat-chua-chac-that", "bi-lua-roi-lam-gi",
];
const PAGES = ["/", "/cua-toi", "/chung-nhan", "/kiem-tra", "/gioi-thieu", "/tren-may", "/mo-trinh-duyet", "/quan-ly/dang-nhap", "/quan-ly/ma-xac-thuc", "/quan-ly/mat-khau-moi", "/quan-ly/dang-xuat", COURSE, ...LESSONS.map((one) => `${COURSE}/${one}`)];

test("this list of pages is whole", async ({ page }) => {
  await page.goto(COURSE);
  const links = await page.getByRole("main").getByRole("list").getByRole("link").all();
  const found = await Promise.all(links.map((link) => link.getAttribute("href")));
  expect(found).toEqual(LESSONS.map((one) => `${COURSE}/${one}`));
});

for (const [language, prefix] of [["vi", ""], ["en", "/en"]] as const) {
  for (const path of PAGES.map((page) => (prefix && page === "/" ? prefix : `${prefix}${page}`))) {
    test(`${path} is well drawn`, async ({ page }) => {
      const faults: string[] = [];
      page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
      page.on("pageerror", (error) => faults.push(error.message));
      const response = await page.goto(path);
      expect(response?.status()).toBe(200);
      await awake(page);
      await expect(page.locator("html")).toHaveAttribute("lang", language);
      await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
      await fits(page);
      expect.soft(await smallTargets(page), "buttons and main links at least 44 px high").toEqual([]);
      await isAccessible(page);
      expect(faults).toEqual([]);
    });
  }
}

/** Shows all screens of a lesson at once, as without script; of no effect elsewhere. */
async function showAllScreens(page: Page): Promise<void> {
  await page.evaluate(() => document.documentElement.classList.remove("js"));
}

async function fits(page: Page): Promise<void> {
  const screens = Math.max(1, await page.locator("section.screen").count());
  for (const [width, size] of [[360, "1"], [320, "1"], [360, "3"], [320, "3"]] as const) {
    await page.setViewportSize({ width, height: 640 });
    // The frame, the script of the page and its style decide; every screen of a lesson is looked at.
    const wide = await page.evaluate(
      ([size, screens]) => {
        const root = document.documentElement;
        const before = root.dataset.screen;
        root.dataset.size = `${size}`;
        const wide: number[] = [];
        for (let screen = 1; screen <= Number(screens); screen++) {
          if (Number(screens) > 1) root.dataset.screen = `${screen}`;
          if (root.scrollWidth > root.clientWidth || innerWidth > window.screen.width) wide.push(screen);
        }
        root.dataset.size = "1";
        if (before) root.dataset.screen = before;
        return wide;
      },
      [size, screens] as const,
    );
    expect.soft(wide, `screens wider than ${width} px with letters of size ${size}`).toEqual([]);
  }
  await page.setViewportSize({ width: 360, height: 640 });
}

async function smallTargets(page: Page): Promise<string[]> {
  const menu = page.getByText(/^(Mục lục|Menu)$/).first();
  await menu.click();
  const here = await targetsBelow44(page);
  await showAllScreens(page);
  const everywhere = await targetsBelow44(page);
  await page.evaluate(() => document.documentElement.classList.add("js"));
  await menu.click();
  return [...new Set([...here, ...everywhere])];
}

function targetsBelow44(page: Page): Promise<string[]> {
  const targets = "button, summary, nav a, a.button, a.back, a.card, a.brand, a.lesson-row, .missing a, input";
  return page.evaluate((targets) => {
    const shown = [...document.querySelectorAll<HTMLElement>(targets)].filter((target) => target.checkVisibility());
    if (shown.length < 8) throw new Error("no targets found");
    return shown
      // Of a field or box, the whole label can be tapped.
      .map((target) => target.closest("label") ?? target)
      .filter((target) => target.getBoundingClientRect().height < 44)
      .map((target) => `${target.tagName.toLowerCase()}.${target.className}: ${target.getBoundingClientRect().height} px`);
  }, targets);
}

async function isAccessible(page: Page): Promise<void> {
  const isLesson = (await page.locator("section.screen").count()) > 0;
  for (const colorScheme of ["light", "dark"] as const) {
    // Colours change at once, not by and by.
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await hasNoFaults(page, colorScheme);
    if (!isLesson) continue;
    await showAllScreens(page);
    await hasNoFaults(page, `${colorScheme}, all screens`);
    await page.evaluate(() => document.documentElement.classList.add("js"));
  }
}

async function hasNoFaults(page: Page, how: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
  expect.soft(found, how).toEqual([]);
}

test("an unknown address says so and leads home", async ({ page }) => {
  for (const [path, words, home] of [
    ["/khong-co", "Không tìm thấy trang này", "/"],
    ["/khoa-hoc/khong-co", "Không tìm thấy trang này", "/"],
    [`${COURSE}/khong-co`, "Không tìm thấy trang này", "/"],
    ["/en/nowhere", /.+/, "/en"],
  ] as const) {
    const response = await page.goto(path);
    expect(response?.status()).toBe(404);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words);
    await page.getByRole("main").getByRole("link").click();
    await expect(page).toHaveURL(home);
  }
});

test("letter size holds on every page", async ({ page }) => {
  await open(page, "/");
  const letters = () => page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
  const normal = await letters();
  await page.getByText("Mục lục").first().tap();
  await page.getByRole("button", { name: "Rất to" }).tap();
  const largest = await letters();
  expect(parseFloat(largest)).toBeGreaterThan(parseFloat(normal));
  for (const path of PAGES) {
    await page.goto(path);
    expect(await letters(), path).toBe(largest);
  }
  await page.reload();
  await page.getByText("Mục lục").first().tap();
  await page.getByRole("button", { name: "Vừa" }).tap();
  expect(await letters()).toBe(normal);
});

test("the other language is one tap away and is the same page", async ({ page }) => {
  await page.goto(`${COURSE}/mat-khau`);
  await page.getByText("Mục lục").first().tap();
  await page.getByRole("link", { name: "English" }).tap();
  await expect(page).toHaveURL(`/en${COURSE}/mat-khau`);
  await page.getByText("Menu").first().tap();
  await page.getByRole("link", { name: "Tiếng Việt" }).tap();
  await expect(page).toHaveURL(`${COURSE}/mat-khau`);
});

test("by keyboard alone: skip link first, main action reached, focus seen", async ({ page }) => {
  for (const [path, action] of [
    ["/", "Học"],
    [COURSE, "Học"],
    [`${COURSE}/ba-dau-hieu`, "Tiếp"],
    [`${COURSE}/ba-dau-hieu#m7`, "Trả lời"],
    ["/cua-toi", "Giữ bài học"],
    ["/kiem-tra", "Kiểm tra"],
    ["/chung-nhan", "Học tiếp"],
  ] as const) {
    await page.goto("about:blank");
    await open(page, path);
    await page.keyboard.press("Tab");
    const focused = page.locator(":focus");
    // An address that names a screen starts there; any other at the skip link.
    if (!path.includes("#")) await expect(focused).toHaveText("Tới nội dung");
    await expect(focused).toBeInViewport();
    let reached = "";
    for (let tabs = 0; tabs < 60 && reached !== action; tabs++) {
      await page.keyboard.press("Tab");
      reached = await page.evaluate(() => {
        const focused = document.activeElement as HTMLElement;
        const seen = focused.matches(":focus-visible") && getComputedStyle(focused).outlineStyle !== "none";
        return seen ? focused.innerText.trim() : `nothing seen on ${focused.outerHTML.slice(0, 80)}`;
      });
      expect(reached, path).not.toContain("nothing seen");
    }
    expect(reached, path).toBe(action);
  }
});

test("a lesson is learned by keyboard alone", async ({ page }) => {
  await open(page, `${COURSE}/otp-khong-doc-cho-ai#m7`);
  const radio = page.getByRole("radio").first();
  while (!(await radio.evaluate((radio) => radio === document.activeElement))) await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await expect(radio).toBeChecked();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("radio").nth(1)).toBeChecked();
  await page.keyboard.press("Tab");
  await expect(page.locator(":focus")).toHaveText("Trả lời");
  await page.keyboard.press("Enter");
  await expect(page.getByText(/^(Đúng rồi!|Chưa đúng\. Vì sao\?)$/)).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.locator(":focus")).toHaveText(/^(Thử lại|Làm thêm câu khác)$/);
});

test("on English pages the words of authors are marked as Vietnamese", async ({ page }) => {
  for (const path of ["/en", `/en${COURSE}`, ...LESSONS.map((one) => `/en${COURSE}/${one}`)]) {
    await open(page, path);
    const unmarked = await page.evaluate(() => {
      const main = document.querySelector("main");
      const walker = document.createTreeWalker(main ?? document.body, NodeFilter.SHOW_TEXT);
      const found: string[] = [];
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const element = node.parentElement;
        // A source stands in the middle of an English sentence.
        if (!element || element.closest("[lang]")?.getAttribute("lang") === "vi" || element.closest(".fact-text, noscript, .pack")) continue;
        if (/[ăâđêôơưạ-ỹ]/i.test(node.textContent ?? "")) found.push(node.textContent ?? "");
      }
      return found;
    });
    expect(unmarked, path).toEqual([]);
  }
});
