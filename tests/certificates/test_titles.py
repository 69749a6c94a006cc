"""Titles: each thing once, moved by both parties, its document shown one field at a time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from tests.ledger.conftest import House, make_house

from jasyl.certificates import titles
from jasyl.ledger import Key, Title, enqueue, entry, issued_now, position, verify_log
from jasyl.ledger.confidential import disclose, erase, new_reader, read_sealed, verify_disclosure
from jasyl.texts import Refusal

REGISTRAR, BANK = new_reader("registrar.example"), new_reader("bank.example")
READERS = [REGISTRAR.reader, BANK.reader]
PLOT = "20-315-914-012"
DOCUMENT = {"cadastral": PLOT, "owner": "Айша Нұрланова", "iin": "850101400123", "area_m2": 1250, "mortgage": None}
NEXT = DOCUMENT | {"owner": "Ерлан Сейітов", "iin": "900202300456"}
WHO = {"origin": "city.example/log", "author": "registry"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = make_house(tmp_path / "data")
    yield made
    made.database.close()


def owner(house: House, name: str) -> titles.OwnerKeys:
    with house.database.writing(visible=False) as connection:
        return titles.new_owner(connection, name, **WHO)


def drafted(house: House, keys: titles.OwnerKeys, thing: str = PLOT, kind: str = "land") -> titles.Draft:
    with house.database.writing(visible=False) as connection:
        return titles.new_registration(
            connection, house.folder, DOCUMENT, READERS, keys.ids, object_class=kind, identification=thing, **WHO
        )


def log(house: House, draft: titles.Draft) -> str:
    with house.database.writing(visible=False) as connection:
        return titles.record_event(connection, draft)


def registered(house: House, keys: titles.OwnerKeys, thing: str = PLOT) -> str:
    draft = titles.sign_draft(drafted(house, keys, thing), keys)
    log(house, draft)
    return draft.record.title


def transfer(house: House, title: str, to: titles.OwnerKeys) -> titles.Draft:
    with house.database.reading() as connection:
        return titles.draft_transfer(titles.title_chain(connection, title), NEXT, READERS, to.ids, author="registry")


def refused(code: str, call: Any, *arguments: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call(*arguments)
    assert caught.value.code == code
    return caught.value


def replayed(house: House) -> titles.Register:
    with house.database.reading() as connection:
        return titles.replay(titles.title_records(connection))


def test_a_title_goes_from_hand_to_hand_and_anybody_can_replay_it(house: House) -> None:
    seller, buyer, third = (owner(house, name) for name in ("holder-1", "holder-2", "holder-3"))
    title = registered(house, seller)
    for giver, taker in ((seller, buyer), (buyer, third)):
        # Each party signs where it is: the draft goes there and back as a file.
        at_giver = titles.parse_draft(titles.sign_draft(transfer(house, title, taker), giver).encode())
        log(house, titles.parse_draft(titles.sign_draft(at_giver, taker).encode()))
    house.drain()
    with house.database.reading() as connection:
        chain = titles.title_chain(connection, title)
        assert [one.record.event for one in chain.events] == ["register", "transfer", "transfer"]
        assert chain.owner == third.ids
        opened = read_sealed(connection, chain.newest.record.payload, BANK)
        assert opened.fields == NEXT
        index = position(connection, chain.newest.record.payload)
        assert index is not None
        shown = disclose(opened, ["mortgage"], house.log.proof_file(index))
    assert verify_disclosure(shown, house.keys_policy).fields == {"mortgage": None}
    assert b"900202300456" not in shown
    assert replayed(house).chains == {title: chain}
    assert verify_log(house.folder.log, []).ok


def test_the_same_thing_is_registered_once_however_it_is_spelled(house: House) -> None:
    one, other = owner(house, "holder-1"), owner(house, "holder-2")
    title = registered(house, one)
    for spelling in (PLOT, "20 315 914 012", "20315914012", "２０-315-914-012"):
        assert refused("title-registered", drafted, house, other, spelling).arguments["received"] == title  # pyright: ignore
    assert registered(house, other, "20-315-914-013") != title
    assert drafted(house, other, PLOT, "building").record.object_mark  # another class, another thing
    refused("title-identification", drafted, house, other, " - ")
    refused("title-class", drafted, house, other, "1", "ship")


def test_the_mark_cannot_be_guessed_from_outside(house: House) -> None:
    title = registered(house, owner(house, "holder-1"))
    house.drain()
    secret = titles.registry_secret(house.folder, create=False)
    with house.database.reading() as connection:
        mark = titles.title_chain(connection, title).newest.record.object_mark
    assert titles.object_mark(secret, "land", PLOT) == mark
    assert titles.object_mark(bytes(32), "land", PLOT) != mark
    for text in (PLOT, "20315914012"):
        for prefix in ("", "land", "jasyl-title/1\nland\n"):
            assert sha256((prefix + text).encode()).hexdigest() != mark
    assert oct((house.folder.keys / "title-registry.key").stat().st_mode & 0o777) == "0o600"
    # Another secret would let everything be registered again: none is made in the place of a lost one.
    (house.folder.keys / "title-registry.key").unlink()
    refused("title-no-secret", drafted, house, owner(house, "holder-2"), "1")


def test_two_registrations_of_one_thing_at_once_one_wins(house: House) -> None:
    keys = [owner(house, f"holder-{number}") for number in range(4)]
    drafts = [titles.sign_draft(drafted(house, one), one) for one in keys]

    def go(draft: titles.Draft) -> str:
        try:
            return log(house, draft)
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(4) as pool:
        said = sorted(pool.map(go, drafts))
    assert said[1:] == ["title-registered"] * 3
    assert len(replayed(house).chains) == 1


def test_two_transfers_at_once_one_wins(house: House) -> None:
    seller, one, two = (owner(house, f"holder-{number}") for number in range(3))
    title = registered(house, seller)
    drafts = [titles.sign_draft(titles.sign_draft(transfer(house, title, to), seller), to) for to in (one, two)]
    log(house, drafts[0])
    before = replayed(house)
    assert refused("title-moved", log, house, drafts[1])
    assert refused("title-moved", log, house, drafts[0])
    assert replayed(house).chains == before.chains
    with house.database.reading() as connection:
        assert titles.title_chain(connection, title).owner == one.ids
        assert connection.execute(sa.text("select count(*) from sealed_payload")).scalar() == 2  # nothing of the loser


def test_nobody_moves_a_title_alone_or_with_half_of_the_keys(house: House) -> None:
    seller, buyer, thief = (owner(house, name) for name in ("holder-1", "holder-2", "thief"))
    title = registered(house, seller)
    draft = transfer(house, title, buyer)
    refused("title-unsigned", log, house, draft)
    refused("title-unsigned", log, house, titles.sign_draft(draft, seller))
    refused("title-unsigned", log, house, titles.sign_draft(draft, buyer))
    refused("title-unsigned", log, house, titles.sign_draft(titles.sign_draft(draft, buyer), thief))
    both = titles.sign_draft(titles.sign_draft(draft, seller), buyer)
    for gone in range(4):  # the post-quantum ones among them
        sigs = [one for number, one in enumerate(both.record.sigs) if number != gone]  # pyright: ignore
        stripped = titles.Draft(msgspec.structs.replace(both.record, sigs=sigs), both.sealed, both.readers)
        refused("title-unsigned", log, house, stripped)
    # A signature under another event does not count here.
    stolen = titles.sign_draft(titles.sign_draft(transfer(house, title, thief), seller), thief)
    moved = msgspec.structs.replace(both.record, owner=list(thief.ids))
    sigs = [*both.record.sigs[:2], *stolen.record.sigs[2:]]  # pyright: ignore
    forged = msgspec.structs.replace(moved, sigs=sigs)
    refused("title-signature", log, house, titles.Draft(forged, both.sealed, both.readers))
    unsigned = drafted(house, seller, "another thing")
    refused("title-unsigned", log, house, unsigned)
    log(house, both)


def test_events_that_do_not_fit_are_refused(house: House) -> None:
    seller, buyer = owner(house, "holder-1"), owner(house, "holder-2")
    title, other = registered(house, seller), registered(house, seller, "2")

    def changed(**changes: object) -> titles.Draft:
        draft = transfer(house, title, buyer)
        record = msgspec.structs.replace(draft.record, **changes)
        made = titles.Draft(record, draft.sealed, draft.readers)
        return titles.sign_draft(titles.sign_draft(made, seller), buyer)

    other_draft = transfer(house, other, buyer)
    refused("title-same-owner", log, house, changed(owner=list(seller.ids)))
    refused("title-other", log, house, changed(object_mark="ab" * 32))
    refused("title-other", log, house, changed(object_class="building"))
    refused("title-other", log, house, changed(payload=other_draft.sealed.record_id))
    refused("title-moved", log, house, changed(previous="ab" * 32))
    refused("title-unknown", log, house, changed(title="01JUNKNOWN"))
    refused("title-key", log, house, changed(owner=[buyer.ids[0], "ab" * 32]))
    with house.database.reading() as connection:
        refused("title-unknown", titles.title_chain, connection, "nothing")


def test_a_revoked_key_moves_nothing_but_what_it_moved_stands(house: House) -> None:
    seller, buyer, third = (owner(house, name) for name in ("holder-1", "holder-2", "holder-3"))
    title = registered(house, seller)
    log(house, titles.sign_draft(titles.sign_draft(transfer(house, title, buyer), seller), buyer))
    with house.database.writing(visible=False) as connection:
        for keys in (seller, buyer):
            vkey, now = keys.signers[0].signer.verifier.vkey, issued_now()
            enqueue(connection, Key(
                log_origin=WHO["origin"], issued=now, author="registry", vkey=vkey, holder=keys.name, purpose="owner",
                valid_from=now, valid_to=now, status="revoked", authorised_by=None,
            ))  # fmt: skip
    refused("title-key", log, house, titles.sign_draft(titles.sign_draft(transfer(house, title, third), buyer), third))
    assert replayed(house).chains[title].owner == buyer.ids
    refused("title-key", log, house, titles.sign_draft(drafted(house, seller, "another"), seller))


def test_a_key_that_was_not_made_for_owners_owns_nothing(house: House) -> None:
    keys = owner(house, "holder-1")
    with house.database.writing(visible=False) as connection:
        told = msgspec.json.decode(entry(connection, keys.ids[0]) or b"", type=Key)
        meter = enqueue(connection, msgspec.structs.replace(told, purpose="gateway"))
    draft = drafted(house, keys, "2")
    wrong = titles.Draft(msgspec.structs.replace(draft.record, owner=[meter]), draft.sealed, draft.readers)
    refused("title-key", log, house, titles.sign_draft(wrong, keys))


def test_an_erased_document_leaves_the_chain_whole(house: House) -> None:
    seller, buyer = owner(house, "holder-1"), owner(house, "holder-2")
    title = registered(house, seller)
    with house.database.reading() as connection:
        first = titles.title_chain(connection, title).newest.record.payload
    log(house, titles.sign_draft(titles.sign_draft(transfer(house, title, buyer), seller), buyer))
    with house.database.writing(visible=False) as connection:
        erase(connection, first, **WHO, reason="asked for", authority="registry", actor="account:1")
        refused("payload-erased", read_sealed, connection, first, BANK)
    house.drain()
    with house.database.reading() as connection:
        assert titles.title_chain(connection, title).owner == buyer.ids
    assert replayed(house).chains[title].owner == buyer.ids


def test_the_table_is_made_again_from_the_records(house: House) -> None:
    seller, buyer = owner(house, "holder-1"), owner(house, "holder-2")
    title = registered(house, seller)
    log(house, titles.sign_draft(titles.sign_draft(transfer(house, title, buyer), seller), buyer))
    with house.database.writing(visible=False) as connection:
        rows = connection.execute(sa.select(titles.title_table)).all()
        connection.execute(sa.delete(titles.title_table))
    # An older database beside a newer log: the thing is still known.
    refused("title-registered", drafted, house, buyer)
    with house.database.writing(visible=False) as connection:
        assert titles.rebuild_titles(connection) == 1
        assert connection.execute(sa.select(titles.title_table)).all() == rows


def test_no_personal_word_of_a_title_is_public(house: House) -> None:
    seller, buyer = owner(house, "holder-1"), owner(house, "holder-2")
    title = registered(house, seller)
    log(house, titles.sign_draft(titles.sign_draft(transfer(house, title, buyer), seller), buyer))
    house.drain()
    public = b"".join(file.read_bytes() for file in house.folder.log.rglob("*") if file.is_file())
    assert title.encode() in public
    words = [str(value) for value in (*DOCUMENT.values(), *NEXT.values()) if value is not None]
    for word in [*words, "20315914012", "bank.example"]:
        for secret in (word.encode(), sha256(word.encode()).hexdigest().encode(), sha256(word.encode()).digest()):
            assert len(secret) < 5 or secret not in public
    with house.database.writing(visible=False) as connection:
        with pytest.raises(Refusal) as caught:
            titles.new_owner(connection, "850101400123", **WHO)
        assert caught.value.code == "title-personal"


def test_files_of_owners_and_drafts_that_are_none(house: House) -> None:
    keys = owner(house, "holder-1")
    assert titles.parse_owner(keys.encode()) == keys
    assert tuple(titles.owner_ids(keys.encode())) == tuple(titles.owner_ids("\n".join(keys.ids))) == keys.ids
    seed = keys.signers[0].signer.seed
    assert seed.hex() not in repr(keys)
    for text in ("", "{}", "{", keys.encode().replace("PRIVATE", "PUBLIC"), keys.encode().replace("owner-key/1", "2")):
        refused("owner-key-malformed", titles.parse_owner, text)
    for text in ("", "abc", "{}"):
        refused("owner-key-malformed", titles.owner_ids, text)
    draft = titles.sign_draft(drafted(house, keys), keys).encode()
    assert titles.parse_draft(draft).encode() == draft
    for data in (
        b"",
        b"{}",
        draft.replace(b"title-draft/1", b"title-draft/2"),
        draft.replace(b'"ciphertext":"', b'"ciphertext":"*'),
    ):
        refused("title-draft-malformed", titles.parse_draft, data)
    assert isinstance(titles.parse_draft(draft).record, Title)
