"""The processor that inner loops are compiled for: settled once, for whoever compiles and whoever looks them up."""

import os
from functools import cache

from llvmlite import binding


@cache
def processor() -> tuple[str, str]:
    """Name and features of this processor in LLVM's writing; what a person sets in the environment stands.

    LLVM holds back to 256-bit vectors on processors that have 512: these loops gain 1.5 to 2.5 times from the full
    width.
    """
    name = os.environ.get("NUMBA_CPU_NAME")
    features = os.environ.get("NUMBA_CPU_FEATURES")
    if name == "generic" and features is None:
        features = ""
    if features is None:
        found = binding.get_host_cpu_features()
        features = found.flatten() + (",-prefer-256-bit" if found.get("avx512f") else "")
    return name or binding.get_host_cpu_name(), features
