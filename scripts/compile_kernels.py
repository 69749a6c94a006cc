"""Compiles the atlas's inner loops, so that whoever clicks first does not wait for a compiler."""

import sys
import time

from jasyl.atlas.kernels import MODULES, compile_all

began = time.monotonic()
print(f"Compiling the atlas's kernels ({len(MODULES)} modules) …", file=sys.stderr)
compile_all(lambda name: print(f"  {name}", file=sys.stderr))
print(f"  done in {time.monotonic() - began:.0f} s", file=sys.stderr)
