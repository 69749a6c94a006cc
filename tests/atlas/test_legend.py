import xml.etree.ElementTree as ElementTree
from decimal import Decimal

import numpy as np
import pytest

from jasyl.atlas import legend
from jasyl.atlas.colour import decode, oklab, ramp
from jasyl.atlas.layer_catalogue import SCALES
from jasyl.texts import LANGUAGES, Refusal

BUILT = ["solar.ghi_clear", "solar.dni_clear"]
# Severity 1.0: G. M. Machado et al., IEEE Transactions on Visualization and Computer Graphics 15 (2009) 1291, table.
DEFICIENCY = {
    "none": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def _seen(colours: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Oklab of colours as somebody with the deficiency sees them."""
    linear = np.clip(decode(colours) @ matrix.T, 0, 1)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return oklab(encoded * 255)


@pytest.mark.parametrize("layer", BUILT)
@pytest.mark.parametrize("deficiency", DEFICIENCY)
def test_classes_are_told_apart_by_everybody(layer: str, deficiency: str):
    """Lightness falls from class to class, and neighbours stay 0.03 apart in Oklab (0.02 is just noticeable)."""
    colours = np.array([entry.colour for entry in legend(layer).classes], dtype=np.float64)
    seen = _seen(colours, DEFICIENCY[deficiency])
    assert (np.diff(seen[:, 0]) < -0.015).all()
    assert np.linalg.norm(np.diff(seen, axis=0), axis=1).min() > 0.03


@pytest.mark.parametrize("layer", BUILT)
def test_steps_look_equally_large(layer: str):
    colours = np.array([entry.colour for entry in legend(layer).classes], dtype=np.float64)
    steps = np.linalg.norm(np.diff(oklab(colours), axis=0), axis=1)
    assert steps.max() / steps.min() < 1.25  # equal along the polyline; a corner cuts a little off


def test_oklab_known_answers():
    """White is (1, 0, 0); pure red is (0.628, 0.225, 0.126), from the author's own table."""
    assert oklab(np.array([[255.0, 255, 255]]))[0] == pytest.approx([1, 0, 0], abs=1e-4)
    assert oklab(np.array([[255.0, 0, 0]]))[0] == pytest.approx([0.628, 0.225, 0.126], abs=1e-3)
    assert ramp(("#112233", "#fedcba"), 2) == ((0x11, 0x22, 0x33), (0xFE, 0xDC, 0xBA))


@pytest.mark.parametrize("layer", BUILT)
@pytest.mark.parametrize("band", [0, 1, 7])
def test_classes_cover_every_value_once(layer: str, band: int):
    found = legend(layer, band)
    assert found.classes[0].lower is None
    assert found.classes[-1].upper is None
    for left, right in zip(found.classes[:-1], found.classes[1:], strict=True):
        assert left.upper == right.lower
    assert list(found.breaks) == sorted(set(found.breaks))
    assert all(isinstance(edge, Decimal) for edge in found.breaks)


def test_all_months_share_one_legend():
    assert legend("solar.ghi_clear", 1).breaks == legend("solar.ghi_clear", 12).breaks
    assert legend("solar.ghi_clear", 0).breaks != legend("solar.ghi_clear", 1).breaks


@pytest.mark.parametrize(("layer", "tenths"), [("solar.pvout", (36, 40, 51, 54)), ("solar.gti", (43, 48, 61, 65))])
def test_fixed_panels_and_two_axes_fit_one_scale(layer: str, tenths: tuple[int, ...]):
    """Nine cells in ten of the made-up year: from the first to the second number, on two axes from third to fourth."""
    found = [sum(edge <= Decimal(value) / 10 for edge in legend(layer).breaks) for value in tenths]
    assert found == sorted(set(found))
    assert found[0] > 0  # the lowest class is left for steeper panels


def test_labels_are_written_as_the_language_writes():
    found = legend("solar.ghi_clear")
    assert [found.label(number, "en") for number in (0, 1, 11)] == ["< 4.2", "4.2–4.4", "≥ 6.2"]
    assert found.label(1, "ru") == "4,2–4,4"
    data = found.as_data("kk")
    assert data["kind_text"] == "жоғарғы шек: ашық аспан"
    assert data["unit_text"] == "кВт·сағ/(м²·тәул)"
    assert data["classes"][1] | {"colour": ""} == {"lower": "4.2", "upper": "4.4", "colour": "", "label": "4,2–4,4"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_svg_is_a_picture_with_words(language: str):
    root = ElementTree.fromstring(legend("solar.dni_clear", 3).svg(language))
    space = "{http://www.w3.org/2000/svg}"
    boxes = root.findall(f"{space}rect")
    assert [box.get("fill") for box in boxes] == [entry.hex for entry in legend("solar.dni_clear").classes]
    assert root.find(f"{space}title").text
    assert "14" in root.find(f"{space}desc").text


def test_no_legend_without_classes_or_band(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delitem(SCALES, "wind.speed_100m")
    for arguments, code in [(("wind.speed_100m",), "layer-waiting"), (("solar.ghi_clear", 13), "layer-band")]:
        with pytest.raises(Refusal) as refusal:
            legend.__wrapped__(*arguments)
        assert refusal.value.code == code


def test_codes_have_names_instead_of_edges():
    found = legend("land.cover")
    assert not found.breaks
    assert (found.classes[0].code, found.classes[0].hex) == (10, "#006400")
    assert [found.label(3, language) for language in LANGUAGES] == ["егістік", "пашня", "cropland"]
    assert found.as_data("en")["classes"][3] | {"colour": ""} == {
        "lower": None,
        "upper": None,
        "colour": "",
        "label": "cropland",
        "code": 40,
    }
    assert "cropland" in found.svg("en")
