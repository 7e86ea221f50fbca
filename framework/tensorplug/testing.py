"""Checks for tests: ``assert_close``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tensorplug.base import TensorBase
from tensorplug.dtypes import DType, promote_types
from tensorplug.factories import as_tensor
from tensorplug.tensor import Tensor

_TOLERANCES = {
    "float16": (1e-3, 1e-5),
    "bfloat16": (1.6e-2, 1e-5),
    "float32": (1.3e-6, 1e-5),
    "float64": (1e-7, 1e-7),
    "complex64": (1.3e-6, 1e-5),
    "complex128": (1e-7, 1e-7),
}
"""dtype -> relative and absolute tolerance; PyTorch's."""


def assert_close(
    actual: Any,
    expected: Any,
    *,
    allow_subclasses: bool = True,
    rtol: float | None = None,
    atol: float | None = None,
    equal_nan: bool = False,
    check_device: bool = True,
    check_dtype: bool = True,
    check_layout: bool = True,
    check_stride: bool = False,
    msg: Any = None,
) -> None:
    """Checks that tensors (or numbers, or containers of them) agree: ``|a - e| <= atol + rtol * |e|``.

    Args:
        actual, expected: tensors, numbers, NumPy arrays, or sequences and mappings of them.
        rtol, atol: both or neither; by default they follow from the dtype (exact for integers and bools).
        equal_nan: whether NaN equals NaN.
        check_device, check_dtype, check_stride: whether these must agree too.
        msg: the message on failure, or a function from the default message to it.

    Raises:
        AssertionError: they do not agree.
        ValueError: only one of ``rtol`` and ``atol`` is given.

    Example:
        >>> import tensorplug as tp
        >>> tp.testing.assert_close(tp.tensor([1.0]), tp.tensor([1.0 + 1e-7]))
    """
    if (rtol is None) != (atol is None):
        raise ValueError("rtol and atol must both be specified or both be unspecified")
    options = (rtol, atol, equal_nan, check_device, check_dtype, check_stride)
    problem = _compare(actual, expected, "", options)
    if problem is not None:
        text = msg(problem) if callable(msg) else problem if msg is None else msg
        raise AssertionError(text)


def _compare(actual: Any, expected: Any, where: str, options: tuple[Any, ...]) -> str | None:
    if isinstance(actual, Mapping) and isinstance(expected, Mapping):
        if actual.keys() != expected.keys():
            return f"The keys of the mappings do not match{where}: {sorted(actual)} and {sorted(expected)}"
        pairs: list[tuple[Any, Any, Any]] = [(k, actual[k], expected[k]) for k in expected]
    elif _is_sequence(actual) and _is_sequence(expected):
        if len(actual) != len(expected):
            return f"The length of the sequences mismatch{where}: {len(actual)} != {len(expected)}"
        pairs = [(i, a, e) for i, (a, e) in enumerate(zip(actual, expected))]
    else:
        return _compare_tensors(as_tensor(actual), as_tensor(expected), where, *options)
    for key, a, e in pairs:
        problem = _compare(a, e, f"{where} at [{key!r}]", options)
        if problem is not None:
            return problem
    return None


def _is_sequence(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes | TensorBase)


def _compare_tensors(
    actual: Tensor,
    expected: Tensor,
    where: str,
    rtol: float | None,
    atol: float | None,
    equal_nan: bool,
    check_device: bool,
    check_dtype: bool,
    check_stride: bool,
) -> str | None:
    if actual.shape != expected.shape:
        return f"The values for attribute 'shape' do not match{where}: {actual.shape} != {expected.shape}."
    if check_device and actual.device != expected.device:
        return f"The values for attribute 'device' do not match{where}: {actual.device} != {expected.device}."
    if check_dtype and actual.dtype is not expected.dtype:
        return f"The values for attribute 'dtype' do not match{where}: {actual.dtype} != {expected.dtype}."
    if check_stride and actual.stride() != expected.stride():
        return f"The values for attribute 'stride()' do not match{where}: {actual.stride()} != {expected.stride()}."
    return _compare_values(actual.detach().cpu(), expected.detach().cpu(), where, rtol, atol, equal_nan)


def _default_tolerances(a: DType, b: DType) -> tuple[float, float]:
    pairs = [_TOLERANCES.get(dtype.name, (0.0, 0.0)) for dtype in (a, b)]
    return max(p[0] for p in pairs), max(p[1] for p in pairs)


def _compare_values(
    actual: Tensor, expected: Tensor, where: str, rtol: float | None, atol: float | None, equal_nan: bool
) -> str | None:
    if rtol is None or atol is None:
        rtol, atol = _default_tolerances(actual.dtype, expected.dtype)
    common = promote_types(actual.dtype, expected.dtype)
    a, e = actual.to(common), expected.to(common)
    close = a.isclose(e, rtol=rtol, atol=atol, equal_nan=equal_nan)
    wrong = int((~close).sum())
    if not wrong:
        return None
    total = a.numel()
    if not a.shape:
        return f"Scalars are not close{where}: expected {e.item()} but got {a.item()} (rtol {rtol}, atol {atol})."
    first = (~close).nonzero()[0].tolist()
    distance = (a.double() - e.double()).abs() if not common.is_complex else (a - e).abs()
    return (
        f"Tensor-likes are not close{where}: {wrong} of {total} elements differ ({100 * wrong / total:.1f}%). First at "
        f"{tuple(first)}: expected {e[tuple(first)].item()}, got {a[tuple(first)].item()}. Greatest absolute "
        f"difference {distance.nan_to_num(0.0).max().item()} (rtol {rtol}, atol {atol})."
    )
