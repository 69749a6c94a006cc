"""Jasyl: an open information system for the green economy, with a passport under every number."""

__version__ = "0.1.0"
