"""A filled form and the advice on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from jasyl.texts import Refusal, Where

from .energy import EnergyPerRecord, energy_per_record
from .frameworks import Verdict, disagreement, verdict
from .grading import Grading, grade
from .rules import ANSWERS, Answer, Rules, rules

Confidence = Literal["high", "medium", "low"]
CONFIDENCES: tuple[Confidence, ...] = ("high", "medium", "low")
LONGEST_EVIDENCE = 600
LARGEST_VOLUME = 10**12


@dataclass(frozen=True)
class Given:
    """One answer with what it rests on."""

    answer: Answer
    evidence: str = ""
    confidence: Confidence | None = None


@dataclass(frozen=True)
class Assessment:
    """A case: what it is about, who asks, its volume, and an answer per criterion (those left out are unknown)."""

    subject: str
    authority: str
    records_per_day: int
    answers: Mapping[str, Given]

    def plain(self) -> dict[str, Answer]:
        """Criterion → answer."""
        return {name: given.answer for name, given in self.answers.items()}

    def as_data(self) -> dict[str, Any]:
        """The form as a JSON document; `assessment_of` reads it back unchanged."""
        return {
            "subject": self.subject,
            "authority": self.authority,
            "records_per_day": self.records_per_day,
            "answers": {
                name: {
                    "answer": given.answer,
                    **({"evidence": given.evidence} if given.evidence else {}),
                    **({"confidence": given.confidence} if given.confidence else {}),
                }
                for name, given in sorted(self.answers.items())
            },
        }


@dataclass(frozen=True)
class Advice:
    """What the frameworks say, each for itself; the graded options; energy per record of each; the rules' version."""

    assessment: Assessment
    verdicts: tuple[Verdict, ...]
    disagree: bool
    grading: Grading
    energy: Mapping[str, EnergyPerRecord]
    rules_version: str

    @property
    def blockchain(self) -> bool | None:
        """Whether the advised option is a blockchain; None when none can be advised."""
        return self.grading.advised.blockchain if self.grading.advised else None

    def as_data(self) -> dict[str, Any]:
        """The advice as a JSON document without words of any language."""
        return {
            "rules": self.rules_version,
            "blockchain": self.blockchain,
            "advised": self.grading.advised.id if self.grading.advised else None,
            "needed_grade": self.grading.needed,
            "needed_grade_if_open_answers_demand_more": self.grading.needed_at_most,
            "hangs_on": list(self.grading.hangs_on),
            "demands": [one.id for one in self.grading.demands],
            "options": [
                {
                    "id": one.option.id,
                    "grade": one.option.grade,
                    "standing": one.standing,
                    "unmet": [rule.id for rule in one.unmet],
                    "obstacles": [{"id": rule.id, "effect": rule.effect} for rule in one.obstacles],
                    "joules_per_record": _joules(self.energy[one.option.id]),
                }
                for one in self.grading.options
            ],
            "frameworks": [_verdict_data(one) for one in self.verdicts],
            "frameworks_disagree": self.disagree,
        }


def advise(assessment: Assessment, by: Rules | None = None, marginal_joules: float | None = None) -> Advice:
    """Advice on a case. ``marginal_joules``: measured energy of one record of this deployment's log, if known."""
    book = by or rules()
    answers = assessment.plain()
    verdicts = [verdict(one, answers) for one in book.frameworks]
    energy = {one.id: energy_per_record(one.id, assessment.records_per_day, marginal_joules) for one in book.options}
    return Advice(assessment, tuple(verdicts), disagreement(verdicts), grade(book, answers), energy, book.version)


def assessment_of(document: object, file: str | None = None) -> Assessment:
    """An assessment from its JSON document. An answer may be the plain word ``yes``, ``no`` or ``unknown``.

    Raises Refusal ``adviser-form`` naming the field, what was received and what was expected.
    """
    form = _mapping(document, "", file, {"subject", "authority", "records_per_day", "answers"})
    volume = form.get("records_per_day")
    if not isinstance(volume, int) or isinstance(volume, bool) or not 1 <= volume <= LARGEST_VOLUME:
        raise _refusal(file, "records_per_day", volume, f"1 … {LARGEST_VOLUME}")
    answers = form.get("answers", {})
    if not isinstance(answers, Mapping):
        raise _refusal(file, "answers", answers, "{…}")
    return Assessment(
        _text(form.get("subject"), "subject", file, 200),
        _text(form.get("authority"), "authority", file, 200),
        volume,
        {str(name): _given(str(name), value, file) for name, value in cast("Mapping[object, object]", answers).items()},
    )


def _given(name: str, value: object, file: str | None) -> Given:
    field = f"answers.{name[:60]}"
    if rules().criterion(name) is None:
        raise _refusal(file, field, name, ", ".join(one.id for one in rules().criteria))
    plain = {"answer": value} if isinstance(value, str) else value
    row = _mapping(plain, field, file, {"answer", "evidence", "confidence"})
    answer, confidence = row.get("answer"), row.get("confidence")
    if answer not in ANSWERS:
        raise _refusal(file, f"{field}.answer", answer, " | ".join(ANSWERS))
    if confidence not in (None, *CONFIDENCES):
        raise _refusal(file, f"{field}.confidence", confidence, " | ".join(CONFIDENCES))
    evidence = row.get("evidence", "")
    # A lone surrogate, which JSON can spell, has no bytes in UTF-8: it is not printable, as control characters are not.
    if not isinstance(evidence, str) or len(evidence) > LONGEST_EVIDENCE or not evidence.isprintable():
        raise _refusal(file, f"{field}.evidence", evidence, f"≤ {LONGEST_EVIDENCE}")
    return Given(answer, evidence, confidence)


def _mapping(value: object, field: str, file: str | None, known: set[str]) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise _refusal(file, field or "{}", value, ", ".join(sorted(known)))
    found = cast("Mapping[str, object]", value)
    strange = [str(name) for name in found if name not in known]
    if strange:
        raise _refusal(file, field or "{}", strange[0], ", ".join(sorted(known)))
    return found


def _text(value: object, field: str, file: str | None, longest: int) -> str:
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= longest or not value.isprintable():
        raise _refusal(file, field, value, f"1 … {longest}")
    return value.strip()


def _refusal(file: str | None, field: str, received: object, expected: str) -> Refusal:
    stands = None if received is None else str(received)[:80]
    return Refusal("adviser-form", where=Where(file=file, field=field), received=stands, expected=expected)


def _joules(energy: EnergyPerRecord) -> dict[str, Any]:
    return {
        "marginal": list(energy.marginal),
        "always_on": list(energy.always_on),
        "total": list(energy.total),
        "kind": energy.kind,
    }


def _verdict_data(one: Verdict) -> dict[str, Any]:
    return {
        "id": one.framework.id,
        "kind": one.framework.kind,
        "source": one.framework.source,
        "outcomes": list(one.outcomes),
        "blockchain": one.blockchain,
        "walked": [{"criterion": name, "answer": answer} for name, answer in one.walked],
        "leaning": list(one.leaning),
        "against": list(one.against),
        "open": list(one.open),
    }


def form_schema() -> dict[str, Any]:
    """The JSON Schema of the form."""
    answer = {"enum": list(ANSWERS)}
    given = {
        "type": "object",
        "additionalProperties": False,
        "required": ["answer"],
        "properties": {
            "answer": answer,
            "evidence": {"type": "string", "maxLength": LONGEST_EVIDENCE},
            "confidence": {"enum": list(CONFIDENCES)},
        },
    }
    text = {"type": "string", "minLength": 1, "maxLength": 200}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Whether a blockchain suits a case",
        "type": "object",
        "additionalProperties": False,
        "required": ["subject", "authority", "records_per_day"],
        "properties": {
            "subject": text,
            "authority": text,
            "records_per_day": {"type": "integer", "minimum": 1, "maximum": LARGEST_VOLUME},
            "answers": {
                "type": "object",
                "additionalProperties": False,
                "properties": {one.id: {"oneOf": [answer, given]} for one in rules().criteria},
            },
        },
    }
