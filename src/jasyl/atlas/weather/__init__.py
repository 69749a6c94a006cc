"""Weather through time: a store converted once from reanalysis files, and files read as they are."""
