"""Bessel functions of orders 0 and 1, element by element. None has a gradient, as in PyTorch."""

from __future__ import annotations

import math
from typing import Any

from tensorplug.ops.define import unary
from tensorplug.ops.series import Coefficients, chebyshev_sum, single_or_double

Tensor = Any

_LOG_2 = math.log(2)

# Chebyshev coefficients, computed with 60 digits (expansions as in C. W. Clenshaw, Chebyshev series for mathematical
# functions, 1962). Up to 8 those of J0(x), J1(x) / x, Y0(x) - 2 / pi * log(x / 2) * J0(x) and
# (Y1(x) - 2 / pi * (log(x / 2) * J1(x) - 1 / x)) / x in x**2. Beyond, of P and, times x / 8, of Q in 64 / x**2, where
# J(x) = sqrt(2 / (pi * x)) * (P * cos(w) - Q * sin(w)) and Y(x) the same with P * sin(w) + Q * cos(w), for
# w = x - pi / 4 and, for order 1, w = x - 3 * pi / 4 (DLMF 10.17.3 and 10.17.4).
_J0_NEAR = (
    0.15772797147489012, -0.008723442352852221, 0.2651786132033368, -0.37009499387264977, 0.15806710233209725,
    -0.034893769411408884, 0.004819180069467605, -0.00046062616620627504, 3.246032882100508e-05,
    -1.7619469077621507e-06, 7.608163592418782e-08, -2.679253530557673e-09, 7.848696314479465e-11,
    -1.9438346867370164e-12, 4.125320595634374e-14, -7.588508125447546e-16, 1.2218515873961411e-17,
)  # fmt: skip
_Y0_NEAR = (
    0.03645469809116044, -0.2783237094075825, 0.2960499990207148, 0.09825508408187864, -0.10755155280627783,
    0.031799074084414514, -0.005161397105810715, 0.0005498525320039012, -4.1996983149420134e-05,
    2.4290361107923793e-06, -1.1049969793472957e-07, 4.06651736597911e-09, -1.2374148898289854e-10,
    3.1685725528945945e-12, -6.926956032431002e-14, 1.3086308625876684e-15, -2.1586201986914482e-17,
)  # fmt: skip
_P0 = (
    0.9994603493475187, -0.0005365220468132117, 3.0751847875194745e-06, -5.1705945376060975e-08,
    1.6306464635151382e-09, -7.86409137723707e-11, 5.168262387349193e-12, -4.3045788699253914e-13,
    4.3265957431549404e-14, -5.069034095935236e-15, 6.748072215733873e-16, -1.0011513723467786e-16,
    1.6305919233744186e-17, -2.880866169482871e-18,
)  # fmt: skip
_Q0 = (
    -0.015555854605337009, 6.838519942611649e-05, -7.414498411060647e-07, 1.7972457247968992e-08,
    -7.27191593686632e-10, 4.2201219046687385e-11, -3.206747420996635e-12, 3.006145125351706e-13,
    -3.336328185322427e-14, 4.255225040245461e-15, -6.09993013164005e-16, 9.662128970303257e-17,
    -1.6686065214378146e-17, 3.1082440486738143e-18, -6.191115787358145e-19, 1.3091448717220122e-19,
    -2.9211627152642775e-20,
)  # fmt: skip
_J1_NEAR = (
    0.08104484632565812, -0.1489751450676521, 0.1609992623572097, -0.08268049176681791, 0.022213639654966037,
    -0.003646940600769276, 0.0004050337728354822, -3.255554866857259e-05, 1.9858774049915165e-06,
    -9.521984756750436e-08, 3.687133759097148e-09, -1.178026622695885e-10, 3.160154580348003e-12,
    -7.221755239651773e-14, 1.4232144003513942e-15, -2.4441972916190464e-17,
)  # fmt: skip
_Y1_NEAR = (
    0.038300769852423776, -0.08182561412732826, -0.0248677076121964, 0.047967452752746984, -0.01852588451089802,
    0.003680607687823511, -0.0004627254060293369, 4.06940026958087e-05, -2.6617695125295625e-06,
    1.350602691325434e-07, -5.483524110336276e-09, 1.8245086841229007e-10, -5.070666636591129e-12,
    1.1956162517587948e-13, -2.423162442712473e-15, 4.268126513072962e-17, -6.596060978723042e-19,
)  # fmt: skip
_P1 = (
    1.0009030408600137, 0.0008989898330859408, -3.987284300488908e-06, 6.177633960644299e-08,
    -1.8718907491063067e-09, 8.816898659582339e-11, -5.704863640395645e-12, 4.699195515230542e-13,
    -4.6842237839904895e-14, 5.452674896044717e-15, -7.221180842274018e-16, 1.0667689114335412e-16,
    -1.7312313216116335e-17, 3.0492991197665872e-18,
)  # fmt: skip
_Q1 = (
    0.04677778706953532, -9.62772354915708e-05, 9.138615257955454e-07, -2.0959781384083424e-08,
    8.229193327650554e-10, -4.686363688176945e-11, 3.5152187949686082e-12, -3.2643156743279e-13,
    3.5967765829165294e-14, -4.5612523950772974e-15, 6.508282957783384e-16, -1.0269147531823243e-16,
    1.767635548776479e-17, -3.2834519872981614e-18, 6.524081149589261e-19, -1.3765771484849487e-19,
)  # fmt: skip


@unary(single_or_double, spaces=("special",), inplace=False)
def bessel_j0(input: Tensor) -> Tensor:
    """The Bessel function of the first kind, of order 0.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.bessel_j0(tp.tensor([0.0, 1.0, 30.0]))
        tensor([ 1.0000,  0.7652, -0.0864])
    """


@unary(single_or_double, spaces=("special",), inplace=False)
def bessel_j1(input: Tensor) -> Tensor:
    """The Bessel function of the first kind, of order 1.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.bessel_j1(tp.tensor([0.0, 1.0, 30.0]))
        tensor([ 0.0000,  0.4401, -0.1188])
    """


@unary(single_or_double, spaces=("special",), inplace=False)
def bessel_y0(input: Tensor) -> Tensor:
    """The Bessel function of the second kind, of order 0: -inf at 0, NaN below.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.bessel_y0(tp.tensor([0.0, 1.0, 30.0]))
        tensor([   -inf,  0.0883, -0.1173])
    """


@unary(single_or_double, spaces=("special",), inplace=False)
def bessel_y1(input: Tensor) -> Tensor:
    """The Bessel function of the second kind, of order 1: -inf at 0, NaN below.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.bessel_y1(tp.tensor([0.0, 1.0, 30.0]))
        tensor([   -inf, -0.7812,  0.0844])
    """


@unary(single_or_double, spaces=("special",), inplace=False)
def spherical_bessel_j0(input: Tensor) -> Tensor:
    """The spherical Bessel function of the first kind, of order 0: ``sin(input) / input``, and 1 at 0.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.spherical_bessel_j0(tp.tensor([0.0, 1.0, float("inf")]))
        tensor([1.0000, 0.8415, 0.0000])
    """


def _even(coefficients: Coefficients, x: Tensor) -> Tensor:
    """A sum in ``x**2``, for ``x`` from 0 to 8."""
    return chebyshev_sum(coefficients, x * x / 32 - 1)


def _far(p: Coefficients, q: Coefficients, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """For ``x`` from 8 the factor before all, P, and Q, all over the root of 2."""
    u = 8 / x
    t = u * u * 2 - 1
    return 1 / (math.pi * x).sqrt(), chebyshev_sum(p, t), chebyshev_sum(q, t) * u


# The sine and the cosine of w are (sin(x) - cos(x)) / sqrt(2) and (sin(x) + cos(x)) / sqrt(2) for order 0, which loses
# no digits of a large x; for order 1, minus the latter and the former.


@bessel_j0.default
def _bessel_j0(input: Tensor) -> Tensor:
    x = input.detach().abs()
    size, p, q = _far(_P0, _Q0, x.clamp(min=8))
    sin, cos = x.sin(), x.cos()
    return (size * (p * (sin + cos) - q * (sin - cos))).where(x > 8, _even(_J0_NEAR, x.clamp(max=8)))


@bessel_j1.default
def _bessel_j1(input: Tensor) -> Tensor:
    input = input.detach()
    x = input.abs()
    size, p, q = _far(_P1, _Q1, x.clamp(min=8))
    sin, cos = x.sin(), x.cos()
    far = size * (p * (sin - cos) + q * (sin + cos)) * input.sign()
    return far.where(x > 8, _even(_J1_NEAR, x.clamp(max=8)) * input)


@bessel_y0.default
def _bessel_y0(input: Tensor) -> Tensor:
    x = input.detach()
    size, p, q = _far(_P0, _Q0, x.clamp(min=8))
    sin, cos = x.sin(), x.cos()
    low = x.clamp(max=8)
    near = _even(_Y0_NEAR, low) + (low.log() - _LOG_2) * _even(_J0_NEAR, low) * (2 / math.pi)
    found = (size * (p * (sin - cos) + q * (sin + cos))).where(x > 8, near)
    return found.masked_fill(x == 0, -math.inf)


@bessel_y1.default
def _bessel_y1(input: Tensor) -> Tensor:
    x = input.detach()
    size, p, q = _far(_P1, _Q1, x.clamp(min=8))
    sin, cos = x.sin(), x.cos()
    low = x.clamp(max=8)
    logs = (low.log() - _LOG_2) * _even(_J1_NEAR, low) * low
    near = _even(_Y1_NEAR, low) * low + (logs - 1 / low) * (2 / math.pi)
    found = (size * (q * (sin - cos) - p * (sin + cos))).where(x > 8, near)
    return found.masked_fill(x == 0, -math.inf).masked_fill(x < 0, math.nan)


@spherical_bessel_j0.default
def _spherical_bessel_j0(input: Tensor) -> Tensor:
    x = input.detach()
    return (x.sin() / x).masked_fill(x == 0, 1).masked_fill(x.abs() == math.inf, 0)
