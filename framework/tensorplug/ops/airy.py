"""Airy's function, element by element."""

from __future__ import annotations

import math
from typing import Any

from tensorplug.ops.define import unary
from tensorplug.ops.series import chebyshev_sum, single_or_double

Tensor = Any

_LEFT, _RIGHT = -4.0, 9 ** (1 / 3)
"""Between these is one series; they are where ``zeta``, ``2 / 3 * abs(x)**1.5``, is 16 / 3 and 2."""

# Chebyshev coefficients, computed with 60 digits. Between the limits those of Ai(x) in x; on the right of
# Ai(x) * exp(zeta) * x**(1 / 4) in 2 / zeta; on the left of F and, times 3 / 16 * zeta, of G in (16 / 3 / zeta)**2,
# where Ai(-x) = (F * sin(zeta + pi / 4) - G * cos(zeta + pi / 4)) / (sqrt(pi) * x**(1 / 4)) (DLMF 9.7.5 and 9.7.9).
_AIRY_NEAR = (
    0.058916156828030065, 0.18374484230598703, -0.2529357037218284, -0.08683112245742466, 0.20350681504911589,
    -0.06938091143503088, -0.025499049101573707, 0.025165501562473495, -0.0048283717771198, -0.002000588570575042,
    0.001228274360311236, -0.00015031013981475614, -7.361919562213241e-05, 3.214521726288054e-05,
    -2.5750796106596473e-06, -1.5729952550984026e-06, 5.242562431884468e-07, -2.6609348576360285e-08,
    -2.1949419761887466e-08, 5.834237585017338e-09, -1.6670871741096415e-10, -2.1565632447385101e-10,
    4.709206668393691e-11, -5.058734032473878e-13, -1.57233113206811e-12, 2.8808551656352897e-13,
    1.2423894578374287e-15, -8.84304489677647e-15, 1.3807265890795653e-15, 2.424028572417936e-17,
    -3.9525908900417435e-17, 5.320521790347957e-18,
)  # fmt: skip
_AIRY_RIGHT = (
    0.27791472709862935, -0.003974604466782267, 0.00018844233230265676, -1.5139145553925131e-05,
    1.6277079938920561e-06, -2.124613255828612e-07, 3.196091031824142e-08, -5.367549773721327e-09,
    9.852325184295213e-10, -1.9470927440073698e-10, 4.097278653880674e-11, -9.10273979334055e-12,
    2.120857375473259e-12, -5.154390569091291e-13, 1.3009367206082188e-13, -3.397474159620609e-14,
    9.15240780009071e-15, -2.5365851923528393e-15, 7.21627003385596e-16, -2.1031429429833665e-16,
    6.268552720108202e-17, -1.9078601110153376e-17, 5.921328491143358e-18, -1.871805836059897e-18,
    6.020061091938285e-19, -1.96795508547522e-19,
)  # fmt: skip
_AIRY_F = (
    0.9993708890742778, -0.0006216836584374116, 7.181193774368645e-06, -2.316269813501758e-07,
    1.3216283888528755e-08, -1.0938736172758127e-09, 1.1794620737908535e-10, -1.5518841909929856e-11,
    2.386927411492466e-12, -4.16552889201035e-13, 8.071678110741467e-14, -1.708757321110567e-14,
    3.902945148540815e-15, -9.523976784907064e-16, 2.4632810885752603e-16, -6.709077463464858e-17,
    1.913939683718707e-17, -5.693084362113769e-18, 1.758952816222959e-18,
)  # fmt: skip
_AIRY_G = (
    0.012904069793077502, -0.00011417159701561301, 2.47015331514187e-06, -1.1276384836703058e-07,
    8.114132516809686e-09, -7.96449699929011e-10, 9.810535081564676e-11, -1.438554557834067e-11,
    2.4232142723810082e-12, -4.572243294578044e-13, 9.485713571010158e-14, -2.1334713360480614e-14,
    5.145258245310423e-15, -1.3189653961186086e-15, 3.5685214438497966e-16, -1.0130701015142451e-16,
    3.003133317484731e-17, -9.257863950661511e-18, 2.957519212083962e-18, -9.761492965947038e-19,
    3.320022740137399e-19, -1.1609380538966221e-19, 4.165299784140617e-20, -1.53066037989996e-20,
)  # fmt: skip


@unary(single_or_double, spaces=("special",), inplace=False)
def airy_ai(input: Tensor) -> Tensor:
    """Airy's function Ai, a solution of ``y'' = x * y`` that vanishes for large ``x``. Has no gradient, as in PyTorch.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.airy_ai(tp.tensor([0.0, 1.0, -10.0]))
        tensor([0.3550, 0.1353, 0.0402])
    """


@airy_ai.default
def _airy_ai(input: Tensor) -> Tensor:
    x = input.detach()
    middle = x.clamp(_LEFT, _RIGHT)
    near = chebyshev_sum(_AIRY_NEAR, (middle * 2 - (_LEFT + _RIGHT)) / (_RIGHT - _LEFT))
    right, zeta = _root_and_zeta(x.clamp(min=_RIGHT))
    decaying = chebyshev_sum(_AIRY_RIGHT, 4 / zeta - 1) / right * (-zeta).exp()
    return _oscillating(x.clamp(max=_LEFT)).where(x < _LEFT, decaying.where(x > _RIGHT, near))


def _root_and_zeta(x: Tensor) -> tuple[Tensor, Tensor]:
    root = x.sqrt()
    return root.sqrt(), x * root * (2 / 3)


def _oscillating(x: Tensor) -> Tensor:
    root, zeta = _root_and_zeta(-x)
    u = (16 / 3) / zeta
    t = u * u * 2 - 1
    f, g = chebyshev_sum(_AIRY_F, t), chebyshev_sum(_AIRY_G, t) * u
    sin, cos = zeta.sin(), zeta.cos()
    return (f * (sin + cos) - g * (cos - sin)) / (root * math.sqrt(2 * math.pi))
