"""The structure behind the SDMX-CSV of a material account: what its columns are and which codes they hold."""

from functools import cache

from jasyl.papers.sdmx_structure import Layout, Names, structure_message
from jasyl.texts import everywhere

AGENCY, FLOW, VERSION = "JASYL", "MATERIAL_ACCOUNT", "1.0"
STRUCTURE = f"{AGENCY}:{FLOW}({VERSION})"
# Places, parts of an account and units are free texts: an account names its own. STATEMENT counts the sources of one
# value, results have the code of "not applicable" there.
DIMENSIONS = ("FREQ", "REF_AREA", "ITEM", "QUANTITY", "VALUE_STATUS", "STATEMENT", "TIME_PERIOD")
MEASURE = "OBS_VALUE"
ATTRIBUTES = (
    "UNIT_MEASURE", "STD_DEV", "CV", "PEDIGREE", "DISTRIBUTION", "LOW", "HIGH", "SERIES", "SOURCE", "CONFIDENCE",
    "METHOD", "OBS_STATUS", "OBS_ID", "COMMENT",
)  # fmt: skip
NO_STATEMENT = "_Z"
KINDS = {"A": "observed", "P": "published", "E": "modelled", "I": "assumed", "T": "training"}
_CODED = {
    "FREQ": "CL_FREQ", "QUANTITY": "CL_QUANTITY", "VALUE_STATUS": "CL_VALUE_STATUS",
    "DISTRIBUTION": "CL_DISTRIBUTION", "OBS_STATUS": "CL_KIND",
}  # fmt: skip


@cache
def account_structure() -> bytes:
    """SDMX-ML 3.0: data flow, data structure, concepts and code lists, names in three languages."""
    return structure_message(
        Layout(
            AGENCY, FLOW, VERSION, _said("account-title"), DIMENSIONS, MEASURE, ATTRIBUTES,
            ("UNIT_MEASURE", "OBS_STATUS"), _CODED, _codelists(),
            dict.fromkeys(("STD_DEV", "CV", "LOW", "HIGH"), "Decimal"),
        )
    )  # fmt: skip


def _codelists() -> dict[str, dict[str, Names]]:
    return {
        "CL_FREQ": {
            "A": {"en": "Annual", "ru": "Годовая", "kk": "Жылдық"},
            "Q": {"en": "Quarterly", "ru": "Квартальная", "kk": "Тоқсандық"},
            "M": {"en": "Monthly", "ru": "Месячная", "kk": "Айлық"},
        },
        "CL_QUANTITY": {one: _said(f"account-quantity-{one}") for one in ("amount", "level")},
        "CL_VALUE_STATUS": {one: _said(f"account-status-{one}") for one in ("observed", "reconciled", "modelled")},
        "CL_DISTRIBUTION": {
            one: _said(f"account-distribution-{one}") for one in ("normal", "lognormal", "interval", "exact")
        },
        "CL_KIND": {code: _said(f"kind-{word}") for code, word in KINDS.items()},
    }


def _said(message: str) -> Names:
    return {str(language): word for language, word in everywhere(message).items()}
