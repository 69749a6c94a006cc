"""What was mended or found out while a raster was loaded, kept in its record as codes and told in words."""

from jasyl.texts import Language, say, write_number


def note_text(note: str, language: Language) -> str:
    """A note of a record in words: ``code`` or ``code=value``; shares as per cent."""
    code, _, value = note.partition("=")
    if code.endswith("-covered"):
        value = write_number(language, float(value) * 100, 1)
    return say(language, f"load-note-{code}", value=value)
