"""Compiles the inner loops of the atlas and of reconciliation, so that whoever clicks first does not wait for a compiler."""

import sys
import time

from jasyl.atlas.kernels import MODULES, compile_all
from jasyl.circular.reconciliation import compile_now

began = time.monotonic()
print(f"Compiling the kernels ({len(MODULES)} modules) …", file=sys.stderr)
compile_all(lambda name: print(f"  {name}", file=sys.stderr))
print("  jasyl.circular.reconciliation", file=sys.stderr)
compile_now()
print(f"  done in {time.monotonic() - began:.0f} s", file=sys.stderr)
