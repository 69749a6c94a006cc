"""``jasyl advise``: the form in, the advice out, faults told."""

import json

import pytest

from jasyl.adviser import rules
from jasyl.cli import main
from jasyl.texts import LANGUAGES, say

FORM = {"subject": "x", "authority": "y", "records_per_day": 1000, "answers": {"public-verifiability": "yes"}}


def _run(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        main([str(one) for one in arguments])
    said = capsys.readouterr()
    return ended.value.code or 0, said.out, said.err


@pytest.fixture
def form(tmp_path):
    file = tmp_path / "form.json"
    file.write_text(json.dumps(FORM), encoding="utf-8")
    return file


@pytest.mark.parametrize("language", LANGUAGES)
def test_advice_is_told_with_what_it_hangs_on(capsys, form, language):
    code, said, _ = _run(capsys, "advise", "blockchain", form, "--lang", language)
    assert code == 0
    assert say(language, "adviser-option-log-name") in said
    assert say(language, "adviser-ask-trusted-party") in said


def test_advice_as_data(capsys, form):
    code, said, _ = _run(capsys, "advise", "blockchain", form, "--json")
    assert (code, json.loads(said)["advised"]) == (0, "log")


def test_questions_are_listed(capsys):
    _, said, _ = _run(capsys, "advise", "questions", "--lang", "en")
    assert len(said.splitlines()) == len(rules().criteria)
    _, said, _ = _run(capsys, "advise", "questions", "--json")
    assert json.loads(said)[0]["asked_by"]


@pytest.mark.parametrize(
    ("content", "refusal"), [(b"{", "json-unreadable"), (b"[" * 70_000, "json-large"), (b"{}", "adviser-form")]
)
def test_bad_files_are_refused(capsys, tmp_path, content, refusal):
    file = tmp_path / "form.json"
    file.write_bytes(content)
    code, _, said = _run(capsys, "advise", "blockchain", file, "--json")
    assert (code, json.loads(said)["refused"][0]["code"]) == (1, refusal)


def test_a_form_that_is_not_there_is_called_that(capsys, tmp_path):
    code, _, said = _run(capsys, "advise", "blockchain", tmp_path / "none.json", "--json")
    assert (code, json.loads(said)["refused"][0]["code"]) == (1, "file-missing")


def test_decisions_are_logged_and_listed(jasyl, data, form):
    listed = ("advise", "decisions", "--data", data)
    assert jasyl(*listed, "--lang", "en") == 0
    assert say("en", "adviser-decisions-none") in jasyl.out
    identity = jasyl.json("advise", "blockchain", form, "--log", "--data", data)["decision"]
    (found,) = jasyl.json(*listed)
    assert (found["id"], found["state"], found["advised"]) == (identity, "current", "log")
    assert jasyl(*listed, "--lang", "ru") == 0
    assert say("ru", "adviser-decision-current") in jasyl.out
