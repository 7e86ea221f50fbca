"""Sums of products over named dims, and the products that are special cases of it."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from types import EllipsisType
from typing import Any

import numpy as np

from tensorplug.base import AnyTensor, TensorBase, everywhere
from tensorplug.dtypes import FLOAT, get_default_dtype
from tensorplug.ops.define import composite
from tensorplug.ops.linalg import matmul_batched
from tensorplug.shapes import Shape, canonical_dim

Tensor = Any
Number = Any
Labels = tuple[str | int, ...]
"""The name of each dim: a letter, or for those that an ellipsis stands for their place from the back, -1, -2, ..."""

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@composite(spaces=("torch",), out=False)
def einsum(equation: str | Tensor, *operands: Any) -> Tensor:
    """The sum of products that an equation describes: every dim has a letter, letters not in the result are summed.

    Args:
        equation: ``"ij,jk->ik"``: the dims of each operand and of the result. Without ``->`` the result has the
            letters that stand only once, in alphabetical order. A letter twice in one operand takes a diagonal.
            ``...`` stands for any dims, which broadcast.
        operands: tensors, or one sequence of them. Instead of an equation, tensors may alternate with lists of
            numbers below 52 (and ``Ellipsis``), a last list being that of the result.

    Raises:
        RuntimeError: the equation does not fit the operands, or dtypes differ.
        ValueError: no operands, or a number out of range.

    Example:
        >>> import tensorplug as tp
        >>> a = tp.arange(6.0).reshape(2, 3)
        >>> tp.einsum("ij,kj->ik", a, a)
        tensor([[ 5., 14.],
                [14., 50.]])
        >>> tp.einsum("ii", tp.eye(3))
        tensor(3.)
    """
    if isinstance(equation, TensorBase):
        equation, operands = _from_lists((equation, *operands))
    elif len(operands) == 1 and isinstance(operands[0], list | tuple):
        operands = tuple(operands[0])
    if not operands:
        raise ValueError("einsum(): must provide an equation and at least one operand")
    terms, output = _parse(equation, tuple(len(x._shape) for x in operands))
    named = [_with_diagonals(position, *pair) for position, pair in enumerate(zip(operands, terms, strict=True))]
    _check_sizes(named)
    while len(named) > 2:
        for group in _path(named, output):
            merged = [named[i] for i in group]
            named = [x for i, x in enumerate(named) if i not in group]
            named.append(_fold(merged, {*output, *(label for _, labels in named for label in labels)}))
    tensor, labels = _fold(named, set(output))
    return tensor.permute([labels.index(label) for label in output])


# ---------------------------------------------------------------------------------------------------- the equation


def _from_lists(arguments: tuple[Any, ...]) -> tuple[str, tuple[Tensor, ...]]:
    """The equation and the operands, from tensors that alternate with lists of numbers."""
    lists, rest = arguments[1::2], arguments[0::2]
    output = None
    if len(arguments) % 2:
        *rest, output = rest  # type: ignore[assignment]
    equation = ",".join(map(_letters, lists))
    return equation if output is None else f"{equation}->{_letters(output)}", tuple(rest)


def _letters(numbers: Sequence[int | EllipsisType]) -> str:
    for number in numbers:
        if number is not Ellipsis and not 0 <= number < len(_LETTERS):
            raise ValueError(
                f"einsum(): expected subscripts within range [0, {len(_LETTERS)}) or Ellipsis, but got {number}"
            )
    return "".join("..." if number is Ellipsis else _LETTERS[number] for number in numbers)


@functools.lru_cache(maxsize=256)
def _parse(equation: str, ranks: tuple[int, ...]) -> tuple[tuple[Labels, ...], Labels]:
    """The labels of each operand's dims and of the result's."""
    left, arrow, right = equation.replace(" ", "").partition("->")
    terms = left.split(",")
    if len(terms) != len(ranks):
        few = "more" if len(ranks) > len(terms) else "fewer"
        raise RuntimeError(
            f"einsum(): {few} operands were provided than specified in the equation '{equation}': {len(ranks)}, not "
            f"{len(terms)}"
        )
    labels = tuple(_term(position, *pair) for position, pair in enumerate(zip(terms, ranks, strict=True)))
    hidden = max((-label for found in labels for label in found if isinstance(label, int)), default=0)
    ellipsis = tuple(range(-hidden, 0))
    return labels, _output(labels, right, ellipsis) if arrow else _implicit_output(labels, ellipsis)


def _term(position: int, term: str, rank: int) -> Labels:
    before, dots, after = term.partition("...")
    for letter in before + after:
        if letter not in _LETTERS:
            raise RuntimeError(
                f"einsum(): invalid subscript given at operand {position} in '{term}': subscripts must be in [a-zA-Z], "
                f"found '{letter}'"
            )
    hidden = rank - len(before) - len(after)
    if hidden < 0 or (hidden and not dots):
        raise RuntimeError(
            f"einsum(): the number of subscripts in the equation ({len(before) + len(after)}) does not match the "
            f"number of dimensions ({rank}) for operand {position}{'' if dots else ' and no ellipsis was given'}"
        )
    return (*before, *range(-hidden, 0), *after)


def _output(terms: tuple[Labels, ...], right: str, ellipsis: Labels) -> Labels:
    before, dots, after = right.partition("...")
    letters = before + after
    known = {label for labels in terms for label in labels}
    for letter in letters:
        if letters.count(letter) > 1:
            raise RuntimeError(f"einsum(): output subscript {letter} appears more than once in the output")
        if letter not in known:
            raise RuntimeError(
                f"einsum(): output subscript {letter} does not appear in the equation for any input operand"
            )
    return (*before, *(ellipsis if dots else ()), *after)


def _implicit_output(terms: tuple[Labels, ...], ellipsis: Labels) -> Labels:
    letters = [label for labels in terms for label in labels if isinstance(label, str)]
    return (*ellipsis, *sorted(letter for letter in letters if letters.count(letter) == 1))


# ---------------------------------------------------------------------------------------------------- the operands


Named = tuple[Tensor, Labels]


def _with_diagonals(position: int, tensor: Tensor, labels: Labels) -> Named:
    """The operand with a diagonal in the place of dims of one name."""
    for label in dict.fromkeys(labels):
        while labels.count(label) > 1:
            a = labels.index(label)
            b = labels.index(label, a + 1)
            if tensor._shape[a] != tensor._shape[b]:
                raise RuntimeError(
                    f"einsum(): subscript {label} is repeated for operand {position} but the sizes don't match, "
                    f"{tensor._shape[b]} != {tensor._shape[a]}"
                )
            tensor = tensor.diagonal(0, a, b)
            labels = (*(x for i, x in enumerate(labels) if i not in (a, b)), label)
    return tensor, labels


def _check_sizes(named: list[Named]) -> None:
    sizes: dict[str | int, int] = {}
    for position, (tensor, labels) in enumerate(named):
        for label, size in zip(labels, tensor._shape, strict=True):
            known = sizes.get(label, 1)
            if size != known and 1 not in (size, known):
                raise RuntimeError(
                    f"einsum(): subscript {label} has size {size} for operand {position} which does not broadcast with "
                    f"previously seen size {known}"
                )
            sizes[label] = size if known == 1 else known


def _path(named: list[Named], output: Labels) -> list[tuple[int, ...]]:
    """Which operands to multiply first: NumPy's greedy search, on shapes alone."""
    letters: dict[str | int, str] = {}
    if len({label for _, labels in named for label in labels}) > len(_LETTERS):
        return [(0, 1)]
    terms = ["".join(letters.setdefault(label, _LETTERS[len(letters)]) for label in labels) for _, labels in named]
    result = "".join(letters[label] for label in output)
    shapes = [np.broadcast_to(np.empty((), np.int8), tensor._shape) for tensor, _ in named]
    _, *steps = np.einsum_path(f"{','.join(terms)}->{result}", *shapes, optimize="greedy")[0]
    return [tuple(step) for step in steps]


def _fold(named: list[Named], keep: set[str | int]) -> Named:
    """The product of some operands, summed over all labels but those to keep."""
    (tensor, labels), *rest = named
    for position, other in enumerate(rest, 1):
        wanted = keep.union(*(labels_ for _, labels_ in rest[position:]))
        tensor, labels = _pair(tensor, labels, *other, wanted)
    return _summed(tensor, labels, set(labels) - keep)


def _summed(tensor: Tensor, labels: Labels, drop: set[str | int]) -> Named:
    if not drop:
        return tensor, labels
    dims = [i for i, label in enumerate(labels) if label in drop]
    return tensor.sum(dims), tuple(label for label in labels if label not in drop)


def _without_ones(tensor: Tensor, labels: Labels, other: Tensor, other_labels: Labels) -> Named:
    """Without dims of size 1 that the other operand has with another size: there they would be broadcast."""
    sizes = dict(zip(other_labels, other._shape, strict=True))
    ones = [i for i, label in enumerate(labels) if tensor._shape[i] == 1 and sizes.get(label, 1) != 1]
    if not ones:
        return tensor, labels
    return tensor.squeeze(ones), tuple(label for i, label in enumerate(labels) if i not in ones)


def _pair(a: Tensor, a_labels: Labels, b: Tensor, b_labels: Labels, keep: set[str | int]) -> Named:
    """The sum of products of two operands over all labels but those to keep."""
    (a, a_labels), (b, b_labels) = _without_ones(a, a_labels, b, b_labels), _without_ones(b, b_labels, a, a_labels)
    a, a_labels = _summed(a, a_labels, set(a_labels) - keep - set(b_labels))
    b, b_labels = _summed(b, b_labels, set(b_labels) - keep - set(a_labels))
    batch = [label for label in a_labels if label in b_labels and label in keep]
    inner = [label for label in a_labels if label in b_labels and label not in keep]
    left = [label for label in a_labels if label not in b_labels]
    right = [label for label in b_labels if label not in a_labels]
    sizes = dict(zip((*a_labels, *b_labels), a._shape + b._shape, strict=True))
    a = a.permute([a_labels.index(label) for label in (*batch, *left, *inner)])
    b = b.permute([b_labels.index(label) for label in (*batch, *inner, *right)])
    labels = (*batch, *left, *right)
    if not inner:
        for _ in right:
            a = a.unsqueeze(-1)
        for _ in left:
            b = b.unsqueeze(len(batch))
        return a * b, labels
    depth, rows, columns, count = (_product([sizes[label] for label in group]) for group in (inner, left, right, batch))
    front = (count,) if batch else ()
    product = matmul_batched(a.reshape(*front, rows, depth), b.reshape(*front, depth, columns))
    return product.reshape([sizes[label] for label in labels]), labels


def _product(sizes: Sequence[int]) -> int:
    return functools.reduce(lambda x, y: x * y, sizes, 1)


# ---------------------------------------------------------------------------------------------------- special cases


@composite(spaces=("torch",))
def tensordot(a: Tensor, b: Tensor, dims: Any = 2) -> Tensor:
    """The sum of products over dims of ``a`` and as many of ``b``.

    Args:
        dims: how many last dims of ``a`` and first dims of ``b``; or two lists of dims.

    Returns:
        The other dims of ``a``, then those of ``b``.

    Raises:
        RuntimeError: the sizes of the dims differ, or the numbers of dims do.

    Example:
        >>> import tensorplug as tp
        >>> tp.tensordot(tp.ones(2, 3), tp.ones(3, 4), 1).shape
        tensorplug.Size([2, 4])
    """
    first, second = _paired_dims(a, b, dims)
    for x, y in zip(first, second, strict=True):
        if a._shape[x] != b._shape[y] and 1 not in (a._shape[x], b._shape[y]):
            raise RuntimeError(
                f"contracted dimensions need to match, but first has size {a._shape[x]} in dim {x} and second has size "
                f"{b._shape[y]} in dim {y}"
            )
    b_labels: list[str | int] = [*range(len(a._shape), len(a._shape) + len(b._shape))]
    for x, y in zip(first, second, strict=True):
        b_labels[y] = x
    a_labels = tuple(range(len(a._shape)))
    keep = set(a_labels).symmetric_difference(b_labels)
    tensor, labels = _pair(a, a_labels, b, tuple(b_labels), keep)
    return tensor.permute([labels.index(label) for label in sorted(keep)])


def _paired_dims(a: Tensor, b: Tensor, dims: Any) -> tuple[Shape, Shape]:
    if isinstance(dims, TensorBase):
        dims = dims.tolist()  # type: ignore[attr-defined]
    if isinstance(dims, int):
        ranks = len(a._shape), len(b._shape)
        if dims < 0:
            raise RuntimeError(f"tensordot expects dims >= 0, but got dims={dims}")
        if dims > min(ranks):
            raise RuntimeError(f"tensordot expects dims < ndim_a or ndim_b, but got dims={dims} for {ranks} dims")
        return tuple(range(ranks[0] - dims, ranks[0])), tuple(range(dims))
    first, second = ([d] if isinstance(d, int) else list(d) for d in dims)
    if len(first) != len(second):
        raise RuntimeError(f"both dimension lists should have same length, got {len(first)} and {len(second)}")
    found = (
        tuple(canonical_dim(d, len(a._shape)) for d in first),
        tuple(canonical_dim(d, len(b._shape)) for d in second),
    )
    for given, unique in zip((first, second), map(set, found), strict=True):
        if len(given) != len(unique):
            raise RuntimeError(f"tensordot: dims {given} name one dim twice")
    return found


@composite()
def inner(input: Tensor, other: Tensor) -> Tensor:
    """The sum of products over the last dims; with a 0-d tensor, the product.

    Raises:
        RuntimeError: the last dims differ in size.

    Example:
        >>> import tensorplug as tp
        >>> tp.inner(tp.tensor([1, 2]), tp.tensor([3, 4]))
        tensor(11)
    """
    if not input._shape or not other._shape:
        return input * other
    if input._shape[-1] != other._shape[-1]:
        raise RuntimeError(
            "inner() the last dimension must match on both input tensors but got shapes "
            f"{list(input._shape)} and {list(other._shape)}"
        )
    return tensordot(input, other, ([-1], [-1]))


@composite()
def vdot(input: Tensor, other: Tensor) -> Tensor:
    """The dot product of two vectors, the first one conjugated.

    Example:
        >>> import tensorplug as tp
        >>> tp.vdot(tp.tensor([1j]), tp.tensor([2j]))
        tensor(2.+0.j)
    """
    return (input.conj() if input._kind.dtype.is_complex else input).dot(other)


@composite()
def kron(input: Tensor, other: Tensor) -> Tensor:
    """The Kronecker product: every element of ``input`` times the whole of ``other``, as blocks.

    Example:
        >>> import tensorplug as tp
        >>> tp.kron(tp.tensor([[1, 2]]), tp.tensor([[1], [1]]))
        tensor([[1, 2],
                [1, 2]])
    """
    rank = max(len(input._shape), len(other._shape))
    a, b = ((1,) * (rank - len(x._shape)) + x._shape for x in (input, other))
    left = input.reshape([n for size in a for n in (size, 1)])
    right = other.reshape([n for size in b for n in (1, size)])
    return (left * right).reshape([n * m for n, m in zip(a, b, strict=True)])


@composite()
def cross(input: Tensor, other: Tensor, dim: int | None = None) -> Tensor:
    """The cross products of vectors of three elements along ``dim``.

    Args:
        input, other: shapes that broadcast, with the same number of dims.
        dim: where the vectors lie; the first dim of size 3 by default.

    Raises:
        RuntimeError: the dim has not size 3, or the numbers of dims or the dtypes differ.

    Example:
        >>> import tensorplug as tp
        >>> tp.cross(tp.tensor([1, 0, 0]), tp.tensor([0, 1, 0]))
        tensor([0, 0, 1])
    """
    if len(input._shape) != len(other._shape):
        raise RuntimeError(
            "linalg.cross: inputs must have the same number of dimensions, "
            f"got {len(input._shape)} and {len(other._shape)}"
        )
    if input._kind.dtype is not other._kind.dtype:
        raise RuntimeError(
            f"linalg.cross: inputs must have the same dtype, got {input._kind.dtype} and {other._kind.dtype}"
        )
    if dim is None:
        dim = next((d for d, n in enumerate(input._shape) if n == 3), None)
        if dim is None:
            raise RuntimeError(f"linalg.cross: no dimension of size 3 in input of shape {list(input._shape)}")
    dim = canonical_dim(dim, len(input._shape))
    if input._shape[dim] != 3 or other._shape[dim] != 3:
        raise RuntimeError(
            f"linalg.cross: inputs dimension {dim} must have length 3. Got {input._shape[dim]} and {other._shape[dim]}"
        )
    return input.roll(-1, dim) * other.roll(-2, dim) - input.roll(-2, dim) * other.roll(-1, dim)


@composite(inplace=True)
def addr(input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
    """``beta * input + alpha * outer(vec1, vec2)``; with ``beta=0`` the input's values do not matter.

    Example:
        >>> import tensorplug as tp
        >>> tp.addr(tp.ones(2, 2), tp.tensor([1.0, 2.0]), tp.tensor([1.0, 0.0]))
        tensor([[2., 1.],
                [3., 1.]])
    """
    product = vec1.outer(vec2)
    product = product if alpha == 1 else product * alpha
    return product if beta == 0 else (input if beta == 1 else input * beta) + product


@composite(inplace=True)
def addbmm(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
    """``beta * input + alpha * bmm(batch1, batch2).sum(0)``; with ``beta=0`` the input's values do not matter.

    Example:
        >>> import tensorplug as tp
        >>> tp.addbmm(tp.ones(1, 1), tp.ones(2, 1, 3), tp.ones(2, 3, 1))
        tensor([[7.]])
    """
    product = batch1.bmm(batch2).sum(0, dtype=batch1._kind.dtype)
    product = product if alpha == 1 else product * alpha
    return product if beta == 0 else (input if beta == 1 else input * beta) + product


# ---------------------------------------------------------------------------------------------------- statistics


@composite(out=False)
def cov(
    input: Tensor, *, correction: int = 1, fweights: Tensor | None = None, aweights: Tensor | None = None
) -> Tensor:
    """The covariances of variables (rows) over observations (columns).

    Args:
        input: shape (variables, observations), or (observations,) for one variable.
        correction: what is taken off the number of observations.
        fweights: how often each observation was made, integers.
        aweights: how much each observation counts.

    Returns:
        A square matrix; a 0-d tensor for one variable.

    Raises:
        RuntimeError: more than two dims, or weights that do not fit.

    Example:
        >>> import tensorplug as tp
        >>> tp.cov(tp.tensor([[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]]))
        tensor([[ 1., -1.],
                [-1.,  1.]])
    """
    if len(input._shape) > 2:
        raise RuntimeError(f"cov(): expected input to have two or fewer dimensions but got {len(input._shape)}")
    x = input if len(input._shape) == 2 else input.reshape(1, -1)
    weights = _weights(x, fweights, aweights)
    if x._kind.dtype.category < FLOAT:
        x = x.to(get_default_dtype())
    total = x._shape[1] if weights is None else weights.sum()
    mean = x.mean(1, True) if weights is None else ((x * weights).sum(1) / total).unsqueeze(1)
    norm = total - correction
    if weights is not None and aweights is not None and correction:
        norm = total - correction * (weights * aweights).sum() / total
    centred = x - mean
    right = (centred if weights is None else centred * weights).transpose(0, 1)
    product = centred.matmul((right.conj() if right._kind.dtype.is_complex else right).to(centred._kind.dtype))
    norm = norm.clamp(min=0) if isinstance(norm, AnyTensor) else max(norm, 0)
    return (product / norm).squeeze()


def _weights(x: Tensor, fweights: Tensor | None, aweights: Tensor | None) -> Tensor | None:
    found = None
    for name, weights, whole in (("fweights", fweights, True), ("aweights", aweights, False)):
        if weights is None:
            continue
        if len(weights._shape) > 1 or weights._shape != x._shape[1:]:
            raise RuntimeError(
                f"cov(): expected {name} to have one weight for each of {x._shape[1]} observations but got shape "
                f"{list(weights._shape)}"
            )
        if (weights._kind.dtype.category < FLOAT) is not whole:
            raise RuntimeError(
                f"cov(): expected {name} to have {'integral' if whole else 'floating point'} dtype but got "
                f"{weights._kind.dtype}"
            )
        if bool((everywhere(weights) < 0).any()):
            raise RuntimeError(f"cov(): {name} cannot be negative")
        found = weights if found is None else found * weights
    return found


@composite(out=False)
def corrcoef(input: Tensor) -> Tensor:
    """Pearson's correlation coefficients of variables (rows) over observations (columns).

    Example:
        >>> import tensorplug as tp
        >>> tp.corrcoef(tp.tensor([[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]]))
        tensor([[ 1., -1.],
                [-1.,  1.]])
    """
    if len(input._shape) > 2:
        raise RuntimeError(f"corrcoef(): expected input to have two or fewer dimensions but got {len(input._shape)}")
    c = cov(input)
    if not c._shape:
        return c / c
    spread = c.diagonal()
    deviation = (spread.real if spread._kind.dtype.is_complex else spread).sqrt()
    c = c / deviation.reshape(-1, 1) / deviation
    return c if c._kind.dtype.is_complex else c.clamp(-1, 1)


@composite(out=False)
def dist(input: Tensor, other: Tensor, p: float = 2) -> Tensor:
    """The ``p``-norm of ``input - other``, which broadcast.

    Example:
        >>> import tensorplug as tp
        >>> tp.dist(tp.tensor([0.0, 3.0]), tp.tensor([4.0, 0.0]))
        tensor(5.)
    """
    return (input - other).norm(p)
