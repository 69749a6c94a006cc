"""Whether a blockchain suits a case, and which weaker machinery would do: published criteria, graded options, energy.

The rules are data (``data/*.toml``); frameworks are shown side by side, never averaged; the answer may be "no".
"""

from .assessment import Advice, Assessment, Given, advise, assessment_of, form_schema
from .decisions import LoggedDecision, log_decision, logged_decisions
from .energy import EnergyPerRecord, PublishedEnergy, energy_beside_others, energy_per_record, published_energy
from .frameworks import CHAINS, Verdict, disagreement, verdict
from .grading import GradedOption, Grading, grade
from .rules import ANSWERS, Answer, Criterion, Framework, Option, Rules, rules
from .wording import aspects, framework_row, headline, option_row, questions

__all__ = [
    "ANSWERS",
    "CHAINS",
    "Advice",
    "Answer",
    "Assessment",
    "Criterion",
    "EnergyPerRecord",
    "Framework",
    "Given",
    "GradedOption",
    "Grading",
    "LoggedDecision",
    "Option",
    "PublishedEnergy",
    "Rules",
    "Verdict",
    "advise",
    "aspects",
    "assessment_of",
    "disagreement",
    "energy_beside_others",
    "energy_per_record",
    "form_schema",
    "framework_row",
    "grade",
    "headline",
    "log_decision",
    "logged_decisions",
    "option_row",
    "published_energy",
    "questions",
    "rules",
    "verdict",
]
