import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl.ledger.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from jasyl.ledger.merkle import EMPTY_ROOT
from jasyl.ledger.note import MAX_NOTE, open_note, parse_note, sign_note, strict_base64, valid_name
from jasyl.ledger.policy import demand_all
from jasyl.ledger.signing import (
    ED25519,
    ED25519_COSIGNATURE,
    ML_DSA_44,
    Signer,
    cosigned_message,
    new_signer,
    parse_signer,
    parse_vkey,
)
from jasyl.texts import Refusal

# The example of Go's golang.org/x/mod/sumdb/note documentation: key, text and signature line.
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
).encode()
TEXT = b"city.example/log\n1\n" + base64.b64encode(bytes(32)) + b"\n"


def signer(key_type: int, name: str = "city.example/log") -> Signer:
    return Signer(name, key_type, bytes(range(32)), clock=lambda: 1_700_000_000)


def test_note_of_another_implementation() -> None:
    verifier = parse_vkey(GO_VKEY)
    note, signed = open_note(GO_NOTE, [verifier])
    assert signed == [verifier]
    assert note.text.startswith(b"If you think")
    assert note.encode() == GO_NOTE
    assert verifier.vkey == GO_VKEY
    with pytest.raises(Refusal, match="does not fit"):
        open_note(GO_NOTE.replace(b"answer", b"Answer"), [verifier])


@pytest.mark.parametrize("key_type", [ED25519, ED25519_COSIGNATURE, ML_DSA_44])
def test_sign_and_verify(key_type: int) -> None:
    key = signer(key_type)
    data = sign_note(TEXT, [key])
    assert open_note(data, [key.verifier])[1] == [key.verifier]
    assert parse_vkey(key.verifier.vkey) == key.verifier
    assert parse_signer(key.encode()).verifier == key.verifier
    for at in range(0, len(data), 7):
        flipped = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        with pytest.raises(Refusal):
            open_note(flipped, [key.verifier])


def test_ml_dsa_message_is_the_structure_of_the_standard() -> None:
    message = cosigned_message(ML_DSA_44, "w", 258, TEXT)
    expected = b"subtree/v1\n\x00" + b"\x01w" + (258).to_bytes(8) + b"\x10city.example/log"
    assert message == expected + bytes(8) + (1).to_bytes(8) + bytes(32)
    assert cosigned_message(ED25519_COSIGNATURE, "w", 258, TEXT) == b"cosignature/v1\ntime 258\n" + TEXT
    for stamp, name in ((-1, "w"), (2**63, "w"), (0, "w" * 256)):
        with pytest.raises(ValueError, match="cannot be cosigned"):
            cosigned_message(ML_DSA_44, name, stamp, TEXT)


def test_unknown_keys_are_ignored_known_ones_must_hold() -> None:
    ours, stranger = signer(ED25519), new_signer("other.example", ED25519)
    data = sign_note(TEXT, [stranger, ours])
    assert open_note(data, [ours.verifier])[1] == [ours.verifier]
    with pytest.raises(Refusal, match="None of the trusted"):
        open_note(sign_note(TEXT, [stranger]), [ours.verifier])
    # The same name with another key is another key.
    twin = new_signer(ours.name, ED25519)
    assert open_note(sign_note(TEXT, [twin, ours]), [ours.verifier])[1] == [ours.verifier]
    # A line that claims our key id but carries the stranger's signature spoils the whole note.
    note = parse_note(sign_note(TEXT, [ours]))
    forged = note.encode() + type(note.signatures[0])(ours.name, ours.key_id, stranger.sign(TEXT)).line().encode()
    with pytest.raises(Refusal, match="does not fit"):
        open_note(forged, [ours.verifier])


def test_sixteen_signatures_are_accepted_and_sizes_are_capped() -> None:
    ours = signer(ED25519)
    others = [new_signer(f"w{number}.example", ML_DSA_44) for number in range(15)]
    assert open_note(sign_note(TEXT, [*others, ours]), [ours.verifier])
    line = parse_note(sign_note(TEXT, [ours])).signatures[0].line().encode()
    with pytest.raises(Refusal, match="limit"):
        parse_note(TEXT + b"\n" + line * 65)
    with pytest.raises(Refusal, match="limit"):
        parse_note(b"x" * (MAX_NOTE + 1))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text\n",
        b"text\n\n",
        b"text\n\nno dash\n",
        "text\n\n— name\n".encode(),
        "text\n\n— na+me AAAAAAAA\n".encode(),
        "text\n\n—  AAAAAAAA\n".encode(),
        "text\n\n— name AAAA\n".encode(),
        "text\n\n— name AAAAAAB=\n".encode(),  # stray bits
        "text\n\n— name AAAAAAA\n".encode(),  # no padding
        "text\n\n— name AAAAAAAA".encode(),  # no final newline
        "te\rxt\n\n— name AAAAAAAA\n".encode(),
        "text\r\n\r\n— name AAAAAAAA\r\n".encode(),
        b"te\xffxt\n\n\xe2\x80\x94 name AAAAAAAA\n",
    ],
)
def test_malformed_notes_are_refused(data: bytes) -> None:
    with pytest.raises(Refusal) as caught:
        parse_note(data)
    assert caught.value.code in {"note-malformed", "note-too-large"}


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_cleanly(data: bytes) -> None:
    with pytest.raises(Refusal):
        open_note(data, [signer(ED25519).verifier])


@given(st.text(max_size=12))
def test_base64_has_one_spelling(text: str) -> None:
    data = strict_base64(text)
    assert data is None or base64.b64encode(data).decode() == text


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\nb"])
def test_names_that_cannot_name_a_key(name: str) -> None:
    assert not valid_name(name)
    with pytest.raises(Refusal, match="cannot name a key"):
        new_signer(name, ED25519)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "name",
        GO_VKEY.replace("c74f20a3", "c74f20a4"),
        GO_VKEY[:-4],
        GO_VKEY + "AAAA",
        "a b+00000000+AQ==",
        "name+00000000+AQ==",
        "name+00000000+CQ==",
    ],
)
def test_malformed_keys_are_refused(line: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse_vkey(line)
    assert caught.value.code in {"vkey-malformed", "vkey-type"}
    with pytest.raises(Refusal, match="damaged"):
        parse_signer(line)
    with pytest.raises(Refusal, match="damaged"):
        parse_signer("PRIVATE+KEY+" + line)


def test_a_seed_never_shows() -> None:
    key = new_signer("city.example/log", ED25519)
    assert repr(key.seed)[2:-1] not in repr(key)
    assert "seed" not in repr(key)
    wrong = key.encode().replace(key.key_id.hex(), "00000000")
    with pytest.raises(Refusal) as caught:
        parse_signer(wrong)
    assert key.encode()[-40:] not in str(caught.value) + str(caught.value.arguments)


def test_checkpoint_demands_every_key() -> None:
    """A stripped post-quantum signature is refused although the Ed25519 one holds."""
    keys = [signer(ED25519), signer(ML_DSA_44)]
    policy = demand_all([key.verifier for key in keys])
    checkpoint = Checkpoint("city.example/log", 1, bytes(32))
    data = sign_checkpoint(checkpoint, keys)
    assert policy.check(data) == checkpoint
    stripped = b"".join(line for at, line in enumerate(data.splitlines(keepends=True)) if at != 5)
    with pytest.raises(Refusal, match="signature is missing"):
        policy.check(stripped)
    with pytest.raises(Refusal, match="belongs to the log"):
        policy.check(sign_checkpoint(Checkpoint("other.example/log", 1, bytes(32)), keys[:1]))


@pytest.mark.parametrize(
    "text",
    [
        b"origin\n1\n",
        b"\n1\n" + base64.b64encode(bytes(32)) + b"\n",
        b"o\n01\n" + base64.b64encode(bytes(32)) + b"\n",
        b"o\n+1\n" + base64.b64encode(bytes(32)) + b"\n",
        b"o\n-1\n" + base64.b64encode(bytes(32)) + b"\n",
        b"o\n1.0\n" + base64.b64encode(bytes(32)) + b"\n",
        b"o\n9007199254740992\n" + base64.b64encode(bytes(32)) + b"\n",
        "o\n١\n".encode() + base64.b64encode(bytes(32)) + b"\n",
        b"o\n1\n" + base64.b64encode(bytes(31)) + b"\n",
        b"o\n0\n" + base64.b64encode(bytes(32)) + b"\n",
        b"o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n",
        b"o\n1\n" + base64.b64encode(bytes(32)) + b"\n\nextension\n",
        b"\xff\n1\n" + base64.b64encode(bytes(32)) + b"\n",
    ],
)
def test_malformed_checkpoints_are_refused(text: bytes) -> None:
    with pytest.raises(Refusal, match="not a checkpoint"):
        parse_checkpoint(text)


def test_checkpoints_read_as_written() -> None:
    for checkpoint in (Checkpoint("o", 0, EMPTY_ROOT), Checkpoint("o", 2**53 - 1, bytes(32))):
        assert parse_checkpoint(checkpoint.text()) == checkpoint
        assert parse_checkpoint(checkpoint.text() + b"extension\n") == checkpoint
