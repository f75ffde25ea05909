// Starts what staff pages draw in the browser. Beside it: what the browser does better than wasm.
const root = document.documentElement;

globalThis.bdhvs = Object.assign(globalThis.bdhvs ?? {}, {
  /** A moment as people read it, in Vietnam's time. */
  when: (ms) => {
    const two = "2-digit";
    const form = { hour: two, minute: two, day: two, month: two, year: "numeric", timeZone: "Asia/Ho_Chi_Minh" };
    return new Date(ms).toLocaleString(root.lang, form);
  },
});

try {
  const fetched = fetch(new URL(`./words-staff-${root.lang}.json`, import.meta.url));
  const app = await import("./staff.js");
  await app.default({ module_or_path: new URL("./staff_bg.wasm", import.meta.url) });
  const words = document.createElement("script");
  Object.assign(words, { type: "application/json", id: "words", textContent: await (await fetched).text() });
  document.body.append(words);
  for (const island of document.querySelectorAll("[data-island]")) app.wake(island);
  const place = document.getElementById("staff");
  if (place) app.start_staff(place);
  root.dataset.awake = "";
} catch (error) {
  root.classList.add("below-floor");
  throw error;
}
