"""Compiled loops whose machine code is kept on disk and called without numba.

A process that answers one question spends half a second of its processor on importing numba and the linear algebra that
numba looks for before it loads what it kept. The code of a loop that neither allocates nor raises needs none of that:
LLVM's linker puts it into memory in a millisecond. Numba is loaded only where such a loop is not kept yet.
"""

import ctypes
import hashlib
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import llvmlite
import numpy as np
from llvmlite import binding

from .processor import processor

SYMBOL = "loop"  # the name of the function in kept code
_NUMBERS = {"float32": ctypes.c_float, "float64": ctypes.c_double, "int64": ctypes.c_int64, "bool": ctypes.c_uint8}
_DIGEST = hashlib.sha256().digest_size
_linking = threading.Lock()
_libraries = count()


@dataclass(frozen=True)
class Argument:
    """A number of numpy's type ``kind``, or with ``dimensions`` an array of it in C order, which may be ``written``."""

    kind: str
    dimensions: int = 0
    written: bool = False

    @property
    def types(self) -> list[Any]:
        """As the code takes it. An array: two owners (none), items, bytes of one, where they lie, shape, strides."""
        if not self.dimensions:
            return [_NUMBERS[self.kind]]
        address, size = ctypes.c_void_p, ctypes.c_ssize_t
        return [address, address, size, size, address, *[size] * 2 * self.dimensions]

    def words(self, given: Any) -> Sequence[Any]:
        """The value in those types. Raises TypeError for another kind of array than the code was made for."""
        if not self.dimensions:
            return (given,)
        if (
            not isinstance(given, np.ndarray)
            or given.dtype != self.kind
            or given.ndim != self.dimensions
            or not given.flags.c_contiguous
            or (self.written and not given.flags.writeable)
        ):
            raise TypeError(f"{self} does not fit {getattr(given, 'dtype', type(given))}{np.shape(given)}")
        return (None, None, given.size, given.itemsize, given.ctypes.data, *given.shape, *given.strides)


def reads(kind: str, dimensions: int) -> Argument:
    return Argument(kind, dimensions)


def writes(kind: str, dimensions: int) -> Argument:
    return Argument(kind, dimensions, written=True)


@dataclass(frozen=True)
class Loop:
    """The plain function ``function`` of the first of ``modules`` as machine code for these ``arguments``.

    It gives nothing back and runs without the interpreter's lock; it must neither allocate nor raise. The other
    ``modules`` are those whose lines are inlined in it: when one of them or the processor changes, it is compiled anew.
    """

    modules: tuple[str, ...]
    function: str
    arguments: tuple[Argument, ...]

    def __call__(self, *given: Any) -> None:
        """Run. Raises TypeError where arrays differ from ``arguments``: the code itself looks at nothing."""
        words = [word for argument, one in zip(self.arguments, given, strict=True) for word in argument.words(one)]
        unused = ctypes.c_void_p()  # where numba's own functions leave an answer or an exception
        if self._code(ctypes.byref(unused), ctypes.byref(unused), *words):
            raise RuntimeError(f"{self.function} raised an exception, which a loop must not")

    def ready(self) -> bool:
        """Compile the loop unless it is kept already, and load it. Whether it was kept."""
        kept = _read(self.files) is not None
        _ = self._code
        return kept

    @cached_property
    def files(self) -> tuple[Path, ...]:
        """Where its code is looked for: beside its source, as Python keeps its own, then in the user's cache.

        The name stands for sources, arguments and processor, so that what is found is never out of date.
        """
        sources = [_source(module) for module in self.modules]
        digest = hashlib.sha256(repr((self.function, self.arguments, processor(), llvmlite.__version__)).encode())
        for source in sources:
            digest.update(source.read_bytes())
        name = f"{sources[0].stem}.{self.function}.{digest.hexdigest()[:20]}.o"
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        return sources[0].parent / "__pycache__" / name, cache / "jasyl" / name

    @cached_property
    def _code(self) -> Any:
        with _linking:
            code = _read(self.files)
            if code is None:
                code = self._compiled()
                _write(self.files, code)
            return self._linked(code)

    def _compiled(self) -> bytes:
        from .compiled import object_code  # noqa: PLC0415  (loads numba)

        return object_code(self.modules[0], self.function, self.arguments)

    def _linked(self, code: bytes) -> Any:
        builder = binding.JITLibraryBuilder().add_current_process().add_object_img(code).export_symbol(SYMBOL)
        library = builder.link(_linker(), f"{self.function}-{next(_libraries)}")
        kinds = [kind for argument in self.arguments for kind in argument.types]
        found: Any = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, *kinds)(library[SYMBOL])
        found.library = library  # the code lives as long as this does
        return found


@cache
def _linker() -> Any:
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    # LLVM's older linker asks the system for a place for code and one for its constants, which in a large process can
    # be further apart than the code reaches: it then ends the process. This one asks for a single place.
    return binding.create_lljit_compiler(use_jit_link=True)


def _source(module: str) -> Path:
    found = find_spec(module)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(module, name=module)
    return Path(found.origin)


def _read(files: Sequence[Path]) -> bytes | None:
    """The code of the first file that is there and whole."""
    for file in files:
        try:
            content = file.read_bytes()
        except OSError:
            continue
        if hashlib.sha256(content[_DIGEST:]).digest() == content[:_DIGEST]:
            return content[_DIGEST:]
    return None


def _write(files: Sequence[Path], code: bytes) -> None:
    """Keep the code in the first place that can be written; without any it lives as long as the process."""
    for file in files:
        part = file.with_suffix(f".{os.getpid()}.part")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(hashlib.sha256(code).digest() + code)
            part.replace(file)
        except OSError:
            continue
        return
