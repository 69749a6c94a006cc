"""A document of this room from a file that somebody brings: JSON, a workbook, CSV files; examined, with every fault."""

from pathlib import Path
from typing import Any, Literal, get_args

import msgspec

from jasyl.papers import template_workbook
from jasyl.texts import Language, Refusal

from .account import Account, parse_account
from .account_checks import examine_account
from .account_faults import Place, in_document
from .account_tables import account_workbook, account_zip, read_account_tables
from .construction import ConstructionChain, run_chain
from .document_sheets import DOCUMENT_PLANS, DocumentPlan
from .document_tables import document_workbook, document_zip, read_document_tables
from .documents import parse_document, refuse_all, schema_of
from .flow_list import read_flow_list
from .lifetime import Entry
from .reconciled import reconcile_account
from .results import headline, suspect_lines
from .sdmx_values import read_sdmx
from .stock_checks import examine_stock_model
from .stock_model import StockModel, run_stock_model
from .stock_sheet import read_stock_sheet, stock_template
from .waste import WasteProgramme, finding_lines, run_programme

DocumentName = Literal["material-account", "stock-model", "construction-chain", "waste-programme"]
DOCUMENT_NAMES: tuple[DocumentName, ...] = get_args(DocumentName)
_WORKBOOKS = (".xlsx", ".xlsm", ".ods")
_LISTS = (".csv", ".tsv", ".txt")


def read_named(name: DocumentName, given: Path | bytes, file: str, *, place: str = "", unit: str = "t") -> Any:
    """The examined document of that name. ``place`` and ``unit`` hold where a sheet of stocks or a flow list cannot
    say them. Raises Refusal, `SeveralRefused` with all faults where there may be several."""
    if name == "material-account":
        account, where = read_account_file(given, file, place=place)
        refuse_all(examine_account(account, where))
        return account
    if name == "stock-model":
        return read_stock_file(given, file, place=place, unit=unit)
    return read_planned(DOCUMENT_PLANS[name], given, file)


def read_account_file(given: Path | bytes, file: str, *, place: str = "") -> tuple[Account, Place]:
    """An account, not examined yet, and how its places are told. A list of flows is of ``place``, else the country."""
    given = _opened(given)
    if _is_tables(given, file):
        tables = read_account_tables(given, file)
        return tables.account, tables.place
    if _suffix(file) in _LISTS:
        flows = read_flow_list(given, file, identity=_identity(file), place=place or "KZ")
        return flows, in_document(file)
    return parse_account(_bytes(given), file), in_document(file)


def read_valued_account(file: Path, values: Path | None) -> tuple[Account, Place]:
    """An account, examined, and how its places are told; with ``values`` their SDMX-CSV in the place of its own."""
    account, where = read_account_file(file, file.name)
    if values is not None:
        account, where = read_sdmx(_bytes(_opened(values)), account, values.name)
    refuse_all(examine_account(account, where))
    return account, where


def read_planned(plan: DocumentPlan, given: Path | bytes, file: str) -> Any:
    """A construction chain or a waste programme from JSON or from tables."""
    given = _opened(given)
    if _is_tables(given, file):
        return read_document_tables(plan, given, file)
    document = parse_document(_bytes(given), plan.kind, file)
    plan.examine(document, file)
    return document


def read_stock_file(
    given: Path | bytes, file: str, *, place: str = "", unit: str = "t", entry: Entry | None = None
) -> StockModel:
    """A model of stocks from JSON or from a sheet; ``entry`` holds against what the document says."""
    content = _bytes(_opened(given))
    if _suffix(file) in (*_WORKBOOKS, *_LISTS, ".zip"):
        return read_stock_sheet(content, file, unit=unit, place=place, entry=entry or "middle")
    model = parse_document(content, StockModel, file)
    if entry is not None:
        model = msgspec.structs.replace(model, entry=entry)
    examine_stock_model(model, file)
    return model


def findings_of(document: Any, file: str, language: Language) -> list[str]:
    """What computing a document finds that a reader should know, in sentences.

    Raises Refusal for a document that cannot be computed: exact values that contradict, a list that takes down more
    than stands.
    """
    match document:
        case Account():
            found = reconcile_account(document, place=in_document(file))
            return [*headline(found, language), *suspect_lines(found, language)]
        case WasteProgramme():
            return finding_lines(run_programme(document), language)
        case ConstructionChain():
            run_chain(document, file)
        case _:
            run_stock_model(document)
    return []


def empty_tables(name: DocumentName, language: Language, *, packed: bool = False) -> bytes:
    """Tables to be filled in: an XLSX workbook, or a zip of CSV files. A model of stocks is one sheet either way."""
    if name == "material-account":
        return account_zip(None, language) if packed else account_workbook(None, language)
    if name == "stock-model":
        return template_workbook(stock_template(), language)
    plan = DOCUMENT_PLANS[name]
    return document_zip(plan, None, language) if packed else document_workbook(plan, None, language)


def document_schema(name: DocumentName) -> dict[str, Any]:
    """The JSON Schema of a document of that name."""
    return schema_of({"material-account": Account, "stock-model": StockModel}.get(name) or DOCUMENT_PLANS[name].kind)


def document_years(document: Any) -> str:
    """The years or periods of a document: ``2023–2045``."""
    if isinstance(document, Account):
        return "–".join(dict.fromkeys((document.periods[0], document.periods[-1])))
    return f"{document.first_year}–{document.last_year}"


def _is_tables(given: Path | bytes, file: str) -> bool:
    return (isinstance(given, Path) and given.is_dir()) or _suffix(file) in (*_WORKBOOKS, ".zip")


def _suffix(file: str) -> str:
    return Path(file).suffix.lower()


def _opened(given: Path | bytes) -> Path | bytes:
    """The bytes of a file; a folder stays what it is."""
    if isinstance(given, bytes) or given.is_dir():
        return given
    try:
        return given.read_bytes()
    except OSError as error:
        raise Refusal("circular-unreadable", received=str(given), reason=error.strerror or str(error)) from error


def _bytes(given: Path | bytes) -> bytes:
    """What must be one file. Raises Refusal ``circular-unreadable`` for a folder."""
    if isinstance(given, Path):
        raise Refusal("circular-unreadable", received=str(given), reason="—")
    return given


def _identity(file: str) -> str:
    kept = "".join(one if one.isascii() and one.isalnum() else "-" for one in Path(file).stem.lower()).strip("-")
    return kept[:60] or "account"
