// Wakes the islands of a page. Where it cannot (wasm blocked, browser too old), the page says so and stays readable.
const root = document.documentElement;
const bundle = root.dataset.bundle;

// What the browser does better than wasm.
globalThis.bdhvs = Object.assign(globalThis.bdhvs ?? {}, {
  /** A moment as people read it, in Vietnam's time. */
  when: (ms) => {
    const two = "2-digit";
    const form = { hour: two, minute: two, day: two, month: two, year: "numeric", timeZone: "Asia/Ho_Chi_Minh" };
    return new Date(ms).toLocaleString(root.lang, form);
  },
});

try {
  const fetched = fetch(new URL(`./words-${root.lang}.json`, import.meta.url));
  const app = await import(`./${bundle}.js`);
  await app.default({ module_or_path: new URL(`./${bundle}_bg.wasm`, import.meta.url) });
  const words = document.createElement("script");
  Object.assign(words, { type: "application/json", id: "words", textContent: await (await fetched).text() });
  document.body.append(words);
  app.hydrate();
  for (const island of document.querySelectorAll("leptos-island")) {
    app[island.dataset.component](island);
  }
  root.dataset.awake = "";
  performance.mark("awake");
} catch (error) {
  root.classList.add("below-floor");
  throw error;
} finally {
  // Last, so that it takes nothing from the first screen. Exists in secure contexts only; elsewhere the site needs a network.
  if ("serviceWorker" in navigator) stay().catch(() => {});
}

/** Keeps the site on the phone, and offers a new build where the page has a place for it. */
async function stay() {
  const workers = navigator.serviceWorker;
  const registration = await workers.register("/sw.js");
  const note = document.querySelector(".update-note");
  if (!note) return;
  const offer = () => {
    note.hidden = !(registration.waiting && workers.controller);
  };
  offer();
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
  note.querySelector("button").addEventListener("click", () => {
    workers.addEventListener("controllerchange", () => location.reload(), { once: true });
    registration.waiting?.postMessage("use-new");
  });
}
