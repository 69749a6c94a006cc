"""What a check of a log found, for people in three languages and for programs."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from jasyl.texts import Language, Refusal, say, write_number

from .event_records import Anchor
from .log_trust import LogTrust
from .passport_trust import LEVELS, weakest
from .wording import record_kind_name


@dataclass(frozen=True)
class Damage:
    """The first bytes of one file that are not what was signed: ``[start, end)``; both None for a missing file."""

    file: str
    start: int | None
    end: int | None
    code: str

    def text(self, language: Language) -> str:
        said = say(language, f"ledger-damage-{self.code}")
        if self.start is None or self.end is None:
            return f"{self.file}: {said}"
        place = say(language, "ledger-bytes", start=str(self.start), end=str(self.end))
        return f"{self.file}, {place}: {said}"

    def as_data(self, language: Language) -> dict[str, Any]:
        text = say(language, f"ledger-damage-{self.code}")
        return {"file": self.file, "start": self.start, "end": self.end, "code": self.code, "text": text}


@dataclass
class Report:
    """The result of ``verify_log``: what was checked, how much of it, and each damaged file once.

    ``trusted`` tells whether the keys came from whoever asked; keys that lie beside the log only show that it agrees
    with itself. ``trust`` is what the signatures in the records say, None where an entry could not be read that may
    have told a key. ``anchors`` is the last word of the log on each place where its head is fixed. ``refusals`` are
    reasons to distrust the checkpoint as such.
    """

    path: str
    trusted: bool
    origin: str = ""
    size: int = 0
    root: str = ""
    signed_by: list[str] = field(default_factory=list[str])
    witnessed_size: int | None = None
    witnessed_by: list[str] = field(default_factory=list[str])
    entries: int = 0
    bundles: int = 0
    tiles: int = 0
    journal_entries: int | None = None
    unsigned_entries: int = 0
    kinds: Counter[str] = field(default_factory=Counter[str])
    trust: LogTrust | None = None
    anchors: list[Anchor] = field(default_factory=list[Anchor])
    damages: list[Damage] = field(default_factory=list[Damage])
    refusals: list[Refusal] = field(default_factory=list[Refusal])

    @property
    def ok(self) -> bool:
        return not self.damages and not self.refusals

    def damage(self, file: str, start: int | None, end: int | None, code: str) -> None:
        """Note the damage of a file, unless an earlier place in it is already known."""
        for place, known in enumerate(self.damages):
            if known.file == file:
                if start is not None and known.start is not None and start < known.start:
                    self.damages[place] = Damage(file, start, end, code)
                return
        self.damages.append(Damage(file, start, end, code))

    def text(self, language: Language, *, beside: bool = True) -> str:
        """Several lines: verdict, head, counts, damages. ``beside``: whether what lies beside it agrees."""
        verdict = "damaged" if not self.ok else "ok" if beside else "beside"
        lines = [say(language, f"ledger-verify-{verdict}", path=self.path)]
        if self.origin:
            lines.append(say(language, "ledger-head", origin=self.origin, size=self.size, root=self.root))
        if self.signed_by:
            lines.append(say(language, "ledger-signed-by", keys=", ".join(self.signed_by)))
        if self.origin:
            lines.append(self._witnessed(language))
        if not self.trusted:
            lines.append(say(language, "ledger-own-keys"))
        counts = {"entries": self.entries, "bundles": self.bundles, "tiles": self.tiles}
        lines.append(say(language, "ledger-checked", **counts))
        if self.journal_entries is None:
            lines.append(say(language, "ledger-no-journal"))
        else:
            shown = {"entries": self.journal_entries, "unsigned": self.unsigned_entries}
            lines.append(say(language, "ledger-journal", **shown))
        if self.kinds:
            counted = [
                f"{record_kind_name(kind, language)} — {write_number(language, number)}"
                for kind, number in sorted(self.kinds.items())
            ]
            lines.append(say(language, "ledger-kinds", kinds="; ".join(counted)))
            lines += self._signatures(language)
            lines += [self._anchor(one, language) for one in self.anchors]
        lines += [refusal.text(language) for refusal in self.refusals]
        lines += [damage.text(language) for damage in self.damages]
        return "\n".join(lines)

    def _signatures(self, language: Language) -> list[str]:
        """What authors, gateways and meters signed, and the weakest level of trust of the sealed days."""
        trust = self.trust
        if trust is None:
            return [say(language, "ledger-signatures-unknown")]
        counts = {"signatures": trust.signatures, "signed": trust.signed, "entries": self.entries}
        lines = [say(language, "ledger-signatures", **counts)]
        if trust.levels:
            shown = [
                f"{say(language, f'trust-{level}')} — {trust.levels[level]}" for level in LEVELS if trust.levels[level]
            ]
            lines.append(say(language, "ledger-levels", levels="; ".join(shown)))
            lines.append(say(language, "passport-weakest", level=say(language, f"trust-{weakest(trust.levels)}")))
        return lines

    def _anchor(self, one: Anchor, language: Language) -> str:
        kind, _, name = one.target.partition(":")
        shown = {"kind": kind, "name": name, "size": one.size, "state": say(language, f"anchor-state-{one.state}")}
        return say(language, "ledger-anchored", **shown)

    def _witnessed(self, language: Language) -> str:
        if self.witnessed_size is None:
            return say(language, "witness-unwitnessed", size=self.size)
        shown = {"witnessed": self.witnessed_size, "size": self.size, "names": ", ".join(self.witnessed_by)}
        return say(language, "witness-all" if self.witnessed_size == self.size else "witness-part", **shown)

    def as_data(self, language: Language) -> dict[str, Any]:
        """The same for a program."""
        return {
            "ok": self.ok,
            "path": self.path,
            "trusted": self.trusted,
            "origin": self.origin,
            "size": self.size,
            "root": self.root,
            "signed_by": self.signed_by,
            "witnessed_size": self.witnessed_size,
            "witnessed_by": self.witnessed_by,
            "entries": self.entries,
            "bundles": self.bundles,
            "tiles": self.tiles,
            "journal_entries": self.journal_entries,
            "unsigned_entries": self.unsigned_entries,
            "kinds": dict(sorted(self.kinds.items())),
            "signatures": self.trust.signatures if self.trust else None,
            "signed_records": self.trust.signed if self.trust else None,
            "levels": {level: self.trust.levels[level] for level in LEVELS if self.trust.levels[level]}
            if self.trust
            else None,
            "weakest": weakest(self.trust.levels) if self.trust and self.trust.levels else None,
            "anchors": [{"target": one.target, "size": one.size, "state": one.state} for one in self.anchors],
            "damages": [damage.as_data(language) for damage in self.damages],
            "refusals": [refusal.as_data(language) for refusal in self.refusals],
        }
