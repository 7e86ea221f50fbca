"""From constraints to maps that reach them from unconstrained numbers.

``biject_to(constraint)`` is one to one, so densities can be carried over; ``transform_to(constraint)`` need not be, and
suits optimization better.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tensorplug.distributions import constraints, transforms
from tensorplug.distributions.transforms import Transform

__all__ = ["ConstraintRegistry", "biject_to", "transform_to"]

Factory = Callable[[Any], Transform]


class ConstraintRegistry:
    """Which map belongs to which kind of constraint.

    Example:
        >>> import tensorplug as tp
        >>> from tensorplug.distributions import constraints, transform_to
        >>> transform_to(constraints.positive)(tp.tensor([0.0]))
        tensor([1.])
    """

    def __init__(self) -> None:
        self._registry: dict[type[constraints.Constraint], Factory] = {}

    def register(self, constraint: Any, factory: Factory | None = None) -> Any:
        """Give a kind of constraint its map.

        Args:
            constraint: a class of constraints, or one of its objects.
            factory: from a constraint to its map; without it, the result is a decorator for such a function.

        Raises:
            TypeError: no constraint.
        """
        if factory is None:
            return lambda factory: self.register(constraint, factory)
        kind = type(constraint) if isinstance(constraint, constraints.Constraint) else constraint
        if not isinstance(kind, type) or not issubclass(kind, constraints.Constraint):
            raise TypeError(f"Expected constraint to be either a Constraint subclass or instance, but got {constraint}")
        self._registry[kind] = factory
        return factory

    def __call__(self, constraint: constraints.Constraint) -> Transform:
        """The map that leads to a constraint.

        Raises:
            NotImplementedError: none is registered for its kind.
        """
        factory = self._registry.get(type(constraint))
        if factory is None:
            raise NotImplementedError(f"Cannot transform {type(constraint).__name__} constraints")
        return factory(constraint)


biject_to = ConstraintRegistry()
transform_to = ConstraintRegistry()


def _for_both(kind: Any) -> Callable[[Factory], Factory]:
    def register(factory: Factory) -> Factory:
        biject_to.register(kind, factory)
        transform_to.register(kind, factory)
        return factory

    return register


@_for_both(constraints.real)
def _real(constraint: Any) -> Transform:
    return transforms.identity_transform


@_for_both(constraints.positive)
@_for_both(constraints.nonnegative)
def _above(constraint: Any) -> Transform:
    low = constraint.lower_bound
    if isinstance(low, float) and low == 0:
        return transforms.ExpTransform()
    return transforms.ComposeTransform([transforms.ExpTransform(), transforms.AffineTransform(low, 1)])


@_for_both(constraints.less_than)
def _below(constraint: Any) -> Transform:
    flipped = transforms.AffineTransform(constraint.upper_bound, -1)
    return transforms.ComposeTransform([transforms.ExpTransform(), flipped])


@_for_both(constraints.half_open_interval)
@_for_both(constraints.interval)
def _between(constraint: Any) -> Transform:
    low, high = constraint.lower_bound, constraint.upper_bound
    if isinstance(low, float) and isinstance(high, float) and (low, high) == (0.0, 1.0):
        return transforms.SigmoidTransform()
    return transforms.ComposeTransform([transforms.SigmoidTransform(), transforms.AffineTransform(low, high - low)])


biject_to.register(constraints.simplex, lambda constraint: transforms.StickBreakingTransform())
transform_to.register(constraints.simplex, lambda constraint: transforms.SoftmaxTransform())
transform_to.register(constraints.lower_cholesky, lambda constraint: transforms.LowerCholeskyTransform())
transform_to.register(constraints.positive_definite, lambda constraint: transforms.PositiveDefiniteTransform())
transform_to.register(constraints.positive_semidefinite, lambda constraint: transforms.PositiveDefiniteTransform())


@_for_both(constraints.corr_cholesky)
def _corr_cholesky(constraint: Any) -> Transform:
    return transforms.CorrCholeskyTransform()


def _register_composed(registry: ConstraintRegistry) -> None:
    """Constraints made of others get maps made of theirs."""

    def independent(constraint: Any) -> Transform:
        base = registry(constraint.base_constraint)
        return transforms.IndependentTransform(base, constraint.reinterpreted_batch_ndims)

    def cat(constraint: Any) -> Transform:
        parts = [registry(c) for c in constraint.cseq]
        return transforms.CatTransform(parts, constraint.dim, constraint.lengths)

    def stack(constraint: Any) -> Transform:
        return transforms.StackTransform([registry(c) for c in constraint.cseq], constraint.dim)

    registry.register(constraints.independent, independent)
    registry.register(constraints.cat, cat)
    registry.register(constraints.stack, stack)


_register_composed(biject_to)
_register_composed(transform_to)
