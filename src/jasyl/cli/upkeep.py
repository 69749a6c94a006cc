"""What became of sealed days, figures and statements, told to people and to programs."""

from typing import Any

from jasyl.figures import Statement, figure_value
from jasyl.ledger import Calc, parse_record
from jasyl.monitoring import Upkeep
from jasyl.monitoring.indicator_names import indicator_name
from jasyl.texts import Language, say


def upkeep_lines(done: Upkeep, language: Language) -> list[str]:
    """One sentence for the sealed days and figures, one for each statement that says another number now."""
    counts = {"days": len(done.sealed), "figures": sum(each.of_value for each in done.changed)}
    said = [say(language, "upkeep-done", **counts)]
    said += [say(language, "upkeep-left", key=each.figure.key) for each in done.left]
    now = {each.after.figure.key: each.after.figure for each in done.changed}
    for each in done.statements:
        found = figure_value(now[each.key], language) if each.key in now else "—"
        said.append(say(language, "upkeep-statement", id=each.id, key=_told(each, language), value=found))
    return said


def _told(statement: Statement, language: Language) -> str:
    record = parse_record(statement.document)
    assert isinstance(record, Calc)
    return f"{indicator_name(record.indicator, language)}, {record.period}"


def upkeep_data(done: Upkeep) -> dict[str, Any]:
    """The same for a program: days sealed, figures before and after, ids of statements."""
    return {
        "sealed_days": [{"series": day.series_id, "day": day.day, "record": day.record_id} for day in done.sealed],
        "changed_figures": [
            {
                "key": each.after.figure.key,
                "before": None if each.before.figure.value is None else str(each.before.figure.value),
                "after": None if each.after.figure.value is None else str(each.after.figure.value),
                "figure": each.after.id,
            }
            for each in done.changed
        ],
        "left": [each.figure.key for each in done.left],
        "outdated_statements": [{"id": each.id, "key": each.key, "record": each.record_id} for each in done.statements],
    }
