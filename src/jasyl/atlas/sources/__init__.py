"""Published sources of the atlas: who publishes what under which licence, and how it is fetched."""

from .catalogue import Member, Publisher, publisher, publishers
from .fetching import Fetched, FetchedFile, fetch, fetched, place_of
from .plan import Piece, Wanted, pieces
from .transfer import Transfer

__all__ = [
    "Fetched",
    "FetchedFile",
    "Member",
    "Piece",
    "Publisher",
    "Transfer",
    "Wanted",
    "fetch",
    "fetched",
    "pieces",
    "place_of",
    "publisher",
    "publishers",
]
