// Saves courses on this phone and takes them away again. Works on the pages alone: the learner's record is not here.
//
// A pack is a list of addresses with versions and sizes. Only what the phone has not, or has in another version, is
// downloaded, one file after the other; each is kept as soon as it is whole. Stopped at any moment, the next try goes on
// from there. The worker (sw.js) answers from the same cache.

const SNAPSHOT = new URL(import.meta.url).pathname.split("/")[2];
// What is kept unpacked takes about five times what travels.
const UNPACKED = 5;
const ANY = { ignoreVary: true, ignoreSearch: true };

const pages = () => caches.open(`p-${SNAPSHOT}`);
const show = (element, values) => {
  for (const words of element.querySelectorAll("[data-words]")) {
    words.textContent = words.dataset.words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }
};
const kilobytes = (bytes) => `${Math.max(1, Math.round(bytes / 1024))} KB`;
const megabytes = (bytes) =>
  bytes < 1073741824 ? `${(bytes / 1048576).toFixed(1).replace(".", ",")} MB` : `${Math.floor(bytes / 1073741824)} GB`;
const isPage = (file) => file.version !== "";

/** Whether this phone has a file: not at all, in another version, or just so. */
async function standing(file) {
  const kept = isPage(file) ? await (await pages()).match(file.url, ANY) : await caches.match(file.url, ANY);
  if (!kept) return "absent";
  return !isPage(file) || kept.headers.get("etag") === file.version ? "here" : "changed";
}

class Pack {
  constructor(card) {
    this.card = card;
    this.address = card.dataset.pack;
    this.stop = null;
    for (const button of card.querySelectorAll("[data-do]")) {
      button.addEventListener("click", () => this[button.dataset.do]());
    }
    // A download that the network broke off goes on by itself.
    addEventListener("online", () => this.card.dataset.state === "broken" && this.save());
  }

  say(state, values = {}) {
    this.card.dataset.state = state;
    show(this.card, values);
  }

  async stored() {
    const kept = await (await pages()).match(this.address, ANY);
    return kept?.json();
  }

  /** The list as the server has it now; as it was last time where there is no network. */
  async list() {
    try {
      const response = await fetch(this.address, { cache: "no-cache" });
      if (response.ok) return response.json();
    } catch {
      // No network.
    }
    return this.stored();
  }

  /** Looks what is here and says it. */
  async look() {
    const [list, stored] = [await this.list(), await this.stored()];
    if (!list) return this.say("unknown");
    const { missing, size, lacking } = await this.missing(list);
    const values = { size: kilobytes(size), done: list.files.length - missing.length, all: list.files.length };
    if (missing.length === 0) return this.say("saved", values);
    if (!stored) return this.say("absent", values);
    return this.say(lacking ? "paused" : "changed", values);
  }

  async missing(list) {
    const states = await Promise.all(list.files.map(standing));
    const missing = list.files.filter((_, at) => states[at] !== "here");
    const size = missing.reduce((sum, file) => sum + file.bytes, 0);
    return { missing, size, lacking: states.includes("absent") };
  }

  async save() {
    // Two tabs never download the same at once.
    const alone = navigator.locks ? (work) => navigator.locks.request("bdhvs-pack", work) : (work) => work();
    this.stop = new AbortController();
    try {
      await alone(() => this.download(this.stop.signal));
    } catch (error) {
      await this.explain(error);
    }
  }

  async download(signal) {
    const registration = await navigator.serviceWorker.ready;
    // A build that waits is the one these pages belong to.
    registration.waiting?.postMessage("use-new");
    const response = await fetch(this.address, { cache: "no-cache", signal });
    if (!response.ok) throw new TypeError(`${response.status}`);
    const list = await response.clone().json();
    if (list.snapshot !== SNAPSHOT) return location.reload();
    const { missing, size } = await this.missing(list);
    if (!(await hasRoom(size * UNPACKED))) throw new DOMException("", "QuotaExceededError");
    const cache = await pages();
    await cache.put(this.address, response);
    let left = size;
    for (const [at, file] of missing.entries()) {
      const bar = this.card.querySelector("progress");
      bar.value = size ? (size - left) / size : 1;
      this.say("loading", { done: list.files.length - missing.length + at, all: list.files.length, size: kilobytes(left) });
      await this.fetch(cache, file, signal);
      left -= file.bytes;
    }
    // Now there is something worth keeping: the browser may promise not to throw it away.
    await navigator.storage?.persist?.();
    await Promise.all([this.look(), room(), opened()]);
  }

  async fetch(cache, file, signal) {
    const response = await fetch(file.url, { cache: isPage(file) ? "no-cache" : "default", signal });
    if (!response.ok) throw new TypeError(`${file.url}: ${response.status}`);
    if (isPage(file) && response.headers.get("x-snapshot") !== SNAPSHOT) return location.reload();
    // A file of the build is kept with the build's other files; its address is good for ever.
    await (isPage(file) ? cache : await caches.open(`a-${SNAPSHOT}`)).put(file.url, response);
  }

  pause() {
    this.stop?.abort();
  }

  async explain(error) {
    const list = await this.stored();
    const { missing } = list ? await this.missing(list) : { missing: [] };
    const all = list?.files.length ?? 0;
    const values = { done: all - missing.length, all, size: kilobytes(missing.reduce((sum, file) => sum + file.bytes, 0)) };
    if (error.name === "QuotaExceededError") {
      const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
      return this.say("full", { ...values, room: megabytes(Math.max(0, quota - usage)) });
    }
    return this.say(error.name === "AbortError" ? "paused" : "broken", values);
  }

  /** Takes the pack away; pages that another pack needs too stay. */
  async remove() {
    const [cache, list] = [await pages(), await this.stored()];
    await cache.delete(this.address, ANY);
    const others = new Set(["/tren-may", "/"]);
    for (const { url } of await cache.keys()) {
      const { pathname } = new URL(url);
      if (pathname.startsWith("/goi/")) for (const file of (await (await cache.match(url)).json()).files) others.add(file.url);
    }
    for (const file of list?.files ?? []) {
      if (!others.has(file.url)) await (isPage(file) ? cache : await caches.open(`a-${SNAPSHOT}`)).delete(file.url, ANY);
    }
    this.card.querySelector("details").open = false;
    await Promise.all([this.look(), room(), opened()]);
  }
}

async function hasRoom(bytes) {
  const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
  return quota === undefined || usage === undefined || quota - usage > bytes;
}

/** Says how much is used, and whether the browser promised to keep it. */
async function room() {
  const place = document.querySelector("#cho-trong");
  const estimate = await navigator.storage?.estimate?.();
  if (!place || !estimate) return;
  place.hidden = false;
  show(place, { used: megabytes(estimate.usage ?? 0), room: megabytes(Math.max(0, (estimate.quota ?? 0) - (estimate.usage ?? 0))) });
  const lasting = await navigator.storage.persisted?.();
  place.querySelector(".lasting").hidden = !lasting;
  place.querySelector(".not-lasting").hidden = Boolean(lasting);
  const ask = place.querySelector(".ask-lasting");
  ask.hidden = Boolean(lasting) || !navigator.storage.persist;
  ask.onclick = async () => {
    place.querySelector(".asked-in-vain").hidden = await navigator.storage.persist();
    await room();
  };
}

/** Lists the lessons that are on this phone, as links. */
async function opened() {
  const place = document.querySelector("#trang-da-mo");
  if (!place) return;
  const cache = await pages();
  const prefix = document.documentElement.lang === "en" ? "/en" : "";
  const lessons = [];
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    if (!new RegExp(`^${prefix}/khoa-hoc/[^/]+/[^/]+$`).test(pathname)) continue;
    const lesson = new DOMParser().parseFromString(await (await cache.match(url)).text(), "text/html");
    const place = lesson.querySelector(".back")?.textContent ?? "";
    // Lessons of a course in their order: "Bài 2/7".
    const order = `${pathname.replace(/[^/]*$/, "")}${place.match(/\d+/)?.[0].padStart(3, "0")}`;
    lessons.push({ pathname, order, title: `${place.replace(/\/\d+/, "")}: ${lesson.title.replace(/ – [^–]*$/, "")}` });
  }
  lessons.sort((one, other) => one.order.localeCompare(other.order));
  const rows = lessons.map(({ pathname, title }) => {
    const link = Object.assign(document.createElement("a"), { href: pathname, className: "button", textContent: title });
    const row = document.createElement("li");
    row.append(link);
    return row;
  });
  place.querySelector("ul").replaceChildren(...rows);
  place.hidden = rows.length === 0;
}

// Shown in place of a page that this phone has not.
if (document.body.classList.contains("on-phone") && !/\/tren-may$/.test(location.pathname)) {
  document.documentElement.classList.add("elsewhere");
  document.querySelector(".again").addEventListener("click", () => location.reload());
  // "Online" may be a cable without a network behind it, and a network that comes back may do so unnoticed, before this
  // script runs for example: only an answer counts, asked for again and again with growing pauses.
  const look = async () => {
    const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" }).catch(() => undefined);
    if (answer?.ok) location.reload();
  };
  const lookAgain = (pauseMs) =>
    setTimeout(async () => {
      if (navigator.onLine && !document.hidden) await look();
      lookAgain(Math.min(2 * pauseMs, 120_000));
    }, pauseMs);
  addEventListener("online", look);
  lookAgain(2_000);
}
const cards = document.querySelectorAll("[data-pack]");
if ("serviceWorker" in navigator && "caches" in globalThis) {
  await Promise.all([...[...cards].map((card) => new Pack(card).look()), room(), opened()]);
} else {
  for (const card of cards) card.hidden = true;
  document.querySelector(".no-worker")?.removeAttribute("hidden");
}
