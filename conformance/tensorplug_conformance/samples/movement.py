"""Samples of ops that move elements without changing them: views and copies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from tensorplug_conformance.dtypes import ALL, BOOL, COMMON, COMPLEX, DIFFERENTIABLE, FLOATS, INTEGERS, Array
from tensorplug_conformance.sample import EXACT, Dtype, Input, Refusal, Row, Sample, bound
from tensorplug_conformance.values import SPECIAL, items, uniform

_A, _B = Input((5, 7)), Input((2, 3, 4))
_EMPTY, _SCALAR, _VECTOR = Input((0, 3)), Input(()), Input((257,))
_SPECIAL = Input((53,), SPECIAL)


def _calls(*calls: tuple[Any, ...]) -> tuple[Sample, ...]:
    """One sample for each tuple of arguments."""
    return tuple(Sample(args) for args in calls)


def _view(name: str, function: Any, samples: tuple[Sample, ...], **fields: Any) -> Row:
    fields = {"view": "always", **fields}
    return Row(name, function, samples, ALL, EXACT, gradient=True, **fields)


def _copy(name: str, function: Any, samples: tuple[Sample, ...], **fields: Any) -> Row:
    return Row(name, function, samples, ALL, EXACT, gradient=True, **fields)


def _sizes(size: tuple[Any, ...]) -> tuple[int, ...]:
    return tuple(size[0]) if len(size) == 1 and isinstance(size[0], tuple | list) else size


# ------------------------------------------------------------------------------------------------- conversions


def _cast(dtype: str) -> Any:
    def reference(x: Array, name: Dtype | str) -> Array:
        if x.dtype.kind == "c" and dtype not in COMPLEX:
            x = x != 0 if dtype == "bool" else x.real
        return x != 0 if dtype == "bool" else np.trunc(x) if dtype in INTEGERS and x.dtype.kind == "f" else x

    return reference


def _casts(dtype: str) -> Row:
    """To one dtype from all: special numbers where every one has a meaning, small ones where not."""
    plain = uniform(0, 100) if dtype == "uint8" else uniform(-100, 100)
    samples = [Sample((Input((5, 7), plain), Dtype(dtype)), result=dtype, gradient=False)]
    if dtype in BOOL or dtype in DIFFERENTIABLE:
        samples.append(Sample((_SPECIAL, Dtype(dtype)), result=dtype))
    if dtype in INTEGERS:
        samples.append(Sample((_SPECIAL, Dtype(dtype)), result=dtype, dtypes=(*BOOL, *INTEGERS), hazards=("wrap",)))
    return Row("cast", _cast(dtype), tuple(samples), COMMON, call="Tensor.to", label=f"to {dtype}", view="maybe",
               gradient=dtype in DIFFERENTIABLE)  # fmt: skip


_CAST_GRADIENTS = Row(
    "cast", lambda x, name: x,
    (Sample((_A, Dtype("float64")), result="float64"), Sample((_A, Dtype("float32")), result="float32")),
    ("float32", "float64"), call="Tensor.to", view="maybe", gradient=True, second=False,
)  # fmt: skip

_CONVERSIONS = (
    *[_casts(dtype) for dtype in COMMON],
    _copy("clone", np.copy, _calls((_A,), (_SPECIAL,), (_SCALAR,), (_EMPTY,), (_VECTOR,), (Input((257, 256)),))),
    _copy("overwritten", lambda x, y: np.broadcast_to(y, x.shape), (
        Sample((Input((5, 7), grad=False), Input((5, 7)))),
        Sample((Input((5, 7), grad=False), Input((7,))), hazards=("broadcast",)),
        Sample((Input((53,), grad=False), _SPECIAL)),
        Sample((Input((5, 7), grad=False), Input((5, 7), dtype="float32")), dtypes=("float32", "float64")),
    ), call="Tensor.copy_", mutates=True),
    _copy("contiguous", np.copy, _calls((_A,), (_SPECIAL,), (_SCALAR,), (_EMPTY,)), view="maybe"),
    _copy("to_device", lambda x, name: x, _calls((_A, "cpu"), (_SPECIAL, "cpu"), (_SCALAR, "cpu"), (_EMPTY, "cpu")),
          call="Tensor.to", view="maybe", data_dependent=True),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- reshaping


def _reshape(x: Array, *shape: Any) -> Array:
    return np.reshape(x, _sizes(shape))


def _flatten(x: Array, start_dim: int = 0, end_dim: int = -1) -> Array:
    if x.ndim == 0:
        return x.reshape(1)
    first, last = start_dim % x.ndim, end_dim % x.ndim
    return x.reshape(*x.shape[:first], math.prod(x.shape[first : last + 1]), *x.shape[last + 1 :])


def _unflatten(x: Array, dim: int, sizes: Sequence[int]) -> Array:
    dim %= x.ndim
    known = -math.prod(sizes)
    return x.reshape(*x.shape[:dim], *[x.shape[dim] // known if n == -1 else n for n in sizes], *x.shape[dim + 1 :])


def _squeeze(x: Array, dim: Any = None) -> Array:
    dims = range(x.ndim) if dim is None else (dim,) if isinstance(dim, int) else dim
    drop = {d % max(x.ndim, 1) for d in dims}
    return x.reshape([n for d, n in enumerate(x.shape) if d not in drop or n != 1])


_SHAPES = _calls(
    (_A, (7, 5)), (_A, 35), (_A, -1), (_B, (4, -1)), (_B, 2, 12), (_B, (3, 2, 1, 4)), (_EMPTY, (3, 0)), (_EMPTY, 0),
    (_SCALAR, (1, 1)),
)  # fmt: skip
_PACKED = tuple(s._replace(args=(s.args[0]._replace(layout="offset"), *s.args[1:])) for s in _SHAPES)
_WRONG_SIZE = (Refusal(Sample((_A, (6, 6)))), Refusal(Sample((_A, (-1, -1)))), Refusal(Sample((_A, (4, -1)))))

_RESHAPING = (
    _view("view", _reshape, _PACKED,
          refusals=(*_WRONG_SIZE, Refusal(Sample((Input((5, 7), layout="transposed"), 35))))),
    _view("reshape", _reshape, _SHAPES, view="maybe", refusals=_WRONG_SIZE),
    _view("view_as", lambda x, y: x.reshape(y.shape),
        _calls((Input((5, 7), layout="offset"), Input((7, 5), grad=False)))),
    _view("reshape_as", lambda x, y: x.reshape(y.shape), _calls((_A, Input((7, 5), grad=False))), view="maybe"),
    _view("flatten", _flatten, _calls((_B,), (_B, 1), (_B, 0, 1), (_B, -2, -1), (_SCALAR,), (_EMPTY,), (_A, 1, 1)),
        view="maybe",
          refusals=(Refusal(Sample((_B, 2, 1))), Refusal(Sample((_B, 5)), IndexError))),
    _view("ravel", np.ravel, _calls((_A,), (_SCALAR,), (_EMPTY,)), view="maybe"),
    _view("unflatten", _unflatten,
        _calls((Input((2, 12)), 1, (3, 4)), (Input((12, 2)), 0, (3, -1)), (Input((2, 12)), -1, (2, 2, 3))),
          view="maybe"),
    _view("unsqueeze", np.expand_dims, _calls((_A, 0), (_A, 1), (_A, -1), (_SCALAR, 0), (_EMPTY, 2)),
          refusals=(Refusal(Sample((_A, 3)), IndexError),)),
    _view("squeeze", _squeeze, _calls(
        (Input((2, 1, 3, 1)),), (Input((2, 1, 3, 1)), 1), (Input((2, 1, 3, 1)), 0), (Input((2, 1, 3, 1)), (1, -1)),
        (_SCALAR,),
        (Input((1, 0, 1)),),
    ), view="maybe"),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- order of dims


def _diagonal(x: Array, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Array:
    return np.diagonal(x, offset, dim1, dim2)


_ORDER = (
    _view("permute", lambda x, *dims: np.transpose(x, _sizes(dims)), _calls(
        (_B, (2, 0, 1)), (_B, 0, 2, 1), (_B, (-1, 0, 1)), (_A, 1, 0), (_SCALAR, ()), (Input((0, 2, 3)), (1, 2, 0)),
    ), refusals=(Refusal(Sample((_B, (0, 1)))), Refusal(Sample((_B, (0, 0, 1)))))),
    _view("transpose", np.swapaxes, _calls((_A, 0, 1), (_B, 0, 2), (_B, -1, 1), (_B, 1, 1), (_EMPTY, 0, 1)),
          refusals=(Refusal(Sample((_A, 0, 2)), IndexError),)),
    _view("t", np.transpose, _calls((_A,), (_VECTOR,), (_SCALAR,), (_EMPTY,)), view="maybe",
        refusals=(Refusal(Sample((_B,))),)),
    _view("movedim", np.moveaxis, _calls((_B, 0, 2), (_B, (0, 1), (2, 0)), (_B, -1, 0))),
    _view("diagonal", _diagonal, _calls((_A,), (_A, 1), (_A, -2), (_B, 0, 1, 2), (_B, 1, -1, 0), (_A, 7), (_EMPTY,)),
          refusals=(Refusal(Sample((_A, 0, 1, 1))),)),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- strides


def _expand(x: Array, *size: Any) -> Array:
    wanted = _sizes(size)
    own = (1,) * (len(wanted) - x.ndim) + x.shape
    return np.broadcast_to(x, [m if n == -1 else n for n, m in zip(wanted, own, strict=True)])


def _sum_to_size(x: Array, *size: Any) -> Array:
    wanted = _sizes(size)
    new = x.ndim - len(wanted)
    x = x.sum(tuple(range(new)))
    return x.sum(tuple(d for d, n in enumerate(wanted) if n == 1), keepdims=True)


def _sum_to_size_terms(x: Array, *size: Any) -> float:
    return x.size / max(math.prod(_sizes(size)), 1)


def _strided(x: Array, size: Sequence[int], stride: Sequence[int], storage_offset: int = 0) -> Array:
    flat = np.ascontiguousarray(x).reshape(-1)[storage_offset:]
    return as_strided(flat, size, [s * x.itemsize for s in stride])


def _strided_scatter(
    x: Array, src: Array, size: Sequence[int], stride: Sequence[int], storage_offset: int = 0
) -> Array:
    flat = np.array(x).reshape(-1)
    as_strided(flat[storage_offset:], size, [s * x.itemsize for s in stride])[...] = src
    return flat.reshape(x.shape)


def _unfold(x: Array, dimension: int, size: int, step: int) -> Array:
    if x.ndim == 0:
        return x.reshape(1)[:size]
    windows = sliding_window_view(x, size, dimension) if size else x[..., None][..., :0]
    return windows[tuple(slice(None, None, step) if d == dimension % x.ndim else slice(None) for d in range(x.ndim))]


_PLAIN = Input((5, 7), layout="contiguous")
_STRIDES = (
    _view("expand", _expand, _calls(
        (Input((3, 1)), (3, 4)), (Input((3, 1)), -1, 4), (Input((3,)), (2, 3)), (_SCALAR, (2, 3)),
        (Input((1, 3)), (0, 3)), (_A, -1, -1),
    ), refusals=(Refusal(Sample((_A, (5, 8)))), Refusal(Sample((_A, (7,)))), Refusal(Sample((Input((3,)), (-1, 3)))))),
    _view("expand_as", lambda x, y: np.broadcast_to(x, y.shape), _calls((Input((3, 1)), Input((2, 3, 4), grad=False)))),
    _view("broadcast_to", np.broadcast_to, _calls((Input((3, 1)), (2, 3, 4)), (_SCALAR, (3,)))),
    _view("broadcast_tensors", lambda *x: tuple(np.broadcast_arrays(*x)),
        _calls((Input((3, 1)), Input((4,))), (_SCALAR, _A))),
    Row("sum_to_size", _sum_to_size, _calls((_B, (1, 4)), (_B, 3, 1), (_B, (2, 3, 4)), (_A, ()), (_A, 7)),
        (*FLOATS, *COMPLEX, "int64"),
        bound(_sum_to_size_terms), gradient=True, view="maybe", refusals=(Refusal(Sample((_A, (5, 3)))),)),
    _view("as_strided", _strided, _calls(
        (_PLAIN, (3, 2), (7, 1)), (_PLAIN, (4, 3), (2, 1), 5), (_PLAIN, (3, 3), (1, 1)), (_PLAIN, (2, 3), (0, 4), 2),
        (_PLAIN, (), ()),
    ), refusals=(Refusal(Sample((_PLAIN, (6, 7), (7, 1)))), Refusal(Sample((_PLAIN, (2,), (-1,)))))),
    _copy("as_strided_scatter", _strided_scatter, _calls(
        (_PLAIN, Input((3, 2)), (3, 2), (7, 1)), (_PLAIN, Input((4,)), (4,), (8,), 3),
    )),
    _view("unfold", _unfold,
        _calls((_A, 1, 3, 2), (_A, 0, 2, 1), (_A, -1, 7, 1), (Input((9,)), 0, 2, 3), (_SCALAR, 0, 1, 1)),
          refusals=(Refusal(Sample((_A, 0, 6, 1))), Refusal(Sample((_A, 0, 2, 0))))),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- parts


def _select(x: Array, dim: int, index: int) -> Array:
    return np.asarray(np.moveaxis(x, dim, 0)[index])


def _narrow(x: Array, dim: int, start: int, length: int) -> Array:
    start %= x.shape[dim] + 1 if start >= 0 else x.shape[dim]
    return np.moveaxis(np.moveaxis(x, dim, 0)[start : start + length], 0, dim)


def _split(x: Array, sizes: Any, dim: int = 0) -> tuple[Array, ...]:
    room = x.shape[dim]
    ends = list(range(sizes, room, sizes)) if isinstance(sizes, int) else list(np.cumsum(sizes)[:-1])
    return tuple(np.split(x, ends, dim))


def _chunk(x: Array, chunks: int, dim: int = 0) -> tuple[Array, ...]:
    return _split(x, max(-(-x.shape[dim] // chunks), 1), dim)


def _unbind(x: Array, dim: int = 0) -> tuple[Array, ...]:
    return tuple(np.moveaxis(x, dim, 0))


_SLICES: tuple[Any, ...] = (
    slice(1, 3), slice(None, None, 2), slice(-3, None), slice(4, 1), slice(0, 99), 2, -1, None, Ellipsis,
    (slice(1, 4), slice(0, 7, 3)), (0, 1),
    (slice(None), None, 3), (Ellipsis, 1), (None, Ellipsis, slice(2, 5)), (1, slice(None), None),
)  # fmt: skip

_PARTS = (
    _view("slice_dim", lambda x, key: x[key], tuple(Sample((_A, key)) for key in _SLICES), call="operator.getitem",
          refusals=(Refusal(Sample((_A, (0, 0, 0))), IndexError), Refusal(Sample((_A, 5)), IndexError),
                    Refusal(Sample((_A, slice(None, None, -1))), ValueError))),
    _view("select", _select, _calls((_A, 0, 2), (_A, 1, -1), (_B, -2, 1), (Input((3,)), 0, 0)),
          refusals=(Refusal(Sample((_A, 0, 5)), IndexError), Refusal(Sample((_SCALAR, 0, 0)), IndexError))),
    _view("narrow", _narrow, _calls((_A, 0, 1, 3), (_A, 1, -3, 2), (_A, -1, 7, 0), (_EMPTY, 1, 0, 2)),
          refusals=(Refusal(Sample((_A, 0, 4, 2))), Refusal(Sample((_A, 0, 6, 0)), IndexError))),
    _view("split", _split, _calls((_A, 2), (_A, 3, 1), (_A, (1, 4, 2), 1), (_A, 9), (_A, [2, 0, 3], 0)),
          refusals=(Refusal(Sample((_A, (1, 1)))),)),
    _view("chunk", _chunk, _calls((_A, 2), (_A, 3, 1), (_A, 9), (_A, 1)), refusals=(Refusal(Sample((_A, 0))),)),
    _view("unbind", _unbind, _calls((Input((3, 4)),), (Input((3, 4)), 1), (_B, -1))),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- joining


def _cat(tensors: Sequence[Array], dim: int = 0) -> Array:
    kept = [x for x in tensors if x.shape != (0,)] or list(tensors)[:1]
    return np.concatenate(kept, dim)


_JOINED = (
    Sample(((Input((2, 3)), Input((2, 3))),)),
    Sample(((Input((2, 3)), Input((4, 3)), Input((1, 3))), 0)),
    Sample(((Input((2, 3)), Input((2, 1))), 1)),
    Sample(([Input((2, 3, 2)), Input((2, 3, 5))], -1)),
    Sample(((Input((0,)), Input((2, 3))), 1)),
    Sample(((Input((2, 0)), Input((2, 3))), 1)),
    Sample(((Input((257,)), Input((53,), SPECIAL)),)),
    Sample(((Input((257, 130)), Input((257, 127))), 1), dtypes=("float32",)),
)
_PILED = _calls(((_A, _A),), ((_A, _A, _A), 1), ((_A, _A), -1), ((_SCALAR, _SCALAR),), ((_EMPTY, _EMPTY), 2))
_STACKS = _calls(((_A, _A),), ((Input((3,)), Input((2,))),), ((Input((5, 2)), _A),))

_JOINING = (
    _copy("cat", _cat, _JOINED,
        refusals=(Refusal(Sample(((Input((2, 3)), Input((2, 4))),))), Refusal(Sample(((_SCALAR,),))))),
    Row("cat", _cat, (
        Sample(((Input((2,)), Input((2,), dtype="int64")),), result="float32"),
        Sample(((Input((2,)), Input((3,), dtype="float64")),), result="float64"),
    ), ("float32",), call="tp.cat", label="promotion", gradient=True),
    _copy("stack", lambda x, dim=0: np.stack(x, dim), _PILED, refusals=(Refusal(Sample(((_A, _B),))),)),
    _copy("hstack", np.hstack, _STACKS),
    _copy("vstack", np.vstack, _calls(((_A, _A),), ((Input((3,)), Input((3,))),), ((Input((1, 7)), _A),))),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- copies


def _roll(x: Array, shifts: Any, dims: Any = None) -> Array:
    return np.roll(x, shifts, dims)


def _repeat_interleave(x: Array, repeats: Any = None, dim: int | None = None) -> Array:
    return np.repeat(np.arange(len(x)), x) if repeats is None else np.repeat(x, repeats, dim)


def _pad(x: Array, pad: Sequence[int], mode: str = "constant", value: float | None = None) -> Array:
    pairs = [(pad[i], pad[i + 1]) for i in range(0, len(pad), 2)][::-1]
    widths = [(0, 0)] * (x.ndim - len(pairs)) + pairs
    cut = x[tuple(slice(max(-a, 0), n - max(-b, 0)) for n, (a, b) in zip(x.shape, widths, strict=True))]
    return np.pad(cut, [(max(a, 0), max(b, 0)) for a, b in widths], constant_values=value or 0)


_COPIES = (
    _copy("flip", lambda x, *dims: np.flip(x, _sizes(dims)),
        _calls((_A, (0,)), (_A, 1), (_A, (0, -1)), (_B, 1, 2), (_SCALAR, ()), (_EMPTY, (0,)), (_SPECIAL, 0)),
          refusals=(Refusal(Sample((_A, (0, 0)))),)),
    _copy("fliplr", np.fliplr, _calls((_A,), (_B,))),
    _copy("flipud", np.flipud, _calls((_A,), (_VECTOR,))),
    _copy("roll", _roll,
        _calls((_A, 2), (_A, -3, 1), (_A, (1, -2), (0, 1)), (_A, 100, 0), (_EMPTY, 1, 0), (_VECTOR, 200)),
          refusals=(Refusal(Sample((_A, (1, 2), (0,)))),)),
    _copy("repeat", lambda x, *n: np.tile(x, _sizes(n)),
        _calls((_A, 2, 3), (_A, (1, 1)), (Input((3,)), (2, 2)), (_A, 0, 1), (_SCALAR, 4))),
    _copy("tile", lambda x, *n: np.tile(x, _sizes(n)), _calls((_A, 2, 3), (_A, (2,)), (Input((3,)), (2, 2)))),
    _copy("repeat_interleave", _repeat_interleave, _calls((_A, 3), (_A, 2, 1), (_A, 2, 0))),
    Row("repeat_interleave", _repeat_interleave, (
        Sample((_A, Input((5,), uniform(0, 3), "int64"), 0)), Sample((_A, Input((1,), items(2), "int64"), 1)),
    ), COMMON, call="tp.repeat_interleave", label="counts", gradient=True, data_dependent=True, covers=("new_arange",)),
    Row("constant_pad", _pad, (
        Sample((_A, (1, 2))), Sample((_A, (1, 2, 3, 0))), Sample((_A, (1, 1), "constant", 5)),
        Sample((_A, (-1, 2, 0, -2))),
        Sample((Input((2, 3, 4)), (0, 0, 1, 1)), {"value": 2}), Sample((_EMPTY, (1, 1, 1, 0))),
        Sample((_SPECIAL, (3, 4))),
    ), ALL, call="F.pad", gradient=True, view="maybe"),
)  # fmt: skip

ROWS = (*_CONVERSIONS, _CAST_GRADIENTS, *_RESHAPING, *_ORDER, *_STRIDES, *_PARTS, *_JOINING, *_COPIES)
