"""``make bench``: every benchmark, or those named (``make bench ARGS="ledger atlas"``). Prints; judges nothing."""

import importlib
import os
import pkgutil
import platform
import sys
import time

import benchmarks

NOT_BENCHMARKS = {
    "__main__",
    "facilities",
    "load",
    "postgresql",
    "soak",
    "soak_readings",
    "weather_stores",
    "weather_year",
    "whole_process",
}


def main(asked: list[str]) -> int:
    """Run the benchmarks; wrong names are told with those that exist."""
    known = sorted(
        module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name not in NOT_BENCHMARKS
    )
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
