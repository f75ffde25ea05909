// What the browser does better than wasm, for every bundle. The build puts this before islands.js and staff-start.js, so that
// it costs no request of its own.
const root = document.documentElement;

// The pages of this browser, open in several tabs, and the worker speak to one another here.
const tabs = new BroadcastChannel("bdhvs");

const asked = (request) =>
  new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });

// The key this phone signs with. The browser gives it to nobody, not even to this page; it can only be used.
let pair;
async function ownPair() {
  const opening = indexedDB.open("bdhvs-key", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("keys");
  const database = await asked(opening);
  const table = (mode) => database.transaction("keys", mode).objectStore("keys");
  const kept = () => asked(table("readonly").get("own"));
  if (!(await kept())) {
    const made = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
    // Another tab may have been first: its key stays.
    await asked(table("readwrite").add(made, "own")).catch(() => {});
  }
  return kept();
}
/** Does something with the key; nothing comes back where there is none (plain http, no storage). */
async function withKey(use) {
  try {
    const bytes = await use(await (pair ??= ownPair()));
    return btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  } catch {
    pair = undefined;
  }
}

// What the browser does better than wasm.
globalThis.bdhvs = Object.assign(globalThis.bdhvs ?? {}, {
  /** A moment as people read it, in Vietnam's time. */
  when: (ms) => {
    const two = "2-digit";
    const form = { hour: two, minute: two, day: two, month: two, year: "numeric", timeZone: "Asia/Ho_Chi_Minh" };
    return new Date(ms).toLocaleString(root.lang, form);
  },
  /** This phone's public key. */
  key: () => withKey(({ publicKey }) => crypto.subtle.exportKey("raw", publicKey)),
  /** This phone's signature over a text. */
  sign: (text) =>
    withKey(({ privateKey }) =>
      crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, privateKey, new TextEncoder().encode(text)),
    ),
  /** Posts JSON. Returns status and text, or nothing when no answer came in 30 seconds: 16 KB at 10 kbit/s take 13. */
  post: async (path, token, body) => {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), 30_000);
    const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
    try {
      const response = await fetch(path, { method: "POST", headers, body, signal: abort.signal });
      return [response.status, await response.text()];
    } catch {
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  },
  /**
   * Waits until no other tab is sending; returns what ends the turn. A tab that is stuck does not hold the others up for
   * more than a minute: sending twice costs bytes and nothing else.
   */
  turn: () =>
    new Promise((begin) => {
      const late = setTimeout(() => begin(() => {}), 60_000);
      const hold = () =>
        new Promise((end) => {
          clearTimeout(late);
          begin(end);
          setTimeout(end, 60_000);
        });
      if (navigator.locks) navigator.locks.request("bdhvs-send", hold);
      else hold();
    }),
  /** The numbers of all certificates that were withdrawn, as text; nothing without an answer. */
  withdrawn: async () => {
    try {
      const response = await fetch("/api/v1/certificates/withdrawn");
      return response.ok ? await response.text() : undefined;
    } catch {
      return undefined;
    }
  },
  /** Tells the other tabs that the record has changed. */
  tell: () => tabs.postMessage("changed"),
  /** Calls back with what other tabs and the worker say. */
  listen: (call) => {
    tabs.onmessage = ({ data }) => call(data === "send");
  },
  /** A slow hash of a secret (PBKDF2), or nothing where the browser makes none: it does only over https. */
  stretch: async (secret, salt, iterations) => {
    const [bytes, name] = [(text) => new TextEncoder().encode(text), "PBKDF2"];
    try {
      const key = await crypto.subtle.importKey("raw", bytes(secret), name, false, ["deriveBits"]);
      const bits = await crypto.subtle.deriveBits({ name, hash: "SHA-256", salt: bytes(salt), iterations }, key, 256);
      return btoa(String.fromCharCode(...new Uint8Array(bits)));
    } catch {
      return undefined;
    }
  },
  /** Hands the person a file to keep. */
  save: (download, text) => {
    const href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    Object.assign(document.createElement("a"), { href, download }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60_000);
  },
  /** Lets the person choose a file; returns what stands in it, or nothing when she chose none. */
  pick: () =>
    new Promise((done) => {
      const field = Object.assign(document.createElement("input"), { type: "file", accept: ".json" });
      field.onchange = () => done(field.files[0]?.text().catch(() => ""));
      field.oncancel = () => done();
      field.click();
    }),
  /** Reads or writes the word that remembers whether there is a record: see offline/lost.rs. */
  trace: (word) => {
    try {
      if (word === undefined) return localStorage.trace;
      localStorage.trace = word;
    } catch {
      // A window without storage remembers nothing.
    }
  },
  /**
   * Asks the browser to wake the worker when the network is back, where browsers do that. With a network it would wake it
   * at once, again and again, where waiting longer each time is right.
   */
  later: () => {
    if (navigator.onLine) return;
    navigator.serviceWorker?.ready.then((registration) => registration.sync?.register("bdhvs-send")).catch(() => {});
  },
});

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
