"""Names of the indicators that figures of readings, the register and plants stand under, as people read them."""

from typing import cast

from jasyl.emissions import AVOIDED_INDICATORS
from jasyl.registry import MapFamily, family_name
from jasyl.texts import Language, has, say

from .dynamics_figures import DYNAMICS_INDICATORS
from .forecast_figures import FORECAST_INDICATORS
from .performance_ratios import RATIO_INDICATORS
from .savings_figures import SAVINGS_INDICATORS


def indicator_name(indicator: str, language: Language) -> str:
    """The name of an indicator, one of dynamics with the family it is about; the id itself of one unknown here."""
    if indicator in AVOIDED_INDICATORS:
        baseline = AVOIDED_INDICATORS[indicator].name(language)
        return say(language, "indicator-emissions-avoided", baseline=baseline)
    if indicator in SAVINGS_INDICATORS:
        quantity = say(language, f"quantity-{_words(SAVINGS_INDICATORS[indicator])}")
        return say(language, "indicator-savings", quantity=quantity)
    if indicator in RATIO_INDICATORS:
        return say(language, _words(indicator))
    measure, family = (DYNAMICS_INDICATORS | FORECAST_INDICATORS).get(indicator, (None, None))
    name = indicator if measure is None else f"{indicator.partition('.')[0]}.{measure}"
    message = f"indicator-{_words(name)}"
    said = say(language, message) if has(language, message) else indicator
    return f"{said}: {family_name(cast('MapFamily', family), language)}" if family else said


def _words(key: str) -> str:
    return key.replace(".", "-").replace("_", "-")
