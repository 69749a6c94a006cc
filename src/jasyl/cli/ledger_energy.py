"""``jasyl ledger energy``: joules of a record, measured here, beside what others publish."""

from typing import Annotated

import msgspec
import typer

from jasyl.storage import alone, database_of, open_folder
from jasyl.texts import Language, say, write_number

from .options import HERE, AsJson, Data, Lang
from .speech import answer, reader_language, table

_PREFIXES = ((1e9, "giga"), (1e6, "mega"), (1e3, "kilo"), (1.0, "none"), (1e-3, "milli"), (1e-6, "micro"))


def energy(
    *,
    core: Annotated[float | None, typer.Option("--core", help="Watts of a busy core, from now on.")] = None,
    server: Annotated[float | None, typer.Option("--server", help="Watts of the log's share of its server.")] = None,
    witness: Annotated[float | None, typer.Option("--witness", help="Watts of one witness.")] = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Estimate the energy of one record from measured processor time and assumed watts, beside other systems."""
    from jasyl.adviser import energy_beside_others  # noqa: PLC0415
    from jasyl.ledger import Watts, log_energy, read_spent, set_watts  # noqa: PLC0415
    from jasyl.ledger.anchoring import transactions_a_day  # noqa: PLC0415
    from jasyl.ledger.keeper import LOCK  # noqa: PLC0415

    folder, language = open_folder(data), reader_language(asked=lang)
    given = {name: one for name, one in (("core", core), ("server", server), ("witness", witness)) if one is not None}
    if given:
        with alone(folder, database_of(folder), LOCK, wait=True):
            spent = read_spent(folder.log)
            set_watts(folder, msgspec.structs.replace(spent.watts if spent else Watts(), **given))
    own = log_energy(folder)
    rows = energy_beside_others(own, transactions_a_day(folder), language)
    if as_json:
        measured = None
        if own is not None:
            measured = msgspec.to_builtins(own.spent) | {
                "witnesses": own.witnesses,
                "records_per_day": own.records_per_day,
                "marginal_joules": own.marginal,
                "always_on_joules": own.always_on,
            }
        answer({"estimate": True, "measured": measured, "joules_per_record": rows})
        return
    typer.echo(say(language, "energy-what" if own else "energy-nothing"))
    for row in rows:
        shown = _joules(row["high"], language)
        system, kind = say(language, f"adviser-system-{row['system']}"), say(language, f"kind-{row['kind']}")
        table([(shown, system, kind, str(row["source"]))])


def _joules(value: float | str | None, language: Language) -> str:
    """Three significant digits under the prefix that keeps them short: 4.23 mJ, 15.9 kJ."""
    if value is None:
        return "—"
    amount = float(value)
    scale, prefix = next((each for each in _PREFIXES if amount >= each[0]), _PREFIXES[-1])
    number = write_number(language, float(f"{amount / scale:.3g}"))
    return say(language, "energy-joules", value=number, prefix=prefix)
