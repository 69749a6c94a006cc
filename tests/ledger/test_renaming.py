"""Going on under another name, killed at every step, and taken up by whoever keeps the log next."""

import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec import UNSET, structs

from jasyl.ledger import Keeper, Key, enqueue, freeze, load_keys, log_policy, parse_record, renaming, verify_log
from jasyl.ledger.policy import own_policy
from jasyl.ledger.signing import ED25519, ML_DSA_44, new_signer, parse_signer
from jasyl.quantities import sha256_hex

from .conftest import House, copied_house, says_nothing

FIRST, SECOND, THIRD = "city.example/log", "city.example/log-2", "city.example/log-3"

# Ends the process at its nth wish to make something durable or to name or remove a file: all between is one step.
KILLED = textwrap.dedent(
    """
    import os, signal, sys
    from pathlib import Path
    from jasyl.ledger import freeze
    from jasyl.storage import database_of, open_folder

    def killed(folder, last):
        count = 0

        def counting(call):
            def counted(*arguments, **named):
                nonlocal count
                count += 1
                if count == last:
                    os.kill(os.getpid(), signal.SIGKILL)
                return call(*arguments, **named)
            return counted

        for name in ("fsync", "fdatasync", "replace", "rename", "unlink"):
            setattr(os, name, counting(getattr(os, name)))
        freeze(folder, database_of(folder), "city.example/log-2")

    for path in sys.argv[1:]:
        child = os.fork()
        if child == 0:
            killed(open_folder(Path(path)), int(Path(path).name))
            os._exit(0)
        print(ended := os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        if ended == 0:
            break
    """
)


def check_gone_on(house: House) -> None:
    """The former name is told once, at the size that it had, nothing of its keys is left, and the log grows."""
    report = verify_log(house.folder.path, log_policy(house.folder.log))
    assert report.ok, report.text("en")
    assert (report.origin, report.size, report.journal_entries) == (SECOND, 27, 27)
    told = [parse_record(house.log.entry(place)) for place in range(23, 27)]
    said = [(one.log_origin, one.holder, one.status, one.former_size) for one in told if isinstance(one, Key)]
    assert said == [(SECOND, FIRST, "revoked", 23)] * 2 + [(SECOND, SECOND, "active", UNSET)] * 2
    held = [parse_signer(file.read_text()).name for file in house.folder.keys.glob("log-*.key") if file.stat().st_size]
    assert FIRST not in held
    assert (house.folder.log / "frozen" / "20").is_file()
    house.keys = load_keys(house.folder)
    house.fill(30, 40)
    assert verify_log(house.folder.path).ok


def test_killed_at_every_step(filled: Callable[..., Path], tmp_path: Path) -> None:
    houses = [copied_house(filled((0, 20)), tmp_path / str(number)) for number in range(1, 50)]
    for house in houses:
        house.enqueue(20, 23)
        house.database.close()
    paths = [str(house.folder.path) for house in houses]
    done = subprocess.run([sys.executable, "-c", KILLED, *paths], check=True, text=True, capture_output=True)
    ends = [int(line) for line in done.stdout.split()]
    assert ends.pop() == 0  # there was no such step any more
    assert set(ends) == {-9}
    renamed = [took_up(house, again=number % 2 == 0) for number, house in enumerate(houses[: len(ends)])]
    assert renamed == sorted(renamed)  # from one step on
    assert 3 < sum(not one for one in renamed) < len(ends) - 10


def took_up(house: House, *, again: bool) -> bool:
    """Whether a killed renaming was gone on with, by the next start or by being asked for ``again``."""
    begun = load_keys(house.folder).origin == SECOND
    if begun and again:
        assert freeze(house.folder, house.database, THIRD) in {SECOND, THIRD}
    else:
        house.drain()
    if begun and not again:
        check_gone_on(house)
    if not begun:
        assert log_policy(house.folder.log).origin == FIRST
        assert verify_log(house.folder.path).size == 23
    assert verify_log(house.folder.path).ok
    house.database.close()
    return begun


def test_a_log_that_told_nothing_of_its_former_name(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """As revocations of old told no size: the next start tells it, once."""
    house.fill(0, 20)
    with monkeypatch.context() as patch:
        patch.setattr(renaming.Endings, "untold", says_nothing)
        freeze(house.folder, house.database, SECOND)
        house.keys = load_keys(house.folder)
        house.fill(20, 25)
        (damage,) = verify_log(house.folder.path).damages
        assert (damage.code, damage.start) == ("origin", 2)
    house.drain()
    assert verify_log(house.folder.path).ok
    told = parse_record(house.log.entry(25))
    assert (told.log_origin, told.schema, getattr(told, "former_size", None)) == (SECOND, 2, 20)
    house.drain()
    assert house.log.size == 29


def test_a_policy_that_somebody_lays_there_makes_no_former_name(house: House) -> None:
    """Only that of a log which was frozen under it, with the head that its keys signed."""
    house.fill(0, 5)
    past = house.folder.log / "past"
    past.mkdir()
    strange = own_policy([new_signer("other.example/log", kind).verifier for kind in (ED25519, ML_DSA_44)])
    (past / "0000.policy").write_bytes(strange.encode())
    freeze(house.folder, house.database, SECOND)
    assert {one.holder for one in map(parse_record, entries_of(house)) if isinstance(one, Key)} == {FIRST, SECOND}


def ends_of(house: House, name: str) -> list[object]:
    """What the log says one after another of where a name ends."""
    told = [one for one in map(parse_record, entries_of(house)) if isinstance(one, Key) and one.schema == 2]
    return [one.former_size for one in told if one.holder == name]


def looking_at(house: House) -> Callable[[str], None]:
    """Holds the log to its rules whenever it is published."""

    def look(step: str) -> None:
        if step == "published":
            report = verify_log(house.folder.path)
            assert report.ok, report.text("en")

    return look


def test_what_was_on_its_way_while_the_name_ended(house: House) -> None:
    """A server keeps the log when another process renames it: what was made before and comes after is of the log."""
    with Keeper(house.folder, house.database, at_step=looking_at(house)) as server:
        server.drain()
    house.fill(0, 20)
    freeze(house.folder, house.database, SECOND)
    ends = [20]
    for first, end in ((20, 21), (21, 24), (24, 25)):
        place = house.log.size
        late = house.enqueue(first, end)  # still made under the first name
        with house.database.writing(visible=False) as connection:
            enqueue(connection, structs.replace(house.record(100 + end), log_origin=SECOND))
        with server:
            server.drain()
        ends.append(place + len(late))
        assert ends_of(house, FIRST) == [end for end in ends for _ in range(2)]
        assert [sha256_hex(house.log.entry(place + at)) for at in range(len(late))] == late
    freeze(house.folder, house.database, THIRD)
    size = house.log.size
    house.enqueue(25, 26)
    house.drain(looking_at(house))
    assert ends_of(house, FIRST)[-1] == size + 1
    assert ends_of(house, SECOND) == [size - 4] * 2
    assert verify_log(house.folder.path, log_policy(house.folder.log)).ok


def test_another_arrives_while_the_end_is_told(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.fill(0, 20)
    freeze(house.folder, house.database, SECOND)
    house.enqueue(20, 21)
    told, coming = renaming.Endings.untold, iter(range(21, 23))

    def interrupted(endings: renaming.Endings, *given: Any) -> list[Key]:
        said = told(endings, *given)
        if said and (number := next(coming, 0)):
            house.enqueue(number, number + 1)
        return said

    monkeypatch.setattr(renaming.Endings, "untold", interrupted)
    house.drain(looking_at(house))
    assert ends_of(house, FIRST) == [20, 20, 25, 25, 26, 26, 29, 29]
    assert verify_log(house.folder.path).size == 33


@pytest.mark.parametrize("step", ["journal", "tiles", "signed", "published", "marked"])
def test_killed_while_what_came_late_is_taken(house: House, step: str) -> None:
    house.fill(0, 20)
    freeze(house.folder, house.database, SECOND)
    house.enqueue(20, 22)

    def kill(here: str) -> None:
        looking_at(house)(here)
        if here == step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        house.drain(kill)
    house.enqueue(22, 23)
    house.drain(looking_at(house))
    assert ends_of(house, FIRST) == [20, 20, 26, 26, 29, 29]
    assert verify_log(house.folder.path).ok


def entries_of(house: House) -> list[bytes]:
    return [house.log.entry(place) for place in range(house.log.size)]


def test_a_renaming_after_a_checkpoint_that_was_signed_and_not_published(house: House) -> None:
    """It is one tree under both names, no fork."""
    house.fill(0, 5)
    house.enqueue(5, 9)

    def kill(step: str) -> None:
        if step == "signed":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        house.drain(kill)
    freeze(house.folder, house.database, SECOND)
    assert (house.log.size, verify_log(house.folder.path).ok) == (13, True)
