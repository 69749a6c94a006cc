"""Figures as people read them."""

from jasyl.quantities import written_unit
from jasyl.texts import Language, write_given

from .figure import Figure


def figure_value(figure: Figure, language: Language) -> str:
    """The number of a figure with its unit, a dash where there is none."""
    if figure.value is None:
        return "—"
    written = write_given(language, round(figure.value, 6))
    return f"{written} {written_unit(figure.unit, language)}".strip()
