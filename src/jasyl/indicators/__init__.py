"""Indicator catalogues, evaluation, scoring."""
