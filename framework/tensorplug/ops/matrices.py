"""What ops on matrices share: checks of their arguments, transposes, batches, errors that only data can tell."""

from __future__ import annotations

from typing import Any

from tensorplug.base import everywhere
from tensorplug.dtypes import HALF
from tensorplug.errors import LinAlgError
from tensorplug.ops.complex import real_part
from tensorplug.ops.triangular import diag_embed
from tensorplug.promotion import common_device
from tensorplug.shapes import Shape, broadcast_pair

Tensor = Any


def adjoint(x: Tensor) -> Tensor:
    """The conjugate transpose of the matrices in the last two dims."""
    x = x.transpose(-2, -1)
    return x.conj() if x._kind.dtype.is_complex else x


def conjugate(x: Tensor) -> Tensor:
    """The conjugate; real tensors as they are."""
    return x.conj() if x._kind.dtype.is_complex else x


def real_of(x: Tensor) -> Tensor:
    """The real part; real tensors as they are."""
    return real_part(x) if x._kind.dtype.is_complex else x


def matching(grad: Tensor, dtype: Any) -> Tensor:
    """A gradient in the dtype of the input it belongs to: of complex numbers for a real one, the real part."""
    return real_part(grad) if grad._kind.dtype.is_complex and not dtype.is_complex else grad


def symmetric_part(x: Tensor) -> Tensor:
    """The mean of the matrices and their conjugate transposes."""
    return (x + adjoint(x)) * 0.5


def identity(x: Tensor, size: int) -> Tensor:
    """The identity matrix of ``size`` in the dtype and on the device of ``x``."""
    return diag_embed(x.new_ones((size,)))


def is_abstract(x: Tensor) -> bool:
    """Whether ``x`` has no values that a decision could be based on."""
    return bool(x._kind.backend.abstract)


def check_matrices(name: str, x: Tensor, argument: str = "A") -> None:
    """Refuse tensors without at least two dims.

    Raises:
        RuntimeError: fewer.
    """
    if len(x._shape) < 2:
        raise RuntimeError(
            f"{name}: The input tensor {argument} must have at least 2 dimensions, got shape {list(x._shape)}"
        )


def check_square(name: str, x: Tensor, argument: str = "A") -> None:
    """Refuse anything but square matrices.

    Raises:
        RuntimeError: fewer than two dims, or the last two differ.
    """
    check_matrices(name, x, argument)
    if x._shape[-1] != x._shape[-2]:
        raise RuntimeError(
            f"{name}: {argument} must be batches of square matrices, but they are {x._shape[-2]} by {x._shape[-1]}"
        )


def check_dtype(name: str, x: Tensor, half: bool = False) -> None:
    """Refuse dtypes in which nothing can be factored.

    Args:
        half: let float16 and bfloat16 pass.

    Raises:
        RuntimeError: neither floating-point nor complex, or too short.
    """
    dtype = x._kind.dtype
    if not dtype.is_differentiable:
        raise RuntimeError(f"{name}: Expected a floating point or complex tensor as input. Got {dtype}")
    if dtype in HALF and not half:
        raise RuntimeError(f"{name}: Low precision dtypes not supported. Got {dtype}")


def check_same(name: str, a: Tensor, b: Tensor) -> None:
    """Refuse two tensors of different dtypes or devices.

    Raises:
        RuntimeError: they differ.
    """
    common_device(name, (a, b))
    if a._kind.dtype is not b._kind.dtype:
        raise RuntimeError(
            f"{name}: Expected A and B to have the same dtype, but found {a._kind.dtype} and {b._kind.dtype}"
        )


def common_batch(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor, Shape]:
    """Both tensors of matrices with the dims in front expanded to their common shape, and that shape."""
    if a._shape[:-2] == b._shape[:-2]:
        return a, b, a._shape[:-2]
    batch = broadcast_pair(a._shape[:-2], b._shape[:-2])
    return a.expand((*batch, *a._shape[-2:])), b.expand((*batch, *b._shape[-2:])), batch


def anywhere(condition: Tensor) -> bool:
    """Whether a bool tensor holds for some element of some example; not where there are no values to tell."""
    return not is_abstract(condition) and bool(everywhere(condition).any())


def first_failure(info: Tensor) -> tuple[str, int] | None:
    """Which matrix failed first, in words, and its info; None where all went well or nothing is known."""
    if not anywhere(info != 0):
        return None
    info = everywhere(info)
    if not info._shape:
        return "", int(info)
    flat = info.reshape(-1)
    place = int(flat.ne(0).nonzero()[0, 0])
    return f"(Batch element {place}): ", int(flat[place])


def raise_failure(name: str, info: Tensor, reason: str) -> None:
    """Raise if ``info`` tells that a matrix could not be dealt with.

    Args:
        reason: what is wrong with it; ``{}`` stands for its info.

    Raises:
        LinAlgError: it does.
    """
    failure = first_failure(info)
    if failure is not None:
        raise LinAlgError(f"{name}: {failure[0]}{reason.format(failure[1])}")
