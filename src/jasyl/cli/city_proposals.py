"""Commands for data points that the system derives from its own records: what it offers, and taking them over."""

from typing import Annotated

import typer

from jasyl.quantities import now_us, signable
from jasyl.storage import database_of, open_folder

from .city_book import CatalogueName, Place, Year
from .indicator_sources import catalogue_named
from .options import HERE, AsJson, Data, Lang
from .speech import answer, reader_language, table


def propose(
    *,
    place: Place,
    year: Year,
    catalogue: CatalogueName = "u4ssc",
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """List the data points that the system can offer for a city's book, and what is missing for the others."""
    from jasyl.cities import city, year_of  # noqa: PLC0415
    from jasyl.cities.proposal_texts import proposal_row  # noqa: PLC0415
    from jasyl.cities.proposals import keep_proposals  # noqa: PLC0415

    folder, language, of = open_folder(data), reader_language(asked=lang), catalogue_named(catalogue)
    training = folder.kind == "training"
    with database_of(folder).writing() as connection:
        offered = keep_proposals(connection, city(place), year_of(year), of, now_us(), training=training)
    rows = [{**proposal_row(of, one, language), "figure": one.figure} for one in offered]
    if as_json:
        count = sum(one.figure is not None for one in offered)
        answer(signable({"place": city(place).place, "year": year, "offered": count, "rows": rows}))
        return
    table([(row["id"], row["point"], row["value"], row["unit"], row["missing"]) for row in rows])


def accept(
    points: Annotated[list[str], typer.Argument(metavar="POINT …", help="Ids of data points.")],
    *,
    place: Place,
    year: Year,
    catalogue: CatalogueName = "u4ssc",
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Take proposals over into the city's book as they are; all of them or none."""
    from jasyl.cities import city, year_of  # noqa: PLC0415
    from jasyl.cities.proposals import accept_proposals  # noqa: PLC0415
    from jasyl.people import OPERATOR  # noqa: PLC0415

    folder, of = open_folder(data), catalogue_named(catalogue)
    training = folder.kind == "training"
    with database_of(folder).writing() as connection:
        made = accept_proposals(
            connection, city(place), year_of(year), of, points, OPERATOR, now_us(), training=training
        )
    if as_json:
        answer({"taken": [one.content() for one in made]})
        return
    table([(one.point, one.proposal) for one in made])
