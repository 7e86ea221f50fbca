"""What is found by putting elements in order: medians, quantiles, modes, running extremes."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from tensorplug.base import TensorBase, count, everywhere
from tensorplug.dispatch import Plan
from tensorplug.dtypes import COMPLEX, bool_, float32, float64, int64
from tensorplug.ops.creation import new_arange
from tensorplug.ops.define import composite, plan
from tensorplug.ops.indexing import scatter_src, sort_dim
from tensorplug.ops.joining import cat
from tensorplug.ops.reduction import ValuesIndices
from tensorplug.shapes import Shape, canonical_dim

Tensor = Any


def _check_reducible(name: str, input: Tensor, dim: int) -> int:
    rank = len(input._shape)
    dim = canonical_dim(dim, rank)
    if rank and not input._shape[dim]:
        raise IndexError(f"{name}(): Expected reduction dim {dim} to have non-zero size.")
    return dim


def _chosen(input: Tensor, dim: int, indices: Tensor, keepdim: bool) -> ValuesIndices:
    """The elements of which ``indices`` tells the places; its dim ``dim`` has size 1."""
    if not input._shape:
        return ValuesIndices(input.clone(), indices.reshape(()))
    values = input.gather(dim, indices)
    return ValuesIndices(values, indices) if keepdim else ValuesIndices(values.squeeze(dim), indices.squeeze(dim))


def _at_least_1d(x: Tensor) -> Tensor:
    return x if x._shape else x.reshape(1)


# ---------------------------------------------------------------------------------------------------- one of many


@composite()
def kthvalue(input: Tensor, k: int, dim: int = -1, keepdim: bool = False) -> ValuesIndices:
    """The ``k``-th smallest elements along ``dim``, as the named tuple ``(values, indices)``. NaN is the largest.

    Raises:
        RuntimeError: there is no such element.

    Example:
        >>> import tensorplug as tp
        >>> tp.kthvalue(tp.tensor([30, 10, 20]), 2).values
        tensor(20)
    """
    dim = _check_reducible("kthvalue", input, dim)
    size = input._shape[dim] if input._shape else 1
    if not 1 <= k <= size:
        raise RuntimeError(f"kthvalue(): selected number k out of range for dimension {dim}: {k} of {size}")
    order = _at_least_1d(sort_dim(input.detach(), dim, False, True)[1])
    return _chosen(input, dim, order.narrow(dim, k - 1, 1), keepdim)


@plan("input; ignore_nan", spaces=(), out=False)
def median_of_all(input: Tensor, ignore_nan: bool) -> Plan:
    """The median of all elements; equal ones share the gradient evenly."""
    return (input,), (ignore_nan,), (), input._kind.dtype


@median_of_all.default
def _median_of_all(input: Tensor, ignore_nan: bool) -> Tensor:
    return _median_along(input.reshape(-1), 0, False, ignore_nan).values


def _median_of_all_input(g: Tensor, input: Tensor, result: Tensor) -> Tensor:
    if not count(input):
        return g.new_zeros(input._shape)
    hit = ((input == result) | (input.isnan() & result.isnan())).to(g._kind.dtype)
    return g * hit / hit.sum()


median_of_all.grads(input=_median_of_all_input)


def _median(name: str, input: Tensor, dim: int | None, keepdim: bool, ignore_nan: bool) -> Any:
    if input._kind.dtype is bool_ or input._kind.dtype.category == COMPLEX:
        raise NotImplementedError(f"{name} is not implemented for {input._kind.dtype}")
    if dim is not None:
        return _median_along(input, _check_reducible(name, input, dim), keepdim, ignore_nan)
    if not count(input) and not input._kind.dtype.is_floating_point:
        raise RuntimeError(f"{name}(): there is no median of no elements")
    return median_of_all(input, ignore_nan)


def _median_along(input: Tensor, dim: int, keepdim: bool, ignore_nan: bool) -> ValuesIndices:
    if input._shape == (0,):
        return ValuesIndices(input.new_full((), math.nan), input.new_zeros((), dtype=int64))
    flat = _at_least_1d(input)
    order = sort_dim(flat.detach(), dim, False, True)[1]
    size = flat._shape[dim]
    if not input._kind.dtype.is_floating_point:
        return _chosen(input, dim, order.narrow(dim, (size - 1) // 2, 1), keepdim)
    numbers = size - flat.isnan().sum(dim, True)
    if ignore_nan:
        place = ((numbers - 1).clamp(min=0)).div(2, rounding_mode="floor")
    else:
        # The first NaN comes right after the numbers.
        place = numbers.where(numbers < size, (size - 1) // 2)
    return _chosen(input, dim, order.gather(dim, place), keepdim)


@composite()
def median(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Any:
    """The median, the lower of the two in the middle; along ``dim``, the named tuple ``(values, indices)``.

    NaN if there is one. Of all elements, equal ones share the gradient evenly; along a dim, one gets it.

    Example:
        >>> import tensorplug as tp
        >>> tp.median(tp.tensor([4.0, 1.0, 3.0, 2.0]))
        tensor(2.)
    """
    return _median("median", input, dim, keepdim, False)


@composite()
def nanmedian(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Any:
    """The median of the elements that are not NaN; NaN where all are.

    Example:
        >>> import tensorplug as tp
        >>> tp.nanmedian(tp.tensor([3.0, float("nan"), 1.0, 2.0]))
        tensor(2.)
    """
    return _median("nanmedian", input, dim, keepdim, True)


@composite()
def mode(input: Tensor, dim: int = -1, keepdim: bool = False) -> ValuesIndices:
    """The most frequent elements along ``dim``, the smallest of those, with the place of the last one.

    Example:
        >>> import tensorplug as tp
        >>> tp.mode(tp.tensor([3, 1, 2, 1]))
        ValuesIndices(values=tensor(1), indices=tensor(3))
    """
    dim = _check_reducible("mode", input, dim)
    flat = _at_least_1d(input.detach())
    values, order = sort_dim(flat, dim, False, True)
    places = _along(new_arange(flat, flat._shape[dim]), dim, len(flat._shape)).expand(flat._shape)
    rest = flat._shape[dim] - 1
    differs = values.narrow(dim, 1, rest) != values.narrow(dim, 0, rest)
    starts = cat((places.narrow(dim, 0, 1), places.narrow(dim, 1, rest).masked_fill(~differs, 0)), dim)
    longest = (places - starts.cummax(dim)[0]).argmax(dim, True)
    return _chosen(input, dim, order.gather(dim, longest), keepdim)


def _along(x: Tensor, dim: int, rank: int) -> Tensor:
    """A vector as a tensor of ``rank`` dims that varies along ``dim``."""
    return x.reshape([-1 if d == dim else 1 for d in range(rank)])


@composite()
def msort(input: Tensor) -> Tensor:
    """The elements in order along the first dim.

    Example:
        >>> import tensorplug as tp
        >>> tp.msort(tp.tensor([[3, 1], [2, 4]]))
        tensor([[2, 1],
                [3, 4]])
    """
    return sort_dim(input, 0, False, True)[0]


class MinMax(NamedTuple):
    """The result of ``aminmax``."""

    min: Tensor
    max: Tensor


@composite()
def aminmax(input: Tensor, *, dim: int | None = None, keepdim: bool = False) -> MinMax:
    """The smallest and the largest elements, of all or along ``dim``; NaN if there is one.

    Example:
        >>> import tensorplug as tp
        >>> tp.aminmax(tp.tensor([3, 1, 2]))
        MinMax(min=tensor(1), max=tensor(3))
    """
    dims: Any = () if dim is None else dim
    return MinMax(input.amin(dims, keepdim), input.amax(dims, keepdim))


# ---------------------------------------------------------------------------------------------------- quantiles


@composite()
def quantile(
    input: Tensor, q: Tensor | float, dim: int | None = None, keepdim: bool = False, *, interpolation: str = "linear"
) -> Tensor:
    """The values below which shares ``q`` of the elements lie, of all or along ``dim``; NaN if there is one.

    Args:
        input: float32 or float64.
        q: a number in [0, 1], or a tensor of such numbers in one dim, of the dtype of ``input``.
        interpolation: what to give between two elements: ``"linear"``, ``"lower"``, ``"higher"``, ``"midpoint"`` or
            ``"nearest"``.

    Returns:
        The reduced shape; for several ``q`` with a dim for them in front.

    Raises:
        RuntimeError: another dtype, no elements, ``q`` out of range, an unknown interpolation.

    Example:
        >>> import tensorplug as tp
        >>> tp.quantile(tp.tensor([0.0, 1.0, 2.0, 3.0]), 0.5)
        tensor(1.5000)
    """
    return _quantile("quantile", input, q, dim, keepdim, interpolation, False)


@composite()
def nanquantile(
    input: Tensor, q: Tensor | float, dim: int | None = None, keepdim: bool = False, *, interpolation: str = "linear"
) -> Tensor:
    """``quantile`` of the elements that are not NaN; NaN where all are.

    Example:
        >>> import tensorplug as tp
        >>> tp.nanquantile(tp.tensor([0.0, float("nan"), 1.0]), 0.5)
        tensor(0.5000)
    """
    return _quantile("nanquantile", input, q, dim, keepdim, interpolation, True)


_INTERPOLATIONS = ("linear", "lower", "higher", "midpoint", "nearest")


def _quantile(
    name: str, input: Tensor, q: Any, dim: int | None, keepdim: bool, interpolation: str, ignore_nan: bool
) -> Tensor:
    rank = len(input._shape)
    if dim is not None:
        dim = canonical_dim(dim, rank)
    rows = input.reshape(-1) if dim is None or not rank else input.movedim(dim, -1)
    shares = _shares(name, input, q, interpolation)
    if not count(input):
        raise RuntimeError(f"{name}() input tensor must be non-empty")
    values = sort_dim(rows, len(rows._shape) - 1, False, True)[0]
    missing = rows.detach().isnan()
    last = values._shape[-1] - 1
    if ignore_nan:
        ranks = shares * ((last - missing.sum(-1, True)).clamp(min=0)).to(values._kind.dtype)
    else:
        # NaN is last in order, and the answer where there is one.
        ranks = (shares * last).masked_fill(missing.any(-1, True), last)
    found = _between(values, ranks, interpolation)
    if dim is None or not rank:
        found = found.reshape(((1,) * rank if keepdim else ()) + (-1,))
    elif keepdim:
        found = found.unsqueeze(canonical_dim(dim, rank))
    single = not isinstance(q, TensorBase) or not q._shape
    return found.squeeze(-1) if single else found.movedim(-1, 0)


def _shares(name: str, input: Tensor, q: Any, interpolation: str) -> Tensor:
    dtype = input._kind.dtype
    if dtype not in (float32, float64):
        raise RuntimeError(f"{name}() input tensor must be either float or double dtype, got {dtype}")
    if interpolation not in _INTERPOLATIONS:
        raise RuntimeError(
            f"{name}() interpolation must be one of linear, lower, higher, midpoint or nearest, but got {interpolation}"
        )
    if not isinstance(q, TensorBase):
        if not 0 <= q <= 1:
            raise RuntimeError(f"{name}() q must be in the range [0, 1] but got {q}")
        return input.new_full((1,), q)
    if len(q._shape) > 1:
        raise RuntimeError(f"{name}() q must be a scalar or 1D tensor, got shape {list(q._shape)}")
    if q._kind is not input._kind:
        raise RuntimeError(
            f"{name}() q tensor must be same dtype as the input tensor and on the same device, got {q._kind.dtype} on "
            f"{q._kind.device} and {dtype} on {input._kind.device}"
        )
    if not q._kind.backend.abstract and _any_outside(everywhere(q)):
        raise RuntimeError(f"{name}() q values must be in the range [0, 1]")
    return _at_least_1d(q)


def _any_outside(q: Tensor) -> bool:
    return bool(((q < 0) | (q > 1)).any())


def _between(values: Tensor, ranks: Tensor, interpolation: str) -> Tensor:
    """The elements at ``ranks`` along the last dim of sorted rows."""
    shape = (*values._shape[:-1], ranks._shape[-1])
    if interpolation in ("lower", "higher", "nearest"):
        whole = {"lower": ranks.floor, "higher": ranks.ceil, "nearest": ranks.round}[interpolation]()
        return values.gather(-1, whole.to(int64).expand(shape))
    low, high = ranks.detach().floor(), ranks.detach().ceil()
    below, above = (values.gather(-1, x.to(int64).expand(shape)) for x in (low, high))
    return below.lerp(above, 0.5 if interpolation == "midpoint" else (ranks - low).expand(shape))


# ---------------------------------------------------------------------------------------------------- running


@plan("input; dim, largest", outputs=("values", "indices"), spaces=(), out=False)
def running_extreme(input: Tensor, dim: int, largest: bool) -> Plan:
    """The largest (or smallest) element so far along ``dim``, NaN from the first one on, and where it last was."""
    dim = canonical_dim(dim, len(input._shape))
    return (input,), (dim, largest), (input._shape,) * 2, (input._kind.dtype, int64)


@running_extreme.default
def _running_extreme(input: Tensor, dim: int, largest: bool) -> tuple[Tensor, Tensor]:
    if not input._shape:
        return input.clone(), input.new_zeros((), dtype=int64)
    size = input._shape[dim]
    values = input
    places = _along(new_arange(input, size), dim, len(input._shape)).expand(input._shape)
    reach = 1
    while reach < size:
        # Every element now stands for ``reach`` of them; the later one wins where both are equal.
        early, late = values.narrow(dim, 0, size - reach), values.narrow(dim, reach, size - reach)
        wins = (early > late if largest else early < late) | early.isnan()
        wins = wins & ~late.isnan()
        values = cat((values.narrow(dim, 0, reach), early.where(wins, late)), dim)
        both = places.narrow(dim, 0, size - reach).where(wins, places.narrow(dim, reach, size - reach))
        places = cat((places.narrow(dim, 0, reach), both), dim)
        reach *= 2
    return values, places


@running_extreme.vjp
def _running_extreme_vjp(grads: tuple[Any, Any], indices: Tensor, input_shape: Shape, dim: int) -> Any:
    return scatter_src(grads[0].new_zeros(input_shape), dim, indices, grads[0], "sum")


@composite()
def cummax(input: Tensor, dim: int) -> ValuesIndices:
    """The largest element so far along ``dim`` and where it last was, as the named tuple ``(values, indices)``.

    Example:
        >>> import tensorplug as tp
        >>> tp.cummax(tp.tensor([1, 3, 2, 3]), 0)
        ValuesIndices(values=tensor([1, 3, 3, 3]), indices=tensor([0, 1, 1, 3]))
    """
    return _running("cummax", input, dim, True)


@composite()
def cummin(input: Tensor, dim: int) -> ValuesIndices:
    """The smallest element so far along ``dim`` and where it last was, as the named tuple ``(values, indices)``.

    Example:
        >>> import tensorplug as tp
        >>> tp.cummin(tp.tensor([2, 3, 1]), 0).values
        tensor([2, 2, 1])
    """
    return _running("cummin", input, dim, False)


def _running(name: str, input: Tensor, dim: int, largest: bool) -> ValuesIndices:
    if input._kind.dtype.is_complex:
        raise NotImplementedError(f"{name} is not implemented for {input._kind.dtype}: complex numbers have no order")
    return ValuesIndices(*running_extreme(input, dim, largest))


@plan("input; dim")
def logcumsumexp(input: Tensor, dim: int) -> Plan:
    """``log(cumsum(exp(input)))`` along ``dim``, without overflow.

    Example:
        >>> import tensorplug as tp
        >>> tp.logcumsumexp(tp.tensor([1000.0, 1000.0]), 0)
        tensor([1000.0000, 1000.6932])
    """
    dtype = input._kind.dtype
    if not dtype.is_floating_point:
        raise NotImplementedError(f"logcumsumexp is not implemented for {dtype}: it takes floating-point numbers")
    return (input,), (canonical_dim(dim, len(input._shape)),), input._shape, dtype


@logcumsumexp.default
def _logcumsumexp(input: Tensor, dim: int) -> Tensor:
    size = input._shape[dim] if input._shape else 1
    total, reach = input, 1
    while reach < size:
        sums = total.narrow(dim, 0, size - reach).logaddexp(total.narrow(dim, reach, size - reach))
        total = cat((total.narrow(dim, 0, reach), sums), dim)
        reach *= 2
    return input.clone() if total is input else total


def _logcumsumexp_input(g: Tensor, input: Tensor, result: Tensor, dim: int) -> Tensor:
    # The sum over k >= i of g_k * exp(x_i - result_k), gathered in strides that double; no power exceeds 1.
    size = input._shape[dim] if input._shape else 1
    total, reach = g, 1
    while reach < size:
        rest = size - reach
        decay = (result.narrow(dim, 0, rest) - result.narrow(dim, reach, rest)).exp()
        sums = total.narrow(dim, 0, rest) + total.narrow(dim, reach, rest) * decay
        total = cat((sums, total.narrow(dim, rest, reach)), dim)
        reach *= 2
    return (input - result).exp() * total


logcumsumexp.grads(input=_logcumsumexp_input)
