"""The queue of the Copernicus data stores: ask for a job, wait for it, download what it made.

Their API is OGC API - Processes: ``POST processes/DATASET/execution``, ``GET jobs/ID`` until the status is
``successful``, ``GET jobs/ID/results`` for the address, size and MD5 of the file.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from jasyl.intake.outgoing import Answer, Download
from jasyl.texts import Refusal

from .catalogue import Publisher
from .content import check_sum
from .plan import Piece, Wanted
from .transfer import Transfer

_FIRST_WAIT, _LONGEST_WAIT = 2.0, 120.0
# The store has let go of the job or of its file, or the job was asked for under another account.
_GONE = frozenset((403, 404, 410))


def jobs(source: Publisher, wanted: Wanted) -> list[tuple[Piece, dict[str, Any]]]:
    """One job a month: the stores refuse larger ones. The second part is what is asked for."""
    west, south, east, north = wanted.box
    made: list[tuple[Piece, dict[str, Any]]] = []
    for year in wanted.years:
        for month in range(1, 13):
            name = (source.name or "{year}_{month}").format(year=year, month=f"{month:02}")
            inputs = _inputs(source, wanted, year, month) | {"area": [north, west, south, east]}
            made.append((Piece(name, source.address[0]), inputs))
    return made


def _inputs(source: Publisher, wanted: Wanted, year: int, month: int) -> dict[str, Any]:
    variables = list(wanted.variables or source.variables)
    days = [f"{day:02}" for day in range(1, 32)]
    if source.id == "glofas":
        return {
            "system_version": ["version_4_0"],
            "hydrological_model": ["lisflood"],
            "product_type": ["consolidated"],
            "variable": variables,
            "hyear": [str(year)],
            "hmonth": [f"{month:02}"],
            "hday": days,
            "data_format": "netcdf",
            "download_format": "unarchived",
        }
    product = {"product_type": ["reanalysis"]} if source.id == "era5" else {}
    return {
        **product,
        "variable": variables,
        "year": [str(year)],
        "month": [f"{month:02}"],
        "day": days,
        "time": [f"{hour:02}:00" for hour in range(24)],
        "data_format": "netcdf",
        "download_format": "unarchived",
    }


def fetch_job(
    source: Publisher, piece: Piece, inputs: Mapping[str, Any], file: Path, headers: Mapping[str, str], how: Transfer
) -> Download:
    """The file of one job; a job that is already asked for is gone on with, also by another process.

    What an earlier job made is not kept for ever: where the store no longer has it, it is asked for anew.

    Raises Refusal ``fetch-key-refused``, ``fetch-job-failed`` with the publisher's words, ``fetch-checksum``, and those
    of ``Transfer``.
    """
    base = f"{piece.url}/retrieve/v1"
    note = file.with_name(f"{file.name}.job.json")
    standing = _standing(note, inputs)
    if standing is not None:
        try:
            return _collect(base, source, standing, file, headers, how, note)
        except Refusal as refusal:
            if refusal.arguments.get("status") not in _GONE:
                raise
    job = _submit(base, source, inputs, headers, how, note)
    return _collect(base, source, job, file, headers, how, note)


def _collect(
    base: str, source: Publisher, job: str, file: Path, headers: Mapping[str, str], how: Transfer, note: Path
) -> Download:
    """Wait for a job and fetch what it made; a job that came to nothing is forgotten, the next attempt asks anew."""
    try:
        _wait(base, source, job, headers, how)
        asset = _asked(how.request("GET", f"{base}/jobs/{job}/results", headers), source)["asset"]["value"]
        got = how.download(urljoin(base, str(asset["href"])), file)
    except Refusal as refusal:
        if refusal.code == "fetch-job-failed" or refusal.arguments.get("status") in _GONE:
            note.unlink(missing_ok=True)
        raise
    if asset.get("file:checksum"):
        check_sum(file, "md5", str(asset["file:checksum"]))
    note.unlink(missing_ok=True)
    how.request("DELETE", f"{base}/jobs/{job}", headers)  # as the stores ask for; its answer changes nothing
    return got


def _submit(
    base: str, source: Publisher, inputs: Mapping[str, Any], headers: Mapping[str, str], how: Transfer, note: Path
) -> str:
    body = json.dumps({"inputs": inputs}).encode()
    url = f"{base}/processes/{source.version}/execution"
    answer = how.request("POST", url, {**headers, "Content-Type": "application/json"}, body)
    job = str(_asked(answer, source)["jobID"])
    note.write_text(json.dumps({"job": job, "inputs": inputs}), encoding="utf-8")
    return job


def _wait(base: str, source: Publisher, job: str, headers: Mapping[str, str], how: Transfer) -> None:
    wait, polls = _FIRST_WAIT, 0
    while True:
        answer = how.request("GET", f"{base}/jobs/{job}", headers)
        status = str(_asked(answer, source).get("status"))
        how.progress.step("fetch-step-queue", polls)
        if status == "successful":
            return
        if status not in ("accepted", "running"):
            results = how.request("GET", f"{base}/jobs/{job}/results", headers)
            raise Refusal("fetch-job-failed", received=source.title, reason=_words(results) or status)
        how.pause(wait, how.progress)
        wait, polls = min(wait * 1.5, _LONGEST_WAIT), polls + 1


def _standing(note: Path, inputs: Mapping[str, Any]) -> str | None:
    """The job that an interrupted fetch asked for, when it asked for the same."""
    try:
        kept = json.loads(note.read_text(encoding="utf-8"))
        return str(kept["job"]) if kept["inputs"] == inputs else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _asked(answer: Answer, source: Publisher) -> Any:
    if answer.status in (401, 403):
        raise Refusal(
            "fetch-key-refused", received=source.title, reason=_words(answer), page=source.page, status=answer.status
        )
    if answer.status >= 400:
        reason = _words(answer) or f"HTTP {answer.status}"
        raise Refusal("fetch-job-failed", received=source.title, reason=reason, status=answer.status)
    try:
        return json.loads(answer.body)
    except ValueError as error:
        raise Refusal("fetch-job-failed", received=source.title, reason="no JSON") from error


def _words(answer: Answer) -> str:
    """What the store says went wrong, shortened."""
    try:
        said = json.loads(answer.body)
        parts = [str(said[key]) for key in ("title", "detail", "traceback") if said.get(key)]
    except (ValueError, AttributeError):
        return f"HTTP {answer.status}"
    return " ".join(": ".join(parts).split())[:300]
