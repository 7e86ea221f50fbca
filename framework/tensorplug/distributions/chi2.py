"""The chi-squared distribution."""

from __future__ import annotations

from typing import Any

from tensorplug.distributions import constraints
from tensorplug.distributions.gamma import Gamma
from tensorplug.tensor import Tensor


class Chi2(Gamma):
    """The chi-squared distribution: the sum of squares of ``df`` standard normal numbers.

    Args:
        df: the degrees of freedom.
        validate_args: as for ``Distribution``.

    Example:
        >>> import tensorplug as tp
        >>> tp.distributions.Chi2(5.0).variance
        tensor(10.)
    """

    arg_constraints = {"df": constraints.positive}

    def __init__(self, df: Any, validate_args: bool | None = None) -> None:
        super().__init__(df / 2, 0.5, validate_args=validate_args)

    @property
    def df(self) -> Tensor:
        """The degrees of freedom."""
        return self.concentration * 2
