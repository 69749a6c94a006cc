"""The gateway's package stands beside the house and imports nothing of it; tests find it there."""

import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "gateway" / "src"
if str(SOURCE) not in sys.path:
    sys.path.insert(0, str(SOURCE))
