"""Where the numbers of a built layer come from: hashes of the package files behind it, and their sources."""

from hashlib import sha256
from importlib.resources import files

from jasyl.facts import sources

from .layer import Source


def file_hashes(*names: str) -> dict[str, str]:
    """SHA-256 of package files, named from the folder of the package: ``facts/data/waste.csv``."""
    return {name: sha256((files("jasyl") / name).read_bytes()).hexdigest() for name in names}


def sources_of(*names: str) -> tuple[Source, ...]:
    """What the list of sources says about these files, each source once."""
    return tuple(
        Source(name=one.title, version=one.key, licence=one.licence, reference=one.address)
        for one in sources()
        if set(names) & set(one.files)
    )
