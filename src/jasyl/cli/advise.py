"""``jasyl advise``: whether a blockchain suits a case, and what weaker machinery would do."""

import json
from pathlib import Path
from typing import Annotated

import typer

from jasyl.adviser import Advice, advise, assessment_of, framework_row, headline, option_row, rules
from jasyl.adviser import questions as worded
from jasyl.texts import Language, Refusal, Where, say, write_number

from .options import AsJson, Lang
from .speech import answer, reader_language, table

app = typer.Typer(no_args_is_help=True, add_completion=False)
_LARGEST = 65_536


@app.command("blockchain")
def blockchain(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The filled form, JSON (jasyl schema advice).")],
    *,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Grade six options from a database to a public chain for a case; the answer may be "no blockchain"."""
    advice = advise(assessment_of(_read(file), file.name))
    if as_json:
        answer({"form": advice.assessment.as_data(), **advice.as_data()})
    else:
        _tell(advice, reader_language(asked=lang))


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
        content = file.read_bytes()
        if len(content) > _LARGEST:
            raise Refusal(
                "adviser-form",
                where=Where(file=file.name),
                received=f"{len(content)} B",
                expected=f"≤ {_LARGEST} B",
            )
        return json.loads(content.decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Refusal(
            "adviser-form", where=Where(file=file.name), received=str(error)[:80], expected="JSON, UTF-8"
        ) from error


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
    if advice.disagree:
        typer.echo(f"{say(language, 'adviser-disagree')}. {say(language, 'adviser-disagree-text')}")
    table([[row["framework"], row["says"]] for row in (framework_row(language, one) for one in advice.verdicts)])
    volume = write_number(language, advice.assessment.records_per_day)
    typer.echo(say(language, "adviser-energy-text", volume=volume))
