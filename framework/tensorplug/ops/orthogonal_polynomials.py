"""Orthogonal polynomials, element by element, of degrees that may differ from element to element.

A degree is cut to a whole number; below 0 the polynomial is 0. None has a gradient, as in PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tensorplug.base import TensorBase
from tensorplug.callers import named
from tensorplug.op import Op
from tensorplug.ops.creation import zeros_like
from tensorplug.ops.define import binary
from tensorplug.ops.series import as_tensors, single_or_double
from tensorplug.overwriting import with_out

Tensor = Any
Number = Any
Step = Callable[[Tensor, int, Tensor, Tensor], Tensor]
"""From x, k and the polynomials of degree k and k - 1 to the one of degree k + 1 (DLMF 18.9.1)."""


def _polynomial(body: Callable[..., Any]) -> Op:
    op = binary(single_or_double, spaces=("special",), inplace=False)(body)
    plain = op.call

    def call(input: Any, n: Any) -> Any:
        return plain(input, n)

    op.call = named(call, op)
    op.function = with_out(op)
    return op


# ---------------------------------------------------------------------------------------------------- Chebyshev
# All four kinds are quotients of sines and cosines of multiples of an angle whose cosine is the input, and beyond 1 of
# their hyperbolic twins (DLMF 18.5.1 to 18.5.4). The third and fourth kind mirror each other, so only one is computed
# for inputs near -1, and the other at the mirrored place.


@_polynomial
def chebyshev_polynomial_t(input: Tensor | Number, n: Tensor | Number) -> Tensor:
    """The Chebyshev polynomial of the first kind of degree ``n``: ``cos(n * a)`` for ``a = acos(input)``.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.chebyshev_polynomial_t(tp.tensor([-1.0, 0.5, 2.0]), 3)
        tensor([-1., -1., 26.])
    """


@_polynomial
def chebyshev_polynomial_u(input: Tensor | Number, n: Tensor | Number) -> Tensor:
    """The Chebyshev polynomial of the second kind of degree ``n``.

    That is ``sin((n + 1) * a) / sin(a)`` for ``a = acos(input)``.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.chebyshev_polynomial_u(tp.tensor([-1.0, 0.5, 2.0]), 3)
        tensor([-4., -1., 56.])
    """


@_polynomial
def chebyshev_polynomial_v(input: Tensor | Number, n: Tensor | Number) -> Tensor:
    """The Chebyshev polynomial of the third kind of degree ``n``.

    That is ``cos((n + 1/2) * a) / cos(a / 2)`` for ``a = acos(input)``.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.chebyshev_polynomial_v(tp.tensor([-1.0, 0.5, 2.0]), 3)
        tensor([-7., -1., 41.])
    """


@_polynomial
def chebyshev_polynomial_w(input: Tensor | Number, n: Tensor | Number) -> Tensor:
    """The Chebyshev polynomial of the fourth kind of degree ``n``.

    That is ``sin((n + 1/2) * a) / sin(a / 2)`` for ``a = acos(input)``.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.chebyshev_polynomial_w(tp.tensor([-1.0, 0.5, 2.0]), 3)
        tensor([-1., -1., 71.])
    """


@_polynomial
def shifted_chebyshev_polynomial_t(input: Tensor | Number, n: Tensor | Number) -> Tensor:
    """The same as ``chebyshev_polynomial_t`` of ``2 * input - 1``.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.shifted_chebyshev_polynomial_t(tp.tensor([0.0, 0.5, 2.0]), 3)
        tensor([-1., -0., 99.])
    """


@_polynomial
def shifted_chebyshev_polynomial_u(input: Tensor | Number, n: Tensor | Number) -> Tensor:
    """The same as ``chebyshev_polynomial_u`` of ``2 * input - 1``.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.shifted_chebyshev_polynomial_u(tp.tensor([0.0, 0.5, 2.0]), 3)
        tensor([ -4.,  -0., 204.])
    """


@_polynomial
def shifted_chebyshev_polynomial_v(input: Tensor | Number, n: Tensor | Number) -> Tensor:
    """The same as ``chebyshev_polynomial_v`` of ``2 * input - 1``.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.shifted_chebyshev_polynomial_v(tp.tensor([0.0, 0.5, 2.0]), 3)
        tensor([ -7.,   1., 169.])
    """


@_polynomial
def shifted_chebyshev_polynomial_w(input: Tensor | Number, n: Tensor | Number) -> Tensor:
    """The same as ``chebyshev_polynomial_w`` of ``2 * input - 1``.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.shifted_chebyshev_polynomial_w(tp.tensor([0.0, 0.5, 2.0]), 3)
        tensor([ -1.,  -1., 239.])
    """


def _degrees(n: Tensor) -> tuple[Tensor, Tensor]:
    """Whole degrees, those below 0 as 0, and the sign of odd ones."""
    n = n.trunc().clamp(min=0)
    return n, 1 - 2 * n.remainder(2)


def _inside(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The size of ``x``, where it is up to 1, and the angle there; where it is not, the hyperbolic one."""
    size = x.abs()
    inside = size <= 1
    return inside, size.clamp(max=1).acos(), size.clamp(min=1).acosh()


def _limited(n: Tensor, found: Tensor) -> Tensor:
    """1 of degree 0, even of NaN, and 0 of negative degrees."""
    return found.masked_fill(n.trunc() == 0, 1).masked_fill(~(n > -1), 0)


def _first_kind(x: Tensor, n: Tensor) -> Tensor:
    degree, sign = _degrees(n)
    inside, angle, hyperbolic = _inside(x)
    found = (degree * angle).cos().where(inside, (degree * hyperbolic).cosh())
    return _limited(n, (found * sign).where(x < 0, found))


def _second_kind(x: Tensor, n: Tensor) -> Tensor:
    degree, sign = _degrees(n)
    inside, angle, hyperbolic = _inside(x)
    one = x.abs() == 1
    angle, hyperbolic = angle.masked_fill(one, 1), hyperbolic.masked_fill(one | inside, 1)
    found = ((degree + 1) * angle).sin() / angle.sin()
    found = found.where(inside, _sinh_ratio((degree + 1) * hyperbolic, hyperbolic))
    found = (degree + 1).where(one, found)
    return _limited(n, (found * sign).where(x < 0, found))


def _sinh_ratio(above: Tensor, below: Tensor) -> Tensor:
    """``sinh(above) / sinh(below)``, which does not overflow early."""
    half = ((above - below) / 2).exp()
    return (-2 * above).expm1() / (-2 * below).expm1() * half * half


def _cosh_ratio(above: Tensor, below: Tensor) -> Tensor:
    half = ((above - below) / 2).exp()
    return (1 + (-2 * above).exp()) / (1 + (-2 * below).exp()) * half * half


def _third_kind(x: Tensor, n: Tensor) -> Tensor:
    degree, sign = _degrees(n)
    return _limited(n, (_half_sines(x, degree) * sign).where(x < 0, _half_cosines(x, degree)))


def _fourth_kind(x: Tensor, n: Tensor) -> Tensor:
    degree, sign = _degrees(n)
    return _limited(n, (_half_cosines(x, degree) * sign).where(x < 0, _half_sines(x, degree)))


def _half_cosines(x: Tensor, degree: Tensor) -> Tensor:
    inside, angle, hyperbolic = _inside(x)
    found = ((degree + 0.5) * angle).cos() / (angle / 2).cos()
    return found.where(inside, _cosh_ratio((degree + 0.5) * hyperbolic, hyperbolic / 2))


def _half_sines(x: Tensor, degree: Tensor) -> Tensor:
    inside, angle, hyperbolic = _inside(x)
    one = x.abs() == 1
    angle, hyperbolic = angle.masked_fill(one, 1), hyperbolic.masked_fill(one | inside, 1)
    found = ((degree + 0.5) * angle).sin() / (angle / 2).sin()
    found = found.where(inside, _sinh_ratio((degree + 0.5) * hyperbolic, hyperbolic / 2))
    return (2 * degree + 1).where(one, found)


_KINDS: list[tuple[Op, Op, Callable[[Tensor, Tensor], Tensor], tuple[int, int]]] = [
    (chebyshev_polynomial_t, shifted_chebyshev_polynomial_t, _first_kind, (1, 0)),
    (chebyshev_polynomial_u, shifted_chebyshev_polynomial_u, _second_kind, (2, 0)),
    (chebyshev_polynomial_v, shifted_chebyshev_polynomial_v, _third_kind, (2, -1)),
    (chebyshev_polynomial_w, shifted_chebyshev_polynomial_w, _fourth_kind, (2, 1)),
]
"""Each kind with what it is elsewhere, and the coefficients of the polynomial of degree 1."""


_FEW = 16
"""Up to this degree, known to the host, the recurrence takes less time than an angle, and is as exact."""


def _set_default(
    op: Op, function: Callable[[Tensor, Tensor], Tensor], linear: tuple[int, int], scale: int, shift: int
) -> None:
    def default(input: Tensor | Number, n: Tensor | Number) -> Tensor:
        x, degree = as_tensors(input, n)
        x = x.detach() * scale - shift if shift else x.detach()
        if not isinstance(n, TensorBase) and n < _FEW:
            return _of_degree(x, int(n), linear[0] * x + linear[1], _chebyshev_step)
        return function(x, degree.detach())

    op.default(default)


def _chebyshev_step(x: Tensor, k: int, last: Tensor, before: Tensor) -> Tensor:
    return 2 * x * last - before


def _of_degree(x: Tensor, n: int, first: Tensor, step: Step) -> Tensor:
    """The polynomial of a degree that is the same everywhere, from the one of degree 1."""
    before, last = zeros_like(x) + (n >= 0), first
    if n < 1:
        return before
    for k in range(1, n):
        before, last = last, step(x, k, last, before)
    return last


for _plain, _shifted, _function, _linear in _KINDS:
    _set_default(_plain, _function, _linear, 1, 0)
    _set_default(_shifted, _function, _linear, 2, 1)


# ---------------------------------------------------------------------------------------------------- recurrences


@_polynomial
def hermite_polynomial_h(input: Tensor | Number, n: Tensor | Number) -> Tensor:
    """The physicist's Hermite polynomial of degree ``n``.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.hermite_polynomial_h(tp.tensor([0.5, 1.0]), 3)
        tensor([-5., -4.])
    """


@_polynomial
def hermite_polynomial_he(input: Tensor | Number, n: Tensor | Number) -> Tensor:
    """The probabilist's Hermite polynomial of degree ``n``.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.hermite_polynomial_he(tp.tensor([0.5, 1.0]), 3)
        tensor([-1.3750, -2.0000])
    """


@_polynomial
def laguerre_polynomial_l(input: Tensor | Number, n: Tensor | Number) -> Tensor:
    """The Laguerre polynomial of degree ``n``.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.laguerre_polynomial_l(tp.tensor([0.0, 1.0]), 2)
        tensor([ 1.0000, -0.5000])
    """


@_polynomial
def legendre_polynomial_p(input: Tensor | Number, n: Tensor | Number) -> Tensor:
    """The Legendre polynomial of degree ``n``.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.legendre_polynomial_p(tp.tensor([0.5, 1.0]), 2)
        tensor([-0.1250,  1.0000])
    """


def _by_recurrence(op: Op, step: Step) -> None:
    def default(input: Tensor | Number, n: Tensor | Number) -> Tensor:
        x, degree = as_tensors(input, n)
        x = x.detach()
        last = zeros_like(x) + 1
        first = step(x, 0, last, zeros_like(x))
        if not isinstance(n, TensorBase):
            return _of_degree(x, int(n), first, step)
        return _of_degrees(x, degree.detach().trunc(), last, first, step)

    op.default(default)


def _of_degrees(x: Tensor, degree: Tensor, before: Tensor, last: Tensor, step: Step) -> Tensor:
    """The polynomial of each element's own degree; the host asks for the largest of them, since it makes the loop."""
    finite = degree.masked_fill(~degree.isfinite(), -1)
    most = int(finite.max().item()) if finite.numel() else 0
    found = last.where(degree == 1, before.where(degree == 0, zeros_like(x)))
    for k in range(1, most):
        before, last = last, step(x, k, last, before)
        found = last.where(degree == k + 1, found)
    return found


_by_recurrence(hermite_polynomial_h, lambda x, k, last, before: 2 * (x * last - k * before))
_by_recurrence(hermite_polynomial_he, lambda x, k, last, before: x * last - k * before)
_by_recurrence(laguerre_polynomial_l, lambda x, k, last, before: ((2 * k + 1 - x) * last - k * before) / (k + 1))
_by_recurrence(legendre_polynomial_p, lambda x, k, last, before: ((2 * k + 1) * x * last - k * before) / (k + 1))
