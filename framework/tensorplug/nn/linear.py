"""Linear layers."""

from __future__ import annotations

import math
from typing import Any

from tensorplug.factories import empty
from tensorplug.nn import functional as F
from tensorplug.nn import init
from tensorplug.nn.module import Module
from tensorplug.nn.parameter import Parameter
from tensorplug.tensor import Tensor


class Identity(Module):
    """Gives back its input; any arguments are accepted and ignored.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.Identity(54, unused=True)(tp.ones(2))
        tensor([1., 1.])
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()

    def forward(self, input: Tensor) -> Tensor:
        return input


class Linear(Module):
    """``input @ weight.T + bias``.

    Args:
        in_features: size of the last dimension of the input.
        out_features: size of the last dimension of the result.
        bias: whether a bias is added.
        device, dtype: of the parameters.

    Attributes:
        weight: ``(out_features, in_features)``, drawn uniformly from +-1/sqrt(in_features).
        bias: ``(out_features,)``, drawn from the same interval, or None.

    Shape:
        ``(*, in_features)`` to ``(*, out_features)``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.Linear(20, 30)(tp.randn(128, 20)).shape
        tensorplug.Size([128, 30])
    """

    def __init__(
        self, in_features: int, out_features: int, bias: bool = True, device: Any = None, dtype: Any = None
    ) -> None:
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features
        self.weight = Parameter(empty((out_features, in_features), device=device, dtype=dtype))
        if bias:
            self.bias = Parameter(empty(out_features, device=device, dtype=dtype))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the parameters anew."""
        reset_affine(self.weight, self.bias)

    def forward(self, input: Tensor) -> Tensor:
        return F.linear(input, self.weight, self.bias)

    def extra_repr(self) -> str:
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


class Bilinear(Module):
    """``input1 @ weight[k] @ input2 + bias[k]`` for each output ``k``.

    Args:
        in1_features: size of the last dimension of the first input, at least 1.
        in2_features: size of the last dimension of the second input.
        out_features: size of the last dimension of the result.
        bias: whether a bias is added.
        device, dtype: of the parameters.

    Attributes:
        weight: ``(out_features, in1_features, in2_features)``, drawn uniformly from +-1/sqrt(in1_features).
        bias: ``(out_features,)``, drawn from the same interval, or None.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.Bilinear(20, 30, 40)(tp.randn(128, 20), tp.randn(128, 30)).shape
        tensorplug.Size([128, 40])
    """

    def __init__(
        self,
        in1_features: int,
        in2_features: int,
        out_features: int,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        if in1_features <= 0:
            raise ValueError(f"in1_features must be > 0, but got {in1_features}")
        self.in1_features = in1_features
        self.in2_features = in2_features
        self.out_features = out_features
        self.weight = Parameter(empty((out_features, in1_features, in2_features), device=device, dtype=dtype))
        if bias:
            self.bias = Parameter(empty(out_features, device=device, dtype=dtype))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the parameters anew."""
        bound = 1 / math.sqrt(self.in1_features)
        init.uniform_(self.weight, -bound, bound)
        if self.bias is not None:
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input1: Tensor, input2: Tensor) -> Tensor:
        return F.bilinear(input1, input2, self.weight, self.bias)

    def extra_repr(self) -> str:
        return (
            f"in1_features={self.in1_features}, in2_features={self.in2_features}, "
            f"out_features={self.out_features}, bias={self.bias is not None}"
        )


def reset_affine(weight: Tensor, bias: Tensor | None) -> None:
    """Draw a weight and its bias uniformly from +-1/sqrt(fan_in)."""
    init.kaiming_uniform_(weight, a=math.sqrt(5))
    if bias is not None:
        fan_in, _ = init._calculate_fan_in_and_fan_out(weight)
        bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
        init.uniform_(bias, -bound, bound)
