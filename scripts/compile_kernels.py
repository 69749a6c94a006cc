"""Compiles the inner loops of the atlas and of material accounts, so that whoever clicks first does not wait for a compiler."""

import sys
import time

from jasyl.atlas.kernels import MODULES, compile_all
from jasyl.circular import cohort_kernel, reconciliation

began = time.monotonic()
print(f"Compiling the kernels ({len(MODULES)} modules) …", file=sys.stderr)
compile_all(lambda name: print(f"  {name}", file=sys.stderr))
for part in (reconciliation, cohort_kernel):
    print(f"  {part.__name__}", file=sys.stderr)
    part.compile_now()
print(f"  done in {time.monotonic() - began:.0f} s", file=sys.stderr)
