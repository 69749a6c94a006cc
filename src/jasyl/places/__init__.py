"""Country, regions, districts, settlements: codes, names, shapes."""
