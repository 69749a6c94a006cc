/** The check of a passport, step by step as docs/passport.md tells it. Nothing leaves the page. */
import { type Checkpoint, isCosigner, type Key, parseCheckpoint, parseKey, parseNote, type Policy, verifies } from "./notes";
import { parse, type Parts } from "./parts";
import { type Fields, Refused } from "./records";
import { type Counted, Shown } from "./shown";
import { equal, hex, included, leafHash, rootOfMany } from "./trees";

/** In the order in which they are done. */
export const STEPS = ["form", "keys", "policy", "statement", "records", "inputs", "signatures", "stray", "log"] as const;
export type Step = (typeof STEPS)[number];

export interface Findings extends Counted {
  statement: Fields;
  index: number;
  head: Checkpoint;
  signedBy: string[];
  witnesses: string[];
  superseded: boolean;
}

/** Checks the passport in `data`; `done` is told of each step. Throws Refused: the first thing that does not hold. */
export async function check(data: Uint8Array, policy: Policy | null, done: (step: Step) => void): Promise<Findings> {
  const parts = parse(data);
  done("form");
  const { head, keys } = await checkKeys(parts);
  done("keys");
  if (policy) {
    await policy.check(parts.checkpoint);
    done("policy");
  }
  const entry = parts.records.get(parts.index);
  if (!entry || !(await included(await leafHash(entry), parts.index, head.size, parts.path, head.root))) throw new Refused("statement", parts.index);
  done("statement");
  const shown = new Shown(parts, head);
  await shown.read();
  const leaves = new Map<number, Uint8Array>();
  for (const [index, each] of parts.records) leaves.set(index, await leafHash(each));
  const root = await rootOfMany(leaves, head.size, parts.nodes);
  const whole = root !== null && equal(root, head.root);
  if (!whole) shown.refuseUnnamed();
  done("records");
  const calc = shown.at(parts.index);
  if (calc["type"] !== "calc") throw new Refused("statement", parts.index);
  shown.reached.add(parts.index);
  await shown.inputs(parts.index, 0);
  done("inputs");
  const superseded = await shown.authors();
  done("signatures");
  shown.nothingElse();
  done("stray");
  if (!whole) throw new Refused("log", head.size);
  done("log");
  const told = (key: Key): string => `${key.name} (${key.algorithm})`;
  return {
    statement: calc,
    index: parts.index,
    head,
    signedBy: keys.filter((key) => key.name === head.origin).map(told),
    witnesses: keys.filter((key) => key.name !== head.origin).map(told),
    superseded,
    ...shown.counted(),
  };
}

async function checkKeys(parts: Parts): Promise<{ head: Checkpoint; keys: Key[] }> {
  const { text, lines } = parseNote(parts.checkpoint);
  const head = parseCheckpoint(text);
  const keys = await Promise.all(parts.keys.map(parseKey));
  if (keys.length !== lines.length || new Set(keys.map((key) => hex(key.public))).size !== keys.length) throw new Refused("keys", keys.length);
  for (const [at, key] of keys.entries()) {
    const line = lines[at];
    const named = line !== undefined && line.name === key.name && equal(line.id, key.id);
    if (!named || !(await verifies(key, text, line.blob))) throw new Refused("keys", key.name);
  }
  if (!keys.some((key) => key.name === head.origin && !isCosigner(key))) throw new Refused("keys", head.origin);
  return { head, keys };
}
