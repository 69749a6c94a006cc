/** What the records of a passport show of its statement. */
import { type Checkpoint, recordKeyVerifies } from "./notes";
import { type Fraction, fraction, plus, power, rounded, same, times } from "./fractions";
import { type Parts, type Tree, utf8Or } from "./parts";
import { canonical, DAY, type Fields, type Json, parseRecord, Refused } from "./records";
import { draws, hex, opened, sha256, sumLeaf, type SumNode, unhex, weightOf } from "./trees";

/** From the strongest to the weakest. */
export const LEVELS = ["device-signed", "gateway-signed", "operator-entered", "stated", "not-shown"] as const;
export type Level = (typeof LEVELS)[number];

/** What was met on the way from the statement to its inputs. */
export interface Counted {
  inputs: number;
  shown: number;
  recomputed: boolean;
  committed: boolean;
  levels: Partial<Record<Level, number>>;
  weakest: Level;
}

const COLUMNS = ["plus", "minus", "readings", "device-signed", "gateway-signed", "operator-entered"];
const DRAWN = 8;
const DAY_US = 86_400_000_000n;
const CIVIL = 14n * 3_600_000_000n;
/** What a mean is multiplied by, as a divisor of its seconds, and the unit that results. */
const MEANS: Record<string, [bigint, string]> = { W: [3600n, "W.h"], "W/m2": [3600n, "W.h/m2"], "kg/s": [1n, "kg"] };
const encoder = new TextEncoder();

/** The records of a passport, which of them the statement leads to, and what was counted on the way. */
export class Shown {
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
      const id = hex(await sha256(entry));
      this.records.set(index, record);
      this.ids.set(index, id);
      this.places.set(id, index);
    }
    this.names();
  }

  /** Every record stands under the name of the log, or under a former one before the place where that ended. */
  private names(): void {
    const ends = new Map([[this.head.origin, this.head.size]]);
    const told = new Map<string, number>();
    for (const [index, record] of [...this.records].sort(([one], [other]) => other - one)) {
      if (!("former_size" in record)) continue;
      const former = String(record["holder"]);
      const size = Number(record["former_size"]);
      if (size > index) throw new Refused("records", index);
      if (index >= (ends.get(String(record["log_origin"])) ?? 0) || ends.has(former)) continue;
      ends.set(former, size);
      told.set(former, index);
    }
    for (const [index, record] of this.records) {
      const name = String(record["log_origin"]);
      if (index >= (ends.get(name) ?? 0)) throw new Refused("records", index);
      const teller = told.get(name);
      if (teller !== undefined) this.reached.add(teller);
    }
  }

  /** Of records that do not lead to the root, names the one to which no other leads: its hash changed with it. */
  refuseUnnamed(): void {
    const entries = [...this.parts.records.values()].map(utf8Or).join("\n");
    const placed = new Set([this.parts.index, ...this.parts.trees.flatMap((tree) => tree.leaves.map((leaf) => leaf.record))]);
    for (const [index, record] of this.records) {
      const points = record["type"] === "supersede" || (record["type"] === "key" && record["status"] !== "active");
      if (!placed.has(index) && !points && !entries.includes(this.ids.get(index) ?? "")) throw new Refused("records", index);
    }
  }

  at(index: number): Fields {
    return this.records.get(index) ?? {};
  }

  counted(): Counted {
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

  private async signed(place: number, signatures: { key: string; sig: string }[], message: Uint8Array, step: "inputs" | "signatures"): Promise<void> {
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
