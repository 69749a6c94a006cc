"""A city on paper: the snapshot, the factsheet with radars, the verification report; the same blocks make pages."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Literal, get_args

from jasyl.indicators import BANDS, HOUSE, Scored, Step, label_name, status_name, steps_up
from jasyl.papers.paper import Block, Chart, Charts, Heading, Items, KeyNumber, Numbers, Paper, Table, Text
from jasyl.quantities import instant
from jasyl.texts import Language, Refusal, say, write_date, write_number

from .attestation import Attestation
from .finding import Finding
from .pictures import band_text, category_radar, percent, wheel
from .result import CityResult, group_text, name_text, rule_texts, standing_text, target_text, value_text

PaperKind = Literal["snapshot", "factsheet", "verification"]
PAPER_KINDS: tuple[PaperKind, ...] = get_args(PaperKind)
# So many findings of one kind are told one by one.
_ALIKE = 3
STEPS_SHOWN = 12


def city_paper(
    kind: PaperKind,
    result: CityResult,
    language: Language,
    *,
    day: dt.date,
    watermark: str | None = None,
    findings: tuple[Finding, ...] = (),
    attested: Attestation | None = None,
) -> Paper:
    """A paper of ``result`` in ``language``, dated ``day``. ``findings`` are those of the automatic checks and
    ``attested`` is the attestation in force; both stand in the verification report, the latter at its foot.

    Raises Refusal ``city-paper`` for a kind that there is not.
    """
    if kind not in PAPER_KINDS:
        raise Refusal("city-paper", received=str(kind)[:40], expected=", ".join(PAPER_KINDS))
    name = result.names[language]
    return Paper(
        title=say(language, f"city-paper-{kind}", name=name, year=str(result.year)),
        subtitle=result.catalogue.title[language],
        lead=lead(result, language),
        language=language,
        day=day,
        digest=result.digest,
        watermark=watermark or (say(language, "watermark-training") if result.training else None),
        blocks=(
            *_BLOCKS[kind](result, language, findings),
            *(_attestation(attested, language) if attested and kind == "verification" else ()),
        ),
    )


def lead(result: CityResult, language: Language) -> str:
    """What there is and is not, in one sentence; and that a city as a whole has no score."""
    return say(
        language, "city-lead", reported=result.reported, of=len(result.evaluation.points), scored=result.scored,
    )  # fmt: skip


def benchmark_note(result: CityResult, language: Language) -> str:
    """Whose the benchmarks are. Our own are never called those of U4SSC."""
    labels = {row.label for row in result.benchmarks}
    if not labels:
        return say(language, "city-benchmarks-none")
    key = "city-benchmarks-house" if labels == {HOUSE} else "city-benchmarks-mixed"
    owners = ", ".join(label_name(label, language) for label in sorted(labels))
    return say(language, key, version=result.benchmarks.version, labels=owners)


def _snapshot(result: CityResult, language: Language, _findings: tuple[Finding, ...]) -> Iterator[Block]:
    yield wheel_block(result, language)
    yield Heading(say(language, "city-subdimensions"))
    yield group_numbers(result, language)
    yield Text(benchmark_note(result, language), soft=True)
    yield Heading(say(language, "city-summary"))
    yield status_table(result, language)
    yield from _steps(result, language)
    yield from _rules(result, language)


def _factsheet(result: CityResult, language: Language, _findings: tuple[Finding, ...]) -> Iterator[Block]:
    yield Text(benchmark_note(result, language), soft=True)
    for dimension in result.groups("dimension"):
        name = result.catalogue.group_name(dimension.path[0])[language]
        yield Heading(f"{name}: {group_text(result, dimension, language)}")
        book = {f"{result.names[language]}, {result.year}": result.evaluation}
        svg, told = category_radar(result.catalogue, book, dimension.path[0], language)
        yield Charts((Chart(svg, say(language, "city-radar", dimension=name), told),), columns=1)
        for category in result.groups("category"):
            if category.path[0] == dimension.path[0]:
                caption = f"{_path_text(result, category.path, language)}: {group_text(result, category, language)}"
                yield _category_table(result, category.path, caption, language)
    yield from _rules(result, language)


def _attestation(attested: Attestation, language: Language) -> Iterator[Block]:
    """What the verifier signed, and by which record of the log it is found."""
    yield Heading(say(language, "city-attestation", day=write_date(language, instant(attested.recorded_at).date())))
    counts = {"refused": len(attested.not_verified), "closed": len(attested.closed)}
    yield Text(say(language, "city-attestation-text", statements=len(attested.statements), **counts))
    yield Text(say(language, "city-attestation-record", record=attested.record_id), soft=True)


def _verification(result: CityResult, language: Language, findings: tuple[Finding, ...]) -> Iterator[Block]:
    yield Heading(say(language, "city-summary"))
    yield status_table(result, language)
    yield Heading(say(language, "city-benchmarking"))
    yield Text(benchmark_note(result, language), soft=True)
    yield wheel_block(result, language)
    yield group_numbers(result, language)
    yield from _rules(result, language)
    yield Heading(say(language, "city-results"))
    yield result_table(result, language)
    for status in ("not_reported", "not_verified", "not_verifiable", "not_applicable"):
        listed = result.statuses.get(status, ())
        if listed:
            yield Heading(say(language, "city-listed", status=status_name(status, language), count=len(listed)))
            yield Items(tuple(f"{code_text(result, one)} — {name_text(result, one, language)}" for one in listed))
    if findings:
        yield Heading(say(language, "city-findings", count=len(findings)))
        yield Items(tuple(_told(findings, language)))
    yield Heading(say(language, "city-next-steps"))
    yield from _steps(result, language, headed=False)
    yield Text(say(language, "city-verification-limits"), soft=True)


def _told(findings: Iterable[Finding], language: Language) -> Iterator[str]:
    """Every finding in words; the same remark on many data points once, with all of them: their numbers stand in the
    results."""
    alike: dict[str, list[Finding]] = {}
    for one in findings:
        alike.setdefault(one.code if one.severity == "remark" else f"{one.code} {one.point}", []).append(one)
    for same in alike.values():
        if len(same) <= _ALIKE:
            yield from (one.text(language) for one in same)
            continue
        points = ", ".join(dict.fromkeys(one.point for one in same))
        yield Refusal(same[0].code, received="…", expected=same[0].expected, point=points, points="…").text(language)


_BLOCKS: Mapping[PaperKind, Callable[[CityResult, Language, tuple[Finding, ...]], Iterator[Block]]] = {
    "snapshot": _snapshot,
    "factsheet": _factsheet,
    "verification": _verification,
}


def wheel_block(result: CityResult, language: Language) -> Charts:
    """The wheel as a picture of a paper."""
    name = result.names[language]
    svg = wheel(result.catalogue, result.evaluation, language, name=name, year=result.year)
    told = say(
        language, "wheel-alternative", name=name, year=str(result.year), scored=result.scored,
        of=len(result.evaluation.points),
    )  # fmt: skip
    return Charts((Chart(svg, say(language, "city-wheel"), told),), columns=1)


def group_numbers(result: CityResult, language: Language) -> Numbers:
    """A tile for each sub-dimension: its score, its band, how much of it is scored."""
    return Numbers(
        tuple(
            KeyNumber(
                _path_text(result, group.path, language),
                percent(group.share, language).removesuffix(" %"),
                "%" if group.share is not None else "",
                "plain",
                band_text(group.band, language) if group.band else say(language, "city-nothing-scored"),
                say(language, "wheel-scored", scored=group.scored, of=group.of),
            )
            for group in result.groups("subdimension") or result.groups("dimension")
        )
    )


def status_table(result: CityResult, language: Language) -> Table:
    """How many data points have which status, and how many indicators are whole, in part or not there."""
    total = len(result.evaluation.points)
    rows = [
        (status_name(status, language), str(len(points)), percent_of(len(points), total, language))
        for status, points in result.statuses.items()
    ]
    rows.append((say(language, "city-scored"), str(result.scored), percent_of(result.scored, total, language)))
    rows.append((say(language, "city-data-points"), str(total), percent_of(total, total, language)))
    head = (say(language, "column-status"), say(language, "city-data-points"), "%")
    return Table("", head, tuple(rows), numeric=(1, 2), widths=(6, 2, 2))


def percent_of(part: int, whole: int, language: Language) -> str:
    """``part`` of ``whole`` in per cent; a dash where there is no whole."""
    return write_number(language, 100 * part / whole, 1) if whole else "—"


def result_table(result: CityResult, language: Language) -> Table:
    """Every data point with value, target, points and band in words."""
    head = ("city-code", "city-point", "city-value", "city-target", "city-points", "city-band")
    rows = tuple(
        (code_text(result, one), name_text(result, one, language), value_text(result, one, language),
         target_text(result, one, language), str(one.points or "—"), standing_text(one, language))
        for one in result.evaluation.points
    )  # fmt: skip
    return Table("", tuple(say(language, key) for key in head), rows, numeric=(4,), widths=(3, 7, 4, 2, 2, 3))


def _category_table(result: CityResult, path: tuple[str, ...], caption: str, language: Language) -> Table:
    head = ("city-point", "city-value", "city-target", "city-band", "city-goals")
    inside = result.inside(path)
    rows = tuple(
        (name_text(result, one, language), value_text(result, one, language), target_text(result, one, language),
         standing_text(one, language), ", ".join(str(goal) for goal in result.indicator(one).sdg_goals) or "—")
        for one in inside
    )  # fmt: skip
    return Table(caption, tuple(say(language, key) for key in head), rows, widths=(8, 4, 2, 4, 2))


def _path_text(result: CityResult, path: tuple[str, ...], language: Language) -> str:
    """Sub-dimensions and categories by their own name; where a category's name is not alone, with what is above."""
    name = result.catalogue.group_name(path[-1])[language]
    alike = sum(group.path[-1] == path[-1] for group in result.groups("category"))
    return f"{name} ({result.catalogue.group_name(path[-2])[language]})" if alike > 1 and len(path) > 1 else name


def code_text(result: CityResult, scored: Scored) -> str:
    """The printed code of the indicator, of a part with its key."""
    indicator = result.indicator(scored)
    return f"{indicator.code}{scored.point.removeprefix(indicator.id).replace('.', ' · ', 1)}"


def step_table(result: CityResult, steps: list[Step], language: Language) -> Table:
    """What the next band takes, nearest first."""
    head = ("city-point", "city-value-now", "city-value-needed", "city-change", "city-band-next", "city-gain")
    return Table(
        "",
        tuple(say(language, key) for key in head),
        tuple(step_row(result, step, language) for step in steps),
        numeric=(1, 2, 3, 5),
        widths=(7, 2, 2, 2, 3, 2),
    )


def step_row(result: CityResult, step: Step, language: Language) -> tuple[str, ...]:
    """One line of the table of steps."""
    scored = result.evaluation.of(step.point)
    yes_no = result.catalogue.point(step.point).is_yes_no
    now = value_text(result, scored, language, unit=False)
    needed = say(language, "city-yes") if yes_no else write_number(language, step.value)
    sign = "+" if step.change > 0 else "−"
    change = "—" if step.effort is None else f"{sign}{write_number(language, step.effort * 100, 1)} %"
    gain = f"+{write_number(language, step_gain(result, step) * 100, 1)}"
    return name_text(result, scored, language), now, needed, change, band_text(step.band, language), gain


def step_gain(result: CityResult, step: Step) -> Decimal:
    """By how much the score of the data point's category rises, as a share."""
    scored = result.evaluation.of(step.point)
    inside = [one for one in result.groups("category") if scored in result.inside(one.path)]
    won = BANDS.index(step.band) - BANDS.index(step.now)
    return Decimal(won) / (4 * inside[0].scored) if inside else Decimal(0)


def _steps(result: CityResult, language: Language, *, headed: bool = True) -> Iterator[Block]:
    steps = steps_up(result.catalogue, result.evaluation)[:STEPS_SHOWN]
    if headed:
        yield Heading(say(language, "city-next-band"))
    if steps:
        yield step_table(result, steps, language)
        yield Text(say(language, "city-next-band-note"), soft=True)
    else:
        yield Text(say(language, "city-next-band-none"))


def chosen_rules(result: CityResult, language: Language) -> list[tuple[str, str]]:
    """Catalogue, table of benchmarks and every setting of the evaluation, in words."""
    evaluation = result.evaluation
    return [
        (say(language, "city-rule-catalogue"), f"{evaluation.catalogue} {evaluation.catalogue_version}"),
        (say(language, "city-rule-benchmarks"), result.benchmarks.version or "—"),
        *rule_texts(evaluation.rules, language),
    ]


def _rules(result: CityResult, language: Language) -> Iterator[Block]:
    yield Heading(say(language, "city-chosen-rules"))
    head = (say(language, "city-rule"), say(language, "city-rule-chosen"))
    yield Table("", head, tuple(chosen_rules(result, language)), widths=(5, 5))
