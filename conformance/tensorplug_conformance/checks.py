"""What is checked of an op without gradients: values, aliasing, in-place and ``out=`` forms, refusals, meta results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import tensorplug as tp
from tensorplug_conformance.calls import Arguments, arguments, function_of, has_function, results_of, run_reference
from tensorplug_conformance.compare import Mismatch, compare, require, shown
from tensorplug_conformance.dtypes import DIFFERENTIABLE, Array, host, rounded
from tensorplug_conformance.framework import VIEW, Op, is_abstract, public_call, table
from tensorplug_conformance.layouts import CONTIGUOUS, download, lay_out, upload
from tensorplug_conformance.sample import DRAWS_SEED, EXACT, Case, Input, Oracle, Row, ulps

Check = Callable[[Case, str, int], float]
"""From a case, a device and a seed to the largest distance seen; raises ``Mismatch``."""


def call_path(row: Row) -> str:
    """How a row calls its op."""
    return row.call or public_call(row.op)


def operation(row: Row, path: str = "") -> Callable[..., Any]:
    """The op as a row calls it, or as ``path`` says."""
    function = function_of(path or call_path(row))
    if not row.draws:
        return function

    def seeded(*args: Any, **kwargs: Any) -> Any:
        tp.manual_seed(DRAWS_SEED)
        return function(*args, **kwargs)

    return seeded


def inplace_path(op: Op) -> str:
    """How users reach the in-place form: a method where there is one, otherwise a function; empty if neither."""
    if not op.inplace:
        return ""
    if "Tensor" in op.spaces:
        return f"Tensor.{op.name}_"
    path = f"{'tp' if 'torch' in op.spaces else 'F'}.{op.name}_"
    return path if has_function(path) else ""


def run_op(row: Row, given: Arguments) -> list[Any]:
    """Call the op; the results as a list."""
    return results_of(operation(row)(*given.args, **given.kwargs))


def result_dtypes(case: Case, count: int) -> list[str]:
    """The dtypes that the results of a case are to have."""
    if case.sample.result is not None:
        return [case.sample.result] * count
    rules = case.row.result if isinstance(case.row.result, tuple) else (case.row.result,) * count
    return [rule(case.dtype) for rule in rules[:count]]


def oracles(row: Row, count: int) -> Sequence[Oracle]:
    """The oracles of the results."""
    return (row.oracle,) * count if isinstance(row.oracle, Oracle) else row.oracle


# ------------------------------------------------------------------------------------------------- values


def check_value(case: Case, device: str, seed: int) -> float:
    """The results are those of the reference, the inputs are unchanged, and no memory is shared that should not be."""
    given = arguments(case, case.sample, device, seed)
    if is_abstract(device):
        return _check_abstract(case, given, device)
    results = run_op(case.row, given)
    worst = compare_results(case, given, results)
    _check_unchanged(case, given, len(results) if case.row.mutates else 0)
    _check_not_recorded(results)
    if case.row.mutates:
        _check_gaps(given, len(results))
    else:
        _check_aliasing(case, given, results)
    return worst


def compare_results(case: Case, given: Arguments, results: list[Any]) -> float:
    """Compare the results of a case with its reference."""
    exact = run_reference(case.row, given.host_args, given.host_kwargs)
    require(len(results) == len(exact), f"there are {len(results)} results, expected {len(exact)}")
    scales = _scales(case.row, given, len(exact))
    terms = _terms(case.row, given, len(exact))
    dtypes = result_dtypes(case, len(exact))
    worst = 0.0
    for position, (result, reference) in enumerate(zip(results, exact, strict=True)):
        if not isinstance(result, tp.Tensor):
            _compare_python(result, reference)
            continue
        oracle = oracles(case.row, len(exact))[position]
        try:
            found = compare(download(result), reference, dtypes[position], oracle, terms[position], scales[position])
        except Mismatch as mismatch:
            prefix = f"result {position}: " if len(exact) > 1 else ""
            raise Mismatch(f"{prefix}{mismatch}") from None
        worst = max(worst, found)
    return worst


def _compare_python(result: Any, reference: Array) -> None:
    expected = reference.item() if reference.ndim == 0 else reference.tolist()
    require(type(result) is type(expected) and result == expected, f"got {result!r}, expected {expected!r}")


def _terms(row: Row, given: Arguments, count: int) -> list[float]:
    return [
        float(o.terms(*given.host_args, **given.host_kwargs)) if o.terms is not None else 1.0
        for o in oracles(row, count)
    ]


def _scales(row: Row, given: Arguments, count: int) -> list[Array | None]:
    """For bounds: the sum of the sizes of the terms, by default what the reference makes of the sizes of the inputs."""
    found: list[Array | None] = []
    of_sizes: list[Array] | None = None
    for position, oracle in enumerate(oracles(row, count)):
        if oracle.kind != "bound":
            found.append(None)
        elif oracle.scale is not None:
            with np.errstate(all="ignore"):
                found.append(np.asarray(oracle.scale(*given.host_args, **given.host_kwargs)))
        else:
            if of_sizes is None:
                of_sizes = run_reference(row, _sizes(given.host_args), _sizes(given.host_kwargs))
            found.append(of_sizes[position])
    return found


def _sizes(structure: Any) -> Any:
    if isinstance(structure, np.ndarray):
        return np.abs(structure) if structure.dtype.kind in "fc" else structure
    if isinstance(structure, dict):
        return {name: _sizes(part) for name, part in structure.items()}
    return type(structure)(map(_sizes, structure)) if type(structure) in (tuple, list) else structure


def _check_unchanged(case: Case, given: Arguments, first: int) -> None:
    for position in range(first, len(given.bases)):
        before = given.memories[position].buffer
        require(
            download(given.bases[position]).tobytes() == before.tobytes(),
            f"input {position} (or the memory around it) was changed",
        )


def _check_not_recorded(results: list[Any]) -> None:
    for result in results:
        if isinstance(result, tp.Tensor):
            require(not result.requires_grad, "the result requires grad though no input does")


def _check_aliasing(case: Case, given: Arguments, results: list[Any]) -> None:
    """Write into a result and see whether an input changes."""
    if case.row.view == "maybe" or not results or not isinstance(results[0], tp.Tensor) or not results[0].numel():
        return
    if any(s == 0 and n > 1 for s, n in zip(results[0].stride(), results[0].shape, strict=True)):
        return
    opposite = 1 - (np.asarray(download(results[0])).reshape(-1)[0] != 0)
    results[0].fill_(int(opposite))
    changed = [download(b).tobytes() != m.buffer.tobytes() for b, m in zip(given.bases, given.memories, strict=True)]
    if case.row.view == "always":
        require(changed[0], "the result should be a view, but writing into it does not change the input")
    else:
        require(not any(changed), "the result shares memory with an input")


# ------------------------------------------------------------------------------------------------- without data


def _check_abstract(case: Case, given: Arguments, device: str) -> float:
    """Shapes and dtypes on a device without data are those of the reference."""
    function = operation(case.row)
    if case.row.data_dependent:
        _expect_error(lambda: function(*given.args, **given.kwargs), (RuntimeError,))
        return 0.0
    results = results_of(function(*given.args, **given.kwargs))
    exact = run_reference(case.row, given.host_args, given.host_kwargs)
    require(len(results) == len(exact), f"there are {len(results)} results, expected {len(exact)}")
    for result, reference, dtype in zip(results, exact, result_dtypes(case, len(exact)), strict=True):
        if not isinstance(result, tp.Tensor):
            _compare_python(result, reference)
            continue
        require(str(result.device) == device, f"the result is on {result.device}, expected {device}")
        require(
            tuple(result.shape) == reference.shape, f"shape is {list(result.shape)}, expected {list(reference.shape)}"
        )
        require(result.dtype == getattr(tp, dtype), f"dtype is {result.dtype.name}, expected {dtype}")
    return 0.0


# ------------------------------------------------------------------------------------------------- in place, out=


def _same(row: Row, actual: Array, expected: Array, what: str) -> None:
    """Two forms of one op agree: to the bit, but for the last one where vector units may differ from scalar ones."""
    exact = oracles(row, 1)[0].kind in ("exact", "equal")
    try:
        compare(actual, expected, expected.dtype.name, EXACT if exact else ulps(1))
    except Mismatch as mismatch:
        raise Mismatch(f"{what}: {mismatch}") from None


def check_inplace(case: Case, device: str, seed: int) -> float:
    """``x.op_(...)`` returns ``x`` and leaves in it what ``op`` returns, or refuses where that does not fit."""
    given = arguments(case, case.sample, device, seed)
    plain = download(run_op(case.row, given)[0])
    target = given.tensors[0]
    before = host(given.memories[0].dtype)
    method = operation(case.row, inplace_path(table[case.row.op]))
    same_shape = tuple(target.shape) == plain.shape or _is_view(case.row)
    if not same_shape or not _can_hold(before, plain.dtype) or _repeats(target):
        _expect_error(lambda: method(*given.args, **given.kwargs), (RuntimeError,))
        return 0.0
    returned = method(*given.args, **given.kwargs)
    require(returned is target, "the in-place form does not return its first argument")
    found = download(target)
    require(found.dtype == before, f"the in-place form changed the dtype to {found.dtype.name}")
    _same(case.row, found, rounded(plain, given.memories[0].dtype), "in place")
    _check_unchanged(case, given, 1)
    _check_gaps(given, 1)
    return 0.0


def _is_view(row: Row) -> bool:
    return table[row.op].kind == VIEW or row.view != "never"


def _can_hold(target: np.dtype[Any], result: np.dtype[Any]) -> bool:
    """Whether the result's category (bool, integer, float, complex) is not above the target's."""
    rank = {"b": 0, "i": 1, "u": 1, "f": 2, "V": 2, "c": 3}
    return rank[target.kind] >= rank[result.kind]


def _repeats(tensor: Any) -> bool:
    return any(s == 0 and n > 1 for s, n in zip(tensor.stride(), tensor.shape, strict=True))


def _check_gaps(given: Arguments, count: int) -> None:
    """Memory between the elements of the first ``count`` inputs is as it was."""
    for memory, base in zip(given.memories[:count], given.bases, strict=False):
        if memory.strides is None:
            continue
        marked = memory._replace(buffer=np.zeros(len(memory.buffer), np.uint8), dtype="uint8")
        marked.values[...] = 1
        gaps = marked.buffer == 0
        require(download(base)[gaps].tobytes() == memory.buffer[gaps].tobytes(), "the op wrote between the elements")


def check_out(case: Case, device: str, seed: int) -> float:
    """``op(..., out=y)`` writes into ``y`` what ``op`` returns: into fresh, strided and wrongly shaped tensors."""
    given = arguments(case, case.sample, device, seed)
    function = operation(case.row)
    plain = [download(r) for r in results_of(function(*given.args, **given.kwargs))]
    names = result_dtypes(case, len(plain))
    for layout in (CONTIGUOUS, "strided", "resized"):
        targets = [_target(p, name, layout, device) for p, name in zip(plain, names, strict=True)]
        out = targets[0] if len(targets) == 1 else tuple(targets)
        returned = results_of(function(*given.args, **given.kwargs, out=out))
        for target, found, expected in zip(targets, returned, plain, strict=True):
            require(found is target, "the call does not return its out= argument")
            _same(case.row, download(target), expected, f"out= ({layout})")
    _check_unchanged(case, given, 0)
    return 0.0


def _target(plain: Array, dtype: str, layout: str, device: str) -> Any:
    if layout == "resized":
        return tp.empty(0, dtype=getattr(tp, dtype), device=device)
    filler = np.full(plain.shape, 1, host(dtype))
    return upload(lay_out(filler, dtype, layout), device)[0]


# ------------------------------------------------------------------------------------------------- refusals


def _expect_error(call: Callable[[], Any], errors: tuple[type[Exception], ...]) -> None:
    try:
        found = call()
    except errors:
        return
    names = " or ".join(e.__name__ for e in errors)
    raise Mismatch(
        f"expected {names}, but the call returned {shown(found) if np.isscalar(found) else type(found).__name__}"
    )


def check_refuses(case: Case, device: str, seed: int) -> float:
    """A dtype that the op does not take is refused with an error."""
    given = arguments(case, case.sample, device, seed)
    _expect_error(lambda: run_op(case.row, given), (RuntimeError, TypeError))
    return 0.0


def check_refusal(case: Case, device: str, seed: int) -> float:
    """Arguments that make no sense are refused with the right kind of error."""
    refusal = case.row.refusals[case.number]
    given = arguments(case, refusal.sample, device, seed)
    _expect_error(lambda: run_op(case.row, given), (refusal.error,))
    return 0.0


def check_unmarked(case: Case, device: str, seed: int) -> float:
    """Results of an op without a gradient do not require grad, though inputs do."""
    given = arguments(case, case.sample, device, seed)
    for described, tensor in zip(given.inputs, given.tensors, strict=True):
        if (described.dtype or case.dtype) in DIFFERENTIABLE:
            tensor.requires_grad_()
    for result in run_op(case.row, given):
        require(
            not isinstance(result, tp.Tensor) or not result.requires_grad,
            "the result of an op without a gradient requires grad",
        )
    return 0.0


CHECKS: dict[str, Check] = {
    "value": check_value, "inplace": check_inplace, "out": check_out, "refuses": check_refuses,
    "refusal": check_refusal, "unmarked": check_unmarked,
}  # fmt: skip


def differentiable_inputs(case: Case, inputs: Sequence[Input]) -> list[int]:
    """The places of the inputs whose gradients are checked."""
    return [i for i, d in enumerate(inputs) if d.grad and (d.dtype or case.dtype) in DIFFERENTIABLE]
