"""The oracles accept what is right and nothing else."""

import numpy as np
import pytest

from tensorplug_conformance.compare import Mismatch, compare
from tensorplug_conformance.dtypes import rounded
from tensorplug_conformance.sample import EQUAL, EXACT, bound, ulps


def f32(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def f64(*values: float) -> np.ndarray:
    return np.array(values, np.float64)


ACCEPTED = {
    "equal numbers": (f32(1, 2), f64(1, 2), EXACT),
    "NaN for NaN": (f32(np.nan, 1), f64(np.nan, 1), EXACT),
    "infinities of one sign": (f32(np.inf, -np.inf), f64(np.inf, -np.inf), ulps(0)),
    "zeros of either sign where that is open": (f32(-0.0), f64(0.0), EQUAL),
    "the nearest number": (f32(1 / 3), f64(1 / 3), ulps(0)),
    "a number within the limit": (np.nextafter(f32(1), f32(2)), f64(1), ulps(1)),
    "the largest number for one that overflows": (f32(np.finfo(np.float32).max), f64(3.5e38), ulps(1)),
    "denormals": (f32(1e-45), f64(1e-45), ulps(0)),
    "no elements": (f32(), f64(), ulps(0)),
    "a sum with rounding errors": (f32(1000.0001), f64(1000), bound(100)),
}
REFUSED = {
    "another number": (f32(1, 2), f64(1, 3), EXACT, r"1 of 2 elements differ; at \[1\] got 2.0, expected 3.0"),
    "NaN for a number": (f32(np.nan), f64(1), ulps(4), "NaN in one but not in the other"),
    "a number for NaN": (f32(1), f64(np.nan), ulps(4), "NaN in one but not in the other"),
    "NaN where a sum is a number": (f32(np.nan), f64(1), bound(4), "NaN in one but not in the other"),
    "infinity of the other sign": (f32(np.inf), f64(-np.inf), ulps(4), "ulps away"),
    "infinity where a sum is a number": (f32(np.inf), f64(1), bound(4), "off by inf"),
    "a lost sign of zero": (f32(0.0), f64(-0.0), EXACT, "differ"),
    "a lost sign of zero within ulps": (f32(0.0), f64(-0.0), ulps(4), "the sign of zero"),
    "a number beyond the limit": (f32(1 + 2**-22), f64(1), ulps(1), "2 ulps away, the limit is 1"),
    "denormals flushed to zero": (f32(0), f64(1e-40), ulps(4), "ulps away"),
    "another dtype": (f64(1), f64(1), EXACT, "dtype is float64, expected float32"),
    "another shape": (f32(1), f64(1, 1), EXACT, r"shape is \[1\], expected \[2\]"),
    "a sum off by more than rounding": (f32(1001), f64(1000), bound(100), "times the bound on rounding errors"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepts(name: str) -> None:
    actual, exact, oracle = ACCEPTED[name]
    compare(actual, exact, "float32", oracle, scale=np.abs(exact))


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(name: str) -> None:
    actual, exact, oracle, message = REFUSED[name]
    with pytest.raises(Mismatch, match=message):
        compare(actual, exact, "float32", oracle, scale=np.abs(exact))


def test_tells_the_distance() -> None:
    assert compare(f32(1 + 2**-22), f64(1), "float32", ulps(4)) == 2


def test_a_sum_in_half_precision_is_refused() -> None:
    terms = np.full(1000, 0.1, np.float16)
    exact = np.float64(terms.astype(np.float64).sum())
    in_half = np.add.accumulate(terms)[-1:].reshape(())
    in_single = np.asarray(terms.astype(np.float32).sum().astype(np.float16))
    compare(in_single, np.asarray(exact), "float16", bound(1000), 1000, np.asarray(exact))
    with pytest.raises(Mismatch):
        compare(in_half, np.asarray(exact), "float16", bound(1000), 1000, np.asarray(exact))


def test_rounding_to_bfloat16_rounds_once() -> None:
    # Just above the middle of two neighbours: float32 would round to the middle first, and then to even.
    exact = f64(1 + 2**-8 + 2**-40, 1 + 2**-8, -1e-45, 1e39)
    assert rounded(exact, "bfloat16").astype(float).tolist() == [1 + 2**-7, 1.0, -0.0, np.inf]
