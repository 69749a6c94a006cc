"""What was noticed or decided while reading, told to the person who gave the file."""

from dataclasses import dataclass, field
from typing import Any

from jasyl.texts import Language, Where, say

Argument = str | int | float


@dataclass(frozen=True)
class Note:
    """A decision that the reader should know of (encoding, separator, decimal comma …); never a refusal.

    ``code`` names the message ``intake-note-<code>`` of the catalogue.
    """

    code: str
    where: Where | None = None
    arguments: dict[str, Argument] = field(default_factory=dict[str, Argument])

    def text(self, language: Language) -> str:
        """One sentence, with its place in front."""
        said = say(language, f"intake-note-{self.code}", **self.arguments)
        return f"{self.where.text(language)}: {said}" if self.where else said

    def as_data(self, language: Language) -> dict[str, Any]:
        """The same for a program."""
        return {
            "code": self.code,
            "arguments": dict(self.arguments),
            "where": self.where.as_data() if self.where else None,
            "text": say(language, f"intake-note-{self.code}", **self.arguments),
        }


def note(code: str, where: Where | None = None, **arguments: Argument) -> Note:
    """A Note with its arguments as keywords."""
    return Note(code, where, arguments)
