"""References that stand in for SciPy where it is not installed are as good as SciPy's."""

import numpy as np
import pytest
import scipy.special

from tensorplug_conformance.samples import special, stream

FALLBACKS = {
    "lgamma": (special._lgamma, scipy.special.gammaln, [0.3, 1.0, 2.5, 30.0, -0.5, -3.5]),
    "digamma": (special._digamma, scipy.special.psi, [0.3, 1.0, 1.5, 30.0, -0.5, -3.5]),
    "erfinv": (special._erfinv, scipy.special.erfinv, [0.0, 1e-9, 0.3, -0.9, 0.999999, 1.0, -1.0]),
    "trigamma": (lambda x: special._polygamma(1, x), lambda x: scipy.special.polygamma(1, x), [0.4, 1.0, 5.0, 50.0]),
    "tetragamma": (lambda x: special._polygamma(2, x), lambda x: scipy.special.polygamma(2, x), [0.4, 1.0, 5.0, 50.0]),
}


@pytest.mark.parametrize("name", FALLBACKS)
def test_fallback_agrees_with_scipy(name: str) -> None:
    fallback, exact, points = FALLBACKS[name]
    assert [fallback(x) for x in points] == pytest.approx([float(exact(x)) for x in points], rel=2e-13)


def test_random_stream_is_that_of_the_published_vectors() -> None:
    assert [hex(word) for word in stream.words(2, 0)] == ["0x16554d9eca36314c", "0xdb20fe9d672d0fdc"]
    assert stream.uniform((3,), 0, "float16").tolist() == [0.78955078125, 0.0869140625, 0.40283203125]
    assert stream.normal((3,), 0, "float64").round(6).tolist() == [1.364342, -1.736887, -0.583238]
    assert stream.integers((4,), 0, -10, 10).tolist() == [-2, -10, 5, 5]
    assert np.array_equal(stream.words(5, 42, block=2**64 - 1)[:1], [0x607BD1A2A6AAD101])
