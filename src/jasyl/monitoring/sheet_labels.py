"""Labels of metering sheets: what a head says of days, months and hours, in the ways utilities write them."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from jasyl.intake.raw import CellFault, Raw, written

DAY_MINUTES = 1440
# Nominative and genitive of Russian months begin alike; Kazakh and English ones are told by their whole beginning.
_MONTHS = (
    ("янв", "қаңтар", "jan"), ("фев", "ақпан", "feb"), ("мар", "наурыз", "mar"), ("апр", "сәуір", "apr"),
    ("май", "мая", "мамыр", "may"), ("июн", "маусым", "jun"), ("июл", "шілде", "jul"), ("авг", "тамыз", "aug"),
    ("сен", "қыркүйек", "sep"), ("окт", "қазан", "oct"), ("ноя", "қараша", "nov"), ("дек", "желтоқсан", "dec"),
)  # fmt: skip
_DOTTED = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})\.?(?:\s*(?:г|ж)\.?)?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?", re.ASCII)
_WORDED = re.compile(r"(\d{1,2})\s+([^\W\d_]{3,})\.?\s*(\d{4})?(?:\s*(?:г|ж)\w*\.?)?")
_MONTH = re.compile(r"(\d{4})?\s*(?:ж\w*\.?|г\w*\.?)?\s*([^\W\d_]{3,})\.?\s*(\d{4})?(?:\s*(?:г|ж)\w*\.?)?")
_MONTH_NUMBER = re.compile(r"(?:(\d{1,2})[./](\d{4})|(\d{4})-(\d{1,2}))", re.ASCII)
_CLOCK = r"(\d{1,2})(?:[:.](\d{2}))?(?::00)?"
_BETWEEN = re.compile(rf"(?:с\s*)?{_CLOCK}\s*(?:-|–|—|÷|до|\.\.)\s*{_CLOCK}\s*(?:ч|час|часа|часов|сағ|h)?\.?\*?")
_POINT = re.compile(r"(\d{1,2}):(\d{2})(?::00)?\*?", re.ASCII)
_ORDINAL = re.compile(r"(?:час|ч|сағат|сағ|hour|h|№)?\.?\s*(\d{1,2})(?:\.0)?\s*(?:-?й)?\s*(?:час|ч|сағ|h)?\.?", re.I)
_TOTAL = re.compile(
    r"итог|всего|сумм|total|sum\b|жиын|барлығы|қорытынды|σ|∑|за сутки|за месяц|тәулік(?:іне|тік)|ай бойы|"
    r"средн|орташа|average|mean\b|макс|max|мин\b|мин\.|min\b|ең көп|ең аз",
    re.I,
)
_SUM = re.compile(r"итог|всего|сумм|total|sum\b|жиын|барлығы|қорытынды|σ|∑|за сутки|за месяц|тәулік|ай бойы", re.I)


@dataclass(frozen=True)
class Slot:
    """A part of the civil day in minutes after midnight; ``end`` None: one moment, which may mark start or end."""

    start: int
    end: int | None = None


@dataclass(frozen=True)
class Month:
    """A month, its year when the label says one."""

    month: int
    year: int | None = None


def text_of(raw: Raw) -> str:
    """A label as text; of a date or number merged over several cells, what stood in the merged cell."""
    said = raw.text if isinstance(raw, CellFault) else written(raw)
    return " ".join(said.split())


def is_total(raw: Raw) -> bool:
    """Whether the label heads a total, an average or an extreme: a number made of the others."""
    return isinstance(raw, str) and _TOTAL.search(raw) is not None


def is_sum(raw: Raw) -> bool:
    """Whether it heads a sum, which can be checked."""
    return isinstance(raw, str) and _SUM.search(raw) is not None


def day_of(raw: Raw) -> dt.date | None:
    """A full date: 01.03.2024, 2024-03-01, 1 марта 2024, a date cell."""
    if isinstance(raw, dt.datetime):
        return raw.date() if raw.time() == dt.time(0) and raw.year > 1901 else None
    if isinstance(raw, dt.date):
        return raw
    if not isinstance(raw, str | CellFault):
        return None
    text = text_of(raw)
    try:
        if found := _ISO.fullmatch(text):
            return dt.date(*map(int, found.groups()))
        if found := _DOTTED.fullmatch(text):
            year = int(found[3])
            return dt.date(year + 2000 if year < 100 else year, int(found[2]), int(found[1]))
        if (found := _WORDED.fullmatch(text)) and found[3] and (month := _month_number(found[2])):
            return dt.date(int(found[3]), month, int(found[1]))
    except ValueError:
        return None
    return None


def month_of(raw: Raw) -> Month | None:
    """A month: март, наурыз 2024, 2024 ж. наурыз, 03.2024."""
    if not isinstance(raw, str | CellFault):
        return None
    text = text_of(raw)
    if found := _MONTH_NUMBER.fullmatch(text):
        number = int(found[1] or found[4])
        return Month(number, int(found[2] or found[3])) if 1 <= number <= 12 else None
    if (found := _MONTH.fullmatch(text)) and (month := _month_number(found[2])):
        year = found[1] or found[3]
        return Month(month, int(year) if year else None)
    return None


def months_within(text: str) -> list[Month]:
    """Every month with a year that a title names, dates included: «за март 2024 г.», «с 01.03.2024 по 31.03.2024»."""
    found: list[Month] = []
    for day, month, year in re.findall(r"\b(\d{1,2})[./](\d{1,2})[./](\d{4})\b", text):
        if 1 <= int(month) <= 12 and int(day) <= 31:
            found.append(Month(int(month), int(year)))
    bare = re.sub(r"\b\d{1,2}[./]\d{1,2}[./]\d{4}\b", " ", text)
    for month, year in re.findall(r"\b(\d{1,2})[./](20\d{2})\b", bare):
        if 1 <= int(month) <= 12:
            found.append(Month(int(month), int(year)))
    for before, word, after in re.findall(r"(20\d{2})?\s*(?:ж\w*\.?|г\w*\.?)?\s*([^\W\d_]{3,})\s*(20\d{2})?", bare):
        if (before or after) and (number := _month_number(word)):
            found.append(Month(number, int(after or before)))
    return list(dict.fromkeys(found))


def slot_of(raw: Raw) -> Slot | None:
    """A time of day: 0-1, 00:00–00:30, с 0 до 1, 24:00, a time cell. A bare number is none (see ``ordinal_of``)."""
    if isinstance(raw, dt.datetime) and raw.year <= 1901:
        # What spreadsheets make of 24:00 and of times: the day before or after their day zero.
        return Slot(raw.hour * 60 + raw.minute or (DAY_MINUTES if raw.day == 1 else 0))
    if isinstance(raw, dt.time):
        return Slot(raw.hour * 60 + raw.minute)
    if isinstance(raw, dt.timedelta):
        minutes = int(raw.total_seconds()) // 60
        return Slot(minutes) if 0 <= minutes <= DAY_MINUTES else None
    if not isinstance(raw, str | CellFault):
        return None
    text = text_of(raw)
    if found := _BETWEEN.fullmatch(text):
        start, end = (int(found[at]) * 60 + int(found[at + 1] or 0) for at in (1, 3))
        end = end or DAY_MINUTES
        return Slot(start, end) if start < end <= DAY_MINUTES and DAY_MINUTES % (end - start) == 0 else None
    if found := _POINT.fullmatch(text):
        minutes = int(found[1]) * 60 + int(found[2])
        return Slot(minutes) if minutes <= DAY_MINUTES and int(found[2]) < 60 else None
    return None


def ordinal_of(raw: Raw) -> int | None:
    """A small whole number that may count hours or days: 1, 24, «час 7»."""
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw if 0 <= raw <= 96 else None
    if isinstance(raw, float):
        return int(raw) if raw.is_integer() and 0 <= raw <= 96 else None
    if isinstance(raw, str | CellFault) and (found := _ORDINAL.fullmatch(text_of(raw))):
        return int(found[1])
    return None


def ordinal_runs(numbers: Sequence[int | None]) -> list[list[int]]:
    """The positions of each longest run of successive whole numbers that begins with 0 or 1, gaps of None allowed."""
    runs: list[list[int]] = []
    previous = -2
    for position, number in enumerate(numbers):
        if number is None:
            continue
        if runs and number == previous + 1:
            runs[-1].append(position)
        elif number in (0, 1):
            runs.append([position])
        else:
            previous = -2
            continue
        previous = number
    return [run for run in runs if len(run) > 1]


def _month_number(word: str) -> int | None:
    folded = word.casefold()
    for number, beginnings in enumerate(_MONTHS, 1):
        if any(folded.startswith(beginning) for beginning in beginnings):
            # «марка», «майор», «маркет»: a month has at most two letters more than its beginning in these languages.
            return number if _is_month(folded) else None
    return None


_ENDINGS = re.compile(
    r"(?:январ[яьею]|феврал[яьею]|март[аеу]?|апрел[яьею]|ма[йяею]|июн[яьею]|июл[яьею]|август[аеу]?|"
    r"сентябр[яьею]|октябр[яьею]|ноябр[яьею]|декабр[яьею]|(?:янв|фев|мар|апр|июн|июл|авг|сен|сент|окт|ноя|дек)|"
    r"(?:қаңтар|ақпан|наурыз|сәуір|мамыр|маусым|шілде|тамыз|қыркүйек|қазан|қараша|желтоқсан)[а-яәіңғүұқөһ]{0,4}|"
    r"january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec)"
)


def _is_month(folded: str) -> bool:
    return _ENDINGS.fullmatch(folded) is not None
