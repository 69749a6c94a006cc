"""Enterprises, facilities, installations, series, technologies, programmes."""
