/** Records: JSON in the one spelling of RFC 8785, with exactly the fields of its kind (docs/records.md). */

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type Fields = { [name: string]: Json };

/** What does not hold: the step at fault, and where (a line of the file, a record's place in the log). */
export class Refused extends Error {
  constructor(
    readonly step: string,
    readonly detail: string | number = "",
  ) {
    super(`${step} ${detail}`);
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const MAX_ENTRY = 65_535;

export function utf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** RFC 8785; its order of keys, by UTF-16 code units, is that of JavaScript. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const keys = Object.keys(value).sort();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key] as Json)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

type Check = (value: Json | undefined) => boolean;

const isObject = (value: Json | undefined): value is Fields => value !== null && typeof value === "object" && !Array.isArray(value);
const matches =
  (pattern: RegExp, longest: number): Check =>
  (value) =>
    typeof value === "string" && value.length <= longest && pattern.test(value);
const text =
  (shortest: number, longest: number): Check =>
  (value) =>
    typeof value === "string" && [...value].length >= shortest && [...value].length <= longest;
const integer =
  (low: number, high: number): Check =>
  (value) =>
    typeof value === "number" && Number.isSafeInteger(value) && low <= value && value <= high;
const list =
  (check: Check, shortest: number, longest: number): Check =>
  (value) =>
    Array.isArray(value) && value.length >= shortest && value.length <= longest && value.every(check);
const map =
  (check: Check): Check =>
  (value) =>
    isObject(value) && Object.values(value).every(check);
const either =
  (...checks: Check[]): Check =>
  (value) =>
    checks.some((check) => check(value));

const SAFE = Number.MAX_SAFE_INTEGER;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z$/;
const plain: Check = (value) => value === null || ["string", "boolean"].includes(typeof value) || integer(-SAFE, SAFE)(value);
const hash = matches(/^[0-9a-f]{64}$/, 64);
const shallow = either(plain, list(plain, 0, MAX_ENTRY), map(plain));

const CHECKS: Record<string, Check> = {
  name: text(1, 512),
  text: text(1, 4096),
  unit: text(0, 128),
  receipt: text(0, 49_152),
  hash,
  hashes: list(hash, 0, 400),
  names: list(text(1, 512), 0, 64),
  now: (value) => typeof value === "string" && MOMENT.test(value) && exists(value),
  moment: matches(MOMENT, 40),
  count: integer(0, SAFE),
  integer: integer(-SAFE, SAFE),
  scale: integer(-18, 18),
  seconds: integer(1, 86_400),
  whole: matches(/^(0|-?[1-9]\d*)$/, 80),
  natural: matches(/^(0|[1-9]\d*)$/, 38),
  decimal: matches(/^-?(0|[1-9]\d*)(\.\d*[1-9])?$/, 120),
  signature: matches(/^[A-Za-z0-9+/]+={0,2}$/, 8192),
  base64: matches(/^[A-Za-z0-9+/]+={0,2}$/, 49_152),
  parameters: map(plain),
  payload: map(either(plain, list(shallow, 0, MAX_ENTRY), map(shallow))),
};

/** Whether the day of a moment exists: JavaScript would turn 30 February into March. */
function exists(moment: string): boolean {
  const time = new Date(`${moment.slice(0, 19)}Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(moment.slice(0, 19));
}

/** `name:check` of each field; `?` lets null in, `+` before it lets the field be left out. */
function fields(words: string): Check {
  const rules = words.trim().split(/\s+/);
  const needed = rules.filter((rule) => !rule.startsWith("+")).map((rule) => rule.split(":")[0] as string);
  const checks = new Map(rules.map((rule) => rule.replace(/^\+/, "").split(":") as [string, string]).map(([name, word]) => [name, checkOf(word)]));
  return (value) =>
    isObject(value) &&
    needed.every((name) => Object.hasOwn(value, name)) &&
    Object.entries(value).every(([name, each]) => checks.get(name)?.(each) ?? false);
}

function checkOf(word: string): Check {
  const bare = word.replace(/\?$/, "");
  const check: Check = CHECKS[bare] ?? ((value) => typeof value === "string" && bare.split("|").includes(value));
  return word.endsWith("?") ? (value) => value === null || check(value) : check;
}

CHECKS["trust"] = checkOf("device-signed|gateway-signed|operator-entered");
CHECKS["sigs"] = list(fields("key:hash sig:signature"), 1, 8);
CHECKS["method"] = fields("id:name version:name parameters:parameters");
CHECKS["pseudonym"] = matches(/^[0-9A-Za-z][0-9A-Za-z:._-]{0,127}$/, 128);
CHECKS["fields"] = fields("root:hash count:count");
CHECKS["owner"] = list(hash, 1, 4);
CHECKS["columns"] = list(fields("name:name sum:natural"), 1, 16);
CHECKS["inputs"] = either(list(hash, 0, MAX_ENTRY), fields("root:hash count:count +columns:columns"));

const HEAD = "type:name log_origin:name issued:now author:name +sigs:sigs schema:integer";
/** What a batch says that its device or gateway signs. */
export const DAY = ["series", "day_start", "day_end", "count", "unit", "scale", "sum", "min", "max", "root"];
const BATCH = `series:name day_start:integer day_end:integer count:count unit:name scale:scale sum:whole min:whole?
  max:whole? root:hash trust:trust supersedes:hash?`;
const CALC = `indicator:name period:name unit:unit value:decimal? uncertainty:decimal? completeness:decimal
  method:method inputs:inputs supersedes:hash?`;
const KEY = `vkey:text holder:name purpose:name valid_from:moment valid_to:moment?
  status:active|retired|revoked authorised_by:name?`;
const KINDS: Record<string, string> = {
  "import 1": "what:name file_name:name sha256:hash rows:count source:text licence:text actor:name",
  "device 1": `series:name facility:name? quantity:name series_kind:mean|amount|counter unit:name scale:scale
    interval_seconds:seconds trust:trust key:hash? accuracy_class:name? calibration_sha256:hash?
    calibrated_until:moment? supersedes:hash?`,
  "batch 1": BATCH,
  "batch 2": `${BATCH} device:hash +day_sigs:sigs`,
  "calc 1": `${CALC} place:name? facility:name?`,
  "calc 2": `${CALC} figure_kind:observed|published|modelled|assumed|training subject_kind:name subject:name +divisor:natural`,
  "supersede 1": "superseded:hash replacement:hash? reason:text actor:name",
  "erase 1": `subject:name destroyed:series-key|payload-key reason:text authority:name actor:name
    records:hashes copies:names`,
  "key 1": KEY,
  "key 2": `${KEY} former_size:count`,
  "certificate 1": `event:issue|transfer|split|retire|cancel|expire|import|export certificate:name command:name
    payload:payload`,
  "evidence 1": "sha256:hash size:count media_type:name title:text custodian:name about:hashes actor:name",
  "decision 1": "subject:name rules:name rules_version:name payload:payload actor:name supersedes:hash?",
  "anchor 1": `target:name size:count root:hash state:pending|confirmed|failed receipt:receipt
    payload:payload`,
  "sealed 1": "subject:pseudonym sort:pseudonym commitment:hash fields:fields? supersedes:hash?",
  "title 1": `event:register|transfer title:pseudonym object_class:land|building|equipment object_mark:hash
    payload:hash owner:owner previous:hash?`,
  "checkpoint-seen 1": "origin:name size:count root:hash checkpoint:base64",
};
const RULES = new Map(Object.entries(KINDS).map(([kind, words]) => [kind, fields(`${HEAD} ${words}`)]));

/** A record from its bytes; throws where they are anything but the one spelling of a known kind. */
export function parseRecord(bytes: Uint8Array): Fields {
  if (bytes.length > MAX_ENTRY) throw new Error("too large");
  const entry = utf8(bytes);
  const record = JSON.parse(entry) as Json;
  // Doubled keys, other spellings of numbers and integers beyond 2^53 do not come out as they went in.
  if (!isObject(record) || canonical(record) !== entry || !wellFormed(entry)) throw new Error("another spelling");
  if (record["type"] !== "import" && entry.normalize("NFC") !== entry) throw new Error("not composed");
  const fitting = RULES.get(`${String(record["type"])} ${String(record["schema"])}`);
  if (!fitting?.(record) || !sensible(record)) throw new Error("not a known record");
  return record;
}

function wellFormed(entry: string): boolean {
  return !/\\ud[89ab]/i.test(entry) && !/\\ud[c-f]/i.test(entry);
}

/** What fields of one record owe each other. */
function sensible(record: Fields): boolean {
  if (record["type"] === "device") return (record["trust"] === "operator-entered") === (record["key"] === null);
  if (record["type"] === "batch") {
    const empty = record["count"] === 0;
    const bounds = (record["min"] === null) === empty && (record["max"] === null) === empty;
    const signed = record["trust"] !== "operator-entered";
    return Number(record["day_start"]) < Number(record["day_end"]) && bounds && (record["schema"] === 1 || signed === "day_sigs" in record);
  }
  if (record["type"] === "calc") {
    const inputs = record["inputs"] as Fields | string[];
    if ("divisor" in record) return record["divisor"] !== "0" && record["value"] !== null;
    return Array.isArray(inputs) || !("columns" in inputs);
  }
  if (record["type"] === "key" && record["schema"] === 2) {
    const ended = record["purpose"] === "log" && record["status"] === "revoked";
    return ended && record["holder"] !== record["log_origin"] && String(record["vkey"]).startsWith(`${String(record["holder"])}+`);
  }
  if (record["type"] === "sealed") return !personal(record["subject"]) && !personal(record["sort"]);
  if (record["type"] === "title") {
    const owner = record["owner"] as Json[];
    const first = (record["event"] === "register") === (record["previous"] === null);
    return first && new Set(owner).size === owner.length && !personal(record["title"]);
  }
  return true;
}

/** Whether a pseudonym looks like a person's number or mail address. */
function personal(value: Json | undefined): boolean {
  return /(?<![0-9A-Za-z])\+?[0-9]{11,12}(?![0-9A-Za-z])|[^\s@]+@[^\s@]+\.[^\s@]+/.test(String(value));
}
