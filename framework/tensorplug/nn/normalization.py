"""Normalisation layers."""

from __future__ import annotations

import warnings
from typing import Any, ClassVar

from tensorplug.dtypes import int64
from tensorplug.factories import empty, ones, tensor, zeros
from tensorplug.nn import functional as F
from tensorplug.nn import init
from tensorplug.nn.module import Module
from tensorplug.nn.parameter import Parameter
from tensorplug.tensor import Tensor


class _NormBase(Module):
    """Weight, bias and running statistics per channel."""

    _version = 2

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.affine = affine
        self.track_running_stats = track_running_stats
        self.running_mean: Tensor | None
        self.running_var: Tensor | None
        self.num_batches_tracked: Tensor | None
        for name, wanted in (("weight", affine), ("bias", affine and bias)):
            parameter = Parameter(empty(num_features, device=device, dtype=dtype)) if wanted else None
            self.register_parameter(name, parameter)
        tracked = track_running_stats
        self.register_buffer("running_mean", zeros(num_features, device=device, dtype=dtype) if tracked else None)
        self.register_buffer("running_var", ones(num_features, device=device, dtype=dtype) if tracked else None)
        self.register_buffer("num_batches_tracked", tensor(0, dtype=int64, device=device) if tracked else None)
        self.reset_parameters()

    def reset_running_stats(self) -> None:
        """Forget the running statistics."""
        if self.track_running_stats:
            self.running_mean.zero_()  # type: ignore[union-attr]
            self.running_var.fill_(1)  # type: ignore[union-attr]
            self.num_batches_tracked.zero_()  # type: ignore[union-attr]

    def reset_parameters(self) -> None:
        """Forget the running statistics; weight one, bias zero."""
        self.reset_running_stats()
        _reset(self.weight, self.bias)

    def _check_input_dim(self, input: Tensor) -> None:
        raise NotImplementedError

    def extra_repr(self) -> str:
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"bias={self.bias is not None}, track_running_stats={self.track_running_stats}"
        )

    def _load_from_state_dict(
        self, state_dict: dict[str, Any], prefix: str, local_metadata: dict[str, Any], *lists: Any
    ) -> None:
        # Version 2 added num_batches_tracked; older files leave the module's own count as it is.
        key = prefix + "num_batches_tracked"
        version = local_metadata.get("version")
        if (version is None or version < 2) and self.track_running_stats and key not in state_dict:
            count = self.num_batches_tracked
            known = count is not None and count.device.type != "meta"
            state_dict[key] = count if known else tensor(0, dtype=int64)
        super()._load_from_state_dict(state_dict, prefix, local_metadata, *lists)


class _BatchNorm(_NormBase):
    def forward(self, input: Tensor) -> Tensor:
        self._check_input_dim(input)
        training, tracking = self.training, self.track_running_stats
        momentum = 0.0 if self.momentum is None else self.momentum
        if training and tracking and self.num_batches_tracked is not None:
            self.num_batches_tracked.add_(1)
            if self.momentum is None:
                # A plain average over all batches so far.
                momentum = 1.0 / float(self.num_batches_tracked)
        mean, var = self.running_mean, self.running_var
        use_batch = training or (mean is None and var is None)
        if training and not tracking:
            mean = var = None
        return F.batch_norm(input, mean, var, self.weight, self.bias, use_batch, momentum, self.eps)


class BatchNorm1d(_BatchNorm):
    """Normalises each channel by its mean and variance over the batch (and the length).

    In training mode the batch's own statistics are used, with the biased variance, and the running ones move
    towards them by ``momentum``, with the unbiased variance. In evaluation mode the running ones are used.

    Args:
        num_features: the number of channels C.
        eps: added to the variance.
        momentum: the share of the new batch in the running statistics; None for a plain average of all
            batches.
        affine: whether there is a weight per channel.
        track_running_stats: whether there are running statistics; without them the batch's are always used.
        device, dtype: of parameters and buffers.
        bias: whether there is a bias per channel too, if ``affine``.

    Shape:
        ``(N, C)`` or ``(N, C, L)``.

    Raises:
        ValueError: the input has another number of dimensions.

    Source: Ioffe and Szegedy, Batch normalization, 2015.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.BatchNorm1d(100)(tp.randn(20, 100)).shape
        tensorplug.Size([20, 100])
    """

    def _check_input_dim(self, input: Tensor) -> None:
        if input.dim() not in (2, 3):
            raise ValueError(f"expected 2D or 3D input (got {input.dim()}D input)")


class BatchNorm2d(_BatchNorm):
    """Normalises each channel of images ``(N, C, H, W)`` over the batch; see ``BatchNorm1d``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.BatchNorm2d(3)(tp.randn(20, 3, 8, 8)).shape
        tensorplug.Size([20, 3, 8, 8])
    """

    def _check_input_dim(self, input: Tensor) -> None:
        if input.dim() != 4:
            raise ValueError(f"expected 4D input (got {input.dim()}D input)")


class BatchNorm3d(_BatchNorm):
    """Normalises each channel of volumes ``(N, C, D, H, W)`` over the batch; see ``BatchNorm1d``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.BatchNorm3d(3)(tp.randn(4, 3, 2, 4, 4)).shape
        tensorplug.Size([4, 3, 2, 4, 4])
    """

    def _check_input_dim(self, input: Tensor) -> None:
        if input.dim() != 5:
            raise ValueError(f"expected 5D input (got {input.dim()}D input)")


class _InstanceNorm(_NormBase):
    _rank: ClassVar[int]

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__(num_features, eps, momentum, affine, track_running_stats, device, dtype, bias=bias)

    def _check_input_dim(self, input: Tensor) -> None:
        if input.dim() not in (self._rank + 1, self._rank + 2):
            raise ValueError(f"expected {self._rank + 1}D or {self._rank + 2}D input (got {input.dim()}D input)")

    def forward(self, input: Tensor) -> Tensor:
        self._check_input_dim(input)
        channels = input.shape[-self._rank - 1]
        if channels != self.num_features:
            text = f"input's size at dim={-self._rank - 1} is {channels}, not num_features={self.num_features}"
            if self.affine:
                raise ValueError(text)
            warnings.warn(f"{text}; without weights this has no effect", stacklevel=2)
        single = input.dim() == self._rank + 1
        use_input = self.training or not self.track_running_stats
        output = F.instance_norm(
            input.unsqueeze(0) if single else input,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            use_input,
            0.0 if self.momentum is None else self.momentum,
            self.eps,
        )
        return output.squeeze(0) if single else output


class InstanceNorm1d(_InstanceNorm):
    """Normalises each channel of each sequence by its own mean and biased variance.

    Args:
        num_features: the number of channels C.
        eps: added to the variance.
        momentum: the share of the new batch in the running statistics.
        affine: whether there is a weight per channel.
        track_running_stats: whether running statistics are kept and used in evaluation mode.
        device, dtype: of parameters and buffers.
        bias: whether there is a bias per channel too, if ``affine``.

    Shape:
        ``(N, C, L)`` or ``(C, L)``.

    Raises:
        ValueError: the input has another number of dimensions or channels.

    Source: Ulyanov et al., Instance normalization, 2016.
    """

    _rank = 1


class InstanceNorm2d(_InstanceNorm):
    """Normalises each channel of each image ``(N, C, H, W)`` or ``(C, H, W)``; see ``InstanceNorm1d``."""

    _rank = 2


class InstanceNorm3d(_InstanceNorm):
    """Normalises each channel of volumes ``(N, C, D, H, W)`` or ``(C, D, H, W)``; see ``InstanceNorm1d``."""

    _rank = 3


class LayerNorm(Module):
    """Normalises over the last dimensions by their mean and biased variance.

    Args:
        normalized_shape: the sizes of those dimensions, or the size of the last one.
        eps: added to the variance.
        elementwise_affine: whether there is a weight, of ``normalized_shape``.
        bias: whether there is a bias too.
        device, dtype: of the parameters.

    Source: Ba et al., Layer normalization, 2016.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.LayerNorm(10)(tp.randn(20, 5, 10)).shape
        tensorplug.Size([20, 5, 10])
    """

    def __init__(
        self,
        normalized_shape: Any,
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        self.normalized_shape = _as_shape(normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        for name, wanted in (("weight", elementwise_affine), ("bias", elementwise_affine and bias)):
            parameter = Parameter(empty(self.normalized_shape, device=device, dtype=dtype)) if wanted else None
            self.register_parameter(name, parameter)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Weight one, bias zero."""
        _reset(self.weight, self.bias)

    def forward(self, input: Tensor) -> Tensor:
        return F.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}, "
            f"bias={self.bias is not None}"
        )


class GroupNorm(Module):
    """Normalises groups of channels by their mean and biased variance, each example for itself.

    Args:
        num_groups: how many groups; must divide ``num_channels``.
        num_channels: the number of channels C.
        eps: added to the variance.
        affine: whether there is a weight per channel.
        device, dtype: of the parameters.
        bias: whether there is a bias per channel too, if ``affine``.

    Shape:
        ``(N, C, *)``.

    Raises:
        ValueError: ``num_groups`` does not divide ``num_channels``.

    Source: Wu and He, Group normalization, 2018.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.GroupNorm(3, 6)(tp.randn(20, 6, 4, 4)).shape
        tensorplug.Size([20, 6, 4, 4])
    """

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__()
        if num_channels % num_groups != 0:
            raise ValueError(f"num_channels ({num_channels}) must be divisible by num_groups ({num_groups})")
        self.num_groups = num_groups
        self.num_channels = num_channels
        self.eps = eps
        self.affine = affine
        for name, wanted in (("weight", affine), ("bias", affine and bias)):
            parameter = Parameter(empty(num_channels, device=device, dtype=dtype)) if wanted else None
            self.register_parameter(name, parameter)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Weight one, bias zero."""
        _reset(self.weight, self.bias)

    def forward(self, input: Tensor) -> Tensor:
        return F.group_norm(input, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}, "
            f"bias={self.bias is not None}"
        )


class RMSNorm(Module):
    """Divides by the root mean square over the last dimensions.

    Args:
        normalized_shape: the sizes of those dimensions, or the size of the last one.
        eps: added to the mean square; None for the smallest step at one of the input's dtype.
        elementwise_affine: whether there is a weight, of ``normalized_shape``.
        device, dtype: of the weight.

    Source: Zhang and Sennrich, Root mean square layer normalization, 2019.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.RMSNorm(3)(tp.ones(2, 3)).shape
        tensorplug.Size([2, 3])
    """

    def __init__(
        self,
        normalized_shape: Any,
        eps: float | None = None,
        elementwise_affine: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        self.normalized_shape = _as_shape(normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        weight = Parameter(empty(self.normalized_shape, device=device, dtype=dtype)) if elementwise_affine else None
        self.register_parameter("weight", weight)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Weight one."""
        _reset(self.weight, None)

    def forward(self, input: Tensor) -> Tensor:
        return F.rms_norm(input, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self) -> str:
        return f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"


class LocalResponseNorm(Module):
    """Divides each channel by a power of the mean square of its neighbour channels.

    Args:
        size: how many neighbours, itself included.
        alpha: factor of the mean square.
        beta: the exponent.
        k: added to the mean square.

    Source: Krizhevsky et al., ImageNet classification with deep convolutional neural networks, 2012.
    """

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> None:
        super().__init__()
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.k = k

    def forward(self, input: Tensor) -> Tensor:
        return F.local_response_norm(input, self.size, self.alpha, self.beta, self.k)

    def extra_repr(self) -> str:
        return f"{self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}"


def _as_shape(normalized_shape: Any) -> tuple[int, ...]:
    return (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)


def _reset(weight: Tensor | None, bias: Tensor | None) -> None:
    if weight is not None:
        init.ones_(weight)
    if bias is not None:
        init.zeros_(bias)
