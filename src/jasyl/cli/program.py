"""Puts the commands together, and turns refusals into one clear sentence and exit code 1."""

import json
import sys
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from jasyl import __version__
from jasyl.texts import Refusal

from .help import SpokenContext, group_help, spoken
from .speech import reader_language
from .wrong_usage import tell

# Command → module of this package that holds its Typer object ``app``; loaded when it is asked for,
# so that `jasyl --help` stays quick.
_GROUPS = {
    "advise": "Whether a blockchain suits a case: questions, frameworks, options.",
    "atlas": "Resource maps: build, list, ask for a value or statistics.",
    "certificates": "Green certificates: issue, transfer, retire, verify.",
    "circular": "Circular economy: stocks, waste, indicators.",
    "city": "Cities: books of indicators, evaluation, papers, greenhouse-gas inventory.",
    "emissions": "Greenhouse gases of plants: reports, template, factors.",
    "export": "Take data away: facilities, templates.",
    "import": "Bring data in: facilities, boundaries, readings.",
    "indicators": "Indicators of cities: sets, benchmarks, evaluations for programs.",
    "ledger": "The verifiable log: verify, export, prove, keys.",
    "monitor": "Readings, rollups, sealed days, dynamics.",
    "places": "Regions and boundaries.",
    "people": "Accounts and tokens.",
    "registry": "The register: duplicates, merging, history.",
    "title": "Titles to land, buildings, equipment: register, transfer, show.",
}
_MODULES = {"import": "imports", "export": "exports"}


class LateGroup(TyperGroup):
    """Knows the names of all command groups and loads one only when it is used."""

    context_class = SpokenContext

    def list_commands(self, ctx: Any) -> list[str]:
        return [*super().list_commands(ctx), *_GROUPS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in _GROUPS:
            found = super().get_command(ctx, cmd_name)
            return spoken(found) if found else None
        if ctx.resilient_parsing or not _invoked(cmd_name):
            # Its name and line are enough for the overview.
            return TyperGroup(name=cmd_name, help=group_help(cmd_name, _GROUPS[cmd_name]))
        module = import_module(f"jasyl.cli.{_MODULES.get(cmd_name, cmd_name)}")
        command = typer.main.get_command(module.app)
        command.name, command.help = cmd_name, _GROUPS[cmd_name]
        return spoken(command)


def _invoked(name: str) -> bool:
    return name in sys.argv[1:]


app = typer.Typer(cls=LateGroup, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


def _version(asked: bool) -> None:
    if asked:
        print(f"jasyl {__version__}")  # noqa: T201
        raise typer.Exit


@app.callback()
def jasyl(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print it.")] = False,
) -> None:
    """Jasyl: an open information system for the green economy, with a passport under every number."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave the process with the house's exit codes."""
    from . import house  # noqa: PLC0415  (registers init, serve, run, doctor, schema)

    if not app.registered_commands:  # once in a process, however often it is called
        house.register(app)
    kept = sys.argv[1:]
    if arguments is not None:
        sys.argv[1:] = arguments
    try:
        sys.exit(_run(sys.argv[1:]))
    finally:
        sys.argv[1:] = kept


def _run(arguments: list[str]) -> int:
    try:
        result: Any = app(arguments, standalone_mode=False, prog_name="jasyl")
    except Refusal as refusal:
        language = reader_language(arguments)
        if "--json" in arguments:
            said = json.dumps({"refused": [one.as_data(language) for one in refusal.faults]}, ensure_ascii=False)
        else:
            said = "\n".join(one.text(language) for one in refusal.faults)
        print(said, file=sys.stderr)  # noqa: T201
        return 1
    except typer.TyperException as error:
        tell(error)
        return int(getattr(error, "exit_code", 2))
    except (typer.Abort, KeyboardInterrupt):
        return 130
    return result if isinstance(result, int) else 0
