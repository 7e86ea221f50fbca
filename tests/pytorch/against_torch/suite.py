"""What is compared of each public function: which calls are made, and what is found different about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from against_torch import forms, promotion
from against_torch.bridge import THEIRS
from against_torch.calls import Call, is_random, tensors_for
from against_torch.checks import call_on, check_call, check_gradient
from against_torch.signatures import signature_differences
from tensorplug.ops.namespaces import functions_in, op_methods
from tensorplug_conformance.checks import call_path
from tensorplug_conformance.dtypes import ALL
from tensorplug_conformance.sample import ANYTHING, Row, Sample
from tensorplug_conformance.samples import ROWS

Findings = Iterator[tuple[str, str]]
"""Pairs of the id of a call and what is different about it."""

_DOUBLE = ("float64", "complex128")
_DIVISIONS = ("tp.div", "tp.divide")
"""Here the smallest integer divided by -1 ends PyTorch's process."""
_UNCHECKED = ("tp.segment_reduce", "tp.grid_sampler")
"""Here arguments that do not fit end PyTorch's process, or give memory that nothing was written to."""

_UNINITIALIZED = ("F.multi_margin_loss", "F.multilabel_margin_loss")
"""Of no elements, PyTorch gives memory that nothing was written to."""

PATHS = sorted({p for p in map(call_path, ROWS) if forms.both_have(p) and not p.rpartition(".")[2].startswith("_")})
"""The functions that have samples and are in PyTorch."""

PAIRED = (
    "add", "sub", "mul", "div", "true_divide", "floor_divide", "remainder", "fmod", "pow", "float_power", "atan2",
    "maximum", "minimum", "fmax", "fmin", "eq", "ne", "lt", "le", "gt", "ge", "isclose", "logical_and", "logical_or",
    "logical_xor", "bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_left_shift", "bitwise_right_shift", "copysign",
    "heaviside", "hypot", "logaddexp", "logaddexp2", "xlogy", "ldexp", "nextafter", "gcd", "lcm", "clamp", "clamp_min",
    "clamp_max", "complex", "dist", "cross", "outer", "isin", "result_type",
)  # fmt: skip
"""Functions of two operands that are tried with all pairs of dtypes."""


def _rows(path: str) -> list[Row]:
    return [row for row in ROWS if call_path(row) == path]


def _has_values(row: Row) -> bool:
    return row.oracle != ANYTHING and not row.draws


def sample_findings(path: str) -> Findings:
    """The samples of conformance, in every dtype: results and gradients."""
    for row in _rows(path):
        for number, sample in enumerate(row.samples):
            for dtype in _dtypes(row, sample):
                call = Call(path, sample, dtype, f"{row.label}{number}")
                if _is_makeable(call):
                    yield from _found(call, _check_sample(row, call))


def _dtypes(row: Row, sample: Sample) -> Iterable[str]:
    """All dtypes, but for those that the sample leaves out of what the row supports."""
    left_out = set(row.dtypes) - set(sample.dtypes or row.dtypes)
    return [d for d in ALL if d not in left_out]


def _is_makeable(call: Call) -> bool:
    if call.path in _DIVISIONS and "wrap" in call.sample.hazards:
        return False
    if call.path in _UNCHECKED and "/" in call.label:
        return False
    if call.label.endswith("_random_samples=None"):  # which draws them
        return False
    if call.path in _UNINITIALIZED and ("empty" in call.label or "[0]" in call.label):
        return False
    try:
        call.memories()
    except (ValueError, IndexError):  # such values do not exist in this dtype or shape
        return False
    return True


def _check_sample(row: Row, call: Call) -> str:
    message = check_call(call, values=_has_values(row), strides=row.view == "always")
    if message or call.dtype not in _DOUBLE or not _has_values(row):
        return message
    message = check_gradient(call)
    return message and f"gradients: {message}"


def _found(call: Call, message: str) -> Findings:
    if message:
        yield f"{call.label}/{call.dtype}", message


def _typical(path: str) -> Iterator[tuple[Row, Call]]:
    """One call for each way in which the samples use the parameters, in one dtype."""
    for row in _rows(path):
        seen = set()
        for number, sample in enumerate(row.samples):
            way = (tuple(map(type, sample.args)), tuple(sorted(sample.kwargs)))
            if way in seen or len(seen) == 4:
                continue
            seen.add(way)
            dtypes = [d for d in row.dtypes if d in (sample.dtypes or row.dtypes)]
            call = Call(path, sample, next((d for d in ("float32", "int64") if d in dtypes), dtypes[0]), "")
            call = call._replace(label=f"{row.label}{number}")
            if _is_makeable(call):
                yield row, call


def form_findings(path: str) -> Findings:
    """Other forms of the calls: spelled otherwise, in place, with ``out=``, on other inputs."""
    for row, call in _typical(path):
        values = _has_values(row) and not is_random(call.sample)
        described = forms.results_described(THEIRS, call_on(THEIRS, call, tensors_for(THEIRS, call.memories())))
        plain = [*forms.spelled(call), *(forms.on_other_inputs(call) if values else ())]
        changing = [*forms.in_place(call), *(forms.with_out(call, described) if described is not None else ())]
        for other in plain:
            if _is_makeable(other):
                yield from _found(other, check_call(other, values=values))
        for other in changing:
            yield from _found(other, check_call(other, values=values, changed=values))


def fault_findings(path: str) -> Findings:
    """Calls with wrong arguments: both refuse them, with the same kind of error."""
    for row, call in _typical(path):
        for other in forms.faulty(call):
            if _is_makeable(other):
                yield from _found(other, check_call(other, values=_has_values(row)))


def pair_findings(path: str) -> Findings:
    """All pairs of dtypes; of calls that both refuse, the kind of error is looked at elsewhere."""
    name = path.partition(".")[2]
    for call in promotion.pairs(path):
        yield from _found(call, check_call(call, kinds=False))
    for call in promotion.in_place(f"Tensor.{name}_"):
        for label, message in _found(call, check_call(call, changed=True, kinds=False)):
            yield f"in-place {label}", message


def public_paths() -> Iterator[str]:
    """Every function and method that comes from the op table and is in PyTorch."""
    for root, names in (("tp", functions_in("torch")), ("F", functions_in("F")), ("Tensor", op_methods())):
        for name in names:
            if not name.startswith("_") and forms.both_have(f"{root}.{name}"):
                yield f"{root}.{name}"


def signature_findings(path: str) -> Findings:
    """Parameters that are missing, in another place, or have another default."""
    for message in dict.fromkeys(signature_differences(path)):
        yield message, message
