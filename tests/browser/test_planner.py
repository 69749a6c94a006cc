"""The planner's form beside the map: a changed tilt is a changed layer, without leaving the page."""

import re

import pytest
from playwright.sync_api import expect
from tests.serving import serving

from .conftest import visitor


@pytest.fixture(scope="module")
def planner(chromium, planning_folder):
    """``visit`` over an installation whose weather is made up."""
    with serving(planning_folder) as address:
        yield visitor(chromium, address)


def number(text):
    return float(re.sub(r"[^\d.-]", "", text.split("kWh")[0]))


def test_a_changed_form_is_a_changed_layer_of_the_map(planner):
    with planner("/en/atlas/solar/recompute?tilt=30") as page:
        page.wait_for_selector(".view-list tbody tr button", state="attached")
        page.get_by_role("button", name="Value at the centre of the map").click()
        value, standard = page.locator(".map-card .value strong"), page.locator(".map-card .standard")
        value.wait_for()
        before, against = value.inner_text(), standard.inner_text()
        with page.expect_response("**/atlas/solar/recompute/value/0/*/*/*.png?*tilt=85*") as tile:
            page.get_by_label("Tilt, °").fill("85")
            page.get_by_label("Tilt, °").blur()
        assert tile.value.status == 200
        expect(value).not_to_have_text(before)
        expect(value).to_contain_text("kWh")
        assert number(value.inner_text()) < number(before)
        assert standard.inner_text() == against
        assert "tilt=85" in page.url
        # A month, and then an impossible value, which leaves the map as it stands.
        page.locator("#map-band").fill("6")
        page.wait_for_function("() => location.hash.includes('band=6')")
        page.get_by_label("Tilt, °").fill("95")
        page.get_by_label("Tilt, °").blur()
        page.locator("#planner-refusal .alert").wait_for()
        assert page.locator(".legend output").inner_text() == "June"
