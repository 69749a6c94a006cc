"""The life of a project: its statuses in order, how money comes, what kinds of undertakings there are."""

from typing import Literal, get_args

ProjectStatus = Literal[
    "idea", "planned", "permitted", "financed", "under_construction", "commissioned", "shelved", "cancelled"
]
PROJECT_STATUSES: tuple[ProjectStatus, ...] = get_args(ProjectStatus)
# Each status and the field that says since when; the first six follow one another, the last two end a project.
SINCE: dict[ProjectStatus, str] = {
    "idea": "since_idea",
    "planned": "since_planned",
    "permitted": "since_permitted",
    "financed": "since_financed",
    "under_construction": "since_construction",
    "commissioned": "since_commissioned",
    "shelved": "since_shelved",
    "cancelled": "since_cancelled",
}
STAGES: tuple[ProjectStatus, ...] = PROJECT_STATUSES[:6]
# Still to come: what a pipeline counts.
IN_PIPELINE: frozenset[ProjectStatus] = frozenset(STAGES[:5])

ProjectKind = Literal["new_build", "extension", "modernisation", "replacement", "efficiency_measure", "pilot", "other"]
PROJECT_KINDS: tuple[ProjectKind, ...] = get_args(ProjectKind)

Financing = Literal[
    "own_funds", "bank_loan", "development_bank", "state_budget", "grant", "public_private", "bonds", "leasing",
    "foreign_investor", "other",
]  # fmt: skip
FINANCING: tuple[Financing, ...] = get_args(Financing)
