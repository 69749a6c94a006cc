"""The structure behind the SDMX-CSV files: data flow, data structure, concepts and code lists as SDMX-ML 3.0.

Laid out as the samples of the SDMX Technical Working Group are. Breakdowns and places are free texts, for districts and
settlements have lists of their own.
"""

from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import escape, quoteattr

from jasyl.texts import LANGUAGES, say

from .catalogue import Catalogue
from .sdmx import AGENCY, ATTRIBUTES, DIMENSIONS, MEASURE, OBS_STATUS, VERSION, sdmx_id
from .wording import unit_name
from .words import Words

_SPACES = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/"
_URN = "urn:sdmx:org.sdmx.infomodel."
_CODED = {
    "FREQ": "CL_FREQ",
    "DATA_POINT": "CL_DATA_POINT",
    "UNIT_MEASURE": "CL_UNIT_MEASURE",
    "OBS_STATUS": "CL_OBS_STATUS",
    "CONF_STATUS": "CL_CONF_STATUS",
}
_MANDATORY = ("UNIT_MEASURE", "UNIT_MULT", "OBS_STATUS")
_NUMBERS = {"UNIT_MULT": "Integer", "POINTS": "Integer", "NUMERATOR": "Decimal", "DENOMINATOR": "Decimal"}


def sdmx_structure(catalogue: Catalogue, agency: str = AGENCY) -> bytes:
    """One message that holds everything a reader of ``sdmx_csv`` of this catalogue needs, names in three languages."""
    parts = _Parts(catalogue, agency)
    return "".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>\n<mes:Structure',
            *(f' xmlns:{short}="{_SPACES}{name}"' for short, name in _NAMESPACES.items()),
            f">\n<mes:Header><mes:ID>{parts.flow}</mes:ID><mes:Test>false</mes:Test>",
            f'<mes:Prepared>2026-01-01T00:00:00Z</mes:Prepared><mes:Sender id="{agency}"/></mes:Header>\n',
            "<mes:Structures>\n",
            *parts.codelists(),
            *parts.concepts(),
            *parts.dataflow(),
            *parts.structure(),
            "</mes:Structures>\n</mes:Structure>\n",
        ]
    ).encode()


_NAMESPACES = {"mes": "message", "str": "structure", "com": "common"}


class _Parts:
    """The artefacts of one catalogue."""

    def __init__(self, catalogue: Catalogue, agency: str) -> None:
        self.catalogue, self.agency = catalogue, agency
        self.flow = sdmx_id(catalogue.id).upper()

    def codelists(self) -> Iterator[str]:
        units = {sdmx_id(point.unit): point.unit for point in self.catalogue.points}
        yield "<str:Codelists>\n"
        yield from self._codelist("CL_FREQ", {"A": Words(en="Annual", ru="Годовая", kk="Жылдық")})
        yield from self._codelist(
            "CL_DATA_POINT", {sdmx_id(point.id): self._name(point.id) for point in self.catalogue.points}
        )
        yield from self._codelist(
            "CL_UNIT_MEASURE",
            {
                key: Words(*(unit_name(unit, language) for language in ("kk", "ru", "en")))
                for key, unit in units.items()
            },
        )
        yield from self._codelist("CL_OBS_STATUS", {code: Words(en=name) for code, name in OBS_STATUS.items()})
        yield from self._codelist("CL_CONF_STATUS", {"F": Words(en="Free (free for publication)")})
        yield "</str:Codelists>\n"

    def _name(self, point: str) -> Words:
        one, whole = self.catalogue.point(point), self.catalogue.indicator_of(point)
        if len(whole.points) == 1:
            return whole.name
        return Words(*(f"{whole.name[language]}: {one.name[language]}" for language in ("kk", "ru", "en")))

    def _codelist(self, key: str, codes: Mapping[str, Words]) -> Iterator[str]:
        yield f"<str:Codelist {self._maintained('codelist.Codelist', key)}>{_names(Words(en=key))}\n"
        for code, name in codes.items():
            urn = self._urn("codelist.Code", key, code)
            yield f"<str:Code id={quoteattr(code)} urn={quoteattr(urn)}>{_names(name)}</str:Code>\n"
        yield "</str:Codelist>\n"

    def concepts(self) -> Iterator[str]:
        yield f"<str:ConceptSchemes>\n<str:ConceptScheme {self._maintained('conceptscheme.ConceptScheme', 'CONCEPTS')}>"
        yield f"{_names(Words(en='Concepts'))}\n"
        for key in (*DIMENSIONS, MEASURE, *ATTRIBUTES):
            urn = self._urn("conceptscheme.Concept", "CONCEPTS", key)
            yield f'<str:Concept id="{key}" urn={quoteattr(urn)}>{_names(_concept_name(key))}</str:Concept>\n'
        yield "</str:ConceptScheme>\n</str:ConceptSchemes>\n"

    def dataflow(self) -> Iterator[str]:
        yield f"<str:Dataflows><str:Dataflow {self._maintained('datastructure.Dataflow', self.flow)}>"
        yield _names(self.catalogue.title)
        yield f"<str:Structure>{self._urn('datastructure.DataStructure', self.flow)}</str:Structure>"
        yield "</str:Dataflow></str:Dataflows>\n"

    def structure(self) -> Iterator[str]:
        yield f"<str:DataStructures>\n<str:DataStructure {self._maintained('datastructure.DataStructure', self.flow)}>"
        yield f"{_names(self.catalogue.title)}\n<str:DataStructureComponents>\n"
        time = DIMENSIONS[-1]
        yield f"<str:DimensionList {self._component('DimensionDescriptor', 'DimensionDescriptor')}>\n"
        for position, key in enumerate(DIMENSIONS[:-1], 1):
            head = f'{self._component("Dimension", key)} position="{position}"'
            yield f"<str:Dimension {head}>{self._inner(key)}</str:Dimension>\n"
        yield f"<str:TimeDimension {self._component('TimeDimension', time)}>{self._inner(time)}</str:TimeDimension>\n"
        yield "</str:DimensionList>\n"
        yield f"<str:AttributeList {self._component('AttributeDescriptor', 'AttributeDescriptor')}>\n"
        for key in ATTRIBUTES:
            usage = "mandatory" if key in _MANDATORY else "optional"
            yield f'<str:Attribute {self._component("DataAttribute", key)} usage="{usage}">{self._inner(key)}'
            yield "<str:AttributeRelationship><str:Observation/></str:AttributeRelationship></str:Attribute>\n"
        yield "</str:AttributeList>\n"
        yield f"<str:MeasureList {self._component('MeasureDescriptor', 'MeasureDescriptor')}>\n"
        head = f'{self._component("Measure", MEASURE)} usage="optional"'
        yield f"<str:Measure {head}>{self._inner(MEASURE)}</str:Measure>\n"
        yield "</str:MeasureList>\n</str:DataStructureComponents>\n</str:DataStructure>\n</str:DataStructures>\n"

    def _inner(self, key: str) -> str:
        concept = self._urn("conceptscheme.Concept", "CONCEPTS", key)
        if key in _CODED:
            held = f"<str:Enumeration>{self._urn('codelist.Codelist', _CODED[key])}</str:Enumeration>"
        else:
            kinds = _NUMBERS | {DIMENSIONS[-1]: "ObservationalTimePeriod", MEASURE: "Decimal"}
            held = f'<str:TextFormat textType="{kinds.get(key, "String")}"/>'
        held = f"<str:LocalRepresentation>{held}</str:LocalRepresentation>"
        return f"<str:ConceptIdentity>{concept}</str:ConceptIdentity>{held}"

    def _urn(self, kind: str, key: str, item: str = "") -> str:
        return f"{_URN}{kind}={self.agency}:{key}({VERSION})" + (f".{item}" if item else "")

    def _maintained(self, kind: str, key: str) -> str:
        urn = quoteattr(self._urn(kind, key))
        return f'urn={urn} isExternalReference="false" agencyID="{self.agency}" id="{key}" version="{VERSION}"'

    def _component(self, kind: str, key: str) -> str:
        return f'urn={quoteattr(self._urn(f"datastructure.{kind}", self.flow, key))} id="{key}"'


def _concept_name(key: str) -> Words:
    """Names of our own columns where the concept is one of them; else the identifier itself."""
    column = {
        "REF_AREA": "place",
        "DATA_POINT": "point",
        "TIME_PERIOD": "year",
        MEASURE: "value",
        "UNIT_MEASURE": "unit",
    }
    column |= {name: name.lower() for name in ("NUMERATOR", "DENOMINATOR", "POINTS", "BAND", "BENCHMARK_VERSION")}
    if key not in column:
        return Words(en=key)
    message = f"indicator-column-{column[key].replace('_', '-')}"
    return Words(*(say(language, message) for language in ("kk", "ru", "en")))


def _names(words: Words) -> str:
    told: Iterable[tuple[str, str]] = ((language, getattr(words, language)) for language in LANGUAGES)
    return "".join(f'<com:Name xml:lang="{language}">{escape(text)}</com:Name>' for language, text in told if text)
