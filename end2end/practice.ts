// The simulated phone: which buttons lead to its goal.

export interface Practice {
  done: string;
  mistakes_allowed: number;
  screens: { goal?: boolean; actions: { label: string; leads: { to: number } | { wrong: string } }[] }[];
}

/** A button, what it says to an unwise press, and the screen it leads to. */
export interface Press {
  label: string;
  why?: string;
  then: number;
}

/** The shortest way to the goal without unwise buttons, after `mistakes` of them on the way. */
export function wayToGoal(practice: Practice, mistakes = 0): Press[] {
  const ways: Press[][] = [];
  ways[0] = [];
  const open = [0];
  for (let at = open.shift(); at !== undefined; at = open.shift()) {
    const screen = practice.screens[at]!;
    if (screen.goal) return withMistakes(practice, ways[at]!, mistakes);
    for (const { label, leads } of screen.actions) {
      if (!("to" in leads) || ways[leads.to]) continue;
      ways[leads.to] = [...ways[at]!, { label, then: leads.to }];
      open.push(leads.to);
    }
  }
  throw new Error("this practice has no way to its goal");
}

function withMistakes(practice: Practice, way: Press[], mistakes: number): Press[] {
  let at = 0;
  let left = mistakes;
  return way.flatMap((press) => {
    const here = at;
    at = press.then;
    const unwise = practice.screens[here]!.actions.find((action) => "wrong" in action.leads);
    if (left === 0 || !unwise || !("wrong" in unwise.leads)) return [press];
    left -= 1;
    return [{ label: unwise.label, why: unwise.leads.wrong, then: here }, press];
  });
}
