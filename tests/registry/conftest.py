"""Borders of a made-up land of two districts in one region, and an agency that may write everything."""

import dataclasses

import pytest
import shapely

from jasyl.people import Actor
from jasyl.places import Names
from jasyl.places.boundaries import Boundary, schematic


@pytest.fixture
def agency():
    return Actor("analyst", "An analyst", frozenset({"agency"}))


def _district(code, name, west, east):
    return Boundary(code, "district", Names(name, name, name), "KZ-11", code, shapely.box(west, 51.5, east, 52.5))


@pytest.fixture
def two_districts():
    """Borders as an import would leave them: the schematic regions and two districts, west and east of 70.5 degrees.

    Called with a precision."""
    districts = (_district("113200000", "West", 69.5, 70.5), _district("113400000", "East", 70.5, 71.5))

    def borders(precision):
        return dataclasses.replace(schematic(), precision=precision, units=(*schematic().units, *districts))

    return borders
