// The key of the list on an ambassador's phone, which wasm never sees but once. The build puts this before staff-start.js.

let held;
const bytes = (text) => new TextEncoder().encode(text);
/** Base64url. Long rows go through in pieces: a call takes only so many arguments. */
function encode(data) {
  let text = "";
  for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192));
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}
const decode = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

/** A secret, stretched to a key that opens the key of the list. */
async function stretched(secret, salt, iterations) {
  const raw = await crypto.subtle.importKey("raw", bytes(secret), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations };
  return crypto.subtle.deriveKey(how, raw, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}
/** Seals bytes: a fresh nonce before what AES-GCM makes of them. */
async function sealed(key, place, data) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const made = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bytes(place) }, key, data);
  const whole = new Uint8Array(12 + made.byteLength);
  whole.set(iv);
  whole.set(new Uint8Array(made), 12);
  return whole;
}
async function opened(key, place, whole) {
  const how = { name: "AES-GCM", iv: whole.slice(0, 12), additionalData: bytes(place) };
  return crypto.subtle.decrypt(how, key, whole.slice(12));
}
async function hold(raw) {
  held = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}

Object.assign(globalThis.bdhvs, {
  /** Makes a key, or takes one, holds it; returns it and itself sealed under a secret. Nothing on plain http. */
  wrapKey: async (given, secret, salt, rounds) => {
    try {
      const raw = given ? decode(given) : crypto.getRandomValues(new Uint8Array(32));
      const wrapped = await sealed(await stretched(secret, salt, rounds), "key", raw);
      await hold(raw);
      return [encode(raw), encode(wrapped)];
    } catch {
      return undefined;
    }
  },
  /** Opens a sealed key and holds it; false when the secret is another. */
  unwrapKey: async (wrapped, secret, salt, rounds) => {
    try {
      await hold(await opened(await stretched(secret, salt, rounds), "key", decode(wrapped)));
      return true;
    } catch {
      return false;
    }
  },
  /** Lets the key go: the list is shut. */
  dropKey: () => {
    held = undefined;
  },
  seal: async (place, text) => {
    if (held) return encode(await sealed(held, place, bytes(text)));
  },
  unseal: async (place, text) => {
    try {
      return new TextDecoder().decode(await opened(held, place, decode(text)));
    } catch {
      return undefined;
    }
  },
  /** Whether this page opens without a network from now on. */
  isKept: async () => {
    const here = globalThis.caches && (await caches.match(location.pathname, { ignoreVary: true, ignoreSearch: true }));
    const wasm = new URL("./staff_bg.wasm", import.meta.url).pathname;
    return Boolean(here && (await caches.match(wasm, { ignoreVary: true })));
  },
});
