"""Special functions of mathematics. Generated from the op table by `python -m tools.generate`."""

import builtins

from tensorplug.functional import digamma as digamma
from tensorplug.functional import erf as erf
from tensorplug.functional import erfc as erfc
from tensorplug.functional import erfinv as erfinv
from tensorplug.functional import exp2 as exp2
from tensorplug.functional import expm1 as expm1
from tensorplug.functional import i0 as i0
from tensorplug.functional import log1p as log1p
from tensorplug.functional import log_softmax as log_softmax
from tensorplug.functional import logit as logit
from tensorplug.functional import logsumexp as logsumexp
from tensorplug.functional import polygamma as polygamma
from tensorplug.functional import round as round
from tensorplug.functional import sinc as sinc
from tensorplug.functional import softmax as softmax
from tensorplug.functional import xlogy as xlogy
from tensorplug.functional import airy_ai as airy_ai
from tensorplug.functional import bessel_j0 as bessel_j0
from tensorplug.functional import bessel_j1 as bessel_j1
from tensorplug.functional import bessel_y0 as bessel_y0
from tensorplug.functional import bessel_y1 as bessel_y1
from tensorplug.functional import spherical_bessel_j0 as spherical_bessel_j0
from tensorplug.functional import zeta as zeta
from tensorplug.functional import i0e as i0e
from tensorplug.functional import i1 as i1
from tensorplug.functional import i1e as i1e
from tensorplug.functional import modified_bessel_i0 as modified_bessel_i0
from tensorplug.functional import modified_bessel_i1 as modified_bessel_i1
from tensorplug.functional import modified_bessel_k0 as modified_bessel_k0
from tensorplug.functional import modified_bessel_k1 as modified_bessel_k1
from tensorplug.functional import scaled_modified_bessel_k0 as scaled_modified_bessel_k0
from tensorplug.functional import scaled_modified_bessel_k1 as scaled_modified_bessel_k1
from tensorplug.functional import chebyshev_polynomial_t as chebyshev_polynomial_t
from tensorplug.functional import chebyshev_polynomial_u as chebyshev_polynomial_u
from tensorplug.functional import chebyshev_polynomial_v as chebyshev_polynomial_v
from tensorplug.functional import chebyshev_polynomial_w as chebyshev_polynomial_w
from tensorplug.functional import shifted_chebyshev_polynomial_t as shifted_chebyshev_polynomial_t
from tensorplug.functional import shifted_chebyshev_polynomial_u as shifted_chebyshev_polynomial_u
from tensorplug.functional import shifted_chebyshev_polynomial_v as shifted_chebyshev_polynomial_v
from tensorplug.functional import shifted_chebyshev_polynomial_w as shifted_chebyshev_polynomial_w
from tensorplug.functional import hermite_polynomial_h as hermite_polynomial_h
from tensorplug.functional import hermite_polynomial_he as hermite_polynomial_he
from tensorplug.functional import laguerre_polynomial_l as laguerre_polynomial_l
from tensorplug.functional import legendre_polynomial_p as legendre_polynomial_p
from tensorplug.functional import erfcx as erfcx
from tensorplug.functional import ndtr as ndtr
from tensorplug.functional import log_ndtr as log_ndtr
from tensorplug.functional import ndtri as ndtri
from tensorplug.functional import entr as entr
from tensorplug.functional import xlog1py as xlog1py

psi: builtins.function
gammainc: builtins.function
gammaincc: builtins.function
gammaln: builtins.function
multigammaln: builtins.function
expit: builtins.function
