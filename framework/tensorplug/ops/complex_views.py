"""Complex numbers as their parts, and pairs of real ones as complex numbers: views of the same memory."""

from __future__ import annotations

from typing import Any

from tensorplug.autograd.grad_mode import state
from tensorplug.base import strides_of
from tensorplug.ops.complex import complex_, imag_part, real_part
from tensorplug.ops.define import composite
from tensorplug.ops.joining import stack
from tensorplug.ops.same_bytes import shown

Tensor = Any


def _standing_for(values: Tensor, view: str) -> Tensor:
    """New values in place of a view: changes in place, which would be lost, are refused."""
    values._stands_for = view
    return values


def _part(input: Tensor, which: int) -> Tensor | None:
    strides = tuple([2 * s for s in strides_of(input)])
    return shown(input, input._kind.dtype.to_real(), input._shape, strides, 2 * input._offset + which)


def real_of(input: Tensor) -> Tensor:
    """The real parts of a complex tensor, as a view where there can be one."""
    found = _part(input, 0)
    return _standing_for(real_part(input), "real") if found is None else found


def imag_of(input: Tensor) -> Tensor:
    """The imaginary parts of a complex tensor, as a view where there can be one."""
    found = _part(input, 1)
    return _standing_for(imag_part(input), "imag") if found is None else found


@composite(out=False)
def view_as_real(input: Tensor) -> Tensor:
    """The memory of complex numbers as pairs of real ones in a new last dim.

    Of a tensor whose ops are recorded for gradients it is new values instead, which cannot be changed in place.

    Raises:
        RuntimeError: the tensor is real.

    Example:
        >>> import tensorplug as tp
        >>> z = tp.tensor([1 + 2j])
        >>> tp.view_as_real(z)[:, 1] = 5
        >>> z
        tensor([1.+5.j])
    """
    dtype = input._kind.dtype
    if not dtype.is_complex:
        raise RuntimeError(f"view_as_real is only supported for complex tensors, got {dtype}")
    strides = (*[2 * s for s in strides_of(input)], 1)
    found = shown(input, dtype.to_real(), (*input._shape, 2), strides, 2 * input._offset)
    return _standing_for(stack((real_part(input), imag_part(input)), -1), "view_as_real") if found is None else found


@composite(out=False)
def view_as_complex(input: Tensor) -> Tensor:
    """The memory of pairs of real numbers, in the last dim, as complex ones.

    Of a tensor whose ops are recorded for gradients it is new values instead, which cannot be changed in place.

    Raises:
        RuntimeError: the last dim has not size 2 or not stride 1, another stride or the offset is odd, or the dtype is
            neither float32 nor float64.

    Example:
        >>> import tensorplug as tp
        >>> tp.view_as_complex(tp.tensor([[1.0, 2.0]]))
        tensor([1.+2.j])
    """
    if not input._shape or input._shape[-1] != 2:
        raise RuntimeError(f"Tensor must have a last dimension of size 2, got shape {list(input._shape)}")
    *steps, last = strides_of(input)
    if last != 1 or input._offset % 2 or any(s % 2 for s, n in zip(steps, input._shape, strict=False) if n > 1):
        raise RuntimeError(
            "view_as_complex: expected pairs that lie side by side, the last stride being 1 and the others and the "
            f"offset even; got strides {[*steps, last]} and offset {input._offset}"
        )
    if input._layer or state.interpreters or input._kind.dtype.name not in ("float32", "float64"):
        return complex_(input.select(-1, 0), input.select(-1, 1))
    strides = tuple([s // 2 for s in steps])
    found = shown(input, input._kind.dtype.to_complex(), input._shape[:-1], strides, input._offset // 2)
    if found is not None:
        return found
    return _standing_for(complex_(input.select(-1, 0), input.select(-1, 1)), "view_as_complex")
