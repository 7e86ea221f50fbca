"""Special functions of mathematics: those that are only here, and others of the package under their usual names.

``special.pyi``, generated, shows editors what is here.
"""

from tensorplug.functional import (
    digamma,
    erf,
    erfc,
    erfinv,
    exp2,
    expm1,
    i0,
    log1p,
    log_softmax,
    logit,
    logsumexp,
    polygamma,
    round,
    sinc,
    softmax,
    special_functions,
    xlogy,
)
from tensorplug.functional import digamma as psi
from tensorplug.functional import igamma as gammainc
from tensorplug.functional import igammac as gammaincc
from tensorplug.functional import lgamma as gammaln
from tensorplug.functional import mvlgamma as multigammaln
from tensorplug.functional import sigmoid as expit

__all__ = [
    "digamma", "erf", "erfc", "erfinv", "exp2", "expit", "expm1", "gammainc", "gammaincc", "gammaln", "i0", "log1p",
    "log_softmax", "logit", "logsumexp", "multigammaln", "polygamma", "psi", "round", "sinc", "softmax", "xlogy",
]  # fmt: skip

globals().update(special_functions)
__all__ += special_functions
