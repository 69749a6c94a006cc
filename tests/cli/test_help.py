"""Help of every command and parameter in Kazakh and Russian, and wrong usage told in the reader's language."""

import sys
from collections import defaultdict
from importlib import import_module

import pytest
import typer

from jasyl.cli import help as spoken_help
from jasyl.cli import house, program
from jasyl.texts import plain_messages, say

OTHERS = ("kk", "ru")


def _walk(command, path):
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from _walk(below, f"{path}-{name}" if path != "jasyl" else name)


def _tree():
    """(path, command) of the program, its groups, and every command."""
    app = typer.Typer(cls=program.LateGroup, add_completion=False)
    app.callback()(program.jasyl)
    house.register(app)
    found = list(_walk(typer.main.get_command(app), "jasyl"))
    for group in program._GROUPS:
        module = import_module(f"jasyl.cli.{program._MODULES.get(group, group)}")
        found += _walk(typer.main.get_command(module.app), group)
    return found


TREE = _tree()
PARAMETERS = [(path, one) for path, command in TREE for one in command.params]


def test_the_tree_is_the_whole_program():
    assert {path.partition("-")[0] for path, _ in TREE} >= {*program._GROUPS, "init", "serve", "doctor", "schema"}
    assert len(TREE) > 60


@pytest.mark.parametrize("language", OTHERS)
def test_every_command_has_help(language):
    said = plain_messages(language, "help")
    missing = [name for path, _ in TREE for name in spoken_help.messages_of(path) if name not in said]
    assert not missing, f"texts/{language}/help.ftl lacks: {', '.join(missing)}"


@pytest.mark.parametrize("language", OTHERS)
def test_every_parameter_has_help(language):
    said = plain_messages(language, "help")
    missing = []
    for path, one in PARAMETERS:
        names = spoken_help.messages_of(path, one.name)
        if not any(name in said for name in names):
            missing.append(f"{' or '.join(names)} (“{one.help}”)")
    assert not missing, f"texts/{language}/help.ftl lacks: {'; '.join(missing)}"


def test_every_command_and_parameter_has_help_in_english():
    silent = [path for path, command in TREE if not command.help and path not in program._GROUPS]
    silent += [f"{path} {one.name}" for path, one in PARAMETERS if not one.help]
    assert not silent, f"without help= or docstring: {', '.join(silent)}"


def test_a_shared_text_stands_for_one_english_text():
    """A message ``help-option-…`` would be wrong for a command whose parameter means something else."""
    said = plain_messages("ru", "help")
    meanings = defaultdict(lambda: defaultdict(list))
    for path, one in PARAMETERS:
        own, shared = spoken_help.messages_of(path, one.name)
        if own not in said and shared in said:
            meanings[shared][one.help].append(f"{own} (“{one.help}”)")
    wrong = [one for uses in meanings.values() if len(uses) > 1 for meant in uses.values() for one in meant]
    assert not wrong, f"texts/*/help.ftl: give these texts of their own: {'; '.join(wrong)}"


def test_no_text_is_left_of_a_command_that_is_gone():
    wanted = {name for path, _ in TREE for name in spoken_help.messages_of(path)}
    wanted |= {name for path, one in PARAMETERS for name in spoken_help.messages_of(path, one.name)}
    for language in OTHERS:
        left = {name for name in plain_messages(language, "help") if not name.startswith("help-word-")} - wanted
        assert not left, f"texts/{language}/help.ftl has too much: {', '.join(sorted(left))}"


def test_kazakh_and_russian_have_the_same_texts():
    assert set(plain_messages("kk", "help")) == set(plain_messages("ru", "help"))


@pytest.mark.parametrize("language", OTHERS)
def test_the_plain_reader_reads_what_fluent_reads(language):
    said = plain_messages(language, "help")
    assert len(said) > 200
    assert {name: say(language, name) for name in said} == dict(said)


def test_a_language_without_such_a_file_has_no_plain_messages():
    assert plain_messages("en", "help") == {}


@pytest.mark.parametrize(
    ("language", "words", "line"),
    [
        ("kk", ("Қолданылуы: jasyl atlas", "Пәрмендер", "Осы анықтаманы"), "Қабаттар тізімі"),
        ("ru", ("Использование: jasyl atlas", "Команды", "Показать эту справку"), "Перечислить слои"),
        ("en", ("Usage: jasyl atlas", "Commands", "Show this message and exit."), "List the layers"),
    ],
)
def test_help_is_told_in_the_language_of_the_terminal(jasyl, monkeypatch, language, words, line):
    monkeypatch.setenv("JASYL_LANG", language)
    assert jasyl("atlas", "--help") == 0
    assert all(word in jasyl.out for word in words)
    assert line in jasyl.out


def test_help_of_a_command_tells_its_parameters_and_defaults(jasyl, monkeypatch):
    monkeypatch.setenv("JASYL_LANG", "ru")
    assert jasyl("atlas", "stats", "--help") == 0
    for text in ("GeoJSON с многоугольниками", "[обязательно]", "[по умолчанию: 0]", "Папка данных.", "JASYL_DATA"):
        assert text in jasyl.out


def test_the_overview_and_a_single_command_are_told_too(jasyl, monkeypatch):
    monkeypatch.setenv("JASYL_LANG", "kk")
    assert jasyl("--help") == 0
    assert "Ресурс карталары" in jasyl.out
    assert "Деректер қалтасын жасап" in jasyl.out
    assert jasyl("serve", "--help") == 0
    assert "Тыңдайтын порт." in jasyl.out


def test_the_option_of_language_rules_over_the_terminal(jasyl, monkeypatch):
    monkeypatch.setenv("JASYL_LANG", "kk")
    jasyl("places", "regions", "--lang", "ru", "--help")
    assert "Использование" in jasyl.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nonsense",), "Нет такой команды: nonsense"),
        (("atlas", "nonsense"), "Нет такой команды: nonsense"),
        (("atlas", "stats"), "Не хватает: 'SHAPES'"),
        (("atlas", "stats", "a.geojson", "--bnd", "1"), "Нет такого параметра: --bnd (--band)"),
        (("atlas", "stats", "a.geojson", "b"), "Лишние аргументы: b"),
        (("atlas", "stats", "a.geojson", "--band"), "Не указано значение: --band"),
        (("atlas", "stats", "a.geojson", "--band", "x"), "Недопустимое значение: '--band': ожидалось целое число"),
        (("atlas", "point", "x", "50"), "ожидалось число"),
        (("serve", "--port", "0"), "не меньше 1"),
        (("serve", "--port", "99999"), "не больше 65535"),
        (("monitor", "publish", "a", "b"), "Недопустимое значение: FIGURE"),
    ],
)
def test_wrong_usage_is_told_in_the_language_of_the_reader(jasyl, monkeypatch, words, said):
    monkeypatch.setenv("JASYL_LANG", "ru")
    assert jasyl(*words) == 2
    assert said in jasyl.err
    assert "Ошибка: " in jasyl.err


def test_wrong_usage_in_english_is_typers_own(jasyl, monkeypatch):
    monkeypatch.setenv("JASYL_LANG", "en")
    assert jasyl("atlas", "nonsense") == 2
    assert "No such command" in jasyl.err
    assert "Usage: jasyl atlas" in jasyl.err


def test_what_typer_says_rarely_is_passed_on_as_it_is(capsys, monkeypatch):
    from jasyl.cli.wrong_usage import tell

    monkeypatch.setenv("JASYL_LANG", "kk")
    monkeypatch.setattr("sys.argv", ["jasyl"])
    tell(typer.BadParameter("something of its own"))
    assert "Қате: Жарамсыз мән: something of its own" in capsys.readouterr().err


def test_a_command_called_by_a_program_leaves_its_own_words_alone(monkeypatch):
    monkeypatch.setattr("sys.argv", ["a program", "--lang", "ru"])
    with pytest.raises(SystemExit):
        program.main(["--version"])
    assert sys.argv == ["a program", "--lang", "ru"]


def test_a_group_without_arguments_shows_its_help(jasyl, monkeypatch):
    monkeypatch.setenv("JASYL_LANG", "ru")
    assert jasyl("people") == 2
    assert "Создать учётную запись" in jasyl.out + jasyl.err
