"""Material flows and stocks, reconciliation, waste, construction."""
