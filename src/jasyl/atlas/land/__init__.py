"""Land and climate: terrain, cover, people and temperature, which decide where a resource can be used."""
