"""The sheets of a construction chain and of a waste programme: which part of the document a row is, and its columns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from jasyl.intake import Template, TemplateColumn
from jasyl.intake.template import Kind
from jasyl.texts import LANGUAGES, Language, everywhere

from .construction import ConstructionChain, examine_chain
from .waste import WasteProgramme, examine_programme

# What stands behind the name of a column. Pairs are numbers by year or by name: "2024=0,4; 2030=0,5", or one number
# for all; of two keys "paper 2024=0,1; paper 2030=0,4".
_KINDS: dict[str, Kind] = {"#": "decimal", "%": "integer", "?": "boolean"}
Form = Literal["list", "one", "mapping"]


@dataclass(frozen=True)
class SheetPlan:
    """One sheet. ``path`` leads to the part of the document: rows are a ``list``, ``one`` object, or a ``mapping`` by
    their first column. A path of two steps goes through a list: the first column then names its entry.

    Behind the name of a column: ``*`` needed, ``#`` number, ``%`` whole number, ``?`` yes or no, ``=`` pairs,
    ``;`` a list, ``@`` a text that may differ by language.
    """

    name: str
    path: tuple[str, ...]
    columns: str
    form: Form = "list"

    @property
    def written(self) -> tuple[tuple[str, str], ...]:
        """Each column's name in the document and its marks."""
        plain = [(one.rstrip("*#%?=;@"), one) for one in self.columns.split()]
        return tuple((key, one[len(key) :]) for key, one in plain)

    @property
    def nested(self) -> bool:
        return len(self.path) > 1

    @cache  # noqa: B019  (plans are a handful and live as long as the program)
    def template(self) -> Template:
        """The columns as people fill them in."""
        columns: list[TemplateColumn] = []
        for key, marks in self.written:
            kinds: list[Kind] = [_KINDS[mark] for mark in marks if mark in _KINDS]
            kind: Kind = kinds[0] if kinds else "text"
            columns.append(TemplateColumn(key.replace(".", "_"), _headers(key), kind, required="*" in marks))
            if "@" in marks:
                columns += [TemplateColumn(f"{key}_{one}", _in_tongue(key, one)) for one in LANGUAGES]
        return Template(f"circular-{self.name}", tuple(columns))


@dataclass(frozen=True)
class DocumentPlan:
    """All sheets of one kind of document; ``examine`` says what is wrong with one, naming its place."""

    kind: type[Any]
    sheets: tuple[SheetPlan, ...]
    examine: Callable[[Any, str], None]

    def section(self, called: str) -> SheetPlan | None:
        """The sheet of that name, in any language."""
        asked = called.strip().lower()
        names = {
            one.name: {one.name, *(word.lower() for word in _sheet_words(one.name).values())} for one in self.sheets
        }
        return next((one for one in self.sheets if asked in names[one.name]), None)


def sheet_name(plan: SheetPlan, language: Language) -> str:
    """What a sheet is called."""
    return _sheet_words(plan.name)[language]


def _sheet_words(name: str) -> Mapping[Language, str]:
    return everywhere(f"circular-sheet-{name.replace('_', '-')}")


def _headers(key: str) -> dict[Language, str]:
    return dict(everywhere(f"circular-table-{key.replace('_', '-').replace('.', '-')}"))


def _in_tongue(key: str, tongue: Language) -> dict[Language, str]:
    return {one: f"{word} ({tongue})" for one, word in _headers(key).items()}


_FACILITY = (
    "id* role* capacity#* title@ member register first_year% last_year% components; recovery= default_recovery# ash#"
    " metered= load= cv# recovery_cv# opex_per_tonne# revenue_per_tonne# jobs# kind source"
)
_COLLECTING = "separate= rejected# opex_per_tonne# separate_opex_per_tonne# jobs_per_kilotonne# kind source"

CHAIN_SHEETS = DocumentPlan(
    ConstructionChain,
    (
        SheetPlan("chain", (), "title@ place* first_year%* last_year%* demolition entry notes@", "one"),
        SheetPlan(
            "types", ("types",),
            "id* title construction lifetime.kind* lifetime.mean# lifetime.sd# lifetime.shape# lifetime.scale#"
            " lifetime.source site_loss#",
        ),
        SheetPlan(
            "intensities", ("types", "intensities"),
            "of* material* value#* cv# built_from% built_to% kind source",
        ),
        SheetPlan("floor_area", ("floor_area",), "type* built_from%* built_to%* area#* district cv# kind source"),
        SheetPlan("new", ("new",), "type* area=* district between kind source"),
        SheetPlan(
            "demolitions", ("demolitions",),
            "id* year%* last_year% title type built% area# masses= cv# district kind source",
        ),
        SheetPlan(
            "retrofits", ("retrofits",),
            "year%* area#* type built_from% built_to% removed= added= cv# district kind source",
        ),
        SheetPlan(
            "fates", ("fates",), "material* reuse# recycle# backfill# landfill# unknown# recoverable# cv# kind source",
            "mapping",
        ),
        SheetPlan("makers", ("makers",), "material* grade%* loss# contamination#", "mapping"),
        SheetPlan("uses", ("uses",), "id* demand#* grade%* cap#* title source"),
        SheetPlan(
            "buildings", ("buildings",),
            "id* title* type* built%* area#* district address register measured= hazards; reusable; kind source",
        ),
    ),
    examine_chain,
)  # fmt: skip

PROGRAMME_SHEETS = DocumentPlan(
    WasteProgramme,
    (
        SheetPlan(
            "programme", (),
            "title@ place* first_year%* last_year%* composition= composition_source composition_cv# gwp currency"
            " price_year% discount_rate# notes@",
            "one",
        ),
        SheetPlan(
            "members", ("members",),
            "id* title@ population= rate= generation= collected= dumped# burnt# composition= cv# kind source",
        ),
        SheetPlan("collecting", ("collecting",), _COLLECTING, "one"),
        SheetPlan("facilities", ("facilities",), _FACILITY),
        SheetPlan("exchanges", ("exchanges",), "id* direction* member* amount=* title@ kind source"),
        SheetPlan(
            "landfill", ("landfill",), "climate management dump covered? history= gas_collected= member", "one"
        ),
        SheetPlan("targets", ("targets",), "id* definition* year%* value#* title@ source"),
        SheetPlan("scenarios", ("scenarios",), "id* title@ collected= closed; gas_collected= kind source"),
        SheetPlan("scenario_collecting", ("scenarios", "collecting"), f"of* {_COLLECTING}", "one"),
        SheetPlan("scenario_facilities", ("scenarios", "facilities"), f"of* {_FACILITY}"),
        SheetPlan("investments", ("scenarios", "investments"), "of* year%* amount#* title@ source"),
    ),
    examine_programme,
)  # fmt: skip
DOCUMENT_PLANS: Mapping[str, DocumentPlan] = {
    "construction-chain": CHAIN_SHEETS,
    "waste-programme": PROGRAMME_SHEETS,
}
