"""The structure behind the SDMX-CSV files of a catalogue. Breakdowns and places are free texts, for districts and
settlements have lists of their own.
"""

from collections.abc import Mapping

from jasyl.papers.sdmx_structure import Layout, Names, structure_message
from jasyl.texts import LANGUAGES, say

from .catalogue import Catalogue
from .sdmx import AGENCY, ATTRIBUTES, DIMENSIONS, MEASURE, OBS_STATUS, VERSION, sdmx_id
from .wording import unit_name
from .words import Words

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
    concepts = {key: _concept_names(key) for key in (*DIMENSIONS, MEASURE, *ATTRIBUTES)}
    return structure_message(
        Layout(
            agency, sdmx_id(catalogue.id).upper(), VERSION, _by_language(catalogue.title), DIMENSIONS, MEASURE,
            ATTRIBUTES, _MANDATORY, _CODED, _codelists(catalogue), _NUMBERS, concepts,
        )
    )  # fmt: skip


def _codelists(catalogue: Catalogue) -> Mapping[str, Mapping[str, Names]]:
    units = {sdmx_id(point.unit): point.unit for point in catalogue.points}
    return {
        "CL_FREQ": {"A": {"en": "Annual", "ru": "Годовая", "kk": "Жылдық"}},
        "CL_DATA_POINT": {sdmx_id(point.id): _point_names(catalogue, point.id) for point in catalogue.points},
        "CL_UNIT_MEASURE": {
            key: {language: unit_name(unit, language) for language in LANGUAGES} for key, unit in units.items()
        },
        "CL_OBS_STATUS": {code: {"en": name} for code, name in OBS_STATUS.items()},
        "CL_CONF_STATUS": {"F": {"en": "Free (free for publication)"}},
    }


def _point_names(catalogue: Catalogue, point: str) -> Names:
    one, whole = catalogue.point(point), catalogue.indicator_of(point)
    if len(whole.points) == 1:
        return _by_language(whole.name)
    return {language: f"{whole.name[language]}: {one.name[language]}" for language in LANGUAGES}


def _by_language(words: Words) -> Names:
    return {language: getattr(words, language) for language in LANGUAGES}


def _concept_names(key: str) -> Names:
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
        return {"en": key}
    message = f"indicator-column-{column[key].replace('_', '-')}"
    return {language: say(language, message) for language in LANGUAGES}
