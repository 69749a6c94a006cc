"""The source of a value taken apart: what it cites, and for which part of the value each work is cited.

A value made of several numbers names the sources of all, parted by semicolons; what a source is cited for stands before
a colon: ``mgorod.kz 17 (Bureau of National Statistics); population: tengrinews.kz 589638``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from jasyl.texts import Language, has, say

from .wording import source_word

_ROLE = re.compile(r"([a-z]+): (.+)", re.DOTALL)
_BRACKETED = re.compile(r"\(([^()]+)\)")


@dataclass(frozen=True)
class Citation:
    """A cited work, as its source text has it, and what of the value it is cited for (nothing: the value itself)."""

    work: str
    role: str = ""


@dataclass
class CitedWorks:
    """The works that a list of values cites, each once and numbered from 1 in the order of first mention."""

    roles: dict[str, dict[str, None]] = field(default_factory=dict)

    def numbers(self, source: str) -> list[int]:
        """The numbers of the works that ``source`` cites, each once."""
        order: dict[int, None] = {}
        for one in citations(source):
            self.roles.setdefault(one.work, {})[one.role] = None
            order[list(self.roles).index(one.work) + 1] = None
        return list(order)

    def written(self, language: Language) -> list[str]:
        """The works in ``language``, by number; one that is cited for a part alone says for which."""
        return [_with_roles(_written(work, language), roles, language) for work, roles in self.roles.items()]


def citations(source: str) -> list[Citation]:
    """What a source text cites, in its order: parted at semicolons outside brackets."""
    return [_citation(part) for part in _parted(source)]


def _parted(source: str) -> list[str]:
    parts, depth, begin = [], 0, 0
    for place, sign in enumerate(source):
        depth += (sign == "(") - (sign == ")")
        if sign == ";" and depth <= 0:
            parts.append(source[begin:place].strip())
            begin = place + 1
    return [part for part in (*parts, source[begin:].strip()) if part]


def _citation(text: str) -> Citation:
    found = _ROLE.fullmatch(text)
    return Citation(found[2], found[1]) if found and has("en", f"source-role-{found[1]}") else Citation(text)


def _written(work: str, language: Language) -> str:
    """A work in the words of ``language``, or with its publisher in them where that stands in brackets."""
    told = source_word(work, language)
    return _BRACKETED.sub(lambda found: f"({source_word(found[1], language)})", work) if told == work else told


def _with_roles(work: str, roles: Iterable[str], language: Language) -> str:
    if "" in roles:
        return work
    return f"{', '.join(say(language, f'source-role-{role}') for role in roles)}: {work}"
