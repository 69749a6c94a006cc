"""Plain text read as columns of bytes: row by row the same readings, refusals and counts as the reading of cells."""

from typing import Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.monitoring.world import SOURCE, a_series

from jasyl.intake import read_tables
from jasyl.intake.numbers import Evidence
from jasyl.monitoring.csv_import import SheetMapping, _taken, rows_of
from jasyl.monitoring.plain_rows import plain_rows
from jasyl.quantities import UNITS
from jasyl.texts import Refusal

KWH = SheetMapping(UNITS["kW.h"])
# Minutes from midnight of 2024-02-28 in Almaty, where 23:00–24:00 of the 29th came twice.
ROWS = st.lists(
    st.one_of(
        st.tuples(st.integers(0, 200),
                  st.sampled_from(("{:%Y-%m-%d %H:%M}", "{:%d.%m.%Y %H:%M:%S}", "{:%Y-%m-%dT%H:%M}")),
                  st.one_of(st.integers(-10**16, 10**16).map(str), st.floats(-1e6, 1e6).map(lambda it: f"{it:.4f}"),
                            st.sampled_from(("", "-", "н/д", "1,5", "1.234.567", "+7", "-.5", "5.", "1e3", " 8", "--1",
                                             "0.0005", "0.0015", "1 234", "999999999999999", "١")))),
        st.sampled_from(("", ";", ";;", "29.02.2024 24:00;1", "30.02.2024 10:00;1", "2024-02-29 23:60;1", "x;1",
                         "2024-02-29 23:30;1", "2024-02-29 23:00;2", "2024-02-29 23:15;3", "2024-13-01 00:00;1",
                         "2024-02-29 12:00+05:00;4", "2024-02-29;5", "2024-02-29 12:00;1;2", "  ",
                         "20.24.2-29 11:00;1")),
    ),
    max_size=30,
)  # fmt: skip


def written(rows: list[object]) -> str:
    import datetime as dt

    begin = dt.datetime(2024, 2, 28)
    lines = ["time;value"]
    for row in rows:
        if isinstance(row, str):
            lines.append(row)
        else:
            quarter, form, value = row
            lines.append(f"{form.format(begin + quarter * dt.timedelta(minutes=15))};{value}")
    return "\n".join(lines) + "\n"


@given(ROWS, st.sampled_from((".", ",")), st.sampled_from(("start", "end")), st.sampled_from(("nearest", "refuse")),
       st.sampled_from(("\n", "\r\n")), st.integers(0, 3))  # fmt: skip
@example([(at, "{:%Y-%m-%d %H:%M}", "1") for at in range(180, 40, -1)], ".", "start", "nearest", "\n", 0)
@example([(at, "{:%Y-%m-%d %H:%M}", "1.5") for at in range(200)], ".", "end", "nearest", "\r\n", 3)
@settings(max_examples=150, deadline=None)
def test_both_ways_say_the_same(
    rows: list[object],
    decimal: Literal[".", ","],
    stamp: Literal["start", "end"],
    rounding: Literal["nearest", "refuse"],
    newline: str,
    scale: int,
) -> None:
    content = written(rows).replace("\n", newline).encode()
    (table,) = read_tables(content, "meter.csv")
    if table.delimited is None or table.delimited.separator != ";" or table.header != ("time", "value"):
        return
    catalogue = {"meter": a_series(scale=scale)}
    mapping = SheetMapping(UNITS["kW.h"], "Asia/Almaty", stamp, decimal, rounding)
    plain = plain_rows(table, "time", "value", "meter")
    assert plain is not None
    ours, refused = _taken(catalogue, plain, mapping, SOURCE)
    theirs, expected = _taken(catalogue, rows_of(table, time="time", value="value", of="meter"), mapping, SOURCE)
    for name in ("row", "series", "start", "value"):
        assert list(getattr(ours, name)) == list(getattr(theirs, name))
    assert (ours.rounded, ours.missing, ours.count) == (theirs.rounded, theirs.missing, theirs.count)
    told, wanted = ([(each.row, each.reason.text("en")) for each in sorted(some, key=lambda each: each.row)]
                    for some in (refused, expected))  # fmt: skip
    assert told == wanted
    seen, known = Evidence(), Evidence()
    seen.see(plain.shapes())
    for block in table.blocks():
        known.see(block.columns[1])
    assert seen.convention() == known.convention()


def test_a_usual_export_is_read_as_columns() -> None:
    content = written([(at, "{:%Y-%m-%d %H:%M}", f"{at}.25") for at in range(60)]).encode()
    (table,) = read_tables(content, "meter.csv")
    plain = plain_rows(table, "time", "value", "meter")
    assert plain is not None
    assert plain.taken(KWH, a_series()).count == 58, "all but the first and the last"
    assert len(plain.shapes()) < 20


@pytest.mark.parametrize("content", [
    b'time;value\n"2024-02-28 10:00";1\n',
    b"time;value\r2024-02-28 10:00;1\r2024-02-28 11:00;1\r",
    "time;value\n2024-02-28 10:00;1\n".encode("utf-16"),
])  # fmt: skip
def test_other_text_is_left_to_the_reading_of_cells(content: bytes) -> None:
    (table,) = read_tables(content, "meter.csv")
    assert plain_rows(table, "time", "value", "meter") is None


def test_a_broken_text_is_refused_as_before() -> None:
    with pytest.raises(Refusal):
        list(read_tables(b"time;value\n2024-02-28 10:00;\0\n", "meter.csv")[0].rows())
