"""What every part of an inventory's document has in common."""

import msgspec


class Base(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Unknown fields are refused, what was left out stays out."""
