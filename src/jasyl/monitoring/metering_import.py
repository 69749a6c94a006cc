"""Metering sheets as utilities send them become readings: whole or not at all, with a reason for each bad cell."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa

from jasyl.intake import Grid
from jasyl.quantities import UNITS, Unit, instant
from jasyl.storage import Database, DataFolder
from jasyl.texts import LANGUAGES, Language, Refusal, Where, write_number

from . import readings, registers
from .civil_time import DAY, aligned, instants_of, interval_end
from .csv_import import ImportReport, LineRefusal, number_of
from .delivery import Batch, Receipt, Source
from .metering_cells import SheetCell, cells_of
from .metering_mapping import MappedMeter, MeteringMapping, MeteringSheet
from .series import HOUR, SeriesDefinition
from .sheet_layout import Layout
from .stamps import resolve

MINUTE = 60_000_000


@dataclass(frozen=True)
class MeterPreview:
    """What one meter of the sheet becomes: its ``mapped`` series, how many values, from when to when (µs UTC), the
    first values as they would be stored, and the sum in the series' unit."""

    mapped: MappedMeter
    values: int
    missing: int
    first: int | None
    last: int | None
    sample: tuple[tuple[int, int], ...]
    sum: int


@dataclass(frozen=True)
class MeteringReport(ImportReport):
    """What became of a sheet; ``remarks`` are totals of the sheet that its own values do not make."""

    remarks: tuple[Refusal, ...] = ()
    meters: tuple[MeterPreview, ...] = ()

    def sentences(self, language: Language) -> list[str]:
        """The report in words."""
        return super().sentences(language) + [each.text(language) for each in self.remarks]


@dataclass
class _Columns:
    """Readings of all meters: parallel lists, ``place`` where each came from."""

    place: list[Where] = field(default_factory=list[Where])
    series: list[int] = field(default_factory=list[int])
    start: list[int] = field(default_factory=list[int])
    value: list[int] = field(default_factory=list[int])


@dataclass
class SheetReadings:
    """A sheet read by its mapping: what would be stored, and what cannot be."""

    columns: _Columns
    meters: list[MeterPreview]
    cells: int
    missing: int
    rounded: int
    refused: list[LineRefusal]
    remarks: list[Refusal]


def read_metering(
    sheets: Sequence[MeteringSheet], mapping: MeteringMapping, catalogue: Mapping[str, SeriesDefinition]
) -> SheetReadings:
    """All readings of a file, and the reason for every cell that is none. Stores nothing."""
    found = SheetReadings(_Columns(), [], 0, 0, 0, [], [])

    def refuse(where: Where, reason: Refusal) -> None:
        found.refused.append(_line(reason, where))

    by_meter: dict[str, list[SheetCell]] = {}
    steps: dict[str, int | None] = {}
    for sheet in sheets:
        for cell in cells_of(sheet.grid, sheet.layout, stamp=mapping.stamp):
            if isinstance(cell, SheetCell):
                by_meter.setdefault(cell.meter, []).append(cell)
                steps.setdefault(cell.meter, sheet.layout.step)
            else:
                assert cell.where is not None
                refuse(cell.where, cell)
        found.remarks.extend(_totals(sheet.grid, sheet.layout, mapping))
    for label, cells in by_meter.items():
        mapped = mapping.meter(label)
        if mapped is None or mapped.series is None:
            if mapped is None:
                refuse(cells[0].where, Refusal("sheet-meter", received=label))
            continue
        found.cells += len(cells)
        try:
            reader = _Reader(mapped, mapping, catalogue, steps[label])
        except Refusal as reason:
            refuse(cells[0].where, reason)
            continue
        reader.read(sorted(cells, key=_order), found, refuse)
    return found


def take_metering(
    database: Database,
    folder: DataFolder,
    sheets: Sequence[MeteringSheet],
    mapping: MeteringMapping,
    catalogue: Mapping[str, SeriesDefinition],
    *,
    source: Source,
    now: int,
    partial: bool = False,
    within: Callable[[sa.Connection, Receipt], object] | None = None,
) -> MeteringReport:
    """Store the readings of a file of metering sheets in one transaction; nothing when a cell is refused, unless
    ``partial``.

    ``catalogue`` maps keys of series to their definitions. ``within`` runs in the transaction that stores.
    """
    found = read_metering(sheets, mapping, catalogue)
    refused, receipt = list(found.refused), None
    if partial or not refused:
        columns = found.columns
        series, start, value = (np.array(each, np.int64) for each in (columns.series, columns.start, columns.value))
        batch = Batch(series, start, value, source)
        definitions = {each.number: each for each in catalogue.values()}
        receipt = readings.append(database, folder, definitions, batch, now, partial=partial, within=within)
        refused.extend(_line(each.reason, columns.place[each.row]) for each in receipt.refused)
        if refused and not partial:
            receipt = None
    return _report(found, mapping, refused, receipt)


def preview_of(found: SheetReadings, mapping: MeteringMapping) -> MeteringReport:
    """The report of a file that was only read."""
    return _report(found, mapping, found.refused, None)


def _report(
    found: SheetReadings, mapping: MeteringMapping, refused: Sequence[LineRefusal], receipt: Receipt | None
) -> MeteringReport:
    shifted = mapping.stamp == "end" and found.cells > 0
    in_order = tuple(sorted(refused, key=lambda each: each.row))
    return MeteringReport(
        found.cells, found.missing, found.rounded, shifted, in_order, receipt, tuple(found.remarks), tuple(found.meters)
    )


class _Reader:
    """Reads the cells of one meter as readings of its series."""

    def __init__(
        self,
        mapped: MappedMeter,
        mapping: MeteringMapping,
        catalogue: Mapping[str, SeriesDefinition],
        minutes: int | None,
    ) -> None:
        self.mapped, self.mapping = mapped, mapping
        series = catalogue.get(mapped.series or "")
        if series is None:
            raise Refusal("unknown-series", received=mapped.series)
        if mapped.unit not in UNITS:
            raise Refusal("sheet-unit", received=mapped.label or "—")
        self.series, self.unit = series, UNITS[mapped.unit]
        self.zone = ZoneInfo(mapping.zone)
        step = (minutes or 1440) * 60
        if step != series.interval_seconds:
            raise Refusal("sheet-interval", received=step, expected=series.interval_seconds, series=mapped.series)
        self.factor = _factor(mapped, series, self.unit) * Fraction(Decimal(mapped.factor))

    def read(self, cells: Sequence[SheetCell], found: SheetReadings, refuse: Callable[[Where, Refusal], None]) -> None:
        """Values and starts of all cells into ``found``; what cannot be read goes to ``refuse``."""
        taken: list[tuple[int, int, SheetCell]] = []
        missing = 0
        moments = resolve([self._candidates(cell) for cell in cells])
        for cell, moment in zip(cells, moments, strict=True):
            try:
                value, exact = self._value(cell)
            except Refusal as reason:
                refuse(cell.where, reason)
                continue
            if value is None:
                missing += 1
            elif moment is None:
                code = "sheet-hour-twice" if self._candidates(cell) else "stamp-never"
                said = str(cell.begin or cell.end)
                refuse(cell.where, Refusal(code, received=said, zone=self.mapping.zone))
            else:
                found.rounded += not exact
                taken.append((moment, value, cell))
        if self.mapped.content == "registers" and self.series.kind != "counter":
            taken = list(self._differences(taken, refuse))
        found.missing += missing
        for start, value, cell in taken:
            found.columns.place.append(cell.where)
            found.columns.series.append(self.series.number)
            found.columns.start.append(start)
            found.columns.value.append(value)
        starts = [start for start, _, _ in taken]
        sample = tuple((start, value) for start, value, _ in taken[:3])
        total = sum(value for _, value, _ in taken)
        found.meters.append(
            MeterPreview(self.mapped, len(taken), missing, min(starts, default=None), max(starts, default=None),
                         sample, total)
        )  # fmt: skip

    def _value(self, cell: SheetCell) -> tuple[int | None, bool]:
        number = number_of(cell.raw, self.mapping.decimal)
        if number is None:
            return None, True
        exact = Fraction(self.unit.to_base(number)) * self.factor * 10**self.series.scale
        whole = round(exact)  # half to even
        if abs(whole) > 2**62:
            raise Refusal("value-unreadable", received=str(cell.raw)[:40], expected=self.mapping.decimal)
        return whole, whole == exact

    def _candidates(self, cell: SheetCell) -> tuple[int, ...]:
        """The instants (µs UTC) that can be the start of the cell's interval, or the moment of its register."""
        if self.mapped.content == "registers":
            marked = cell.end if self.mapping.stamp == "end" and cell.end is not None else cell.begin or cell.end
            assert marked is not None
            return instants_of(marked, self.zone)
        if cell.begin is not None:
            return instants_of(cell.begin, self.zone)
        assert cell.end is not None
        if self.series.interval >= DAY:
            return instants_of(cell.end - dt.timedelta(days=1), self.zone)
        return tuple(each - self.series.interval for each in instants_of(cell.end, self.zone))

    def _differences(
        self, taken: list[tuple[int, int, SheetCell]], refuse: Callable[[Where, Refusal], None]
    ) -> Iterator[tuple[int, int, SheetCell]]:
        """Registers as amounts of the intervals between them; a fall that nothing explains is refused."""
        taken = sorted(taken, key=lambda each: each[0])
        start = np.array([each[0] for each in taken], np.int64)
        if len(start) < 2:
            return
        grid_ok = aligned(start, self.series.interval, self.series.time_zone)
        ends = [interval_end(each, self.series.interval, self.series.time_zone) for each in start[:-1].tolist()]
        follows = (np.array(ends) == start[1:]) & grid_ok[:-1] & grid_ok[1:]
        value = np.array([each[1] for each in taken], np.int64)
        rows, amounts = registers.steps(start, value, follows, self.series.meters)
        for at in np.setdiff1d(np.flatnonzero(follows), rows).tolist():
            cell = taken[at + 1][2]
            reason = Refusal("register-fell", received=str(cell.raw), since=instant(int(start[at])).isoformat())
            refuse(cell.where, reason)
        for at, amount in zip(rows.tolist(), amounts.tolist(), strict=True):
            yield int(start[at]), int(amount), taken[at + 1][2]


def _order(cell: SheetCell) -> tuple[object, int, int]:
    return (cell.begin or cell.end, cell.row, cell.column)


def _factor(mapped: MappedMeter, series: SeriesDefinition, unit: Unit) -> Fraction:
    """From a value of the sheet in base units to the series: 1, or the length of the interval in hours (or 1 by it).

    Raises Refusal ``unit-dimension`` or ``sheet-content``.
    """
    hours = Fraction(series.interval_seconds, HOUR)
    same = unit.dimension == series.unit.dimension
    match (mapped.content, series.kind, unit.dimension, series.unit.dimension):
        case ("means", "amount", "power", "energy"):
            return hours
        case ("amounts", "mean", "energy", "power"):
            return 1 / hours
        case ("amounts", "amount", _, _) | ("means", "mean", _, _) | ("registers", "counter" | "amount", _, _) if same:
            return Fraction(1)
        case _ if not same:
            raise Refusal("unit-dimension", received=unit.words(), expected=series.unit.words())
        case _:
            raise Refusal("sheet-content", received=mapped.content, expected=series.kind, series=mapped.series)


def _totals(grid: Grid, layout: Layout, mapping: MeteringMapping) -> Iterator[Refusal]:
    """Totals that the sheet states and its own cells do not make, to half a unit of the last decimal of each cell."""
    for row in layout.body_rows:
        for column in layout.total_columns:
            cells = [(row, each) for each in layout.body_columns]
            yield from _total(grid, layout, mapping, (row, column), cells)
    for row in layout.total_rows:
        for column in layout.body_columns:
            yield from _total(grid, layout, mapping, (row, column), [(each, column) for each in layout.body_rows])


def _total(
    grid: Grid, layout: Layout, mapping: MeteringMapping, at: tuple[int, int], cells: Sequence[tuple[int, int]]
) -> Iterator[Refusal]:
    try:
        stated = number_of(grid.cell(*at), mapping.decimal)
        if stated is None:
            return
        groups: dict[str, list[Decimal]] = {}
        for row, column in cells:
            value = number_of(grid.cell(row, column), mapping.decimal)
            if value is not None:
                groups.setdefault(layout.meter_of(row, column), []).append(value)
    except Refusal:
        return  # the cell itself is refused where it is read
    values = [value for group in groups.values() for value in group]
    # A total may be of all meters of the line or of one of them, side by side with the others.
    for group in (values, *groups.values()):
        slack = sum((_half(value) for value in group), _half(stated))
        if abs(sum(group, Decimal(0)) - stated) <= slack:
            return
    if values:
        made = sum(values, Decimal(0))
        yield Refusal("sheet-total", where=grid.where(*at), received=_words(stated), expected=_words(made))


def _words(number: Decimal) -> dict[Language, str]:
    return {language: write_number(language, number) for language in LANGUAGES}


def _half(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    return Decimal(5).scaleb(min(exponent if isinstance(exponent, int) else 0, 0) - 1)


def _line(reason: Refusal, where: Where) -> LineRefusal:
    return LineRefusal(where.row or 0, Refusal(reason.code, where=where, **reason.arguments))


def receipt_counts(report: MeteringReport) -> dict[str, int]:
    """Accepted, corrected, repeated, outdated; zeros where nothing was stored."""
    names = ("accepted", "corrected", "repeated", "outdated")
    return {name: getattr(report.receipt, name) if report.receipt else 0 for name in names}


def as_data(report: MeteringReport, language: Language) -> dict[str, object]:
    """The report for a program."""
    return {
        "stored": report.stored,
        "cells": report.rows,
        "missing": report.missing,
        "rounded": report.rounded,
        **receipt_counts(report),
        "refused": [{"row": each.row, **each.reason.as_data(language)} for each in report.refusals],
        "remarks": [each.as_data(language) for each in report.remarks],
        "meters": [
            dataclasses.asdict(each) | {"mapped": {f: getattr(each.mapped, f) for f in each.mapped.__struct_fields__}}
            for each in report.meters
        ],
    }
