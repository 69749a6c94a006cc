"""Reconciliation for notebooks: DataFrames in, DataFrames out. Loads pandas."""

from typing import TYPE_CHECKING, Any

import numpy as np

from .account import Flow, Observation
from .documents import convert_document
from .flow_list import account_of_flows
from .reconciled import Reconciled, reconcile_account, shown_in

if TYPE_CHECKING:
    import pandas as pd

_FLOW = ("id", "source", "target", "material", "name", "negative")


def reconcile_frame(flows: "pd.DataFrame", observations: "pd.DataFrame", *, place: str = "KZ") -> Reconciled:
    """Reconcile tables: ``flows`` (id, source, target, material), ``observations`` (of, period, value, unit, sd, source
    and any other field of an observation). A process that only gives or only takes is a boundary.

    Raises Refusal as `reconcile_account`; faults name the row (counted from 0) as ``observations[3].unit``.
    """
    made_flows = [
        convert_document({key: value for key, value in row.items() if key in _FLOW}, Flow, f"flows[{at}]")
        for at, row in enumerate(_rows(flows))
    ]
    made = [convert_document(row, Observation, f"observations[{at}]") for at, row in enumerate(_rows(observations))]
    return reconcile_account(account_of_flows(made_flows, made, identity="frame", place=place))


def frame_of(found: Reconciled) -> "pd.DataFrame":
    """All rows of a reconciliation: observed, reconciled and modelled values one below the other, in shown units."""
    import pandas as pd  # noqa: PLC0415

    return pd.DataFrame([vars(shown_in(row, found.account)) for row in found.rows]).rename(columns={"base": "unit"})


def _rows(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    """Rows as objects, what is missing left out; numbers written as Python writes them."""
    listed: list[dict[str, Any]] = []
    for row in frame.to_dict("records"):
        kept = {str(key): value for key, value in row.items() if not _missing(value)}
        listed.append({key: repr(float(value)) if _number(value) else value for key, value in kept.items()})
    return listed


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and np.isnan(value))


def _number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool | np.bool_)
