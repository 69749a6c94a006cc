"""The rules of the adviser, read from the package's data: criteria, frameworks, options. None of them is code."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import msgspec

from jasyl.quantities import canonical_json, sha256_hex

Answer = Literal["yes", "no", "unknown"]
ANSWERS: tuple[Answer, ...] = ("yes", "no", "unknown")
Kind = Literal["path", "tally", "checklist"]
Conditions = dict[str, Answer]


class Criterion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A yes-or-no question: the part of the form it stands in and which frameworks ask it."""

    id: str
    group: str
    sources: tuple[str, ...]


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question of a path: the answer that ends the path, and what it then ends with."""

    criterion: str
    ends_at: Literal["yes", "no"]
    outcome: str


class Leaning(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The answer of a criterion that speaks for a blockchain (tally) or is a concern (checklist)."""

    criterion: str
    answer: Literal["yes", "no"]


class Framework(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A published way to decide: a path of steps, a tally, or a checklist of concerns."""

    id: str
    kind: Kind
    source: str
    steps: tuple[Step, ...] = ()
    otherwise: str = ""
    speaks_for: tuple[Leaning, ...] = ()
    concerns: tuple[Leaning, ...] = ()

    @property
    def asks(self) -> tuple[str, ...]:
        """The criteria it uses, in its order."""
        return tuple(one.criterion for one in (*self.steps, *self.speaks_for, *self.concerns))


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A grade of machinery, from a database with an audit log (1) to a public chain (6)."""

    id: str
    grade: int
    blockchain: bool


class Demand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When all conditions hold, at least ``grade`` is needed."""

    id: str
    grade: int
    when: Conditions


class Obstacle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When all conditions hold, the named grades are excluded or hindered."""

    id: str
    effect: Literal["excludes", "hinders"]
    grades: tuple[int, ...]
    when: Conditions


class Rules(msgspec.Struct, frozen=True):
    """Everything the adviser decides by. ``version`` names the three files' versions and the hash of their content."""

    criteria: tuple[Criterion, ...]
    frameworks: tuple[Framework, ...]
    options: tuple[Option, ...]
    demands: tuple[Demand, ...]
    obstacles: tuple[Obstacle, ...]
    version: str

    def criterion(self, identifier: str) -> Criterion | None:
        return next((one for one in self.criteria if one.id == identifier), None)

    def option(self, grade: int) -> Option:
        return next(one for one in self.options if one.grade == grade)


@cache
def rules() -> Rules:
    """The rules that ship with the program."""
    criteria, frameworks, options = (_table(name) for name in ("criteria", "frameworks", "options"))
    found = Rules(
        criteria=msgspec.convert(criteria["criterion"], tuple[Criterion, ...]),
        frameworks=msgspec.convert(frameworks["framework"], tuple[Framework, ...]),
        options=msgspec.convert(options["option"], tuple[Option, ...]),
        demands=msgspec.convert(options["demand"], tuple[Demand, ...]),
        obstacles=msgspec.convert(options["obstacle"], tuple[Obstacle, ...]),
        version="",
    )
    numbers = "/".join(str(table["version"]) for table in (criteria, frameworks, options))
    digest = sha256_hex(canonical_json({"criteria": criteria, "frameworks": frameworks, "options": options}))
    return msgspec.structs.replace(found, version=f"{numbers}-{digest[:12]}")


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files("jasyl.adviser").joinpath(f"data/{name}.toml").read_text(encoding="utf-8"))
