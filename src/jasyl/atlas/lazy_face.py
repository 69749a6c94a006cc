"""A package's public names, each loaded with its module when it is first asked for (PEP 562).

Arithmetic over a weather store needs neither the registry's database nor the readers of files, and starts half a second
sooner without them. The names are written once, as imports in the package's stub, where type checkers read them too.
"""

import ast
from collections.abc import Callable
from importlib import import_module
from importlib.resources import files
from typing import Any


def lazy_face(package: str) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """``__getattr__``, ``__dir__`` and ``__all__`` of ``package`` by the relative imports in its ``__init__.pyi``."""
    owners = _owners((files(package) / "__init__.pyi").read_text(encoding="utf-8"))
    names = sorted(owners)

    def load(name: str) -> Any:
        if name not in owners:
            raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name)
        value = getattr(import_module(owners[name], package), name)
        setattr(import_module(package), name, value)
        return value

    return load, lambda: names, names


def _owners(stub: str) -> dict[str, str]:
    """Each name of a stub with the module it is imported from, as written there (``.wind.bias``)."""
    imports = [line for line in ast.parse(stub).body if isinstance(line, ast.ImportFrom)]
    return {name.name: f".{line.module}" for line in imports for name in line.names}
