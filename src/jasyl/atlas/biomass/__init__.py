"""Biomass as a resource: residues of fields, herds, forests and towns, and their energy."""
