"""The namespace of special functions: its names, identities between functions, gradients and what has none."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tensorplug as tp

special = tp.special

NAMES = [
    "airy_ai", "bessel_j0", "bessel_j1", "bessel_y0", "bessel_y1", "chebyshev_polynomial_t", "chebyshev_polynomial_u",
    "chebyshev_polynomial_v", "chebyshev_polynomial_w", "digamma", "entr", "erf", "erfc", "erfcx", "erfinv", "exp2",
    "expit", "expm1", "gammainc", "gammaincc", "gammaln", "hermite_polynomial_h", "hermite_polynomial_he", "i0",
    "i0e", "i1", "i1e", "laguerre_polynomial_l", "legendre_polynomial_p", "log1p", "log_ndtr", "log_softmax", "logit",
    "logsumexp", "modified_bessel_i0", "modified_bessel_i1", "modified_bessel_k0", "modified_bessel_k1",
    "multigammaln", "ndtr", "ndtri", "polygamma", "psi", "round", "scaled_modified_bessel_k0",
    "scaled_modified_bessel_k1", "shifted_chebyshev_polynomial_t", "shifted_chebyshev_polynomial_u",
    "shifted_chebyshev_polynomial_v", "shifted_chebyshev_polynomial_w", "sinc", "softmax", "spherical_bessel_j0",
    "xlog1py", "xlogy", "zeta",
]  # fmt: skip


def double(*values: float, grad: bool = False) -> Any:
    return tp.tensor(values, dtype=tp.float64, requires_grad=grad)


def close(a: Any, b: Any, tolerance: float = 1e-12) -> bool:
    a, b = (x.detach().numpy() if isinstance(x, tp.Tensor) else x for x in (a, b))
    return bool(np.allclose(a, b, rtol=tolerance, atol=tolerance))


def test_the_namespace_has_these_names() -> None:
    assert sorted(special.__all__) == NAMES
    assert all(callable(getattr(special, name)) for name in NAMES)


POINTS = double(0.3, 0.9, 1.7, 3.2, 7.9, 8.1, 20.0)
IDENTITIES: dict[str, Callable[[Any], tuple[Any, Any]]] = {
    "ndtri undoes ndtr": lambda x: (special.ndtri(special.ndtr(-x / 4)), -x / 4),
    "log_ndtr is the logarithm of ndtr": lambda x: (special.log_ndtr(-x / 4).exp(), special.ndtr(-x / 4)),
    "erfcx is erfc without the bell": lambda x: (special.erfcx(x / 4) * (-(x / 4) ** 2).exp(), tp.erfc(x / 4)),
    "both incomplete gamma functions": lambda x: (
        special.gammainc(x, x + 1) + special.gammaincc(x, x + 1),
        tp.ones_like(x),
    ),
    "whole exponents make sums": lambda x: (
        special.gammaincc(3 * tp.ones_like(x), x), (-x).exp() * (1 + x + x * x / 2)
    ),
    "a half makes the error function": lambda x: (special.gammainc(0.5 * tp.ones_like(x), x), x.sqrt().erf()),
    "zeta's sum": lambda x: (special.zeta(x + 1, 3.0) + 1 + 2 ** -(x + 1), special.zeta(x + 1, 1.0)),
    "polygamma is zeta": lambda x: (tp.polygamma(2, x), -2 * special.zeta(3.0, x)),
    "Wronskian of J and Y": lambda x: (
        special.bessel_j1(x) * special.bessel_y0(x) - special.bessel_j0(x) * special.bessel_y1(x), 2 / (math.pi * x)
    ),
    "Wronskian of I and K": lambda x: (
        special.i0(x) * special.modified_bessel_k1(x) + special.i1(x) * special.modified_bessel_k0(x), 1 / x
    ),
    "scaled K": lambda x: (special.scaled_modified_bessel_k0(x) * (-x).exp(), special.modified_bessel_k0(x)),
    "the dimension of mvlgamma": lambda x: (
        tp.mvlgamma(x + 1, 2), tp.lgamma(x + 1) + tp.lgamma(x + 0.5) + math.log(math.pi) / 2
    ),
    "Chebyshev polynomials nest": lambda x: (
        special.chebyshev_polynomial_t(special.chebyshev_polynomial_t(x / 10, 3), 4),
        special.chebyshev_polynomial_t(x / 10, 12),
    ),
    "Hermite polynomials of both kinds": lambda x: (
        special.hermite_polynomial_h(x / 10, 6), 8 * special.hermite_polynomial_he(x / 10 * math.sqrt(2), 6)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", IDENTITIES)
def test_identities(name: str) -> None:
    assert close(*IDENTITIES[name](POINTS), 1e-11)


@pytest.mark.parametrize("name", IDENTITIES)
def test_identities_hold_without_kernels(toy: str, name: str) -> None:
    first, second = IDENTITIES[name](POINTS.to(toy))
    assert close(first.cpu(), second.cpu(), 1e-10)


WITH_GRADIENTS: dict[str, tuple[Callable[..., Any], tuple[float, ...]]] = {
    **{name: (getattr(special, name), (0.4, 0.7)) for name in ("erfcx", "ndtr", "log_ndtr", "ndtri", "entr")},
    **{name: (getattr(special, name), (-2.0, 0.4, 9.0)) for name in ("i0", "i0e", "i1", "i1e")},
    "gammainc": (lambda x: special.gammainc(double(2.0), x), (0.5, 3.0)),
    "gammaincc": (lambda x: special.gammaincc(double(2.0), x), (0.5, 3.0)),
    "zeta": (lambda x: special.zeta(2.5, x), (0.5, 3.0)),
    "xlog1py": (lambda x: special.xlog1py(x, x + 1), (0.5, 3.0)),
    "polygamma": (lambda x: x.polygamma(2), (0.5, 3.0)),
    "multigammaln": (lambda x: special.multigammaln(x, 3), (1.5, 3.0)),
}


@pytest.mark.parametrize("name", WITH_GRADIENTS)
def test_gradients_of_two_orders(name: str) -> None:
    function, values = WITH_GRADIENTS[name]
    assert tp.autograd.gradcheck(function, (double(*values, grad=True),))
    assert tp.autograd.gradgradcheck(function, (double(*values, grad=True),))


WITHOUT_GRADIENTS = [name for name in NAMES if "polynomial" in name or "bessel" in name or name == "airy_ai"]


@pytest.mark.parametrize("name", WITHOUT_GRADIENTS)
def test_what_has_no_gradient_is_not_recorded(toy: str, name: str) -> None:
    for device in ("cpu", toy):
        x = tp.tensor([0.5], device=device, requires_grad=True)
        found = getattr(special, name)(*((x, 2) if "polynomial" in name else (x,)))
        assert not found.requires_grad


@pytest.mark.parametrize("name", ["gammainc", "gammaincc", "zeta"])
def test_missing_derivatives_are_an_error_not_a_zero(name: str) -> None:
    exponent, x = double(2.0, grad=True), double(1.5, grad=True)
    found = getattr(special, name)(exponent, x)
    assert found.requires_grad
    with pytest.raises(NotImplementedError, match=r"derivative for .*input"):
        found.backward()


@pytest.mark.parametrize("name", ["erfcx", "ndtri", "log_ndtr", "airy_ai", "bessel_j0", "modified_bessel_k1"])
def test_half_precision_is_refused_where_there_is_none(name: str) -> None:
    with pytest.raises(NotImplementedError, match=f"{name}.*bfloat16"):
        getattr(special, name)(tp.ones(2, dtype=tp.bfloat16))


def test_incomplete_gamma_functions_take_no_integers() -> None:
    with pytest.raises(NotImplementedError, match=r"igamma.*int64"):
        tp.igamma(tp.tensor([1]), tp.tensor([2]))


def test_degrees_may_differ_from_element_to_element() -> None:
    x, n = double(-2.0, 0.5, 1.0, 3.0), double(-1.0, 0.0, 5.9, 2.0)
    assert close(special.legendre_polynomial_p(x, n), [0.0, 1.0, 1.0, 13.0])
    assert special.laguerre_polynomial_l(x, tp.arange(4)).shape == (4,)
    table = special.chebyshev_polynomial_u(x[:, None], tp.arange(3))
    assert close(table[:, 2], 4 * x * x - 1)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_derivatives_of_digamma_far_below_zero(toy: str, n: int) -> None:
    x = double(-20.5, -100.25, -1.75)
    # Each step from one number to the next is a term of the series.
    step = (-1) ** (n + 1) * math.factorial(n) / x ** (n + 1)
    for device in ("cpu", toy):
        found, above = (tp.polygamma(n, y.to(device)).cpu() for y in (x, x + 1))
        assert close(found - above, step, 1e-9)


def test_small_tails_keep_their_digits() -> None:
    assert special.ndtri(double(1e-300)).item() == pytest.approx(-37.0471, rel=1e-5)
    assert special.log_ndtr(double(-1e4)).item() == pytest.approx(-50000010.12927892, rel=1e-12)
    assert special.gammaincc(double(1e-10), double(1.0)).item() == pytest.approx(2.193839343e-11, rel=1e-8)


def test_methods_and_functions_in_place() -> None:
    x = double(2.0, 3.0)
    y = double(1.0, 2.5)
    assert close(x.igamma(y), tp.igamma(x, y))
    assert close(x.clone().igammac_(y), tp.igammac(x, y))
    assert close(x.clone().i0_(), x.i0())
    assert close(x.clone().mvlgamma_(2), x.mvlgamma(2))
    assert close(x.clone().polygamma_(1), tp.polygamma(1, x))
    assert close(x.polygamma(n=2), tp.polygamma(n=2, input=x))
    assert close(special.legendre_polynomial_p(input=x, n=1), x)


def test_polygamma_in_place_has_the_gradient_of_the_old_values() -> None:
    x = double(2.0, 3.0, grad=True)
    (x * 1).polygamma_(1).sum().backward()
    assert x.grad is not None
    assert close(x.grad, tp.polygamma(2, x))
