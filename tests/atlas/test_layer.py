import pytest

from jasyl.atlas import FAMILIES, LAYERS, Layer, catalogue, definition
from jasyl.storage import DataFolder
from jasyl.texts import LANGUAGES, Refusal, say


def test_catalogue_shows_every_family_and_what_is_missing(atlas: DataFolder, empty: DataFolder):
    found = catalogue(atlas)
    assert [layer.id for layer in found] == [layer.id for layer in LAYERS]
    assert {layer.id for layer in found if layer.state == "built"} == {"solar.ghi_clear", "solar.dni_clear"}
    assert {layer.family for layer in found} == set(FAMILIES)
    assert all(layer.state == "waiting" for layer in catalogue(empty))


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.id)
def test_every_layer_speaks_three_languages(layer: Layer):
    for language in LANGUAGES:
        texts = [layer.title(language), layer.label(language), layer.about(language), layer.load(language)]
        texts += [
            say(language, f"layer-family-{layer.family}"),
            say(language, f"layer-uncertainty-{layer.uncertainty}"),
        ]
        texts += [layer.units.written(language)] if layer.unit != "1" else []  # codes have no unit
        assert all(text and text.strip() for text in texts)
    assert len({layer.title(language) for language in LANGUAGES}) == 3


def test_a_waiting_layer_claims_nothing():
    for layer in LAYERS:
        assert (layer.file, layer.array, layer.method) == (None, None, None)
        assert not layer.sources
        assert not layer.inputs


def test_built_layers_need_nothing(atlas: DataFolder):
    assert catalogue(atlas)[0].load("en") is None


def test_unknown_layer():
    with pytest.raises(Refusal, match=r"solar\.ghi_clear"):
        definition("solar.moonlight")
