"""What the operating system and readers of JSON say, told in the language of the reader."""

import json
from typing import Literal

import msgspec
import pytest

from jasyl.texts import Refusal
from jasyl.texts.foreign import in_words_of

FOREIGN = ("ru", "kk")


class Body(msgspec.Struct, forbid_unknown_fields=True):
    number: float
    kind: Literal["a", "b"] = "a"
    text: str | None = None


def said_by_msgspec(document):
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    with pytest.raises(msgspec.DecodeError) as error:
        msgspec.json.decode(content, type=list[Body])
    return str(error.value)


@pytest.mark.parametrize("language", FOREIGN)
def test_errors_of_the_system(language, tmp_path):
    for act in ((tmp_path / "nothing").read_bytes, tmp_path.read_bytes, tmp_path.mkdir):
        with pytest.raises(OSError) as error:
            act()
        for words in (error.value.strerror, str(error.value)):
            told = in_words_of(language, words)
            assert error.value.strerror not in told
            assert ("nothing" in told) == ("nothing" in words)  # the file's name stays
        assert in_words_of("en", error.value.strerror) == error.value.strerror


@pytest.mark.parametrize("language", FOREIGN)
@pytest.mark.parametrize(
    ("document", "kept"),
    [
        ([{"number": "x"}], "$[0].number"),
        ([{}], "number"),
        ([{"number": 1, "more": 2}], "more"),
        ([{"number": 1, "kind": "c"}], "c"),
        ([{"number": 1, "text": 5}], "$[0].text"),
        ({}, "$"),
        (b"[{]", "2"),
        (b"[", ""),
    ],
)
def test_errors_of_a_document(language, document, kept):
    words = said_by_msgspec(document)
    told = in_words_of(language, words)
    assert told != words
    assert kept in told
    assert not {"Expected", "got", "Object", "Invalid", "malformed", "truncated"} & set(told.split())


def test_a_refusal_tells_them_and_leaves_what_it_does_not_know():
    refusal = Refusal("push-unreadable", reason="Expected `array`, got `int` - at `$.readings`")
    assert "$.readings: ожидалось: список, дано: целое число" in refusal.text("ru")
    assert "$.readings: expected" not in refusal.text("kk")
    assert "Expected `array`" in refusal.text("en")
    assert in_words_of("ru", "Some other words: of a library") == "Some other words: of a library"
