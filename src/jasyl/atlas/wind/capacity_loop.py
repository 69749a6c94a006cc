"""The compiled loop of capacity factors as it is called; its lines, in ``kernels``, are imported only to compile it."""

from collections.abc import Sequence
from functools import cache
from itertools import product

from ..machine_code import Argument, Loop, reads, writes

MODULES = ("jasyl.atlas.wind.kernels", "jasyl.atlas.wind.kernel_rows", "jasyl.atlas.compiled")
KINDS = ("float32", "int16")


@cache
def capacity(speed: str, shape: str) -> Loop:
    """``kernels.capacity`` for fields of these types, each one of ``KINDS``."""
    single = Argument("float32")
    law = (Argument("int64"), single, single, reads("float32", 1))
    table = (single, *([reads("float32", 1)] * 5), Argument("bool"))
    added = (reads("int64", 1), writes("float64", 2), writes("int32", 2))
    regions = (reads("int64", 1), reads("int64", 1), reads("float64", 1), writes("float64", 2))
    room = (writes("float32", 2), writes("float32", 1), writes("float32", 1))
    fields = (reads(speed, 2), reads(shape, 2), reads("float32", 1))
    return Loop(MODULES, "capacity", (*fields, *law, *table, *added, *regions, *room))


def kept() -> Sequence[Loop]:
    """What is compiled at set-up."""
    return [capacity(speed, shape) for speed, shape in product(KINDS, repeat=2)]


def compile_now() -> None:
    """Compile the loop for fields of both kinds, or load what was kept."""
    for loop in kept():
        loop.ready()
