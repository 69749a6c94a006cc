"""The entity types of the standard: their sets, properties and navigation links (18-088, clause 8)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EntityType:
    """A type: ``set`` is its name in addresses; ``links`` lead to a type, to many entities or to one."""

    name: str
    set: str
    properties: tuple[str, ...]
    links: dict[str, tuple[str, bool]]
    mandatory: tuple[str, ...] = ()


_DESCRIBED = ("name", "description")
TYPES = {
    each.name: each
    for each in (
        EntityType(
            "Thing",
            "Things",
            (*_DESCRIBED, "properties"),
            {
                "Datastreams": ("Datastream", True),
                "Locations": ("Location", True),
                "HistoricalLocations": ("HistoricalLocation", True),
            },
            _DESCRIBED,
        ),
        EntityType(
            "Location",
            "Locations",
            (*_DESCRIBED, "encodingType", "location", "properties"),
            {"Things": ("Thing", True), "HistoricalLocations": ("HistoricalLocation", True)},
            (*_DESCRIBED, "encodingType", "location"),
        ),
        EntityType(
            "HistoricalLocation",
            "HistoricalLocations",
            ("time",),
            {"Thing": ("Thing", False), "Locations": ("Location", True)},
            ("time",),
        ),
        EntityType(
            "Datastream",
            "Datastreams",
            (
                *_DESCRIBED,
                "observationType",
                "unitOfMeasurement",
                "observedArea",
                "phenomenonTime",
                "resultTime",
                "properties",
            ),
            {
                "Thing": ("Thing", False),
                "Sensor": ("Sensor", False),
                "ObservedProperty": ("ObservedProperty", False),
                "Observations": ("Observation", True),
            },
            (*_DESCRIBED, "observationType", "unitOfMeasurement"),
        ),
        EntityType(
            "Sensor",
            "Sensors",
            (*_DESCRIBED, "encodingType", "metadata", "properties"),
            {"Datastreams": ("Datastream", True)},
            (*_DESCRIBED, "encodingType", "metadata"),
        ),
        EntityType(
            "ObservedProperty",
            "ObservedProperties",
            (*_DESCRIBED, "definition", "properties"),
            {"Datastreams": ("Datastream", True)},
            (*_DESCRIBED, "definition"),
        ),
        EntityType(
            "Observation",
            "Observations",
            ("phenomenonTime", "resultTime", "result", "resultQuality", "validTime", "parameters"),
            {"Datastream": ("Datastream", False), "FeatureOfInterest": ("FeatureOfInterest", False)},
            ("result",),
        ),
        EntityType(
            "FeatureOfInterest",
            "FeaturesOfInterest",
            (*_DESCRIBED, "encodingType", "feature", "properties"),
            {"Observations": ("Observation", True)},
            (*_DESCRIBED, "encodingType", "feature"),
        ),
    )
}
SETS = {each.set: each for each in TYPES.values()}
MEASUREMENT = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"
GEOJSON = "application/geo+json"
