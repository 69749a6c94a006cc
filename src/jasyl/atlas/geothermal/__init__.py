"""The heat of the ground as a resource: wells, springs and basins."""
