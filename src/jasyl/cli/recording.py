"""Commands that build layers tell the ledger of each, whoever built it."""

from collections.abc import Generator
from contextlib import contextmanager

from jasyl.people import OPERATOR
from jasyl.storage import DataFolder, database_of


@contextmanager
def recording_layers(folder: DataFolder) -> Generator[None]:
    """Whatever layers are built inside become records of the folder's ledger, in the operator's name."""
    from jasyl.atlas.layer_record import layers_recorded  # noqa: PLC0415  (loads the atlas)

    with layers_recorded(database_of(folder), folder, OPERATOR.id):
        yield
