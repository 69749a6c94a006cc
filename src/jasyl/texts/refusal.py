"""What the program says when it cannot do what was asked: received, expected, where, and how to mend it."""

from collections.abc import Mapping, Sequence
from typing import Any

from .catalogue import Argument, say
from .foreign import in_words_of
from .language import Language

Worded = Mapping[Language, str]


class Refusal(Exception):
    """An input or a state that is refused, told in the reader's language.

    ``code`` names the message ``refusal-<code>`` of the catalogue, whose value says what was received and
    expected, and whose attribute ``.mend`` says how to mend it. ``where`` is the place in the input
    (file, sheet, row, field), shown before the sentence. An argument that is words itself is given in every language;
    a ``reason`` quotes the operating system or a reader of JSON, whose usual words are told in the reader's.
    """

    def __init__(self, code: str, *, where: "Where | None" = None, **arguments: Argument | Worded | None) -> None:
        super().__init__(code)
        self.code = code
        self.where = where
        self.arguments = arguments

    def text(self, language: Language) -> str:
        """One paragraph: place, what is wrong, how to mend it."""
        place = self.where.text(language) if self.where else ""
        return f"{place}: {self.said(language)}" if place else self.said(language)

    def said(self, language: Language) -> str:
        """What is wrong and how to mend it, for where the place stands in columns of its own."""
        return f"{self.what(language)} {self.mend(language)}"

    def what(self, language: Language) -> str:
        """What was received, and what was expected."""
        return self._say(language)

    def mend(self, language: Language) -> str:
        """What to do about it."""
        return self._say(language, ".mend")

    def as_data(self, language: Language) -> dict[str, Any]:
        """The same for a program: code, arguments, place, text and remedy."""
        return {
            "code": self.code,
            "arguments": self._in(language),
            "where": self.where.as_data() if self.where else None,
            "text": self.what(language),
            "mend": self.mend(language),
        }

    def _in(self, language: Language) -> dict[str, Argument | None]:
        told = {key: one[language] if isinstance(one, Mapping) else one for key, one in self.arguments.items()}
        reason = told.get("reason")
        return told | {"reason": in_words_of(language, reason)} if isinstance(reason, str) else told

    def _say(self, language: Language, attribute: str = "") -> str:
        return say(language, f"refusal-{self.code}{attribute}", **self._in(language))

    @property
    def faults(self) -> "tuple[Refusal, ...]":
        """Every fault that was found, this one first; documents with several raise a kind that carries them."""
        return (self,)

    def __str__(self) -> str:
        return self.text("en")


class SeveralRefused(Refusal):
    """Several faults of one input: the first as a refusal, all of them in ``faults``."""

    def __init__(self, faults: Sequence[Refusal]) -> None:
        first = faults[0]
        super().__init__(first.code, where=first.where, **first.arguments)
        self._faults = tuple(faults)

    @property
    def faults(self) -> tuple[Refusal, ...]:
        return self._faults


class Where:
    """A place in somebody's input: file, sheet, row (counted from 1 as people see it) and field."""

    __slots__ = ("field", "file", "row", "sheet")

    def __init__(
        self,
        file: str | None = None,
        sheet: str | None = None,
        row: int | None = None,
        field: str | None = None,
    ) -> None:
        self.file, self.sheet, self.row, self.field = file, sheet, row, field

    def text(self, language: Language) -> str:
        """For example ``plants.csv, row 12, column capacity``."""
        parts = [self.file] if self.file else []
        if self.sheet:
            parts.append(say(language, "where-sheet", sheet=self.sheet))
        if self.row is not None:
            parts.append(say(language, "where-row", row=str(self.row)))
        if self.field:
            parts.append(say(language, "where-field", field=self.field))
        return ", ".join(parts)

    def as_data(self) -> dict[str, Any]:
        return {"file": self.file, "sheet": self.sheet, "row": self.row, "field": self.field}

    def __repr__(self) -> str:
        return f"Where({self.text('en')})"
