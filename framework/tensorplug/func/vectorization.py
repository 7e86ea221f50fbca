"""``vmap``: a function of one example, on a batch of them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from tensorplug import pytree
from tensorplug.base import TensorBase
from tensorplug.func.batched import BatchedTensor, VmapLevel, batched
from tensorplug.op import table

Tensor = Any

_RANDOMNESS = ("error", "different", "same")


def vmap(
    func: Callable[..., Any],
    in_dims: Any = 0,
    out_dims: Any = 0,
    randomness: str = "error",
    *,
    chunk_size: int | None = None,
) -> Callable[..., Any]:
    """A function that maps ``func``, written for one example, over a batch: all examples at once, op by op.

    Args:
        func: takes tensors (also in nested tuples, lists and dicts) and returns one or more tensors.
        in_dims: which dim of each argument counts the examples, None for arguments that all share; one number, or a
            tree like the arguments, which may stop early.
        out_dims: where the batch dim goes in each result; None for results that all examples share.
        randomness: what random ops do: ``"error"``, ``"different"`` numbers for each example, or the ``"same"``.
        chunk_size: map over this many examples at a time, which takes less memory.

    Returns:
        A function of the same arguments with batch dims.

    Raises:
        ValueError: ``in_dims`` or ``out_dims`` do not fit, or sizes of batch dims differ.
        RuntimeError: inside, a value is needed that differs between examples, or random numbers were not allowed.

    Example:
        >>> import tensorplug as tp
        >>> a, b = tp.tensor([[1.0, 2.0], [3.0, 4.0]]), tp.tensor([10.0, 1.0])
        >>> tp.vmap(tp.dot, in_dims=(0, None))(a, b)
        tensor([12., 34.])
    """
    if randomness not in _RANDOMNESS:
        raise RuntimeError(
            f"Only allowed values for randomness are 'error', 'different', or 'same'. Got {randomness!r}"
        )
    if chunk_size is not None and chunk_size <= 0:
        raise ValueError(f"vmap: chunk_size should be None or greater than 0. (got {chunk_size})")

    @functools.wraps(func)
    def mapped(*args: Any, **kwargs: Any) -> Any:
        name = _name(func)
        leaves, dims, spec = _inputs(name, in_dims, args)
        named, named_spec = pytree.flatten(kwargs)
        named_dims = [0 if isinstance(x, TensorBase) else None for x in named]
        size = _batch_size(name, [*leaves, *named], [*dims, *named_dims])

        def part(start: int, stop: int) -> Any:
            level = VmapLevel(stop - start, randomness)
            whole = stop - start == size
            with level.entered():
                given = [_enter(level, x, d, start, stop, whole) for x, d in zip(leaves, dims, strict=True)]
                given_named = [_enter(level, x, d, start, stop, whole) for x, d in zip(named, named_dims, strict=True)]
                found = func(*pytree.unflatten(given, spec), **pytree.unflatten(given_named, named_spec))
            return _leave(name, level, found, out_dims)

        if chunk_size is None or chunk_size >= size:
            return part(0, size)
        return _joined([part(i, min(i + chunk_size, size)) for i in range(0, size, chunk_size)], out_dims)

    return mapped


def chunk_vmap(
    func: Callable[..., Any], in_dims: Any = 0, out_dims: Any = 0, randomness: str = "error", chunks: int = 2
) -> Callable[..., Any]:
    """``vmap`` over so many parts of the batch, one after the other.

    Args:
        func, in_dims, out_dims, randomness: as for ``vmap``.
        chunks: the number of parts; 1 is ``vmap`` itself.
    """

    def mapped(*args: Any, **kwargs: Any) -> Any:
        leaves, dims, _ = _inputs(_name(func), in_dims, args)
        size = _batch_size(_name(func), leaves, dims)
        return vmap(func, in_dims, out_dims, randomness, chunk_size=max(-(-size // chunks), 1))(*args, **kwargs)

    return functools.wraps(func)(mapped)


def _name(func: Any) -> str:
    return getattr(func, "__name__", repr(func))


def _inputs(name: str, in_dims: Any, args: tuple[Any, ...]) -> tuple[list[Any], list[int | None], pytree.Spec]:
    """The leaves of the arguments, the batch dim of each, and the tree."""
    if not isinstance(in_dims, int | tuple | list):
        raise ValueError(
            f"vmap({name}, in_dims={in_dims}, ...)(<inputs>): expected `in_dims` to be int or a (potentially nested) "
            f"tuple matching the structure of inputs, got: {type(in_dims)}."
        )
    if not args:
        raise ValueError(
            f"vmap({name})(<inputs>): got no inputs. Maybe you forgot to add inputs, or you are trying to vmap over a "
            "function with no inputs. The latter is unsupported."
        )
    leaves, spec = pytree.flatten(args)
    wanted = tuple(in_dims) if isinstance(in_dims, list) else in_dims
    dims = pytree.broadcast_prefix(wanted, spec)
    if dims is None:
        raise ValueError(
            f"vmap({name}, in_dims={in_dims}, ...)(<inputs>): in_dims is not compatible with the structure of inputs."
        )
    return leaves, [_in_dim(name, in_dims, x, d) for x, d in zip(leaves, dims, strict=True)], spec


def _in_dim(name: str, in_dims: Any, value: Any, dim: Any) -> int | None:
    if dim is None:
        return None
    where = f"vmap({name}, in_dims={in_dims}, ...)(<inputs>)"
    if not isinstance(dim, int):
        raise ValueError(
            f"{where}: Got in_dim={dim} for an input but in_dim must be either an integer dimension or None."
        )
    if not isinstance(value, TensorBase):
        raise ValueError(
            f"{where}: Got in_dim={dim} for an input but the input is of type {type(value)}. We cannot vmap over "
            "non-Tensor arguments, please use None as the respective in_dim"
        )
    rank = len(value._shape)
    if not -rank <= dim < rank:
        raise ValueError(
            f"{where}: Got in_dim={dim} for some input, but that input is a Tensor of dimensionality {rank} so "
            f"expected in_dim to satisfy -{rank} <= in_dim < {rank}."
        )
    return dim % rank


def _batch_size(name: str, leaves: Sequence[Any], dims: Sequence[int | None]) -> int:
    sizes = [x._shape[d] for x, d in zip(leaves, dims, strict=True) if d is not None]
    if not sizes:
        raise ValueError(f"vmap({name}, ...)(<inputs>): at least one input must have a batch dim; all in_dims are None")
    if any(size != sizes[0] for size in sizes):
        raise ValueError(
            f"vmap: Expected all tensors to have the same size in the mapped dimension, got sizes {sizes} for the "
            "mapped dimension"
        )
    return int(sizes[0])


def _enter(level: VmapLevel, value: Any, dim: int | None, start: int, stop: int, whole: bool) -> Any:
    if dim is None:
        return value
    front = value.movedim(dim, 0) if dim else value
    return batched(level, front if whole else front.narrow(0, start, stop - start))


def _leave(name: str, level: VmapLevel, found: Any, out_dims: Any) -> Any:
    leaves, spec = pytree.flatten(found)
    dims = _out_dims(name, out_dims, spec)
    results = []
    for value, dim in zip(leaves, dims, strict=True):
        if not isinstance(value, TensorBase):
            raise ValueError(
                f"vmap({name}, ...): `{name}` must only return Tensors, got type {type(value)}. Did you mean to set "
                "out_dims= to None for output?"
            )
        results.append(_out(name, level, value, dim))
    return pytree.unflatten(results, spec)


def _out_dims(name: str, out_dims: Any, spec: pytree.Spec) -> list[int | None]:
    wanted = tuple(out_dims) if isinstance(out_dims, list) else out_dims
    if spec.type is None and isinstance(wanted, tuple) and len(wanted) == 1:
        wanted = wanted[0]
    if isinstance(wanted, tuple) and spec.type is list:
        wanted = list(wanted)
    dims = pytree.broadcast_prefix(wanted, spec)
    if dims is None:
        raise ValueError(
            f"vmap({name}, ..., out_dims={out_dims})(<inputs>): out_dims is not compatible with the structure of "
            "outputs."
        )
    for dim in dims:
        if dim is not None and not isinstance(dim, int):
            raise ValueError(f"vmap({name}, ..., out_dims={out_dims}): out_dims must be integers or None, got {dim!r}")
    return dims


def _out(name: str, level: VmapLevel, value: Any, dim: int | None) -> Tensor:
    own = isinstance(value, BatchedTensor) and value._layer == level.number
    if dim is None:
        if own:
            raise ValueError(f"vmap({name}, ...): `{name}` can not return a BatchedTensor when out_dim is None")
        return value
    below = value._value if own else value.expand((level.size, *value._shape))
    rank = len(below._shape)
    if not -rank <= dim < rank:
        raise IndexError(f"Dimension out of range (expected to be in range of [{-rank}, {rank - 1}], but got {dim})")
    return below.movedim(0, dim) if dim else below


def _joined(parts: list[Any], out_dims: Any) -> Any:
    """The results of several chunks along their batch dims."""
    spec = pytree.flatten(parts[0])[1]
    dims = _out_dims("chunk", out_dims, spec)
    columns = zip(*[pytree.leaves_of(p) for p in parts], strict=True)
    cat = table["cat"].call
    joined = [column[0] if d is None else cat(list(column), d) for column, d in zip(columns, dims, strict=True)]
    return pytree.unflatten(joined, spec)
