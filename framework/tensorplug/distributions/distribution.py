"""The base class of all distributions."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

from tensorplug.autograd.grad_mode import no_grad
from tensorplug.base import everywhere
from tensorplug.distributions import constraints
from tensorplug.distributions.utils import lazy_property
from tensorplug.shapes import Size
from tensorplug.tensor import Tensor

Shape = Any


def _is_number(value: Tensor) -> bool:
    """Whether a tensor is one number that can be shown."""
    return value.numel() == 1 and everywhere(value) is value and not value._kind.backend.abstract


def _is_ours(cls: type) -> bool:
    return cls.__module__.startswith("tensorplug.distributions.")


class Distribution:
    """A batch of probability distributions of one family.

    Draws have shape ``sample_shape + batch_shape + event_shape``: independent draws, distributions with their own
    parameters, and the dims of a single draw.

    Args:
        batch_shape: the shape of the batch.
        event_shape: the shape of one draw of one distribution.
        validate_args: check parameters now and values later; by default as ``set_default_validate_args`` says, which
            is yes unless Python runs with ``-O``.

    Attributes:
        has_rsample: whether gradients flow through ``rsample``.
        has_enumerate_support: whether ``enumerate_support`` lists all values.
    """

    has_rsample: Any = False
    has_enumerate_support: Any = False
    _validate_args: bool = __debug__

    @staticmethod
    def set_default_validate_args(value: bool) -> None:
        """Whether arguments are checked where the constructor is not told.

        Raises:
            ValueError: not a bool.
        """
        if value is not True and value is not False:
            raise ValueError(f"set_default_validate_args expects a bool, got {value!r}")
        Distribution._validate_args = value

    def __init__(self, batch_shape: Shape = (), event_shape: Shape = (), validate_args: bool | None = None) -> None:
        self._batch_shape = Size(batch_shape)
        self._event_shape = Size(event_shape)
        if validate_args is not None:
            self._validate_args = validate_args
        if self._validate_args:
            self._check_parameters()
        super().__init__()

    def _check_parameters(self) -> None:
        try:
            wanted = self.arg_constraints
        except NotImplementedError:
            warnings.warn(
                f"{type(self)} does not define `arg_constraints`. Please set `arg_constraints = {{}}` or initialize "
                "the distribution with `validate_args=False` to turn off validation.",
                stacklevel=4,
            )
            return
        for name, constraint in wanted.items():
            if constraints.is_dependent(constraint):
                continue
            if name not in self.__dict__ and isinstance(getattr(type(self), name, None), lazy_property):
                continue  # the other form of the parameter was given
            value = getattr(self, name)
            if value._kind.backend.abstract:
                continue
            inside = constraint.check(value)
            if not bool(everywhere(inside).all()):
                raise ValueError(
                    f"Expected parameter {name} ({type(value).__name__} of shape {tuple(value.shape)}) of distribution "
                    f"{self!r} to satisfy the constraint {constraint!r}, but found invalid values:\n{everywhere(value)}"
                )

    @property
    def batch_shape(self) -> Size:
        """The shape of the batch of distributions."""
        return self._batch_shape

    @property
    def event_shape(self) -> Size:
        """The shape of one draw of one distribution."""
        return self._event_shape

    @property
    def arg_constraints(self) -> Mapping[str, constraints.Constraint]:
        """For each parameter, where it must lie."""
        raise NotImplementedError

    @property
    def support(self) -> Any:
        """Where draws lie."""
        raise NotImplementedError

    @property
    def mean(self) -> Tensor:
        """The mean."""
        raise NotImplementedError

    @property
    def mode(self) -> Tensor:
        """The most likely value."""
        raise NotImplementedError(f"{type(self)} does not implement mode")

    @property
    def variance(self) -> Tensor:
        """The variance."""
        raise NotImplementedError

    @property
    def stddev(self) -> Tensor:
        """The standard deviation."""
        return self.variance.sqrt()

    def expand(self, batch_shape: Shape, _instance: Any = None) -> Any:
        """The same distributions in a larger batch, whose parameters show the same memory.

        Args:
            batch_shape: the shape wanted; this batch must broadcast to it.
            _instance: for subclasses with another constructor: a new object of theirs to fill.
        """
        new = self._get_checked_instance(Distribution, _instance)
        batch_shape = Size(batch_shape)
        for name, own in self._held_parameters().items():
            if name in self.__dict__:
                value = self.__dict__[name]
                new.__dict__[name] = value.expand((*batch_shape, *value.shape[value.dim() - own :]))
        return self._finish_expand(new, batch_shape)

    def _held_parameters(self) -> dict[str, int]:
        """The attributes that hold parameters, and how many dims each has beyond those of the batch."""
        return {name: constraint.event_dim for name, constraint in self.arg_constraints.items()}

    def _finish_expand(self, new: Any, batch_shape: Shape) -> Any:
        Distribution.__init__(new, batch_shape, self._event_shape, validate_args=False)
        new._validate_args = self._validate_args
        return new

    def _get_checked_instance(self, cls: type, _instance: Any = None) -> Any:
        """A new object of this class without parameters, or the one given.

        Raises:
            NotImplementedError: this class has a constructor of its own, so it must say itself how to expand.
        """
        if _instance is not None:
            return _instance
        constructing, expanding = (
            next(c for c in type(self).__mro__ if m in c.__dict__) for m in ("__init__", "expand")
        )
        if _is_ours(expanding) and not _is_ours(constructing):
            raise NotImplementedError(
                f"Subclass {type(self).__name__} of {cls.__name__} that defines a custom __init__ method must also "
                "define a custom .expand() method."
            )
        return type(self).__new__(type(self))

    def sample(self, sample_shape: Shape = ()) -> Tensor:
        """Draws without gradients, of shape ``sample_shape + batch_shape + event_shape``."""
        with no_grad():
            return self.rsample(sample_shape)

    def rsample(self, sample_shape: Shape = ()) -> Tensor:
        """Draws through which gradients flow to the parameters."""
        raise NotImplementedError(f"{type(self).__name__} has no draws through which gradients flow")

    def sample_n(self, n: int) -> Tensor:
        """``sample((n,))``, under its old name."""
        warnings.warn("sample_n(n) will be deprecated. Use .sample((n,)) instead", UserWarning, stacklevel=2)
        return self.sample((n,))

    def log_prob(self, value: Tensor) -> Tensor:
        """The logarithm of the density or probability at each value, of shape ``sample_shape + batch_shape``."""
        raise NotImplementedError

    def cdf(self, value: Tensor) -> Tensor:
        """The probability of draws up to each value."""
        raise NotImplementedError

    def icdf(self, value: Tensor) -> Tensor:
        """The values up to which draws have each probability."""
        raise NotImplementedError

    def enumerate_support(self, expand: bool = True) -> Tensor:
        """All values of a discrete distribution, along a new first dim.

        Args:
            expand: repeat them for the whole batch; otherwise the batch dims have size 1.
        """
        raise NotImplementedError

    def entropy(self) -> Tensor:
        """The entropy, in nats."""
        raise NotImplementedError

    def perplexity(self) -> Tensor:
        """The exponential of the entropy."""
        return self.entropy().exp()

    def _extended_shape(self, sample_shape: Shape = ()) -> Size:
        """The shape of draws."""
        return Size((*sample_shape, *self._batch_shape, *self._event_shape))

    def _enumerated(self, values: Tensor, expand: bool) -> Tensor:
        """Values of a scalar event along the first dim, with dims for the batch."""
        values = values.reshape((-1, *([1] * len(self._batch_shape))))
        return values.expand((-1, *self._batch_shape)) if expand else values

    def _validate_sample(self, value: Any) -> None:
        """Check a value whose probability is asked for.

        Raises:
            ValueError: no tensor, of a shape that does not fit, or outside the support.
        """
        if not isinstance(value, Tensor):
            raise ValueError("The value argument to log_prob must be a Tensor")
        event_dims = len(self._event_shape)
        start = value.dim() - event_dims
        if tuple(value.shape[max(start, 0) :]) != tuple(self._event_shape):
            raise ValueError(
                f"The right-most size of value must match event_shape: {value.shape} vs {self._event_shape}."
            )
        expected = (*self._batch_shape, *self._event_shape)
        for own, wanted in zip(reversed(value.shape), reversed(expected), strict=False):
            if own != wanted and 1 not in (own, wanted):
                raise ValueError(
                    f"Value is not broadcastable with batch_shape+event_shape: {value.shape} vs {expected}."
                )
        self._check_support(value)

    def _check_support(self, value: Tensor) -> None:
        try:
            support = self.support
        except NotImplementedError:
            warnings.warn(
                f"{type(self)} does not define `support` to enable sample validation. Please initialize the "
                "distribution with `validate_args=False` to turn off validation.",
                stacklevel=5,
            )
            return
        if value._kind.backend.abstract:
            return
        if not bool(everywhere(support.check(value)).all()):
            raise ValueError(
                f"Expected value argument ({type(value).__name__} of shape {tuple(value.shape)}) to be within the "
                f"support ({support!r}) of the distribution {self!r}, but found invalid values:\n{everywhere(value)}"
            )

    def __repr__(self) -> str:
        shown = []
        for name in self.arg_constraints:
            if name in self.__dict__:
                value = self.__dict__[name]
                shown.append(f"{name}: {value.item() if _is_number(value) else value.size()}")
        return f"{type(self).__name__}({', '.join(shown)})"
