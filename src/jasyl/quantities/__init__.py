"""Units, periods of local time, and numbers written in exactly one way."""

from .canonical import canonical_json, decimal_text, sha256_hex, signable
from .currencies import CURRENCIES
from .period import LOCAL_TIME, UTC, Granularity, Period, civil_time, instant, microseconds, now_us, period, period_of
from .units import UNITS, Unit, base_unit, convert, unit
from .written_unit import written_unit

__all__ = [
    "CURRENCIES",
    "LOCAL_TIME",
    "UNITS",
    "UTC",
    "Granularity",
    "Period",
    "Unit",
    "base_unit",
    "canonical_json",
    "civil_time",
    "convert",
    "decimal_text",
    "instant",
    "microseconds",
    "now_us",
    "period",
    "period_of",
    "sha256_hex",
    "signable",
    "unit",
    "written_unit",
]
