"""How facts are told to readers: names of metrics, words of their closed vocabularies, periods.

A fact keeps the words of its source, which are keys here: ``installed_capacity`` is the message
``metric-installed-capacity``, "Balkhash-Alakol" is ``fact-word-balkhash-alakol``. Facts that people add may use any
words; those without a message are told as they were written.
"""

import re

from jasyl.texts import Language, has, say

_NOT_IN_KEYS = re.compile(r"[^a-z0-9]+")
_WINTER = re.compile(r"winter (\d{4}/\d{2})")
_HEATING = re.compile(r"heating season (\d{4})")
_BEFORE = re.compile(r"before (\d{4})")
_UNDATED = re.compile(r"undated page read (\d{4})")
_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2}) to (\d{4}-\d{2}-\d{2})")
# Where keys of long texts end.
_LONGEST = 60
_MONTHS = re.compile(r"(\d{4})-(\d{2})\.\.(\d{2})")


def metric_name(metric: str, language: Language) -> str:
    """The name of a metric: ``Installed capacity``; of one the catalogue does not know, its key in plain words."""
    message = f"metric-{_slug(metric)}"
    return say(language, message) if has(language, message) else metric.replace("_", " ")


def word(text: str, language: Language) -> str | None:
    """A technology, area or object of a fact in ``language``; None where the catalogue has no word for it."""
    message = f"fact-word-{_slug(text)}"
    return say(language, message) if has(language, message) else None


def source_word(text: str, language: Language) -> str:
    """The title, licence or note of a source in ``language`` where it is words of ours; a citation stays as it is."""
    message = f"source-word-{_slug(text)[:_LONGEST].strip('-')}"
    return say(language, message) if has(language, message) else text


def written_period(period: str, language: Language) -> str:
    """A period as readers write it: ``winter 2025/26``, ``2025, months 1 to 9``; years and days stay as they are."""
    if found := _WINTER.fullmatch(period):
        return say(language, "fact-period-winter", years=found[1])
    if found := _HEATING.fullmatch(period):
        return say(language, "fact-period-heating-season", year=found[1])
    if found := _BEFORE.fullmatch(period):
        return say(language, "fact-period-before", year=found[1])
    if period == "year before the page":
        return say(language, "fact-period-year-before-page")
    if found := _UNDATED.fullmatch(period):
        return say(language, "fact-period-undated", year=found[1])
    if found := _MONTHS.fullmatch(period):
        first, last = (str(int(month)) for month in (found[2], found[3]))
        return say(language, "fact-period-months", year=found[1], first=first, last=last)
    if found := _DAYS.fullmatch(period):
        return f"{found[1]} – {found[2]}"
    return period


def _slug(text: str) -> str:
    return _NOT_IN_KEYS.sub("-", text.lower()).strip("-")
