import dataclasses
import json
from hashlib import sha256

import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ledger.conftest import House

from jasyl.ledger import composed, enqueue, entry, parse_proof, parse_record, series_key, verify_log, verify_proof
from jasyl.ledger.confidential import (
    Opened,
    ReaderSecret,
    SealedPayload,
    add_reader,
    commit,
    disclose,
    erase,
    erasure_of,
    fields_root,
    is_disclosure,
    keep_sealed,
    kept_ciphertext,
    new_reader,
    open_sealed,
    parse_reader,
    parse_reader_secret,
    prove_field,
    read_sealed,
    readers_of,
    receipt,
    repeat_erasures,
    scrub,
    seal,
    verify_disclosure,
    verify_field,
    wrapped_key_table,
)
from jasyl.ledger.confidential.commitment import leaves_of
from jasyl.ledger.confidential_records import Sealed
from jasyl.texts import Refusal

CITY, AUDITOR, BANK = (new_reader(name) for name in ("city.example", "auditor.example", "bank.example"))
SUBJECT = "subject:01JSUBJECT0000000000000001"
FIELDS = {
    "owner": "Айша Сериковна Нұрланова",
    "iin": "850101400123",
    "address": "Абай даңғылы 10, Алматы",
    "area_m2": 1250,
    "encumbrance": None,
    "uses": ["garden", "house"],
}
HEAD = {"origin": "city.example/log", "author": "agency", "subject": SUBJECT, "sort": "contract"}


def refused(code: str, *arguments: object, call: object = None, **named: object) -> Refusal:
    assert callable(call)
    with pytest.raises(Refusal) as caught:
        call(*arguments, **named)
    assert caught.value.code == code
    return caught.value


def made(payload: bytes | dict[str, object] = FIELDS, *readers: ReaderSecret) -> SealedPayload:
    return seal(payload, [each.reader for each in readers or (CITY,)], **HEAD)


def opened(sealed: SealedPayload, reader: ReaderSecret = CITY) -> Opened:
    return open_sealed(sealed.entry, sealed.ciphertext, sealed.wraps[reader.reader.reader_id], reader)


def kept(house: House, payload: bytes | dict[str, object] = FIELDS, *readers: ReaderSecret) -> str:
    every = [each.reader for each in readers or (CITY,)]
    with house.database.writing(visible=False) as connection:
        return keep_sealed(connection, seal(payload, every, **HEAD), every)


def erased(house: House, subject: str, **named: object) -> object:
    said = {"origin": "city.example/log", "author": "agency", "reason": "asked for", "authority": "agency"}
    with house.database.writing(visible=False) as connection:
        done = erase(connection, subject, **(said | {"actor": "account:1"} | named))  # pyright: ignore
    scrub(house.database)
    return done


def test_every_reader_opens_what_was_sealed_and_the_record_says_nothing_of_it() -> None:
    sealed = made(FIELDS, CITY, BANK)
    assert opened(sealed).fields == opened(sealed, BANK).fields == FIELDS
    record = parse_record(sealed.entry)
    assert isinstance(record, Sealed)
    assert record.fields is not None
    assert record.fields.count == 8
    assert made(b"\x00\xffnot a document").entry != made(b"\x00\xffnot a document").entry
    whole = made(b"\x00\xffnot a document")
    assert opened(whole).payload == b"\x00\xffnot a document"
    refused("payload-no-fields", call=lambda: opened(whole).fields)


def test_the_commitment_is_the_written_formula() -> None:
    """The formula of the manual, spelled out with the standard library: leaf, decoys and root."""
    import hmac

    salt = bytes(range(32))
    assert commit(salt, b"abc") == sha256(b"jasyl-payload/1\n" + salt + b"abc").digest()
    own = hmac.new(salt, b"jasyl-field/1\nage", "sha256").digest()
    leaves = [sha256(b"\x00jasyl-field/1\n" + own + b'["age",41]').digest()]
    leaves += [hmac.new(salt, b"jasyl-decoy/1\n" + n.to_bytes(4, "big"), "sha256").digest() for n in range(7)]
    level = sorted(leaves)
    while len(level) > 1:
        level = [sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=True)]
    assert fields_root(salt, {"age": 41}) == (level[0], 8)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.text(max_size=6).map(composed), st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=6).map(composed),
        min_size=1, max_size=20,
    ),
    st.binary(min_size=32, max_size=32),
)  # fmt: skip
def test_every_field_opens_alone_and_no_other_value_passes(fields: dict[str, object], salt: bytes) -> None:
    root, count = fields_root(salt, fields)
    assert count >= max(8, len(fields))
    assert count & (count - 1) == 0
    for name in fields:
        proof = prove_field(salt, fields, name)
        assert verify_field(proof, root, count)
        for change in ({"value": "other-value"}, {"name": name + "x"}, {"index": (proof.index + 1) % count},
                       {"salt": bytes(32)}, {"salt": b""}, {"path": proof.path[1:]}):  # fmt: skip
            assert not verify_field(dataclasses.replace(proof, **change), root, count)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_flipped_bit_anywhere_is_refused(data: st.DataObject) -> None:
    sealed = SEALED
    wrap = sealed.wraps[CITY.reader.reader_id]
    which = data.draw(st.sampled_from(["ciphertext", "wrap"]))
    blob = bytearray(sealed.ciphertext if which == "ciphertext" else wrap)
    blob[data.draw(st.integers(0, len(blob) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    parts = {"ciphertext": sealed.ciphertext, "wrap": wrap} | {which: bytes(blob)}
    code = "payload-damaged" if which == "ciphertext" else "reader-wrong"
    refused(code, sealed.entry, parts["ciphertext"], parts["wrap"], CITY, call=open_sealed)


SEALED = made()


def test_wrong_reader_swapped_records_and_replayed_wraps_are_refused() -> None:
    one, other = made(), made(FIELDS | {"area_m2": 1}, CITY)
    mine = CITY.reader.reader_id
    refused("reader-wrong", one.entry, one.ciphertext, one.wraps[mine], BANK, call=open_sealed)
    refused("reader-wrong", one.entry, one.ciphertext, other.wraps[mine], CITY, call=open_sealed)
    refused("payload-damaged", one.entry, other.ciphertext, one.wraps[mine], CITY, call=open_sealed)
    refused("reader-wrong", other.entry, one.ciphertext, one.wraps[mine], CITY, call=open_sealed)
    for cut in (b"", one.ciphertext[:11], one.ciphertext[:-1]):
        refused("payload-damaged", one.entry, cut, one.wraps[mine], CITY, call=open_sealed)
    refused("reader-wrong", one.entry, one.ciphertext, b"", CITY, call=open_sealed)


def test_a_sealer_who_commits_to_another_text_is_found_out() -> None:
    """AES-GCM alone does not say which text it was: the record does."""
    true = opened(SEALED)
    lying = msgspec.structs.replace(true.record, commitment=commit(true.salt, b"another").hex())
    from jasyl.ledger import encode_record
    from jasyl.ledger.confidential import payloads
    from jasyl.quantities import sha256_hex

    entry_ = encode_record(lying)
    context = payloads._bound(payloads.WRAP_DOMAIN, sha256_hex(entry_), SUBJECT)
    wrap = CITY.reader.wrap(true.data_key + true.salt, context)
    bound = payloads._bound(payloads.SEAL_DOMAIN, sha256_hex(entry_), SUBJECT)
    ciphertext = bytes(12) + payloads.AESGCM(true.data_key).encrypt(bytes(12), true.payload, bound)
    refused("payload-damaged", entry_, ciphertext, wrap, CITY, call=open_sealed)


def test_what_cannot_be_sealed() -> None:
    refused("payload-no-reader", FIELDS, [], **HEAD, call=seal)
    refused("payload-size", b"", [CITY.reader], **HEAD, call=seal)
    refused("payload-fields", {}, [CITY.reader], **HEAD, call=seal)
    refused("not-canonical", {"a": 0.5}, [CITY.reader], **HEAD, call=seal)
    for subject in ("850101400123", "person:850101400123", "Айша", "a b", "a@city.example"):
        refused("record-malformed", FIELDS, [CITY.reader], **(HEAD | {"subject": subject}), call=seal)


def test_reader_keys_are_one_line_and_say_nothing_of_the_secret() -> None:
    assert parse_reader(CITY.reader.line) == CITY.reader
    assert parse_reader_secret(CITY.line + "\n") == CITY
    assert CITY.seeds.hex() not in repr(CITY)
    refused("vkey-name", "a b", call=new_reader)
    swapped = CITY.reader.line.replace("city.example", "bank.example")
    for line in ("", "a+b+c", swapped, CITY.reader.line[:-8], CITY.line, BANK.line.removeprefix("PRIVATE+KEY+")):
        refused("reader-malformed", line, call=parse_reader)
    for line in ("", CITY.reader.line, CITY.line.replace("city", "bank"), CITY.line[:-4]):
        refused("reader-secret-malformed", line, call=parse_reader_secret)


def test_one_more_reader_is_one_more_wrap_and_no_leaf(house: House) -> None:
    record = kept(house)
    house.drain()
    size = house.log.size
    with house.database.writing(visible=False) as connection:
        refused("reader-none", connection, record, AUDITOR, call=read_sealed)
        refused("reader-none", connection, record, AUDITOR, BANK.reader, call=add_reader)
        assert add_reader(connection, record, CITY, AUDITOR.reader)
        assert not add_reader(connection, record, CITY, AUDITOR.reader)
        assert read_sealed(connection, record, AUDITOR).fields == FIELDS
        assert [name for _, name in readers_of(connection, record)] == ["city.example", "auditor.example"]
    assert house.drain() == 0
    assert house.log.size == size
    with house.database.reading() as connection:
        refused("payload-unknown", connection, "00" * 32, CITY, call=read_sealed)
        refused("payload-unknown", connection, "00" * 32, call=erasure_of)


def disclosure(house: House, record: str, *names: str) -> bytes:
    with house.database.reading() as connection:
        from jasyl.ledger import position

        index = position(connection, record)
        assert index is not None
        return disclose(read_sealed(connection, record, CITY), names, house.log.proof_file(index))


def test_one_field_is_shown_offline_and_the_others_stay_hidden(house: House) -> None:
    record = kept(house)
    house.drain()
    file = disclosure(house, record, "area_m2")
    assert is_disclosure(file)
    found = verify_disclosure(file, house.keys_policy)
    assert (found.record_id, found.fields, found.checkpoint.size) == (record, {"area_m2": 1250}, 1)
    for name, value in FIELDS.items():
        if name != "area_m2":
            assert f'"{name}"'.encode() not in file  # in quotes, as random letters of hashes never stand
            assert str(value).encode() not in file
    both = verify_disclosure(disclosure(house, record, "iin", "owner", "iin"), house.keys_policy)
    assert both.fields == {"iin": FIELDS["iin"], "owner": FIELDS["owner"]}
    refused("payload-no-field", house, record, "price", call=disclosure)
    refused("disclosure-empty", house, record, call=disclosure)


def test_a_salt_shown_with_one_field_opens_no_other(house: House) -> None:
    record = kept(house)
    with house.database.reading() as connection:
        known = read_sealed(connection, record, CITY)
    shown = prove_field(known.salt, FIELDS, "area_m2").salt
    assert shown != known.salt
    leaves = leaves_of(known.salt, FIELDS)
    assert not set(leaves) & set(leaves_of(shown, FIELDS))
    # A leaked salt is a risk that stays: it lets a guess be confirmed, here an identification number.
    from jasyl.ledger.confidential import payloads

    guess = payloads.canonical_json(FIELDS | {"iin": "850101400123"})
    assert commit(known.salt, guess).hex() == known.record.commitment
    assert commit(bytes(32), guess).hex() != known.record.commitment


def test_changed_disclosures_are_refused(house: House) -> None:
    first, second = kept(house), kept(house, FIELDS | {"area_m2": 9})
    house.drain()
    file, other = json.loads(disclosure(house, first, "area_m2")), json.loads(disclosure(house, second, "area_m2"))
    policy = house.keys_policy

    def said(document: object) -> bytes:
        from jasyl.quantities import canonical_json

        return canonical_json(document)

    def field(**changes: object) -> bytes:
        return said(file | {"fields": [file["fields"][0] | changes]})

    assert verify_disclosure(said(file), policy)
    wrong = [
        field(value=1251), field(name="price"), field(index=file["fields"][0]["index"] ^ 1), field(path=[]),
        field(salt=other["fields"][0]["salt"]), said(file | {"proof": other["proof"]}),
        said(file | {"fields": file["fields"] * 2}),
    ]  # fmt: skip
    for data in wrong:
        refused("disclosure-wrong", data, policy, call=verify_disclosure)
    spaced = said(file).replace(b'"value":1250', b'"value": 1250')
    twice = said(file).replace(b'"value":1250', b'"value":1250,"value":1250')
    for data in (
        b"",
        b"{}",
        b"[" * 5000,
        spaced,
        twice,
        field(extra=1),
        said(file | {"fields": []}),
        field(value=0)[:-1],
    ):
        refused("disclosure-malformed", data, policy, call=verify_disclosure)
    house.enqueue(0, 1)
    house.drain()
    import_proof = house.log.proof_file(house.log.size - 1).decode()
    refused("disclosure-wrong", said(file | {"proof": import_proof}), policy, call=verify_disclosure)


def test_erasure_destroys_key_and_salt_and_leaves_every_other_proof(house: House) -> None:
    gone, stays = kept(house, FIELDS, CITY, BANK), None
    with house.database.writing(visible=False) as connection:
        other = seal(FIELDS, [CITY.reader], **(HEAD | {"subject": "subject:other"}))
        stays = keep_sealed(connection, other, [CITY.reader])
        wraps = [bytes(row[0]) for row in connection.execute(sa.select(wrapped_key_table.c.wrap).where(
            wrapped_key_table.c.record_id == gone))]  # fmt: skip
        ciphertext = kept_ciphertext(connection, gone)
    house.drain()
    before = disclosure(house, stays, "area_m2")
    shown_before = disclosure(house, gone, "area_m2")
    done = erased(house, SUBJECT, copies=["backup of November"])
    assert (done.payloads, done.readers, done.series) == ((gone,), ("bank.example", "city.example"), False)  # pyright: ignore
    with house.database.reading() as connection:
        record = erasure_of(connection, gone)
        assert record is not None
        assert receipt(connection, house.log, record) is None  # it waits for the next checkpoint
        refused("payload-erased", connection, gone, CITY, call=read_sealed)
        assert readers_of(connection, gone) == []
        assert entry(connection, gone) is not None
    house.drain()
    with house.database.reading() as connection:
        file = receipt(connection, house.log, record)
        assert file is not None
        proof = parse_proof(file)
        verify_proof(proof, house.keys_policy)
        told = json.loads(proof.extra)
        assert (told["type"], told["records"], told["destroyed"]) == ("erase", [gone], "payload-key")
        assert told["copies"] == ["backup of November"]
        assert read_sealed(connection, stays, CITY).fields == FIELDS
    with house.database.writing(visible=False) as connection:
        refused("payload-erased", connection, gone, CITY, AUDITOR.reader, call=add_reader)
    assert verify_log(house.folder.log, []).ok
    assert verify_disclosure(before, house.keys_policy).fields == {"area_m2": 1250}
    # What was shown before cannot be called back; the record still stands.
    assert verify_disclosure(shown_before, house.keys_policy).record_id == gone
    refused("erase-nothing", house, SUBJECT, call=erased)
    refused("erase-personal", house, "subject:other", reason="asked by 850101400123", call=erased)
    # Not a byte of the keys is left in any file of the folder.
    house.database.close()
    content = b"".join(file.read_bytes() for file in house.folder.path.rglob("*") if file.is_file())
    assert ciphertext[:64] not in content
    assert all(wrap[-48:] not in content for wrap in wraps)


def test_a_series_is_erased_the_same_way(house: House) -> None:
    with house.database.writing(visible=False) as connection:
        key = series_key(connection, "01JSERIES")
    done = erased(house, "01JSERIES")
    assert done.series  # pyright: ignore
    house.drain()
    with house.database.reading() as connection:
        refused("series-key-destroyed", connection, "01JSERIES", call=series_key)
        assert receipt(connection, house.log, done.records[0]) is not None  # pyright: ignore
    house.database.close()
    assert key not in b"".join(file.read_bytes() for file in house.folder.path.rglob("*") if file.is_file())


def test_a_database_restored_from_a_backup_loses_the_keys_again(house: House) -> None:
    record = kept(house)
    with house.database.writing(visible=False) as connection:
        series_key(connection, "01JSERIES")
    house.drain()
    backup = {
        name: house.folder.database_file.with_name(name).read_bytes()
        for name in (house.folder.database_file.name,)
        if scrub(house.database) is None
    }
    erased(house, record)
    erased(house, "01JSERIES")
    house.drain()
    house.database.close()
    for name, content in backup.items():
        for file in house.folder.path.glob("registry.sqlite*"):
            file.unlink()
        house.folder.database_file.with_name(name).write_bytes(content)
    with house.database.reading() as connection:
        assert read_sealed(connection, record, CITY).fields == FIELDS
    house.drain()  # the journal knows the erase records that the backup does not
    with house.database.writing(visible=False) as connection:
        assert repeat_erasures(connection) == 2
        assert repeat_erasures(connection) == 0
        refused("payload-erased", connection, record, CITY, call=read_sealed)
        refused("series-key-destroyed", connection, "01JSERIES", call=series_key)


def test_no_word_of_a_payload_reaches_the_log(house: House) -> None:
    record = kept(house)
    with house.database.writing(visible=False) as connection:
        add_reader(connection, record, CITY, BANK.reader)
        enqueue(connection, house.record(1))
    house.drain()
    erased(house, record)
    house.drain()
    public = b"".join(file.read_bytes() for file in house.folder.log.rglob("*") if file.is_file())
    assert record.encode() in public  # the erase record names it
    assert b'"type":"sealed"' in public
    for name, value in FIELDS.items():
        text = value if isinstance(value, str) else json.dumps(value)
        for secret in (text.encode(), sha256(text.encode()).hexdigest().encode(), sha256(text.encode()).digest()):
            assert len(secret) < 5 or secret not in public, name
    assert b"bank.example" not in public
    whole = json.dumps(FIELDS, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()
    assert sha256(whole).hexdigest().encode() not in public
