"""How the atlas compiles its inner loops. Import only where a kernel is: it loads numba.

Every kernel takes ``njit`` or ``compiled`` from here and never from numba: the processor's features are part of the
name under which machine code is kept, so they must be settled before the first kernel of a process is looked up. Else
what set-up compiled is not found again, and the first click waits half a minute for a compiler.
"""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import llvmlite.binding
import numba
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

# LLVM holds back to 256-bit vectors on processors that have 512: these loops gain 1.5 to 2.5 times from the full width.
# Said before anything is compiled; what a person sets in the environment stands.
if numba.config.CPU_FEATURES is None:  # type: ignore[attr-defined]
    _features = llvmlite.binding.get_host_cpu_features()
    if _features.get("avx512f"):
        numba.config.CPU_NAME = llvmlite.binding.get_host_cpu_name()  # type: ignore[attr-defined]
        numba.config.CPU_FEATURES = f"{_features.flatten()},-prefer-256-bit"  # type: ignore[attr-defined]

# What numba gives back is typed by nobody.
njit: Any = numba.njit

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The function as machine code: kept on disk between processes, run without the interpreter lock.

    Multiply-add may be contracted; sums are never reordered, and division by zero gives infinity as in numpy.
    """
    return njit(cache=True, nogil=True, fastmath={"contract"}, error_model="numpy")(function)


def _intrinsic(function: Callable[[Any, Any], Any]) -> Callable[[Any], Any]:
    """A function of one argument that is written in the compiler's own terms; the first argument is the compiler."""
    made: Any = intrinsic(function)
    return made


# The bits of √½: mantissas are taken from [√½, √2), about 1.
_ROOT_HALF = 0x3F3504F3
_MANTISSA_BITS = 23


def _binary_exponent(builder: Any, bits: Any) -> Any:
    return builder.ashr(builder.sub(bits, ir.Constant(ir.IntType(32), _ROOT_HALF)), _places())


def _places() -> Any:
    return ir.Constant(ir.IntType(32), _MANTISSA_BITS)


@_intrinsic
def exponent(typing_context: Any, value: Any) -> Any:  # pragma: no cover - runs at compilation
    """The whole power of two e of a positive float32, as float32: value = mantissa · 2^e.

    In 32-bit integers throughout, which numba's own arithmetic would widen.
    """

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # pragma: no cover
        bits = builder.bitcast(arguments[0], ir.IntType(32))
        return builder.sitofp(_binary_exponent(builder, bits), ir.FloatType())

    return types.float32(types.float32), code


@_intrinsic
def mantissa(typing_context: Any, value: Any) -> Any:  # pragma: no cover - runs at compilation
    """The mantissa in [√½, √2) of a positive float32."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # pragma: no cover
        bits = builder.bitcast(arguments[0], ir.IntType(32))
        shifted = builder.shl(_binary_exponent(builder, bits), _places())
        return builder.bitcast(builder.sub(bits, shifted), ir.FloatType())

    return types.float32(types.float32), code
