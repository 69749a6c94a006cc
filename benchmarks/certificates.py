"""Replay of certificate events, by the independent replayer from bytes of the log and by the machine that the server
uses, per CPU second; beside them the floor: SHA-256 of the entry and of the six nodes of the state tree above it.
"""

import random
from fractions import Fraction
from hashlib import sha256

from jasyl import ledger
from jasyl.certificates import Issue, MeasuredDay, Retire, State, Transfer, apply, record_of, replay

from .ledger import cpu

CERTIFICATES, EVENTS = 2_000, 100_000
_DAY = 86_400_000_000
_HEAD = {"log_origin": "city.example/log", "issued": "2026-11-21T08:15:30Z", "author": "operator"}
_ACCOUNTS = [f"account-{number}" for number in range(50)]


def run() -> None:
    """Make a log of certificates, then replay it."""
    entries, state, events = _log()
    found = replay(entries)
    assert found.ok, found.disagreement
    assert found.state == state.hash
    seconds = min(cpu(lambda: replay(entries)) for _ in range(2))
    again = min(cpu(lambda: _again(state.measured, events)) for _ in range(2))
    floor = min(cpu(lambda: _floor(entries)) for _ in range(2))
    print(f"events {found.events}, certificates {CERTIFICATES}, mean entry {sum(map(len, entries)) // len(entries)} B")
    for name, taken in (("replayer, from bytes of the log", seconds), ("machine, from events", again)):
        print(f"{name:34} {found.events / taken:9,.0f} events per CPU second, {taken / floor:.1f} x floor")
    print(f"{'target':34} {50_000:9,} events per second")


def _log() -> tuple[list[bytes], State, list[Issue | Transfer | Retire]]:
    chance = random.Random(5)
    entries: list[bytes] = []
    state, events = State(), list[Issue | Transfer | Retire]()
    owners: dict[str, str] = {}
    retired: dict[str, int] = {}
    for place in range(CERTIFICATES):
        series, start = f"meter-{place % 100}", (20_000 + place // 100) * _DAY
        device = ledger.Device(
            **_HEAD, series=series, facility=None, quantity="electricity_generated", series_kind="amount", unit="W.h",
            scale=0, interval_seconds=3600, trust="operator-entered",
        )  # fmt: skip
        known = ledger.encode_record(device)
        batch = ledger.encode_record(
            ledger.Batch(
                **_HEAD, series=series, day_start=start, day_end=start + _DAY, count=24, unit="W.h", scale=0,
                sum="1000000", min="0", max="90000", root="0" * 64, trust="operator-entered",
                device=sha256(known).hexdigest(),
            )
        )  # fmt: skip
        entries += [known, batch]
        identity, name = sha256(batch).hexdigest(), f"c-{place}"
        state.measured[identity] = MeasuredDay(
            series, "electricity_generated", "W.h", start, start + _DAY, Fraction(1_000_000)
        )
        events.append(
            Issue(
                certificate=name, command=f"i-{place}", at=start + _DAY, actor="operator", owner="account-0",
                attribute="electricity", device=f"device-{place % 100}", series=series, start=start, end=start + _DAY,
                batches=[identity], metered="1000000", factor="1", factor_source=None, amount=1_000_000, remainder="0",
                trust="operator-entered", usable_until=start + 365 * _DAY, expires_at=start + 540 * _DAY,
            )
        )  # fmt: skip
        owners[name] = "account-0"
    for step in range(EVENTS - CERTIFICATES):
        place = chance.randrange(CERTIFICATES)
        name, at = f"c-{place}", (20_100 + place // 100) * _DAY
        to = chance.choice([one for one in _ACCOUNTS if one != owners[name]])
        common = {"certificate": name, "command": f"k-{step}", "at": at, "actor": "operator", "owner": owners[name]}
        if step % 20:
            events.append(Transfer(**common, to=to, start=100_000, end=1_000_000))
            owners[name] = to
        else:  # the first tenth is used up piece by piece, always by the first account
            used = retired.get(name, 0)
            retired[name] = used + 500
            common["owner"] = "account-0"
            said = {"beneficiary": f"buyer {chance.randrange(9)}", "purpose": "scope 2", "period": "2024-10"}
            events.append(Retire(**common, start=used, end=used + 500, **said))
    for number, event in enumerate(events, start=1):
        apply(state, event)
        entries.append(ledger.encode_record(record_of(event, "city.example/log", number, state.hash)))
    return entries, state, events


def _again(measured: dict[str, MeasuredDay], events: list[Issue | Transfer | Retire]) -> None:
    state = State(measured=measured)
    for event in events:
        apply(state, event)


def _floor(entries: list[bytes]) -> None:
    node = bytes(512)
    for entry in entries:
        sha256(entry).digest()
        for _ in range(6):
            sha256(node).digest()
