"""Records about what is not public: sealed payloads, and titles to things. They hold no names."""

import re
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from .record_fields import Count, Hash, Record

# An id that was made up for one purpose, in characters that carry no sentence.
Pseudonym = Annotated[str, Meta(pattern="^[0-9A-Za-z][0-9A-Za-z:._-]{0,127}$(?!\n)", max_length=128)]
# Individual and business identification numbers have twelve digits, telephone numbers eleven or more.
_BUSINESS = re.compile(r"(?<![0-9A-Za-z+])[0-9]{4}[4-6][0-9]{7}(?![0-9A-Za-z])", re.ASCII)
_PERSONAL = re.compile(r"(?<![0-9A-Za-z])\+?[0-9]{11,12}(?![0-9A-Za-z])|[^\s@]+@[^\s@]+\.[^\s@]+", re.ASCII)


def looks_personal(text: str) -> bool:
    """Whether a text that would be public for ever holds an identification number, a telephone or a mail address.

    A net for slips, not a judge: a name passes it.
    """
    return _PERSONAL.search(text) is not None


def names_person(text: str) -> bool:
    """The same net where organisations are named: a business identification number (BIN) passes it.

    The fifth digit of a BIN is 4, 5 or 6; that of a person's number is the tens of a day of the month.
    """
    return looks_personal(_BUSINESS.sub("", text))


class FieldsRoot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The Merkle root over the salted fields of a payload; ``count`` leaves, decoys among them."""

    count: Count
    root: Hash


class Sealed(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False, tag="sealed"):
    """A payload that only its readers can open: its subject by pseudonym, what sort of document, and the commitment.

    ``commitment`` is SHA-256(``jasyl-payload/1`` LF ‖ 32 random bytes ‖ payload); ``fields`` is None for a payload
    that is not a JSON object. Neither can be guessed at by anybody who does not hold the salt.
    """

    subject: Pseudonym
    sort: Pseudonym
    commitment: Hash
    fields: FieldsRoot | None
    supersedes: Hash | None = None

    def check_together(self) -> None:
        if looks_personal(self.subject) or looks_personal(self.sort):
            raise ValueError("a subject is a pseudonym, never a person's number or address")


class Title(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False, tag="title"):
    """One event in the life of the title to one thing that cannot be divided.

    ``object_mark`` is an HMAC over what identifies the thing, keyed by a secret of the registry: the same thing has
    the same mark, and nobody outside can try cadastral numbers against it. ``owner`` are the ``key`` records whose
    signatures move the title on; ``payload`` is the ``sealed`` record of the document; ``previous`` the event before.
    """

    event: Literal["register", "transfer"]
    title: Pseudonym
    object_class: Literal["land", "building", "equipment"]
    object_mark: Hash
    payload: Hash
    owner: Annotated[list[Hash], Meta(min_length=1, max_length=4)]
    previous: Hash | None

    def check_together(self) -> None:
        if (self.event == "register") != (self.previous is None):
            raise ValueError("the first event of a title has no previous one, every other has")
        if len(set(self.owner)) != len(self.owner) or looks_personal(self.title):
            raise ValueError("an owner has each key once; a title is named by a pseudonym")
