"""``jasyl advise``: whether a blockchain suits a case, and what weaker machinery would do."""

from pathlib import Path
from typing import Annotated

import typer

from jasyl.adviser import (
    Advice,
    LoggedDecision,
    advise,
    aspects,
    assessment_of,
    framework_row,
    headline,
    log_decision,
    logged_decisions,
    option_row,
    rules,
)
from jasyl.adviser import questions as worded
from jasyl.intake import read_json
from jasyl.ledger import log_energy, log_origin
from jasyl.people import OPERATOR
from jasyl.storage import DataFolder, database_of, open_folder
from jasyl.texts import Language, Refusal, Where, say, write_number

from .options import HERE, AsJson, Data, Lang
from .speech import answer, reader_language, table

ToLog = Annotated[bool, typer.Option("--log", help="Write the advice to the log as a decision, public for ever.")]

app = typer.Typer(no_args_is_help=True, add_completion=False)
_LARGEST = 65_536


@app.command("blockchain")
def blockchain(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The filled form, JSON (jasyl schema advice).")],
    *,
    log: Annotated[
        bool, typer.Option("--log", help="Write the advice to the log as a decision, public for ever.")
    ] = False,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Grade six options from a database to a public chain for a case; the answer may be "no blockchain"."""
    language = reader_language(asked=lang)
    folder = DataFolder(data.absolute())
    own = log_energy(folder) if folder.exists else None
    advice = advise(assessment_of(_read(file), file.name), marginal_joules=own.marginal if own else None)
    decision = _log(advice, data) if log else None
    if as_json:
        answer({"form": advice.assessment.as_data(), **advice.as_data(), "decision": decision})
        return
    _tell(advice, language)
    if decision:
        typer.echo(say(language, "adviser-logged", id=decision))


@app.command("decisions")
def decisions(*, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """List the decisions in the log, and which are to be asked again because rules changed or a year has passed."""
    language = reader_language(asked=lang)
    with database_of(open_folder(data)).reading() as connection:
        found = logged_decisions(connection)
    if as_json:
        answer(
            [
                {"id": one.id, "issued": one.issued, "advised": one.advised, "rules": one.rules_version}
                | {"state": one.state, "form": one.assessment.as_data()}
                for one in found
            ]
        )
        return
    if not found:
        typer.echo(say(language, "adviser-decisions-none"))
    table([_row(language, one) for one in found])


def _row(language: Language, one: LoggedDecision) -> tuple[str, ...]:
    option = say(language, f"adviser-option-{one.advised}-name" if one.advised else "adviser-advised-none")
    state = say(language, f"adviser-decision-{one.state}")
    return one.issued[:10], one.assessment.subject, one.assessment.authority, option, state, one.id


def _log(advice: Advice, data: Path) -> str:
    folder = open_folder(data)
    with database_of(folder).writing() as connection:
        return log_decision(connection, log_origin(folder), advice, OPERATOR.id)


@app.command("questions")
def questions(*, as_json: AsJson = False, lang: Lang = None) -> None:
    """List what the adviser asks, and which published framework asks it."""
    language = reader_language(asked=lang)
    rows = [(one.id, say(language, f"adviser-ask-{one.id}"), ", ".join(one.sources)) for one in rules().criteria]
    if as_json:
        answer([{"id": name, "question": text, "asked_by": by.split(", ")} for name, text, by in rows])
    else:
        table(rows)


def _read(file: Path) -> object:
    try:
        return read_json(file.read_bytes(), file.name, largest=_LARGEST)
    except OSError as error:
        raise Refusal("file-missing", where=Where(file=file.name), reason=error.strerror or str(error)) from error


def _tell(advice: Advice, language: Language) -> None:
    typer.echo(headline(language, advice))
    for one in advice.grading.demands:
        typer.echo(f"  – {say(language, f'adviser-rule-{one.id}')}")
    if advice.grading.hangs_on:
        typer.echo(say(language, "adviser-hangs-on"))
        for text in worded(language, advice.grading.hangs_on):
            typer.echo(f"  ? {text}")
    typer.echo("")
    rows = [option_row(language, one, advice.energy[one.option.id]) for one in advice.grading.options]
    head = ("option", "standing", "energy", "unmet", "obstacles")
    table(
        [
            [say(language, f"adviser-column-{name}") for name in head],
            *(
                [row["option"], say(language, f"adviser-standing-{row['standing']}"), *(row[name] for name in head[2:])]
                for row in rows
            ),
        ]
    )
    typer.echo("")
    for row, one in zip(rows, advice.grading.options, strict=True):
        typer.echo(row["option"])
        for heading, text in aspects(language, one.option.id):
            typer.echo(f"  {heading}: {text}")
    typer.echo("")
    if advice.disagree:
        typer.echo(f"{say(language, 'adviser-disagree')}. {say(language, 'adviser-disagree-text')}")
    table([[row["framework"], row["says"]] for row in (framework_row(language, one) for one in advice.verdicts)])
    volume = write_number(language, advice.assessment.records_per_day)
    typer.echo(say(language, "adviser-energy-text", volume=volume))
