"""What a layer's record says of how it was made, in the reader's language: its remarks and its period."""

from jasyl.facts import source_word, written_period
from jasyl.texts import Language, has, say, write_number

from .value_notes import written_note


def layer_note(note: str, language: Language) -> str:
    """A remark in words: a code of loading (``code``, ``code=value``; shares as per cent), else as those of values."""
    code, _, value = note.partition("=")
    message = f"load-note-{code}"
    if not has(language, message):
        return written_note(note, language)
    if code.endswith("-covered"):
        value = write_number(language, float(value) * 100, 1)
    return say(language, message, value=value)


def layer_period(period: str, language: Language) -> str:
    """The time a layer is of: years, days, or words of ours."""
    return source_word(written_period(period, language), language)
