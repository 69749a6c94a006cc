"""Options that many commands share."""

from pathlib import Path
from typing import Annotated

import typer

from jasyl.texts import Refusal

Data = Annotated[Path, typer.Option("--data", help="The data folder.", envvar="JASYL_DATA")]
Lang = Annotated[str | None, typer.Option("--lang", help="kk, ru or en; else that of the terminal.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]
Cells = Annotated[str | None, typer.Option("--window", metavar="W,S,E,N", help="Degrees; the centres lie within.")]
HERE = Path("data")


def window_of(text: str | None) -> tuple[float, float, float, float] | None:
    """The window that --window asks for. Raises Refusal ``weather-window``."""
    if text is None:
        return None
    try:
        west, south, east, north = (float(edge) for edge in text.split(","))
    except ValueError:
        raise Refusal("weather-window", received=text[:60]) from None
    return west, south, east, north
