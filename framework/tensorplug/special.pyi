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
