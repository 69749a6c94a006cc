"""Quality control of readings: named checks, verdicts beside the readings, alerts."""

from .alert_settings import AlertSettings, alert_settings
from .alert_table import Alert, AlertEvent, State, alert_of, alerts, change, events_of, follow, watch_silence
from .catalogue import Check, Settings, checks, find_check
from .figure_doubt import figure_doubt
from .findings import Finding
from .inspection import Inspection, inspect
from .notices import Sent, send_notices, signature
from .observation import Observed, observed
from .sound_amounts import Doubt, doubt, doubted, make_sound_figure, sound_gatherers, verdict_describer
from .surroundings import Surroundings, set_parts, surroundings_of
from .turn import quality_turn
from .verdict import PERSON, QUALITY, Decision, Verdict, in_force
from .verdict_table import decide, verdict_of, verdicts

__all__ = [
    "PERSON",
    "QUALITY",
    "Alert",
    "AlertEvent",
    "AlertSettings",
    "Check",
    "Decision",
    "Doubt",
    "Finding",
    "Inspection",
    "Observed",
    "Sent",
    "Settings",
    "State",
    "Surroundings",
    "Verdict",
    "alert_of",
    "alert_settings",
    "alerts",
    "change",
    "checks",
    "decide",
    "doubt",
    "doubted",
    "events_of",
    "figure_doubt",
    "find_check",
    "follow",
    "in_force",
    "inspect",
    "make_sound_figure",
    "observed",
    "quality_turn",
    "send_notices",
    "set_parts",
    "signature",
    "sound_gatherers",
    "surroundings_of",
    "verdict_describer",
    "verdict_of",
    "verdicts",
    "watch_silence",
]
