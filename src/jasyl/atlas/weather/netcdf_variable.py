"""What every kind of file offers its readers: variables over time, rows and columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Variable:
    """One variable of a file: dimensions by name, shape, type, attributes, and the steps of time in a stored block."""

    name: str
    dimensions: tuple[str, ...]
    shape: tuple[int, ...]
    kind: np.dtype[Any]
    attributes: Mapping[str, Any]
    block_steps: int = 1


class Gridded(Protocol):
    """A file, or a store, of variables over time, rows and columns. Reading is safe in several threads."""

    @property
    def name(self) -> str: ...
    @property
    def attributes(self) -> Mapping[str, Any]: ...
    @property
    def variables(self) -> Mapping[str, Variable]: ...
    def values(self, name: str) -> Array:
        """All of a variable, as stored."""
        ...

    def read(self, name: str, first: int, last: int, rows: slice, columns: slice, *, flip: bool = False) -> Array:
        """Rows and columns of the steps [first, last) as stored [time, …, row, column], C-contiguous, unconverted.

        Time is the first dimension, rows and columns the last two. Rows are reversed when ``flip``.
        """
        ...

    def close(self) -> None: ...
