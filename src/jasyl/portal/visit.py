"""One request, as the pages see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

import sqlalchemy as sa
from litestar import Request

from jasyl.people import ANYBODY, Actor
from jasyl.places import region
from jasyl.quantities import written_unit
from jasyl.registry import FacilityFilter, Totals
from jasyl.texts import LANGUAGES, Language, Refusal, say, write_number

from .house import House

Format = str  # "html", "json" or "csv"
FORMATS = ("json", "csv")


@dataclass(frozen=True)
class Visit:
    """Who asks for what, in which language and form."""

    house: House
    language: Language
    prefix: str
    path: str
    form: Format
    query: dict[str, str]
    actor: Actor = ANYBODY
    host: str = ""

    def t(self, message: str, /, **arguments: str | int | float | None) -> str:
        """The text of a message in the reader's language."""
        return say(self.language, message, **arguments)

    def number(self, value: Any, digits: int | None = None) -> str:
        """A number as the reader writes it."""
        return write_number(self.language, value, digits)

    def unit(self, code: str | None) -> str | None:
        """A unit as people write it on the page; in files its UCUM code, which programs know."""
        return written_unit(code, self.language) if code and self.form == "html" else code

    def currency(self, code: str | None) -> str | None:
        """A currency by its word on the page (теңге), by its ISO 4217 code in files."""
        return self.unit(f"{{{code}}}") if code and self.form == "html" else code

    def place(self, code: str | None) -> str | None:
        """A country or region by name on the page, by its ISO 3166-2 code in files."""
        if not code or self.form != "html":
            return code or None
        return self.t("country-name") if code == "KZ" else region(code).name(self.language)

    def name_of(self, row: Mapping[Any, Any], prefix: str = "name_") -> str:
        """The name in a row of the register, in the reader's language, else in the first one that has it."""
        order = (self.language, *(language for language in LANGUAGES if language != self.language))
        return next((row[prefix + language] for language in order if row[prefix + language]), "")

    def totals(self, connection: sa.Connection, wanted: FacilityFilter) -> Totals:
        """Totals of a list of facilities, as this reader may see them."""
        return self.house.totals.of(connection, wanted, self.actor, self.house.revision.current())

    def href(self, path: str, **query: str | int | None) -> str:
        """An address of ours, keeping the language when the reader's address says one."""
        return self.prefix + path + _query(query)

    def with_query(self, path: str | None = None, **changed: str | int | None) -> str:
        """This address with some of its query changed; None removes a key."""
        return self.prefix + (path or self.path) + _query({**self.query, **changed})

    def other_form(self, form: Format) -> str:
        """This page as JSON or CSV, with the same query."""
        path = "/index" if self.path == "/" else self.path
        return f"{self.prefix}{path}.{form}" + _query(dict(self.query))

    def in_language(self, language: Language) -> str:
        """This page in another language."""
        return f"/{language}{self.path}" + _query(dict(self.query))

    @property
    def languages(self) -> list[tuple[str, str, str, bool]]:
        """(code, own name, address, current) of each language, for the switch."""
        return [(code, say(code, "language-name"), self.in_language(code), code == self.language) for code in LANGUAGES]

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        """A whole number of the query. Raises Refusal ``query-number``."""
        written = self.query.get(key)
        if written is None or written == "":
            return default
        if not (written.isascii() and written.isdigit() and len(written) <= 9) or not low <= int(written) <= high:
            # The ends as they are typed into an address: many of them are years, which nobody parts by thousands.
            raise Refusal("query-number", received=f"{key}={written[:20]}", low=str(low), high=str(high))
        return int(written)


def visit_of(request: Request[Any, Any, Any], house: House, actor: Actor, path: str, form: Format) -> Visit:
    """The visit that a request makes; language and prefix were found at the door."""
    state = request.scope.get("state", {})
    return Visit(
        house=house,
        language=state["language"],
        prefix=state["prefix"],
        path=path,
        form=form,
        query=dict(parse_qsl(request.scope["query_string"].decode("latin-1"), max_num_fields=40)),
        actor=actor,
        host=request.headers.get("host", ""),
    )


def _query(values: dict[str, Any]) -> str:
    kept = {key: value for key, value in values.items() if value not in {None, ""}}
    return f"?{urlencode(kept)}" if kept else ""
