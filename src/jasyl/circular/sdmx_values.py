"""The values of a material account as SDMX-CSV 2.0, written and read again without loss."""

import csv
import io
from collections import Counter
from decimal import Decimal
from typing import Any

from jasyl.quantities import decimal_text
from jasyl.texts import Refusal, Where

from .account import Account, Observation, with_observations
from .account_faults import Place, in_document
from .documents import convert_document, refuse_all
from .pedigree import QUESTIONS
from .reconciled import Reconciled, Row, shown_in
from .sdmx_layout import ATTRIBUTES, DIMENSIONS, KINDS, MEASURE, NO_STATEMENT, STRUCTURE

# The first three columns are those of SDMX-CSV 2.0.
COLUMNS = ("STRUCTURE", "STRUCTURE_ID", "ACTION", *DIMENSIONS, MEASURE, *ATTRIBUTES)
# What an observation says, by column; STD_DEV beside them is worked out where CV or PEDIGREE state the spread.
_TEXTS = {
    "ITEM": "of", "TIME_PERIOD": "period", "QUANTITY": "quantity", "UNIT_MEASURE": "unit",
    "DISTRIBUTION": "distribution", "SERIES": "series", "SOURCE": "source", "COMMENT": "note", "METHOD": "method",
    "CONFIDENCE": "confidence", "OBS_ID": "id",
}  # fmt: skip
_NUMBERS = {MEASURE: "value", "LOW": "low", "HIGH": "high", "CV": "cv"}
_COLUMN_OF = {field: column for column, field in (_TEXTS | _NUMBERS | {"STD_DEV": "sd"}).items()}
_NEEDED = ("STRUCTURE_ID", *DIMENSIONS, MEASURE, "UNIT_MEASURE", "STD_DEV")


def write_sdmx(account: Account, found: Reconciled | None = None) -> bytes:
    """SDMX-CSV 2.0: the observations as they stand, and with ``found`` the reconciled and modelled values."""
    buffer = io.StringIO(newline="")
    writer: csv.DictWriter[str] = csv.DictWriter(buffer, COLUMNS, lineterminator="\r\n", restval="")
    writer.writeheader()
    head = {"STRUCTURE": "dataflow", "STRUCTURE_ID": STRUCTURE, "ACTION": "I", "REF_AREA": account.place}
    told: Counter[tuple[str, str, str]] = Counter()
    for one in account.observations:
        told[one.of, one.quantity, one.period] += 1
        statement = str(told[one.of, one.quantity, one.period])
        writer.writerow(head | _stated(one, account) | {"STATEMENT": statement})
    for row in found.rows if found else ():
        if row.status != "observed" and row.kind != "again" and row.value is not None:
            writer.writerow(head | _result(shown_in(row, account)))
    return buffer.getvalue().encode()


def read_sdmx(content: bytes, account: Account, name: str = "values.csv") -> tuple[Account, Place]:
    """The account with the observations of an SDMX-CSV in the place of its own, and how its places are told; rows that
    are results stay out. A correlation stays as long as two of its members do.

    Raises Refusal ``encoding-unclear``, ``circular-sdmx`` for a file of another structure, else `SeveralRefused` with
    every fault, its row and column.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal("encoding-unclear", where=Where(file=name), expected="UTF-8") from None
    reader = csv.DictReader(io.StringIO(text))
    missing = [one for one in _NEEDED if one not in (reader.fieldnames or ())]
    if missing:
        raise Refusal("circular-sdmx", where=Where(file=name, row=1), received=", ".join(missing))
    observations: list[Observation] = []
    rows: list[int] = []
    faults: list[Refusal] = []
    for number, row in enumerate(reader, 2):
        if row["VALUE_STATUS"] != "observed":
            continue
        rows.append(number)
        try:
            observations.append(convert_document(_observed(row, name), Observation))
        except Refusal as refusal:
            field = (refusal.where and refusal.where.field) or ""
            faults.append(Refusal(refusal.code, where=_where(name, number, field), **refusal.arguments))
    refuse_all(faults)
    placed = in_document(name)

    def place(section: str, at: int, field: str) -> Where:
        return _where(name, rows[at], field) if section == "observations" else placed(section, at, field)

    return with_observations(account, observations), place


def _stated(one: Observation, account: Account) -> dict[str, str]:
    scores = "" if one.pedigree is None else " ".join(str(getattr(one.pedigree, name)) for name in QUESTIONS)
    deviation = None if one.distribution in ("interval", "exact") else one.stated(account.pedigree)[1]
    status = {word: code for code, word in KINDS.items()}
    return {
        **{column: getattr(one, field) for column, field in _TEXTS.items()},
        **{column: _text(getattr(one, field)) for column, field in _NUMBERS.items()},
        "FREQ": _frequency(one.period), "VALUE_STATUS": "observed", "STD_DEV": _text(deviation), "PEDIGREE": scores,
        "OBS_STATUS": status[one.kind],
    }  # fmt: skip


def _result(shown: Row) -> dict[str, str]:
    return {
        "FREQ": _frequency(shown.period), "ITEM": shown.of, "TIME_PERIOD": shown.period,
        "QUANTITY": "level" if shown.kind == "level" else "amount", "VALUE_STATUS": shown.status,
        "STATEMENT": NO_STATEMENT, "OBS_VALUE": repr(shown.value), "UNIT_MEASURE": shown.base,
        "STD_DEV": "" if shown.sd is None else repr(shown.sd), "DISTRIBUTION": "normal", "OBS_STATUS": "E",
    }  # fmt: skip


def _observed(row: dict[str, str], name: str) -> dict[str, Any]:
    """An observation as a document says it, of the row of a file; other programs leave out what is optional."""
    made: dict[str, Any] = {field: row[column] for column, field in (_TEXTS | _NUMBERS).items() if row.get(column)}
    made |= {"kind": KINDS.get(row.get("OBS_STATUS") or "A", "observed"), "source": row.get("SOURCE") or name}
    if row.get("PEDIGREE"):
        scores = (int(one) if one.isdecimal() else one for one in row["PEDIGREE"].split())
        made["pedigree"] = dict(zip(QUESTIONS, scores, strict=False))
    elif row["STD_DEV"] and "cv" not in made:
        made["sd"] = row["STD_DEV"]
    return made


def _where(name: str, row: int, field: str) -> Where:
    """A place in the file; what is asked of the scores of a pedigree stands in their column."""
    first = field.partition(".")[0]
    return Where(file=name, row=row, field="PEDIGREE" if first == "pedigree" else _COLUMN_OF.get(first, first) or None)


def _frequency(period: str) -> str:
    return "A" if "-" not in period else "Q" if "Q" in period else "M"


def _text(value: Decimal | None) -> str:
    return "" if value is None else decimal_text(value)
