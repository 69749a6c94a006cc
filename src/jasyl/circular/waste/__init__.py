"""The waste programme of a city and its agglomeration: flows, plants, scenarios, targets with their series breaks."""

from .comparison import Comparison, TargetReached, compare
from .deviations import moved_runs, share_deviations
from .effects import SOURCES, WasteEffects, effects_of
from .examination import examine_programme, parse_programme
from .meters import received, with_meters
from .pictures import (
    comparison_columns,
    ends_chart,
    finding_lines,
    flow_message,
    gases_chart,
    scenario_name,
    shares_chart,
    target_chart,
)
from .programme import (
    COMPONENTS,
    ROLES,
    Collecting,
    Exchange,
    Facility,
    Investment,
    LandfillGiven,
    Member,
    Scenario,
    Target,
    WasteProgramme,
    programme_schema,
)
from .run import DEFINITIONS, ENDS, Definition, Finding, WasteRun, run_programme
from .series import SeriesBreak, SeriesPoint, against_target, published_series, series_breaks
from .starter import STARTER_PLACES, starter_programme

__all__ = [
    "COMPONENTS",
    "DEFINITIONS",
    "ENDS",
    "ROLES",
    "SOURCES",
    "STARTER_PLACES",
    "Collecting",
    "Comparison",
    "Definition",
    "Exchange",
    "Facility",
    "Finding",
    "Investment",
    "LandfillGiven",
    "Member",
    "Scenario",
    "SeriesBreak",
    "SeriesPoint",
    "Target",
    "TargetReached",
    "WasteEffects",
    "WasteProgramme",
    "WasteRun",
    "against_target",
    "compare",
    "comparison_columns",
    "effects_of",
    "ends_chart",
    "examine_programme",
    "finding_lines",
    "flow_message",
    "gases_chart",
    "moved_runs",
    "parse_programme",
    "programme_schema",
    "published_series",
    "received",
    "run_programme",
    "scenario_name",
    "series_breaks",
    "share_deviations",
    "shares_chart",
    "starter_programme",
    "target_chart",
    "with_meters",
]
