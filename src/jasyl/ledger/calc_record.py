"""The record of a published figure, and how it names its inputs."""

from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from .merkle import leaf_hash, root_of
from .record_fields import Count, Decimal, FigureKind, Hash, Name, Natural, Parameter, Record


class Method(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Which calculation made a number."""

    id: Name
    parameters: dict[str, Parameter] = {}
    version: Name


class Column(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One column of a sum tree and its sum over all leaves."""

    name: Name
    sum: Natural


class InputsRoot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Many inputs at once: the Merkle root over their record ids in order, and their number.

    With ``columns`` it is the root of a sum tree (see ``sum_tree``).
    """

    columns: Annotated[list[Column], Meta(min_length=1, max_length=16)] | UnsetType = UNSET
    count: Count
    root: Hash


class Calc(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False, tag="calc"):
    """A published figure: indicator, subject, period, unit, value, method, inputs (ids or a root).

    ``figure_kind`` tells what sort of number it is; an observed number is never taken for a modelled one. With
    ``divisor`` the figure claims to be additive: its value is the sum of its inputs' amounts, rounded once, half to
    even, to a thousandth; a sum tree counts the amounts in 1/``divisor`` of the unit. Schema 1 said ``place`` or
    ``facility`` for the subject, and the two kinds in ``method.parameters``.
    """

    schema: Literal[1, 2] = 2
    indicator: Name
    figure_kind: FigureKind | UnsetType = UNSET
    subject_kind: Name | UnsetType = UNSET
    subject: Name | UnsetType = UNSET
    place: Name | UnsetType | None = UNSET
    facility: Name | UnsetType | None = UNSET
    period: Name
    unit: Annotated[str, Meta(max_length=128)]
    value: Decimal | None
    uncertainty: Decimal | None = None
    completeness: Decimal
    method: Method
    inputs: list[Hash] | InputsRoot
    divisor: Natural | UnsetType = UNSET
    supersedes: Hash | None = None

    versions: ClassVar[tuple[int, ...]] = (1, 2)

    def check_together(self) -> None:
        now = [field is UNSET for field in (self.figure_kind, self.subject_kind, self.subject)]
        before = [field is UNSET for field in (self.place, self.facility)]
        if any(now) != (self.schema == 1) or all(now) != any(now) or all(before) != (self.schema == 2):
            raise ValueError("figure_kind, subject_kind and subject in schema 2; place and facility in schema 1")
        tree = isinstance(self.inputs, InputsRoot) and self.inputs.columns is not UNSET
        if (self.schema == 1 and (tree or self.divisor is not UNSET)) or (tree and self.divisor is UNSET):
            raise ValueError("divisor and columns belong to schema 2, columns need a divisor")
        if self.divisor == "0" or (self.divisor is not UNSET and self.value is None):
            raise ValueError("an additive figure has a value and a divisor above 0")

    @property
    def about(self) -> tuple[str, str]:
        """Kind and id of the subject, of either schema."""
        if not isinstance(self.subject_kind, UnsetType) and not isinstance(self.subject, UnsetType):
            return self.subject_kind, self.subject
        if isinstance(self.facility, str):
            return "facility", self.facility
        return str(self.method.parameters.get("figure.subject", "place")), self.place or ""

    @property
    def number_kind(self) -> str:
        """``observed``, ``published``, ``modelled``, ``assumed`` or ``training``, of either schema."""
        if isinstance(self.figure_kind, UnsetType):
            return str(self.method.parameters.get("figure.kind", ""))
        return self.figure_kind


def inputs_root(record_ids: list[str]) -> InputsRoot:
    """The Merkle root (RFC 6962) over record ids, 32 bytes each, in the given order."""
    leaves = [leaf_hash(bytes.fromhex(identity)) for identity in record_ids]
    return InputsRoot(root=root_of(leaves).hex(), count=len(leaves))
