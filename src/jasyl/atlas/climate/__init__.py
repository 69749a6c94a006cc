"""The climate at stations: published normals of temperature and precipitation, at their points and nowhere else."""
