"""What several distributions share: operands of one shape, two forms of probabilities, values computed once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tensorplug.autograd.grad_mode import enable_grad
from tensorplug.dtypes import get_default_dtype
from tensorplug.factories import arange, tensor
from tensorplug.functional import broadcast_tensors
from tensorplug.tensor import Tensor
from tensorplug.typeinfo import finfo

__all__ = [
    "broadcast_all",
    "clamp_probs",
    "euler_constant",
    "lazy_property",
    "logits_to_probs",
    "probs_to_logits",
    "tril_matrix_to_vec",
    "vec_to_tril_matrix",
]

euler_constant = 0.57721566490153286060

Number = int | float | bool


def broadcast_all(*values: Any) -> tuple[Tensor, ...]:
    """The arguments as tensors of one shape; numbers take dtype and device of the first tensor.

    Raises:
        ValueError: an argument is neither tensor nor number.

    Example:
        >>> import tensorplug as tp
        >>> [v.shape for v in tp.distributions.utils.broadcast_all(tp.zeros(3, 1), tp.ones(2), 0.5)]
        [tensorplug.Size([3, 2]), tensorplug.Size([3, 2]), tensorplug.Size([3, 2])]
    """
    for value in values:
        if not isinstance(value, Tensor | int | float):
            raise ValueError(f"Input arguments must all be instances of Number or Tensor, got {type(value).__name__}")
    like = next((v for v in values if isinstance(v, Tensor)), None)
    dtype = get_default_dtype() if like is None else like.dtype
    device = None if like is None else like.device
    tensors = [v if isinstance(v, Tensor) else tensor(v, dtype=dtype, device=device) for v in values]
    return tuple(broadcast_tensors(*tensors))


def all_numbers(*values: Any) -> bool:
    """Whether no argument is a tensor."""
    return all(isinstance(v, Number) for v in values)


def clamp_probs(probs: Tensor) -> Tensor:
    """Probabilities kept one rounding step away from 0 and 1."""
    eps = finfo(probs.dtype).eps
    return probs.clamp(min=eps, max=1 - eps)


def probs_to_logits(probs: Tensor, is_binary: bool = False) -> Tensor:
    """Logits of probabilities: log-odds of binary ones, otherwise logarithms."""
    kept = clamp_probs(probs)
    return kept.log() - (-kept).log1p() if is_binary else kept.log()


def logits_to_probs(logits: Tensor, is_binary: bool = False) -> Tensor:
    """Probabilities of logits: those of binary events, otherwise of the choices along the last dim."""
    return logits.sigmoid() if is_binary else logits.softmax(-1)


def sum_rightmost(value: Any, dims: int) -> Any:
    """The sum over the last ``dims`` dims."""
    return value if dims == 0 else value.sum(tuple(range(-dims, 0)))


class lazy_property:  # as PyTorch spells it, and like Python's own property
    """A property whose value is computed at its first use and then kept."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = function
        self.__doc__ = function.__doc__
        self.__name__ = function.__name__

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        with enable_grad():
            value = self.function(instance)
        instance.__dict__[self.__name__] = value
        return value


def vec_to_tril_matrix(vec: Tensor, diag: int = 0) -> Tensor:
    """Square matrices whose lower triangles, up to diagonal ``diag``, are read row by row from the last dim.

    Args:
        vec: shape (..., n), where n is the size of such a triangle.
        diag: 0 for the main diagonal, -1 for the one below it.
    """
    # The size k of the matrices solves n = k (k + 1) / 2 for the main diagonal, and is one larger for each below it.
    n = vec.shape[-1]
    side = (1 + 8 * n) ** 0.5 / 2 - 0.5
    size = round(side) - diag
    if abs(side - round(side)) > 1e-6:
        raise ValueError(f"The size of last dimension is {n} which cannot be expressed as the lower triangular part")
    flat = vec.new_zeros((*vec.shape[:-1], size * size))
    return flat.index_copy(-1, _places(size, diag, vec), vec).reshape((*vec.shape[:-1], size, size))


def tril_matrix_to_vec(mat: Tensor, diag: int = 0) -> Tensor:
    """The lower triangles of square matrices up to diagonal ``diag``, row by row along the last dim.

    Raises:
        ValueError: there is no such diagonal.
    """
    size = mat.shape[-1]
    if not -size <= diag < size:
        raise ValueError(f"diag ({diag}) provided is outside [{-size}, {size - 1}].")
    return mat.reshape((*mat.shape[:-2], size * size)).index_select(-1, _places(size, diag, mat))


def _places(size: int, diag: int, like: Tensor) -> Tensor:
    rows = arange(size, device=like.device)
    below = rows.unsqueeze(0) <= rows.unsqueeze(1) + diag
    return below.reshape(-1).nonzero().squeeze(-1)
