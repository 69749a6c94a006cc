"""What somebody names on the command line: a file of their own, or a source that was fetched."""

from dataclasses import dataclass
from pathlib import Path

from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from ..layer import Source
from ..sources import Member, fetched, place_of, publisher, publishers


@dataclass(frozen=True)
class Offer:
    """Where it lies, who published it when, and which of its files make the layer; None what nobody knows."""

    path: Path
    source: Source | None = None
    period: str | None = None
    member: Member | None = None

    @property
    def is_folder(self) -> bool:
        """Whether files are to be picked: a folder, or an archive."""
        return self.path.is_dir() or self.path.suffix.lower() == ".zip"


def offered(folder: DataFolder, given: str, layer: str | None, source: str | None) -> Offer:
    """``given`` as a path, else as the id of a fetched source; ``source`` names the publisher of a file of one's own.

    A file inside the folder of a fetched source is known to be of it. Raises Refusal ``load-nothing-fetched``,
    ``load-not-offered`` when the publisher has no such layer, ``source-unknown``, ``fetch-record``.
    """
    path = Path(given)
    if not path.exists():
        known = fetched(place_of(folder, given)) if given in publishers() else None
        if known is None:
            raise Refusal("load-nothing-fetched", received=given[:80])
        path, source = place_of(folder, given), given
    inside = path.absolute().relative_to(folder.atlas / "fetched").parts if _is_fetched(folder, path) else ()
    source = source or (inside[0] if inside else None)
    if source is None:
        return Offer(path)
    chosen = publisher(source)
    if layer is not None and layer not in chosen.layers:
        raise Refusal("load-not-offered", received=source, layer=layer, expected=", ".join(chosen.layers) or "-")
    return Offer(path, chosen.source, chosen.period, chosen.layers[layer] if layer else None)


def _is_fetched(folder: DataFolder, path: Path) -> bool:
    return path.absolute().is_relative_to(folder.atlas / "fetched")
