/** The check of a passport, step by step as docs/passport.md tells it. Nothing leaves the page. */
import { base64, type Checkpoint, decimal, isCosigner, type Key, parseCheckpoint, parseKey, parseNote, type Policy, recordKeyVerifies, toBase64, verifies } from "./notes";
import { canonical, DAY, type Fields, type Json, parseRecord, Refused, utf8 } from "./records";
import { draws, equal, hex, included, leafHash, opened, rootOfMany, sha256, sumLeaf, type SumNode, unhex, weightOf } from "./trees";

/** In the order in which they are done. */
export const STEPS = ["form", "keys", "policy", "statement", "records", "inputs", "signatures", "stray", "log"] as const;
export type Step = (typeof STEPS)[number];
export const LEVELS = ["device-signed", "gateway-signed", "operator-entered", "stated", "not-shown"] as const;
export type Level = (typeof LEVELS)[number];

export interface Findings {
  statement: Fields;
  index: number;
  head: Checkpoint;
  signedBy: string[];
  witnesses: string[];
  superseded: boolean;
  inputs: number;
  shown: number;
  recomputed: boolean;
  committed: boolean;
  levels: Partial<Record<Level, number>>;
  weakest: Level;
}

interface Tree {
  record: number;
  leaves: { place: number; record: number; sums: bigint[] }[];
  closed: { hash: Uint8Array; sums: bigint[] }[];
}

interface Parts {
  keys: string[];
  records: Map<number, Uint8Array>;
  nodes: Uint8Array[];
  trees: Tree[];
  index: number;
  path: Uint8Array[];
  checkpoint: Uint8Array;
}

const HEADER = "jasyl-passport/1";
const PROOF = "c2sp.org/tlog-proof@v1";
const COLUMNS = ["plus", "minus", "readings", "device-signed", "gateway-signed", "operator-entered"];
const DRAWN = 8;
const MAX_FILE = 1024 * 1024;
const DAY_US = 86_400_000_000n;
const CIVIL = 14n * 3_600_000_000n;
/** What a mean is multiplied by, as a divisor of its seconds, and the unit that results. */
const MEANS: Record<string, [bigint, string]> = { W: [3600n, "W.h"], "W/m2": [3600n, "W.h/m2"], "kg/s": [1n, "kg"] };
const encoder = new TextEncoder();

/** An exact fraction, its denominator above zero. */
interface Fraction {
  over: bigint;
  under: bigint;
}

const times = (one: Fraction, other: Fraction): Fraction => ({ over: one.over * other.over, under: one.under * other.under });
const plus = (one: Fraction, other: Fraction): Fraction => ({ over: one.over * other.under + other.over * one.under, under: one.under * other.under });
const same = (one: Fraction, other: Fraction): boolean => one.over * other.under === other.over * one.under;
const power = (exponent: number): Fraction => (exponent < 0 ? { over: 1n, under: 10n ** BigInt(-exponent) } : { over: 10n ** BigInt(exponent), under: 1n });

/** Rounded to a thousandth, half to even. */
function rounded({ over, under }: Fraction): Fraction {
  const doubled = 2n * over * 1000n + under;
  let whole = doubled / (2n * under);
  if (doubled < 0n && doubled % (2n * under) !== 0n) whole -= 1n;
  if (doubled % (2n * under) === 0n && whole % 2n !== 0n) whole -= 1n;
  return { over: whole, under: 1000n };
}

function fraction(text: string): Fraction {
  const [whole = "0", decimals = ""] = text.split(".");
  return { over: BigInt(whole + decimals), under: 10n ** BigInt(decimals.length) };
}

/** The parts of the file, each line in its one spelling. Throws Refused `form` with the number of the line. */
export function parse(data: Uint8Array): Parts {
  if (data.length > MAX_FILE) throw new Refused("form", 1);
  const lines = split(data);
  const empty = lines.findIndex((line) => line.length === 0);
  if (empty < 1 || utf8Or(lines[0]) !== HEADER) throw new Refused("form", 1);
  const parts: Parts = { keys: [], records: new Map(), nodes: [], trees: [], ...parseProof(data, lines, empty) };
  const order = ["key", "record", "node", "tree", "leaf", "sum"];
  let before = "key";
  for (let at = 1; at < empty; at += 1) {
    const line = lines[at] as Uint8Array;
    const word = utf8Or(line.slice(0, Math.max(line.indexOf(32), 0)));
    const later = order.indexOf(word) >= order.indexOf(before) || word === "tree";
    const nested = (word !== "leaf" && word !== "sum") || parts.trees.length > 0;
    if (!order.includes(word) || !later || !nested || !take(parts, word, line)) throw new Refused("form", at + 1);
    before = word;
  }
  const trees = parts.trees.map((tree) => tree.record);
  if (trees.some((record, at) => at > 0 && record <= (trees[at - 1] ?? 0))) throw new Refused("form", "tree");
  return parts;
}

function split(data: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let at = 0; at <= data.length; ) {
    const next = data.indexOf(10, at);
    const end = next < 0 ? data.length : next;
    lines.push(data.slice(at, end));
    at = end + 1;
  }
  return lines;
}

function utf8Or(line: Uint8Array | undefined): string {
  try {
    return utf8(line ?? new Uint8Array());
  } catch {
    return "\uFFFD";
  }
}

function parseProof(data: Uint8Array, lines: Uint8Array[], empty: number): Pick<Parts, "index" | "path" | "checkpoint"> {
  const end = lines.findIndex((line, at) => at > empty && line.length === 0);
  const [header, index = "", ...path] = lines.slice(empty + 1, end).map(utf8Or);
  const place = index.startsWith("index ") ? decimal(index.slice(6)) : null;
  const hashes = path.map(base64);
  if (end < 0 || header !== PROOF || place === null || hashes.some((each) => each?.length !== 32)) throw new Refused("form", empty + 2);
  const offset = lines.slice(0, end + 1).reduce((sum, line) => sum + line.length + 1, 0);
  return { index: place, path: hashes as Uint8Array[], checkpoint: data.slice(offset) };
}

/** Takes in one line; false where it has any other spelling than the one it must have. */
function take(parts: Parts, word: string, line: Uint8Array): boolean {
  if (word === "record") {
    const second = line.indexOf(32, 7);
    const index = second < 0 ? null : decimal(utf8Or(line.slice(7, second)));
    if (index === null || [...parts.records.keys()].some((earlier) => earlier >= index)) return false;
    parts.records.set(index, line.slice(second + 1));
    return true;
  }
  const [, ...words] = utf8Or(line).split(" ");
  const tree = parts.trees.at(-1);
  const first = words[0] ?? "";
  const digest = base64(first);
  const place = decimal(first);
  if (word === "key") return parts.keys.push(utf8Or(line).slice(4)) > 0 && words.length > 0;
  if (word === "node") return words.length === 1 && digest?.length === 32 && parts.nodes.push(digest) > 0;
  if (word === "tree") return words.length === 1 && place !== null && parts.trees.push({ record: place, leaves: [], closed: [] }) > 0;
  const sums = words.slice(word === "leaf" ? 2 : 1);
  if (!tree || sums.length < 1 || sums.length > 16 || !sums.every((sum) => /^(0|[1-9]\d{0,37})$/.test(sum))) return false;
  if (word === "sum") return digest?.length === 32 && toBase64(digest) === first && tree.closed.push({ hash: digest, sums: sums.map(BigInt) }) > 0;
  const record = decimal(words[1] ?? "");
  if (place === null || record === null || tree.closed.length > 0) return false;
  return tree.leaves.push({ place, record, sums: sums.map(BigInt) }) > 0;
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
  const leaves = new Map<number, Uint8Array>();
  for (const [index, each] of parts.records) leaves.set(index, await leafHash(each));
  const root = await rootOfMany(leaves, head.size, parts.nodes);
  if (!root || !equal(root, head.root)) throw new Refused("log", head.size);
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

/** The records of a passport, which of them the statement leads to, and what was counted on the way. */
class Shown {
  readonly reached = new Set<number>();
  private readonly records = new Map<number, Fields>();
  private readonly ids = new Map<number, string>();
  private readonly places = new Map<string, number>();
  private count = 0;
  private seen = 0;
  private recomputed = 0;
  private committed = 0;
  private readonly levels: Partial<Record<Level, number>> = {};

  constructor(
    private readonly parts: Parts,
    private readonly head: Checkpoint,
  ) {}

  async read(): Promise<void> {
    for (const [index, entry] of this.parts.records) {
      let record: Fields;
      try {
        record = parseRecord(entry);
      } catch {
        throw new Refused("records", index);
      }
      if (record["log_origin"] !== this.head.origin || index >= this.head.size) throw new Refused("records", index);
      const id = hex(await sha256(entry));
      this.records.set(index, record);
      this.ids.set(index, id);
      this.places.set(id, index);
    }
  }

  at(index: number): Fields {
    return this.records.get(index) ?? {};
  }

  counted(): Pick<Findings, "inputs" | "shown" | "recomputed" | "committed" | "levels" | "weakest"> {
    const weakest = [...LEVELS].reverse().find((level) => this.levels[level]) ?? "not-shown";
    const { count, seen, recomputed, committed, levels } = this;
    return { inputs: count, shown: seen, recomputed: recomputed > 0, committed: committed > 0, levels, weakest };
  }

  /** The index of a record by id, which from now on counts as reached. */
  private find(id: string): number | undefined {
    const index = this.places.get(id);
    if (index !== undefined) this.reached.add(index);
    return index;
  }

  private add(level: Level, many: number): void {
    if (many) this.levels[level] = (this.levels[level] ?? 0) + many;
  }

  async inputs(index: number, depth: number): Promise<void> {
    const calc = this.at(index);
    const named = calc["inputs"] as string[] | Fields;
    const tree = this.parts.trees.find((each) => each.record === index);
    if (depth > 16) throw new Refused("inputs", index);
    if (Array.isArray(named)) {
      if (tree || new Set(named).size !== named.length) throw new Refused("inputs", index);
      await this.listed(index, named, depth);
      return;
    }
    const count = Number(named["count"]);
    this.count += count;
    if ("columns" in named) {
      if (!tree) throw new Refused("inputs", index);
      await this.tree(index, named, tree);
      return;
    }
    this.add("not-shown", count);
    if (tree) throw new Refused("inputs", index);
  }

  private async listed(index: number, named: string[], depth: number): Promise<void> {
    const calc = this.at(index);
    const additive = typeof calc["divisor"] === "string";
    let total: Fraction = { over: 0n, under: 1n };
    let complete = true;
    this.count += named.length;
    for (const id of named) {
      const place = this.find(id);
      if (place === undefined) {
        this.add("not-shown", 1);
        complete = false;
        continue;
      }
      if (place > index) throw new Refused("inputs", index);
      this.seen += 1;
      const kind = this.at(place)["type"];
      if (kind !== "batch") complete = false;
      if (kind === "calc") await this.inputs(place, depth + 1);
      else if (kind === "batch") {
        this.add(await this.level(place), 1);
        if (additive) total = plus(total, this.amount(calc, place));
      } else this.add("stated", 1);
    }
    if (additive && complete) {
      if (typeof calc["value"] !== "string" || !same(rounded(total), fraction(calc["value"]))) throw new Refused("inputs", index);
      this.recomputed += 1;
    }
  }

  private async tree(index: number, named: Fields, tree: Tree): Promise<void> {
    const calc = this.at(index);
    const columns = named["columns"] as { name: string; sum: string }[];
    const sums = columns.map((column) => BigInt(column.sum));
    const count = Number(named["count"]);
    const divisor = BigInt(String(calc["divisor"]));
    if (columns.map((column) => column.name).join() !== COLUMNS.join() || typeof calc["value"] !== "string") throw new Refused("inputs", index);
    const leaves = await this.leaves(index, tree, divisor);
    const found = await opened(leaves, count, tree.closed);
    if (!found || hex(found.root.hash) !== named["root"] || found.root.sums.join() !== sums.join()) throw new Refused("inputs", index);
    const [above = 0n, below = 0n, , ...levels] = sums;
    const claimed = rounded({ over: above - below, under: divisor });
    if (levels.reduce((sum, each) => sum + each, 0n) !== BigInt(count) || !same(claimed, fraction(calc["value"]))) throw new Refused("inputs", index);
    if (leaves.size < count) await this.drawn(index, found, leaves);
    this.seen += leaves.size;
    this.committed += 1;
    for (const [at, level] of LEVELS.slice(0, 3).entries()) this.add(level, Number(levels[at]));
  }

  private async drawn(index: number, found: { root: SumNode; before: Map<number, bigint> }, leaves: Map<number, SumNode>): Promise<void> {
    const weighty = weightOf(found.root) > 0n;
    for (const position of await draws(unhex(this.ids.get(index) ?? ""), this.head.root, found.root, DRAWN)) {
      const hit = [...leaves].some(([place, leaf]) => {
        const before = found.before.get(place) ?? 0n;
        return weighty ? position >= before && position < before + weightOf(leaf) : position === BigInt(place);
      });
      if (!hit) throw new Refused("inputs", index);
    }
  }

  private async leaves(index: number, tree: Tree, divisor: bigint): Promise<Map<number, SumNode>> {
    const leaves = new Map<number, SumNode>();
    const used = new Set<number>();
    let last = -1;
    for (const { place, record, sums } of tree.leaves) {
      const id = this.ids.get(record);
      const batch = this.at(record);
      if (id === undefined || this.find(id) !== record || batch["type"] !== "batch" || record > index || place <= last || used.has(record)) {
        throw new Refused("inputs", record);
      }
      const amount = times(this.amount(this.at(index), record), { over: divisor, under: 1n });
      const whole = amount.over / amount.under;
      const level = await this.level(record);
      const trust = LEVELS.slice(0, 3).map((each) => (each === level ? 1n : 0n));
      const expected = [whole > 0n ? whole : 0n, whole < 0n ? -whole : 0n, BigInt(Number(batch["count"])), ...trust];
      if (whole * amount.under !== amount.over || expected.join() !== sums.join()) throw new Refused("inputs", record);
      leaves.set(place, await sumLeaf(unhex(id), sums));
      used.add(record);
      last = place;
    }
    return leaves;
  }

  private device(place: number): Fields | null {
    const batch = this.at(place);
    if (!("device" in batch)) return null;
    const at = this.find(String(batch["device"]));
    const device = at === undefined ? {} : this.at(at);
    const alike = ["series", "unit", "scale"].every((name) => device[name] === batch[name]);
    if (at === undefined || device["type"] !== "device" || !alike || at > place) throw new Refused("inputs", place);
    return device;
  }

  private async level(place: number): Promise<Level> {
    const batch = this.at(place);
    const device = this.device(place);
    const signatures = batch["day_sigs"] as { key: string; sig: string }[] | undefined;
    if (batch["trust"] === "operator-entered" || !signatures) return "operator-entered";
    if (!device || device["key"] === null || device["trust"] !== batch["trust"]) throw new Refused("inputs", place);
    if (signatures.some((each) => each.key !== device["key"])) throw new Refused("inputs", place);
    const day = Object.fromEntries(DAY.map((name) => [name, batch[name] as Json]));
    await this.signed(place, signatures, encoder.encode(`jasyl-day/1\n${canonical(day)}`), "inputs");
    return batch["trust"] as Level;
  }

  private amount(calc: Fields, place: number): Fraction {
    const batch = this.at(place);
    const device = this.device(place);
    if (!device || device["series_kind"] === "counter") throw new Refused("inputs", place);
    let exact = times({ over: BigInt(String(batch["sum"])), under: 1n }, power(Number(batch["scale"])));
    let unit = String(batch["unit"]);
    if (device["series_kind"] === "mean") {
      const mean = Object.hasOwn(MEANS, unit) ? MEANS[unit] : undefined;
      if (!mean) throw new Refused("inputs", place);
      exact = times(exact, { over: BigInt(Number(device["interval_seconds"])), under: mean[0] });
      unit = mean[1];
    }
    const [start, end] = span(String(calc["period"]));
    const inside = BigInt(Number(batch["day_start"])) >= start && BigInt(Number(batch["day_end"])) <= end;
    if (calc["unit"] !== unit || !inside) throw new Refused("inputs", place);
    return exact;
  }

  /** The authors' signatures of every record; gives whether a record says that the statement is superseded. */
  async authors(): Promise<boolean> {
    let superseded = false;
    for (const [place, record] of this.records) {
      const { sigs, ...unsigned } = record;
      const message = encoder.encode(`jasyl-record/1\n${canonical(unsigned)}`);
      await this.signed(place, (sigs ?? []) as { key: string; sig: string }[], message, "signatures");
      if (record["type"] === "supersede" && record["superseded"] === this.ids.get(this.parts.index)) {
        this.reached.add(place);
        superseded = true;
      }
    }
    return superseded;
  }

  private async signed(place: number, signatures: { key: string; sig: string }[], message: Uint8Array, step: Step): Promise<void> {
    for (const each of signatures) {
      const at = this.find(each.key);
      const key = at === undefined ? {} : this.at(at);
      const ended = [...this.records].filter(([, other]) => other["type"] === "key" && other["vkey"] === key["vkey"] && other["status"] !== "active");
      if (at === undefined || key["type"] !== "key" || key["status"] !== "active" || at > place) throw new Refused(step, place);
      for (const [other] of ended) this.reached.add(other);
      if (ended.some(([other]) => other < place)) throw new Refused(step, place);
      if (!(await recordKeyVerifies(String(key["vkey"]), message, each.sig))) throw new Refused(step, place);
    }
    if (new Set(signatures.map((each) => each.key)).size !== signatures.length) throw new Refused(step, place);
  }

  /** Nothing stands in a passport that does not belong to its statement. */
  nothingElse(): void {
    const stray = [...this.records.keys()].find((index) => !this.reached.has(index));
    const tree = this.parts.trees.find((each) => !this.reached.has(each.record));
    if (stray !== undefined || tree) throw new Refused("stray", stray ?? tree?.record ?? 0);
  }
}

/** The widest stretch of a civil year, month or day, µs UTC. */
function span(period: string): [bigint, bigint] {
  const parts = period.split("-").filter((part) => /^\d+$/.test(part)).map(Number);
  const [year = NaN, month = 1, day = 1] = parts;
  const first = new Date(Date.UTC(2000, month - 1, day));
  first.setUTCFullYear(year, month - 1, day);
  const real = first.getUTCFullYear() === year && first.getUTCMonth() === month - 1 && first.getUTCDate() === day && year >= 1;
  if (!real) return [-(2n ** 63n), 2n ** 63n];
  const start = BigInt(first.getTime()) * 1000n;
  const days = parts.length === 1 ? 366n : parts.length === 2 ? 31n : 1n;
  return [start - CIVIL, start + days * DAY_US + CIVIL];
}
