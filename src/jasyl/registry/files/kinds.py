"""The kinds of files there are."""

from jasyl.texts import Refusal

from .enterprises import ENTERPRISES
from .facilities import FACILITIES
from .installations import INSTALLATIONS
from .kind import FileKind, FileName
from .measures import MEASURES
from .projects import PROJECTS

FILE_KINDS: dict[FileName, FileKind] = {
    kind.name: kind for kind in (FACILITIES, PROJECTS, INSTALLATIONS, ENTERPRISES, MEASURES)
}  # fmt: skip


def file_kind(name: str) -> FileKind:
    """The kind of file of a name. Raises Refusal ``unknown-template``."""
    if name not in FILE_KINDS:
        raise Refusal("unknown-template", received=name[:40], expected=", ".join(FILE_KINDS))
    return FILE_KINDS[name]
