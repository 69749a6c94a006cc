"""Options that many commands share."""

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[Path, typer.Option("--data", help="The data folder.", envvar="JASYL_DATA")]
Lang = Annotated[str | None, typer.Option("--lang", help="kk, ru or en; else that of the terminal.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]
HERE = Path("data")
