"""What NumPy multiplies matrices with can be told, and on how many threads."""

from typing import Any

import numpy as np
import pytest

from tensorplug_numpy import blas


def test_status_is_all_text() -> None:
    found: dict[str, Any] = blas.status()
    assert set(found) == {"library", "core", "threads", "choice"}
    assert all(isinstance(value, str) and value for value in found.values())


def test_openblas_tells_its_kernels() -> None:
    if "openblas" not in blas.status()["library"]:
        pytest.skip("NumPy uses another library")
    assert blas.status()["core"] not in ("", "unknown")


def test_the_number_of_threads_can_be_set() -> None:
    before = blas.get_num_threads()
    if before is None:
        assert blas.set_num_threads(1) is False
        return
    try:
        assert blas.set_num_threads(1) is True
        assert blas.get_num_threads() == 1
        assert np.array_equal(np.ones((4, 4)) @ np.ones((4, 4)), np.full((4, 4), 4.0))
    finally:
        blas.set_num_threads(before)
