import { expect, it } from "vitest";
import { knowsEd25519, Policy } from "../src/islands/verify/notes";
import { parse } from "../src/islands/verify/parts";
import { check, type Step, STEPS } from "../src/islands/verify/passport";
import { canonical, parseRecord, Refused } from "../src/islands/verify/records";
import policyText from "./fixtures/policy?raw";
import renamedPolicy from "./fixtures/renamed.policy?raw";
import renamedText from "./fixtures/renamed.passport?raw";
import passportText from "./fixtures/statement.passport?raw";

// Made by the program; tests/ledger/test_golden_passport.py holds all three verifiers to it.
const text = (data: Uint8Array): string => new TextDecoder().decode(data);
const bytes = (said: string): Uint8Array => new TextEncoder().encode(said);
const good = bytes(passportText);
const policy = await Policy.parse(policyText);

async function refused(data: Uint8Array, keys: Policy | null = policy): Promise<string> {
  try {
    await check(data, keys, () => undefined);
  } catch (error) {
    if (error instanceof Refused) return error.step;
    throw error;
  }
  return "holds";
}

it("passes every step of a good passport", async () => {
  const done: Step[] = [];
  const found = await check(good, policy, (step) => done.push(step));
  expect(await knowsEd25519()).toBe(true);
  expect(done).toEqual([...STEPS]);
  expect(found.weakest).toBe("operator-entered");
  expect(found.levels).toEqual({ "gateway-signed": 48, "operator-entered": 2 });
  expect([found.inputs, found.committed, found.superseded]).toEqual([50, true, false]);
  expect(found.signedBy).toEqual(["city.example/log (Ed25519)", "city.example/log (ML-DSA-44)"]);
  expect(found.witnesses).toEqual([]);
});

it("refuses any changed byte", async () => {
  let dice = 12345;
  for (let at = 0; at < good.length; at += 41) {
    dice = (dice * 1103515245 + 12345) % 2147483648;
    const changed = good.slice();
    changed[at] = (changed[at] ?? 0) ^ (1 + (dice % 255));
    expect(await refused(changed, at % 2 ? policy : null), `byte ${at}`).not.toBe("holds");
  }
}, 120_000);

it("tells sums apart above 2^53, where numbers of JavaScript do not", async () => {
  const sums = parse(good).trees[0]?.closed.map((node) => node.sums[0] ?? 0n) ?? [];
  const large = sums.find((sum) => sum > 2n ** 60n) ?? 0n;
  expect(Number(large)).toBe(Number(large + 1n));
  expect(await refused(bytes(text(good).replace(` ${large} `, ` ${large + 1n} `)))).toBe("inputs");
});

it("says which step failed", async () => {
  const lines = text(good).split("\n");
  const line = (word: string): number => lines.findIndex((each) => each.startsWith(word));
  const changed = (at: number, to: (said: string) => string): Uint8Array => bytes(lines.map((each, place) => (place === at ? to(each) : each)).join("\n"));
  expect(await refused(bytes(text(good).replace("jasyl-passport/1", "jasyl-passport/2")))).toBe("form");
  expect(await refused(changed(line("leaf "), () => lines[line("sum ")] ?? ""))).toBe("form");
  expect(await refused(changed(line("— "), (said) => said.replace(/.{4}$/, "AAAA")))).toBe("keys");
  expect(await refused(changed(line("index "), () => "index 0"))).toBe("statement");
  const calc = lines.findIndex((each) => each.includes('"type":"calc"'));
  expect(await refused(changed(calc, (said) => said.replace("2024-01", "2024-02")))).toBe("statement");
  expect(await refused(changed(line("record "), (said) => said.replace('"author"', '"autor"')))).toBe("records");
  const batch = lines.findIndex((each) => each.includes('"type":"batch"'));
  expect(await refused(changed(batch, (said) => said.replace('"count":96', '"count":95')))).toBe("inputs");
  const device = lines.findIndex((each) => each.includes('"type":"device"'));
  expect(await refused(changed(device, (said) => said.replace('"scale":-3', '"scale":-2')))).toBe("records");
  const node = line("node ");
  expect(await refused(changed(node, (said) => said.replace("node ", "node A").replace(/.=$/, "=")))).toBe("form");
  expect(await refused(changed(node, () => lines[node + 1] ?? ""))).toBe("log");
  const other = await Policy.parse(policyText.replace(/quorum .*/, "quorum none"));
  expect(await refused(good, other)).toBe("holds");
});

it("follows a log through its former names, on the word of the log alone", async () => {
  const names = await Policy.parse(renamedPolicy);
  const lines = renamedText.split("\n");
  const tellers = lines.filter((line) => line.includes('"former_size"'));
  const after = async (data: string): Promise<string> => refused(bytes(data), names);
  expect(tellers.map((line) => line.split(" ")[1])).toEqual(["3", "8"]);
  const found = await check(bytes(renamedText), names, () => undefined);
  expect([found.head.origin, found.weakest, found.recomputed]).toEqual(["city.example/log-3", "gateway-signed", true]);
  for (const teller of tellers) {
    const told = (from: string | RegExp, to: string): string => renamedText.replace(teller, teller.replace(from, to));
    expect(await after(renamedText.replace(`${teller}\n`, ""))).toBe("records");
    expect(await after(told(/"former_size":\d+/, '"former_size":9'))).toBe("records");
    expect(await after(told(/"former_size":\d+/, '"former_size":2'))).toBe("records");
    expect(await after(told(/("holder":"|"vkey":")[^"+]*/g, "$1other.example/log"))).toBe("records");
    expect(await after(told(/"log_origin":"[^"]*/, '"log_origin":"other.example/log'))).toBe("records");
    expect(await after(told(/"schema":2/, '"schema":1'))).toBe("records");
    expect(await after(told(/"status":"revoked"/, '"status":"active"'))).toBe("records");
  }
  // A record under a former name at its end, and a second word about the same name.
  expect(await after(renamedText.replace(/^(record 12 .*)log-3"/m, '$1log-2"'))).toBe("records");
  expect(await after(renamedText.replace("record 12 ", `${(tellers[1] ?? "").replace("record 8", "record 9")}\nrecord 12 `))).toBe("stray");
});

it("reads a policy as strictly as the others do", async () => {
  const [log = "", witness = ""] = policyText.split("\n");
  const vkey = witness.split(" ")[2] ?? "";
  for (const wrong of ["", "quorum none", log, `${log}\nquorum none\nquorum none`, `${log}\n${log}\nquorum none`, `${log}\nquorum x`,
    `${log}\nwitness none ${vkey}\nquorum none`, `${log}\nwitness a ${vkey}\nwitness b ${vkey}\nquorum a`,
    `${log}\nwitness a ${vkey}\ngroup g 2 a\nquorum g`, `${log}\nwitness a ${vkey}\ngroup g 1 a a\nquorum g`, "nonsense"]) {
    await expect(Policy.parse(wrong), wrong).rejects.toThrow();
  }
  await expect(Policy.parse(`# ours\n${log}\nwitness a\t${vkey}\ngroup g any a\nquorum g\n`)).resolves.toBeDefined();
});

it("reads records in one spelling only", () => {
  const entry = [...parse(good).records.values()].find((each) => text(each).includes('"type":"device"')) ?? new Uint8Array();
  expect(parseRecord(entry)["type"]).toBe("device");
  const spellings: [string | RegExp, string][] = [
    ['"scale":-3', '"scale":-3.0'], ['"scale":-3', '"scale":-3e0'], ['"scale":-3', '"scale":-0'], ['"schema":1', '"schema":1 '],
    ['"schema":1', '"schema":3'], ['"author":"agency"', '"author":"agency","author":"agency"'], ['"author":"agency"', '"author":"agenc\\u0079"'],
    ["2026-11-21", "2026-02-30"], ['"author":"agency"', '"author":"e\u0301"'], ['"author":"agency"', '"author":"\\ud800"'],
    ['"interval_seconds":900', '"interval_seconds":9007199254740993'], ['"interval_seconds":900', '"interval_seconds":0'],
    ['"type":"device"', '"type":"gadget"'], ['"accuracy_class":null', '"accuracy_class":5'], ['"supersedes":null', '"supersedes":null,"x":1'],
  ];
  for (const [from, to] of spellings) expect(() => parseRecord(bytes(text(entry).replace(from, to))), to).toThrow();
  expect(canonical({ b: [1, null, true], a: "ö\n" })).toBe('{"a":"ö\\n","b":[1,null,true]}');
});
