"""Life-cycle statuses of facilities."""

from typing import Literal, get_args

Status = Literal[
    "planned",
    "approved",
    "financing",
    "under_construction",
    "test_operation",
    "operating",
    "extension",
    "suspended",
    "closed",
    "completed",
    "unknown",
]
STATUSES: tuple[Status, ...] = get_args(Status)

# At work: counted as introduced. A finished renewal (completed) keeps saving, an extension runs meanwhile.
AT_WORK: frozenset[Status] = frozenset({"test_operation", "operating", "extension", "completed"})
COMING: frozenset[Status] = frozenset({"planned", "approved", "financing", "under_construction"})

StatusGroup = Literal["at_work", "coming", "stopped", "unknown"]
STATUS_GROUPS: tuple[StatusGroup, ...] = get_args(StatusGroup)


def status_group(status: str) -> StatusGroup:
    """``at_work``, ``coming``, ``stopped`` or ``unknown``: the four groups that maps show."""
    if status in AT_WORK:
        return "at_work"
    if status in COMING:
        return "coming"
    return "stopped" if status in {"suspended", "closed"} else "unknown"
