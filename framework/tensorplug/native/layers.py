"""Layers with arguments in PyTorch's inner order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tensorplug import functional as F
from tensorplug.tensor import Tensor

Sizes = int | Sequence[int]

# ------------------------------------------------------------------------------------------------- normalization


def batch_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    training: bool,
    momentum: float,
    eps: float,
    cudnn_enabled: bool,
) -> Tensor:
    """See ``nn.functional.batch_norm``; ``cudnn_enabled`` is accepted.

    Example:
        >>> import tensorplug as tp
        >>> x = tp.tensor([[1.0], [3.0]])
        >>> tp.batch_norm(x, None, None, None, None, True, 0.1, 1e-9, False)
        tensor([[-1.],
                [ 1.]])
    """
    return F.batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps)


def instance_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    use_input_stats: bool,
    momentum: float,
    eps: float,
    cudnn_enabled: bool,
) -> Tensor:
    """See ``nn.functional.instance_norm``; ``cudnn_enabled`` is accepted."""
    return F.instance_norm(input, running_mean, running_var, weight, bias, use_input_stats, momentum, eps)


# ------------------------------------------------------------------------------------------------- dropout


def dropout(input: Tensor, p: float, train: bool) -> Tensor:
    """See ``nn.functional.dropout``."""
    return F.dropout(input, p, train)


def alpha_dropout(input: Tensor, p: float, train: bool) -> Tensor:
    """See ``nn.functional.alpha_dropout``."""
    return F.alpha_dropout(input, p, train)


def feature_dropout(input: Tensor, p: float, train: bool) -> Tensor:
    """``dropout`` of whole channels (dims 0 and 1) at a time."""
    return F.feature_dropout(input, p, train)


def feature_alpha_dropout(input: Tensor, p: float, train: bool) -> Tensor:
    """See ``nn.functional.feature_alpha_dropout``."""
    return F.feature_alpha_dropout(input, p, train)


def _in_place(function: Callable[[Tensor, float, bool], Tensor]) -> Callable[[Tensor, float, bool], Tensor]:
    def call(input: Tensor, p: float, train: bool) -> Tensor:
        found = function(input, p, train)
        return input if found is input else input.copy_(found)

    call.__name__ = call.__qualname__ = f"{function.__name__}_"
    call.__doc__ = f"``{function.__name__}`` in place: the result overwrites ``input``, which is returned."
    return call


dropout_ = _in_place(dropout)
alpha_dropout_ = _in_place(alpha_dropout)
feature_dropout_ = _in_place(feature_dropout)
feature_alpha_dropout_ = _in_place(feature_alpha_dropout)

# ------------------------------------------------------------------------------------------------- others


def embedding(
    weight: Tensor, indices: Tensor, padding_idx: int = -1, scale_grad_by_freq: bool = False, sparse: bool = False
) -> Tensor:
    """See ``nn.functional.embedding``; no row is padding while ``padding_idx`` is negative.

    Example:
        >>> import tensorplug as tp
        >>> tp.embedding(tp.tensor([[1.0], [2.0]]), tp.tensor([1, 0, 1])).flatten()
        tensor([2., 1., 2.])
    """
    padding = None if padding_idx < 0 else padding_idx
    return F.embedding(indices, weight, padding, scale_grad_by_freq=scale_grad_by_freq, sparse=sparse)


def constant_pad_nd(input: Tensor, pad: Sequence[int], value: float = 0) -> Tensor:
    """``nn.functional.pad`` with a constant, as a copy."""
    found = F.pad(input, list(pad), "constant", value)
    return found.clone() if found is input else found


def adaptive_max_pool1d(input: Tensor, output_size: Sizes) -> tuple[Tensor, Tensor]:
    """``nn.functional.adaptive_max_pool1d`` with its indices."""
    found: tuple[Tensor, Tensor] = F.adaptive_max_pool1d(input, output_size, return_indices=True)
    return found


def max_pool1d_with_indices(
    input: Tensor,
    kernel_size: Sizes,
    stride: Any = (),
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
) -> tuple[Tensor, Tensor]:
    """``max_pool1d`` with its indices; the size of the windows is the step if no step is given."""
    step = stride if isinstance(stride, int) or stride else None
    found: tuple[Tensor, Tensor] = F.max_pool1d(
        input, kernel_size, step, padding, dilation, ceil_mode, return_indices=True
    )
    return found


def affine_grid_generator(theta: Tensor, size: Sequence[int], align_corners: bool) -> Tensor:
    """See ``nn.functional.affine_grid``."""
    return F.affine_grid(theta, size, align_corners)


def grid_sampler_2d(
    input: Tensor, grid: Tensor, interpolation_mode: int, padding_mode: int, align_corners: bool
) -> Tensor:
    """``grid_sampler`` of images."""
    return _sampled(4, input, grid, interpolation_mode, padding_mode, align_corners)


def grid_sampler_3d(
    input: Tensor, grid: Tensor, interpolation_mode: int, padding_mode: int, align_corners: bool
) -> Tensor:
    """``grid_sampler`` of volumes."""
    return _sampled(5, input, grid, interpolation_mode, padding_mode, align_corners)


def _sampled(rank: int, input: Tensor, grid: Tensor, mode: int, padding_mode: int, align_corners: bool) -> Tensor:
    if input.dim() != rank:
        raise RuntimeError(f"grid_sampler_{rank - 2}d(): expected {rank}D input, but got sizes {list(input.shape)}")
    return F.grid_sampler(input, grid, mode, padding_mode, align_corners)


def rsub(input: Tensor, other: Any, *, alpha: Any = 1) -> Tensor:
    """``other - alpha * input``.

    Raises:
        RuntimeError: bool tensors, whose difference is not a difference of truth values.

    Example:
        >>> import tensorplug as tp
        >>> tp.rsub(tp.tensor([1, 2]), 5)
        tensor([4, 3])
    """
    found: Tensor = other - (input if alpha == 1 else input * alpha)
    return found
