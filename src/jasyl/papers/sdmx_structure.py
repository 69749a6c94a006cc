"""The structure behind an SDMX-CSV file: data flow, data structure, concepts and code lists as SDMX-ML 3.0.

Laid out as the samples of the SDMX Technical Working Group are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from jasyl.texts import LANGUAGES

_SPACES = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/"
_NAMESPACES = {"mes": "message", "str": "structure", "com": "common"}
_URN = "urn:sdmx:org.sdmx.infomodel."
# A name by language; a language without one is left out.
Names = Mapping[str, str]


@dataclass(frozen=True)
class Layout:
    """What the columns of a file are. The last of ``dimensions`` is time; ``coded`` names the code list of a column,
    ``numbers`` the text format of those that hold numbers (all others are texts); ``concepts`` names columns."""

    agency: str
    flow: str
    version: str
    title: Names
    dimensions: tuple[str, ...]
    measure: str
    attributes: tuple[str, ...]
    mandatory: tuple[str, ...]
    coded: Mapping[str, str]
    codelists: Mapping[str, Mapping[str, Names]]
    numbers: Mapping[str, str] = field(default_factory=dict[str, str])
    concepts: Mapping[str, Names] = field(default_factory=dict[str, Names])


def structure_message(layout: Layout) -> bytes:
    """One message that holds everything a reader of files of this layout needs."""
    parts = _Parts(layout)
    return "".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>\n<mes:Structure',
            *(f' xmlns:{short}="{_SPACES}{name}"' for short, name in _NAMESPACES.items()),
            f">\n<mes:Header><mes:ID>{layout.flow}</mes:ID><mes:Test>false</mes:Test>",
            f'<mes:Prepared>2026-01-01T00:00:00Z</mes:Prepared><mes:Sender id="{layout.agency}"/></mes:Header>\n',
            "<mes:Structures>\n",
            *parts.codelists(),
            *parts.concepts(),
            *parts.dataflow(),
            *parts.structure(),
            "</mes:Structures>\n</mes:Structure>\n",
        ]
    ).encode()


class _Parts:
    """The artefacts of one layout."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    def codelists(self) -> Iterator[str]:
        yield "<str:Codelists>\n"
        for key, codes in self.layout.codelists.items():
            yield f"<str:Codelist {self._maintained('codelist.Codelist', key)}>{_names({'en': key})}\n"
            for code, names in codes.items():
                urn = self._urn("codelist.Code", key, code)
                yield f"<str:Code id={quoteattr(code)} urn={quoteattr(urn)}>{_names(names)}</str:Code>\n"
            yield "</str:Codelist>\n"
        yield "</str:Codelists>\n"

    def concepts(self) -> Iterator[str]:
        own = self.layout
        yield f"<str:ConceptSchemes>\n<str:ConceptScheme {self._maintained('conceptscheme.ConceptScheme', 'CONCEPTS')}>"
        yield f"{_names({'en': 'Concepts'})}\n"
        for key in (*own.dimensions, own.measure, *own.attributes):
            urn = self._urn("conceptscheme.Concept", "CONCEPTS", key)
            names = _names(own.concepts.get(key, {"en": key}))
            yield f'<str:Concept id="{key}" urn={quoteattr(urn)}>{names}</str:Concept>\n'
        yield "</str:ConceptScheme>\n</str:ConceptSchemes>\n"

    def dataflow(self) -> Iterator[str]:
        yield f"<str:Dataflows><str:Dataflow {self._maintained('datastructure.Dataflow', self.layout.flow)}>"
        yield _names(self.layout.title)
        yield f"<str:Structure>{self._urn('datastructure.DataStructure', self.layout.flow)}</str:Structure>"
        yield "</str:Dataflow></str:Dataflows>\n"

    def structure(self) -> Iterator[str]:
        own = self.layout
        yield f"<str:DataStructures>\n<str:DataStructure {self._maintained('datastructure.DataStructure', own.flow)}>"
        yield f"{_names(own.title)}\n<str:DataStructureComponents>\n"
        time = own.dimensions[-1]
        yield f"<str:DimensionList {self._component('DimensionDescriptor', 'DimensionDescriptor')}>\n"
        for position, key in enumerate(own.dimensions[:-1], 1):
            head = f'{self._component("Dimension", key)} position="{position}"'
            yield f"<str:Dimension {head}>{self._inner(key)}</str:Dimension>\n"
        yield f"<str:TimeDimension {self._component('TimeDimension', time)}>{self._inner(time)}</str:TimeDimension>\n"
        yield "</str:DimensionList>\n"
        yield f"<str:AttributeList {self._component('AttributeDescriptor', 'AttributeDescriptor')}>\n"
        for key in own.attributes:
            usage = "mandatory" if key in own.mandatory else "optional"
            yield f'<str:Attribute {self._component("DataAttribute", key)} usage="{usage}">{self._inner(key)}'
            yield "<str:AttributeRelationship><str:Observation/></str:AttributeRelationship></str:Attribute>\n"
        yield "</str:AttributeList>\n"
        yield f"<str:MeasureList {self._component('MeasureDescriptor', 'MeasureDescriptor')}>\n"
        head = f'{self._component("Measure", own.measure)} usage="optional"'
        yield f"<str:Measure {head}>{self._inner(own.measure)}</str:Measure>\n"
        yield "</str:MeasureList>\n</str:DataStructureComponents>\n</str:DataStructure>\n</str:DataStructures>\n"

    def _inner(self, key: str) -> str:
        own = self.layout
        concept = self._urn("conceptscheme.Concept", "CONCEPTS", key)
        if key in own.coded:
            held = f"<str:Enumeration>{self._urn('codelist.Codelist', own.coded[key])}</str:Enumeration>"
        else:
            kinds = {**own.numbers, own.dimensions[-1]: "ObservationalTimePeriod", own.measure: "Decimal"}
            held = f'<str:TextFormat textType="{kinds.get(key, "String")}"/>'
        held = f"<str:LocalRepresentation>{held}</str:LocalRepresentation>"
        return f"<str:ConceptIdentity>{concept}</str:ConceptIdentity>{held}"

    def _urn(self, kind: str, key: str, item: str = "") -> str:
        return f"{_URN}{kind}={self.layout.agency}:{key}({self.layout.version})" + (f".{item}" if item else "")

    def _maintained(self, kind: str, key: str) -> str:
        urn, own = quoteattr(self._urn(kind, key)), self.layout
        return f'urn={urn} isExternalReference="false" agencyID="{own.agency}" id="{key}" version="{own.version}"'

    def _component(self, kind: str, key: str) -> str:
        return f'urn={quoteattr(self._urn(f"datastructure.{kind}", self.layout.flow, key))} id="{key}"'


def _names(names: Names) -> str:
    told = ((language, names.get(language, "")) for language in LANGUAGES)
    return "".join(f'<com:Name xml:lang="{language}">{escape(text)}</com:Name>' for language, text in told if text)
