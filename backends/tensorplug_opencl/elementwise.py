"""Kernels that compute an expression for each element, of arrays of any strides that broadcast together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from tensorplug.dtypes import DType
from tensorplug.shapes import Shape, broadcast_pair, contiguous_strides
from tensorplug_opencl import codes
from tensorplug_opencl.array import Array, spread
from tensorplug_opencl.geometry import Form, Walk, declaration, places, walk
from tensorplug_opencl.runtime import Runtime
from tensorplug_opencl.source import program

LETTERS = "abcdefhijklmnopr"  # the geometry is g
_KEPT = 4096


Refusal = Callable[[int], Exception]
"""From the number that a check reported to the error to raise."""


class Map(NamedTuple):
    """A computation for each element.

    Attributes:
        dtype: in which it is computed.
        expressions: one for each result, of ``a``, ``b``, ...
        results: the dtypes of the results.
        operands: the dtypes of the operands; None for those that come as Python numbers.
        numbers: the dtypes of the numbers, in the order of their letters.
        check: a condition that no element may fulfil, and the number that the error is to name.
        before: statements before the expressions; with ``report`` as a parameter where there is a check.
        raw: operands that are not read, since the text itself says where: from ``m1`` at ``p1`` and so on, where
            the results are counted first.
        names: what the numbers are called, if not by their letters.
    """

    dtype: DType
    expressions: tuple[str, ...]
    results: tuple[DType, ...]
    operands: tuple[DType | None, ...]
    numbers: tuple[DType, ...] = ()
    check: tuple[str, str] | None = None
    before: str = ""
    raw: tuple[int, ...] = ()
    names: tuple[str, ...] = ()


_sources: dict[tuple[Map, Form, bool], str] = {}


def source(what: Map, form: Form, has_double: bool) -> str:
    """The program for a computation over one form of walk; its kernel is ``run``."""
    found = _sources.get((what, form, has_double))
    if found is None:
        found = _sources[what, form, has_double] = _write(what, form, has_double)
    return found


def _write(what: Map, form: Form, has_double: bool) -> str:
    parameters: list[str] = []
    loads: list[str] = []
    scalars: list[str] = []
    arrays = len(what.results)
    for k, result in enumerate(what.results):
        parameters.append(f"global {codes.CODES[result].memory} *m{k}")
    numbers, names = iter(what.numbers), iter(what.names)
    for position, (letter, dtype) in enumerate(zip(LETTERS, what.operands)):
        if dtype is None:
            own = next(numbers)
            scalars.append(f"const {codes.CODES[own].value} {next(names, letter)}")
        else:
            parameters.append(f"global const {codes.CODES[dtype].memory} *m{arrays}")
            if position not in what.raw:
                loads.append(
                    f"const {codes.CODES[dtype].value} {letter} = {codes.load(dtype, f'm{arrays}', f'p{arrays}')};"
                )
            arrays += 1
    if what.check:
        parameters.append("global long *report")
        condition, value = what.check
        if condition:
            loads.append(f"if ({condition}) {{ report[1] = {value}; report[0] = 1; return; }}")
    stores = [
        f"{codes.store(result, f'm{k}', f'p{k}', f'r{k}')};"
        for k, (result, _) in enumerate(zip(what.results, what.expressions))
    ]
    values = [
        f"const {codes.CODES[result].value} r{k} = {text};"
        for k, (text, result) in enumerate(zip(what.expressions, what.results))
    ]
    lines = [places(form), *loads, what.before, *values, *stores]
    body = "\n    ".join(line for line in lines if line)
    text = f"{declaration(form)}kernel void run({', '.join([*parameters, *scalars, 'const G g'])}) {{\n    {body}\n}}\n"
    return program(what.dtype, has_double, text)


class Mapped:
    """A computation ready to run: finds walks and kernels once for each geometry, then only launches."""

    __slots__ = ("_known", "_refusal", "what")

    def __init__(self, what: Map, refusal: Refusal | None = None) -> None:
        self.what = what
        self._refusal = refusal
        self._known: dict[Any, tuple[Any, Walk | None, Shape]] = {}

    def __call__(
        self, arrays: Sequence[Array], numbers: Sequence[Any] = (), refusal: Refusal | None = None
    ) -> tuple[Array, ...]:
        """New arrays with the results, of the shape to which ``arrays`` broadcast."""
        home = arrays[0].home
        key = (home, None, *[(x.shape, x.strides, x.start) for x in arrays])
        kernel, walked, shape = self._known.get(key) or self._find(key, arrays)
        results = tuple([home.empty(shape, dtype) for dtype in self.what.results])
        if walked is not None:
            self._launch(home, kernel, walked, [*results, *arrays], numbers, refusal)
        return results

    def into(
        self,
        targets: Sequence[Array],
        arrays: Sequence[Array],
        numbers: Sequence[Any] = (),
        refusal: Refusal | None = None,
    ) -> None:
        """Write the results into ``targets``, which give the shape."""
        home = targets[0].home
        key = (home, len(targets), *[(x.shape, x.strides, x.start) for x in (*targets, *arrays)])
        kernel, walked, _ = self._known.get(key) or self._find(key, arrays, targets)
        if walked is not None:
            self._launch(home, kernel, walked, [*targets, *arrays], numbers, refusal)

    def _launch(
        self,
        home: Runtime,
        kernel: Any,
        walked: Walk,
        arrays: Sequence[Array],
        numbers: Sequence[Any],
        refusal: Refusal | None,
    ) -> None:
        buffers = [x.memory for x in arrays]
        values = [codes.number(v, d) if v.__class__ is not bytes else v for v, d in zip(numbers, self.what.numbers)]
        values.append(walked.geometry)
        if self.what.check:
            with home.lock:
                home.launch(kernel, walked.items, walked.group, [*buffers, home.report().memory], values)
                reported = home.reported()
            if reported is not None:
                raise (refusal or self._refusal)(reported)  # type: ignore[misc]
        else:
            home.launch(kernel, walked.items, walked.group, buffers, values)

    def _find(
        self, key: Any, arrays: Sequence[Array], targets: Sequence[Array] | None = None
    ) -> tuple[Any, Walk | None, Shape]:
        home = (targets or arrays)[0].home
        if targets is not None:
            shape, own = targets[0].shape, [(x.strides, x.start) for x in targets]
        else:
            shape = ()
            for x in arrays:
                shape = broadcast_pair(shape, x.shape)
            fresh = contiguous_strides(shape)
            own = [(fresh, 0)] * len(self.what.results)
        if 0 in shape:
            found: tuple[Any, Walk | None, Shape] = (None, None, shape)
        else:
            walked = walk(shape, (*own, *[(s.strides, s.start) for s in (spread(x, shape) for x in arrays)]))
            text = source(self.what, walked.form, home.has_double)
            found = (home.programs.kernel(text, "run"), walked, shape)
        if len(self._known) >= _KEPT:
            self._known.clear()
        self._known[key] = found
        return found
