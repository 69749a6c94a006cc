"""Sets of indicators and tables of benchmarks as commands name them: one of the program's, or a file of one's own."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jasyl.indicators import Benchmarks, Catalogue


def catalogue_named(name: str) -> "Catalogue":
    """A catalogue of the program by its id, or one's own from a folder or file."""
    from jasyl.indicators import CATALOGUES, catalogue, read_catalogue  # noqa: PLC0415

    path = Path(name)
    return read_catalogue(path) if name not in CATALOGUES and path.exists() else catalogue(name)


def benchmarks_named(name: str, catalogue: "Catalogue") -> "Benchmarks":
    """``house`` (our proposals), ``none``, or a table of one's own."""
    from jasyl.indicators import Benchmarks, house_benchmarks, read_benchmarks  # noqa: PLC0415

    match name:
        case "none":
            return Benchmarks("none")
        case "house":
            return house_benchmarks(catalogue.id)
        case _:
            return read_benchmarks(Path(name), catalogue)
