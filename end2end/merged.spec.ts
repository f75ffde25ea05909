// One citizen, two records: she made one on her own phone, and another one on her son's. Somebody finds that both are hers.
import { expect, test, type Page } from "@playwright/test";
import { awake, COURSE, enrol, everythingSent, learn, lessons, open } from "./pages.ts";
import { facts } from "./record.ts";
import { another, call, createAdmin, picture, setSecondFactor, signIn } from "./staff.ts";

/** Opens "Của tôi" and waits until the phone knows of so many lamps. */
async function lamps(page: Page, lit: number): Promise<void> {
  await expect(async () => {
    await open(page, "/cua-toi");
    await expect(page.getByText(`${lit}/7 đèn đã sáng`)).toBeVisible({ timeout: 2_000 });
  }).toPass();
}

/** Whose facts are kept in this browser. */
async function learners(page: Page): Promise<string[]> {
  return [...new Set((await facts(page)).map(({ event }) => event.learner))];
}

test("what she learned on two phones lights the lamps of both, until the merge is taken back", async ({ page, browser }) => {
  test.setTimeout(120_000);
  const [first = "", second = ""] = await lessons(page);
  await learn(page, first);
  await enrol(page, "Phan Thị Chắt");
  await everythingSent(page);
  const her = await learners(page);
  const other = await another(browser);
  await learn(other, second);
  await enrol(other, "Phan Thị Chắt");
  await everythingSent(other);
  const hers = await learners(other);
  await lamps(page, 1);

  const admin = await another(browser);
  createAdmin("quan tri gop");
  await signIn(admin, "quan tri gop");
  await expect(admin).toHaveURL(/\/quan-ly#?$/);
  await setSecondFactor(admin);
  expect((await call(admin, "merge-people", { kept: her[0], other: hers[0] })).status).toBe(200);
  await lamps(page, 2);
  await lamps(other, 2);

  // It stays without a network, and the lesson says it too; the other record's facts stay where they were written.
  await page.context().setOffline(true);
  await page.goto("/cua-toi");
  await awake(page);
  await expect(page.getByText("2/7 đèn đã sáng")).toBeVisible();
  await expect(page.getByText("Đèn sáng gồm cả bài học ở đó.")).toBeVisible();
  await picture(page, "merged");
  await page.context().setOffline(false);
  await open(page, COURSE);
  await expect(page.getByRole("main").getByRole("link", { name: /đã sáng/ })).toHaveCount(2);
  expect(await learners(page)).toEqual(her);

  const { answer } = await call(admin, "list-decisions", { before: null });
  expect((await call(admin, "undo-decision", { decision: answer.rows[0].id })).status).toBe(200);
  await lamps(page, 1);
  await expect(page.getByText("Đèn sáng gồm cả bài học ở đó.")).toHaveCount(0);
  await lamps(other, 1);
});
