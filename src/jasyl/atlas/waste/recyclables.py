"""What could be made into the same again: the recyclable materials in a region's municipal waste."""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from ..areas import AreaValue
from ..value_file import significant
from .composition import RECYCLABLES, Composition, composition_of
from .generation import Amount


def recyclables_values(amounts: Iterable[Amount], made_of: Mapping[str, Composition]) -> tuple[AreaValue, ...]:
    """Paper, plastics, glass, metal and textiles in the waste of each region, t a year: present, not collected.

    Where a composition leaves materials out they are missing from the sum, and the note names them.
    """
    values: list[AreaValue] = []
    for amount in amounts:
        mix = composition_of(amount.place, made_of)
        if mix is None:
            continue
        shares = {material: mix.shares[material] for material in RECYCLABLES if material in mix.shares}
        missing = mix.missing(RECYCLABLES)
        low, central, high = (amount.tonnes * sum(shares.values())).rounded()
        unknown = f"not in the composition: {', '.join(missing)}" if missing else ""
        values.append(
            replace(
                amount.as_area(),
                value=central,
                low=low,
                high=high,
                kind="allocated",
                source=f"{amount.source}; composition: {mix.source}",
                note="; ".join(filter(None, (f"composition of {mix.place}, {mix.year}", unknown, amount.note))),
                parts={f"{name}_t": significant(amount.tonnes.central * share) for name, share in shares.items()},
            )
        )
    return tuple(values)
