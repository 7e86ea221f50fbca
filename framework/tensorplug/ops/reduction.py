"""Sums, means, extremes and their kin: many elements to one. Reduced dims vanish unless ``keepdim``."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from tensorplug.base import TensorBase, count
from tensorplug.dispatch import Plan
from tensorplug.dtypes import FLOAT, INTEGER, DType, bool_, get_default_dtype, int64, uint8
from tensorplug.ops.creation import ones_like, zeros_like
from tensorplug.ops.define import composite, plan
from tensorplug.ops.joining import cat, stack
from tensorplug.shapes import Shape, canonical_dim, canonical_dims, reduced_shape

Tensor = Any
Dims = int | Sequence[int] | None

if TYPE_CHECKING:
    # Users see named results, and with them what their fields are.
    from tensorplug.tensor import Tensor as _Tensor


class ValuesIndices(NamedTuple):
    """The result of an op that finds elements: what they are and where."""

    values: _Tensor
    indices: _Tensor


def restore_dims(g: Tensor, dims: Shape, keepdim: bool) -> Tensor:
    """``g`` of a reduced shape with the reduced dims back, of size 1."""
    if not keepdim:
        for dim in dims:
            g = g.unsqueeze(dim)
    return g


def _spread(g: Tensor, input_shape: Shape, dims: Shape, keepdim: bool) -> Tensor:
    return restore_dims(g, dims, keepdim).expand(input_shape)


def _cast(input: Tensor, dtype: DType | None) -> Tensor:
    return input if dtype is None or input._kind.dtype is dtype else input.to(dtype)


# ---------------------------------------------------------------------------------------------------- sums


@plan("input; dim, keepdim, dtype")
def sum_(input: Tensor, dim: Dims = None, keepdim: bool = False, *, dtype: DType | None = None) -> Plan:
    """The sum of elements. Bools and integers sum to int64; float16 and bfloat16 accumulate in float32.

    Args:
        input: any shape; the sum of no elements is 0.
        dim: the dims to reduce; all by default.
        keepdim: keep reduced dims with size 1.
        dtype: convert to this first.

    Raises:
        IndexError: a dim is out of range.

    Example:
        >>> import tensorplug as tp
        >>> tp.sum(tp.tensor([[1.0, 2.0], [3.0, 4.0]]), dim=0)
        tensor([4., 6.])
    """
    dims = canonical_dims(dim, len(input._shape))
    given = input._kind.dtype
    if dtype is None:
        dtype = int64 if given.category <= INTEGER else given
    elif given.is_differentiable and dtype is not given:
        input = input.to(dtype)
    return (input,), (dims, keepdim, dtype), reduced_shape(input._shape, dims, keepdim), dtype


sum_.grads(input=lambda g, input_shape, dim, keepdim: _spread(g, input_shape, dim, keepdim))


@plan("input; dim, keepdim")
def nansum(input: Tensor, dim: Dims = None, keepdim: bool = False, *, dtype: DType | None = None) -> Any:
    """The sum of the elements that are not NaN."""
    if input._kind.dtype.category < FLOAT:
        return input.sum(dim, keepdim, dtype=dtype)
    if dtype is not None and dtype.category < FLOAT:
        return input.masked_fill(input.isnan(), 0).sum(dim, keepdim, dtype=dtype)
    input = _cast(input, dtype)
    dims = canonical_dims(dim, len(input._shape))
    return (input,), (dims, keepdim), reduced_shape(input._shape, dims, keepdim), input._kind.dtype


@nansum.default
def _nansum(input: Tensor, dim: Shape, keepdim: bool) -> Tensor:
    return input.masked_fill(input.isnan(), 0).sum(dim, keepdim)


nansum.grads(input=lambda g, input, dim, keepdim: _spread(g, input._shape, dim, keepdim).masked_fill(input.isnan(), 0))


def _elements(input: Tensor, dim: Dims) -> int:
    return math.prod(input._shape[d] for d in canonical_dims(dim, len(input._shape)) if input._shape)


@plan("input; dim, keepdim")
def mean(input: Tensor, dim: Dims = None, keepdim: bool = False, *, dtype: DType | None = None) -> Plan:
    """The mean of elements; of none, NaN.

    Raises:
        RuntimeError: a bool or integer tensor without ``dtype``.

    Example:
        >>> import tensorplug as tp
        >>> tp.mean(tp.tensor([1.0, 2.0, 6.0]))
        tensor(3.)
    """
    input = _cast(input, dtype)
    if not input._kind.dtype.is_differentiable:
        raise RuntimeError(
            "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. "
            f"Got: {input._kind.dtype.legacy_name}"
        )
    dims = canonical_dims(dim, len(input._shape))
    return (input,), (dims, keepdim), reduced_shape(input._shape, dims, keepdim), input._kind.dtype


@mean.default
def _mean(input: Tensor, dim: Shape, keepdim: bool) -> Tensor:
    return input.sum(dim, keepdim) / _reduced_count(input._shape, dim)


def _reduced_count(shape: Shape, dims: Shape) -> int:
    return math.prod(shape[d] for d in dims)


mean.grads(
    input=lambda g, input_shape, dim, keepdim: _spread(
        g / max(_reduced_count(input_shape, dim), 1), input_shape, dim, keepdim
    )
)


@composite(out=True)
def nanmean(input: Tensor, dim: Dims = None, keepdim: bool = False, *, dtype: DType | None = None) -> Tensor:
    """The mean of the elements that are not NaN.

    Raises:
        RuntimeError: a bool or integer tensor without ``dtype``.
    """
    input = _cast(input, dtype)
    if not input._kind.dtype.is_differentiable:
        raise RuntimeError(f"nanmean: only floating-point and complex dtypes have a mean, got {input._kind.dtype}")
    return input.nansum(dim, keepdim) / (~input.isnan()).sum(dim, keepdim)


@plan("input; dim, keepdim, dtype", spaces=(), out=False)
def prod_dims(input: Tensor, dim: Shape, keepdim: bool, dtype: DType) -> Plan:
    """The product over one dim or all of them."""
    return (input,), (dim, keepdim, dtype), reduced_shape(input._shape, dim, keepdim), dtype


def _prod_input(g: Tensor, input: Tensor, result: Tensor, dim: Shape, keepdim: bool) -> Tensor:
    # result / input, but right where elements are 0: the product of all the others.
    shape = input._shape
    if not dim:
        return g
    flat = input.movedim(dim, tuple(range(len(dim)))).flatten(0, len(dim) - 1)
    ones = ones_like(flat[:1])
    before = cat((ones, flat[:-1])).cumprod(0)
    after = cat((ones, flat[1:].flip(0))).cumprod(0).flip(0)
    others = (before * after).unflatten(0, [shape[d] for d in dim]).movedim(tuple(range(len(dim))), dim)
    return restore_dims(g, dim, keepdim) * (others.conj() if input.dtype.is_complex else others)


prod_dims.grads(input=_prod_input)


@composite()
def prod(input: Tensor, dim: int | None = None, keepdim: bool = False, *, dtype: DType | None = None) -> Tensor:
    """The product of elements. Bools and integers multiply as int64.

    Example:
        >>> import tensorplug as tp
        >>> tp.prod(tp.tensor([2, 3, 4]))
        tensor(24)
    """
    if dtype is None:
        dtype = int64 if input.dtype.category <= INTEGER else input.dtype
    return prod_dims(_cast(input, dtype), canonical_dims(dim, len(input._shape)), keepdim, dtype)


# ---------------------------------------------------------------------------------------------------- extremes


def _check_nonempty(name: str, input: Tensor, dims: Shape) -> None:
    if count(input) == 0 and any(input._shape[d] == 0 for d in dims):
        raise IndexError(
            f"{name}(): Expected reduction dim to be specified for input.numel() == 0, or to have non-zero size "
            f"(shape {list(input._shape)}, dims {list(dims)})"
        )


def _extreme(name: str, input: Tensor, dim: Dims, keepdim: bool) -> Plan:
    if dim is None or _names_no_dim(dim):
        _check_any(name, input)
    dims = canonical_dims(dim, len(input._shape))
    if input._kind.dtype.is_complex:
        raise NotImplementedError(f"{name} is not implemented for {input._kind.dtype}: complex numbers have no order")
    _check_nonempty(name, input, dims)
    return (input,), (dims, keepdim), reduced_shape(input._shape, dims, keepdim), input._kind.dtype


@plan("input; dim, keepdim")
def amax(input: Tensor, dim: Dims = (), keepdim: bool = False) -> Plan:
    """The largest elements; NaN if there is one. Equal elements share the gradient evenly.

    Raises:
        IndexError: a reduced dim has no elements to choose from.
        RuntimeError: the whole tensor has none.
    """
    return _extreme("amax", input, dim, keepdim)


@plan("input; dim, keepdim")
def amin(input: Tensor, dim: Dims = (), keepdim: bool = False) -> Plan:
    """The smallest elements; NaN if there is one. Equal elements share the gradient evenly.

    Raises:
        IndexError: a reduced dim has no elements to choose from.
        RuntimeError: the whole tensor has none.
    """
    return _extreme("amin", input, dim, keepdim)


def _extreme_input(g: Tensor, input: Tensor, result: Tensor, dim: Shape, keepdim: bool) -> Tensor:
    found = restore_dims(result, dim, keepdim)
    chosen = ((input == found) | (input.isnan() & found.isnan())).to(g.dtype)
    return restore_dims(g, dim, keepdim) * chosen / chosen.sum(dim, True)


amax.grads(input=_extreme_input)
amin.grads(input=_extreme_input)


def _arg_extreme(name: str, input: Tensor, dim: int | None, keepdim: bool) -> Plan:
    if input._kind.dtype.is_complex or input._kind.dtype is bool_:
        raise NotImplementedError(f"{name} is not implemented for {input._kind.dtype}")
    rank = len(input._shape)
    if dim is None:
        if count(input) == 0:
            raise IndexError(f"{name}(): Expected reduction dim to be specified for input.numel() == 0.")
        return (input.reshape(-1),), (0, False), (), int64
    dim = canonical_dim(dim, rank)
    if rank == 0:
        return (input.reshape(1),), (0, False), (), int64
    _check_nonempty(name, input, (dim,))
    return (input,), (dim, keepdim), reduced_shape(input._shape, (dim,), keepdim), int64


@plan("input; dim, keepdim", spaces=(), out=False)
def argmax_dim(input: Tensor, dim: int | None, keepdim: bool) -> Plan:
    """Where the largest element is along one dim: the first of equals, or the first NaN."""
    return _arg_extreme("argmax", input, dim, keepdim)


@plan("input; dim, keepdim", spaces=(), out=False)
def argmin_dim(input: Tensor, dim: int | None, keepdim: bool) -> Plan:
    """Where the smallest element is along one dim: the first of equals, or the first NaN."""
    return _arg_extreme("argmin", input, dim, keepdim)


def _keep_all(found: Tensor, input: Tensor, dim: int | None, keepdim: bool) -> Tensor:
    return found.reshape((1,) * len(input._shape)) if keepdim and dim is None else found


@composite()
def argmax(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """The int64 index of the largest element (the first of equals, or the first NaN), flat or along ``dim``.

    Example:
        >>> import tensorplug as tp
        >>> tp.argmax(tp.tensor([[1, 5], [7, 2]]), dim=1)
        tensor([1, 0])
    """
    return _keep_all(argmax_dim(input, dim, keepdim), input, dim, keepdim)


@composite()
def argmin(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """The int64 index of the smallest element (the first of equals, or the first NaN), flat or along ``dim``."""
    return _keep_all(argmin_dim(input, dim, keepdim), input, dim, keepdim)


def _pick(input: Tensor, indices: Tensor, dim: int, keepdim: bool) -> Tensor:
    if not input._shape:
        return input.clone()
    return input.gather(dim, indices) if keepdim else input.gather(dim, indices.unsqueeze(dim)).squeeze(dim)


def _as_orderable(input: Tensor) -> Tensor:
    return input.to(uint8) if input._kind.dtype is bool_ else input


def _check_any(name: str, input: Tensor) -> None:
    if count(input) == 0:
        raise RuntimeError(f"{name}(): a tensor of shape {list(input._shape)} has no elements to choose from")


@composite()
def max_(input: Tensor, dim: Any = None, keepdim: bool = False) -> Any:
    """The largest element; along ``dim``, the named tuple ``(values, indices)``; with a tensor, ``maximum``.

    Example:
        >>> import tensorplug as tp
        >>> values, indices = tp.max(tp.tensor([[1, 5], [7, 2]]), dim=1)
        >>> values
        tensor([5, 7])
    """
    if isinstance(dim, TensorBase):
        return input.maximum(dim)
    if dim is None:
        _check_any("max", input)
        return input.amax()
    indices = argmax_dim(_as_orderable(input), dim, keepdim)
    return ValuesIndices(_pick(input, indices, dim, keepdim), indices)


@composite()
def min_(input: Tensor, dim: Any = None, keepdim: bool = False) -> Any:
    """The smallest element; along ``dim``, the named tuple ``(values, indices)``; with a tensor, ``minimum``."""
    if isinstance(dim, TensorBase):
        return input.minimum(dim)
    if dim is None:
        _check_any("min", input)
        return input.amin()
    indices = argmin_dim(_as_orderable(input), dim, keepdim)
    return ValuesIndices(_pick(input, indices, dim, keepdim), indices)


# ---------------------------------------------------------------------------------------------------- truth


def _truth_dtype(input: Tensor) -> DType:
    return uint8 if input._kind.dtype is uint8 else bool_


@plan("input; dim, keepdim", spaces=(), out=False)
def all_dims(input: Tensor, dim: Dims, keepdim: bool) -> Plan:
    """Whether all elements of a bool tensor hold."""
    dims = canonical_dims(dim, len(input._shape))
    return (input.to(bool_),), (dims, keepdim), reduced_shape(input._shape, dims, keepdim), bool_


@plan("input; dim, keepdim", spaces=(), out=False)
def any_dims(input: Tensor, dim: Dims, keepdim: bool) -> Plan:
    """Whether some element of a bool tensor holds."""
    dims = canonical_dims(dim, len(input._shape))
    return (input.to(bool_),), (dims, keepdim), reduced_shape(input._shape, dims, keepdim), bool_


def _names_no_dim(dim: Dims) -> bool:
    # Other than for sums, where an empty list of dims means all of them, as in PyTorch.
    return isinstance(dim, tuple | list) and not dim


@composite()
def all_(input: Tensor, dim: Dims = None, keepdim: bool = False) -> Tensor:
    """Whether all elements are nonzero; of none, True. With an empty tuple of dims, whether each is.

    Example:
        >>> import tensorplug as tp
        >>> tp.all(tp.tensor([[1, 1], [0, 1]]), dim=1)
        tensor([ True, False])
    """
    if _names_no_dim(dim):
        return _cast(input.to(bool_), _truth_dtype(input))
    return _cast(all_dims(input, dim, keepdim), _truth_dtype(input))


@composite()
def any_(input: Tensor, dim: Dims = None, keepdim: bool = False) -> Tensor:
    """Whether some element is nonzero; of none, False. With an empty tuple of dims, whether each is."""
    if _names_no_dim(dim):
        return _cast(input.to(bool_), _truth_dtype(input))
    return _cast(any_dims(input, dim, keepdim), _truth_dtype(input))


# ---------------------------------------------------------------------------------------------------- spread


def _correction(unbiased: bool | None, correction: float | None) -> float:
    if unbiased is not None and correction is not None:
        raise TypeError("var(): give either 'unbiased' or 'correction', not both")
    if unbiased is not None:
        return 1 if unbiased else 0
    return 1 if correction is None else correction


@composite()
def var(
    input: Tensor,
    dim: Dims = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float | None = None,
) -> Tensor:
    """The variance: mean squared distance from the mean, over ``n - correction`` (1 by default: Bessel's).

    Example:
        >>> import tensorplug as tp
        >>> tp.var(tp.tensor([1.0, 2.0, 3.0]))
        tensor(1.)
    """
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    if not input._kind.dtype.is_differentiable:
        raise RuntimeError(f"var: only support floating point and complex dtypes, got {input.dtype}")
    dims = canonical_dims(dim, len(input._shape))
    centred = input - input.mean(dims, True)
    squares = (centred * centred.conj()).real if input.dtype.is_complex else centred * centred
    divisor = max(_elements(input, dims) - _correction(unbiased, correction), 0)
    total = squares.sum(dims, keepdim)
    return total / divisor if divisor else total / zeros_like(total)


@composite()
def std(
    input: Tensor,
    dim: Dims = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float | None = None,
) -> Tensor:
    """The standard deviation, the square root of ``var``."""
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    return power_from_zero(var(input, dim, unbiased, keepdim, correction=correction), 0.5)


def power_from_zero(input: Tensor, exponent: float) -> Tensor:
    """``input**exponent`` of numbers from 0 on; the gradient at 0 is 0, where that of a root is infinite."""
    zero = input == 0
    positive = input.masked_fill(zero, 1)
    return (positive.sqrt() if exponent == 0.5 else positive**exponent).masked_fill(zero, 0)


@composite(out=False, spaces=("torch",))
def var_mean(
    input: Tensor,
    dim: Dims = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float | None = None,
) -> tuple[Tensor, Tensor]:
    """Variance and mean."""
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    return var(input, dim, unbiased, keepdim, correction=correction), input.mean(dim, keepdim)


@composite(out=False, spaces=("torch",))
def std_mean(
    input: Tensor,
    dim: Dims = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float | None = None,
) -> tuple[Tensor, Tensor]:
    """Standard deviation and mean."""
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    return std(input, dim, unbiased, keepdim, correction=correction), input.mean(dim, keepdim)


@plan("input; dim, keepdim", spaces=(), out=False)
def euclidean_norm(input: Tensor, dim: Dims, keepdim: bool) -> Plan:
    """``sqrt(sum(|x|**2))``; the gradient at 0 is 0."""
    dims = canonical_dims(dim, len(input._shape))
    return (input,), (dims, keepdim), reduced_shape(input._shape, dims, keepdim), input._kind.dtype.to_real()


@euclidean_norm.default
def _euclidean_norm(input: Tensor, dim: Shape, keepdim: bool) -> Tensor:
    size = input.abs() if input.dtype.is_complex else input
    return (size * size).sum(dim, keepdim).sqrt()


def _euclidean_input(g: Tensor, input: Tensor, result: Tensor, dim: Shape, keepdim: bool) -> Tensor:
    length = restore_dims(result, dim, keepdim)
    return restore_dims(g, dim, keepdim) * (input / length).masked_fill(length == 0, 0)


euclidean_norm.grads(input=_euclidean_input)


@composite()
def logsumexp(input: Tensor, dim: Dims, keepdim: bool = False) -> Tensor:
    """``log(sum(exp(input)))`` along ``dim``, without overflow."""
    if input.dtype.category <= INTEGER:
        input = input.to(get_default_dtype())
    dims = canonical_dims(dim, len(input._shape))
    if any(input._shape[d] == 0 for d in dims):
        return input.exp().sum(dims, keepdim).log()
    top = input.detach().amax(dims, True)
    top = top.masked_fill(top.abs() == math.inf, 0)
    total = (input - top).exp().sum(dims, keepdim).log()
    return total + (top if keepdim else top.reshape(total._shape))


# ---------------------------------------------------------------------------------------------------- running totals


def _running(input: Tensor, dim: int, dtype: DType | None) -> Plan:
    if dtype is None:
        dtype = int64 if input._kind.dtype.category <= INTEGER else input._kind.dtype
    input = _cast(input, dtype)
    return (input,), (canonical_dim(dim, len(input._shape)),), input._shape, dtype


@plan("input; dim", inplace=True)
def cumsum(input: Tensor, dim: int, *, dtype: DType | None = None) -> Plan:
    """Running sums along ``dim``.

    Example:
        >>> import tensorplug as tp
        >>> tp.cumsum(tp.tensor([1, 2, 3]), 0)
        tensor([1, 3, 6])
    """
    return _running(input, dim, dtype)


cumsum.grads(input=lambda g, dim: g.flip(dim).cumsum(dim).flip(dim) if g._shape else g)


@plan("input; dim", inplace=True)
def cumprod(input: Tensor, dim: int, *, dtype: DType | None = None) -> Plan:
    """Running products along ``dim``."""
    return _running(input, dim, dtype)


def _cumprod_input(g: Tensor, input: Tensor, dim: int) -> Tensor:
    # d out[k] / d in[i] is the product of in[0..k] without in[i]; summed over k >= i, column by column.
    if not input._shape or input._shape[dim] == 0:
        return g
    moved, upstream = input.movedim(dim, 0), g.movedim(dim, 0)
    columns = []
    before = ones_like(moved[0])
    for i in range(moved._shape[0]):
        tail = cat((before.unsqueeze(0), moved[i + 1 :])).cumprod(0)
        tail = tail.conj() if input.dtype.is_complex else tail
        columns.append((upstream[i:] * tail).sum(0))
        before = before * moved[i]
    return stack(columns).movedim(0, dim)


cumprod.grads(input=_cumprod_input)
