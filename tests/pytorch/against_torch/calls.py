"""The same call in both frameworks, from a sample of the conformance suite."""

from __future__ import annotations

import operator
import zlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import torch

import tensorplug as tp
from against_torch.bridge import OURS, Framework, to_ours, to_theirs
from tensorplug_conformance.calls import fill, inputs_of
from tensorplug_conformance.layouts import CONTIGUOUS, Memory, lay_out
from tensorplug_conformance.sample import Dtype, Param, Sample, Seed
from tensorplug_conformance.values import make

_ROOTS = {
    "tensorplug": {"tp": tp, "F": tp.nn.functional, "Tensor": tp.Tensor, "operator": operator},
    "torch": {"tp": torch, "F": torch.nn.functional, "Tensor": torch.Tensor, "operator": operator},
}


class Call(NamedTuple):
    """A call to make on both sides.

    Attributes:
        path: what is called, as conformance names it: ``"tp.exp"``, ``"F.linear"``, ``"Tensor.view"``.
        sample: the arguments.
        dtype: the dtype of the inputs that have none of their own.
        label: tells the calls of an op apart, and gives its inputs their random numbers.
        layout: how the inputs lie in memory.
    """

    path: str
    sample: Sample
    dtype: str
    label: str
    layout: str = CONTIGUOUS

    @property
    def id(self) -> str:
        """The name of the call in reports."""
        return f"{self.path}/{self.label}/{self.dtype}"

    def memories(self) -> list[Memory]:
        """The values of the inputs."""
        rng = np.random.default_rng(zlib.crc32(self.label.encode()))
        found = []
        for described in inputs_of(self.sample):
            dtype = described.dtype or self.dtype
            values = make(described.values, described.shape, dtype, rng)
            found.append(lay_out(values, dtype, described.layout or self.layout))
        return found


def function_in(framework: Framework, path: str) -> Callable[..., Any] | None:
    """What ``path`` names on one side; None if there is no such thing."""
    root, _, rest = path.partition(".")
    try:
        return operator.attrgetter(rest)(_ROOTS[framework.name][root])
    except (AttributeError, KeyError):
        return None


def tensors_for(framework: Framework, memories: list[Memory]) -> list[Any]:
    """The inputs of a call on one side."""
    return [(to_ours if framework is OURS else to_theirs)(memory) for memory in memories]


def arguments(framework: Framework, call: Call, tensors: list[Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments of a call on one side, with these tensors for its inputs."""
    return fill(call.sample, tensors, lambda value: _converted(framework, value, call.dtype))


def _converted(framework: Framework, value: Any, dtype: str) -> Any:
    if isinstance(value, Param):
        return "cpu" if value is Param.DEVICE else getattr(framework.module, dtype)
    if isinstance(value, Dtype):
        return getattr(framework.module, value.name)
    if isinstance(value, Seed):
        return framework.module.Generator().manual_seed(value.number)
    if isinstance(value, Named):
        return function_in(framework, value.path)
    return value


class Named(NamedTuple):
    """Something that each side has under the same path, as an argument."""

    path: str


def is_random(sample: Sample) -> bool:
    """Whether a call is given a generator."""
    return any(isinstance(value, Seed) for value in (*sample.args, *sample.kwargs.values()))


def values_in(structure: Any) -> Iterator[Any]:
    """The leaves of nested tuples, lists and dicts."""
    if isinstance(structure, dict):
        structure = list(structure.values())
    if type(structure) in (tuple, list):
        for part in structure:
            yield from values_in(part)
    else:
        yield structure
