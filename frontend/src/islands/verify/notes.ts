/** Signed notes, verifier keys, checkpoints and trust policies of the C2SP; signatures of records. */
import { ml_dsa44, ml_dsa65 } from "@noble/post-quantum/ml-dsa.js";
import { Refused, utf8 } from "./records";
import { bigEndian, equal, hex, joined, sha256 } from "./trees";

export const ED25519 = 1;
const ED25519_COSIGNATURE = 4;
const ML_DSA_44 = 6;
const ALGORITHMS: Record<number, string> = { 1: "Ed25519", 4: "Ed25519", 6: "ML-DSA-44" };
const SIZES: Record<number, number> = { 1: 32, 4: 32, 6: 1312 };
const ML_DSA_65 = new TextEncoder().encode("ml-dsa-65-note/v1");
const encoder = new TextEncoder();
const EMPTY_ROOT = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

export interface Key {
  name: string;
  kind: number;
  algorithm: string;
  material: Uint8Array;
  public: Uint8Array;
  id: Uint8Array;
}

export interface Checkpoint {
  origin: string;
  size: number;
  root: Uint8Array;
}

interface Line {
  name: string;
  id: Uint8Array;
  blob: Uint8Array;
}

/** Whether this browser can verify Ed25519: the one thing a passport needs that some still lack. */
export async function knowsEd25519(): Promise<boolean> {
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(32), { name: "Ed25519" }, false, ["verify"]);
    return true;
  } catch {
    return false;
  }
}

export function base64(text: string): Uint8Array | null {
  try {
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    return btoa(String.fromCharCode(...bytes)) === text ? bytes : null;
  } catch {
    return null;
  }
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

export function decimal(text: string): number | null {
  const number = /^(0|[1-9]\d{0,15})$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(number) ? number : null;
}

async function ed25519(key: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  if (signature.length !== 64) return false;
  try {
    const imported = await crypto.subtle.importKey("raw", joined(key), { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, imported, joined(signature), joined(message));
  } catch {
    return false;
  }
}

function mlDsa(scheme: typeof ml_dsa44, key: Uint8Array, message: Uint8Array, signature: Uint8Array, context = new Uint8Array()): boolean {
  try {
    return scheme.verify(signature, message, key, { context });
  } catch {
    return false;
  }
}

function named(name: string): boolean {
  return name !== "" && !/[+\s\p{Cc}]/u.test(name);
}

async function splitKey(line: string): Promise<{ name: string; material: Uint8Array; id: Uint8Array } | null> {
  const [name = "", identity = "", ...rest] = line.split("+");
  const material = base64(rest.join("+"));
  if (!named(name) || !material?.length) return null;
  const id = (await sha256(encoder.encode(`${name}\n`), material)).slice(0, 4);
  return hex(id) === identity ? { name, material, id } : null;
}

export async function parseKey(line: string): Promise<Key> {
  const found = await splitKey(line);
  const kind = found?.material[0] ?? 0;
  if (!found || found.material.length - 1 !== SIZES[kind]) throw new Refused("keys", line.slice(0, 60));
  return { ...found, kind, algorithm: ALGORITHMS[kind] ?? "", public: found.material.slice(1) };
}

/** Whether the key of a `key` record (Ed25519, ML-DSA-65) made a record's signature. */
export async function recordKeyVerifies(vkey: string, message: Uint8Array, signature: string): Promise<boolean> {
  const found = await splitKey(vkey);
  const blob = base64(signature);
  if (!found || !blob) return false;
  const { material } = found;
  if (material[0] === ED25519 && material.length === 33) return ed25519(material.slice(1), message, blob);
  const prefix = joined(Uint8Array.of(255), ML_DSA_65);
  const hybrid = material.length === prefix.length + 1952 && equal(material.slice(0, prefix.length), prefix);
  return hybrid && mlDsa(ml_dsa65, material.slice(prefix.length), message, blob, ML_DSA_65);
}

export async function verifies(key: Key, text: Uint8Array, blob: Uint8Array): Promise<boolean> {
  if (key.kind === ED25519) return ed25519(key.public, text, blob);
  const stamp = blob.slice(0, 8);
  if (blob.length < 8 || (stamp[0] ?? 0) > 127) return false;
  const head = parseCheckpoint(text);
  if (key.kind === ED25519_COSIGNATURE) {
    const time = BigInt(`0x${hex(stamp)}`);
    return ed25519(key.public, joined(encoder.encode(`cosignature/v1\ntime ${time}\n`), text), blob.slice(8));
  }
  const name = encoder.encode(key.name);
  const origin = encoder.encode(head.origin);
  if (name.length > 255 || origin.length > 255) return false;
  const message = joined(
    encoder.encode("subtree/v1\n\0"),
    Uint8Array.of(name.length),
    name,
    stamp,
    Uint8Array.of(origin.length),
    origin,
    new Uint8Array(8),
    bigEndian(head.size, 8),
    head.root,
  );
  return mlDsa(ml_dsa44, key.public, message, blob.slice(8));
}

export function parseNote(data: Uint8Array): { text: Uint8Array; lines: Line[] } {
  let whole: string;
  try {
    whole = utf8(data);
  } catch {
    throw new Refused("keys", "UTF-8");
  }
  const blank = whole.lastIndexOf("\n\n");
  const below = whole.slice(blank + 2).split("\n");
  // eslint-disable-next-line no-control-regex
  if (blank < 0 || below.pop() !== "" || !below.length || below.length > 64 || /[\x00-\x09\x0b-\x1f]/.test(whole)) {
    throw new Refused("keys", "note");
  }
  const lines = below.map((line) => {
    const [dash, name = "", encoded = "", ...more] = line.split(" ");
    const blob = base64(encoded);
    if (dash !== "—" || more.length || !named(name) || !blob || blob.length < 5) throw new Refused("keys", name);
    return { name, id: blob.slice(0, 4), blob: blob.slice(4) };
  });
  return { text: encoder.encode(whole.slice(0, blank + 1)), lines };
}

export function parseCheckpoint(text: Uint8Array): Checkpoint {
  const lines = utf8(text).split("\n");
  const size = decimal(lines[1] ?? "");
  const root = base64(lines[2] ?? "");
  const whole = lines.length >= 4 && lines.at(-1) === "" && lines.slice(0, -1).every((line) => line !== "");
  if (!whole || size === null || root?.length !== 32 || (size === 0 && hex(root) !== EMPTY_ROOT)) throw new Refused("keys", "checkpoint");
  return { origin: lines[0] ?? "", size, root };
}

/** A trust policy (C2SP tlog-policy): which logs are known, which cosigners must have signed. */
export class Policy {
  private readonly logs: Key[] = [];
  private readonly witnesses = new Map<string, Key>();
  private readonly groups = new Map<string, { threshold: number; members: string[] }>();
  private readonly used = new Set<string>();
  private quorum: string | null = null;

  static async parse(text: string): Promise<Policy> {
    const policy = new Policy();
    for (const line of text.split("\n")) {
      const words = line.split(/[ \t]+/).filter((word) => word !== "");
      if (words.length && !words[0]?.startsWith("#") && !(await policy.take(words))) throw new Refused("policy", line.slice(0, 60));
    }
    if (policy.quorum === null || !policy.logs.length) throw new Refused("policy", "quorum");
    return policy;
  }

  /** Throws unless a known log and the quorum have signed. */
  async check(data: Uint8Array): Promise<void> {
    const { text, lines } = parseNote(data);
    const head = parseCheckpoint(text);
    const signed = new Set<Key>();
    for (const key of [...this.logs, ...this.witnesses.values()]) {
      for (const line of lines.filter((each) => each.name === key.name && equal(each.id, key.id))) {
        if (!(await verifies(key, text, line.blob))) throw new Refused("policy", key.name);
        signed.add(key);
      }
    }
    if (!this.logs.some((log) => log.name === head.origin && signed.has(log))) throw new Refused("policy", head.origin);
    if (!this.holds(this.quorum ?? "", signed)) throw new Refused("policy", this.quorum ?? "");
  }

  private holds(name: string, signed: Set<Key>): boolean {
    if (name === "none") return true;
    const key = this.witnesses.get(name);
    if (key) return signed.has(key);
    const group = this.groups.get(name);
    return group !== undefined && group.members.filter((member) => this.holds(member, signed)).length >= group.threshold;
  }

  private async take(words: string[]): Promise<boolean> {
    const [keyword, first = "", second = "", ...more] = words;
    const free = (name: string): boolean => name !== "none" && !this.witnesses.has(name) && !this.groups.has(name);
    if (keyword === "log" && words.length >= 2 && words.length <= 3) {
      const key = await parseKey(first);
      return this.logs.every((log) => !equal(log.public, key.public)) && this.logs.push(key) > 0;
    }
    if (keyword === "witness" && words.length >= 3 && words.length <= 4) {
      const key = await parseKey(second);
      const fresh = [...this.witnesses.values()].every((other) => !equal(other.public, key.public));
      const fits = free(first) && key.kind !== ED25519 && fresh;
      this.witnesses.set(first, key);
      return fits;
    }
    if (keyword === "group" && more.length) {
      const threshold = second === "all" ? more.length : second === "any" ? 1 : (decimal(second) ?? 0);
      const known = more.every((member) => !free(member) && member !== "none" && !this.used.has(member));
      const fits = free(first) && known && new Set(more).size === more.length && threshold >= 1 && threshold <= more.length;
      for (const member of more) this.used.add(member);
      this.groups.set(first, { threshold, members: more });
      return fits;
    }
    if (keyword === "quorum" && words.length === 2 && this.quorum === null) {
      this.quorum = first;
      return !free(first);
    }
    return false;
  }
}

export const isCosigner = (key: Key): boolean => key.kind === ED25519_COSIGNATURE || key.kind === ML_DSA_44;
