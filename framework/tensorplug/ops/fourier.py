"""Discrete Fourier transforms: three ops, for complex numbers and to and from real ones, and their arguments.

A transform of real numbers is its own mirror image, conjugated: of its last dim just the first half is kept, with the
frequencies from 0 to n // 2. Where the scale factor goes, ``norm``, is one of ``"backward"`` (the inverse transform has
``1 / n``, the default), ``"forward"`` (the transform has it) and ``"ortho"`` (each has its root).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod, sqrt
from typing import Any

import numpy as np

from tensorplug.dispatch import Plan
from tensorplug.dtypes import FLOAT, HALF, DType, get_default_dtype
from tensorplug.ops.complex import real_part
from tensorplug.ops.define import plan
from tensorplug.ops.dft import transformed
from tensorplug.ops.joining import cat
from tensorplug.ops.movement import constant_pad
from tensorplug.ops.slicing import slice_dim
from tensorplug.ops.windows import constant
from tensorplug.shapes import Shape, canonical_dim

Tensor = Any
Where = tuple[Shape, tuple[int | None, ...]]
"""The dims of a transform, and the size that each is to get first."""

_OPPOSITE = {"backward": "forward", "forward": "backward", "ortho": "ortho"}
"""The normalization with which the transform in the other direction has the same factor."""


# ---------------------------------------------------------------------------------------------------- ops


@plan("input; dims, norm, forward", spaces=(), out=False)
def fft_c2c(input: Tensor, dims: Shape, norm: str, forward: bool) -> Plan:
    """The transform, or the inverse one, of complex numbers along ``dims``."""
    return (input,), (dims, norm, forward), input._shape, input._kind.dtype


@plan("input; dims, norm", spaces=(), out=False)
def fft_r2c(input: Tensor, dims: Shape, norm: str) -> Plan:
    """The transform of real numbers along ``dims``, without the mirrored half of the last of them."""
    return (input,), (dims, norm), _halved(input._shape, dims[-1]), input._kind.dtype.to_complex()


@plan("input; dims, norm, size", spaces=(), out=False)
def fft_c2r(input: Tensor, dims: Shape, norm: str, size: int) -> Plan:
    """The inverse of ``fft_r2c``; the last of ``dims`` gets ``size`` elements, and had ``size // 2 + 1``."""
    shape = input._shape
    last = dims[-1]
    return (input,), (dims, norm, size), (*shape[:last], size, *shape[last + 1 :]), input._kind.dtype.to_real()


@fft_c2c.default
def _fft_c2c(input: Tensor, dims: Shape, norm: str, forward: bool) -> Tensor:
    for dim in dims:
        input = transformed(input, dim, -1 if forward else 1)
    return _scaled(input, prod(input._shape[d] for d in dims), norm, forward)


@fft_r2c.default
def _fft_r2c(input: Tensor, dims: Shape, norm: str) -> Tensor:
    found = fft_c2c(input.to(input._kind.dtype.to_complex()), dims, norm, True)
    return slice_dim(found, dims[-1], 0, input._shape[dims[-1]] // 2 + 1, 1).clone()


@fft_c2r.default
def _fft_c2r(input: Tensor, dims: Shape, norm: str, size: int) -> Tensor:
    *others, last = dims
    half = fft_c2c(input, tuple(others), "forward", False) if others else input
    mirrored = slice_dim(half, last, 1, size - size // 2, 1).flip(last).conj()
    found = transformed(cat((half, mirrored), last), last, 1)
    return _scaled(real_part(found), size * prod(input._shape[d] for d in others), norm, False)


def _scaled(found: Tensor, size: int, norm: str, forward: bool) -> Tensor:
    if norm == "ortho":
        return found * (1 / sqrt(size))
    return found * (1 / size) if (norm == "forward") == forward else found.clone()


def _halved(shape: Shape, dim: int) -> Shape:
    return (*shape[:dim], shape[dim] // 2 + 1, *shape[dim + 1 :])


def _weighted(half: Tensor, dim: int, size: int, weight: float) -> Tensor:
    """The kept half times ``weight``, but for the frequencies that are their own mirror images."""
    weights = np.full(half._shape[dim], weight, half._kind.dtype.to_real().numpy)
    weights[0] = 1
    if size % 2 == 0:
        weights[-1] = 1
    return half * constant(half, weights.reshape((-1,) + (1,) * (len(half._shape) - dim - 1)))


def _r2c_input(g: Tensor, input_shape: Shape, dims: Shape, norm: str) -> Tensor:
    size = input_shape[dims[-1]]
    return fft_c2r(_weighted(g, dims[-1], size, 0.5), dims, _OPPOSITE[norm], size)


fft_c2c.grads(input=lambda g, dims, norm, forward: fft_c2c(g, dims, _OPPOSITE[norm], not forward))
fft_r2c.grads(input=_r2c_input)
fft_c2r.grads(
    input=lambda g, dims, norm, size: _weighted(fft_r2c(g, dims, _OPPOSITE[norm]), dims[-1], size, 2.0),
)


# ---------------------------------------------------------------------------------------------------- arguments


def _prepared(name: str, input: Tensor, kind: str) -> Tensor:
    """``input`` in a dtype that can be transformed: ``kind`` is ``"complex"`` or ``"real"``."""
    dtype: DType = input._kind.dtype
    if kind == "real" and dtype.is_complex:
        raise RuntimeError(f"{name} expects a real input tensor, but got {dtype}")
    if dtype in HALF:
        raise RuntimeError(f"{name}: unsupported dtype {dtype}; convert with .to(tensorplug.float32)")
    if dtype.category < FLOAT:
        dtype = get_default_dtype()
    return input.to(dtype.to_complex() if kind == "complex" else dtype)


def _norm(norm: str | None) -> str:
    if norm is None:
        return "backward"
    if norm not in _OPPOSITE:
        raise RuntimeError(f'Invalid normalization mode: "{norm}"; there are {", ".join(_OPPOSITE)}')
    return norm


def _check_points(name: str, count: int) -> int:
    if count < 1:
        raise RuntimeError(f"{name}: invalid number of data points ({count}) specified")
    return count


def one_dim(name: str, input: Tensor, n: int | None, dim: int) -> Where:
    """The dim as ``dims``, and the wanted size."""
    shape = input._shape
    if not shape:
        raise IndexError(f"{name}: dimension specified as {dim} but tensor has no dimensions")
    if n is not None:
        _check_points(name, n)
    return (canonical_dim(dim, len(shape)),), (n,)


def many_dims(name: str, input: Tensor, s: Any, dim: Any, least: int = 0) -> Where:
    """Dims and wanted sizes, where each may be left out; a size of -1 is that of the input."""
    rank = len(input._shape)
    sizes = (s,) if isinstance(s, int) else s
    if dim is not None:
        dims = tuple(canonical_dim(d, rank) for d in ((dim,) if isinstance(dim, int) else dim))
        if dims and not rank:
            raise IndexError(f"{name}: dimensions specified as {dims} but tensor has no dimensions")
        if len(set(dims)) < len(dims):
            raise RuntimeError(f"{name}: the dims must be unique, got {dims}")
    elif sizes is not None:
        if len(sizes) > rank:
            raise RuntimeError(f"{name}: got shape with {len(sizes)} values but input tensor only has {rank} dims")
        dims = tuple(range(rank - len(sizes), rank))
    else:
        dims = tuple(range(rank))
    if sizes is not None and len(sizes) != len(dims):
        raise RuntimeError(f"{name}: when given, dim and shape arguments must have the same length")
    if len(dims) < least:
        raise RuntimeError(f"{name} must transform at least one axis")
    wanted = tuple(None if n == -1 else _check_points(name, n) for n in sizes) if sizes is not None else ()
    return dims, wanted or (None,) * len(dims)


def _resized(name: str, input: Tensor, dims: Shape, sizes: Sequence[int | None]) -> Tensor:
    """The first elements of each dim, or all with zeros behind, so that it has the wanted size."""
    added = [(0, 0)] * len(input._shape)
    for dim, size in zip(dims, sizes, strict=True):
        there = input._shape[dim]
        if size is not None and size < there:
            input = slice_dim(input, dim, 0, size, 1)
        elif size is not None:
            added[dim] = (0, size - there)
        elif there == 0:
            _check_points(name, there)
    return constant_pad(input, added, 0) if any(map(any, added)) else input


# ---------------------------------------------------------------------------------------------------- the transforms


def complex_to_complex(name: str, input: Tensor, where: Where, norm: str | None, forward: bool) -> Tensor:
    x = _prepared(name, input, "complex")
    scale = _norm(norm)
    dims, sizes = where
    x = _resized(name, x, dims, sizes)
    return fft_c2c(x, dims, scale, forward) if dims else x.clone()


def real_to_complex(name: str, input: Tensor, where: Where, norm: str | None, hermitian: bool) -> Tensor:
    x = _prepared(name, input, "real")
    scale = _norm(norm)
    dims, sizes = where
    x = _resized(name, x, dims, sizes)
    return fft_r2c(x, dims, _OPPOSITE[scale]).conj() if hermitian else fft_r2c(x, dims, scale)


def complex_to_real(name: str, input: Tensor, where: Where, norm: str | None, hermitian: bool) -> Tensor:
    x = _prepared(name, input, "complex")
    scale = _norm(norm)
    dims, sizes = where
    size = sizes[-1]
    if size is None:
        size = _check_points(name, 2 * (x._shape[dims[-1]] - 1))
    x = _resized(name, x, dims, (*sizes[:-1], size // 2 + 1))
    return fft_c2r(x.conj(), dims, _OPPOSITE[scale], size) if hermitian else fft_c2r(x, dims, scale, size)
