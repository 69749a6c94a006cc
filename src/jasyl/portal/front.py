"""The front page."""

import sqlalchemy as sa

from jasyl.places import regions

from .page import Document, page
from .regions import COLUMNS, region_row
from .sheet import Sheet
from .visit import Visit


@page("/", "The front page")
def index(visit: Visit, connection: sa.Connection) -> Document:
    """What there is, and the regions."""
    sheet = Sheet(COLUMNS, [region_row(visit, one) for one in regions()], visit.t("regions-caption"))
    return Document("front.html", visit.t("front-title"), {"regions": list(sheet.rows)}, sheet)
