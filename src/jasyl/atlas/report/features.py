"""Features that distances are measured to: grid, roads, protected areas, as ``jasyl atlas load-features`` left them."""

import msgspec

from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from ..loading.features import FeatureRecord, features_file
from ..siting.rules import VectorSource
from ..siting.sources import Features, features


def loaded(folder: DataFolder, subject: str) -> tuple[Features, FeatureRecord] | None:
    """The features of a subject with their record; None while none are loaded.

    Raises Refusal ``layer-damaged`` and what ``siting.sources.features`` raises.
    """
    target = features_file(folder, subject)
    try:
        record = msgspec.json.decode(target.with_suffix(".json").read_bytes(), type=FeatureRecord)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        raise Refusal("layer-damaged", received=target.name, reason=str(error)[:200]) from error
    return features(VectorSource(file=target.name), target.parent), record
