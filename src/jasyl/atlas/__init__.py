"""Maps of resources: solar, wind, water, biomass, waste, geothermal."""
