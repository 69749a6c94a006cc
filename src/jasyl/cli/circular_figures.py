"""``jasyl circular figures``: indicators of kept accounts, waste programmes and construction chains as figures."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jasyl.quantities import now_us, written_unit
from jasyl.texts import Refusal, say, write_number

from .options import HERE, AsJson, Data, Lang
from .speech import answer, reader_language, table

if TYPE_CHECKING:
    from jasyl.figures import StoredFigure


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command("figures")(figures)


def figures(
    place: Annotated[str, typer.Argument(metavar="PLACE", help="ISO code of a region, or KZ.")],
    year: Annotated[str, typer.Argument(metavar="YEAR", help="A year of what is kept of the place.")],
    *,
    inputs: Annotated[
        Path | None, typer.Option("--inputs", metavar="FILE", help="People, money …: jasyl schema indicator-inputs.")
    ] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Publish them as statements, signed and told to the log.")
    ] = False,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Make figures of the indicators that the kept account, waste programme and construction chain of a place give."""
    from jasyl.storage import database_of, open_folder  # noqa: PLC0415

    language = reader_language(asked=lang)
    folder = open_folder(data)
    drivers = _drivers(inputs)
    with database_of(folder).writing() as connection:
        made = _made(connection, place, year, drivers)
        said = _published(connection, folder, made) if publish else {}
    if as_json:
        answer({"figures": [_as_data(one) | {"statement": said.get(one.id)} for one in made]})
        return
    rows: list[list[Any]] = []
    for one in made:
        figure = one.figure
        value = "—" if figure.value is None else write_number(language, figure.value)
        spread = "" if figure.uncertainty is None else f" ± {write_number(language, figure.uncertainty)}"
        rows.append(
            [figure.indicator, f"{value}{spread}", written_unit(figure.unit, language), said.get(one.id, one.id)]
        )
    table(rows)
    typer.echo(say(language, "circular-figures-made", count=str(len(made)), published=str(len(said))))


def _drivers(inputs: Path | None) -> dict[str, Any]:
    from decimal import Decimal  # noqa: PLC0415

    from jasyl.circular import read_document  # noqa: PLC0415
    from jasyl.circular.physical import IndicatorInputs, examine_inputs  # noqa: PLC0415

    if inputs is None:
        return {}
    given = read_document(inputs, IndicatorInputs)
    examine_inputs(given, None, inputs.name)
    return {name: Decimal(repr(one.value)) for name, one in given.drivers.items()}


def _made(connection: Any, place: str, year: str, drivers: dict[str, Any]) -> "list[StoredFigure]":
    from jasyl.circular.kept import newest_public_book  # noqa: PLC0415
    from jasyl.circular.physical import BOOK_FORMULAS, make_book_figures  # noqa: PLC0415

    kept = [book for kind in BOOK_FORMULAS if (book := newest_public_book(connection, kind, place)) is not None]
    if not kept:
        raise Refusal("unknown-book", received=f"{place}: {', '.join(BOOK_FORMULAS)}")
    now = now_us()
    return [one for book in kept for one in make_book_figures(connection, book, year, drivers, now)]


def _published(connection: Any, folder: Any, made: "list[StoredFigure]") -> dict[str, str]:
    """The statement of each figure, by the figure's id."""
    from jasyl.figures import publish  # noqa: PLC0415
    from jasyl.ledger import issuer_signers, log_origin  # noqa: PLC0415
    from jasyl.people import OPERATOR  # noqa: PLC0415

    now, origin, signers = now_us(), log_origin(folder), issuer_signers(connection, folder)
    return {
        one.id: publish(connection, one.id, OPERATOR.id, now, log_origin=origin, signers=signers).id for one in made
    }


def _as_data(one: "StoredFigure") -> dict[str, Any]:
    figure = one.figure
    said = {"value": figure.value, "uncertainty": figure.uncertainty, "completeness": figure.completeness}
    return {
        "figure": one.id, "indicator": figure.indicator, "unit": figure.unit,
        **{name: None if number is None else format(number, "f") for name, number in said.items()},
    }  # fmt: skip
