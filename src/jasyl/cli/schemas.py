"""``jasyl schema``: what an input may hold, as JSON Schema."""

from importlib import import_module
from typing import TYPE_CHECKING, Annotated

import typer

from .options import AsJson, Lang
from .speech import answer

if TYPE_CHECKING:
    from jasyl.intake import Template

# Those of jasyl.registry, written out so that the help of a command need not load it; a test compares them.
TEMPLATES = ("facilities", "projects", "installations", "enterprises", "measures")
# Kinds of records, those of jasyl.ledger, for the same reason.
RECORDS = (
    "import", "device", "batch", "calc", "supersede", "erase", "key", "certificate", "evidence", "decision", "anchor",
    "checkpoint-seen", "sealed", "title",
)  # fmt: skip
_RECORD = "record-"
# Other inputs: the module and function that give their JSON Schema, loaded when asked for.
DOCUMENTS = {
    "advice": ("jasyl.adviser", "form_schema"),
    "construction-chain": ("jasyl.circular.construction", "chain_schema"),
    "city-book": ("jasyl.cities", "book_schema"),
    "plant-report": ("jasyl.emissions.plants", "report_schema"),
    "indicator-catalogue": ("jasyl.indicators", "catalogue_schema"),
    "sdg11": ("jasyl.indicators.sdg11", "sdg11_schema"),
    "indicator-inputs": ("jasyl.circular.physical", "inputs_schema"),
    "push": ("jasyl.monitoring.push", "push_schema"),
    "material-account": ("jasyl.circular.account", "account_schema"),
    "stock-model": ("jasyl.circular", "stock_model_schema"),
    "ghg-pathway": ("jasyl.emissions.pathway", "pathway_schema"),
    "ghg-inventory": ("jasyl.emissions.inventory", "inventory_schema"),
    "waste-programme": ("jasyl.circular.waste", "programme_schema"),
    "siting": ("jasyl.atlas.siting", "rules_schema"),
}
NAMES = (*TEMPLATES, *DOCUMENTS, "biomass-statistics", "material-stocks", *(_RECORD + kind for kind in RECORDS))


def schema(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Left out: the names are listed.")] = None,
    *,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Print the JSON Schema of an input, or list the inputs that have one."""
    if name is None:
        if as_json:
            answer(list(NAMES))
        else:
            typer.echo("\n".join(NAMES))
        return
    if name in DOCUMENTS:
        module, function = DOCUMENTS[name]
        answer(getattr(import_module(module), function)())
        return
    if name.startswith(_RECORD):
        from jasyl.ledger import record_schema  # noqa: PLC0415

        answer(record_schema(name.removeprefix(_RECORD)))
        return
    from jasyl.intake import schema as schema_of  # noqa: PLC0415

    answer(schema_of(template_of(name)))


def template_of(name: str) -> "Template":
    """The template of one kind of file. Raises Refusal ``unknown-template``."""
    if name == "biomass-statistics":
        from jasyl.atlas.biomass.sheet import statistics_template  # noqa: PLC0415

        return statistics_template()
    if name == "material-stocks":
        from jasyl.circular import stock_template  # noqa: PLC0415

        return stock_template()
    from jasyl.registry import file_kind  # noqa: PLC0415

    return file_kind(name).template()
