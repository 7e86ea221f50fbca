"""Runs cases without pytest and gives the results as plain data."""

from __future__ import annotations

import time
import traceback
import warnings
from typing import NamedTuple

from tensorplug_conformance.compare import Mismatch
from tensorplug_conformance.gradients import ALL_CHECKS
from tensorplug_conformance.sample import Case


class Result(NamedTuple):
    """What became of a case.

    Attributes:
        id, op, check, dtype, layout: of the case.
        status: ``"passed"``, ``"failed"`` (a wrong result) or ``"error"`` (an exception).
        worst: the largest distance seen: in representable numbers, or as a share of the bound.
        seconds: how long it took.
        message: what was wrong, empty if nothing was.
    """

    id: str
    op: str
    check: str
    dtype: str
    layout: str
    status: str
    worst: float
    seconds: float
    message: str


def run_case(case: Case, device: str, seed: int = 0) -> Result:
    """Run one case."""
    start = time.perf_counter()
    status, message, worst = "passed", "", 0.0
    try:
        with warnings.catch_warnings():
            # Ops may have something to say to their users, but what NumPy says of its arithmetic is to be kept quiet.
            warnings.simplefilter("ignore")
            warnings.filterwarnings("error", category=RuntimeWarning)
            worst = ALL_CHECKS[case.check](case, device, seed)
    except Mismatch as mismatch:
        status, message = "failed", str(mismatch)
    except Exception as error:
        status = "error"
        place = traceback.extract_tb(error.__traceback__)[-1]
        message = f"{type(error).__name__}: {error} ({place.filename.rpartition('/')[2]}:{place.lineno})"
    return Result(
        case.id, case.row.op, case.check, case.dtype, case.layout, status, worst, time.perf_counter() - start, message
    )
