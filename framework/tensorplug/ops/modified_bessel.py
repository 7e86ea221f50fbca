"""Modified Bessel functions of orders 0 and 1, element by element."""

from __future__ import annotations

import math
from typing import Any

from tensorplug.ops.define import real_floating, unary
from tensorplug.ops.series import chebyshev_sum, in_float32, single_or_double

Tensor = Any

_LOG_2 = math.log(2)

# Chebyshev coefficients, computed with 50 digits (expansions as in C. W. Clenshaw, Chebyshev series for mathematical
# functions, 1962). The functions that they are of:
# - exp(-x) * I0(x) and exp(-x) * I1(x) / x for x from 0 to 8, in x; beyond, both times sqrt(x), in 8 / x;
# - K0(x) + log(x / 2) * I0(x) and x * (K1(x) - log(x / 2) * I1(x)) for x from 0 to 2, in x**2; beyond, exp(x) * sqrt(x)
#   times K0 and K1, in 2 / x.
_I0_NEAR = (
    0.33839763720473803, -0.3046826723431984, 0.17162090152220877, -0.09490109704804764, 0.04930528423967071,
    -0.02373741480589947, 0.010546460394594998, -0.004324309995050576, 0.0016394756169413357,
    -0.0005763755745385824, 0.00018850288509584165, -5.754195010082104e-05, 1.6448448070728896e-05,
    -4.4167383584587505e-06, 1.1173875391201037e-06, -2.670793853940612e-07, 6.046995022541919e-08,
    -1.300025009986248e-08, 2.6598237246823866e-09, -5.189795601635263e-10, 9.675809035373237e-11,
    -1.726826291441556e-11, 2.95505266312964e-12, -4.856446783111929e-13, 7.676185498604936e-14,
    -1.1685332877993451e-14, 1.715391285555133e-15, -2.431279846547955e-16, 3.3307945188222384e-17,
    -4.4153416464793395e-18,
)  # fmt: skip
_I0_FAR = (
    0.4022452055070544, 0.0033691164782556943, 6.889758346916825e-05, 2.8913705208347567e-06,
    2.0489185894690638e-07, 2.266668990498178e-08, 3.3962320257083865e-09, 4.94060238822497e-10,
    1.1889147107846439e-11, -3.1499165279632416e-11, -1.3215811840447713e-11, -1.7941785315068062e-12,
    7.180124451383666e-13, 3.8527783827421426e-13, 1.54008621752141e-14, -4.150569347287222e-14,
    -9.554846698828307e-15, 3.8116806693526224e-15, 1.7725601330565263e-15, -3.425485619677219e-16,
    -2.8276239805165836e-16, 3.461222867697461e-17, 4.46562142029676e-17, -4.830504485944182e-18,
    -7.233180487874754e-18, 9.921475412173699e-19, 1.193650890845982e-18, -2.4887098371508075e-19,
)  # fmt: skip
_I1_NEAR = (
    0.12629359322181682, -0.17641651835783406, 0.1026436586898471, -0.05294598120809499, 0.024726449030626516,
    -0.010564084894626197, 0.004156422944312888, -0.0015135724506312532, 0.0005122859561685758,
    -0.00016176081582589674, 4.781565107550054e-05, -1.3273163656039436e-05, 3.4702513081376785e-06,
    -8.568720264695455e-07, 2.0032947535521353e-07, -4.445059128796328e-08, 9.381537386495773e-09,
    -1.8872497517228294e-09, 3.625590281552117e-10, -6.663489723502027e-11, 1.1736186298890901e-11,
    -1.9839743977649436e-12, 3.223793365945575e-13, -5.042185504727912e-14, 7.600684294735408e-15,
    -1.1055969477353862e-15, 1.5536319577362005e-16, -2.111421214358166e-17, 2.7779141127610464e-18,
)  # fmt: skip
_I1_FAR = (
    0.38928811750914005, -0.009761097491361469, -0.00011058893876262371, -3.882564808877691e-06,
    -2.512236237870209e-07, -2.6314688468895196e-08, -3.835380385964237e-09, -5.589743462196584e-10,
    -1.8974958123505413e-11, 3.2526035830154884e-11, 1.4125807436613782e-11, 2.0356285441470896e-12,
    -7.198551776245908e-13, -4.0835511110921974e-13, -2.1015418427726643e-14, 4.272440016711951e-14,
    1.0420276984128802e-14, -3.8144030724370075e-15, -1.8803547755107825e-15, 3.3082023109209285e-16,
    2.96262899764595e-16, -3.209525921993424e-17, -4.6503053684893586e-17, 4.414348323071708e-18,
    7.517296310842105e-18, -9.314178867326884e-19, -1.242193275194891e-18, 2.4142767194548486e-19,
)  # fmt: skip
_K0_NEAR = (
    -0.2676636966169514, 0.3442898999246285, 0.0359799365153615, 0.001264615411446926, 2.286212103119452e-05,
    2.5347910790261494e-07, 1.904516377220209e-09, 1.0349695257633625e-11, 4.2598161427910826e-14,
    1.3744654358807508e-16,
)  # fmt: skip
_K0_FAR = (
    1.2201515410329777, -0.0314481013119645, 0.0015698838857300533, -0.00012849549581627802, 1.39498137188765e-05,
    -1.8317555227191195e-06, 2.766813639445015e-07, -4.660489897687948e-08, 8.574034017414225e-09,
    -1.6975345093890614e-09, 3.5773972814003283e-10, -7.957489244477396e-11, 1.8559491149549264e-11,
    -4.514597883374519e-12, 1.1403405882073441e-12, -2.9800969231481784e-13, 8.032890775068375e-14,
    -2.2275133267462965e-14, 6.340076476276646e-15, -1.848593377920907e-15, 5.5120559994043335e-16,
    -1.6782311257549006e-16, 5.2103917776435543e-17, -1.6475805939842632e-17, 5.3004337711773354e-18,
    -1.7331712005821001e-18,
)  # fmt: skip
_K1_NEAR = (
    0.7626501136694739, -0.3531559607765449, -0.12261118082265715, -0.006975723859639864, -0.0001730288957513052,
    -2.4334061415659684e-06, -2.213387630734726e-08, -1.4114883926335278e-10, -6.666901694199329e-13,
    -2.427449850519366e-15, -7.023863479386288e-18,
)  # fmt: skip
_K1_FAR = (
    1.3603130952422213, 0.10392373657681724, -0.002857816859622779, 0.00019521551847135162, -1.936197974166083e-05,
    2.406484947837217e-06, -3.5019606030878126e-07, 5.7410841254500495e-08, -1.0345762465678097e-08,
    2.0150497551970347e-09, -4.1903547593419254e-10, 9.218315187605315e-11, -2.129967838427791e-11,
    5.139639673482343e-12, -1.2891739609498229e-12, 3.348419666052243e-13, -8.976705182010146e-14,
    2.4771544242195988e-14, -7.0198370892147685e-15, 2.038703166239861e-15, -6.057047270643018e-16,
    1.8380935752430455e-16, -5.689462849193648e-17, 1.7940510478863572e-17, -5.7567444820733025e-18,
    1.8778651901623268e-18,
)  # fmt: skip


# ---------------------------------------------------------------------------------------------------- first kind


@unary(real_floating)
def i0(input: Tensor) -> Tensor:
    """The modified Bessel function of the first kind, of order 0.

    Example:
        >>> import tensorplug as tp
        >>> tp.i0(tp.tensor([0.0, 1.0]))
        tensor([1.0000, 1.2661])
    """


@unary(real_floating, spaces=("special",), inplace=False)
def i0e(input: Tensor) -> Tensor:
    """``i0(input) * exp(-abs(input))``, which does not overflow.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.i0e(tp.tensor([0.0, 1000.0]))
        tensor([1.0000, 0.0126])
    """


@unary(real_floating, spaces=("special",), inplace=False)
def i1(input: Tensor) -> Tensor:
    """The modified Bessel function of the first kind, of order 1: the derivative of ``i0``.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.i1(tp.tensor([0.0, 1.0]))
        tensor([0.0000, 0.5652])
    """


@unary(real_floating, spaces=("special",), inplace=False)
def i1e(input: Tensor) -> Tensor:
    """``i1(input) * exp(-abs(input))``, which does not overflow.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.i1e(tp.tensor([0.0, 1000.0]))
        tensor([0.0000, 0.0126])
    """


@i0e.default
@in_float32
def _i0e(input: Tensor) -> Tensor:
    x = input.abs()
    near = chebyshev_sum(_I0_NEAR, x.clamp(max=8) / 4 - 1)
    far = x.clamp(min=8)
    return (chebyshev_sum(_I0_FAR, 16 / far - 1) / far.sqrt()).where(x > 8, near)


@i1e.default
@in_float32
def _i1e(input: Tensor) -> Tensor:
    x = input.abs()
    near = chebyshev_sum(_I1_NEAR, x.clamp(max=8) / 4 - 1) * input + 0.0  # not -0.0
    far = x.clamp(min=8)
    return (chebyshev_sum(_I1_FAR, 16 / far - 1) / far.sqrt() * input.sign()).where(x > 8, near)


@i0.default
@in_float32
def _i0(input: Tensor) -> Tensor:
    return _grown(input, i0e(input))


@i1.default
@in_float32
def _i1(input: Tensor) -> Tensor:
    return _grown(input, i1e(input))


def _grown(input: Tensor, scaled: Tensor) -> Tensor:
    """``scaled * exp(abs(input))``, in two steps where the second factor alone would overflow."""
    half = (input.abs() / 2).exp()
    return scaled * half * half


def _over(numerator: Tensor, input: Tensor) -> Tensor:
    """``numerator / input``, of functions like ``input / 2`` near 0."""
    zero = input == 0
    return (numerator / input.masked_fill(zero, 1)).masked_fill(zero, 0.5)


i0.grads(input=lambda g, input: g * i1(input))
i1.grads(input=lambda g, input, result: g * (i0(input) - _over(result, input)))
i0e.grads(input=lambda g, input, result: g * (i1e(input) - input.sign() * result))
i1e.grads(input=lambda g, input, result: g * (i0e(input) - input.sign() * result - _over(result, input)))


@unary(single_or_double, spaces=("special",), inplace=False)
def modified_bessel_i0(input: Tensor) -> Tensor:
    """The same as ``i0``, but without a gradient, as in PyTorch.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.modified_bessel_i0(tp.tensor([0.0, 1.0]))
        tensor([1.0000, 1.2661])
    """


@unary(single_or_double, spaces=("special",), inplace=False)
def modified_bessel_i1(input: Tensor) -> Tensor:
    """The same as ``i1``, but without a gradient, as in PyTorch.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.modified_bessel_i1(tp.tensor([0.0, 1.0]))
        tensor([0.0000, 0.5652])
    """


modified_bessel_i0.default(lambda input: i0(input.detach()))
modified_bessel_i1.default(lambda input: i1(input.detach()))


# ---------------------------------------------------------------------------------------------------- second kind


@unary(single_or_double, spaces=("special",), inplace=False)
def modified_bessel_k0(input: Tensor) -> Tensor:
    """The modified Bessel function of the second kind, of order 0: inf at 0, NaN below. Has no gradient.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.modified_bessel_k0(tp.tensor([0.0, 1.0]))
        tensor([   inf, 0.4210])
    """


@unary(single_or_double, spaces=("special",), inplace=False)
def modified_bessel_k1(input: Tensor) -> Tensor:
    """The modified Bessel function of the second kind, of order 1: inf at 0, NaN below. Has no gradient.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.modified_bessel_k1(tp.tensor([0.0, 1.0]))
        tensor([   inf, 0.6019])
    """


@unary(single_or_double, spaces=("special",), inplace=False)
def scaled_modified_bessel_k0(input: Tensor) -> Tensor:
    """``modified_bessel_k0(input) * exp(input)``, which does not vanish. Has no gradient.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.scaled_modified_bessel_k0(tp.tensor([1.0, 1000.0]))
        tensor([1.1445, 0.0396])
    """


@unary(single_or_double, spaces=("special",), inplace=False)
def scaled_modified_bessel_k1(input: Tensor) -> Tensor:
    """``modified_bessel_k1(input) * exp(input)``, which does not vanish. Has no gradient.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.scaled_modified_bessel_k1(tp.tensor([1.0, 1000.0]))
        tensor([1.6362, 0.0396])
    """


def _k0(input: Tensor, scaled: bool) -> Tensor:
    x = input.detach()
    low = x.clamp(max=2)
    near = chebyshev_sum(_K0_NEAR, low * low / 2 - 1) - (low.log() - _LOG_2) * i0(low)
    return _second_kind(x, near, chebyshev_sum(_K0_FAR, 4 / x.clamp(min=2) - 1), scaled)


def _k1(input: Tensor, scaled: bool) -> Tensor:
    x = input.detach()
    low = x.clamp(max=2)
    near = chebyshev_sum(_K1_NEAR, low * low / 2 - 1) / low + (low.log() - _LOG_2) * i1(low)
    return _second_kind(x, near, chebyshev_sum(_K1_FAR, 4 / x.clamp(min=2) - 1), scaled)


def _second_kind(x: Tensor, near: Tensor, far: Tensor, scaled: bool) -> Tensor:
    """Both parts joined; ``far`` lacks the factor ``exp(-x) / sqrt(x)``."""
    far = far / x.sqrt()
    found = far.where(x > 2, near * x.clamp(max=2).exp()) if scaled else (far * (-x).exp()).where(x > 2, near)
    return found.masked_fill(x == 0, math.inf).masked_fill(x < 0, math.nan)


modified_bessel_k0.default(lambda input: _k0(input, scaled=False))
modified_bessel_k1.default(lambda input: _k1(input, scaled=False))
scaled_modified_bessel_k0.default(lambda input: _k0(input, scaled=True))
scaled_modified_bessel_k1.default(lambda input: _k1(input, scaled=True))
