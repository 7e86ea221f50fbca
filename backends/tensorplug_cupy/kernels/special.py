"""Special functions, from CuPy's twin of SciPy, which loads on first use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def _from_cupyx(name: str) -> Callable[..., Any]:
    def kernel(x: Any) -> Any:
        import cupyx.scipy.special

        return getattr(cupyx.scipy.special, name)(x)

    return kernel


FUNCTIONS = {
    "erf": _from_cupyx("erf"), "erfc": _from_cupyx("erfc"), "erfinv": _from_cupyx("erfinv"),
    "lgamma": _from_cupyx("gammaln"), "digamma": _from_cupyx("psi"),
}  # fmt: skip
