"""Messages without variables, read without Fluent: for what has to appear before a tenth of a second is gone."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from .language import Language


@cache
def plain_messages(language: Language, file: str) -> Mapping[str, str]:
    """The messages of ``<file>.ftl``, which must hold plain messages of one line each; empty where there is none.

    Fluent reads the same texts out of such a file (a test compares them), thirty times more slowly.
    """
    path = files("jasyl.texts") / language / f"{file}.ftl"
    if not path.is_file():
        return {}
    lines = (line.partition(" = ") for line in path.read_text(encoding="utf-8").splitlines() if line[:1] != "#")
    return {name: text for name, separator, text in lines if separator}
