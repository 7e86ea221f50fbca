"""Distributions of the images of draws."""

from __future__ import annotations

from typing import Any

from tensorplug.autograd.grad_mode import no_grad
from tensorplug.distributions import constraints
from tensorplug.distributions.distribution import Distribution
from tensorplug.distributions.independent import Independent
from tensorplug.distributions.transforms import ComposeTransform, Transform
from tensorplug.distributions.utils import sum_rightmost
from tensorplug.tensor import Tensor


class TransformedDistribution(Distribution):
    """The distribution of ``t(x)`` for draws ``x`` of another one.

    Args:
        base_distribution: the other one.
        transforms: a map, or several, the first one first.
        validate_args: as for ``Distribution``.

    Raises:
        ValueError: no map, or values of the distribution have too few dims for it.

    Example:
        >>> import tensorplug as tp
        >>> from tensorplug.distributions import AffineTransform, ExpTransform, Normal, TransformedDistribution
        >>> d = TransformedDistribution(Normal(0.0, 1.0), [AffineTransform(1.0, 2.0), ExpTransform()])
        >>> d.log_prob(tp.tensor(1.0))
        tensor(-1.7371)
    """

    arg_constraints: dict[str, constraints.Constraint] = {}

    def __init__(
        self,
        base_distribution: Distribution,
        transforms: Transform | list[Transform],
        validate_args: bool | None = None,
    ) -> None:
        self.transforms = [transforms] if isinstance(transforms, Transform) else transforms
        if not isinstance(self.transforms, list) or not all(isinstance(t, Transform) for t in self.transforms):
            raise ValueError(f"transforms must be a Transform or list, but was {transforms}")
        whole = ComposeTransform(self.transforms)
        self.base_dist = _fitting(base_distribution, whole)
        base_shape = (*self.base_dist.batch_shape, *self.base_dist.event_shape)
        shape = whole.forward_shape(base_shape)
        more = whole.codomain.event_dim - whole.domain.event_dim
        event_dim = max(whole.codomain.event_dim, len(self.base_dist.event_shape) + more)
        cut = len(shape) - event_dim
        super().__init__(shape[:cut], shape[cut:], validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        new = self._get_checked_instance(TransformedDistribution, _instance)
        new.transforms = self.transforms
        shape = ComposeTransform(self.transforms).inverse_shape((*batch_shape, *self.event_shape))
        new.base_dist = self.base_dist.expand(shape[: len(shape) - len(self.base_dist.event_shape)])
        return self._finish_expand(new, batch_shape)

    @constraints.dependent_property(is_discrete=False)
    def support(self) -> constraints.Constraint:
        if not self.transforms:
            found: constraints.Constraint = self.base_dist.support
            return found
        codomain = self.transforms[-1].codomain
        more = len(self.event_shape) - codomain.event_dim
        return constraints.independent(codomain, more) if more > 0 else codomain

    @property
    def has_rsample(self) -> bool:
        return bool(self.base_dist.has_rsample)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        with no_grad():
            return self._image(self.base_dist.sample(sample_shape))

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        return self._image(self.base_dist.rsample(sample_shape))

    def _image(self, x: Tensor) -> Tensor:
        for transform in self.transforms:
            x = transform(x)
        return x

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        event_dim = len(self.event_shape)
        total: Any = 0.0
        for transform in reversed(self.transforms):
            x = transform.inv(value)
            event_dim += transform.domain.event_dim - transform.codomain.event_dim
            jacobian = transform.log_abs_det_jacobian(x, value)
            total = total - sum_rightmost(jacobian, event_dim - transform.domain.event_dim)
            value = x
        found: Tensor = total + sum_rightmost(
            self.base_dist.log_prob(value), event_dim - len(self.base_dist.event_shape)
        )
        return found

    def _monotonized(self, probability: Tensor) -> Tensor:
        """Probabilities counted from above where the maps turn numbers around."""
        sign: Any = 1
        for transform in self.transforms:
            sign = sign * transform.sign
        if isinstance(sign, int) and sign == 1:
            return probability
        turned: Tensor = sign * (probability - 0.5) + 0.5
        return turned

    def cdf(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        for transform in reversed(self.transforms):
            value = transform.inv(value)
        return self._monotonized(self.base_dist.cdf(value))

    def icdf(self, value: Tensor) -> Tensor:
        return self._image(self.base_dist.icdf(self._monotonized(value)))


def _fitting(base: Distribution, transform: Transform) -> Distribution:
    """The base distribution in the shape that the map takes: expanded, and with as many dims to a draw."""
    shape = (*base.batch_shape, *base.event_shape)
    wanted = transform.domain.event_dim
    if len(shape) < wanted:
        raise ValueError(f"base_distribution needs to have shape with size at least {wanted}, but got {tuple(shape)}")
    expanded = transform.inverse_shape(transform.forward_shape(shape))
    if tuple(expanded) != shape:
        base = base.expand(expanded[: len(expanded) - len(base.event_shape)])
    more = wanted - len(base.event_shape)
    return Independent(base, more) if more > 0 else base
