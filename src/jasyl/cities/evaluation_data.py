"""An evaluation as rows and as a document: numbers as decimal text, bands and reasons as codes with their words."""

from decimal import Decimal
from typing import Any

from jasyl.indicators import Benchmarks, Catalogue, Evaluation, GroupScore, Scored, band_name, reason_name
from jasyl.quantities import decimal_text
from jasyl.texts import Language

from .book_out import point_name, point_unit

# Shares and scores are told to a ten-thousandth: 56.25 %.
_SHARE = Decimal("0.0001")


def point_row(catalogue: Catalogue, scored: Scored, language: Language) -> dict[str, Any]:
    """One data point: value, target, share of target, points, band, or why there are none."""
    row = scored.benchmark
    return {
        "point": scored.point,
        "name": point_name(catalogue, scored.point, language),
        "unit": point_unit(catalogue, scored.point, language),
        "status": scored.answer.status,
        "value": _text(scored.value),
        "target": _text(scored.target),
        "target_label": row.label if row else None,
        "target_source": row.source if row else None,
        "share": _text(scored.share, _SHARE),
        "points": scored.points,
        "band": scored.band,
        "band_name": band_name(scored.band, language) if scored.band else None,
        "reason": scored.reason or None,
        "reason_name": reason_name(scored.reason, language) or None,
    }


def group_row(catalogue: Catalogue, group: GroupScore, language: Language) -> dict[str, Any]:
    """One group: Σ points / (4 × scored data points), and how many of its data points are scored."""
    return {
        "level": group.level,
        "path": list(group.path),
        "name": " / ".join(catalogue.group_name(key)[language] for key in group.path),
        "points": group.points,
        "scored": group.scored,
        "of": group.of,
        "share": _text(group.share, _SHARE),
        "band": group.band,
        "band_name": band_name(group.band, language) if group.band else None,
    }


def evaluation_data(
    catalogue: Catalogue, evaluation: Evaluation, benchmarks: Benchmarks, language: Language
) -> dict[str, Any]:
    """The whole evaluation with the settings it was made by."""
    return {
        "catalogue": evaluation.catalogue,
        "catalogue_version": evaluation.catalogue_version,
        "benchmarks": {
            "version": evaluation.benchmark_version,
            "rows": len(benchmarks.rows),
            "labels": sorted({row.label for row in benchmarks}),
        },
        "rules": evaluation.rules.as_data(),
        "groups": [group_row(catalogue, one, language) for one in evaluation.groups],
        "points": [point_row(catalogue, one, language) for one in evaluation.points],
    }


def _text(number: Decimal | None, to: Decimal | None = None) -> str | None:
    if number is None:
        return None
    return decimal_text(number.quantize(to) if to else +number)
