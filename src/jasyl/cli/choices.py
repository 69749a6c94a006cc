"""Values of options that come from a list; another one is wrong usage (exit code 2), not a refusal."""

from collections.abc import Sequence

import typer


def one_of(option: str, value: str, allowed: Sequence[str]) -> None:
    """Raises typer.BadParameter unless ``value`` is one of ``allowed``."""
    if value not in allowed:
        raise typer.BadParameter(f"{option} {value}: {', '.join(allowed)}")
