"""Convolution layers."""

from __future__ import annotations

from typing import Any, ClassVar

from tensorplug.factories import empty
from tensorplug.nn import functional as F
from tensorplug.nn._sizes import Sizes, per_dim
from tensorplug.nn.linear import reset_affine
from tensorplug.nn.module import Module
from tensorplug.nn.parameter import Parameter
from tensorplug.tensor import Tensor

_PADDING_MODES = ("zeros", "reflect", "replicate", "circular")


class _ConvNd(Module):
    """What convolutions of all ranks share: checks, parameters, printing."""

    _rank: ClassVar[int]

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Sizes,
        stride: Sizes,
        padding: Sizes | str,
        dilation: Sizes,
        transposed: bool,
        output_padding: Sizes,
        groups: int,
        bias: bool,
        padding_mode: str,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        rank = self._rank
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = per_dim(kernel_size, rank)
        self.stride = per_dim(stride, rank)
        self.padding = padding if isinstance(padding, str) else per_dim(padding, rank)
        self.dilation = per_dim(dilation, rank)
        self.transposed = transposed
        self.output_padding = per_dim(output_padding, rank)
        self.groups = groups
        self.padding_mode = padding_mode
        self._check()
        self._reversed_padding_repeated_twice = self._pad_widths()
        channels = (in_channels, out_channels // groups) if transposed else (out_channels, in_channels // groups)
        self.weight = Parameter(empty((*channels, *self.kernel_size), device=device, dtype=dtype))
        if bias:
            self.bias = Parameter(empty(out_channels, device=device, dtype=dtype))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def _check(self) -> None:
        if self.groups <= 0:
            raise ValueError("groups must be a positive integer")
        if self.in_channels % self.groups != 0:
            raise ValueError("in_channels must be divisible by groups")
        if self.out_channels % self.groups != 0:
            raise ValueError("out_channels must be divisible by groups")
        if isinstance(self.padding, str):
            if self.padding not in ("same", "valid"):
                raise ValueError(f"Invalid padding string {self.padding!r}, should be one of ['same', 'valid']")
            if self.padding == "same" and any(step != 1 for step in self.stride):
                raise ValueError("padding='same' is not supported for strided convolutions")
        if self.padding_mode not in _PADDING_MODES:
            raise ValueError(
                f"padding_mode must be one of {_PADDING_MODES}, but got padding_mode='{self.padding_mode}'"
            )

    def _pad_widths(self) -> list[int]:
        """The padding as ``pad`` takes it: last dimension first, left and right of each."""
        widths: list[int] = []
        for i in reversed(range(self._rank)):
            if self.padding == "valid":
                widths += [0, 0]
            elif self.padding == "same":
                total = self.dilation[i] * (self.kernel_size[i] - 1)
                widths += [total // 2, total - total // 2]
            else:
                widths += [self.padding[i]] * 2  # type: ignore[list-item]
        return widths

    def reset_parameters(self) -> None:
        """Draw the parameters anew, uniformly from +-1/sqrt(fan_in)."""
        reset_affine(self.weight, self.bias)

    def extra_repr(self) -> str:
        parts = [f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride}"]
        none, one = (0,) * self._rank, (1,) * self._rank
        for name, default in (("padding", none), ("dilation", one), ("output_padding", none), ("groups", 1)):
            value = getattr(self, name)
            if value != default:
                parts.append(f"{name}={value}")
        if self.bias is None:
            parts.append("bias=False")
        if self.padding_mode != "zeros":
            parts.append(f"padding_mode={self.padding_mode}")
        return ", ".join(parts)


class _Conv(_ConvNd):
    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Sizes,
        stride: Sizes = 1,
        padding: Sizes | str = 0,
        dilation: Sizes = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            in_channels,
            out_channels,
            kernel_size,
            stride,
            padding,
            dilation,
            False,
            0,
            groups,
            bias,
            padding_mode,
            device,
            dtype,
        )

    def _padded(self, input: Tensor) -> tuple[Tensor, Any]:
        """The input, padded unless the padding is of zeros, and the padding left for the convolution."""
        if self.padding_mode == "zeros":
            return input, self.padding
        return F.pad(input, self._reversed_padding_repeated_twice, mode=self.padding_mode), 0

    def _conv_forward(self, input: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        raise NotImplementedError

    def forward(self, input: Tensor) -> Tensor:
        return self._conv_forward(input, self.weight, self.bias)


class Conv1d(_Conv):
    """Convolution (cross-correlation) over sequences of several channels.

    Args:
        in_channels: channels of the input.
        out_channels: channels of the result.
        kernel_size: size of the kernel.
        stride: step between the places of the kernel.
        padding: elements added on both sides, or ``"valid"`` (none) or ``"same"`` (as many as keep the size).
        dilation: distance between the elements that the kernel sees.
        groups: blocks of channels that are kept apart; must divide both numbers of channels.
        bias: whether a bias is added.
        padding_mode: what the padding holds: ``zeros``, ``reflect``, ``replicate`` or ``circular``.
        device, dtype: of the parameters.

    Attributes:
        weight: ``(out_channels, in_channels // groups, kernel_size)``, drawn uniformly from +-1/sqrt(fan_in).
        bias: ``(out_channels,)``, drawn from the same interval, or None.

    Shape:
        ``(N, in_channels, L)`` or ``(in_channels, L)``, to ``out_channels`` and
        ``(L + 2*padding - dilation*(kernel_size-1) - 1) // stride + 1``.

    Raises:
        ValueError: ``groups`` does not divide the channels, or a padding is unknown or impossible.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.Conv1d(16, 33, 3, stride=2)(tp.randn(20, 16, 50)).shape
        tensorplug.Size([20, 33, 24])
    """

    _rank = 1

    def _conv_forward(self, input: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        input, padding = self._padded(input)
        return F.conv1d(input, weight, bias, self.stride, padding, self.dilation, self.groups)


class Conv2d(_Conv):
    """Convolution (cross-correlation) over images of several channels.

    Sizes may be one number for both dimensions or a pair; otherwise as ``Conv1d``.

    Attributes:
        weight: ``(out_channels, in_channels // groups, *kernel_size)``, drawn uniformly from
            +-1/sqrt(fan_in).
        bias: ``(out_channels,)``, drawn from the same interval, or None.

    Shape:
        ``(N, in_channels, H, W)`` or ``(in_channels, H, W)``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.Conv2d(3, 8, 3, padding=1)(tp.randn(2, 3, 28, 28)).shape
        tensorplug.Size([2, 8, 28, 28])
    """

    _rank = 2

    def _conv_forward(self, input: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        input, padding = self._padded(input)
        return F.conv2d(input, weight, bias, self.stride, padding, self.dilation, self.groups)


class Conv3d(_Conv):
    """Convolution (cross-correlation) over volumes of several channels.

    Sizes may be one number for the three dimensions or a triple; otherwise as ``Conv1d``.

    Attributes:
        weight: ``(out_channels, in_channels // groups, *kernel_size)``, drawn uniformly from
            +-1/sqrt(fan_in).
        bias: ``(out_channels,)``, drawn from the same interval, or None.

    Shape:
        ``(N, in_channels, D, H, W)`` or ``(in_channels, D, H, W)``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.Conv3d(3, 4, (3, 2, 2))(tp.randn(1, 3, 6, 5, 5)).shape
        tensorplug.Size([1, 4, 4, 4, 4])
    """

    _rank = 3

    def _conv_forward(self, input: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        input, padding = self._padded(input)
        return F.conv3d(input, weight, bias, self.stride, padding, self.dilation, self.groups)


class _ConvTranspose(_ConvNd):
    padding: tuple[int, ...]

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Sizes,
        stride: Sizes = 1,
        padding: Sizes = 0,
        output_padding: Sizes = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Sizes = 1,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        if padding_mode != "zeros":
            raise ValueError(f'Only "zeros" padding mode is supported for {type(self).__name__}')
        super().__init__(
            in_channels,
            out_channels,
            kernel_size,
            stride,
            padding,
            dilation,
            True,
            output_padding,
            groups,
            bias,
            padding_mode,
            device,
            dtype,
        )

    def _output_padding(self, input: Tensor, output_size: Any) -> tuple[int, ...]:
        """The extra size at the end of each dimension that gives ``output_size``."""
        if output_size is None:
            return self.output_padding
        rank = self._rank
        others = input.dim() - rank
        sizes = list(output_size)
        if len(sizes) == others + rank:
            sizes = sizes[others:]
        if len(sizes) != rank:
            raise ValueError(
                f"ConvTranspose{rank}D: for {input.dim()}D input, output_size must have {rank} or "
                f"{others + rank} elements (got {len(output_size)})"
            )
        smallest = [
            (input.shape[others + d] - 1) * self.stride[d]
            - 2 * self.padding[d]
            + self.dilation[d] * (self.kernel_size[d] - 1)
            + 1
            for d in range(rank)
        ]
        largest = [low + step - 1 for low, step in zip(smallest, self.stride, strict=True)]
        if any(not low <= size <= high for low, size, high in zip(smallest, sizes, largest, strict=True)):
            raise ValueError(
                f"requested an output size of {sizes}, but valid sizes range from {smallest} to {largest} "
                f"(for an input of {input.shape[2:]})"
            )
        return tuple(size - low for size, low in zip(sizes, smallest, strict=True))


class ConvTranspose1d(_ConvTranspose):
    """The gradient of ``Conv1d`` with respect to its input, as a layer: it enlarges sequences.

    Args:
        in_channels: channels of the input.
        out_channels: channels of the result.
        kernel_size: size of the kernel.
        stride: step between the places in the result at which the kernel is added.
        padding: elements cut off on both sides of the result.
        output_padding: extra size on one side of the result, below stride or dilation.
        groups: blocks of channels that are kept apart; must divide both numbers of channels.
        bias: whether a bias is added.
        dilation: distance between the elements that the kernel reaches.
        padding_mode: only ``zeros``.
        device, dtype: of the parameters.

    Attributes:
        weight: ``(in_channels, out_channels // groups, kernel_size)``, drawn uniformly from +-1/sqrt(fan_in).
        bias: ``(out_channels,)``, drawn from the same interval, or None.

    Shape:
        ``(N, in_channels, L)`` or ``(in_channels, L)``, to ``out_channels`` and
        ``(L-1)*stride - 2*padding + dilation*(kernel_size-1) + output_padding + 1``. ``forward`` takes the
        wanted ``output_size`` as well, which then decides ``output_padding``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.ConvTranspose1d(4, 2, 3, stride=2)(tp.randn(1, 4, 5)).shape
        tensorplug.Size([1, 2, 11])
    """

    _rank = 1

    def forward(self, input: Tensor, output_size: Any = None) -> Tensor:
        extra = self._output_padding(input, output_size)
        return F.conv_transpose1d(
            input, self.weight, self.bias, self.stride, self.padding, extra, self.groups, self.dilation
        )


class ConvTranspose2d(_ConvTranspose):
    """The gradient of ``Conv2d`` with respect to its input, as a layer; arguments as ``ConvTranspose1d``.

    Example:
        >>> import tensorplug as tp
        >>> up = tp.nn.ConvTranspose2d(4, 2, 3, stride=2, padding=1)
        >>> up(tp.randn(1, 4, 5, 5), output_size=(10, 10)).shape
        tensorplug.Size([1, 2, 10, 10])
    """

    _rank = 2

    def forward(self, input: Tensor, output_size: Any = None) -> Tensor:
        extra = self._output_padding(input, output_size)
        return F.conv_transpose2d(
            input, self.weight, self.bias, self.stride, self.padding, extra, self.groups, self.dilation
        )


class ConvTranspose3d(_ConvTranspose):
    """The gradient of ``Conv3d`` with respect to its input, as a layer; arguments as ``ConvTranspose1d``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.ConvTranspose3d(4, 2, 2, stride=2)(tp.randn(1, 4, 3, 3, 3)).shape
        tensorplug.Size([1, 2, 6, 6, 6])
    """

    _rank = 3

    def forward(self, input: Tensor, output_size: Any = None) -> Tensor:
        extra = self._output_padding(input, output_size)
        return F.conv_transpose3d(
            input, self.weight, self.bias, self.stride, self.padding, extra, self.groups, self.dilation
        )
