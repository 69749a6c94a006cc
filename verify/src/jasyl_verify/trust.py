"""What the signatures in records are worth, by the order of the log: of authors, of gateways, of meters."""

from collections import defaultdict
from collections.abc import Mapping

from .notes import Checkpoint, record_key_verifies
from .records import DAY, Record, Refused, canonical


class Trust:
    """Records by their place in the log. ``reached`` are those that others were found to rest on."""

    def __init__(self) -> None:
        self.records: dict[int, Record] = {}
        self.places: dict[str, int] = {}
        self.reached: set[int] = set()
        self._ended: defaultdict[str, list[int]] = defaultdict(list)

    def tell(self, place: int, identity: str, record: Record) -> None:
        """Take in the record at ``place``."""
        self.records[place] = record
        self.places[identity] = place
        if record["type"] == "key" and record["status"] != "active":
            self._ended[record["vkey"]].append(place)

    def forget(self, place: int) -> None:
        """Let go of a record on which none can rest."""
        del self.records[place]

    def names(self, head: Checkpoint, under: Mapping[int, str]) -> None:
        """Records stand ``under`` the log's name, or a former one before the place where a record tells it ended."""
        ends, told = {head.origin: head.size}, dict[str, int]()
        for place, record in sorted(self.records.items(), reverse=True):
            if place < record.get("former_size", 0):
                raise Refused("record", place)
            if "former_size" in record and place < ends.get(record["log_origin"], 0) and record["holder"] not in ends:
                ends[record["holder"]], told[record["holder"]] = record["former_size"], place
        for place, name in under.items():
            if place >= ends.get(name, 0):
                raise Refused("record", place)
            self.reached |= {told[name]} if name in told else set()

    def find(self, identity: str) -> int | None:
        """The index of a record by id, which from now on counts as reached."""
        index = self.places.get(identity)
        if index is not None:
            self.reached.add(index)
        return index

    def author(self, place: int) -> int:
        """Verify the author's signatures of a record; gives how many."""
        record = self.records[place]
        if "sigs" not in record:
            return 0
        unsigned = {name: value for name, value in record.items() if name != "sigs"}
        self._signatures(place, record["sigs"], b"jasyl-record/1\n" + canonical(unsigned))
        return len(record["sigs"])

    def device(self, place: int) -> Record | None:
        """The meter of a sealed day; None in schema 1."""
        batch = self.records[place]
        if "device" not in batch:
            return None
        at = self.find(batch["device"])
        device = self.records[at] if at is not None else {}
        same = device.get("type") == "device" and all(
            device[name] == batch[name] for name in ("series", "unit", "scale")
        )
        if at is None or not same or at > place:
            raise Refused("device", place)
        return device

    def level(self, place: int) -> str:
        """The level of trust of a sealed day, its signatures verified."""
        batch, device = self.records[place], self.device(place)
        if batch["trust"] == "operator-entered" or "day_sigs" not in batch:
            return "operator-entered"
        if device is None or device["key"] is None or device["trust"] != batch["trust"]:
            raise Refused("device", place)
        if any(each["key"] != device["key"] for each in batch["day_sigs"]):
            raise Refused("record-signature", place)
        day = b"jasyl-day/1\n" + canonical({name: batch[name] for name in DAY})
        self._signatures(place, batch["day_sigs"], day)
        return batch["trust"]

    def _signatures(self, place: int, signatures: list[dict[str, str]], message: bytes) -> None:
        for each in signatures:
            at = self.find(each["key"])
            key = self.records[at] if at is not None else {}
            if at is None or key["type"] != "key":
                raise Refused("record-signature", place)
            ended = self._ended[key["vkey"]]
            if key["status"] == "active":
                self.reached.update(ended)
            if key["status"] != "active" or at > place or any(other < place for other in ended):
                raise Refused("key-order", place)
            if not record_key_verifies(key["vkey"], message, each["sig"]):
                raise Refused("record-signature", place)
        if len({each["key"] for each in signatures}) != len(signatures):
            raise Refused("record-signature", place)
