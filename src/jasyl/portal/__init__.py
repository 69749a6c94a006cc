"""Pages, API and open standards over HTTP."""
