"""Which modules hang tables on METADATA; for migrations and tests that must see all of them."""

ROOMS_WITH_TABLES = (
    "jasyl.certificates.tables",
    "jasyl.certificates.titles.tables",
    "jasyl.cities.tables",
    "jasyl.facts.tables",
    "jasyl.figures.tables",
    "jasyl.ledger.confidential.tables",
    "jasyl.ledger.tables",
    "jasyl.monitoring.delivery_tables",
    "jasyl.monitoring.dropped_spans",
    "jasyl.monitoring.tables",
    "jasyl.people.tables",
    "jasyl.portal.sensorthings.tables",
    "jasyl.registry.tables",
)
