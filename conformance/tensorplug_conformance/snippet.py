"""A failing case as a script of a few lines that needs nothing but tensorplug, or that runs the case again."""

from __future__ import annotations

from typing import Any

import numpy as np

from tensorplug_conformance.calls import fill, memories_of
from tensorplug_conformance.checks import call_path, inplace_path
from tensorplug_conformance.framework import table
from tensorplug_conformance.layouts import Memory
from tensorplug_conformance.sample import Case, Dtype, Param, Sample, Seed

_FEW = 60
"""Elements up to which inputs are written out."""
_WRITTEN = frozenset(("value", "inplace", "out", "refuses", "refusal"))
_ROOTS = {"tp": "tp", "F": "tp.nn.functional", "Tensor": "tp.Tensor", "operator": "__import__('operator')"}


def script(case: Case, device: str, seed: int) -> str:
    """The script for a case."""
    again = f"from tensorplug_conformance import replay\nreplay({case.id!r}, device={device!r}, seed={seed})"
    if case.check not in _WRITTEN or case.row.draws or call_path(case.row).startswith(("steps.", "matrices.")):
        return again
    sample = case.row.refusals[case.number].sample if case.check == "refusal" else case.sample
    _, memories = memories_of(case, sample, seed)
    if sum(len(m.buffer) for m in memories) > _FEW:
        return again
    lines = ["import tensorplug as tp", "from math import inf, nan"]
    names = [f"x{i}" for i in range(len(memories))]
    lines += [f"{name} = {_tensor(memory, device)}" for name, memory in zip(names, memories, strict=True)]
    lines.append(f"print({_call(case, sample, names, device)})")
    return "\n".join(lines)


def _tensor(memory: Memory, device: str) -> str:
    values = memory.buffer.astype(np.float64) if memory.dtype == "bfloat16" else memory.buffer
    made = f"tp.tensor({values.tolist()}, dtype=tp.{memory.dtype}, device={device!r})"
    if memory.strides is None:
        return made if len(memory.shape) == 1 else f"{made}.view({memory.shape})"
    return f"{made}.as_strided({memory.shape}, {memory.strides}, {memory.offset})"


class _Text(str):
    """Text that stands for itself in a call."""

    def __repr__(self) -> str:
        return str(self)


def _call(case: Case, sample: Sample, names: list[str], device: str) -> str:
    args, kwargs = fill(sample, [_Text(n) for n in names], lambda value: _argument(value, case.dtype, device))
    path = inplace_path(table[case.row.op]) if case.check == "inplace" else call_path(case.row)
    root, _, name = path.partition(".")
    shown = [repr(a) for a in args] + [f"{n}={v!r}" for n, v in kwargs.items()]
    if case.check == "out":
        shown.append("out=tp.empty(0)")
    return f"{_ROOTS[root]}.{name}({', '.join(shown)})"


def _argument(value: Any, dtype: str, device: str) -> Any:
    if isinstance(value, Param):
        return _Text(repr(device)) if value is Param.DEVICE else _Text(f"tp.{dtype}")
    if isinstance(value, Dtype):
        return _Text(f"tp.{value.name}")
    return _Text(f"tp.Generator().manual_seed({value.number})") if isinstance(value, Seed) else value
