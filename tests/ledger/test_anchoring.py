"""Anchors against a real EVM, a calendar, an authority; dead, lying and reorganising ones; nothing holds logging up."""

import base64
import re
import shutil
from collections.abc import Generator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import need
from tests.serving import ROOT

from jasyl.ledger import Anchor, Log, enqueue, freeze, records_of_kind, verify_log
from jasyl.ledger.anchoring import AnchorKeeper, AnchorTarget, read_states, read_targets, remove_target, write_target
from jasyl.ledger.anchoring.evm import CREATION, EVENT, EVENT_TOPIC, RUNTIME, Evm
from jasyl.ledger.anchoring.keeper import PATIENCE
from jasyl.ledger.anchoring.ots_file import APPEND, MAGIC, attestations, parse_file, parse_tree
from jasyl.ledger.anchoring.settings import account_file, new_account
from jasyl.ledger.anchoring.states import AnchorState
from jasyl.ledger.anchoring.timestamping import TimeStamping, verify_token
from jasyl.ledger.anchors_told import is_of_tree
from jasyl.texts import LANGUAGES, Refusal

from .chains import Authority, Calendar, Chain, served

if TYPE_CHECKING:
    from .conftest import House

KEY = bytes.fromhex("11" * 32)


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keeper(house: "House", clock: Clock) -> AnchorKeeper:
    house.fill(0, 10)
    return AnchorKeeper(house.folder, house.database, clock=clock)


def records(house: "House") -> list[tuple[str, Anchor]]:
    """Every anchor record with its id, in order."""
    with house.database.reading() as connection:
        return [(name, one) for name, one in records_of_kind(connection, "anchor") if isinstance(one, Anchor)]


def told(house: "House") -> list[tuple[str, int]]:
    """State and size of every anchor record, in order."""
    house.drain()
    return [(one.state, one.size) for _, one in records(house)]


def refused(call: Any, *arguments: Any) -> str:
    with pytest.raises(Refusal) as caught:
        call(*arguments)
    assert all(caught.value.text(language) for language in LANGUAGES)
    return caught.value.code


# EVM


@pytest.fixture
def chain() -> Generator[tuple[Chain, str]]:
    from eth_account import Account
    from eth_tester import EthereumTester, PyEVMBackend

    tester = EthereumTester(PyEVMBackend())
    rich, poor = tester.get_accounts()[0], Account.from_key(KEY).address
    tester.send_transaction({"from": rich, "to": poor, "value": 10**18, "gas": 21000})
    one = Chain(tester)
    with served(one.answer) as url:
        yield one, url


def deployed(one: Chain, url: str, **changes: Any) -> Evm:
    bare = Evm((url,), one.tester.backend.chain.chain_id, "", KEY, depth=3)
    contract, _ = bare.deploy()
    made = Evm((url,), bare.chain, contract, KEY, **({"depth": 3} | changes))
    assert made.deployed()
    return made


def test_the_event_and_the_code_are_what_they_say() -> None:
    from eth_utils.crypto import keccak

    assert keccak(text=EVENT) == EVENT_TOPIC
    assert CREATION.endswith(RUNTIME)
    assert CREATION[1] == len(RUNTIME) == 50


def put(house: "House", evm: Evm, **changes: Any) -> AnchorTarget:
    target = AnchorTarget(
        name="chain", kind="evm", urls=evm.urls, chain=evm.chain, contract=evm.contract, depth=evm.depth, **changes
    )
    write_target(house.folder, target)
    (house.folder.keys / account_file("chain")).write_text(KEY.hex())
    return target


def test_an_event_is_pending_until_it_is_deep_enough(
    house: "House", keeper: AnchorKeeper, clock: Clock, chain: tuple[Chain, str]
) -> None:
    one, url = chain
    evm = deployed(one, url)
    put(house, evm)
    assert keeper.turn()["chain"].state == "pending"
    clock.now += 100
    held = keeper.turn()["chain"]
    assert (held.state, held.payload["height"]) == ("pending", 3)
    log = one.tester.get_transaction_receipt(held.payload["transaction"])["logs"][0]
    assert log["topics"][1] == "0x" + sha256(house.keys.origin.encode()).hexdigest()
    assert log["topics"][2][-40:] == evm.address[2:].lower()
    assert log["data"] == "0x" + (10).to_bytes(32).hex() + Log(house.folder).root(10).hex()
    one.tester.mine_blocks(3)
    clock.now += 100
    assert keeper.turn()["chain"].state == "confirmed"
    assert told(house) == [("pending", 10), ("confirmed", 10)]
    # A day later there is nothing new but its own records; then there is.
    clock.now += 90_000
    assert keeper.turn()["chain"].size == 10
    house.fill(10, 20)
    clock.now += 1
    assert keeper.turn()["chain"].size == 22
    assert read_states(house.folder.log)["chain"].confirmed_size == 10


def test_a_reorganisation_makes_it_pending_again(
    house: "House", keeper: AnchorKeeper, clock: Clock, chain: tuple[Chain, str]
) -> None:
    one, url = chain
    put(house, deployed(one, url, depth=2))
    before = one.tester.take_snapshot()
    keeper.turn()
    one.tester.mine_blocks(4)
    clock.now += 100
    assert keeper.turn()["chain"].state == "confirmed"
    one.tester.revert_to_snapshot(before)  # the branch with our transaction is left behind
    clock.now += 1000
    assert keeper.turn()["chain"].state == "pending"  # and it was sent again
    one.tester.mine_blocks(4)
    clock.now += 100
    assert keeper.turn()["chain"].state == "confirmed"
    assert [state for state, _ in told(house)] == ["pending", "confirmed", "pending", "confirmed"]


def test_what_went_wrong_is_told_in_words_for_every_code() -> None:
    rooms = ROOT / "src" / "jasyl"
    sources = [*(rooms / "ledger" / "anchoring").glob("*.py"), rooms / "intake" / "outgoing.py"]
    raised = re.findall(r'"((?:anchor|outgoing)-[a-z-]+)"', "".join(file.read_text("utf-8") for file in sources))
    assert set(raised) > {"outgoing-failed", "anchor-lies", "anchor-late"}
    for code in set(raised) - {"anchor-settings", "anchor-unknown", "anchor-roots"}:  # told at once to who types
        state = AnchorState(kind="evm", origin="o", size=1, root="", state="failed", sent=0, tried=0, error=code)
        assert len({state.trouble(language) for language in LANGUAGES}) == 3, code


def test_a_dead_chain_fails_and_is_tried_again_while_logging_goes_on(
    house: "House", keeper: AnchorKeeper, clock: Clock, chain: tuple[Chain, str]
) -> None:
    one, url = chain
    put(house, deployed(one, url))
    one.down = True
    assert keeper.turn()["chain"].error == "anchor-rpc"
    house.fill(10, 30)
    tries = [keeper.turn()["chain"].tries]
    for _ in range(3):
        clock.now += 4000
        tries.append(keeper.turn()["chain"].tries)
    assert tries == [1, 2, 3, 4]
    assert told(house) == [("failed", 10)]  # said once
    one.down = False
    clock.now += 4000
    assert keeper.turn()["chain"].state == "pending"
    one.down = True
    clock.now += 100
    assert keeper.turn()["chain"].state == "pending"  # not reachable is no verdict
    clock.now += PATIENCE
    assert keeper.turn()["chain"].state == "failed"


def test_an_endpoint_that_lies(chain: tuple[Chain, str], house: "House") -> None:
    one, url = chain
    evm = deployed(one, url, depth=1)
    house.fill(0, 10)
    head = Log(house.folder).checkpoint()
    held = evm.submit(head)
    assert evm.check(head, held).state == "confirmed"
    receipt = "eth_getTransactionReceipt"
    lies: list[tuple[str, dict[str, Any], str]] = [
        (receipt, {"logs": []}, "anchor-lies"),
        (receipt, {"status": "0x0"}, "anchor-lies"),
        (receipt, {"transactionHash": "0x" + "00" * 32}, "anchor-lies"),
        (receipt, {"logs": [{"address": evm.contract, "topics": [], "data": "0x"}]}, "anchor-lies"),
        (receipt, {"blockNumber": "many"}, "anchor-rpc"),
        (receipt, {"logs": ["x"]}, "anchor-rpc"),
    ]
    for method, change, code in lies:
        one.lie = lambda asked, said, method=method, change=change: said | change if asked == method else said
        assert refused(evm.check, head, held) == code
    one.lie = lambda asked, said: {"hash": "0x" + "11" * 32} if asked == "eth_getBlockByNumber" else said
    assert evm.check(head, held).state == "pending"
    one.lie = lambda asked, said: hex(1) if asked == "eth_chainId" else said
    assert refused(evm.check, head, held) == "anchor-lies"
    assert refused(evm.submit, head) == "anchor-lies"
    one.lie = lambda asked, said: hex(10**15) if asked == "eth_gasPrice" else said
    assert refused(evm.submit, head) == "anchor-too-dear"
    one.lie = lambda asked, said: "0x" + "22" * 32 if asked == "eth_sendRawTransaction" else said
    assert refused(evm.submit, head) == "anchor-lies"
    one.lie = lambda asked, said: "0x00" if asked == "eth_getCode" else said
    assert refused(evm.submit, head) == "anchor-contract"


def test_two_endpoints_must_agree(chain: tuple[Chain, str], house: "House") -> None:
    one, url = chain
    house.fill(0, 10)
    head = Log(house.folder).checkpoint()
    evm = deployed(one, url, depth=1)
    held = evm.submit(head)
    other = Chain(one.tester)
    other.lock = one.lock
    with served(other.answer) as second:
        both = Evm((url, second), evm.chain, evm.contract, KEY, depth=1)
        assert both.check(head, held).state == "confirmed"
        other.lie = lambda asked, said: None if asked == "eth_getTransactionReceipt" else said
        assert both.check(head, held).state == "pending"
        false = "0x" + "33" * 32
        other.lie = lambda asked, said: (
            said | {"blockHash": false}
            if asked == "eth_getTransactionReceipt"
            else {"hash": false}
            if asked == "eth_getBlockByNumber"
            else said
        )
        assert refused(both.check, head, held) == "anchor-lies"


# OpenTimestamps


@pytest.fixture
def calendar() -> Generator[Calendar]:
    one = Calendar()
    with served(one.answer) as url:
        one.url = url
        yield one


def test_a_promise_becomes_a_block(house: "House", keeper: AnchorKeeper, clock: Clock, calendar: Calendar) -> None:
    url = calendar.url
    dead = "http://127.0.0.1:9"  # one calendar is enough
    write_target(house.folder, AnchorTarget(name="ots", kind="opentimestamps", urls=(dead, url), explorer=url))
    held = keeper.turn()["ots"]
    assert (held.state, held.payload["calendars"]) == ("pending", 1)
    file = base64.b64decode(held.receipt)
    digest, tree = parse_file(file)
    assert file.startswith(MAGIC + b"\x01\x08" + digest)
    assert digest == sha256(Log(house.folder).checkpoint().text()).digest()
    assert [one.url for one in attestations(digest, tree)] == [url]
    clock.now += 100
    assert keeper.turn()["ots"].state == "pending"
    calendar.ready = True
    calendar.false_root = True
    clock.now += 100
    assert keeper.turn()["ots"].error == "anchor-lies"
    calendar.false_root = False
    clock.now += 4000
    assert keeper.turn()["ots"].state == "pending"  # a fresh promise
    clock.now += 100
    done = keeper.turn()["ots"]
    assert (done.state, done.payload["height"], done.payload["checked"]) == ("confirmed", 800_000, True)
    digest, tree = parse_file(base64.b64decode(done.receipt))
    assert {one.height for one in attestations(digest, tree)} == {None, 800_000}
    assert [state for state, _ in told(house)] == ["pending", "failed", "pending", "confirmed"]


def test_without_an_explorer_nothing_is_called_confirmed(
    house: "House", keeper: AnchorKeeper, clock: Clock, calendar: Calendar
) -> None:
    write_target(house.folder, AnchorTarget(name="ots", kind="opentimestamps", urls=(calendar.url,)))
    keeper.turn()
    calendar.ready = True
    clock.now += 100
    held = keeper.turn()["ots"]
    assert (held.state, held.payload["height"], held.payload["checked"]) == ("pending", 800_000, False)


DAMAGED = [b"", b"\x00", b"\xf0", b"\xf0\x05ab", b"\x02\x00", b"\xff", b"\x08" * 400, b"\xf0" + b"\xff" * 9 + b"\x01"]
DAMAGED += [b"\x00" + b"\x01" * 8 + b"\xff\xff\x7f", b"\x00" + b"\x01" * 8 + b"\x00\x00"]
DAMAGED += [(b"\xff\x00" + b"\x01" * 8 + b"\x00") * 600 + b"\x00" + b"\x01" * 8 + b"\x00"]


@pytest.mark.parametrize("tree", DAMAGED)
def test_trees_that_are_refused(tree: bytes) -> None:
    assert refused(parse_tree, tree) == "anchor-ots"
    assert refused(parse_file, MAGIC + tree) == "anchor-ots"


@given(st.binary(max_size=80))
def test_any_bytes_are_a_tree_or_refused(data: bytes) -> None:
    try:
        found = parse_tree(data)
    except Refusal as refusal:
        assert refusal.code == "anchor-ots"
    else:
        from jasyl.ledger.anchoring.ots_file import encode_tree

        assert parse_tree(encode_tree(found)) == found
        assert APPEND


# RFC 3161


@pytest.fixture(scope="module")
def openssl() -> None:
    """It plays the authority."""
    need(shutil.which("openssl"), "openssl: apt install openssl")


@pytest.mark.usefixtures("openssl")
def test_a_token_of_an_authority(house: "House", keeper: AnchorKeeper, tmp_path: Path) -> None:
    authority = Authority(tmp_path / "tsa")
    head = Log(house.folder).checkpoint()
    with served(authority.answer) as url:
        write_target(
            house.folder, AnchorTarget(name="tsa", kind="rfc3161", urls=(url,), roots=authority.roots.decode())
        )
        held = keeper.turn()["tsa"]
        assert held.state == "confirmed", held.error
        assert keeper.turn(at_once=True)["tsa"].state == "confirmed"
    token, nonce = base64.b64decode(held.receipt), int(str(held.payload["nonce"]))
    assert verify_token(token, head, authority.roots, nonce)[1] == "1.2.3.4.1"
    other = Authority(tmp_path / "other")
    for content, size, roots, number in (
        (token, head.size, authority.roots, nonce + 1),  # another nonce
        (token, head.size + 1, authority.roots, nonce),  # another imprint
        (token, head.size, other.roots, nonce),  # another root
        (token[:-1] + bytes([token[-1] ^ 1]), head.size, authority.roots, nonce),
        (token[:-20], head.size, authority.roots, nonce),
        (b"", head.size, authority.roots, nonce),
    ):
        changed = type(head)(head.origin, size, head.root)
        assert refused(verify_token, content, changed, roots, number) == "anchor-token"
    assert told(house) == [("confirmed", 10)]


@pytest.mark.usefixtures("openssl")
def test_certificates_for_something_else_or_out_of_date(house: "House", tmp_path: Path) -> None:
    house.fill(0, 3)
    head = Log(house.folder).checkpoint()
    for name, how in (("expired", {"expired": True}), ("purpose", {"purpose": False})):
        authority = Authority(tmp_path / name, **how)
        with served(authority.answer) as url:
            assert refused(TimeStamping(url, authority.roots).submit, head) in {"anchor-token", "outgoing-failed"}


# What a check of the log says of them


@pytest.mark.usefixtures("openssl")
def test_a_check_of_the_log_shows_every_place_and_refuses_a_head_it_never_had(
    house: "House", keeper: AnchorKeeper, calendar: Calendar, chain: tuple[Chain, str], tmp_path: Path
) -> None:
    authority = Authority(tmp_path / "tsa")
    put(house, deployed(*chain))
    with served(authority.answer) as tsa, served(lambda _method, _path, _body: (503, b"")) as dead:
        roots = authority.roots.decode()
        write_target(house.folder, AnchorTarget(name="tsa", kind="rfc3161", urls=(tsa,), roots=roots))
        write_target(house.folder, AnchorTarget(name="dead", kind="rfc3161", urls=(dead,), roots=roots))
        write_target(house.folder, AnchorTarget(name="ots", kind="opentimestamps", urls=(calendar.url,)))
        held = keeper.turn()
    house.drain()
    report = verify_log(house.folder.path)
    assert [(one.target, one.size, one.state) for one in report.anchors] == [
        ("evm:chain", 10, "pending"),
        ("opentimestamps:ots", 10, "pending"),
        ("rfc3161:dead", 10, "failed"),
        ("rfc3161:tsa", 10, "confirmed"),
    ]
    assert all(report.text(language).count("tsa") for language in LANGUAGES)
    assert report.ok
    real, log = next(one for _, one in records(house) if one.target == "rfc3161:tsa"), Log(house.folder)
    assert is_of_tree(log, 10, real)
    assert not is_of_tree(log, 9, real)  # a head cannot be told before it was there
    wrong = [
        msgspec.structs.replace(real, **change)
        for change in (
            {"root": "ab" * 32},
            {"size": 9, "root": log.root(9).hex()},  # a head of this tree, and the receipt of another
            {"size": 99},
            {"receipt": ""},
            {"receipt": held["ots"].receipt[::-1]},
            {"target": "evm:chain"},
        )
    ]
    assert not any(is_of_tree(log, 13, one) for one in wrong)
    with house.database.writing(visible=False) as connection:
        enqueue(connection, wrong[0])
    house.drain()
    assert [damage.code for damage in verify_log(house.folder.path).damages] == ["anchor"]


def test_a_head_of_a_former_name_is_told_under_the_present_one(
    house: "House", keeper: AnchorKeeper, clock: Clock, calendar: Calendar
) -> None:
    target = AnchorTarget(name="ots", kind="opentimestamps", urls=(calendar.url,), explorer=calendar.url)
    write_target(house.folder, target)
    former = keeper.turn()["ots"].origin
    name = freeze(house.folder, house.database, "city.example/log-2")
    calendar.ready = True
    clock.now += 100
    assert keeper.turn()["ots"].state == "confirmed"
    house.drain()
    (_, first), (_, last) = records(house)
    assert (first.log_origin, last.log_origin, last.payload["origin"]) == (former, name, former)
    report = verify_log(house.folder.path)
    assert [(one.size, one.state) for one in report.anchors] == [(10, "confirmed")]
    assert report.ok, report.text("en")


# Settings


def test_settings(house: "House") -> None:
    target = AnchorTarget(name="a", kind="opentimestamps", urls=("https://calendar.example",))
    write_target(house.folder, target)
    write_target(house.folder, msgspec.structs.replace(target, interval=3600))
    assert [one.interval for one in read_targets(house.folder)] == [3600]
    assert (house.folder.keys / "anchors.json").stat().st_mode & 0o777 == 0o600
    for wrong in ({"name": "a b"}, {"urls": ()}, {"urls": ("file:///etc/passwd",)}, {"interval": 1}):
        assert refused(write_target, house.folder, msgspec.structs.replace(target, **wrong)) == "anchor-settings"
    assert refused(remove_target, house.folder, "b") == "anchor-unknown"
    remove_target(house.folder, "a")
    assert read_targets(house.folder) == []
    new_account(house.folder, "chain")
    first = (house.folder.keys / account_file("chain")).read_text()
    new_account(house.folder, "chain")
    assert (house.folder.keys / account_file("chain")).read_text() == first
    (house.folder.keys / "anchors.json").write_text("{")
    assert refused(read_targets, house.folder) == "anchor-settings"
