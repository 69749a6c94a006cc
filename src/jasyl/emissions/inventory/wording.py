"""A document's own texts (names, reasons, sources) in the reader's language, as far as its author gave them."""

from collections.abc import Sequence

from jasyl.texts import Language

from .parts import Base


class Wording(Base, frozen=True, kw_only=True):
    """A text as it stands in a document, and the same in the three languages; empty where nobody gave it."""

    text: str
    kk: str = ""
    ru: str = ""
    en: str = ""

    def of(self, language: Language) -> str:
        """The text in ``language``; as it stands where that is not given."""
        return {"kk": self.kk, "ru": self.ru, "en": self.en}[language] or self.text


def in_language(words: Sequence[Wording], text: str, language: Language) -> str:
    """``text`` of a document in ``language``, or as it stands where ``words`` do not have it."""
    return next((one.of(language) for one in words if one.text == text), text)
