"""The sun as a resource: irradiation, and what photovoltaics make of it."""
