"""The catalogue: every layer the atlas knows, family by family, and the records of those that are built."""

from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec.structs import replace

from jasyl.storage import DataFolder, write_durably
from jasyl.texts import Refusal

from .biomass import layers as biomass
from .climate import layers as climate
from .geothermal import layers as geothermal
from .land import layers as land
from .layer import Layer
from .scale import Scale
from .solar import layers as solar
from .waste import layers as waste
from .water import layers as water
from .wind import layers as wind

_FAMILIES = (solar, wind, water, biomass, waste, geothermal, land, climate)
# In the order in which people see them.
LAYERS: tuple[Layer, ...] = tuple(layer for family in _FAMILIES for layer in family.LAYERS)
# How the values of a layer are coloured, by its id.
SCALES: dict[str, Scale] = {key: scale for family in _FAMILIES for key, scale in family.SCALES.items()}


def definition(layer_id: str) -> Layer:
    """The layer as the atlas defines it, before any data. Raises Refusal ``layer-unknown``."""
    for layer in LAYERS:
        if layer.id == layer_id:
            return layer
    raise Refusal("layer-unknown", received=layer_id[:60], expected=", ".join(layer.id for layer in LAYERS))


def catalogue(folder: DataFolder) -> list[Layer]:
    """Every layer of the atlas in fixed order: the record of those that are built, else the definition."""
    return [read_record(folder, layer.id) or layer for layer in LAYERS]


def read_record(folder: DataFolder, layer_id: str) -> Layer | None:
    """The record of a built layer, None when it is not built.

    Raises Refusal ``layer-unknown``, and ``layer-damaged`` when the record cannot be understood.
    """
    definition(layer_id)
    file = folder.atlas / f"{layer_id}.json"
    try:
        return msgspec.json.decode(file.read_bytes(), type=Layer)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        raise Refusal("layer-damaged", received=file.name, reason=str(error)[:200]) from error


def put_in_place(
    folder: DataFolder, draft: Layer, digest: str, ending: str, write: Callable[[Path, Layer], None]
) -> Layer:
    """Store the values of a layer and the record that names them; gives the record.

    ``write`` makes the file ``<id>.<digest>.<ending>`` of the record it is given. The record comes after it, durably:
    from there on the layer is the new one. Files of older values go, and layers that were worked out with them.
    """
    name = f"{draft.id}.{digest[:16]}.{ending}"
    layer = replace(draft, state="built", array=digest, file=name)
    write(folder.atlas / name, layer)
    write_record(folder, layer)
    for older in folder.atlas.glob(f"{draft.id}.*.{ending}"):
        if older.name != name:
            older.unlink()
    for follower, leader in solar.GOES_WITH.items():
        if leader == layer.id:
            withdraw(folder, follower)
    return layer


def withdraw(folder: DataFolder, layer_id: str) -> None:
    """Take a built layer away: it waits for its data again. The record goes first: none may name a missing file."""
    (folder.atlas / f"{layer_id}.json").unlink(missing_ok=True)
    for file in folder.atlas.glob(f"{layer_id}.*"):
        file.unlink()


def write_record(folder: DataFolder, layer: Layer) -> None:
    """Put the record in place of an older one, durably: from here on the layer is the new one."""
    write_durably(folder.atlas / f"{layer.id}.json", layer.canonical())
