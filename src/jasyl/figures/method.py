"""Methods: how a figure is computed, by id, semantic version and checked parameters."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, TypeVar

import msgspec

from jasyl.texts import Refusal

FigureKind = Literal["observed", "published", "modelled", "assumed", "training"]
Parameter = str | int | bool | None
_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


class NoParameters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For methods that take none."""


@dataclass(frozen=True)
class Outcome:
    """What a method computes: a value of the method's unit, or None when the inputs do not give one.

    ``uncertainty`` is a standard uncertainty in the same unit, ``completeness`` the share (0–1) of the wanted inputs
    that were there, None where the notion has no meaning.
    """

    value: Decimal | None
    completeness: Decimal | None = None
    uncertainty: Decimal | None = None


Compute = Callable[[Any, Any], Outcome]
Function = TypeVar("Function", bound=Compute)


@dataclass(frozen=True)
class Method:
    """One version of one method. Its numbers never change: a golden test pins them, a new idea is a new version.

    ``compute(parameters, data)`` is pure; ``compute`` None marks a version whose figures can be verified but not
    computed again. ``unit`` is the UCUM code of what it gives.
    """

    id: str
    version: str
    indicator: str
    kind: FigureKind
    unit: str
    parameters: type[msgspec.Struct]
    compute: Compute | None

    @property
    def runnable(self) -> bool:
        return self.compute is not None

    def checked(self, parameters: Mapping[str, Parameter]) -> Any:
        """``parameters`` as the method's own type. Raises Refusal ``method-parameters``."""
        try:
            return msgspec.convert(dict(parameters), self.parameters)
        except msgspec.ValidationError as error:
            raise Refusal("method-parameters", received=str(error), expected=f"{self.id} {self.version}") from error

    def run(self, parameters: Mapping[str, Parameter], data: Any) -> Outcome:
        """The number. Raises Refusal ``method-retired`` or ``method-parameters``."""
        if self.compute is None:
            raise Refusal("method-retired", received=f"{self.id} {self.version}")
        return self.compute(self.checked(parameters), data)

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the parameters."""
        return msgspec.json.schema(self.parameters)


_METHODS: dict[tuple[str, str], Method] = {}
# How many methods a refusal names: a sentence, not a catalogue.
_NAMED = 12


def method(
    name: str,
    version: str,
    *,
    indicator: str,
    kind: FigureKind,
    unit: str,
    parameters: type[msgspec.Struct] = NoParameters,
) -> Callable[[Function], Function]:
    """Register the decorated pure function as method ``name`` in ``version`` (major.minor.patch)."""

    def register(compute: Function) -> Function:
        _enter(Method(name, version, indicator, kind, unit, parameters, compute))
        return compute

    return register


def retire(
    name: str,
    version: str,
    *,
    indicator: str,
    kind: FigureKind,
    unit: str,
    parameters: type[msgspec.Struct] = NoParameters,
) -> None:
    """Keep a version known whose code is gone: its statements can be verified, not recomputed."""
    _enter(Method(name, version, indicator, kind, unit, parameters, None))


def find(name: str, version: str | None = None) -> Method:
    """The method in ``version``, the newest runnable one when None. Raises Refusal ``unknown-method``."""
    if version is not None and (name, version) in _METHODS:
        return _METHODS[name, version]
    known = [each for each in _METHODS.values() if each.id == name]
    runnable = [each for each in known if each.runnable]
    if version is None and runnable:
        return max(runnable, key=_order)
    raise Refusal("unknown-method", received=f"{name} {version or ''}".strip(), expected=_written(known))


def methods() -> tuple[Method, ...]:
    """All methods that are known, by id and version."""
    return tuple(sorted(_METHODS.values(), key=lambda each: (each.id, _order(each))))


def _enter(entry: Method) -> None:
    if not _VERSION.fullmatch(entry.version):
        raise ValueError(f"{entry.version} is not a semantic version")
    if (entry.id, entry.version) in _METHODS:
        raise ValueError(f"{entry.id} {entry.version} is registered twice")
    _METHODS[entry.id, entry.version] = entry


def _order(entry: Method) -> tuple[int, ...]:
    return tuple(int(part) for part in entry.version.split("."))


def _written(known: list[Method]) -> str:
    """The versions of a known method, else as many ids as a message can bear."""
    if known:
        return ", ".join(each.version for each in known)
    ids = sorted({key[0] for key in _METHODS})
    shown = ", ".join(ids[:_NAMED])
    return f"{shown} …" if len(ids) > _NAMED else shown or "—"
