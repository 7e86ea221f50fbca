"""Probability distributions: draws, densities, moments, divergences; maps between spaces of values.

Example:
    >>> import tensorplug as tp
    >>> policy = tp.distributions.Categorical(logits=tp.zeros(4))
    >>> policy.entropy()
    tensor(1.3863)
"""

from __future__ import annotations

from tensorplug.distributions import constraints, transforms

# Imported for what they register.
from tensorplug.distributions import kl_mixed as _kl_mixed  # noqa: F401
from tensorplug.distributions import kl_multivariate as _kl_multivariate  # noqa: F401
from tensorplug.distributions import kl_same as _kl_same  # noqa: F401
from tensorplug.distributions.bernoulli import Bernoulli
from tensorplug.distributions.beta import Beta
from tensorplug.distributions.binomial import Binomial
from tensorplug.distributions.categorical import Categorical
from tensorplug.distributions.cauchy import Cauchy
from tensorplug.distributions.chi2 import Chi2
from tensorplug.distributions.constraint_registry import biject_to, transform_to
from tensorplug.distributions.continuous_bernoulli import ContinuousBernoulli
from tensorplug.distributions.dirichlet import Dirichlet
from tensorplug.distributions.distribution import Distribution
from tensorplug.distributions.exp_family import ExponentialFamily
from tensorplug.distributions.exponential import Exponential
from tensorplug.distributions.fishersnedecor import FisherSnedecor
from tensorplug.distributions.gamma import Gamma
from tensorplug.distributions.generalized_pareto import GeneralizedPareto
from tensorplug.distributions.geometric import Geometric
from tensorplug.distributions.gumbel import Gumbel
from tensorplug.distributions.half_cauchy import HalfCauchy
from tensorplug.distributions.half_normal import HalfNormal
from tensorplug.distributions.independent import Independent
from tensorplug.distributions.inverse_gamma import InverseGamma
from tensorplug.distributions.kl import kl_divergence, register_kl
from tensorplug.distributions.kumaraswamy import Kumaraswamy
from tensorplug.distributions.laplace import Laplace
from tensorplug.distributions.lkj_cholesky import LKJCholesky
from tensorplug.distributions.log_normal import LogNormal
from tensorplug.distributions.logistic_normal import LogisticNormal
from tensorplug.distributions.lowrank_multivariate_normal import LowRankMultivariateNormal
from tensorplug.distributions.mixture_same_family import MixtureSameFamily
from tensorplug.distributions.multinomial import Multinomial
from tensorplug.distributions.multivariate_normal import MultivariateNormal
from tensorplug.distributions.negative_binomial import NegativeBinomial
from tensorplug.distributions.normal import Normal
from tensorplug.distributions.one_hot_categorical import OneHotCategorical, OneHotCategoricalStraightThrough
from tensorplug.distributions.pareto import Pareto
from tensorplug.distributions.poisson import Poisson
from tensorplug.distributions.relaxed_bernoulli import RelaxedBernoulli
from tensorplug.distributions.relaxed_categorical import RelaxedOneHotCategorical
from tensorplug.distributions.studentT import StudentT
from tensorplug.distributions.transformed_distribution import TransformedDistribution
from tensorplug.distributions.transforms import (
    AbsTransform,
    AffineTransform,
    CatTransform,
    ComposeTransform,
    CorrCholeskyTransform,
    CumulativeDistributionTransform,
    ExpTransform,
    IndependentTransform,
    LowerCholeskyTransform,
    PositiveDefiniteTransform,
    PowerTransform,
    ReshapeTransform,
    SigmoidTransform,
    SoftmaxTransform,
    SoftplusTransform,
    StackTransform,
    StickBreakingTransform,
    TanhTransform,
    Transform,
    identity_transform,
)
from tensorplug.distributions.uniform import Uniform
from tensorplug.distributions.von_mises import VonMises
from tensorplug.distributions.weibull import Weibull
from tensorplug.distributions.wishart import Wishart

__all__ = [
    "AbsTransform",
    "AffineTransform",
    "Bernoulli",
    "Beta",
    "Binomial",
    "CatTransform",
    "Categorical",
    "Cauchy",
    "Chi2",
    "ComposeTransform",
    "ContinuousBernoulli",
    "CorrCholeskyTransform",
    "CumulativeDistributionTransform",
    "Dirichlet",
    "Distribution",
    "ExpTransform",
    "Exponential",
    "ExponentialFamily",
    "FisherSnedecor",
    "Gamma",
    "GeneralizedPareto",
    "Geometric",
    "Gumbel",
    "HalfCauchy",
    "HalfNormal",
    "Independent",
    "IndependentTransform",
    "InverseGamma",
    "Kumaraswamy",
    "LKJCholesky",
    "Laplace",
    "LogNormal",
    "LogisticNormal",
    "LowRankMultivariateNormal",
    "LowerCholeskyTransform",
    "MixtureSameFamily",
    "Multinomial",
    "MultivariateNormal",
    "NegativeBinomial",
    "Normal",
    "OneHotCategorical",
    "OneHotCategoricalStraightThrough",
    "Pareto",
    "Poisson",
    "PositiveDefiniteTransform",
    "PowerTransform",
    "RelaxedBernoulli",
    "RelaxedOneHotCategorical",
    "ReshapeTransform",
    "SigmoidTransform",
    "SoftmaxTransform",
    "SoftplusTransform",
    "StackTransform",
    "StickBreakingTransform",
    "StudentT",
    "TanhTransform",
    "Transform",
    "TransformedDistribution",
    "Uniform",
    "VonMises",
    "Weibull",
    "Wishart",
    "biject_to",
    "constraints",
    "identity_transform",
    "kl_divergence",
    "register_kl",
    "transform_to",
    "transforms",
]
