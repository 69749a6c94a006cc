"""Waste as a resource: what arises where, what of it can be recovered, and landfill gas."""
