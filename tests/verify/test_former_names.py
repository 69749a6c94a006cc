"""Passports of a log that goes on under another name: its records tell the former one, and both programs agree."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.ledger.conftest import says_nothing
from tests.ledger.passports import Plant

from jasyl.ledger import (
    Key,
    Passport,
    check_passport,
    encode_record,
    export_log,
    load_keys,
    parse_passport,
    parse_record,
    positions,
    renaming,
    verify_log,
)
from jasyl.ledger.checkpoint import Checkpoint
from jasyl.ledger.key_changes import freeze
from jasyl.ledger.log_names import NamesOfAll, former_names
from jasyl.ledger.policy import own_policy
from jasyl.ledger.record_blocks import block_contents
from jasyl.ledger.signing import ED25519, ML_DSA_44, new_signer
from jasyl.texts import LANGUAGES, Refusal

from .test_jasyl_verify import SAME, policy_of

if TYPE_CHECKING:
    from jasyl.ledger import AnyRecord

FIRST, SECOND, THIRD = "city.example/log", "city.example/log-2", "city.example/log-3"


def renamed(plant: Plant, name: str) -> None:
    freeze(plant.house.folder, plant.house.database, name)
    plant.house.keys = load_keys(plant.house.folder)


def says(plant: Plant, alone: ModuleType, data: bytes) -> tuple[str, object]:
    """The verdict on which both programs agree, and the place they name."""
    theirs: tuple[str, object] = ("ok", None)
    try:
        alone.check_passport(data, alone.parse_policy(policy_of(plant)))
    except alone.Refused as refused:
        theirs = refused.code, refused.detail
    ours: tuple[str, object] = ("ok", None)
    try:
        assert check_passport(data, plant.house.log.policy).trusted
    except Refusal as refusal:
        ours = SAME[refusal.code], refusal.arguments["received"]
    assert ours == theirs
    return ours


def tellers(data: bytes) -> dict[int, Key]:
    """The records of a passport that tell former names."""
    records = {index: parse_record(entry) for index, entry in parse_passport(data).records.items()}
    return {index: one for index, one in records.items() if isinstance(one, Key) and one.schema == 2}


def with_records(plant: Plant, data: bytes, changes: Mapping[int, bytes | None]) -> bytes:
    """The passport with other records, and the nodes that belong to them."""
    passport = parse_passport(data)
    records = {index: entry for index, entry in sorted({**passport.records, **changes}.items()) if entry is not None}
    nodes = tuple(plant.house.log.inclusion_of_many(list(records), plant.house.log.size))
    return Passport(passport.keys, records, nodes, passport.trees, passport.proof).encode()


@pytest.fixture
def calc(plant: Plant) -> str:
    """A signed statement over signed days, and a log that has another name since."""
    days = plant.days(2, 7, plant.gateway())
    plant.house.drain()
    made = plant.calc(days, tree=True, signers=[plant.gateway()])  # waits when the log is frozen
    renamed(plant, SECOND)
    return made


def test_a_statement_from_before_the_freeze(plant: Plant, alone: ModuleType, calc: str) -> None:
    data = plant.passport(calc)
    assert says(plant, alone, data) == ("ok", None)
    assert check_passport(data).head.origin == SECOND
    ((place, told),) = tellers(data).items()
    # The statement waited when the log was frozen: it was logged first, and the revocation comes right after it.
    assert (told.log_origin, told.holder, told.former_size) == (SECOND, FIRST, place)
    found = check_passport(data)
    assert place == found.index + 1
    for language in LANGUAGES:
        (line,) = [line for line in found.lines(language) if FIRST in line and SECOND not in line]
        assert line.startswith("→")
        assert line.count(str(place)) == 2


def test_a_new_statement_over_days_of_three_names(plant: Plant, alone: ModuleType) -> None:
    signer = plant.gateway()
    device = plant.device(0, signer)
    days = plant.put(plant.day(0, 0, device, signer))
    plant.house.drain()
    for number, name in enumerate((SECOND, THIRD), 1):
        renamed(plant, name)
        days += plant.put(plant.day(0, number, device, signer))
    calc = plant.calc(days, tree=False, signers=[signer])
    plant.house.drain()
    data = plant.passport(calc)
    assert says(plant, alone, data) == ("ok", None)
    told = tellers(data)
    assert [(one.holder, one.log_origin) for one in told.values()] == [(FIRST, SECOND), (SECOND, THIRD)]
    second = max(told)
    for missing in told:  # what is told under a name that nobody tells counts nothing
        assert says(plant, alone, with_records(plant, data, {missing: None})) == ("record", 0)
    # Not needed: a statement under the present name alone.
    plain = plant.calc(days, tree=False, inputs=["ab" * 32], divisor=msgspec.UNSET)
    plant.house.drain()
    data = plant.passport(plain)
    assert (says(plant, alone, data), tellers(data)) == (("ok", None), {})
    stray = with_records(plant, data, {second: plant.house.log.entry(second)})
    assert says(plant, alone, stray) == ("stray", second)


def test_what_does_not_tell_a_former_name(plant: Plant, alone: ModuleType, calc: str) -> None:
    data = plant.passport(calc)
    ((place, told),) = tellers(data).items()
    first = min(parse_passport(data).records)

    def forged(**changes: object) -> bytes:
        return with_records(plant, data, {place: encode_record(msgspec.structs.replace(told, **changes))})

    assert says(plant, alone, with_records(plant, data, {place: None})) == ("record", first)
    assert says(plant, alone, forged(holder="other.example/log", vkey="other.example/log+b+c")) == ("record", first)
    assert says(plant, alone, forged(log_origin="other.example/log")) == ("record", first)
    assert says(plant, alone, forged(former_size=place + 1)) == ("record", place)
    last = parse_passport(data).proof.index
    assert says(plant, alone, forged(former_size=last)) == ("record", last)
    assert says(plant, alone, forged(valid_from="2026-01-01T00:00:00Z")) == ("log", plant.house.log.size)
    # The other revoked key says the same: one of them is too much.
    both = with_records(plant, data, {place + 1: plant.house.log.entry(place + 1)})
    assert says(plant, alone, both) == ("stray", place)
    # A true record of the log about another log.
    other = msgspec.structs.replace(told, holder="other.example/log", vkey="other.example/log+b+c")
    plant.put(other)
    plant.house.drain()
    data = plant.passport(calc)
    at = plant.house.log.size - 1
    instead = with_records(plant, data, {place: None, at: plant.house.log.entry(at)})
    assert says(plant, alone, instead) == ("record", first)
    beside = with_records(plant, data, {at: plant.house.log.entry(at)})
    assert says(plant, alone, beside) == ("stray", at)


def test_a_record_of_the_former_name_that_came_later(
    plant: Plant, alone: ModuleType, calc: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no record of the log until the log tells a later end of the name; then it is one everywhere."""
    before, days = plant.passport(calc), plant.inputs[calc]
    late = plant.calc(days, tree=False, log_origin=FIRST)
    with monkeypatch.context() as patch:
        patch.setattr(renaming.Endings, "untold", says_nothing)
        plant.house.drain()
    place = plant.house.log.size - 1
    assert says(plant, alone, plant.passport(late)) == ("record", place)
    assert len(folders_say(plant, alone, tmp_path / "untold")) == 1
    timely = plant.calc(days, tree=False)
    plant.house.drain()
    assert folders_say(plant, alone, tmp_path / "told") == []
    for made in (late, timely, calc):
        data = plant.passport(made)
        assert says(plant, alone, data) == ("ok", None)
        assert [one.former_size for one in tellers(data).values()] == [place + 1]
    assert says(plant, alone, before) == ("ok", None)  # as it was given out: that end was true of what stood before
    data = plant.passport(late)
    ((last,), (first,)) = tellers(data), tellers(before)
    earlier = with_records(plant, data, {last: None, first: plant.house.log.entry(first)})
    assert says(plant, alone, earlier) == ("record", place)
    both = with_records(plant, data, {first: plant.house.log.entry(first)})
    assert says(plant, alone, both) == ("stray", first)


def folders_say(plant: Plant, alone: ModuleType, copy: Path) -> list[tuple[int, int, str]]:
    """The records that the check of a whole log names, as (start, end, file); ``jasyl-verify`` names the first."""
    export_log(plant.house.folder, copy)
    report = verify_log(copy, plant.house.log.policy)
    assert {one.code for one in report.damages} <= {"origin"}
    places = [(one.start or 0, one.end or 0, one.file) for one in report.damages]
    if not places:
        assert alone.check_folder(copy, alone.parse_policy(policy_of(plant))).index == report.size
        return []
    with pytest.raises(alone.Refused) as refused:
        alone.check_folder(copy, alone.parse_policy(policy_of(plant)))
    start, end, file = places[0]
    entry = (copy / file).read_bytes()[start:end]
    assert (refused.value.code, plant.house.log.entry(refused.value.detail)) == ("record", entry)
    return places


def test_a_whole_log_holds_records_of_a_former_name_to_its_end(
    plant: Plant, alone: ModuleType, calc: str, tmp_path: Path
) -> None:
    """By the word of the log itself, as in passports: the policies of former names that lie beside it tell nothing."""
    assert folders_say(plant, alone, tmp_path / "first") == []
    shutil.rmtree(plant.house.folder.log / "past")
    shutil.rmtree(plant.house.folder.log / "frozen")
    assert folders_say(plant, alone, tmp_path / "second") == []
    late: list[str] = []
    for number, name in enumerate((FIRST, SECOND, FIRST)):  # each in a bundle of its own: a file is named once
        late.append(plant.calc(plant.inputs[calc], tree=False, log_origin=name, author=f"agency {number}"))
        plant.house.fill(300 * number, 300 * number + 300)
    with plant.house.database.reading() as connection:
        lost = [plant.house.log.entry(place) for place in sorted(positions(connection, late).values())]
    named = folders_say(plant, alone, tmp_path / "third")
    bundles = {file: (plant.house.folder.log / file).read_bytes() for _, _, file in named}
    assert [bundles[file][start:end] for start, end, file in named] == [lost[0], lost[2]]
    (words,) = {one.text("kk").split(": ", 1)[1] for one in verify_log(tmp_path / "third").damages}
    assert "бұрынғы аты" in words


def test_a_whole_log_under_a_name_that_nothing_tells(plant: Plant, alone: ModuleType, tmp_path: Path) -> None:
    """A former policy laid beside the log is no word of the log."""
    plant.house.fill(0, 3)
    renamed(plant, SECOND)
    stranger = plant.calc(plant.days(1, 1), tree=False, log_origin="other.example/log")
    plant.house.drain()
    policy = own_policy([new_signer("other.example/log", kind).verifier for kind in (ED25519, ML_DSA_44)])
    (plant.house.folder.log / "past/0001.policy").write_bytes(policy.encode())
    with plant.house.database.reading() as connection:
        place = positions(connection, [stranger])[stranger]
    ((start, end, file),) = folders_say(plant, alone, tmp_path / "copy")
    assert (tmp_path / "copy" / file).read_bytes()[start:end] == plant.house.log.entry(place)


TELLER: dict[str, object] = {
    "type": "key", "schema": 2, "log_origin": SECOND, "issued": "2026-11-21T08:15:30Z", "author": "agency",
    "vkey": f"{FIRST}+b+c", "holder": FIRST, "purpose": "log", "valid_from": "2026-11-21T08:15:30Z", "valid_to": None,
    "status": "revoked", "authorised_by": None, "former_size": 7,
}  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {}, {"former_size": 0}, {"former_size": -1}, {"former_size": 2**53}, {"former_size": "7"},
        {"former_size": None},
        {"schema": 1}, {"schema": 3}, {"log_origin": FIRST}, {"vkey": f"{SECOND}+b+c"}, {"vkey": FIRST},
        {"holder": "city.example"}, {"purpose": "issuer"}, {"status": "active"}, {"status": "retired"},
    ],
    ids=str,
)  # fmt: skip
def test_what_tells_a_former_name_is_read_alike(alone: ModuleType, changes: dict[str, object]) -> None:
    record = TELLER | changes
    entry = json.dumps(record, sort_keys=True, separators=(",", ":")).encode()
    right = record in (TELLER, TELLER | {"former_size": 0})
    for read, refused in ((parse_record, Refusal), (alone.records.parse_record, alone.Refused)):
        if right:
            read(entry)
        else:
            with pytest.raises(refused):
                read(entry)
    assert (block_contents([entry]) is not None) == right


NAMES = st.sampled_from(["a", "b", "c", "d"])
TOLD = st.none() | st.tuples(NAMES, st.integers(0, 12))


@given(said=st.lists(st.tuples(NAMES, TOLD), max_size=9), size=st.integers(0, 10))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_chain_of_names_is_followed_alike(
    alone: ModuleType, said: list[tuple[str, tuple[str, int] | None]], size: int
) -> None:
    """Records at every place, under any names and telling any; beside the rule as it is written, to its fixed point."""
    records: dict[int, AnyRecord] = {}
    for place, (name, told) in enumerate(said):
        holder, former_size = told or ("z", 0)
        revoked = Key(
            log_origin=name, issued="2026-11-21T08:15:30Z", author="agency", schema=2, vkey=f"{holder}+b+c",
            holder=holder, purpose="log", valid_from="2026-11-21T08:15:30Z", valid_to=None, status="revoked",
            authorised_by=None, former_size=former_size,
        ) if holder != name else None  # fmt: skip
        plain = Key(
            log_origin=name, issued="2026-11-21T08:15:30Z", author="agency", vkey="a+b+c", holder="a", purpose="log",
            valid_from="2026-11-21T08:15:30Z", valid_to=None, status="active", authorised_by=None,
        )  # fmt: skip
        records[place] = revoked if told and revoked else plain
    try:
        former: object = {name: one.record for name, one in former_names(records, Checkpoint("a", size, b"")).items()}
    except Refusal as refusal:
        former = refusal.arguments["received"]
    assert former == expected(records, size)
    whole = NamesOfAll()
    for place, one in records.items():
        whole.take(place, place + 1, one.log_origin)
        whole.tell(place, one)
    assert next(whole.strangers(Checkpoint("a", size, b"")), None) == (former if isinstance(former, int) else None)
    check = alone.passport._Check.__new__(alone.passport._Check)
    check.records = {place: msgspec.to_builtins(one) for place, one in records.items()}
    check.reached = set()
    try:
        check.names(alone.notes.Checkpoint("a", size, b""), {place: one.log_origin for place, one in records.items()})
        used = {former[one.log_origin] for one in records.values() if one.log_origin in former}  # type: ignore[index, operator]
        assert check.reached == used
    except alone.Refused as refused:
        assert refused.detail == former


def expected(records: "Mapping[int, AnyRecord]", size: int) -> object:
    """The rule of docs/passport.md: who tells what, as long as anything new follows; or the place at fault."""
    told = {place: one for place, one in records.items() if isinstance(one, Key) and one.schema == 2}
    early = [place for place, one in told.items() if isinstance(one.former_size, int) and one.former_size > place]
    if early:
        return max(early)
    former: dict[str, int] = {}

    def end(name: str) -> int:
        found = told[former[name]].former_size if name in former else 0
        return size if name == "a" else found if isinstance(found, int) else 0

    while True:
        known = {
            one.holder: max(
                place for place, other in told.items() if other.holder == one.holder and place < end(other.log_origin)
            )
            for at, one in told.items()
            if at < end(one.log_origin) and one.holder != "a"
        }
        if known == former:
            break
        former = known
    strangers = [place for place, one in records.items() if place >= end(one.log_origin)]
    return strangers[0] if strangers else former
