"""``jasyl import readings --mapping`` and ``jasyl monitor mount-meter``: metering sheets, the meters behind them."""

import dataclasses
import time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
import typer

from jasyl.quantities import UNITS, civil_time, instant, unit
from jasyl.storage import database_of, open_folder
from jasyl.texts import Language, Refusal, Where, say, write_number

from .options import HERE, AsJson, Data, Lang
from .speech import answer, progress, reader_language
from .upkeep import upkeep_data, upkeep_lines

if TYPE_CHECKING:
    from jasyl.monitoring.metering_file import Detected, Sender
    from jasyl.monitoring.metering_import import MeteringReport
    from jasyl.monitoring.metering_mapping import MeteringMapping

WAYS = ("auto", "show", "confirm")


@dataclasses.dataclass(frozen=True)
class SheetOptions:
    """What the command line says of a metering sheet; None where it says nothing."""

    way: str
    meters: tuple[str, ...] = ()
    unit: str | None = None
    stamp: str | None = None
    zone: str | None = None
    decimal: str | None = None
    partial: bool = False


def import_metering(
    data: Path, file: Path, facility: str, options: SheetOptions, *, as_json: bool, lang: str | None
) -> None:
    """Detect, show or take a file of metering sheets; exit code 1 when nothing was stored but should have been."""
    from jasyl.monitoring import bring_up_to_date  # noqa: PLC0415
    from jasyl.monitoring.metering_file import detected, sender_of, take_confirmed  # noqa: PLC0415
    from jasyl.monitoring.metering_import import as_data, preview_of, read_metering  # noqa: PLC0415
    from jasyl.monitoring.metering_mapping import metering_sheets  # noqa: PLC0415
    from jasyl.monitoring.quality import inspect  # noqa: PLC0415
    from jasyl.people import OPERATOR  # noqa: PLC0415

    from .subjects import facility_of  # noqa: PLC0415

    language, folder = reader_language(asked=lang), open_folder(data)
    database = database_of(folder)
    content = _content(file)
    with progress(language, as_json=as_json) as seen:
        seen.step("import-step-readings", 0)
        sheets = metering_sheets(content, file.name)
        with database.reading() as connection:
            sender = sender_of(connection, facility_of(connection, facility), OPERATOR)
            found = detected(connection, sheets, sender, unit=None if options.unit is None else unit(options.unit).ucum)
        mapping = _meant(found, options)
        takes = options.way not in ("auto", "show") or (options.way == "auto" and found.known is not None)
        now = time.time_ns() // 1000
        if takes:
            report = take_confirmed(
                database, folder, found, mapping, sender, content, file.name,
                actor=OPERATOR.id, now=now, partial=options.partial,
            )  # fmt: skip
        else:
            report = preview_of(read_metering(sheets, mapping, sender.catalogue), mapping)
        done = None
        if report.stored:
            seen.step("import-step-seal", 0)
            done = bring_up_to_date(database, folder, now, author=OPERATOR.id)
            inspect(database, folder, now, progress=seen)
    if as_json:
        told = as_data(report, language) | {"shape": found.shape, "mapping": msgspec.to_builtins(mapping)}
        answer(told | (upkeep_data(done) if done else {}))
    else:
        _tell(found, mapping, report, sender, language)
        for line in upkeep_lines(done, language) if done else ():
            typer.echo(line)
    if options.way == "auto" and found.known is None:
        raise Refusal("mapping-unconfirmed", where=Where(file.name), received=facility)
    if not report.stored and options.way != "show":
        raise typer.Exit(1)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Refusal("file-missing", where=Where(file=file.name), reason=error.strerror or str(error)) from error


def _meant(found: "Detected", options: SheetOptions) -> "MeteringMapping":
    """The mapping that holds or is proposed, or that of a file, with what the options say in its place."""
    from jasyl.monitoring.metering_mapping import mapping_of  # noqa: PLC0415

    made = found.mapping if options.way in WAYS else mapping_of(_content(Path(options.way)))
    series: dict[str, str | None] = {}
    for written in options.meters:
        label, sign, key = written.rpartition("=")
        if not sign:
            raise Refusal("meter-option", received=written[:80])
        series[label.strip()] = key.strip() or None
    known = {meter.label for meter in made.meters}
    if unknown := [label for label in series if label not in known]:
        raise Refusal("meter-option", received=unknown[0][:80])
    code = None if options.unit is None else unit(options.unit).ucum
    meters = tuple(
        msgspec.structs.replace(
            meter, series=series.get(meter.label, meter.series), unit=code if code and not meter.unit else meter.unit
        )
        for meter in made.meters
    )
    said = {name: getattr(options, name) for name in ("stamp", "zone", "decimal") if getattr(options, name) is not None}
    return msgspec.structs.replace(made, meters=meters, **said)


def _tell(
    found: "Detected", mapping: "MeteringMapping", report: "MeteringReport", sender: "Sender", language: Language
) -> None:
    known = found.known
    if known is None:
        typer.echo(say(language, "metering-new-shape"))
    else:
        day = instant(known.confirmed_at).date().isoformat()
        from jasyl.people import OPERATOR  # noqa: PLC0415

        by = say(language, "decider-operator") if known.confirmed_by == OPERATOR.id else known.confirmed_by
        typer.echo(say(language, "metering-recognised", actor=by, day=day, file=known.file_name))
    for line in layout_lines(found, language):
        typer.echo(line)
    for meter in mapping.meters:
        what = say(language, f"metering-content-{meter.content}")
        filling = meter.series or say(language, "metering-no-series")
        typer.echo(f"  {meter.label or '—'} → {filling}, {meter.unit or '?'}, {what}")
    zone = ZoneInfo(mapping.zone)
    for each in report.meters:
        filled = sender.catalogue[each.mapped.series or ""]
        total = f"{write_number(language, Decimal(each.sum).scaleb(-filled.scale))} {filled.unit.written(language)}"
        counted = {
            "meter": each.mapped.series,
            "values": each.values,
            "missing": each.missing,
            "first": local(each.first, zone),
            "last": local(each.last, zone),
            "sum": "—" if filled.kind == "counter" else total,
        }
        typer.echo(say(language, "metering-count", **counted))
    for line in report.sentences(language):
        typer.echo(line, err=bool(report.refusals))


def layout_lines(found: "Detected", language: Language) -> list[str]:
    """How the sheets are laid out, in words."""
    first = found.sheets[0].layout
    minutes = str(first.step) if first.step else say(language, "metering-whole-days")
    counted = {"rows": len(first.body_rows), "columns": len(first.body_columns), "minutes": minutes}
    lines = [say(language, "metering-laid-out", sheets=len(found.sheets), **counted)]
    left = sorted({text for sheet in found.sheets for text in sheet.layout.left_out})
    return lines + ([say(language, "metering-left-out", what=", ".join(left))] if left else [])


def local(moment: int | None, zone: ZoneInfo) -> str:
    """An instant in µs UTC as civil time."""
    return "—" if moment is None else civil_time(moment, zone)


def mount_meter(
    series: Annotated[str, typer.Argument(metavar="SERIES", help="Key of a counter or of amounts made of registers.")],
    *,
    since: Annotated[str, typer.Option("--since", help="When it was mounted: 2024-03-05T14:00+05:00.")],
    serial: Annotated[str, typer.Option("--serial", help="Number of the meter, as on its plate.")] = "",
    unit_: Annotated[str, typer.Option("--unit", help="Unit of the registers: kW.h, m3 …")],
    size: Annotated[str | None, typer.Option("--size", help="Where its register rolls over: 1000000.")] = None,
    first: Annotated[str | None, typer.Option("--first", help="What it showed when it was mounted.")] = None,
    last: Annotated[str | None, typer.Option("--last", help="What its predecessor showed when taken down.")] = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Record a meter or its change with both registers; amounts over roll-overs and changes follow at once."""
    from jasyl.figures import Watch, mark_stale  # noqa: PLC0415
    from jasyl.monitoring import bring_up_to_date  # noqa: PLC0415
    from jasyl.monitoring.definitions import definitions  # noqa: PLC0415
    from jasyl.monitoring.meters import record_mounting  # noqa: PLC0415
    from jasyl.monitoring.registers import Mounting  # noqa: PLC0415
    from jasyl.monitoring.rollup_table import refresh  # noqa: PLC0415
    from jasyl.monitoring.stamps import read_stamp  # noqa: PLC0415
    from jasyl.people import OPERATOR  # noqa: PLC0415
    from jasyl.registry import series_by_key  # noqa: PLC0415

    language, folder = reader_language(asked=lang), open_folder(data)
    now = time.time_ns() // 1000
    with database_of(folder).writing() as connection:
        found = series_by_key(connection, series)
        defined = definitions(connection, [found])[found.number]
        moments = read_stamp(since).candidates(defined.time_zone)
        if len(moments) != 1:
            raise Refusal("stamp-twice" if moments else "stamp-never", received=since, zone=defined.zone)
        registers = {
            name: _register(text, unit_, defined) for name, text in (("size", size), ("first", first), ("last", last))
        }
        meter = Mounting(moments[0], registers["size"], registers["first"], registers["last"], serial[:60])
        record_mounting(connection, found.number, meter, actor=OPERATOR.id, now=now)
        touched = refresh(connection, folder, definitions(connection, [found]), found.number, 0, now)
        # The seals stand, the registers are what they were; what follows from them is another amount.
        mark_stale(connection, [Watch("series", found.id, one.start, one.end) for one in touched], now)
    done = bring_up_to_date(database_of(folder), folder, now, author=OPERATOR.id)
    said = instant(meter.since).isoformat()
    if as_json:
        answer(
            {"series": series, **dataclasses.asdict(meter), "since": said, "periods": len(touched), **upkeep_data(done)}
        )
    else:
        typer.echo(
            say(language, "meter-recorded", serial=serial or "—", series=series, since=said, periods=len(touched))
        )
        for line in upkeep_lines(done, language):
            typer.echo(line)


def _register(written: str | None, unit_: str, series: Any) -> int | None:
    from jasyl.monitoring.csv_import import SheetMapping, read_value  # noqa: PLC0415

    if written is None:
        return None
    value, _ = read_value(written.replace(",", "."), SheetMapping(UNITS.get(unit_) or unit(unit_)), series)
    return value
