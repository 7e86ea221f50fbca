"""Gradients through a backend: first ones against finite differences of the reference, second ones against finite
differences of the first, single precision against double.

A gradient ``g`` of the real number ``sum(Re(conj(v) * f(x)))`` is right if, for any direction ``u``, the number changes
along it by ``sum(Re(conj(g) * u))``. The upstream gradient ``v`` is random and never contiguous.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

import tensorplug as tp
from tensorplug_conformance.calls import (
    Arguments,
    arguments,
    host_arguments,
    op_arguments,
    results_of,
    run_reference,
)
from tensorplug_conformance.checks import CHECKS, Check, differentiable_inputs, inplace_path, operation
from tensorplug_conformance.compare import Mismatch, compare, require
from tensorplug_conformance.dtypes import Array, host
from tensorplug_conformance.framework import table, unsupported
from tensorplug_conformance.layouts import STRIDED, TRANSPOSED, download, lay_out, upload
from tensorplug_conformance.sample import Case, bound

_STEP = 1e-5
_EXHAUSTIVE = 16
"""Up to so many elements each is moved alone; beyond, all are moved along random directions."""
_DIRECTIONS = 4
_SECOND_DIRECTIONS = 2


class Recorded(NamedTuple):
    """A call whose gradients can be asked for.

    Attributes:
        given: its arguments.
        leaves: the tensors whose gradients are checked, and their places among the inputs.
        outputs: the results that require grad, and their places among the results.
        upstream: a gradient for each output.
    """

    given: Arguments
    leaves: list[Any]
    places: list[int]
    outputs: list[Any]
    positions: list[int]
    upstream: list[Array]


def _random(case: Case, seed: int, purpose: str) -> np.random.Generator:
    return np.random.default_rng([seed, zlib.crc32(f"{case.id} {purpose}".encode())])


def _noise(shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> Array:
    found = rng.uniform(-1, 1, shape)
    if dtype.startswith("complex"):
        found = found + 1j * rng.uniform(-1, 1, shape)
    return np.asarray(found).astype(host(dtype))


def _upload_strided(array: Array, device: str, position: int = 0) -> Any:
    """A tensor of these values that is not contiguous wherever its shape allows."""
    layout = (STRIDED, TRANSPOSED)[position % 2]
    return upload(lay_out(array, array.dtype.name, layout), device)[0]


def _record(case: Case, device: str, seed: int, call: Callable[..., Any] | None = None) -> Recorded:
    given = arguments(case, case.sample, device, seed)
    places = differentiable_inputs(case, given.inputs)
    for place in places:
        given.tensors[place].requires_grad_()
    call = call or operation(case.row)
    results = results_of(call(*given.args, **given.kwargs))
    positions = [i for i, r in enumerate(results) if isinstance(r, tp.Tensor) and r.requires_grad]
    require(bool(positions), "no result requires grad")
    outputs = [results[i] for i in positions]
    rng = _random(case, seed, "upstream")
    upstream = [_noise(tuple(o.shape), o.dtype.name, rng) for o in outputs]
    return Recorded(given, [given.tensors[p] for p in places], places, outputs, positions, upstream)


def _gradients_of(outputs: list[Any], inputs: list[Any], upstream: list[Any], create_graph: bool = False) -> list[Any]:
    return list(tp.autograd.grad(outputs, inputs, upstream, create_graph=create_graph, materialize_grads=True))


def _first_gradients(recorded: Recorded, device: str) -> list[Any]:
    upstream = [_upload_strided(v, device, i) for i, v in enumerate(recorded.upstream)]
    found = _gradients_of(recorded.outputs, recorded.leaves, upstream)
    for leaf, gradient in zip(recorded.leaves, found, strict=True):
        require(
            gradient.shape == leaf.shape, f"a gradient has shape {list(gradient.shape)}, its input {list(leaf.shape)}"
        )
        require(
            gradient.dtype == leaf.dtype, f"a gradient has dtype {gradient.dtype.name}, its input {leaf.dtype.name}"
        )
    return found


def _along(gradient: Array, direction: Array) -> float:
    return float(np.real(np.vdot(gradient, direction)))


def _directions(shape: tuple[int, ...], dtype: str, rng: np.random.Generator, exhaustive: bool) -> Iterator[Array]:
    count = math.prod(shape)
    if exhaustive and count <= _EXHAUSTIVE:
        for flat in range(count):
            for size in (1.0, 1j) if dtype.startswith("complex") else (1.0,):
                unit = np.zeros(count, host(dtype))
                unit[flat] = size
                yield unit.reshape(shape)
        return
    for _ in range(_DIRECTIONS if exhaustive else _SECOND_DIRECTIONS):
        yield _noise(shape, dtype, rng)


def _objective(case: Case, recorded: Recorded) -> Callable[[list[Array]], float]:
    """The number whose gradients were asked for, computed by the reference."""

    def value(values: list[Array]) -> float:
        args, kwargs = host_arguments(case.sample, values)
        found = run_reference(case.row, args, kwargs)
        return sum(_along(v, found[i]) for i, v in zip(recorded.positions, recorded.upstream, strict=True))

    return value


def _moved(values: list[Array], place: int, direction: Array, step: float) -> list[Array]:
    return [v + step * direction if i == place else v for i, v in enumerate(values)]


def _slope(value: Callable[[list[Array]], float], values: list[Array], place: int, direction: Array) -> float:
    """The central difference of ``value`` as one input moves along a direction."""
    above, below = (value(_moved(values, place, direction, step)) for step in (_STEP, -_STEP))
    return (above - below) / (2 * _STEP)


def _agree(found: float, numeric: float, size: float, noise: float, what: str, direction: Array) -> float:
    """Compare a slope with a finite difference; ``noise`` is the size of the numbers that were subtracted."""
    limit = 1e-6 * size + 1e-6 * abs(numeric) + 1e-9 * (1.0 + noise)
    error = abs(found - numeric)
    if error <= limit:
        return error / limit
    moved = np.flatnonzero(direction)
    where = f" (element {moved[0]})" if len(moved) == 1 and direction.size > 1 else ""
    raise Mismatch(f"{what}{where} is {found!r}, finite differences give {numeric!r}")


def check_gradient(case: Case, device: str, seed: int) -> float:
    """First gradients in double precision are those that finite differences of the reference give."""
    recorded = _record(case, device, seed)
    gradients = [download(g) for g in _first_gradients(recorded, device)]
    _check_inplace_gradients(case, recorded, gradients, device, seed)
    value = _objective(case, recorded)
    values = recorded.given.values
    rng = _random(case, seed, "directions")
    with np.errstate(all="ignore"):
        noise = abs(value(values))
    worst = 0.0
    for place, gradient in zip(recorded.places, gradients, strict=True):
        for direction in _directions(gradient.shape, case.dtype, rng, True):
            numeric = _slope(value, values, place, direction)
            size = float(np.sum(np.abs(gradient) * np.abs(direction)))
            what = f"the gradient of input {place}"
            worst = max(worst, _agree(_along(gradient, direction), numeric, size, noise, what, direction))
    return worst


def _check_inplace_gradients(case: Case, plain: Recorded, gradients: list[Array], device: str, seed: int) -> None:
    """The in-place form on a computed tensor has the gradients of the plain form, or an error that tells why not."""
    path = inplace_path(table[case.row.op])
    first = plain.given.tensors[0]
    if not path or case.row.label or len(plain.outputs) != 1 or plain.given.args[0] is not first:
        return
    if plain.outputs[0].shape != first.shape or plain.outputs[0].dtype != first.dtype:
        return
    method = operation(case.row, path)
    recorded = _record(case, device, seed, lambda x, *args, **kwargs: method(x.clone(), *args, **kwargs))
    try:
        found = _first_gradients(recorded, device)
    except RuntimeError as error:
        # An op that needs the value it overwrote must say so.
        require("modified by an inplace operation" in str(error), f"the in-place form: {error}")
        return
    for place, a, b in zip(plain.places, map(download, found), gradients, strict=True):
        same = bool(np.allclose(a, b, rtol=1e-12, atol=1e-14, equal_nan=True))
        require(same, f"the in-place form gives input {place} another gradient")


def check_second(case: Case, device: str, seed: int) -> float:
    """Second gradients are those that finite differences of the first ones give."""
    recorded = _record(case, device, seed)
    upstream = [_upload_strided(v, device).detach().requires_grad_() for v in recorded.upstream]
    first = _gradients_of(recorded.outputs, recorded.leaves, upstream, create_graph=True)
    rng = _random(case, seed, "second")
    weights = [_noise(tuple(g.shape), g.dtype.name, rng) for g in first]
    moving = [(g, w) for g, w in zip(first, weights, strict=True) if g.requires_grad]
    targets = [*recorded.leaves, *upstream]
    if moving:
        found = _gradients_of([g for g, _ in moving], targets, [_upload_strided(w, device, 1) for _, w in moving])
        second = [download(g) for g in found]
    else:
        second = [np.zeros(tuple(t.shape), host(t.dtype.name)) for t in targets]
    return _compare_second(case, device, recorded, weights, second, rng)


def _compare_second(
    case: Case, device: str, recorded: Recorded, weights: list[Array], second: list[Array], rng: np.random.Generator
) -> float:
    def of_inputs(values: list[Array]) -> float:
        return _weighed(case, device, recorded, values, recorded.upstream, weights)

    def of_upstream(upstream: list[Array]) -> float:
        return _weighed(case, device, recorded, recorded.given.values, upstream, weights)

    values = recorded.given.values
    noise = abs(of_inputs(values))
    worst = 0.0
    for place, gradient in zip(recorded.places, second[: len(recorded.leaves)], strict=True):
        for direction in _directions(gradient.shape, case.dtype, rng, False):
            numeric = _slope(of_inputs, values, place, direction)
            size = float(np.sum(np.abs(gradient) * np.abs(direction)))
            what = f"the second gradient of input {place}"
            worst = max(worst, _agree(_along(gradient, direction), numeric, size, noise, what, direction))
    for position, gradient in enumerate(second[len(recorded.leaves) :]):
        direction = _noise(gradient.shape, gradient.dtype.name, rng)
        # The first gradient is linear in the one from upstream, so a difference of any step is exact.
        alone = [direction if i == position else 0 * v for i, v in enumerate(recorded.upstream)]
        size = float(np.sum(np.abs(gradient) * np.abs(direction)))
        what = f"the second gradient of the upstream gradient {position}"
        worst = max(worst, _agree(_along(gradient, direction), of_upstream(alone), size, noise, what, direction))
    return worst


def _weighed(
    case: Case, device: str, recorded: Recorded, values: list[Array], upstream: list[Array], weights: list[Array]
) -> float:
    """The sum of the first gradients times ``weights``, by the backend, at other inputs."""
    leaves = []
    tensors = []
    for place, (memory, value) in enumerate(zip(recorded.given.memories, values, strict=True)):
        tensor = tp.tensor(value.astype(host(memory.dtype)), device=device)
        if place in recorded.places:
            leaves.append(tensor.requires_grad_())
        tensors.append(tensor)
    args, kwargs = op_arguments(case.sample, tensors, case.dtype, device)
    results = results_of(operation(case.row)(*args, **kwargs))
    outputs = [results[i] for i in recorded.positions]
    given = [tp.tensor(v, device=device) for v in upstream]
    found = _gradients_of(outputs, leaves, given)
    return sum(_along(w, download(g)) for w, g in zip(weights, found, strict=True))


def check_precision(case: Case, device: str, seed: int) -> float:
    """Gradients in single precision are those in double precision, up to rounding.

    The double ones come from the device, or from the CPU where the device has none.
    """
    double = {"float32": "float64", "complex64": "complex128"}[case.dtype]
    single = _record(case, device, seed)
    found = [download(g) for g in _first_gradients(single, device)]
    where = "cpu" if double in unsupported(device) else device
    reference = _in_double(case, single, double, where)
    worst = 0.0
    for place, actual, exact in zip(single.places, found, reference, strict=True):
        finite = np.where(np.isfinite(exact), np.abs(exact), 0)
        limit = 1e-5 * (finite + (float(finite.max()) if exact.size else 0.0)) + 1e-6
        error = np.abs(actual - exact)
        if exact.size and not bool((error <= limit).all()):
            flat = int(np.argmax(np.where(np.isnan(error), np.inf, error / limit)))
            raise Mismatch(
                f"the gradient of input {place} is {actual.reshape(-1)[flat]!r} in {case.dtype} and "
                f"{exact.reshape(-1)[flat]!r} in {double} (element {flat})"
            )
        worst = max(worst, float((error / limit).max()) if exact.size else 0.0)
    return worst


def _in_double(case: Case, single: Recorded, double: str, device: str) -> list[Array]:
    leaves, tensors = [], []
    for place, (value, described) in enumerate(zip(single.given.values, single.given.inputs, strict=True)):
        tensor = tp.tensor(value.astype(host(described.dtype or double)), device=device)
        if place in single.places:
            leaves.append(tensor.requires_grad_())
        tensors.append(tensor)
    args, kwargs = op_arguments(case.sample, tensors, double, device)
    results = results_of(operation(case.row)(*args, **kwargs))
    outputs = [results[i] for i in single.positions]
    upstream = [tp.tensor(v, device=device).to(o.dtype) for v, o in zip(single.upstream, outputs, strict=True)]
    return [download(g) for g in _gradients_of(outputs, leaves, upstream)]


def check_point(case: Case, device: str, seed: int) -> float:
    """At special points the gradient is the one that the row states."""
    point = case.row.points[case.number]
    leaves: list[Any] = []

    def tensor_of(value: Any) -> Any:
        if not isinstance(value, list):
            return value
        leaves.append(tp.tensor(value, dtype=getattr(tp, case.dtype), device=device).requires_grad_())
        return leaves[-1]

    args = [tensor_of(a) for a in point.args]
    results = results_of(operation(case.row)(*args, **point.kwargs))
    outputs = [r for r in results if r.requires_grad]
    found = _gradients_of(outputs, leaves, [tp.ones_like(o) for o in outputs])
    for place, (gradient, expected) in enumerate(zip(found, point.gradients, strict=True)):
        try:
            compare(download(gradient), np.array(expected, np.float64), case.dtype, bound(1, half=2))
        except Mismatch as mismatch:
            raise Mismatch(
                f"at {point.args!r} the gradient of argument {place} is not as it should be: {mismatch}"
            ) from None
    return 0.0


ALL_CHECKS: dict[str, Check] = {
    **CHECKS,
    "gradient": check_gradient,
    "second": check_second,
    "precision": check_precision,
    "point": check_point,
}
"""Every check by the name that cases give it."""
