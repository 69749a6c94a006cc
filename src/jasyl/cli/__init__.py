"""The ``jasyl`` command. Calls rooms, calculates nothing; exit code 0 done, 1 refused, 2 wrong usage."""

from .program import main

__all__ = ["main"]
