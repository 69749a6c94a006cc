"""Who may do what. One function decides; everything else asks it."""

from dataclasses import dataclass, field
from typing import Literal, get_args

Role = Literal["enterprise", "investor", "akimat", "agency", "auditor", "verifier", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)
Action = Literal["read", "write_registry", "write_readings", "publish", "verify", "administer"]
ACTIONS: tuple[Action, ...] = get_args(Action)
Level = Literal["public", "aggregated", "closed"]
LEVELS: tuple[Level, ...] = get_args(Level)


@dataclass(frozen=True)
class Reach:
    """What a token is narrowed to: the readings of named ``series``, and whatever belongs to ``enterprises`` (ids)."""

    series: frozenset[str] = frozenset()
    enterprises: frozenset[str] = frozenset()

    def covers(self, action: Action, resource: "Resource") -> bool:
        """Whether the token may be used for this at all; its account must be allowed it besides."""
        return resource.enterprise_id in self.enterprises or (
            action == "write_readings" and resource.series_id in self.series
        )


@dataclass(frozen=True)
class Actor:
    """Somebody who asks for something: a signed-in person, a program with a token, or anybody (no roles)."""

    id: str = "anybody"
    name: str = ""
    roles: frozenset[Role] = frozenset()
    enterprise_id: str | None = None
    region: str | None = None
    actions: frozenset[Action] | None = None
    reach: Reach | None = None
    form_key: str | None = None

    @property
    def signed_in(self) -> bool:
        return bool(self.roles)


ANYBODY = Actor()
# What a resource is, where rights hang on that: a city's book of indicators.
CITY_BOOK = "city_book"
# Whoever may run commands on the data folder could as well edit its files: there the operating system is the door.
OPERATOR = Actor(id="operator", name="operator", roles=frozenset({"agency"}))


@dataclass(frozen=True)
class Resource:
    """What is asked for: its publication level and whom it belongs to."""

    level: Level = "public"
    enterprise_id: str | None = None
    region: str | None = None
    series_id: str | None = None
    tags: frozenset[str] = field(default_factory=frozenset[str])


def may(actor: Actor, action: Action, resource: Resource) -> bool:
    """Whether ``actor`` may do ``action`` on ``resource``.

    A token never widens what its account may do: it only narrows by action, by enterprise and by series.
    ``aggregated`` values may enter sums that everybody sees, but are themselves read like closed ones.
    The administrator runs accounts and has no right over data. A verifier reads the books of cities and judges what
    stands in them, never writes a value, and judges nothing that the same account could have written.
    """
    if actor.actions is not None and action not in actor.actions:
        return False
    if actor.reach is not None and not actor.reach.covers(action, resource):
        return False
    return _role_allows(actor, action, resource)


def _role_allows(actor: Actor, action: Action, resource: Resource) -> bool:
    own = actor.enterprise_id is not None and actor.enterprise_id == resource.enterprise_id
    home = actor.region is not None and actor.region == resource.region
    match action:
        case "read":
            everything = actor.roles & {"agency", "auditor"}
            return (
                resource.level == "public"
                or bool(everything)
                or ("enterprise" in actor.roles and own)
                or ("akimat" in actor.roles and home)
                or ("verifier" in actor.roles and CITY_BOOK in resource.tags)
            )
        case "write_registry" | "write_readings":
            return (
                "agency" in actor.roles
                or ("enterprise" in actor.roles and own)
                or (action == "write_registry" and "akimat" in actor.roles and home)
            )
        case "publish":
            return "agency" in actor.roles or ("akimat" in actor.roles and home)
        case "verify":
            return "verifier" in actor.roles and not _role_allows(actor, "write_registry", resource)
        case "administer":
            return "administrator" in actor.roles
