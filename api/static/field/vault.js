// Sealing: under the passphrase for what is unfinished, to the service's key for what is finished.

const GCM = "AES-GCM";
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const NONCE_BYTES = 12;
const SALT_BYTES = 16;
const writer = new TextEncoder();
const reader = new TextDecoder("utf-8", { fatal: true });

const random = (size) => crypto.getRandomValues(new Uint8Array(size));

export function toBase64(bytes) {
  let text = "";
  for (const one of new Uint8Array(bytes)) text += String.fromCharCode(one);
  return btoa(text);
}

const fromBase64 = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));

/** A new opaque id: 32 hexadecimal digits. */
export const newId = () => crypto.randomUUID().replaceAll("-", "");

async function stretch(passphrase, salt, rounds) {
  const base = await crypto.subtle.importKey("raw", writer.encode(passphrase.normalize("NFKC")), "PBKDF2", false, [
    "deriveKey",
  ]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return crypto.subtle.deriveKey(how, base, { name: GCM, length: 256 }, false, ["wrapKey", "unwrapKey"]);
}

/** A random key wrapped under a passphrase: what is kept. The key itself never leaves the browser in clear. */
export async function makeKey(passphrase, rounds) {
  const [salt, nonce] = [random(SALT_BYTES), random(NONCE_BYTES)];
  const outer = await stretch(passphrase, salt, rounds);
  const key = await crypto.subtle.generateKey({ name: GCM, length: 256 }, true, ["encrypt", "decrypt"]);
  const wrapped = await crypto.subtle.wrapKey("raw", key, outer, { name: GCM, iv: nonce });
  return { id: "key", rounds, salt, nonce, wrapped };
}

/** The key, not to be taken out; null where the passphrase is another one. */
export async function openKey(passphrase, { rounds, salt, nonce, wrapped }) {
  const outer = await stretch(passphrase, salt, rounds);
  try {
    const how = { name: GCM, iv: nonce };
    return await crypto.subtle.unwrapKey("raw", wrapped, outer, how, GCM, false, ["encrypt", "decrypt"]);
  } catch (error) {
    if (error instanceof DOMException && error.name === "OperationError") return null;
    throw error;
  }
}

/** What a value looks like under the key; it opens under its own id only. */
export async function sealUnder(key, id, value, padded) {
  const nonce = random(NONCE_BYTES);
  const how = { name: GCM, iv: nonce, additionalData: writer.encode(id) };
  const sealed = await crypto.subtle.encrypt(how, key, pad(writer.encode(JSON.stringify(value)), padded));
  return { nonce, sealed };
}

export async function openUnder(key, id, { nonce, sealed }) {
  const how = { name: GCM, iv: nonce, additionalData: writer.encode(id) };
  return JSON.parse(reader.decode(await crypto.subtle.decrypt(how, key, sealed)));
}

/** A text sealed to the service's key, as `screening.field_records.sealing` opens it. */
export async function sealTo(publicKey, id, text, padded) {
  const theirs = fromBase64(publicKey.public);
  const server = await crypto.subtle.importKey("raw", theirs, CURVE, false, []);
  const own = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const ephemeral = new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey));
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: server }, own.privateKey, 256);
  const bound = writer.encode(["field_records", publicKey.id, id].join("\u001f"));
  const salt = new Uint8Array([...ephemeral, ...theirs]);
  const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt, info: bound };
  const key = await crypto.subtle.deriveKey(how, base, { name: GCM, length: 256 }, false, ["encrypt"]);
  const nonce = random(NONCE_BYTES);
  const sealing = { name: GCM, iv: nonce, additionalData: bound };
  const sealed = await crypto.subtle.encrypt(sealing, key, pad(writer.encode(text), padded));
  return { id, key: publicKey.id, ephemeral: toBase64(ephemeral), nonce: toBase64(nonce), sealed: toBase64(sealed) };
}

/** Spaces at the end up to a multiple, so that the length says nothing; JSON passes over them. */
function pad(bytes, multiple) {
  const whole = new Uint8Array(Math.ceil(bytes.length / multiple) * multiple).fill(0x20);
  whole.set(bytes);
  return whole;
}
