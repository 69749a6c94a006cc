"""``make bench``: every benchmark, or those named (``make bench ARGS="ledger atlas"``). Prints; judges nothing."""

import importlib
import os
import platform
import sys
import time
from pathlib import Path

# Half an hour: ``make soak`` has it.
ELSEWHERE = {"soak"}


def main(asked: list[str]) -> int:
    """Run the benchmarks; wrong names are told with those that exist."""
    files = Path(__file__).parent.glob("*.py")
    known = sorted({file.stem for file in files if "\ndef run(" in file.read_text(encoding="utf-8")} - ELSEWHERE)
    unknown = set(asked) - set(known)
    if unknown:
        print(f"There is no benchmark {', '.join(sorted(unknown))}. There are: {', '.join(known)}.", file=sys.stderr)
        return 2
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for name in asked or known:
        begin = time.monotonic()
        print(f"\n== {name}", flush=True)
        importlib.import_module(f"benchmarks.{name}").run()
        print(f"-- {name}: {time.monotonic() - begin:.0f} s", flush=True)
    return 0


sys.exit(main(sys.argv[1:]))
