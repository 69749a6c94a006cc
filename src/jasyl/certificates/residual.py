"""The residual mix: of which sources consumers draw who have bought no certificates."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from jasyl.texts import Refusal


@dataclass(frozen=True)
class ResidualRow:
    """One source, in units of the attribute: generated, tracked by certificates, what is left, its share of that."""

    source: str
    generated: int
    tracked: int
    residual: int
    share: Fraction | None


def residual_mix(generated: Mapping[str, int], tracked: Mapping[str, tuple[int, int]]) -> list[ResidualRow]:
    """Generation by source less what is tracked: issued, except what expired or was cancelled unused.

    The issuance-based way: whoever later imports or exports certificates does not change it. ``tracked`` is source →
    (issued, fallen back). Raises Refusal ``certificate-residual`` when more of a source was issued than generated,
    ``certificate-residual-unstated`` where certificates name no source and no generation stands for them:
    then one of the two figures is wrong, and no mix is made from them.
    """
    left: dict[str, tuple[int, int]] = {}
    for source in sorted({*generated, *tracked}):
        issued, back = tracked.get(source, (0, 0))
        made = generated.get(source, 0)
        if issued > made:
            code = "certificate-residual" if source else "certificate-residual-unstated"
            raise Refusal(code, received=source, issued=issued, generated=made)
        left[source] = issued - back, made - issued + back
    whole = sum(rest for _, rest in left.values())
    return [
        ResidualRow(source, generated.get(source, 0), used, rest, Fraction(rest, whole) if whole else None)
        for source, (used, rest) in left.items()
    ]
