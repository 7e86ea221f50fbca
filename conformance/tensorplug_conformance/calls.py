"""Making the arguments of a sample, calling the op, and calling the reference."""

from __future__ import annotations

import operator
import zlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

import tensorplug as tp
from tensorplug_conformance import matrices, steps
from tensorplug_conformance.dtypes import Array, host, wide
from tensorplug_conformance.layouts import CONTIGUOUS, LAYOUTS, Memory, lay_out, upload
from tensorplug_conformance.sample import Case, Dtype, Input, Param, Row, Sample, Seed
from tensorplug_conformance.values import make

Structure = Any


class Arguments(NamedTuple):
    """A sample's arguments on a device and on the host.

    Attributes:
        args, kwargs: for the op.
        host_args, host_kwargs: for the reference.
        tensors: the tensors among the arguments, in order.
        bases: for each of them, the tensor that holds all its memory.
        memories: what each was made of.
        inputs: the descriptions.
        values: the elements of each as the reference gets them.
    """

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    host_args: tuple[Any, ...]
    host_kwargs: dict[str, Any]
    tensors: list[Any]
    bases: list[Any]
    memories: list[Memory]
    inputs: list[Input]
    values: list[Array]


def memories_of(case: Case, sample: Sample, seed: int) -> tuple[list[Input], list[Memory]]:
    """The inputs of a sample, made on the host; their values follow from the case's name and ``seed``."""
    rng = np.random.default_rng([seed, zlib.crc32(case.id.encode())])
    inputs = list(inputs_of(sample))
    memories = []
    for position, described in enumerate(inputs):
        dtype = described.dtype or case.dtype
        values = make(described.values, described.shape, dtype, rng)
        memories.append(lay_out(values, dtype, described.layout or _layout_of(case.layout, position)))
    return inputs, memories


def _layout_of(layout: str, position: int) -> str:
    """Inputs after the first take the next layouts in turn, so that they meet in all combinations."""
    if layout == CONTIGUOUS:
        return layout
    return LAYOUTS[(LAYOUTS.index(layout) + position) % len(LAYOUTS)]


def arguments(case: Case, sample: Sample, device: str, seed: int) -> Arguments:
    """A sample's arguments, on ``device`` and on the host."""
    inputs, memories = memories_of(case, sample, seed)
    uploaded = [upload(memory, device) for memory in memories]
    tensors, bases = [t for t, _ in uploaded], [b for _, b in uploaded]
    for_op = op_arguments(sample, tensors, case.dtype, device)
    wide_values = [np.array(m.values).astype(host(wide(m.dtype))) for m in memories]
    return Arguments(*for_op, *host_arguments(sample, wide_values), tensors, bases, memories, inputs, wide_values)


def op_arguments(sample: Sample, tensors: list[Any], dtype: str, device: str) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """A sample's arguments for the op, with these tensors for its inputs."""
    return fill(sample, tensors, lambda value: _on_device(value, dtype, device))


def fill(sample: Sample, tensors: list[Any], convert: Callable[[Any], Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """A sample's arguments with ``tensors`` for its inputs and all else as ``convert`` gives it."""
    args, kwargs = _filled((sample.args, dict(sample.kwargs)), iter(tensors), convert)
    return args, kwargs


def host_arguments(sample: Sample, values: list[Array]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """A sample's arguments for the reference, with these values of its inputs."""
    args, kwargs = _filled((sample.args, _without_params(sample.kwargs)), iter(values), _on_host)
    return args, kwargs


def inputs_of(sample: Sample) -> Iterator[Input]:
    """The tensors among a sample's arguments, in order."""
    return _inputs((sample.args, dict(sample.kwargs)))


def _inputs(structure: Structure) -> Iterator[Input]:
    if isinstance(structure, Input):
        yield structure
    elif type(structure) in (tuple, list):
        for part in structure:
            yield from _inputs(part)
    elif isinstance(structure, dict):
        yield from _inputs(list(structure.values()))


def _filled(structure: Structure, tensors: Iterator[Any], convert: Callable[[Any], Any]) -> Structure:
    if isinstance(structure, Input):
        return next(tensors)
    if type(structure) in (tuple, list):
        return type(structure)(_filled(part, tensors, convert) for part in structure)
    if isinstance(structure, dict):
        return {name: _filled(part, tensors, convert) for name, part in structure.items()}
    return convert(structure)


def _without_params(kwargs: Any) -> dict[str, Any]:
    return {name: value for name, value in kwargs.items() if not isinstance(value, Param)}


def _on_device(value: Any, dtype: str, device: str) -> Any:
    if isinstance(value, Param):
        return device if value is Param.DEVICE else getattr(tp, dtype)
    if isinstance(value, Dtype):
        return getattr(tp, value.name)
    return tp.Generator().manual_seed(value.number) if isinstance(value, Seed) else value


def _on_host(value: Any) -> Any:
    if isinstance(value, Dtype):
        return value.name
    return value.number if isinstance(value, Seed) else value


_ROOTS = {
    "tp": tp,
    "F": tp.nn.functional,
    "operator": operator,
    "Tensor": tp.Tensor,
    "steps": steps,
    "matrices": matrices,
}


def function_of(path: str) -> Callable[..., Any]:
    """The function that ``path`` names: ``"tp.exp"``, ``"F.linear"``, ``"Tensor.view"``, ``"operator.add"``."""
    root, _, rest = path.partition(".")
    return operator.attrgetter(rest)(_ROOTS[root])


def has_function(path: str) -> bool:
    """Whether there is a function of this name."""
    try:
        function_of(path)
    except AttributeError:
        return False
    return True


def results_of(found: Any) -> list[Any]:
    """One result or several, as a list; those of a tuple among them each for itself."""
    if not isinstance(found, tuple | list):
        return [found]
    return [result for part in found for result in results_of(part)]


def run_reference(row: Row, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Array]:
    """Call the reference, silently; its results as a list of arrays."""
    with np.errstate(all="ignore"):
        found = row.reference(*args, **kwargs)
    return [np.asarray(r) for r in (found if isinstance(found, tuple | list) else (found,))]
