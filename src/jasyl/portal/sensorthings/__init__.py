"""OGC SensorThings API 1.1 (18-088) over the register and the segments of readings."""
