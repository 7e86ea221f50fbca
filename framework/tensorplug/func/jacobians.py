"""All derivatives at once: Jacobians in either mode, and Hessians."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from tensorplug import pytree
from tensorplug.base import count
from tensorplug.func.batched import BatchedTensor
from tensorplug.func.derivatives import Chosen, jvp, vjp
from tensorplug.func.vectorization import vmap

Tensor = Any
Function = Callable[..., Any]
Argnums = int | tuple[int, ...]


def _basis(tensors: Sequence[Tensor]) -> list[Tensor]:
    """For each tensor a batch of directions: all tensors' elements in turn, so that each has a 1 in one of them."""
    sizes = [count(x) for x in tensors]
    total = sum(sizes)
    start = 0
    rows = []
    for x, size in zip(tensors, sizes, strict=True):
        block = x.detach().new_zeros((total, size))
        if size:
            block.narrow(0, start, size).diagonal().fill_(1)
        rows.append(block.reshape((total, *x._shape)))
        start += size
    return rows


def _split_rows(x: Tensor, shapes: Sequence[Any], at_end: bool) -> list[Tensor]:
    """A batch of products, cut into a block for each tensor whose elements were gone through."""
    blocks = []
    start = 0
    for shape in shapes:
        size = 1
        for n in shape:
            size *= n
        rows = x.narrow(0, start, size)
        rest = x._shape[1:]
        blocks.append(rows.movedim(0, -1).reshape((*rest, *shape)) if at_end else rows.reshape((*shape, *rest)))
        start += size
    return blocks


def jacrev(
    func: Function,
    argnums: Argnums = 0,
    *,
    has_aux: bool = False,
    chunk_size: int | None = None,
    _preallocate_and_copy: bool = False,
) -> Function:
    """A function that computes the Jacobian of ``func`` in reverse mode: best where inputs outnumber outputs.

    Args:
        func: returns a tensor or tree of tensors; with ``has_aux``, a pair of that and anything else.
        argnums: the argument, or arguments, to differentiate with respect to: tensors, or trees of them.
        has_aux: see ``func``.
        chunk_size: how many rows are computed at a time; all of them by default.

    Returns:
        A function of the same arguments. Its result is of shape ``output.shape + input.shape``; with several outputs
        or inputs, a tree of outputs of trees of inputs.

    Example:
        >>> import tensorplug as tp
        >>> tp.func.jacrev(tp.sin)(tp.tensor([0.0, 0.0]))
        tensor([[1., 0.],
                [0., 1.]])
    """
    if chunk_size is not None and chunk_size <= 0:
        raise ValueError("jacrev: `chunk_size` should be greater than 0.")

    @functools.wraps(func)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        chosen = Chosen("jacrev", argnums, args)

        def of_chosen(*tensors: Any) -> Any:
            return func(*chosen.arguments(tensors), **kwargs)

        value, pull, *aux = vjp(of_chosen, *chosen.tensors, has_aux=has_aux)
        outputs, spec = pytree.flatten(value)

        def product(*cotangents: Any) -> Any:
            return pull(pytree.unflatten(cotangents, spec))

        rows = vmap(product, chunk_size=chunk_size)(*_basis(outputs))
        shapes = [y._shape for y in outputs]
        columns = [_split_rows(r, shapes, at_end=False) for r in rows]
        found = pytree.unflatten([chosen.rebuilt(block) for block in zip(*columns, strict=True)], spec)
        return (found, aux[0]) if has_aux else found

    return wrapper


def jacfwd(
    func: Function,
    argnums: Argnums = 0,
    has_aux: bool = False,
    *,
    chunk_size: int | None = None,
    randomness: str = "error",
) -> Function:
    """A function that computes the Jacobian of ``func`` in forward mode: best where outputs outnumber inputs.

    Args:
        func: returns a tensor or tree of tensors; with ``has_aux``, a pair of that and anything else.
        argnums: the argument, or arguments, to differentiate with respect to: tensors, or trees of them.
        has_aux: see ``func``.
        chunk_size: how many columns are computed at a time; all of them by default.
        randomness: as for ``vmap``, which runs over the columns.

    Returns:
        A function of the same arguments. Its result is of shape ``output.shape + input.shape``; with several outputs
        or inputs, a tree of outputs of trees of inputs.

    Example:
        >>> import tensorplug as tp
        >>> tp.func.jacfwd(tp.sin)(tp.tensor([0.0, 0.0]))
        tensor([[1., 0.],
                [0., 1.]])
    """

    @functools.wraps(func)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        chosen = Chosen("jacfwd", argnums, args)
        kept: list[Any] = []

        def push(*directions: Any) -> Any:
            def of_chosen(*tensors: Any) -> Any:
                return func(*chosen.arguments(tensors), **kwargs)

            _, product, *aux = jvp(of_chosen, tuple(chosen.tensors), directions, has_aux=has_aux)
            kept[:] = [pytree.mapped(_first_example, a) for a in aux]
            return product

        products = vmap(push, randomness=randomness, chunk_size=chunk_size)(*_basis(chosen.tensors))
        columns, spec = pytree.flatten(products)
        shapes = [x._shape for x in chosen.tensors]
        found = pytree.unflatten([chosen.rebuilt(_split_rows(c, shapes, at_end=True)) for c in columns], spec)
        return (found, kept[0]) if has_aux else found

    return wrapper


def _first_example(x: Any) -> Any:
    # Values do not depend on the direction, so all examples are alike.
    return x._value.select(0, 0) if isinstance(x, BatchedTensor) else x


def hessian(func: Function, argnums: Argnums = 0) -> Function:
    """A function that computes all second derivatives of ``func``: ``jacfwd(jacrev(func))``.

    Args:
        func: as for ``jacrev``.
        argnums: the argument, or arguments, to differentiate with respect to.

    Example:
        >>> import tensorplug as tp
        >>> tp.func.hessian(lambda x: (x**3).sum())(tp.tensor([1.0, 2.0]))
        tensor([[ 6.,  0.],
                [ 0., 12.]])
    """
    return jacfwd(jacrev(func, argnums), argnums)
