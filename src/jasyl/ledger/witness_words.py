"""What witnessing has come to, in the reader's language."""

from dataclasses import dataclass

from jasyl.quantities import UTC, civil_time
from jasyl.storage import DataFolder
from jasyl.texts import Language, say

from .keys import log_policy
from .log import Log
from .note import parse_note
from .published import WITNESSED
from .witnessing import WitnessAddress, WitnessStatus, witness_addresses, witnessed_size


@dataclass(frozen=True)
class Witnessed:
    """How much of a log is witnessed: the newest size, the size a quorum cosigned (None: none), and by whom."""

    size: int
    witnessed: int | None
    by: tuple[str, ...]
    asked: tuple[str, ...]

    def covers(self, index: int | None) -> bool:
        """Whether the entry at ``index`` stands in the witnessed part."""
        return index is not None and self.witnessed is not None and index < self.witnessed


def witnessed(folder: DataFolder) -> Witnessed:
    """How much of the log of a data folder is witnessed. Raises Refusal ``log-missing``, ``log-no-policy``."""
    everyone = witness_addresses(log_policy(folder.log))
    size = witnessed_size(folder.log)
    by: list[str] = []
    if size >= 0:
        lines = {(line.name, line.key_id) for line in parse_note((folder.log / WITNESSED).read_bytes()).signatures}
        by = [one.name for one in everyone if all((key.name, key.key_id) in lines for key in one.keys)]
    return Witnessed(Log(folder).size, size if by else None, tuple(by), tuple(one.name for one in everyone))


def witness_verdict(folder: DataFolder, language: Language) -> str:
    """One sentence: witnessed up to where and by whom, or plainly unwitnessed."""
    found = witnessed(folder)
    if found.witnessed is None:
        return say(language, "witness-none" if not found.asked else "witness-not-yet", size=found.size)
    shown = {"witnessed": found.witnessed, "size": found.size, "names": ", ".join(found.by)}
    return say(language, "witness-all" if found.witnessed == found.size else "witness-part", **shown)


def witness_line(one: WitnessAddress, status: WitnessStatus | None, language: Language) -> str:
    """One line about one witness."""
    return f"{one.name}\t{one.url}\t{witness_state(status, language)}"


def witness_state(status: WitnessStatus | None, language: Language) -> str:
    """What a witness said last: up to where it cosigned and when, or what went wrong."""
    if status is None:
        return say(language, "witness-never-asked")
    moment = f"{civil_time(round(status.time * 1e6), UTC)} UTC" if status.time else "—"
    said = say(language, "witness-cosigned", size=status.size, time=moment)
    if not status.error:
        return said
    kind = "unreachable" if status.error.startswith("outgoing-") else status.error
    known = kind if kind in {"unreachable", "witness-refused", "witness-ahead"} else "bad-answer"
    trouble = say(language, f"witness-trouble-{known}")
    return f"{trouble}; {said}" if status.time else trouble
