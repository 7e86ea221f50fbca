"""Losses by margins: between scores of classes, and between distances. Reduced like all losses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tensorplug.dtypes import int64
from tensorplug.ops.activation import logsigmoid
from tensorplug.ops.creation import new_arange, zeros_like
from tensorplug.ops.define import composite
from tensorplug.ops.loss_reduction import reduced, reduction_of
from tensorplug.ops.pairs import pairwise_distance

Tensor = Any


@composite(spaces=("F",), out=False)
def margin_ranking_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``max(0, -target * (input1 - input2) + margin)``.

    Args:
        input1, input2: what is ranked.
        target: 1 where the first should be larger, -1 where the second should.
        margin: by how much.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Raises:
        RuntimeError: the numbers of dims differ.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.margin_ranking_loss(tp.tensor([1.0]), tp.tensor([3.0]), tp.tensor([1.0]))
        tensor(2.)
    """
    reduction = reduction_of(size_average, reduce, reduction)
    if not len(input1._shape) == len(input2._shape) == len(target._shape):
        raise RuntimeError(
            "margin_ranking_loss : All input tensors should have same dimension but got sizes: "
            f"input1: {list(input1._shape)}, input2: {list(input2._shape)}, target: {list(target._shape)} "
        )
    return reduced((-target * (input1 - input2) + margin).clamp(min=0), reduction)


@composite(spaces=("F",), out=False)
def hinge_embedding_loss(
    input: Tensor,
    target: Tensor,
    margin: float = 1.0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``input`` where the target is 1, ``max(0, margin - input)`` where it is -1.

    Args:
        input: distances.
        target: 1 or -1.
        margin: how far unlike pairs should be apart.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.hinge_embedding_loss(tp.tensor([0.5, 0.25]), tp.tensor([1, -1]), reduction="none")
        tensor([0.5000, 0.7500])
    """
    reduction = reduction_of(size_average, reduce, reduction)
    apart = (margin - input).clamp(min=0).masked_fill(target == 1, 0)
    return reduced(input.masked_fill(target == -1, 0) + apart, reduction)


@composite(spaces=("F",), out=False)
def soft_margin_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``log(1 + exp(-target * input))`` for targets 1 and -1.

    Args:
        input, target: of one shape.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.soft_margin_loss(tp.tensor([0.0, 2.0]), tp.tensor([1.0, -1.0]), reduction="none")
        tensor([0.6931, 2.1269])
    """
    reduction = reduction_of(size_average, reduce, reduction)
    return reduced(-logsigmoid(target * input), reduction)


@composite(spaces=("F",), out=False)
def cosine_embedding_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``1 - cos(input1, input2)`` where the target is 1, ``max(0, cos - margin)`` where it is -1.

    Args:
        input1, input2: shape (N, D) or (D,).
        target: shape (N,) or (), of 1 and -1.
        margin: the cosine that unlike pairs may have.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Raises:
        RuntimeError: the shapes do not fit.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.cosine_embedding_loss(tp.eye(2), tp.ones(2, 2), tp.tensor([1, -1]), reduction="none")
        tensor([0.2929, 0.7071])
    """
    reduction = reduction_of(size_average, reduce, reduction)
    rank = len(target._shape)
    if rank > 1 or len(input1._shape) != rank + 1 or len(input2._shape) != rank + 1:
        raise RuntimeError(
            f"{rank}D target tensor expects {rank + 1}D input tensors, but found inputs with sizes "
            f"{list(input1._shape)} and {list(input2._shape)}."
        )
    # PyTorch smooths here by adding to the squared lengths, unlike in cosine_similarity.
    product = (input1 * input2).sum(-1)
    lengths = ((input1 * input1).sum(-1) + 1e-12) * ((input2 * input2).sum(-1) + 1e-12)
    cosine = product / lengths.sqrt()
    apart = (cosine - margin).clamp(min=0).masked_fill(target != -1, 0)
    return reduced((1 - cosine).masked_fill(target != 1, 0) + apart, reduction)


@composite(spaces=("F",), out=False)
def multi_margin_loss(
    input: Tensor,
    target: Tensor,
    p: int = 1,
    margin: float = 1.0,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """The mean over the wrong classes of ``max(0, margin - input[target] + input[class])**p``.

    Args:
        input: scores, shape (N, C) or (C,).
        target: int64 class indices, shape (N,) or ().
        p: 1 or 2.
        margin: by how much the right class should lead.
        weight: a factor for each target class, shape (C,).
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Raises:
        ValueError: another ``p``, or a weight that is no vector.
        RuntimeError: the shapes do not fit.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.multi_margin_loss(tp.tensor([[0.5, 0.25, 0.0]]), tp.tensor([0]))
        tensor(0.4167)
    """
    reduction = reduction_of(size_average, reduce, reduction)
    if p not in (1, 2):
        raise ValueError("only p == 1 and p == 2 supported")
    if weight is not None and len(weight._shape) != 1:
        raise ValueError("weight must be one-dimensional")
    flat = len(input._shape) <= 1
    scores = input.reshape(1, -1) if flat else input
    classes = scores._shape[1]
    if len(scores._shape) != 2 or target._shape not in (((), (1,)) if flat else (scores._shape[:1],)):
        raise RuntimeError(
            f"inconsistent target size, expected {scores._shape[0]} but got {list(target._shape)} for an input of "
            f"shape {list(input._shape)}"
        )
    places = target.reshape(-1, 1)
    values = (scores - scores.gather(1, places) + margin).clamp(min=0)
    values = values * values if p == 2 else values
    if weight is not None:
        values = values * weight.index_select(0, places.reshape(-1)).unsqueeze(1)
    right = new_arange(target, classes) == places
    values = values.masked_fill(right, 0).sum(1) / classes
    return reduced(values.reshape(target._shape) if flat and not target._shape else values, reduction)


@composite(spaces=("F",), out=False)
def multilabel_margin_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """The sum over pairs of a right and a wrong class of ``max(0, 1 - input[right] + input[wrong])``, over C.

    Args:
        input: scores, shape (N, C) or (C,).
        target: int64 class indices of the same shape; a row's classes end at its first -1.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Raises:
        RuntimeError: the shapes differ.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.multilabel_margin_loss(tp.tensor([[0.5, 0.25, 0.0]]), tp.tensor([[0, -1, 1]]))
        tensor(0.4167)
    """
    reduction = reduction_of(size_average, reduce, reduction)
    if target._shape != input._shape or len(input._shape) > 2:
        raise RuntimeError(
            f"inconsistent target size: {list(target._shape)} for multi-target of size {list(input._shape)}"
        )
    scores, labels = input.reshape(-1, input._shape[-1] if input._shape else 1), target
    labels = labels.reshape(scores._shape)
    named = (labels < 0).to(int64).cumsum(1) == 0
    places = labels.masked_fill(~named, 0)
    right = zeros_like(labels).scatter_add(1, places, named.to(int64)) > 0
    lead = scores.gather(1, places)
    pairs = (1 - lead.unsqueeze(2) + scores.unsqueeze(1)).clamp(min=0)
    counted = named.unsqueeze(2) & ~right.unsqueeze(1)
    values = pairs.masked_fill(~counted, 0).sum((1, 2)) / scores._shape[1]
    return reduced(values if len(input._shape) == 2 else values.squeeze(0), reduction)


@composite(spaces=("F",), out=False)
def multilabel_soft_margin_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """The mean over classes (the last dim) of the binary cross entropy of logits.

    Args:
        input: logits, shape (N, C).
        target: of the same shape, in [0, 1].
        weight: a factor for each class.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.multilabel_soft_margin_loss(tp.zeros(1, 3), tp.ones(1, 3))
        tensor(0.6931)
    """
    reduction = reduction_of(size_average, reduce, reduction)
    values = -(target * logsigmoid(input) + (1 - target) * logsigmoid(-input))
    if weight is not None:
        values = values * weight
    return reduced(values.sum(-1) / input._shape[-1], reduction)


@composite(spaces=("F",), out=False)
def triplet_margin_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: float = 1.0,
    p: float = 2,
    eps: float = 1e-6,
    swap: bool = False,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``max(0, d(anchor, positive) - d(anchor, negative) + margin)`` with d the distance of the ``p``-norm.

    Args:
        anchor, positive, negative: shape (N, D) or (D,).
        margin: by how much the negative should be farther.
        p, eps: as for ``pairwise_distance``.
        swap: take the distance of positive and negative where it is the smaller one.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Raises:
        ValueError: ``margin`` is not positive.
        RuntimeError: the numbers of dims differ.

    Source: Balntas et al., Learning shallow convolutional feature descriptors with triplet losses, 2016.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.triplet_margin_loss(tp.zeros(1, 2), tp.ones(1, 2), tp.ones(1, 2))
        tensor(1.)
    """
    reduction = reduction_of(size_average, reduce, reduction)

    def distance(a: Tensor, b: Tensor) -> Tensor:
        return pairwise_distance(a, b, p, eps)

    return triplet_margin_with_distance_loss(
        anchor, positive, negative, distance_function=distance, margin=margin, swap=swap, reduction=reduction
    )


@composite(spaces=("F",), out=False)
def triplet_margin_with_distance_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    *,
    distance_function: Callable[[Tensor, Tensor], Tensor] | None = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Tensor:
    """``triplet_margin_loss`` with any distance.

    Args:
        anchor, positive, negative: what ``distance_function`` takes.
        distance_function: gives the distance of two tensors; by default ``pairwise_distance``.
        margin, swap: as for ``triplet_margin_loss``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Raises:
        ValueError: ``margin`` is not positive.
        RuntimeError: the numbers of dims differ.
    """
    reduction = reduction_of(None, None, reduction)
    if margin <= 0:
        raise ValueError(f"margin must be greater than 0, got {margin}")
    ranks = [len(t._shape) for t in (anchor, positive, negative)]
    if len(set(ranks)) > 1:
        raise RuntimeError(
            "The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: "
            f"anchor {ranks[0]}D, positive {ranks[1]}D, and negative {ranks[2]}D inputs"
        )
    distance = pairwise_distance if distance_function is None else distance_function
    near, far = distance(anchor, positive), distance(anchor, negative)
    if swap:
        far = far.minimum(distance(positive, negative))
    return reduced((near - far + margin).clamp(min=0), reduction)
