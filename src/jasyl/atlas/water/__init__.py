"""Water as a resource: rivers, runoff and hydropower."""
