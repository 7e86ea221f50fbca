"""Other forms of a call: by keywords, as a method, in place, with ``out=``, on other inputs, with faults."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from against_torch.bridge import OURS, THEIRS, Framework
from against_torch.calls import Call, function_in
from tensorplug_conformance.calls import fill, inputs_of
from tensorplug_conformance.dtypes import is_complex
from tensorplug_conformance.layouts import TRANSPOSED
from tensorplug_conformance.sample import Input, Sample
from tensorplug_conformance.values import SPECIAL, TIES_AND_NAN

_INDEX_KINDS = ("index", "unique_index", "mask")
_DIMS = ("dim", "dims", "dim0", "dim1", "dim2", "start_dim", "end_dim", "source", "destination")
_NUMPY_NAMES = {"dim": "axis", "keepdim": "keepdims", "input": "x", "other": "x2"}


def both_have(path: str) -> bool:
    """Whether both sides have a function of this name."""
    return function_in(OURS, path) is not None and function_in(THEIRS, path) is not None


def parameters(path: str) -> list[inspect.Parameter]:
    """The parameters of our function."""
    try:
        return list(inspect.signature(function_in(OURS, path)).parameters.values())  # type: ignore[arg-type]
    except ValueError:
        return []


def spelled(call: Call) -> Iterator[Call]:
    """The same arguments spelled otherwise: keywords, positions, methods, functions, NumPy's names."""
    root, _, name = call.path.partition(".")
    positional = parameters(call.path)[: len(call.sample.args)]
    if positional and all(p.kind is p.POSITIONAL_OR_KEYWORD for p in positional) and root != "Tensor":
        names = dict(zip([p.name for p in positional], call.sample.args, strict=False))
        if len(names) == len(call.sample.args):
            by_name = call.sample._replace(args=(), kwargs={**names, **call.sample.kwargs})
            yield _labelled(call, "keywords", by_name)
            renamed = {_NUMPY_NAMES.get(k, k): v for k, v in by_name.kwargs.items()}
            if renamed != by_name.kwargs and root == "tp":
                yield _labelled(call, "numpy-names", by_name._replace(kwargs=renamed))
    by_position = _positional(call)
    if by_position is not None:
        yield _labelled(call, "positions", by_position)
    if root in ("tp", "F") and both_have(f"Tensor.{name}") and call.sample.args:
        yield _labelled(call, "method", call.sample, path=f"Tensor.{name}")
    if root == "Tensor" and both_have(f"tp.{name}"):
        yield _labelled(call, "function", call.sample, path=f"tp.{name}")
    if root in ("tp", "Tensor") and both_have(f"F.{name}"):
        yield _labelled(call, "nn.functional", call.sample, path=f"F.{name}")


def _labelled(call: Call, form: str, sample: Sample, path: str = "") -> Call:
    return call._replace(label=f"{call.label}/{form}", sample=sample, path=path or call.path)


def _positional(call: Call) -> Sample | None:
    """All keyword arguments given by position, where the ones between them have defaults."""
    if not call.sample.kwargs:
        return None
    known = parameters(call.path)
    if any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in known):
        return None
    names = [p.name for p in known]
    if not set(call.sample.kwargs) <= set(names):
        return None
    args = list(call.sample.args)
    last = max(names.index(k) for k in call.sample.kwargs)
    for parameter in known[len(args) : last + 1]:
        value = call.sample.kwargs.get(parameter.name, parameter.default)
        if value is parameter.empty:
            return None
        args.append(value)
    return call.sample._replace(args=tuple(args), kwargs={})


def in_place(call: Call) -> Iterator[Call]:
    """The form that overwrites the first tensor."""
    root, _, name = call.path.partition(".")
    first = call.sample.args[0] if call.sample.args else None
    if isinstance(first, Input) and not name.endswith("_"):
        path = f"Tensor.{name}_"
        if both_have(path):
            yield _labelled(call, "in-place", call.sample, path=path)
        if root == "F" and both_have(f"F.{name}_"):
            yield _labelled(call, "in-place", call.sample, path=f"F.{name}_")
        if "inplace" in [p.name for p in parameters(call.path)]:
            flagged = call.sample._replace(kwargs={**call.sample.kwargs, "inplace": True})
            yield _labelled(call, "inplace=True", flagged)


def with_out(call: Call, results: Any) -> Iterator[Call]:
    """The form that writes into a tensor: of the right dtype and shape, and of others.

    Args:
        call: the call.
        results: (shape, dtype) of each result; a list of them where there are several.
    """
    if not call.path.startswith("tp.") or "out" not in [p.name for p in parameters(call.path)]:
        return
    several = isinstance(results, list)
    described = results if several else [results]
    for form, shape_of, dtype_of in (
        ("out", lambda s: s, lambda d: d),
        ("out-resized", lambda s: (0,), lambda d: d),
        ("out-float64", lambda s: s, lambda d: "float64"),
        ("out-int32", lambda s: s, lambda d: "int32"),
    ):
        made = [Input(shape_of(s), dtype=dtype_of(d)) for s, d in described]
        kwargs = {**call.sample.kwargs, "out": tuple(made) if several else made[0]}
        yield _labelled(call, form, call.sample._replace(kwargs=kwargs))


def on_other_inputs(call: Call) -> Iterator[Call]:
    """Other shapes, numbers and dims: no elements, no dims, special numbers, ties, dims counted from the end."""
    inputs = list(inputs_of(call.sample))
    if not inputs:
        return
    for size in sorted({n for i in inputs for n in i.shape}):
        emptied = [i._replace(shape=tuple(0 if n == size else n for n in i.shape)) for i in inputs]
        yield _labelled(call, f"empty-{size}", _with_inputs(call.sample, emptied))
    yield _labelled(call, "0-d", _with_inputs(call.sample, [i._replace(shape=()) for i in inputs]))
    for name, values in (("special", SPECIAL), ("ties", TIES_AND_NAN)):
        if not is_complex(call.dtype):
            replaced = [
                i if i.dtype is not None or i.values.kind in _INDEX_KINDS else i._replace(values=values) for i in inputs
            ]
            yield _labelled(call, name, _with_inputs(call.sample, replaced))
    turned = _negative_dims(call)
    if turned is not None:
        yield _labelled(call, "negative-dims", turned)
    yield call._replace(label=f"{call.label}/transposed", layout=TRANSPOSED)


def _with_inputs(sample: Sample, inputs: list[Input]) -> Sample:
    args, kwargs = fill(sample, inputs, lambda value: value)
    return sample._replace(args=args, kwargs=kwargs)


def _negative_dims(call: Call) -> Sample | None:
    first = next(inputs_of(call.sample))
    rank = len(first.shape)
    names = [p.name for p in parameters(call.path)]
    args = [
        _turned(value, rank) if name in _DIMS else value
        for name, value in zip(names, call.sample.args, strict=False)
    ]  # fmt: skip
    if len(args) < len(call.sample.args):
        return None
    kwargs = {k: _turned(v, rank) if k in _DIMS else v for k, v in call.sample.kwargs.items()}
    turned = call.sample._replace(args=tuple(args), kwargs=kwargs)
    return turned if turned != call.sample else None


def _turned(value: Any, rank: int) -> Any:
    if type(value) in (tuple, list):
        return type(value)(_turned(v, rank) for v in value)
    return value - rank if type(value) is int and 0 <= value < rank else value


_FAULTS: dict[type, tuple[Any, ...]] = {
    bool: (None, 1, 0.5, "text"),
    int: (-1, 0, 100, -100, 2.5, True, None, "text", (0,), (0, 1), [], Input((), dtype="int64")),
    float: (0, 2, -1.0, float("nan"), float("inf"), True, None, "text", 1j),
    str: ("nonsense", None, 1),
    type(None): (1, -1, True, "text", 0.5),
    tuple: ((), (-1,), (0,), (0, 0), (1, 1, 1, 1, 1), (0.5,), 1, None, "text"),
    list: ([], [-1], [0], [0, 0], [1, 1, 1, 1, 1], [0.5], 1, None, "text"),
}


def faulty(call: Call) -> Iterator[Call]:
    """Each argument in turn replaced by others, most of which make no sense; left out; one too many."""
    sample = call.sample
    for position, value in enumerate(sample.args):
        for number, other in enumerate(_instead_of(value)):
            args = (*sample.args[:position], other, *sample.args[position + 1 :])
            yield _labelled(call, f"{position}={_name(other, number)}", sample._replace(args=args))
    for name, value in sample.kwargs.items():
        for number, other in enumerate(_instead_of(value)):
            kwargs = {**sample.kwargs, name: other}
            yield _labelled(call, f"{name}={_name(other, number)}", sample._replace(kwargs=kwargs))
    for count in range(len(sample.args)):
        yield _labelled(call, f"first-{count}", sample._replace(args=sample.args[:count]))
    yield _labelled(call, "one-more", sample._replace(args=(*sample.args, "text")))
    yield _labelled(call, "unknown-keyword", sample._replace(kwargs={**sample.kwargs, "nonsense": 1}))


def _instead_of(value: Any) -> list[Any]:
    if isinstance(value, Input):
        tensors = [value._replace(dtype=d, values=_plain(value, d)) for d in ("int64", "bool", "float64", "complex64")]
        shapes = [value._replace(shape=s) for s in ((), (0,), (1, *value.shape), (*value.shape, 1), (13,))]
        return [None, "text", 2, 2.5, True, 1j, [1.0, 2.0], *tensors, *shapes]
    kind = type(value)
    return [other for other in _FAULTS.get(kind, ()) if type(other) is not kind or other != value]


def _plain(value: Input, dtype: str) -> Any:
    return value.values if value.values.kind != "unique_index" else Input(()).values


def _name(value: Any, number: int) -> str:
    if isinstance(value, Input):
        return f"{value.dtype or 'tensor'}{list(value.shape)}".replace(" ", "")
    return str(value).replace(" ", "").replace("/", "_")


def results_described(framework: Framework, results: Any) -> Any:
    """Shape and dtype of a result, or a list of them for several; None where they are not tensors."""
    if isinstance(results, framework.tensor):
        return tuple(results.shape), str(results.dtype).rpartition(".")[2]
    if isinstance(results, tuple | list) and all(isinstance(r, framework.tensor) for r in results) and results:
        return [results_described(framework, r) for r in results]
    return None
