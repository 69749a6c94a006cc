"""The facts that ship with the program, and where everything in the package's data comes from."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import cast

from .fact import Basis, Confidence, Fact

_SOURCES = "sources.csv"


@dataclass(frozen=True, slots=True)
class Source:
    """A source of package data: title, licence, address, and the files (below ``jasyl``) that carry it."""

    key: str
    title: str
    licence: str
    address: str
    files: tuple[str, ...]
    note: str


def load_facts() -> Iterator[Fact]:
    """Every fact of the package, file by file in order of name. Conflicting facts come side by side."""
    for name in _names():
        for row in _rows(name):
            yield _fact(row)


def _names() -> list[str]:
    every = sorted(entry.name for entry in (files("jasyl.facts") / "data").iterdir())
    return [name for name in every if name.endswith(".csv") and name != _SOURCES]


@cache
def _files() -> dict[str, str]:
    return {_fact(row).key: name.removesuffix(".csv") for name in _names() for row in _rows(name)}


def package_file(key: str) -> str | None:
    """The data file of the package that carries the fact with this key (``water``); None for one that people added."""
    return _files().get(key)


def sources() -> tuple[Source, ...]:
    """What the about-the-data page lists: every package data file has at least one source here."""
    return tuple(
        Source(
            key=row["key"],
            title=row["title"],
            licence=row["licence"],
            address=row["address"],
            files=tuple(row["files"].split()),
            note=row["note"],
        )
        for row in _rows(_SOURCES)
    )


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = (files("jasyl.facts") / "data" / name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def _fact(row: dict[str, str]) -> Fact:
    return Fact(
        metric=row["metric"],
        place=row["place"] or None,
        area=row["area"],
        object=row["object"],
        technology=row["technology"],
        period=row["period"],
        value=_number(row["value"]),
        low=_number(row["low"]),
        high=_number(row["high"]),
        unit=row["unit"],
        basis=cast(Basis, row["basis"]),
        source=row["source"],
        source_date=row["source_date"],
        confidence=cast(Confidence, row["confidence"]),
        confirmed=row["confirmed"] == "yes",
        note=row["note"],
    )


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None
