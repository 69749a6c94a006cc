"""PDF by typst: one fixed template, one font carried in the package, nothing asked of a network or of the system."""

import datetime as dt
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import msgspec

from jasyl.texts import Refusal, say, write_date

from .font import FAMILY, printable
from .paper import Charts, Paper

if TYPE_CHECKING:
    import typst

PDF_TYPE = "application/pdf"


def write_pdf(paper: Paper) -> bytes:
    """``paper`` as tagged PDF (A4, PDF/UA-1): the same paper always gives the same bytes.

    Texts reach the template as data and are never read as markup, whatever they hold; pictures are SVG whose texts are
    drawn with the same font. Raises Refusal ``paper-picture`` when a picture is no SVG.
    """
    import typst  # noqa: PLC0415  (a compiler of tens of megabytes)

    midnight = dt.datetime.combine(paper.day, dt.time(), dt.UTC)
    try:
        made: Any = _compiler().compile(
            _template(), format="pdf", sys_inputs=_inputs(paper), timestamp=midnight, pdf_standards=["ua-1"]
        )
    except typst.TypstError as error:
        if any(isinstance(block, Charts) for block in paper.blocks) and "SVG" in str(error.message):
            raise Refusal("paper-picture", reason=str(error.message)[:200]) from error
        raise
    return made


def page_pictures(paper: Paper, *, ppi: float = 80) -> list[bytes]:
    """The pages of ``paper`` as PNG, as the PDF shows them."""
    made: Any = _compiler().compile(_template(), format="png", sys_inputs=_inputs(paper), ppi=ppi)
    return [made] if isinstance(made, bytes) else list(made)


def _inputs(paper: Paper) -> dict[str, str]:
    words = {
        "page": say(paper.language, "papers-page", page="{page}", pages="{pages}"),
        "date": write_date(paper.language, paper.day),
        "digest": say(paper.language, "papers-digest"),
    }
    data: Any = _cleaned(msgspec.to_builtins(paper))
    # A document without a title is no PDF/UA.
    data["title"] = data["title"] if data["title"].strip() else paper.issuer
    return {"paper": msgspec.json.encode(data).decode(), "words": msgspec.json.encode(words).decode(), "font": FAMILY}


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list | tuple):
        return [_cleaned(inner) for inner in value]
    return {key: _cleaned(inner) for key, inner in value.items()} if isinstance(value, dict) else value


@cache
def _template() -> bytes:
    return (files("jasyl.papers") / "paper.typ").read_bytes()


@cache
def _compiler() -> "typst.Compiler":
    """One compiler for the process: it keeps the font between papers, and neither looks for fonts nor packages."""
    import typst  # noqa: PLC0415

    folder = str(files("jasyl.papers") / "fonts")
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    nowhere = f"{folder}/none"
    return typst.Compiler(font_paths=fonts, package_path=nowhere, package_cache_path=nowhere)
