"""What a conversion has done: its plan, and a durable line for each piece of work, so that a killed one goes on."""

import json
import os
from pathlib import Path
from typing import Any

from jasyl.quantities import canonical_json
from jasyl.storage import write_durably
from jasyl.texts import Refusal


class Journal:
    """The working folder of one conversion. Work is noted after its bytes are on disk; a half line at the end is none.

    ``chunks`` maps a finished map-wise chunk to what was noted for it, ``series`` a finished series-wise shard's file
    to its CRC-32C.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.chunks: dict[int, dict[str, Any]] = {}
        self.series: dict[str, str] = {}
        self._file = folder / "journal.jsonl"
        self._plan = folder / "plan.json"

    @property
    def is_begun(self) -> bool:
        """Whether there is a plan to go on with."""
        return self._plan.exists()

    def begin(self, plan: dict[str, Any]) -> bool:
        """Open the journal for ``plan``; True when it goes on with one begun before.

        Raises Refusal ``weather-plan-differs`` when what stands there was begun for another plan.
        """
        written = canonical_json(plan)
        if self.is_begun:
            if self._plan.read_bytes() != written:
                name, different = self.folder.name[1:].removesuffix(".part"), _difference(self._plan, plan)
                raise Refusal("weather-plan-differs", received=name, different=different, path=str(self.folder))
            self._replay()
            return True
        write_durably(self._plan, written)
        return False

    def note_chunk(self, number: int, found: dict[str, Any]) -> None:
        """A map-wise chunk is on disk."""
        self.chunks[number] = found
        self._append({"chunk": number, "fields": found})

    def note_series(self, file: str, crc: str) -> None:
        """A series-wise shard is on disk."""
        self.series[file] = crc
        self._append({"series": file, "crc32c": crc})

    def _append(self, line: dict[str, Any]) -> None:
        descriptor = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            os.write(descriptor, json.dumps(line, separators=(",", ":")).encode() + b"\n")
            os.fdatasync(descriptor)
        finally:
            os.close(descriptor)

    def _replay(self) -> None:
        if not self._file.exists():
            return
        content = self._file.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            os.truncate(self._file, len(whole))
        for line in whole.splitlines():
            noted: dict[str, Any] = json.loads(line)
            if "chunk" in noted:
                self.chunks[noted["chunk"]] = noted["fields"]
            else:
                self.series[noted["series"]] = noted["crc32c"]


def _difference(plan_file: Path, plan: dict[str, Any]) -> str:
    before: dict[str, Any] = json.loads(plan_file.read_bytes())
    return ", ".join(sorted(key for key in plan.keys() | before.keys() if plan.get(key) != before.get(key)))
