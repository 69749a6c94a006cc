"""What all records share: the kinds of their fields, and the base with origin, time, author and signatures."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from .merkle import MAX_SIZE

Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$(?!\n)", max_length=64)]
Text = Annotated[str, Meta(min_length=1, max_length=4096)]
Name = Annotated[str, Meta(min_length=1, max_length=512)]
Count = Annotated[int, Meta(ge=0, le=MAX_SIZE)]
Integer = Annotated[int, Meta(ge=-MAX_SIZE, le=MAX_SIZE)]
Instant = Integer
Scale = Annotated[int, Meta(ge=-18, le=18)]
Whole = Annotated[str, Meta(pattern="^(0|-?[1-9][0-9]*)$(?!\n)", max_length=80)]
Natural = Annotated[str, Meta(pattern="^(0|[1-9][0-9]*)$(?!\n)", max_length=38)]
Decimal = Annotated[str, Meta(pattern=r"^-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$(?!\n)", max_length=120)]
Moment = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z$(?!\n)")]
Base64 = Annotated[str, Meta(pattern="^[A-Za-z0-9+/]+={0,2}$(?!\n)", max_length=8192)]
Trust = Literal["device-signed", "gateway-signed", "operator-entered"]
FigureKind = Literal["observed", "published", "modelled", "assumed", "training"]
Parameter = str | Integer | bool | None
# JSON without fractions, three levels deep: what payloads of other rooms may hold.
_Shallow = Parameter | list[Parameter] | dict[str, Parameter]
Payload = dict[str, Parameter | list[_Shallow] | dict[str, _Shallow]]


class Signature(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A signature under a record: the id of the ``key`` record it verifies with, and its bytes."""

    key: Hash
    sig: Base64


Signatures = Annotated[list[Signature], Meta(min_length=1, max_length=8)]


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False, tag_field="type"):
    """What every record says: which log it belongs to, when it was issued (RFC 3339 UTC), by whom.

    ``author`` is an account, an organisation or a key id, never a person's name: records are public for ever.
    ``sigs`` are the author's signatures over the record without them. Quantities are integers of a base unit or
    decimal strings. ``encode_record`` checks every field.
    """

    log_origin: Name
    issued: Moment
    author: Name
    schema: Literal[1, 2] = 1
    sigs: Signatures | UnsetType = UNSET

    # The versions of the schema that this kind of record has had.
    versions: ClassVar[tuple[int, ...]] = (1,)

    def __post_init__(self) -> None:
        if self.schema not in self.versions:
            raise ValueError("a version of the schema that this kind of record does not have")
        dt.datetime.fromisoformat(self.issued)  # the pattern alone lets 30 February pass
        self.check_together()

    def check_together(self) -> None:
        """What fields demand of one another in this kind of record. Raises ValueError."""

    @classmethod
    def hold_together(cls, columns: Mapping[str, Sequence[Any]]) -> bool:
        """Whether ``check_together`` would pass for many records, given field by field; False: it has to be asked."""
        return cls.check_together is Record.check_together

    @property
    def kind(self) -> str:
        return str(self.__struct_config__.tag)
