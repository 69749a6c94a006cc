"""The wind as a resource: speed, power density, and what turbines make of it."""
