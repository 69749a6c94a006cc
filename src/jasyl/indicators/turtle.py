"""Catalogues and evaluations as linked data: RDF in Turtle, in the words of the Data Cube, SKOS and DCMI terms."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from urllib.parse import quote

from jasyl.quantities import decimal_text
from jasyl.texts import LANGUAGES

from .catalogue import Catalogue, Indicator
from .evaluation import Scored
from .evaluation_table import CityYear, breakdown_key
from .words import Words

PREFIXES = {
    "qb": "http://purl.org/linked-data/cube#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dct": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "sdmx-dimension": "http://purl.org/linked-data/sdmx/2009/dimension#",
    "sdmx-measure": "http://purl.org/linked-data/sdmx/2009/measure#",
    "sdmx-attribute": "http://purl.org/linked-data/sdmx/2009/attribute#",
    "jasyl": "urn:x-jasyl:",
}
SDG = "http://metadata.un.org/sdg/"
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
Pair = tuple[str, str]


def catalogue_turtle(catalogue: Catalogue) -> bytes:
    """The indicators and data points as concepts, named in three languages, linked to SDG targets and goals."""
    return _written(_catalogue(catalogue))


def evaluation_turtle(catalogue: Catalogue, of: Iterable[CityYear]) -> bytes:
    """Evaluations as observations of a data set per city and year, with the indicators they are of."""
    return _written([*_catalogue(catalogue), *(line for one in of for line in _evaluation(catalogue, one))])


def _catalogue(catalogue: Catalogue) -> Iterator[str]:
    scheme = _name("catalogue", catalogue.id)
    yield _statement(
        scheme,
        [
            ("a", "skos:ConceptScheme"),
            *_labels("dct:title", catalogue.title),
            ("dct:hasVersion", _text(catalogue.version)),
            *_maybe("dct:source", catalogue.source),
            *_maybe("dct:license", catalogue.licence),
        ],
    )
    for key, name in catalogue.groups.items():
        group = [("a", "skos:Concept"), ("skos:inScheme", scheme), *_labels("skos:prefLabel", name)]
        yield _statement(_name("group", catalogue.id, key), group)
    for indicator in catalogue.indicators:
        yield from _indicator(catalogue, indicator, scheme)


def _indicator(catalogue: Catalogue, indicator: Indicator, scheme: str) -> Iterator[str]:
    subject = _name("indicator", catalogue.id, indicator.id)
    targets = [*indicator.sdg_targets, *map(str, indicator.sdg_goals)]
    yield _statement(
        subject,
        [
            ("a", "skos:Concept"),
            ("skos:inScheme", scheme),
            ("skos:notation", _text(indicator.code)),
            *(("skos:altLabel", _text(code)) for code in indicator.alt_codes),
            *_labels("skos:prefLabel", indicator.name),
            *_labels("skos:definition", indicator.numerator),
            *(("skos:broader", _name("group", catalogue.id, key)) for key in indicator.path[-1:]),
            *(("dct:relation", f"<{SDG}{quote(target)}>") for target in targets),
            *_maybe("dct:source", indicator.source),
        ],
    )
    for point in indicator.points:
        yield _statement(
            _name("point", catalogue.id, point.id),
            [
                ("a", "skos:Concept"),
                ("skos:inScheme", scheme),
                ("skos:notation", _text(point.id)),
                *_labels("skos:prefLabel", point.name),
                ("skos:broader", subject),
                ("sdmx-attribute:unitMeasure", _text(point.unit)),
            ],
        )


def _evaluation(catalogue: Catalogue, one: CityYear) -> Iterator[str]:
    made = one.evaluation
    data_set = _name("evaluation", one.place, str(one.year), catalogue.id)
    yield _statement(
        data_set,
        [
            ("a", "qb:DataSet"),
            ("dct:conformsTo", _name("catalogue", catalogue.id)),
            ("jasyl:benchmarkVersion", _text(made.benchmark_version)),
            *((f"jasyl:{key}", _text(str(value))) for key, value in made.rules.as_data().items()),
        ],
    )
    for scored in made.points:
        about = [
            ("a", "qb:Observation"),
            ("qb:dataSet", data_set),
            ("sdmx-dimension:refArea", _name("place", one.place)),
            ("sdmx-dimension:refPeriod", f'"{one.year}"^^xsd:gYear'),
            ("jasyl:point", _name("point", catalogue.id, scored.point)),
        ]
        subject = ("observation", one.place, str(one.year), scored.point)
        yield _statement(_name(*subject), [*about, *_result(scored)])
        for part in one.parts.get(scored.point, ()):
            if part.by:
                cell = breakdown_key(part.by)
                said = [("jasyl:status", _text("suppressed"))] if part.suppressed else _value(part.value)
                yield _statement(_name(*subject, cell), [*about, ("jasyl:breakdown", _text(cell)), *said])


def _result(scored: Scored) -> list[Pair]:
    found = [*_value(scored.value), ("jasyl:status", _text(scored.answer.status))]
    if scored.points is not None and scored.band is not None:
        found += [("jasyl:scorePoints", str(scored.points)), ("jasyl:band", _text(scored.band))]
    if scored.benchmark is not None:
        label = f"{scored.benchmark.label}: {scored.benchmark.source}"
        found += [("jasyl:target", _decimal(scored.benchmark.target)), ("jasyl:targetSource", _text(label))]
    return found + ([("jasyl:reason", _text(scored.reason))] if scored.reason else [])


def _value(value: Decimal | None) -> list[Pair]:
    return [] if value is None else [("sdmx-measure:obsValue", _decimal(value))]


def _written(statements: Iterable[str]) -> bytes:
    heads = [f"@prefix {prefix}: <{address}> .\n" for prefix, address in PREFIXES.items()]
    return "".join([*heads, "\n", *statements]).encode()


def _statement(subject: str, pairs: Iterable[Pair]) -> str:
    return f"{subject} " + " ;\n  ".join(f"{verb} {thing}" for verb, thing in pairs) + " .\n"


def _name(*parts: str) -> str:
    return "<urn:x-jasyl:" + ":".join(quote(part, safe="=;@+-._~") for part in parts) + ">"


def _labels(verb: str, words: Words) -> list[Pair]:
    return [
        (verb, f"{_text(getattr(words, language))}@{language}") for language in LANGUAGES if getattr(words, language)
    ]


def _maybe(verb: str, text: str) -> list[Pair]:
    return [(verb, _text(text))] if text else []


def _decimal(number: Decimal) -> str:
    return f'"{decimal_text(number)}"^^xsd:decimal'


def _text(text: str) -> str:
    return f'"{text.translate(_ESCAPES)}"'
