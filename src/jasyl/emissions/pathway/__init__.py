"""Low-carbon pathways of a city: a baseline, measures, scenarios to a year, targets, and what each measure abates."""

from .document import Measure, Pathway, Scenario, Segment, Target, pathway_of, pathway_schema, read_pathway
from .scenario import Course, Reached, Standing, courses, examine, reached, standing

__all__ = [
    "Course",
    "Measure",
    "Pathway",
    "Reached",
    "Scenario",
    "Segment",
    "Standing",
    "Target",
    "courses",
    "examine",
    "pathway_of",
    "pathway_schema",
    "reached",
    "read_pathway",
    "standing",
]
