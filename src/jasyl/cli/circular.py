"""``jasyl circular``: material flows and stocks, waste, construction."""

import typer

from . import (
    circular_construction,
    circular_figures,
    circular_indicators,
    circular_reconcile,
    circular_stocks,
    circular_tables,
    circular_waste,
)

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def circular() -> None:
    """Circular economy: accounts, stocks, waste, indicators."""


circular_reconcile.register(app)
circular_stocks.register(app)
circular_construction.register(app)
circular_waste.register(app)
circular_indicators.register(app)
circular_figures.register(app)
circular_tables.register(app)
