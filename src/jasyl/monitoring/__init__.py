"""Readings, rollups, performance, dynamics of introduction and development."""
