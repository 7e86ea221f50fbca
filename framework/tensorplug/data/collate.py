"""From a list of examples to a batch of tensors."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, MutableMapping, MutableSequence, Sequence
from typing import Any

import numpy as np

from tensorplug import functional as ops
from tensorplug.dtypes import float64
from tensorplug.factories import as_tensor, tensor
from tensorplug.tensor import Tensor

Collate = Callable[..., Any]
CollateMap = dict[type | tuple[type, ...], Collate]

# NumPy kinds that have no numbers in them: bytes, objects and text.
_NOT_NUMBERS = frozenset("SOU")


def _unknown(found: object) -> TypeError:
    return TypeError(
        f"default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; found {found}"
    )


def default_convert(data: Any) -> Any:
    """Turn the NumPy arrays and scalars inside ``data`` into tensors; everything else stays.

    Example:
        >>> default_convert({"x": np.array([1, 2]), "name": "a"})
        {'x': tensor([1, 2]), 'name': 'a'}
    """
    if isinstance(data, Tensor | str | bytes):
        return data
    if isinstance(data, np.ndarray | np.generic):
        return data if data.dtype.kind in _NOT_NUMBERS else as_tensor(data)
    if isinstance(data, Mapping):
        return like_mapping(data, {key: default_convert(data[key]) for key in data})
    if isinstance(data, tuple) and hasattr(data, "_fields"):
        return type(data)(*map(default_convert, data))
    if isinstance(data, tuple):
        return [default_convert(item) for item in data]
    if isinstance(data, Sequence):
        return like_sequence(data, [default_convert(item) for item in data])
    return data


def collate(batch: Sequence[Any], *, collate_fn_map: CollateMap | None = None) -> Any:
    """Put examples together, going into mappings, tuples and sequences.

    Args:
        batch: the examples, alike in structure.
        collate_fn_map: from types to functions that put values of that type together, called with the list of
            values and ``collate_fn_map=``.

    Returns:
        A structure like that of one example (tuples become lists) with the values put together.

    Raises:
        RuntimeError: sequences inside have different lengths.
        TypeError: a value has an unknown type.
    """
    first = batch[0]
    combine = _combine_for(first, collate_fn_map or {})
    if combine is not None:
        return combine(batch, collate_fn_map=collate_fn_map)
    if isinstance(first, Mapping):
        parts = {key: collate([item[key] for item in batch], collate_fn_map=collate_fn_map) for key in first}
        return like_mapping(first, parts)
    if isinstance(first, tuple) and hasattr(first, "_fields"):
        columns = zip(*batch, strict=False)
        return type(first)(*(collate(column, collate_fn_map=collate_fn_map) for column in columns))
    if isinstance(first, Sequence):
        if any(len(item) != len(first) for item in batch):
            raise RuntimeError("each element in list of batch should be of equal size")
        collated = [collate(column, collate_fn_map=collate_fn_map) for column in zip(*batch, strict=True)]
        return collated if isinstance(first, tuple) else like_sequence(first, collated)
    raise _unknown(type(first))


def _combine_for(value: Any, functions: CollateMap) -> Collate | None:
    exact = functions.get(type(value))
    if exact is not None:
        return exact
    return next((function for kind, function in functions.items() if isinstance(value, kind)), None)


def like_mapping(model: Mapping[Any, Any], items: dict[Any, Any]) -> Any:
    """A mapping of the model's type with other values, or a dict where its constructor does not take one."""
    try:
        if isinstance(model, MutableMapping):
            # A copy keeps what else the model has, such as a default factory.
            clone = copy.copy(model)
            clone.update(items)
            return clone
        return type(model)(items)  # type: ignore[call-arg]
    except TypeError:
        return items


def like_sequence(model: Sequence[Any], items: list[Any]) -> Any:
    """A sequence of the model's type with other values, or a list where its constructor does not take one."""
    try:
        if isinstance(model, MutableSequence):
            clone = copy.copy(model)
            for place, item in enumerate(items):
                clone[place] = item
            return clone
        return type(model)(items)  # type: ignore[call-arg]
    except TypeError:
        return items


def _tensors(batch: Sequence[Tensor], *, collate_fn_map: CollateMap | None = None) -> Tensor:
    return ops.stack(list(batch), 0)


def _arrays(batch: Sequence[Any], *, collate_fn_map: CollateMap | None = None) -> Any:
    if batch[0].dtype.kind in _NOT_NUMBERS:
        raise _unknown(batch[0].dtype)
    return collate([as_tensor(array) for array in batch], collate_fn_map=collate_fn_map)


def _numpy_scalars(batch: Sequence[Any], *, collate_fn_map: CollateMap | None = None) -> Tensor:
    return as_tensor(np.stack(batch))


def _floats(batch: Sequence[float], *, collate_fn_map: CollateMap | None = None) -> Tensor:
    return tensor(list(batch), dtype=float64)


def _ints(batch: Sequence[int], *, collate_fn_map: CollateMap | None = None) -> Tensor:
    return tensor(list(batch))


def _texts(batch: Sequence[Any], *, collate_fn_map: CollateMap | None = None) -> Any:
    return batch


# Looked through in this order; bools are ints here, and NumPy's float64 is a Python float.
default_collate_fn_map: CollateMap = {
    Tensor: _tensors,
    np.ndarray: _arrays,
    (np.bool_, np.number): _numpy_scalars,
    float: _floats,
    int: _ints,
    str: _texts,
    bytes: _texts,
}


def default_collate(batch: Sequence[Any]) -> Any:
    """Stack the tensors, arrays and numbers of examples along a new first dimension.

    Args:
        batch: the examples: tensors, NumPy arrays, numbers, texts, or mappings, tuples and sequences of
            these.

    Returns:
        A structure like that of one example (tuples become lists). Floats become float64, ints int64; texts
        stay a list or tuple.

    Raises:
        RuntimeError: tensors or sequences have different sizes.
        TypeError: a value has an unknown type.

    Example:
        >>> default_collate([(1, 2.0), (3, 4.0)])
        [tensor([1, 3]), tensor([2., 4.], dtype=tensorplug.float64)]
    """
    return collate(batch, collate_fn_map=default_collate_fn_map)
