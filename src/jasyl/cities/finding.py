"""What an automatic check has to say: where, what stands there, what was expected, how to mend it."""

from dataclasses import dataclass, replace
from typing import Any, Literal

from jasyl.texts import Language, Refusal, Where

Severity = Literal["error", "question", "remark"]
"""An ``error`` never goes into a book. A ``question`` goes in only when whoever gives it says so, and the city has to
answer it before the book is attested. A ``remark`` is for the verifier to look at."""
SEVERITIES: tuple[Severity, ...] = ("error", "question", "remark")


@dataclass(frozen=True)
class Finding:
    """One finding. ``point`` and ``field`` say which cell (``field`` empty: the data point as a whole); ``points`` are
    the other data points it is about. ``received`` and ``expected`` are what stands in its sentence. ``source`` is the
    page of the rule: VM, the U4SSC verification manual; own, ours. The words are those of the refusal of ``code``.
    """

    code: str
    severity: Severity
    point: str
    field: str
    received: str
    expected: str
    points: tuple[str, ...] = ()
    source: str = "own"
    where: Where | None = None

    def refusal(self) -> Refusal:
        """The finding as a refusal: the same words, at the same place."""
        where = self.where or Where(field=f"{self.point} {self.field}".strip())
        said = {
            "received": self.received,
            "expected": self.expected,
            "point": self.point,
            "points": ", ".join(self.points) or "—",
        }
        return Refusal(self.code, where=where, **said)

    def text(self, language: Language) -> str:
        """Place, what is wrong, how to mend it."""
        return self.refusal().text(language)

    def plain_text(self, language: Language) -> str:
        """What is wrong and how to mend it, without the place: for a page that shows it there."""
        told = self.refusal().as_data(language)
        return f"{told['text']} {told['mend']}"

    def as_data(self, language: Language) -> dict[str, Any]:
        """The same for a program."""
        about = {"severity": self.severity, "point": self.point, "field": self.field, "points": list(self.points)}
        return self.refusal().as_data(language) | about | {"source": self.source}

    def at(self, where: Where | None) -> "Finding":
        """The same with its place in a file."""
        return replace(self, where=where)
