"""The catalogue: every message in three languages, nothing missing, nothing left over from another tongue."""

import re
from functools import cache
from importlib.resources import files

import pytest
from fluent.runtime import FluentBundle
from fluent.syntax import FluentParser, ast

from jasyl.texts import LANGUAGES, MissingText, Refusal, Where, everywhere, has, say


@cache
def _resources(language):
    """File name and what Fluent's own parser makes of the file, for every file of a language."""
    found = sorted((files("jasyl.texts") / language).iterdir(), key=lambda one: one.name)
    return [(file.name, FluentParser().parse(file.read_text(encoding="utf-8"))) for file in found]


@cache
def _messages(language):
    """(file, id, attribute names, variables) of every message of a language."""
    found, names = {}, set()
    for file, resource in _resources(language):
        for entry in resource.body:
            assert not isinstance(entry, ast.Junk), f"{language}/{file}: {entry.content[:80]}"
            if isinstance(entry, ast.Message):
                key = (file, entry.id.name)
                assert entry.id.name not in names, f"twice in {language}: {entry.id.name}"
                names.add(entry.id.name)
                variables = set(re.findall(r"\$(\w+)", str(_text(entry))))
                found[key] = (frozenset(a.id.name for a in entry.attributes), variables)
    return found


def _text(entry):
    from fluent.syntax import serialize

    return serialize(ast.Resource([entry]))


def test_every_message_exists_in_every_language_with_the_same_variables():
    kk, ru, en = (_messages(language) for language in LANGUAGES)
    # English help stands in the program itself (tests/cli/test_help.py holds the tree of commands against help.ftl).
    assert kk == ru
    assert {key: one for key, one in kk.items() if key[0] != "help.ftl"} == en


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_no_message_was_left_in_english(language):
    english = {id_: say("en", id_) for _, id_ in _messages("en") if _plain("en", id_)}
    same = []
    for id_, text in english.items():
        words = re.sub(r"[^a-zA-Z ]", "", text)
        if len(words.split()) >= 3 and say(language, id_) == text:
            same.append(id_)
    assert not same


def test_kazakh_is_not_russian():
    same = []
    for _, id_ in _messages("kk"):
        if _plain("kk", id_) and len(say("kk", id_).split()) >= 4 and say("kk", id_) == say("ru", id_):
            same.append(id_)
    assert not same


def _plain(language, id_):
    try:
        say(language, id_)
    except MissingText:
        return False
    return True


def test_every_refusal_says_how_to_mend_it():
    for (file, id_), (attributes, _) in _messages("en").items():
        if id_.startswith("refusal-"):
            assert "mend" in attributes, f"{file}: {id_}"


def test_a_missing_message_is_an_error_not_a_fallback():
    assert not has("kk", "no-such-message")
    with pytest.raises(MissingText):
        say("kk", "no-such-message")
    with pytest.raises(MissingText):
        say("kk", "refusal-unknown-unit.mend", received="x")  # `expected` is not given


def test_a_refusal_tells_place_fault_and_remedy_in_each_language():
    refusal = Refusal("unknown-unit", where=Where("plants.csv", None, 12, "unit"), received="bushel", expected="kg, t")
    assert refusal.text("en") == (
        "plants.csv, row 12, field “unit”: The unit “bushel” is not known. Write one of these: kg, t."
    )
    assert refusal.text("ru").startswith("plants.csv, строка 12, поле «unit»: ")
    assert "12-жол" in refusal.text("kk")
    data = refusal.as_data("en")
    assert data["code"] == "unknown-unit"
    assert data["where"] == {"file": "plants.csv", "sheet": None, "row": 12, "field": "unit"}
    assert set(everywhere("unit-kWh").values()) == {"кВт·сағ", "кВт·ч", "kWh"}


def test_a_message_read_alone_is_the_message_of_the_whole_catalogue():
    whole = FluentBundle(["ru"], use_isolating=False)
    for _, resource in _resources("ru"):
        whole.add_resource(resource)
    names = {id_ for _, id_ in _messages("ru")}
    assert {name for name in names if has("ru", name)} == names
    for name in names:
        if _plain("ru", name):
            assert say("ru", name) == whole.format_pattern(whole.get_message(name).value)[0]
