"""Complex numbers and their parts."""

from __future__ import annotations

from typing import Any

from tensorplug.dispatch import Plan
from tensorplug.dtypes import float32, float64
from tensorplug.ops.define import (
    composite,
    magnitude,
    plan,
    same,
    unary,
)
from tensorplug.ops.elementwise import conj_of
from tensorplug.shapes import broadcast_pair

Tensor = Any
Number = Any


# ---------------------------------------------------------------------------------------------------- complex numbers


@unary(same, spaces=(), inplace=False)
def conj_physical(input: Tensor) -> Tensor:
    """The complex conjugate as new values."""


conj_physical.grads(input=lambda g: conj_of(g))


@composite(out=False)
def conj(input: Tensor) -> Tensor:
    """The complex conjugate; a real tensor comes back itself."""
    return conj_physical(input) if input.dtype.is_complex else input


@plan("real, imag", spaces=("torch",))
def complex_(real: Tensor, imag: Tensor) -> Plan:
    """The complex numbers of the given real and imaginary parts.

    Args:
        real, imag: float32 or float64, both of one dtype and shape.

    Raises:
        RuntimeError: other or different dtypes.

    Example:
        >>> import tensorplug as tp
        >>> tp.complex(tp.tensor([1.0]), tp.tensor([2.0]))
        tensor([1.+2.j])
    """
    dtype = real._kind.dtype
    if dtype not in (float32, float64) or imag._kind.dtype is not dtype:
        raise RuntimeError(f"complex: expected two tensors of float32 or float64, got {dtype} and {imag._kind.dtype}")
    shape = broadcast_pair(real._shape, imag._shape)
    return (real.expand(shape), imag.expand(shape)), (), shape, dtype.to_complex()


complex_.grads(real=lambda g: real_part(g), imag=lambda g: imag_part(g))


@unary(magnitude, spaces=(), inplace=False)
def real_part(input: Tensor) -> Tensor:
    """Real parts as new values."""


real_part.grads(input=lambda g: g)


@unary(magnitude, spaces=(), inplace=False)
def imag_part(input: Tensor) -> Tensor:
    """Imaginary parts as new values."""


imag_part.grads(input=lambda g: g * 1j)


@composite(out=False)
def adjoint(input: Tensor) -> Tensor:
    """The conjugate transpose of the matrices in the last two dims; the conjugate of a tensor without dims.

    Raises:
        RuntimeError: one dim.

    Example:
        >>> import tensorplug as tp
        >>> tp.adjoint(tp.tensor([[1, 2j]]))
        tensor([[1.-0.j],
                [0.-2.j]])
    """
    if not input._shape:
        return input.conj()
    if len(input._shape) < 2:
        raise RuntimeError(
            f"tensor.adjoint() is only supported on matrices or batches of matrices. Got {len(input._shape)}-D tensor."
        )
    return input.transpose(-2, -1).conj()
