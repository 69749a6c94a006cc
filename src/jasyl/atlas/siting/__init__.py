"""Siting: where something may stand (exclusion) and where it stands well (suitability), as rules over a fine grid.

Rules are data (`SitingRules`, JSON). What reads files and computes is in the modules ``exclusion`` and ``at_point``,
imported where used because they load the geo stack.
"""

from .result import RegionResult, RuleHit, RuleResult, SitingResult
from .rules import (
    Criterion,
    DistanceCriterion,
    DistanceRule,
    RasterSource,
    Rule,
    SitingRules,
    ValueCriterion,
    ValueRule,
    VectorSource,
    example_rules,
    read_rules,
    rules_schema,
)

__all__ = [
    "Criterion",
    "DistanceCriterion",
    "DistanceRule",
    "RasterSource",
    "RegionResult",
    "Rule",
    "RuleHit",
    "RuleResult",
    "SitingResult",
    "SitingRules",
    "ValueCriterion",
    "ValueRule",
    "VectorSource",
    "example_rules",
    "read_rules",
    "rules_schema",
]
