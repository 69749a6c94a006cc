"""A name or a sentence in the three languages, where the text is data and not part of the program."""

from dataclasses import dataclass

from jasyl.texts import Language


@dataclass(frozen=True, slots=True)
class Words:
    """The same text in Kazakh, Russian and English; a language without a text is an empty string."""

    kk: str = ""
    ru: str = ""
    en: str = ""

    def __getitem__(self, language: Language) -> str:
        """The text in ``language``; where it is missing, the English, Russian or Kazakh one."""
        return getattr(self, language) or self.en or self.ru or self.kk

    def __bool__(self) -> bool:
        return bool(self.en or self.ru or self.kk)

    @property
    def missing(self) -> tuple[Language, ...]:
        """The languages in which nothing is written, though something is in another."""
        if not self:
            return ()
        written: dict[Language, str] = {"kk": self.kk, "ru": self.ru, "en": self.en}
        return tuple(language for language, text in written.items() if not text)


NOTHING = Words()
"""No text in any language."""
