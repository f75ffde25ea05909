// Wakes the islands of a page. Where it cannot (wasm blocked, browser too old), the page says so and stays readable. Comes after
// app/glue/phone.js, in one file.
const bundle = root.dataset.bundle;

try {
  const fetched = fetch(new URL(`./words-${root.lang}.json`, import.meta.url));
  const app = await import(`./${bundle}.js`);
  await app.default({ module_or_path: new URL(`./${bundle}_bg.wasm`, import.meta.url) });
  const words = document.createElement("script");
  Object.assign(words, { type: "application/json", id: "words", textContent: await (await fetched).text() });
  document.body.append(words);
  for (const island of document.querySelectorAll("[data-island]")) app.wake(island);
  root.dataset.awake = "";
  performance.mark("awake");
} catch (error) {
  root.classList.add("below-floor");
  throw error;
} finally {
  // Last, so that it takes nothing from the first screen. Exists in secure contexts only; elsewhere the site needs a network.
  if ("serviceWorker" in navigator) stay().catch(() => {});
}
