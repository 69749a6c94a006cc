"""In which language the command line answers."""

import os

from jasyl.texts import Language, language_or_none


def reader_language(arguments: list[str] | None = None, asked: str | None = None) -> Language:
    """``--lang`` when given, else the language of the terminal (``LC_ALL``, ``LANG`` …), else English."""
    if asked is None and arguments and "--lang" in arguments[:-1]:
        asked = arguments[arguments.index("--lang") + 1]
    for tag in (asked, *(os.environ.get(name) for name in ("JASYL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"))):
        found = language_or_none((tag or "").replace("_", "-").partition(".")[0])
        if found:
            return found
    return "en"
