"""Sourced facts: value, unit, date, source, confidence."""
