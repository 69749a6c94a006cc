"""Linked data as rdflib reads it: every triple our Turtle says, values as numbers, labels in three languages."""

import json
from decimal import Decimal
from typing import Any

import pytest

from jasyl.indicators import catalogue, catalogue_turtle, evaluation_turtle, ngsi_entities

from .test_outputs import U4SSC, city, triples

CUBE, SKOS = "http://purl.org/linked-data/cube#", "http://www.w3.org/2004/02/skos/core#"
SDMX = "http://purl.org/linked-data/sdmx/2009/"
OWN = "urn:x-jasyl:"


def _graph(content: bytes | str, form: str = "turtle") -> Any:
    import rdflib

    return rdflib.Graph().parse(data=content, format=form)


@pytest.mark.parametrize("name", ["u4ssc", "sdg11", "circular"])
def test_rdflib_reads_every_catalogue_whole(name: str) -> None:
    from rdflib import Literal, URIRef

    own = catalogue(name)
    content = catalogue_turtle(own)
    graph = _graph(content)
    assert len(graph) == len(set(triples(content)))
    codes = set(graph.subjects(URIRef(f"{SKOS}notation")))
    points = [one for one in codes if one.startswith(f"{OWN}point:")]
    assert len(points) == len(list(own.points))
    indicators = [one for one in codes if one.startswith(f"{OWN}indicator:")]
    assert len(indicators) == len(list(own.indicators))
    for indicator in own.indicators:
        for language in ("kk", "ru", "en"):
            told = getattr(indicator.name, language)
            if told:
                found = Literal(told, lang=language)
                assert any(one.startswith(OWN) for one in graph.subjects(URIRef(SKOS + "prefLabel"), found)), told


def test_rdflib_reads_every_observation_of_an_evaluation() -> None:
    from rdflib import RDF, XSD, URIRef

    content = evaluation_turtle(U4SSC, [city()])
    graph = _graph(content)
    assert len(graph) == len(set(triples(content)))
    made = city().evaluation
    observations = set(graph.subjects(RDF.type, URIRef(f"{CUBE}Observation")))
    assert len(observations) == len(made.points) + 2  # and two closed cells of a breakdown
    told = 0
    for scored in made.points:
        subject = URIRef(f"{OWN}observation:KZ-71:2024:{scored.point}")
        assert subject in observations
        value = graph.value(subject, URIRef(f"{SDMX}measure#obsValue"))
        assert (value is None) == (scored.value is None)
        if value is not None:
            told += 1
            assert value.datatype == XSD.decimal
            assert value.toPython() == scored.value
        points = graph.value(subject, URIRef(f"{OWN}scorePoints"))
        assert (None if points is None else points.toPython()) == scored.points
        target = graph.value(subject, URIRef(f"{OWN}target"))
        assert (None if target is None else Decimal(target)) == (scored.benchmark.target if scored.benchmark else None)
        period = graph.value(subject, URIRef(f"{SDMX}dimension#refPeriod"))
        assert (period.datatype, str(period)) == (XSD.gYear, "2024")
        about = graph.value(subject, URIRef(f"{OWN}point"))
        assert graph.value(about, URIRef(f"{SKOS}notation")).toPython() == scored.point
    assert told == sum(scored.value is not None for scored in made.points) > 4


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # of rdflib's own JSON-LD
def test_rdflib_reads_ngsi_entities_as_json_ld() -> None:
    """Without the net: the addresses of the contexts stay in the files, their one rule that matters here is given."""
    from rdflib import RDF, URIRef

    entities = ngsi_entities(U4SSC, [city()], "en")
    space = "https://uri.etsi.org/ngsi-ld/"
    local = {"@vocab": space, "id": "@id", "type": "@type", "value": f"{space}hasValue"}
    graph = _graph(json.dumps([{**entity, "@context": local} for entity in entities]), "json-ld")
    found = set(graph.subjects(RDF.type, URIRef(f"{space}KeyPerformanceIndicator")))
    assert {str(one) for one in found} == {entity["id"] for entity in entities}
    attributes = sum(isinstance(cell, dict) for entity in entities for cell in entity.values())
    assert len(list(graph.subjects(RDF.type, URIRef(f"{space}Property")))) == attributes
    told = 0
    for entity in entities:
        cell = graph.value(URIRef(entity["id"]), URIRef(f"{space}kpiValue"))
        assert (cell is None) == ("kpiValue" not in entity)
        if cell is not None:
            told += 1
            value = graph.value(cell, URIRef(f"{space}hasValue")).toPython()
            assert float(value) == pytest.approx(float(entity["kpiValue"]["value"]))
    assert told > 4
