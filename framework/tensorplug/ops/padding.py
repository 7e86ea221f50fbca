"""Padding, and the shuffles that trade channels for space."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tensorplug.ops.define import composite
from tensorplug.ops.joining import cat
from tensorplug.ops.movement import constant_pad
from tensorplug.ops.slicing import slice_dim
from tensorplug.shapes import flat_size

Tensor = Any


@composite(spaces=("F",), out=False)
def pad(input: Tensor, pad: Sequence[int], mode: str = "constant", value: float | None = None) -> Tensor:
    """Elements added before and after the last dims, or taken away where a count is negative.

    Args:
        input: any shape for ``"constant"``; for other modes one to three dims to pad behind one or two others.
        pad: how many before and after: of the last dim, then of the one before, and so on.
        mode: ``"constant"`` adds ``value``; ``"reflect"`` mirrors at the outer elements without repeating them;
            ``"replicate"`` repeats the outer elements; ``"circular"`` goes on at the other end.
        value: what to add in mode ``"constant"``, 0 by default.

    Returns:
        Each padded dim as large as before plus both counts.

    Raises:
        RuntimeError: an odd number of counts, too many of them, a count that is too large for the mode, or a value
            for another mode than ``"constant"``.
        NotImplementedError: an unknown mode, or one that does not pad so many dims of such an input.

    Example:
        >>> import tensorplug as tp
        >>> x = tp.tensor([[1.0, 2.0, 3.0]])
        >>> tp.nn.functional.pad(x, (1, 1))
        tensor([[0., 1., 2., 3., 0.]])
        >>> tp.nn.functional.pad(x, (2, 1), mode="reflect")
        tensor([[3., 2., 1., 2., 3., 2.]])
    """
    counts = flat_size((pad,))
    rank = len(input._shape)
    if len(counts) % 2:
        raise RuntimeError("Padding length must be divisible by 2")
    if len(counts) > 2 * rank:
        raise RuntimeError(
            "Padding length should be less than or equal to two times the input dimension but got padding length "
            f"{len(counts)} and input of dimension {rank}"
        )
    pairs = [(counts[i], counts[i + 1]) for i in range(0, len(counts), 2)]
    if mode == "constant":
        return _pad_constant(input, pairs, 0 if value is None else value)
    if value is not None and value != 0:
        raise RuntimeError(f'Padding mode "{mode}" doesn\'t take in value argument')
    if mode not in _SIDES:
        raise NotImplementedError(f"Unrecognised padding mode {mode}")
    if not 1 <= len(pairs) <= 3 or rank - len(pairs) not in (1, 2):
        raise NotImplementedError(
            f"Padding size {len(counts)} is not supported for {rank}D input tensor: other modes than 'constant' pad "
            "the last one to three dims of an input that has one or two more"
        )
    for dim, (before, after) in zip(range(rank - 1, -1, -1), pairs, strict=False):
        input = _pad_dim(input, dim, before, after, mode)
    return input


def _pad_constant(input: Tensor, pairs: Sequence[tuple[int, int]], value: Any) -> Tensor:
    rank = len(input._shape)
    added = [(0, 0)] * rank
    for dim, (before, after) in zip(range(rank - 1, -1, -1), pairs, strict=False):
        added[dim] = (max(before, 0), max(after, 0))
        input = _crop(input, dim, before, after)
    return constant_pad(input, added, value)


def _crop(input: Tensor, dim: int, before: int, after: int) -> Tensor:
    """Without what negative counts take away."""
    if before >= 0 and after >= 0:
        return input
    start, end = max(-before, 0), input._shape[dim] + min(after, 0)
    if end < start:
        raise RuntimeError(
            f"The input size {input._shape[dim]}, plus negative padding {before} and {after}, resulted in a negative "
            f"output size, which is invalid. Check dimension {dim} of your input."
        )
    return slice_dim(input, dim, start, end, 1)


def _pad_dim(input: Tensor, dim: int, before: int, after: int, mode: str) -> Tensor:
    input = _crop(input, dim, before, after)
    before, after = max(before, 0), max(after, 0)
    size = input._shape[dim]
    most = {"reflect": size - 1, "circular": size}.get(mode)
    if most is not None and max(before, after) > most:
        raise RuntimeError(
            f"Padding size should be at most {most} in mode '{mode}', but got: padding ({before}, {after}) at "
            f"dimension {dim} of input {list(input._shape)}"
        )
    if size == 0:
        raise RuntimeError(f"padding in mode '{mode}' needs elements, but dimension {dim} of the input has none left")
    front, behind = _SIDES[mode](input, dim, before, after)
    pieces = [front] if before else []
    pieces.append(input)
    pieces += [behind] if after else []
    return cat(pieces, dim) if len(pieces) > 1 else input


def _reflected(input: Tensor, dim: int, before: int, after: int) -> tuple[Tensor, Tensor]:
    size = input._shape[dim]
    front = slice_dim(input, dim, 1, 1 + before, 1).flip(dim)
    return front, slice_dim(input, dim, size - 1 - after, size - 1, 1).flip(dim)


def _repeated(input: Tensor, dim: int, before: int, after: int) -> tuple[Tensor, Tensor]:
    size = input._shape[dim]
    first, last = slice_dim(input, dim, 0, 1, 1), slice_dim(input, dim, size - 1, size, 1)
    shape = list(input._shape)
    shape[dim] = before
    front = first.expand(shape)
    shape[dim] = after
    return front, last.expand(shape)


def _wrapped(input: Tensor, dim: int, before: int, after: int) -> tuple[Tensor, Tensor]:
    size = input._shape[dim]
    return slice_dim(input, dim, size - before, size, 1), slice_dim(input, dim, 0, after, 1)


_SIDES = {"reflect": _reflected, "replicate": _repeated, "circular": _wrapped}


# ---------------------------------------------------------------------------------------------------- shuffles


@composite(spaces=("torch", "F"), out=False)
def pixel_shuffle(input: Tensor, upscale_factor: int) -> Tensor:
    """Groups of channels spread over squares of pixels (Shi et al., 2016).

    Args:
        input: shape (..., channel * factor ** 2, height, width).
        upscale_factor: the side of the squares.

    Returns:
        Shape (..., channel, height * factor, width * factor).

    Raises:
        RuntimeError: fewer than three dims, or channels that do not divide.

    Example:
        >>> import tensorplug as tp
        >>> tp.pixel_shuffle(tp.arange(4.0).reshape(4, 1, 1), 2)
        tensor([[[0., 1.],
                 [2., 3.]]])
    """
    shape, factor = input._shape, upscale_factor
    _check_shuffle("pixel_shuffle", input, "upscale_factor", factor)
    *front, channels, height, width = shape
    if channels % factor**2:
        raise RuntimeError(
            "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, "
            f"but input.size(-3)={channels} is not divisible by {factor**2}"
        )
    split = input.reshape((*front, channels // factor**2, factor, factor, height, width))
    n = len(front)
    mixed = split.permute((*range(n), n, n + 3, n + 1, n + 4, n + 2))
    return mixed.reshape((*front, channels // factor**2, height * factor, width * factor))


@composite(spaces=("torch", "F"), out=False)
def pixel_unshuffle(input: Tensor, downscale_factor: int) -> Tensor:
    """Squares of pixels gathered into channels: the inverse of ``pixel_shuffle``.

    Args:
        input: shape (..., channel, height * factor, width * factor).
        downscale_factor: the side of the squares.

    Returns:
        Shape (..., channel * factor ** 2, height, width).

    Raises:
        RuntimeError: fewer than three dims, or sides that do not divide.

    Example:
        >>> import tensorplug as tp
        >>> tp.pixel_unshuffle(tp.arange(4.0).reshape(1, 2, 2), 2).shape
        tensorplug.Size([4, 1, 1])
    """
    shape, factor = input._shape, downscale_factor
    _check_shuffle("pixel_unshuffle", input, "downscale_factor", factor)
    *front, channels, height, width = shape
    for name, dim, size in (("height", -2, height), ("width", -1, width)):
        if size % factor:
            raise RuntimeError(
                f"pixel_unshuffle expects {name} to be divisible by downscale_factor, but input.size({dim})={size} is "
                f"not divisible by {factor}"
            )
    split = input.reshape((*front, channels, height // factor, factor, width // factor, factor))
    n = len(front)
    mixed = split.permute((*range(n), n, n + 2, n + 4, n + 1, n + 3))
    return mixed.reshape((*front, channels * factor**2, height // factor, width // factor))


@composite(spaces=("torch", "F"), out=False)
def channel_shuffle(input: Tensor, groups: int) -> Tensor:
    """The channels cut into groups and interleaved (Zhang et al., ShuffleNet, 2017).

    Args:
        input: shape (batch, channel, ...).
        groups: how many groups; must divide the number of channels.

    Raises:
        RuntimeError: fewer than three dims, or groups that are not positive or do not divide.

    Example:
        >>> import tensorplug as tp
        >>> tp.channel_shuffle(tp.arange(4).reshape(1, 4, 1), 2).flatten()
        tensor([0, 2, 1, 3])
    """
    shape = input._shape
    if len(shape) < 3:
        raise RuntimeError(f"channel_shuffle expects input with > 2 dims, but got input with sizes {list(shape)}")
    if groups <= 0:
        raise RuntimeError(f"Number of groups to divide channels in must be positive. Value of groups:{groups}")
    batch, channels, *rest = shape
    if channels % groups:
        raise RuntimeError(
            f"Number of channels must be divisible by groups. Got {channels} channels and {groups} groups."
        )
    return input.reshape((batch, groups, channels // groups, *rest)).transpose(1, 2).reshape(shape)


def _check_shuffle(name: str, input: Tensor, argument: str, factor: int) -> None:
    if len(input._shape) < 3:
        raise RuntimeError(
            f"{name} expects input to have at least 3 dimensions, but got input with {len(input._shape)} dimension(s)"
        )
    if factor <= 0:
        raise RuntimeError(f"{name} expects a positive {argument}, but got {factor}")
