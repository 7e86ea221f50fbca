"""Reading an image at given places: affine grids, and sampling with interpolation.

Places are in [-1, 1] along each spatial dim of the image, the last coordinate of a place being that of the image's last
dim. They come from the network (spatial transformers: Jaderberg et al., 2015), so gradients flow to them too.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from math import prod
from typing import Any

from tensorplug.dispatch import Plan
from tensorplug.dtypes import FLOAT, HALF, float32, int64
from tensorplug.ops.creation import new_arange
from tensorplug.ops.define import composite, plan
from tensorplug.ops.derived import differentiate_default
from tensorplug.ops.joining import cat, stack
from tensorplug.ops.linalg import matmul
from tensorplug.promotion import common_device
from tensorplug.shapes import Shape

Tensor = Any
Coordinate = tuple[Tensor, Tensor]

_MODES = {"bilinear": 0, "nearest": 1, "bicubic": 2}
_PADDINGS = {"zeros": 0, "border": 1, "reflection": 2}
BILINEAR, NEAREST, BICUBIC = range(3)
ZEROS, BORDER, REFLECTION = range(3)
_CUBIC = -0.75


@composite(spaces=("F",), out=False)
def affine_grid(theta: Tensor, size: Sequence[int], align_corners: bool | None = None) -> Tensor:
    """For each element of an image of a given size the place where an affine map puts it, for ``grid_sample``.

    Args:
        theta: one map for each image: shape (N, 2, 3), or (N, 3, 4) for volumes.
        size: the shape of the images, (N, C, H, W) or (N, C, D, H, W).
        align_corners: whether -1 and 1 mean the middles of the outer elements, instead of their outer edges.

    Returns:
        Shape (N, H, W, 2) or (N, D, H, W, 3).

    Raises:
        ValueError: another number of dims, or sizes that are not positive.

    Example:
        >>> import tensorplug as tp
        >>> theta = tp.tensor([[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]])
        >>> tp.nn.functional.affine_grid(theta, (1, 1, 1, 2), align_corners=False)
        tensor([[[[-0.5000,  0.0000],
                  [ 0.5000,  0.0000]]]])
    """
    if theta._kind.dtype.category != FLOAT:
        raise ValueError(f"Expected theta to have floating point type, but got {theta._kind.dtype}")
    rank = len(size) - 2
    if rank not in (2, 3):
        raise NotImplementedError(f"affine_grid only supports 4D and 5D sizes, for 2D and 3D maps; got size {size}")
    shape = tuple(int(n) for n in size)
    if len(theta._shape) != 3 or theta._shape[-2:] != (rank, rank + 1):
        raise ValueError(
            f"Expected a batch of {rank}D affine matrices of shape Nx{rank}x{rank + 1} for size {shape}. Got "
            f"{tuple(theta._shape)}."
        )
    if min(shape) <= 0:
        raise ValueError(f"Expected non-zero, positive output size. Got {shape}")
    axes = [_axis(theta, n, bool(align_corners)) for n in shape[2:]]
    spread = [axis.reshape([-1 if d == k else 1 for k in range(rank)]).expand(shape[2:]) for d, axis in enumerate(axes)]
    places = stack([*reversed(spread), spread[0].new_ones(shape[2:])], -1).reshape(1, -1, rank + 1)
    found = matmul(places.expand(shape[0], -1, -1), theta.transpose(1, 2))
    return found.view(shape[0], *shape[2:], rank)


def _axis(theta: Tensor, n: int, align_corners: bool) -> Tensor:
    """The coordinates of the middles of ``n`` elements."""
    if n == 1:
        return theta.new_zeros(1)
    at = new_arange(theta, n).to(theta._kind.dtype)
    return at * (2 / (n - 1)) - 1 if align_corners else (at * 2 + (1 - n)) * (1 / n)


@composite(spaces=("F",), out=False)
def grid_sample(
    input: Tensor,
    grid: Tensor,
    mode: str = "bilinear",
    padding_mode: str = "zeros",
    align_corners: bool | None = None,
) -> Tensor:
    """The values of images at given places, interpolated.

    Args:
        input: shape (N, C, H, W) or (N, C, D, H, W).
        grid: places, shape (N, H', W', 2) or (N, D', H', W', 3): x, y (and z), each in [-1, 1] inside the image; NaN
            means -1.
        mode: ``"bilinear"`` (trilinear for volumes), ``"nearest"``, or ``"bicubic"`` (images alone).
        padding_mode: what lies outside: ``"zeros"``, the ``"border"`` values, or the image's ``"reflection"``.
        align_corners: whether -1 and 1 mean the middles of the outer elements, instead of their outer edges.

    Returns:
        Shape (N, C, H', W') or (N, C, D', H', W').

    Raises:
        ValueError: an unknown mode.
        RuntimeError: shapes, dtypes or devices do not fit each other, or a spatial size is 0.

    Example:
        >>> import tensorplug as tp
        >>> image = tp.tensor([[[[1.0, 3.0]]]])
        >>> middle = tp.zeros(1, 1, 1, 2)
        >>> tp.nn.functional.grid_sample(image, middle, align_corners=False)
        tensor([[[[2.]]]])
    """
    if mode not in _MODES:
        raise ValueError(
            f"nn.functional.grid_sample(): expected mode to be 'bilinear', 'nearest' or 'bicubic', but got: '{mode}'"
        )
    if padding_mode not in _PADDINGS:
        raise ValueError(
            "nn.functional.grid_sample(): expected padding_mode to be 'zeros', 'border', or 'reflection', but got: "
            f"'{padding_mode}'"
        )
    return grid_sampler(input, grid, _MODES[mode], _PADDINGS[padding_mode], bool(align_corners))


@plan("input, grid; interpolation_mode, padding_mode, align_corners", spaces=("torch",), out=False)
def grid_sampler(input: Tensor, grid: Tensor, interpolation_mode: int, padding_mode: int, align_corners: bool) -> Plan:
    """``grid_sample`` with numbers for the modes.

    Args:
        interpolation_mode: 0 bilinear, 1 nearest, 2 bicubic.
        padding_mode: 0 zeros, 1 border, 2 reflection.

    Example:
        >>> import tensorplug as tp
        >>> tp.grid_sampler(tp.ones(1, 1, 2, 2), tp.zeros(1, 1, 1, 2), 0, 0, False)
        tensor([[[[1.]]]])
    """
    common_device("grid_sampler", (input, grid))
    rank = len(input._shape) - 2
    if rank not in (2, 3) or len(grid._shape) != rank + 2:
        raise RuntimeError(
            "grid_sampler(): expected 4D or 5D input and grid with same number of dimensions, but got input with sizes "
            f"{list(input._shape)} and grid with sizes {list(grid._shape)}"
        )
    if input._shape[0] != grid._shape[0]:
        raise RuntimeError(
            "grid_sampler(): expected grid and input to have same batch size, but got input with sizes "
            f"{list(input._shape)} and grid with sizes {list(grid._shape)}"
        )
    if grid._shape[-1] != rank:
        raise RuntimeError(
            f"grid_sampler(): expected grid to have size {rank} in last dimension, but got grid with sizes "
            f"{list(grid._shape)}"
        )
    if 0 in input._shape[2:]:
        raise RuntimeError(
            "grid_sampler(): expected input to have non-empty spatial dimensions, but input has sizes "
            f"{list(input._shape)}"
        )
    if rank == 3 and interpolation_mode == BICUBIC:
        raise RuntimeError("grid_sampler(): bicubic interpolation only supports 4D input")
    dtype = input._kind.dtype
    if dtype.category != FLOAT or grid._kind.dtype is not dtype:
        raise RuntimeError(
            f"grid_sampler(): expected input and grid to have the same floating-point dtype, but input has {dtype} and "
            f"grid has {grid._kind.dtype}"
        )
    params = (interpolation_mode, padding_mode, align_corners)
    return (input, grid), params, (*input._shape[:2], *grid._shape[1:-1]), dtype


@grid_sampler.default
def _grid_sampler(
    input: Tensor, grid: Tensor, interpolation_mode: int, padding_mode: int, align_corners: bool
) -> Tensor:
    dtype, size = input._kind.dtype, input._shape[2:]
    if dtype in HALF:
        input, grid = input.to(float32), grid.to(float32)
    # The places along each dim of the image, of shape (N, number of places); x, the last dim's, comes first.
    flat = grid.masked_fill(grid != grid, -1.0).flatten(1, -2)
    at = [_unnormalized(flat.select(-1, len(size) - 1 - d), n, align_corners) for d, n in enumerate(size)]
    image = _Image(input)
    if interpolation_mode == BICUBIC:
        found = _bicubic(image, at, padding_mode, align_corners)
    else:
        at = [_padded(x, n, padding_mode, align_corners) for x, n in zip(at, size, strict=True)]
        at = [_representable(x) for x in at]
        if interpolation_mode == NEAREST:
            found = image.read([image.coordinate(x.round(), d) for d, x in enumerate(at)])
        else:
            found = _linear(image, at)
    return found.transpose(0, 1).reshape(*input._shape[:2], *grid._shape[1:-1]).to(dtype)


class _Image:
    """Images as one row for each channel, with a 0 at its end for places outside.

    Channels share their places, so that a device gathers columns.
    """

    def __init__(self, input: Tensor) -> None:
        batch, channels, *size = input._shape
        self.size: Shape = tuple(size)
        self.elements = prod(size)
        rows = input.flatten(2).transpose(0, 1).reshape(channels, batch * self.elements)
        self.rows = cat([rows, rows.new_zeros((channels, 1))], 1)
        self.starts = new_arange(input, batch).unsqueeze(1) * self.elements

    def coordinate(self, x: Tensor, dim: int) -> Coordinate:
        """Whole places along a dim: how far they lead in a row, and whether they are inside."""
        x = x.detach()
        last = self.size[dim] - 1
        return x.clamp(0, last).to(int64) * prod(self.size[dim + 1 :]), (x >= 0) & (x <= last)

    def read(self, coordinates: Sequence[Coordinate]) -> Tensor:
        """The elements at these coordinates, shape (C, N, number of places); 0 outside."""
        place: Tensor = self.starts
        inside: Any = None
        for step, within in coordinates:
            place = place + step
            inside = within if inside is None else inside & within
        index = place.masked_fill(~inside, self.rows._shape[1] - 1)
        return self.rows.index_select(1, index.reshape(-1)).reshape(self.rows._shape[0], *index._shape)


differentiate_default(grid_sampler)


def _unnormalized(x: Tensor, n: int, align_corners: bool) -> Tensor:
    """Places in [-1, 1] as numbers of elements."""
    return (x + 1) * ((n - 1) / 2) if align_corners else ((x + 1) * n - 1) / 2


def _padded(x: Tensor, n: int, padding_mode: int, align_corners: bool) -> Tensor:
    """Places inside the image instead of those outside, where padding says so."""
    if padding_mode == ZEROS:
        return x
    if padding_mode == REFLECTION:
        low, span = (0.0, n - 1.0) if align_corners else (-0.5, float(n))
        x = _reflected(x, low, span)
    # Where a place is moved to the border, it is a constant.
    return x.where((x > 0) & (x < n - 1), x.detach().clamp(0, n - 1))


def _reflected(x: Tensor, low: float, span: float) -> Tensor:
    """``x`` as mirrors at ``low`` and ``low + span`` show it."""
    if span == 0:
        return x * 0
    distance = (x - low).where(x >= low, low - x)
    whole = (distance.detach() / span).floor()
    beyond = distance - whole * span
    return (beyond + low).where(whole % 2 == 0, span - beyond + low)


def _representable(x: Tensor) -> Tensor:
    """Too far away for an integer becomes a place that is certainly outside."""
    return x.masked_fill(~(x.detach().abs() < 2**31), -100.0)


def _linear(image: _Image, at: Sequence[Tensor]) -> Tensor:
    first = [x.detach().floor() for x in at]
    part = [x - low for x, low in zip(at, first, strict=True)]
    taps = [[image.coordinate(low + step, d) for step in (0, 1)] for d, low in enumerate(first)]
    total: Any = None
    for corner in itertools.product((0, 1), repeat=len(at)):
        weight: Any = None
        for step, beside in zip(corner, part, strict=True):
            factor = beside if step else 1 - beside
            weight = factor if weight is None else weight * factor
        value = image.read([tap[step] for tap, step in zip(taps, corner, strict=True)]) * weight
        total = value if total is None else total + value
    return total


def _bicubic(image: _Image, at: Sequence[Tensor], padding_mode: int, align_corners: bool) -> Tensor:
    first = [x.detach().floor() for x in at]
    weights = [_cubic_weights(x - low) for x, low in zip(at, first, strict=True)]
    taps = [
        [
            image.coordinate(_representable(_padded(low + step, image.size[d], padding_mode, align_corners)), d)
            for step in range(-1, 3)
        ]
        for d, low in enumerate(first)
    ]
    total: Any = None
    for row, by_row in zip(taps[0], weights[0], strict=True):
        line: Any = None
        for column, by_column in zip(taps[1], weights[1], strict=True):
            value = image.read([row, column]) * by_column
            line = value if line is None else line + value
        line = line * by_row
        total = line if total is None else total + line
    return total


def _cubic_weights(t: Tensor) -> list[Tensor]:
    """The weights of the four neighbours (Keys, 1981) of a place ``t`` after the second one."""
    return [_far(t + 1), _near(t), _near(1 - t), _far(2 - t)]


def _near(x: Tensor) -> Tensor:
    return ((_CUBIC + 2) * x - (_CUBIC + 3)) * x * x + 1


def _far(x: Tensor) -> Tensor:
    return ((_CUBIC * x - 5 * _CUBIC) * x + 8 * _CUBIC) * x - 4 * _CUBIC
