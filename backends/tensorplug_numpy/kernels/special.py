"""Special functions, from SciPy, which loads on first use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def _from_scipy(name: str) -> Callable[..., Any]:
    def kernel(x: Any) -> Any:
        import scipy.special

        return getattr(scipy.special, name)(x)

    return kernel


FUNCTIONS = {
    "erf": _from_scipy("erf"), "erfc": _from_scipy("erfc"), "erfinv": _from_scipy("erfinv"),
    "lgamma": _from_scipy("gammaln"), "digamma": _from_scipy("psi"),
}  # fmt: skip
