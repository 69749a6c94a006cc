"""Cash flows, levelised cost, risk, abatement curves, pipeline."""
