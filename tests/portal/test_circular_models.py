"""Pages of a place's stocks, construction and waste: what ships, what is kept, three languages, files beside."""

import datetime as dt
import json
from functools import partial
from importlib.resources import files
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from jasyl.circular import parse_stock_model
from jasyl.circular.construction import (
    ConstructionChain,
    material_passport,
    parse_chain,
    passport_paper,
    starter_chain,
)
from jasyl.circular.documents import digest_of
from jasyl.circular.kept import keep_model, kept_model, model_of
from jasyl.circular.waste import WasteProgramme, starter_programme
from jasyl.facts import books
from jasyl.ledger import create_keys
from jasyl.papers.paper import Table
from jasyl.people import ANYBODY, OPERATOR
from jasyl.portal import circular_construction, circular_stocks, circular_waste
from jasyl.portal.page import NotFoundError, respond
from jasyl.portal.printed import paper_pdf
from jasyl.portal.visit import Visit
from jasyl.registry.files import import_records
from jasyl.storage import METADATA, Database, create_folder
from jasyl.texts import LANGUAGES

CHAIN = {
    "title": "A district", "place": "KZ-75", "first_year": 2025, "last_year": 2030,
    "types": [{"id": "p", "construction": "masonry", "lifetime": {"kind": "fixed", "mean": 60}}],
    "floor_area": [{"type": "p", "built_from": 1970, "built_to": 1980, "area": 1000}],
    "buildings": [
        {"id": "b", "title": "School", "type": "p", "built": 1975, "area": 10, "measured": {"steel": 500},
         "register": "green-school"},
        {"id": "c", "title": "House", "type": "p", "built": 1976, "area": 12, "register": "20-315-042-118"},
    ],
}  # fmt: skip
MODEL = {
    "title": "Windows", "place": "KZ-75", "unit": "t", "first_year": 2000, "last_year": 2010, "cohorts": [2005],
    "products": [{"id": "w", "lifetime": {"kind": "fixed", "mean": 9}, "between": "linear",
                  "inflow": {"2000": 1, "2010": 2}}],
}  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = create_folder(tmp_path_factory.mktemp("models") / "data", "real")
    database = Database(f"sqlite:///{folder.database_file}")
    with database.writing(visible=False) as connection:
        METADATA.create_all(connection)
    create_keys(folder)
    with database.writing() as connection:
        school = "key;name;technology;status\ngreen-school;Жасыл мектеп;EB;operating\n".encode()
        assert import_records(connection, "facilities", school, "f.csv", OPERATOR).applied
        keep_model(connection, folder, parse_chain(json.dumps(CHAIN).encode()), "an analyst")
        keep_model(connection, folder, parse_stock_model(json.dumps(MODEL).encode()), "an analyst")
    yield SimpleNamespace(folder=folder, database=database, training=False)
    database.close()


def _visit(house, path, language="en", form="html"):
    return Visit(house, language, f"/{language}", path, form, {}, ANYBODY)


def _made(house, view, path, *values, language="en", form="html"):
    """The answer of a page as text, through its template or as a file."""
    visit = _visit(house, path, language, form)
    with house.database.reading() as connection:
        return respond(visit, view(visit, connection, *values)).content.decode()


VIEWS = {
    "stocks": circular_stocks.stocks_page, "construction": circular_construction.construction_page,
    "waste": circular_waste.waste_page,
}  # fmt: skip


def test_whoever_may_publish_finds_the_indicators_of_what_is_kept(house):
    path = "/circular/KZ-75/construction"
    visit = Visit(house, "kk", "/kk", path, "html", {}, OPERATOR)
    with house.database.reading() as connection:
        said = respond(
            visit, _view(circular_construction.construction_page)(visit, connection, "KZ-75")
        ).content.decode()
    assert 'value="circular.con.stock"' in said
    assert 'value="circular.eu.3c"' not in said
    assert "circular.con.stock" not in _made(house, _view(circular_construction.construction_page), path, "KZ-75")


def test_a_passport_can_be_printed(house):
    for language in LANGUAGES:
        assert paper_pdf(house, language, partial(circular_construction._paper, "KZ-75", "b"))[:5] == b"%PDF-"
    with pytest.raises(NotFoundError):
        paper_pdf(house, "kk", partial(circular_construction._paper, "KZ-75", "none"))
    with house.database.reading() as connection:
        passport = material_passport(kept_model(connection, ConstructionChain, "KZ-75")[0], "b")
    paper = passport_paper(passport, "ru", day=dt.date(2026, 1, 1))
    assert paper.digest == passport["sha256"]
    materials = [block for block in paper.blocks if isinstance(block, Table)][-1].rows
    assert (materials[0][2], materials[1][2][:1]) == ("—", "±")  # measured: no deviation is told


def _view(handlers):
    """The function behind the route handlers that ``page`` made."""
    closure = dict(zip(handlers[0].fn.__code__.co_freevars, handlers[0].fn.__closure__, strict=True))
    return closure["view"].cell_contents


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("part", "place"), [(part, place) for part in VIEWS for place in ("KZ-71", "KZ-75")])
def test_pages_are_told_in_every_language(house, language, part, place):
    path = f"/circular/{place}/{part}"
    said = _made(house, _view(VIEWS[part]), path, place, language=language)
    assert ('role="img"' in said) == ((part, place) != ("stocks", "KZ-71"))
    assert "{" not in said.partition("<main")[2].partition("</main>")[0]
    assert json.loads(_made(house, _view(VIEWS[part]), path, place, language=language, form="json"))["title"]


def test_breaks_stand_on_the_page_and_rates_say_what_they_count(house):
    said = _made(house, _view(circular_waste.waste_page), "/circular/KZ/waste", "KZ")
    assert said.count("≠ definition changes") == 2
    assert "turned into secondary material" in said
    only = _made(house, _view(circular_waste.waste_page), "/circular/KZ-79/waste", "KZ-79")
    assert "3.5" in only
    nothing = _made(house, _view(circular_waste.waste_page), "/circular/KZ-10/waste", "KZ-10")
    assert "--keep" in nothing


def test_files_hold_every_year_of_every_scenario(house):
    text = _made(house, _view(circular_waste.waste_page), "/circular/KZ-71/waste", "KZ-71", form="csv")
    assert len(text.splitlines()) == 1 + 3 * 23
    head = text.splitlines()[0]
    assert "Handed over, fate unknown, t" in head
    chain = _made(
        house, _view(circular_construction.construction_page), "/circular/KZ-75/construction", "KZ-75", form="csv"
    )
    assert len(chain.splitlines()) == 1 + 6 * 4
    stocks = _made(house, _view(circular_stocks.stocks_page), "/circular/KZ-75/stocks", "KZ-75", form="csv")
    assert len(stocks.splitlines()) == 1 + 11


def test_the_passport_of_a_building_is_a_page_and_a_document(house):
    path, view = "/circular/KZ-75/construction/b", _view(circular_construction.passport_page)
    assert "SHA-256" in _made(house, view, path, "KZ-75", "b")
    assert 'In the register: <a href="/en/facilities/green-school">Жасыл мектеп</a>' in _made(
        house, view, path, "KZ-75", "b"
    )
    assert "В реестре: 20-315-042-118<" in _made(house, view, path, "KZ-75", "c", language="ru")
    made = json.loads(_made(house, view, path, "KZ-75", "b", form="json"))["passport"]
    assert (made["measured_kg"], len(made["sha256"])) == (500, 64)
    for place, building in (("KZ-75", "none"), ("KZ-10", "b")):
        with pytest.raises(NotFoundError):
            _made(house, view, path, place, building)


@pytest.mark.parametrize("place", ["KZ-99", "nowhere", "<script>"])
def test_what_is_no_place_is_not_found(house, place):
    for handlers in VIEWS.values():
        with pytest.raises(NotFoundError):
            _made(house, _view(handlers), f"/circular/{place}", place)


def test_models_are_kept_by_version_and_read_back_as_they_were(house):
    programme = starter_programme("KZ-75")
    with house.database.writing() as connection:
        book = keep_model(connection, house.folder, programme, "an analyst")
        assert keep_model(connection, house.folder, programme, "an analyst").version == book.version
        assert model_of(book, WasteProgramme) == programme
        assert digest_of(programme) == book.digest  # what a result names as its document is the book
        found, same = kept_model(connection, WasteProgramme, "KZ-75")
        assert (found, same.digest) == (programme, book.digest)
        closed = keep_model(connection, house.folder, starter_programme("KZ-71"), "x", publication="closed")
        assert closed.version == 1
        assert kept_model(connection, WasteProgramme, "KZ-71") is None
        assert [one.place for one in books(connection, "construction_chain")] == ["KZ-75"]
    said = _made(house, _view(circular_waste.waste_page), "/circular/KZ-75/waste", "KZ-75")
    assert book.digest in said
    assert sa.inspect(house.database.engine).has_table("book")


def test_only_astana_ships_a_demolition_list():
    assert starter_chain("KZ-71").demolition == "list"
    assert starter_chain("KZ-75") is None
    assert (files("jasyl.circular") / "data" / "waste_series.csv").is_file()
