// Every kind of question, answered through the screen: rightly from its key, or wrongly on purpose.
import { expect, type Locator } from "@playwright/test";

interface Choice { text: string; right: boolean; why?: string }
interface Step { text: string; why: string }
interface Pair { left: string; right: string; why: string }
interface Typed<A> { wrong: string; near?: { is: A; wrong: string }[] }
type Kind =
  | { one: Choice[] }
  | { several: Choice[] }
  | { order: Step[] }
  | { match: Pair[] }
  | { number: Typed<number> & { answer: number } }
  | { text: Typed<string[]> & { accept: string[] } };
interface Variant { ask: string; right_because: string; kind: Kind }
export interface Item { id: string; variants: Variant[] }

/** Fills in the right answer; returns why it is right. */
export async function solveQuestion(screen: Locator, item: Item): Promise<string> {
  const { kind, right_because } = await shown(screen, item);
  if ("one" in kind) await choose(screen, "radio", kind.one.filter((choice) => choice.right));
  if ("several" in kind) await choose(screen, "checkbox", kind.several.filter((choice) => choice.right));
  if ("order" in kind) await press(screen, kind.order.map((step) => step.text));
  if ("match" in kind) await press(screen, kind.match.map((pair) => pair.right));
  if ("number" in kind) await screen.getByLabel("Trả lời bằng số").fill(`${kind.number.answer}`);
  if ("text" in kind) await screen.getByLabel("Trả lời ngắn").fill(kind.text.accept[0]!);
  return right_because;
}

/** Fills in a wrong answer; returns everything the author may say to wrong ones. */
export async function spoilQuestion(screen: Locator, item: Item): Promise<string[]> {
  const { kind } = await shown(screen, item);
  if ("one" in kind) {
    const wrong = kind.one.filter((choice) => !choice.right).slice(0, 1);
    await choose(screen, "radio", wrong);
    return wrong.map((choice) => choice.why ?? "");
  }
  if ("several" in kind) {
    await choose(screen, "checkbox", kind.several.filter((choice) => !choice.right).slice(0, 1));
    return kind.several.map((choice) => choice.why ?? "");
  }
  if ("order" in kind) {
    await press(screen, kind.order.map((step) => step.text).reverse());
    return kind.order.map((step) => step.why);
  }
  if ("match" in kind) {
    const rights = kind.match.map((pair) => pair.right);
    await press(screen, [...rights.slice(1), rights[0]!]);
    return kind.match.map((pair) => pair.why);
  }
  if ("number" in kind) {
    await screen.getByLabel("Trả lời bằng số").fill(`${kind.number.answer + 1}`);
    return [kind.number.wrong, ...(kind.number.near ?? []).map((near) => near.wrong)];
  }
  await screen.getByLabel("Trả lời ngắn").fill("chưa biết");
  return [kind.text.wrong, ...(kind.text.near ?? []).map((near) => near.wrong)];
}

async function shown(screen: Locator, item: Item): Promise<Variant> {
  const asked = await screen.locator(".ask").textContent();
  const variant = item.variants.find((variant) => variant.ask === asked);
  if (!variant) throw new Error(`the question shown is none of ${item.id}: ${asked}`);
  return variant;
}

async function choose(screen: Locator, role: "radio" | "checkbox", choices: Choice[]): Promise<void> {
  for (const { text } of choices) {
    // People tap the whole label.
    await screen.getByText(text, { exact: true }).tap();
    await expect(screen.getByRole(role, { name: text, exact: true })).toBeChecked();
  }
}

async function press(screen: Locator, names: string[]): Promise<void> {
  for (const name of names) await screen.getByRole("button", { name, exact: true }).tap();
}
