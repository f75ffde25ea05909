// Starts what staff pages draw in the browser. Comes after app/glue/phone.js and app/glue/vault.js, in one file.

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
} finally {
  // The others need a network anyhow.
  if (document.querySelector('[data-page="roll"]') && "serviceWorker" in navigator) stay().catch(() => {});
}
