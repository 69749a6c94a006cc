"""HTML from templates: what every template may use."""

import datetime as dt
import json
import re
from functools import cache, partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from jasyl.facts import source_word
from jasyl.quantities import written_unit
from jasyl.texts import write_date

from .assets import assets, static
from .visit import Visit

# (address, message, pages whose address begins like this stand under it)
NAVIGATION = (
    ("/", "nav-map"),
    ("/facilities", "nav-facilities"),
    ("/projects", "nav-projects"),
    ("/dynamics", "nav-dynamics"),
    ("/regions", "nav-regions"),
    ("/cities", "nav-cities"),
    ("/atlas", "nav-atlas"),
    ("/programmes", "nav-programmes"),
    ("/statements", "nav-statements"),
    ("/about", "nav-about"),
)
# Pages that need an account are offered to those who have one, with their icons.
SIGNED_IN = (("/alerts", "alerts-title", "bell"), ("/sign-in", "own-account-named", "person"))

_LATIN = re.compile(r"[A-Za-z]{3}")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_ADDRESS = re.compile(r"https?://\S+")


@cache
def environment() -> Environment:
    """Jinja with escaping on and unknown names an error: a typo in a template must not print nothing."""
    made = Environment(
        loader=PackageLoader("jasyl.portal"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["json"] = lambda value: Markup(_script_json(value))  # noqa: S704  (escaped for <script> below)
    return made


def _script_json(value: Any) -> str:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def render(visit: Visit, template: str, /, **context: Any) -> bytes:
    """``template`` for this visit as UTF-8."""
    navigation = [(visit.href(address), message, _current(address, visit.path)) for address, message in NAVIGATION]
    own = [
        (visit.href(address), visit.t(message, name=visit.actor.name), icon, _current(address, visit.path))
        for address, message, icon in SIGNED_IN
    ]
    html = (
        environment()
        .get_template(template)
        .render(
            visit=visit,
            page=visit,
            lang=visit.language,
            t=visit.t,
            number=visit.number,
            unit_of=partial(_unit, visit),
            source_word=partial(source_word, language=visit.language),
            tongue=partial(_tongue, visit),
            date=partial(_date, visit),
            static=static,
            href=visit.href,
            assets=assets(),
            languages=visit.languages,
            nav=navigation,
            own=own,
            user=visit.actor if visit.actor.signed_in else None,
            watermark=visit.t("watermark-training") if visit.house.training else None,
            **context,
        )
    )
    return html.encode()


def _tongue(visit: Visit, text: object) -> Markup:
    """`` lang="en"`` for a text that is not in the language of the page: names and words kept as their source has
    them. Kazakh and Russian pages are in Cyrillic, so a text of Latin words alone is one."""
    words = _ADDRESS.sub("", str(text or ""))
    other = visit.language != "en" and _LATIN.search(words) and not _CYRILLIC.search(words)
    return Markup(' lang="en"') if other else Markup("")


def _date(visit: Visit, day: dt.date | str) -> str:
    return write_date(visit.language, dt.date.fromisoformat(day) if isinstance(day, str) else day)


def _unit(visit: Visit, code: str) -> str:
    return written_unit(code, visit.language)


def _current(address: str, path: str) -> bool:
    return path == address if address == "/" else path == address or path.startswith(f"{address}/")
