"""All automatic checks of a book: of single entries, and across them."""

from collections.abc import Iterable, Mapping

from jasyl.indicators import Catalogue

from .base_checks import BASE_CHECKS
from .entry import BASES, Entry
from .entry_checks import entry_findings
from .finding import Finding
from .share_checks import SHARE_CHECKS


def findings(entries: Mapping[str, Entry], catalogue: Catalogue) -> list[Finding]:
    """Everything the automatic checks have to say of a book: of single entries in the order of the catalogue, then
    across entries. A finding told by a stricter check is not told again by a milder one."""
    known = {point: entry for point, entry in entries.items() if entry.is_base or catalogue.has(point)}
    order = {point: number for number, point in enumerate((*BASES, *(one.id for one in catalogue.points)))}
    ordered = {point: known[point] for point in sorted(known, key=lambda point: order[point])}
    found = [finding for entry in ordered.values() for finding in entry_findings(catalogue, entry)]
    found += [finding for check in (*BASE_CHECKS, *SHARE_CHECKS) for finding in check(catalogue, ordered)]
    return _without_repeats(found)


def _without_repeats(found: Iterable[Finding]) -> list[Finding]:
    """Households that are inhabitants are also another number of households: the sharper one stays."""
    listed = list(found)
    sharper = {one.point for one in listed if one.code in ("city-households-inhabitants", "city-population-divided")}
    milder = {"city-two-households", "city-two-populations"}
    return [one for one in listed if not (one.code in milder and one.point in sharper)]
