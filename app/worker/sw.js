// Keeps the site on the phone. Knows files and pages, nothing of learning.
//
// One build is one snapshot: its assets in the cache `a-SNAPSHOT`, the pages kept on this phone in `p-SNAPSHOT`. A new
// build fills its own two caches beside the old ones and takes over only when both are whole: killed at any moment, the
// old one still works, and the next try goes on where this one stopped. Pages that a person saved go along into the new
// snapshot. The server puts three lines before this text: `const SNAPSHOT = …`, `const ASSETS = […]` and `const STAFF = […]`.

const ASSET_CACHE = `a-${SNAPSHOT}`;
const PAGE_CACHE = `p-${SNAPSHOT}`;
const FALLBACK = "/tren-may";
// What the icon opens. Kept from the second page on: the first visit carries enough.
const START = "/";
// The staff page that works without a network; its files are kept by those who use it, and by nobody else.
const ROLL = "/quan-ly/dai-su";
// Answers do not depend on the browser's compression: the caches hold them unpacked.
const ANY = { ignoreVary: true, ignoreSearch: true };
// A kept page is asked about again after this long. Facts with a date hide themselves on the phone, so hours do no harm.
const FRESH_MS = 6 * 60 * 60 * 1000;

self.addEventListener("install", (event) => event.waitUntil(prepare()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/a/")) event.respondWith(asset(event.request, url));
  else if (event.request.mode === "navigate") event.respondWith(page(event, url));
});
self.addEventListener("message", (event) => {
  if (event.data === "use-new") self.skipWaiting();
});
// The network is back: an open page sends what waits. It alone knows how; without one the next opening sends.
self.addEventListener("sync", (event) => {
  if (event.tag === "bdhvs-send") new BroadcastChannel("bdhvs").postMessage("send");
});

async function prepare() {
  const [assets, pages] = await Promise.all([caches.open(ASSET_CACHE), caches.open(PAGE_CACHE)]);
  // What the build before kept, and what is open now.
  const open = await openPages();
  const english = open.some(isEnglish) ? [`/en${FALLBACK}`] : [];
  const wanted = new Set([FALLBACK, ...english, ...open, ...(await keptBefore())]);
  const works = [...wanted].some((path) => path.endsWith(ROLL));
  for (const name of works ? [...ASSETS, ...STAFF] : ASSETS) {
    const path = `/a/${SNAPSHOT}/${name}`;
    if (!(await assets.match(path))) await assets.put(path, await whole(await fetch(path)));
  }
  for (const path of wanted) {
    if (!(await pages.match(path))) await keep(pages, path);
  }
}

async function takeOver() {
  for (const name of await caches.keys()) {
    if (/^[ap]-/.test(name) && name !== ASSET_CACHE && name !== PAGE_CACHE) await caches.delete(name);
  }
  await self.clients.claim();
}

function isEnglish(path) {
  return path === "/en" || path.startsWith("/en/");
}

async function openPages() {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  return windows.map((client) => new URL(client.url).pathname);
}

async function keptBefore() {
  const before = (await caches.keys()).filter((name) => name.startsWith("p-") && name !== PAGE_CACHE);
  const kept = await Promise.all(before.map(async (name) => (await caches.open(name)).keys()));
  return kept.flat().map((request) => new URL(request.url).pathname);
}

/** Downloads one page into a snapshot. A page that is gone is no failure; a page of another build is. */
async function keep(pages, path) {
  const response = await fetch(path, { cache: "no-cache", credentials: "omit" });
  if (response.status === 404 || response.status === 410 || response.redirected) return;
  const snapshot = response.headers.get("x-snapshot");
  if (snapshot !== SNAPSHOT) throw new Error(`${path} belongs to ${snapshot}`);
  await pages.put(path, await whole(response));
}

/** Reads a response to its end, so that nothing half gets into a cache; notes when. */
async function whole(response) {
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
  const headers = new Headers(response.headers);
  headers.set("x-kept-ms", `${Date.now()}`);
  // The body is unpacked here; these would tell another length.
  headers.delete("content-encoding");
  headers.delete("content-length");
  return new Response(await response.arrayBuffer(), { headers });
}

async function asset(request, url) {
  const kept = await caches.match(url.pathname, ANY);
  if (kept) return part(request, kept);
  const response = await fetch(request);
  if (response.status === 200 && url.pathname.startsWith(`/a/${SNAPSHOT}/`)) {
    const copy = response.clone();
    const assets = await caches.open(ASSET_CACHE);
    // A full phone keeps nothing more; the answer still goes through.
    await assets.put(url.pathname, await whole(copy)).catch(() => {});
  }
  return response;
}

/** Answers a request for a range of bytes (RFC 9110 section 14) from a whole file: players of sound and film ask so. */
async function part(request, kept) {
  const asked = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get("range") ?? "");
  if (!asked || (asked[1] === "" && asked[2] === "")) return kept;
  const bytes = await kept.arrayBuffer();
  const size = bytes.byteLength;
  const start = asked[1] === "" ? Math.max(0, size - Number(asked[2])) : Number(asked[1]);
  const end = asked[1] === "" || asked[2] === "" ? size - 1 : Math.min(Number(asked[2]), size - 1);
  const headers = new Headers(kept.headers);
  if (start > end) {
    headers.set("content-range", `bytes */${size}`);
    return new Response(null, { status: 416, headers });
  }
  headers.set("content-range", `bytes ${start}-${end}/${size}`);
  headers.set("accept-ranges", "bytes");
  return new Response(bytes.slice(start, end + 1), { status: 206, headers });
}

async function page(event, url) {
  const pages = await caches.open(PAGE_CACHE);
  const kept = await pages.match(url.pathname, ANY);
  event.waitUntil(keepStart(pages));
  if (kept) {
    const age = Date.now() - Number(kept.headers.get("x-kept-ms"));
    if (!(age >= 0 && age < FRESH_MS)) event.waitUntil(renew(pages, url.pathname));
    return kept;
  }
  try {
    const response = await fetch(event.request);
    if (response.status === 200 && !response.redirected) event.waitUntil(remember(pages, url, response.clone()));
    return response;
  } catch {
    // No network, and never seen here: say so kindly, with what there is.
    const language = isEnglish(url.pathname) ? "/en" : "";
    return (await pages.match(language + FALLBACK, ANY)) ?? (await pages.match(FALLBACK, ANY)) ?? Response.error();
  }
}

async function keepStart(pages) {
  if (!(await pages.match(START))) await keep(pages, START).catch(() => {});
}

/** Keeps a page that was opened; one of another build means that there is a new build. */
async function remember(pages, url, response) {
  if (response.headers.get("x-snapshot") === SNAPSHOT) await pages.put(url.pathname, await whole(response)).catch(() => {});
  else if (response.headers.has("x-snapshot")) await self.registration.update().catch(() => {});
}

async function renew(pages, path) {
  try {
    await keep(pages, path);
  } catch {
    // No network, or a new build: the kept page stays as it is, and the browser looks for a new build.
    await self.registration.update().catch(() => {});
  }
}
