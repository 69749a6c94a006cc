"""How a number was made, told in the reader's words."""

import ast
import inspect
from types import SimpleNamespace

import pytest

import jasyl.cities.attestation
import jasyl.emissions.avoided
import jasyl.figures.book_reference
import jasyl.figures.passport
import jasyl.monitoring.dynamics_figures
import jasyl.monitoring.methods
import jasyl.monitoring.quality.sound_amounts
from jasyl.figures import Node
from jasyl.portal.statement_steps import shown_and_folded, step_rows
from jasyl.texts import LANGUAGES, has, say, write_number

DESCRIBERS = (
    jasyl.figures.passport.walk, jasyl.figures.passport.walk_figure, jasyl.figures.book_reference.book_describers,
    jasyl.cities.attestation.entry_describers, jasyl.emissions.avoided.factor_describers,
    jasyl.emissions.avoided._plain_factor, jasyl.monitoring.methods.describers,
    jasyl.monitoring.dynamics_figures.register_describers, jasyl.monitoring.quality.sound_amounts.verdict_describer,
    jasyl.monitoring.quality.sound_amounts._said,
)  # fmt: skip


def _names(function):
    """The names of facts that a function which describes steps writes down."""
    tree = ast.parse(inspect.getsource(function))
    dicts = [node for node in ast.walk(tree) if isinstance(node, ast.Dict)]
    told = [node for node in ast.walk(tree) if isinstance(node, ast.Tuple)]
    keys = [key for one in dicts for key in one.keys] + [item for one in told for item in one.elts]
    return {key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_of_a_step_has_a_name(language):
    kinds = {"emission_factor", "sealed_day", "register_entry", "city_entry"}
    names = set.union(*(_names(one) for one in DESCRIBERS)) - kinds
    assert len(names) > 40
    assert [name for name in sorted(names) if not has(language, f"node-field-{name.replace('_', '-')}")] == []


def _visit(form):
    return SimpleNamespace(
        form=form,
        t=lambda message, **said: say("ru", message, **said),
        number=lambda value, digits=None: write_number("ru", value, digits),
    )


def test_steps_are_worded_on_a_page_and_named_by_field_in_files():
    method = Node("method", "m 1", {"recomputable": True, "parameter capacity": "5"})
    node = Node("statement", "s", {"published_at": 1_700_000_000_000_000, "supersedes": None}, (method,))
    assert [row["said"] for row in step_rows(_visit("html"), node)] == [
        "опубликовано: 2023-11-14 22:13 UTC",
        "можно пересчитать: да; параметр capacity: 5",
    ]
    assert [row["said"] for row in step_rows(_visit("csv"), node)] == [
        "published_at: 1700000000000000",
        "recomputable: True; parameter capacity: 5",
    ]
    entry = Node("city_entry", "e", {"status": "not_reported", "origin": "statistics", "value": 5})
    assert [row["said"] for row in step_rows(_visit("html"), entry)] == [
        "статус: не сообщено; происхождение: официальная статистика; значение: 5"
    ]
    assert [row["step"] for row in step_rows(_visit("html"), node)] == ["заявление", "→ метод"]


def test_numbers_of_a_step_are_written_as_the_reader_writes_them():
    day = Node("sealed_day", "d", {"count": 1096, "sum": "95383235"})
    figure = Node("figure", "f", {"value": "424123483334.25", "completeness": "0.966667"}, (day,))
    assert [row["said"] for row in step_rows(_visit("html"), figure)] == [
        "значение: 424\xa0123\xa0483\xa0334,25; полнота: 0,966667",
        "показаний: 1\xa0096; сумма: 95\xa0383\xa0235",
    ]


def test_many_sealed_days_are_folded_behind_the_other_steps():
    rows = [{"kind": kind} for kind in ("statement", "figure", "method", *["sealed_day"] * 5)]
    assert shown_and_folded(rows) == (rows, [])
    days = [{"kind": "sealed_day"}] * 6
    assert shown_and_folded(rows[:3] + days) == (rows[:3], days)
