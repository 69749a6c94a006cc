"""What people confirm of a metering sheet: which meter is which series, units, contents; kept, and known again."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import msgspec
import sqlalchemy as sa

from jasyl.intake import Grid, read_grids
from jasyl.intake.numbers import Evidence
from jasyl.quantities import UNITS
from jasyl.texts import Refusal

from .delivery_tables import metering_mapping as held
from .series import SeriesDefinition
from .sheet_layout import Layout, detect

Content = Literal["amounts", "means", "registers"]


@dataclass(frozen=True)
class MeteringSheet:
    """A sheet and how it is laid out."""

    grid: Grid
    layout: Layout


class MappedMeter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A meter of the sheet: its ``label`` there, the key of the ``series`` it is (None: left out), the UCUM code of its
    ``unit``, whether its cells are amounts of each interval, means over it or ``registers``, and the ``factor`` by
    which they are multiplied (that of its instrument transformers)."""

    label: str
    series: str | None = None
    unit: str | None = None
    content: Content = "amounts"
    factor: str = "1"


class MeteringMapping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a metering sheet is meant. ``stamp``: what a single time marks of its interval; ``zone``: its civil time."""

    meters: tuple[MappedMeter, ...]
    zone: str = "Asia/Almaty"
    stamp: Literal["start", "end"] = "start"
    decimal: Literal[".", ","] = "."

    def meter(self, label: str) -> MappedMeter | None:
        """What is said of the meter that the sheet calls ``label``."""
        return next((each for each in self.meters if each.label == label), None)


@dataclass(frozen=True)
class Confirmed:
    """A mapping that somebody confirmed: of which sender and shape, by whom, when, on which file."""

    number: int
    sender: str
    shape: str
    mapping: MeteringMapping
    file_name: str
    confirmed_by: str
    confirmed_at: int


def mapping_of(written: str | bytes) -> MeteringMapping:
    """A mapping from its JSON. Raises Refusal ``mapping-malformed``."""
    try:
        made = msgspec.json.decode(written, type=MeteringMapping)
        if any(not _is_factor(each.factor) for each in made.meters):
            raise msgspec.ValidationError("factor: a decimal number greater than zero")
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise Refusal("mapping-malformed", reason=str(error)[:200]) from error
    return made


def _is_factor(written: str) -> bool:
    return bool(re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", written)) and Decimal(written) > 0


def remember(
    connection: sa.Connection, sender: str, shape: str, mapping: MeteringMapping, *, file: str, actor: str, now: int
) -> None:
    """Keep what was confirmed; the same again is not written twice. Earlier ones stay as history."""
    known = recognise(connection, sender, shape)
    if known is not None and known.mapping == mapping:
        return
    connection.execute(
        sa.insert(held).values(
            sender=sender,
            shape=shape,
            mapping=msgspec.json.encode(mapping).decode(),
            file_name=file,
            confirmed_by=actor,
            confirmed_at=now,
        )
    )


def recognise(connection: sa.Connection, sender: str, shape: str) -> Confirmed | None:
    """What was last confirmed for sheets of this shape from this sender."""
    rows = connection.execute(
        sa.select(held).where(held.c.sender == sender, held.c.shape == shape).order_by(held.c.number.desc()).limit(1)
    )
    return next(map(_confirmed, rows), None)


def confirmed_mappings(connection: sa.Connection, sender: str | None = None) -> list[Confirmed]:
    """Everything confirmed (of one sender), the newest first: the history."""
    question = sa.select(held).order_by(held.c.number.desc())
    rows = connection.execute(question if sender is None else question.where(held.c.sender == sender))
    return [_confirmed(row) for row in rows]


def _confirmed(row: sa.Row[tuple[object, ...]]) -> Confirmed:
    said = row._mapping  # pyright: ignore[reportPrivateUsage]  (SQLAlchemy's documented name)
    return Confirmed(
        said["number"],
        said["sender"],
        said["shape"],
        mapping_of(said["mapping"]),
        said["file_name"],
        said["confirmed_by"],
        said["confirmed_at"],
    )


def metering_sheets(content: bytes, name: str) -> list[MeteringSheet]:
    """The sheets of a file that are laid out as metering sheets; sheets of words beside them are passed over.

    Raises Refusal of reading the file, and ``metering-layout`` or ``sheet-months`` where no sheet is one.
    """
    found: list[MeteringSheet] = []
    refused: Refusal | None = None
    for grid in read_grids(content, name):
        try:
            found.append(MeteringSheet(grid, detect(grid)))
        except Refusal as reason:
            refused = refused or reason
    if not found:
        assert refused is not None
        raise refused
    return found


def shape_of(sheets: Sequence[MeteringSheet]) -> str:
    """What makes two files of one sender alike: the shapes of their sheets, however many there are of each."""
    shapes = sorted({sheet.layout.shape() for sheet in sheets})
    return shapes[0] if len(shapes) == 1 else hashlib.sha256("".join(shapes).encode()).hexdigest()


def proposed(
    sheets: Sequence[MeteringSheet],
    catalogue: Mapping[str, SeriesDefinition],
    earlier: Sequence[Confirmed] = (),
    *,
    unit: str | None = None,
) -> MeteringMapping:
    """The mapping that the file itself, and what was ``earlier`` confirmed of the same meters, speak for.

    A person has to confirm it. ``unit`` is used where the sheet says none.
    """
    known: dict[str, MappedMeter] = {}
    for each in reversed(earlier):
        known |= {meter.label: meter for meter in each.mapping.meters}
    units: dict[str, str | None] = {}
    for sheet in sheets:
        said = _units(sheet.layout)
        for label in sheet.layout.meters or (sheet.layout.meter or "",):
            units.setdefault(label, said.get(label) or sheet.layout.unit)
    meters: list[MappedMeter] = []
    for label, said in units.items():
        guess = known.get(label) or _guess(label, catalogue, alone=len(units) < 2)
        chosen = said or guess.unit or unit
        content = guess.content if label in known else _content(catalogue.get(guess.series or ""), chosen)
        meters.append(MappedMeter(label=label, series=guess.series, unit=chosen, content=content, factor=guess.factor))
    before = earlier[0].mapping if earlier else None
    stamps = {sheet.layout.stamping for sheet in sheets}
    clear: Literal["start", "end"] = "end" if "end" in stamps else "start"
    return MeteringMapping(
        meters=tuple(meters),
        zone=before.zone if before else "Asia/Almaty",
        stamp=before.stamp if before and stamps == {"unclear"} else clear,
        decimal=_decimal(sheets),
    )


def _units(layout: Layout) -> dict[str, str]:
    found: dict[str, str] = {}
    by_row = any(head.role == "unit" for head in layout.columns)
    for row in layout.body_rows if by_row else layout.body_rows[:1]:
        for column in layout.body_columns:
            unit = layout.labels(row, column).get("unit")
            if unit is not None:
                found.setdefault(layout.meter_of(row, column), str(unit))
    return found


def _guess(label: str, catalogue: Mapping[str, SeriesDefinition], *, alone: bool) -> MappedMeter:
    folded = _folded(label)
    same = [key for key in catalogue if _folded(key) == folded or (len(_folded(key)) > 4 and _folded(key) in folded)]
    if len(same) != 1:
        same = list(catalogue) if alone and len(catalogue) == 1 else []
    return MappedMeter(label=label, series=same[0] if same else None)


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _content(series: SeriesDefinition | None, unit: str | None) -> Content:
    if series is not None and series.kind == "counter":
        return "registers"
    dimension = UNITS[unit].dimension if unit in UNITS else None
    of_a_mean = series is not None and series.kind == "mean" and series.unit.dimension == dimension
    return "means" if dimension == "power" or of_a_mean else "amounts"


def _decimal(sheets: Sequence[MeteringSheet]) -> Literal[".", ","]:
    """The decimal sign of the texts. Where no value is unmistakable (all like ``100,005``) a comma without any point
    is one: thousands are grouped by blanks in Kazakh and Russian sheets. A person confirms it."""
    seen, signs = Evidence(), set[str]()
    for sheet in sheets:
        for row in sheet.layout.body_rows:
            cells = [sheet.grid.cell(row, column) for column in sheet.layout.body_columns]
            seen.see(cells)
            signs.update(sign for cell in cells if isinstance(cell, str) for sign in ",." if sign in cell)
    comma = seen.convention().comma
    return "," if comma == "decimal" or (comma is None and signs == {","}) else "."
