"""The gateway beside meters: polls, spools to disk, pushes until acknowledged. Imports nothing of jasyl."""

__version__ = "0.1.0"
