"""Special functions, from SciPy, which loads on first use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def _from_scipy(name: str) -> Callable[..., Any]:
    def kernel(x: Any) -> Any:
        import scipy.special

        return getattr(scipy.special, name)(x)

    return kernel


def lgamma(x: Any) -> Any:
    import scipy.special

    found = scipy.special.gammaln(x)
    # SciPy's is -inf at -inf, C's and PyTorch's inf.
    return np.where(x == -np.inf, np.inf, found).astype(found.dtype)


def erfinv(x: Any) -> Any:
    import scipy.special

    # SciPy's loses the sign of a zero, which is the zero itself.
    return np.where(x == 0, x, scipy.special.erfinv(x))


FUNCTIONS = {
    "erf": _from_scipy("erf"), "erfc": _from_scipy("erfc"), "erfinv": erfinv,
    "lgamma": lgamma, "digamma": _from_scipy("psi"),
}  # fmt: skip
