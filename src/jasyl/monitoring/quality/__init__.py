"""Quality control of readings: named checks, verdicts beside the readings, alerts."""

from .catalogue import Check, Settings, checks, find_check
from .findings import Finding
from .observed import Observed, observed

__all__ = ["Check", "Finding", "Observed", "Settings", "checks", "find_check", "observed"]
