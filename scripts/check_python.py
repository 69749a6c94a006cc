"""Says in one sentence what is missing before anything is set up. Runs on any Python 3."""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Jasyl needs Python 3.11 or newer, this is %d.%d (%s). Install a newer one and run: make run PYTHON=python3.12"
        % (sys.version_info[0], sys.version_info[1], sys.executable)
    )
try:
    import ensurepip  # noqa: F401
    import venv  # noqa: F401
except ImportError:
    sys.exit(
        "This Python (%s) comes without venv. On Debian or Ubuntu: apt install python3-venv; then run make again."
        % sys.executable
    )
