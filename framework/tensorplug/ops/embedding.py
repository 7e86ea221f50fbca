"""Tables of vectors, looked up by index."""

from __future__ import annotations

import warnings
from typing import Any

from tensorplug.autograd.grad_mode import no_grad
from tensorplug.dispatch import Plan
from tensorplug.dtypes import int32, int64
from tensorplug.ops.creation import new_arange
from tensorplug.ops.define import composite, plan
from tensorplug.ops.derived import differentiate_default
from tensorplug.ops.indexing import check_index, scatter_src
from tensorplug.promotion import common_device

Tensor = Any


@composite(spaces=("F",), out=False)
def embedding(
    input: Tensor,
    weight: Tensor,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Tensor:
    """The rows of ``weight`` that ``input`` names.

    Args:
        input: int32 or int64 indices of any shape.
        weight: shape (V, D).
        padding_idx: a row that gets no gradient; negative ones count from the end.
        max_norm: rows that are looked up and longer are shortened to this first, in place.
        norm_type: which norm ``max_norm`` means.
        scale_grad_by_freq: divide each row's gradient by how often it was looked up.
        sparse: taken for compatibility; gradients are dense.

    Returns:
        Shape (*input.shape, D).

    Raises:
        IndexError: an index is out of range.
        RuntimeError: ``weight`` is no matrix, or ``input`` does not hold indices.
        AssertionError: ``padding_idx`` is out of range.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.embedding(tp.tensor([1, 0]), tp.tensor([[1.0, 2.0], [3.0, 4.0]]))
        tensor([[3., 4.],
                [1., 2.]])
    """
    if padding_idx is not None:
        rows = weight._shape[0]
        if not -rows <= padding_idx < rows:
            raise AssertionError("Padding_idx must be within num_embeddings")
        padding_idx %= rows
    if max_norm is not None:
        _shorten(weight, input, max_norm, norm_type)
    return lookup(input, weight, padding_idx, scale_grad_by_freq)


def _shorten(weight: Tensor, input: Tensor, max_norm: float, norm_type: float) -> None:
    """Scale the rows that ``input`` names down to the length ``max_norm``, in place."""
    with no_grad():
        used = weight.new_zeros((weight._shape[0],)).index_fill(0, input.reshape(-1), 1)
        lengths = weight.detach().norm(norm_type, 1)
        scale = (max_norm / (lengths + 1e-7)).masked_fill((used == 0) | (lengths <= max_norm), 1)
        weight.detach().mul_(scale.unsqueeze(1))


@plan("index, weight; padding_idx, by_frequency", spaces=(), out=False)
def lookup(index: Tensor, weight: Tensor, padding_idx: int | None, by_frequency: bool) -> Plan:
    """The rows of ``weight`` that ``index`` names."""
    check_index("embedding", index)
    common_device("embedding", (index, weight))
    if len(weight._shape) != 2:
        raise RuntimeError(f"'weight' must be 2-D, got shape {list(weight._shape)}")
    return (index, weight), (padding_idx, by_frequency), (*index._shape, weight._shape[1]), weight._kind.dtype


@lookup.default
def _lookup(index: Tensor, weight: Tensor, padding_idx: int | None, by_frequency: bool) -> Tensor:
    return weight.index_select(0, index.reshape(-1)).reshape((*index._shape, weight._shape[1]))


lookup.grads(
    weight=lambda g, index, weight_shape, padding_idx, by_frequency: lookup_backward(
        g, index, weight_shape[0], padding_idx, by_frequency
    )
)


@plan("grad_output, index; rows, padding_idx, by_frequency", spaces=(), out=False)
def lookup_backward(grad_output: Tensor, index: Tensor, rows: int, padding_idx: int | None, by_frequency: bool) -> Plan:
    """The gradient of ``lookup`` for a table of so many rows: what was looked up adds up in its row."""
    shape = (rows, grad_output._shape[-1])
    return (grad_output, index), (rows, padding_idx, by_frequency), shape, grad_output._kind.dtype


@lookup_backward.default
def _lookup_backward(
    grad_output: Tensor, index: Tensor, rows: int, padding_idx: int | None, by_frequency: bool
) -> Tensor:
    places = index.reshape(-1)
    upstream = grad_output.reshape(-1, grad_output._shape[-1])
    if by_frequency:
        counts = upstream.new_zeros((rows,)).index_add(0, places, upstream.new_ones(places._shape))
        upstream = upstream / counts.index_select(0, places).unsqueeze(1)
    if padding_idx is not None:
        upstream = upstream.masked_fill((places == padding_idx).unsqueeze(1), 0)
    return upstream.new_zeros((rows, upstream._shape[1])).index_add(0, places, upstream)


differentiate_default(lookup_backward)


@composite(spaces=("F",), out=False)
def embedding_bag(
    input: Tensor,
    weight: Tensor,
    offsets: Tensor | None = None,
    max_norm: float | None = None,
    norm_type: float = 2,
    scale_grad_by_freq: bool = False,
    mode: str = "mean",
    sparse: bool = False,
    per_sample_weights: Tensor | None = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Tensor:
    """The sums, means or largest elements of bags of rows of ``weight``.

    Args:
        input: indices: shape (B, L), a bag per row, or (N,), cut into bags by ``offsets``.
        weight: shape (V, D).
        offsets: where each bag begins, shape (B,); the first is 0.
        max_norm, norm_type, scale_grad_by_freq, sparse: as for ``embedding``.
        mode: ``"sum"``, ``"mean"`` or ``"max"``; of an empty bag each is 0.
        per_sample_weights: a factor for each index, of the shape of ``input``; only for sums.
        include_last_offset: the last offset is the end of the last bag.
        padding_idx: an index that does not count.

    Returns:
        Shape (B, D).

    Raises:
        ValueError: shapes, offsets or mode do not fit.
        NotImplementedError: weights with another mode than ``"sum"``.

    Example:
        >>> import tensorplug as tp
        >>> table = tp.tensor([[1.0], [10.0], [100.0]])
        >>> tp.nn.functional.embedding_bag(tp.tensor([0, 2, 1]), table, tp.tensor([0, 2]), mode="sum")
        tensor([[101.],
                [ 10.]])
    """
    if weight._kind.dtype is int64 and input._kind.dtype.is_floating_point:
        warnings.warn(
            "Argument order of nn.functional.embedding_bag was changed. Usage `embedding_bag(weight, input, ...)` is "
            "deprecated, and should now be `embedding_bag(input, weight, ...)`.",
            stacklevel=2,
        )
        weight, input = input, weight
    _check_bags(input, weight, offsets, per_sample_weights, mode, scale_grad_by_freq)
    bags, owners = _owners(input, offsets, include_last_offset)
    if max_norm is not None:
        _shorten(weight, input, max_norm, norm_type)
    if padding_idx is not None:
        padding_idx %= weight._shape[0]
    places = input.reshape(-1)
    rows = lookup(places, weight, padding_idx, scale_grad_by_freq)
    if per_sample_weights is not None:
        rows = rows * per_sample_weights.reshape(-1, 1)
    counted = rows.new_ones(places._shape)
    if padding_idx is not None:
        counted = counted.masked_fill(places == padding_idx, 0)
    return _pooled(rows, counted, owners, bags, mode)


def _check_bags(
    input: Tensor,
    weight: Tensor,
    offsets: Tensor | None,
    per_sample_weights: Tensor | None,
    mode: str,
    by_frequency: bool,
) -> None:
    if per_sample_weights is not None and input._shape != per_sample_weights._shape:
        raise ValueError(
            f"embedding_bag: If per_sample_weights ({list(per_sample_weights._shape)}) is not None, then it must have "
            f"the same shape as the input ({list(input._shape)})"
        )
    if not weight._kind.dtype.is_floating_point:
        raise RuntimeError(f"embedding_bag: weight has to be of a floating-point dtype, got {weight._kind.dtype}")
    if len(weight._shape) != 2:
        raise ValueError(f"weight has to be a 2D Tensor, but got Tensor of dimension {len(weight._shape)}")
    if len(input._shape) not in (1, 2):
        raise ValueError(f"input has to be 1D or 2D Tensor, but got Tensor of dimension {len(input._shape)}")
    if len(input._shape) == 2 and offsets is not None:
        raise ValueError("if input is 2D, then offsets has to be None, as its rows are the bags")
    if len(input._shape) == 1 and (offsets is None or len(offsets._shape) != 1):
        raise ValueError(f"offsets has to be a 1D Tensor but got {None if offsets is None else list(offsets._shape)}")
    if mode not in ("sum", "mean", "max"):
        raise ValueError("mode has to be one of sum, mean or max")
    if mode == "max" and by_frequency:
        raise ValueError("max mode does not support scaling the gradient by the frequency")
    if per_sample_weights is not None and mode != "sum":
        raise NotImplementedError(
            "embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for mode='sum' "
            f"(got mode='{mode}')."
        )


def _owners(input: Tensor, offsets: Tensor | None, include_last_offset: bool) -> tuple[int, Tensor]:
    """The number of bags, and for each index the bag that it belongs to."""
    if offsets is None:
        bags, size = input._shape
        return bags, new_arange(input, bags).repeat_interleave(size)
    if offsets._kind.dtype not in (int32, int64):
        raise RuntimeError(f"embedding_bag: expected offsets of int32 or int64, but got {offsets._kind.dtype}")
    if offsets._shape[0] and int(offsets[0]):
        raise RuntimeError(
            "offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from position 0. "
            f"However, got {int(offsets[0])}"
        )
    starts = offsets[:-1] if include_last_offset else offsets
    positions = new_arange(input, input._shape[0])
    return starts._shape[0], (positions.unsqueeze(1) >= starts.to(int64).unsqueeze(0)).to(int64).sum(1) - 1


def _pooled(rows: Tensor, counted: Tensor, owners: Tensor, bags: int, mode: str) -> Tensor:
    shape = (bags, rows._shape[1])
    if mode == "max":
        return _largest(rows, counted, owners, bags)
    total = rows.new_zeros(shape).index_add(0, owners, rows * counted.unsqueeze(1))
    if mode == "sum":
        return total
    return total / _counts(counted, owners, bags).clamp(min=1).unsqueeze(1)


def _largest(rows: Tensor, counted: Tensor, owners: Tensor, bags: int) -> Tensor:
    """The largest elements of each bag; the first of equals gets the gradient."""
    size, features = rows._shape
    if not size:
        return rows.new_zeros((bags, features))
    lowest = -rows._kind.dtype.max
    values = rows.detach().masked_fill((counted == 0).unsqueeze(1), lowest)
    spread = owners.unsqueeze(1).expand(rows._shape)
    found = scatter_src(values.new_full((bags, features), lowest), 0, spread, values, "amax")
    positions = new_arange(owners, size).unsqueeze(1)
    candidates = positions.where(values == found.gather(0, spread), size - 1)
    first = scatter_src(owners.new_full((bags, features), size - 1), 0, spread, candidates, "amin")
    empty = _counts(counted, owners, bags) == 0
    return rows.gather(0, first).masked_fill(empty.unsqueeze(1), 0)


def _counts(counted: Tensor, owners: Tensor, bags: int) -> Tensor:
    return counted.new_zeros((bags,)).index_add(0, owners, counted)


@composite(spaces=("F",), out=False)
def one_hot(tensor: Tensor, num_classes: int = -1) -> Tensor:
    """1 at the index that each element gives, 0 elsewhere, in a new last dim.

    Args:
        tensor: int64 class indices, not negative.
        num_classes: the size of the new dim; by default one more than the largest index.

    Raises:
        RuntimeError: another dtype, a negative index, one that is too large, or no elements to guess the size from.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.one_hot(tp.tensor([0, 2]))
        tensor([[1, 0, 0],
                [0, 0, 1]])
    """
    if tensor._kind.dtype is not int64:
        raise RuntimeError(f"one_hot is only applicable to index tensor of type LongTensor, got {tensor._kind.dtype}")
    if 0 in tensor._shape:
        if num_classes <= 0:
            raise RuntimeError("Can not infer total number of classes from empty tensor.")
        return tensor.new_zeros((*tensor._shape, num_classes))
    if int(tensor.amin()) < 0:
        raise RuntimeError("Class values must be non-negative.")
    largest = int(tensor.amax())
    if num_classes == -1:
        num_classes = largest + 1
    elif num_classes < 1:
        raise RuntimeError("num_classes should be positive")
    elif num_classes <= largest:
        raise RuntimeError("Class values must be smaller than num_classes.")
    return (new_arange(tensor, num_classes) == tensor.unsqueeze(-1)).to(int64)
