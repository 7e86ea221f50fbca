"""Runs cases without pytest and gives the results as plain data."""

from __future__ import annotations

import functools
import time
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from tensorplug_conformance.calls import memories_of
from tensorplug_conformance.capabilities import check_kernel, check_refused_dtype, primitives
from tensorplug_conformance.cases import cases, find, rows
from tensorplug_conformance.compare import Mismatch
from tensorplug_conformance.framework import unsupported
from tensorplug_conformance.gradients import ALL_CHECKS
from tensorplug_conformance.hazards import hazards_of
from tensorplug_conformance.sample import Case
from tensorplug_conformance.snippet import script

PASSED, FAILED, ERROR = "passed", "failed", "error"


class Result(NamedTuple):
    """What became of a case.

    Attributes:
        id: the case's name, under which ``replay`` runs it again.
        op, check, dtype, layout: of the case.
        status: ``"passed"``, ``"failed"`` (a wrong result) or ``"error"`` (an exception).
        worst: the largest distance seen: in representable numbers, or as a share of the bound.
        seconds: how long it took.
        hazards: what its inputs put to the test, see ``hazards.HAZARDS``.
        message: what was wrong, empty if nothing was.
        script: a few lines that show it.
    """

    id: str
    op: str
    check: str
    dtype: str
    layout: str
    status: str
    worst: float
    seconds: float
    hazards: tuple[str, ...]
    message: str
    script: str


def _judge(check: Callable[[], float | None]) -> tuple[str, str, float]:
    """Run a check; its status, message and largest distance."""
    try:
        with warnings.catch_warnings():
            # Ops may have something to say to their users, but what NumPy says of its arithmetic is to be kept quiet.
            warnings.simplefilter("ignore")
            warnings.filterwarnings("error", category=RuntimeWarning)
            return PASSED, "", check() or 0.0
    except Mismatch as mismatch:
        return FAILED, str(mismatch), 0.0
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{place.filename.rpartition('/')[2]}:{place.lineno}"
        return ERROR, f"{type(error).__name__}: {error} ({where})", 0.0


def run_case(case: Case, device: str, seed: int = 0) -> Result:
    """Run one case."""
    start = time.perf_counter()
    status, message, worst = _judge(lambda: ALL_CHECKS[case.check](case, device, seed))
    seconds = time.perf_counter() - start
    text = "" if status == PASSED else script(case, device, seed)
    return Result(
        case.id,
        case.row.op,
        case.check,
        case.dtype,
        case.layout,
        status,
        worst,
        seconds,
        _hazards(case, seed),
        message,
        text,
    )


def _hazards(case: Case, seed: int) -> tuple[str, ...]:
    if case.check != "value":
        return ()
    return hazards_of(case.sample, memories_of(case, case.sample, seed)[1])


def replay(case_id: str, device: str = "cpu", seed: int = 0) -> None:
    """Run the case with this id again; what is wrong with it is raised.

    Raises:
        KeyError: no such case.
        Mismatch: its result is wrong.

    Example:
        >>> replay("exp/value/0/float32/contiguous")
    """
    case = find(case_id)
    ALL_CHECKS[case.check](case, device, seed)


def run(device: str, ops: Iterable[str] | None = None, quick: bool = False, seed: int = 0) -> Iterator[Result]:
    """Run everything there is to check on a device.

    Args:
        device: the device.
        ops: only these ops.
        quick: about a tenth of the cases, with every op, check and kind of dtype among them.
        seed: changes the values of all inputs.

    Yields:
        The result of each check, first those of the device's kernels and dtypes.

    Raises:
        KeyError: an op that has no samples.
        RuntimeError: no such device.
    """
    wanted = None if ops is None else list(ops)
    for op, dtypes in primitives(rows(wanted), device):
        yield _device_result(op, "kernel", "", functools.partial(check_kernel, op, dtypes, device))
    if wanted is None:
        for dtype in sorted(unsupported(device)):
            yield _device_result("", "refused dtype", dtype, functools.partial(check_refused_dtype, dtype, device))
    for case in cases(device, wanted, quick):
        yield run_case(case, device, seed)


def _device_result(op: str, check: str, dtype: str, function: Callable[[], None]) -> Result:
    start = time.perf_counter()
    status, message, _ = _judge(function)
    seconds = time.perf_counter() - start
    return Result(f"{op}/{check}/{dtype}".strip("/"), op, check, dtype, "", status, 0.0, seconds, (), message, "")
