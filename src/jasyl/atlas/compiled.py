"""How the atlas compiles its inner loops. Import only where a kernel is: it loads numba.

Every kernel takes ``njit`` or ``compiled`` from here and never from numba: the processor's features are part of the
name under which machine code is kept, so they must be settled before the first kernel of a process is looked up. Else
what set-up compiled is not found again, and the first click waits half a minute for a compiler.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, ParamSpec, TypeVar

import numba
from llvmlite import binding, ir
from numba.core import types
from numba.extending import intrinsic

from .machine_code import SYMBOL, Argument
from .processor import processor

# Said before anything is compiled.
numba.config.CPU_NAME, numba.config.CPU_FEATURES = processor()  # type: ignore[attr-defined]

# What numba gives back is typed by nobody.
njit: Any = numba.njit

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The function as machine code: kept on disk between processes, run without the interpreter lock.

    Multiply-add may be contracted; sums are never reordered, and division by zero gives infinity as in numpy.
    """
    return njit(cache=True, nogil=True, fastmath={"contract"}, error_model="numpy")(function)


def part(function: Callable[P, R]) -> Callable[P, R]:
    """What a kept ``Loop`` calls: as ``compiled``, without the counting of references to arrays.

    Every call counts them otherwise, which costs more than a row's arithmetic and needs numba when it runs.
    """
    return njit(nogil=True, fastmath={"contract"}, error_model="numpy", _nrt=False)(function)


def object_code(module: str, function: str, arguments: Sequence[Argument]) -> bytes:
    """Machine code of a plain function that gives nothing back, under the name ``SYMBOL``; what ``Loop`` keeps.

    Multiply-add may be contracted and the sign of a zero dropped; sums are never reordered. Raises numba's own error
    for a function that allocates.
    """
    signature = types.void(*(_type(argument) for argument in arguments))
    options = {"error_model": "numpy", "fastmath": {"contract", "nsz"}, "nogil": True, "_nrt": False}
    wrappers = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    made = njit([signature], **options, **wrappers)(getattr(import_module(module), function))
    (result,) = made.overloads.values()
    code = binding.parse_assembly(result.library.get_llvm_str())
    code.get_function(result.fndesc.llvm_func_name).name = SYMBOL
    name, features = processor()
    target = binding.Target.from_default_triple()
    return target.create_target_machine(name, features, opt=3, reloc="pic", codemodel="default").emit_object(code)


def _type(argument: Argument) -> Any:
    kind = types.boolean if argument.kind == "bool" else getattr(types, argument.kind)
    if not argument.dimensions:
        return kind
    return types.Array(kind, argument.dimensions, "C", readonly=not argument.written)


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
