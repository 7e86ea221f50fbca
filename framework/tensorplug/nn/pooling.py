"""Pooling layers."""

from __future__ import annotations

from typing import Any, ClassVar

from tensorplug.nn import functional as F
from tensorplug.nn._sizes import Sizes, per_dim
from tensorplug.nn.module import Module
from tensorplug.tensor import Tensor


class _MaxPool(Module):
    def __init__(
        self,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        dilation: Sizes = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding = padding
        self.dilation = dilation
        self.return_indices = return_indices
        self.ceil_mode = ceil_mode

    def _arguments(self) -> tuple[Any, ...]:
        return self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode, self.return_indices

    def extra_repr(self) -> str:
        return (
            f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}, "
            f"dilation={self.dilation}, ceil_mode={self.ceil_mode}"
        )


class MaxPool1d(_MaxPool):
    """The maximum of each window of sequences ``(N, C, L)`` or ``(C, L)``.

    Args:
        kernel_size: size of the window.
        stride: step between windows; the size of the window by default.
        padding: elements of minus infinity added on both sides, at most half a window.
        dilation: distance between the elements of a window.
        return_indices: whether the places of the maxima are returned too.
        ceil_mode: whether a last window that is not full counts.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.MaxPool1d(2)(tp.tensor([[1.0, 3.0, 2.0, 0.0]]))
        tensor([[3., 2.]])
    """

    def forward(self, input: Tensor) -> Any:
        kernel, stride, padding, dilation, ceil_mode, indices = self._arguments()
        return F.max_pool1d(input, kernel, stride, padding, dilation, ceil_mode=ceil_mode, return_indices=indices)


class MaxPool2d(_MaxPool):
    """The maximum of each window of images ``(N, C, H, W)`` or ``(C, H, W)``.

    Sizes may be one number for both dimensions or a pair; otherwise as ``MaxPool1d``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.MaxPool2d(3, stride=2)(tp.randn(20, 16, 50, 32)).shape
        tensorplug.Size([20, 16, 24, 15])
    """

    def forward(self, input: Tensor) -> Any:
        kernel, stride, padding, dilation, ceil_mode, indices = self._arguments()
        return F.max_pool2d(input, kernel, stride, padding, dilation, ceil_mode=ceil_mode, return_indices=indices)


class MaxPool3d(_MaxPool):
    """The maximum of each window of volumes ``(N, C, D, H, W)`` or ``(C, D, H, W)``; as ``MaxPool1d``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.MaxPool3d(2)(tp.randn(1, 2, 4, 4, 4)).shape
        tensorplug.Size([1, 2, 2, 2, 2])
    """

    def forward(self, input: Tensor) -> Any:
        kernel, stride, padding, dilation, ceil_mode, indices = self._arguments()
        return F.max_pool3d(input, kernel, stride, padding, dilation, ceil_mode=ceil_mode, return_indices=indices)


class _MaxUnpool(Module):
    _rank: ClassVar[int]

    def __init__(self, kernel_size: Sizes, stride: Sizes | None = None, padding: Sizes = 0) -> None:
        super().__init__()
        self.kernel_size = per_dim(kernel_size, self._rank)
        self.stride = per_dim(kernel_size if stride is None else stride, self._rank)
        self.padding = per_dim(padding, self._rank)

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class MaxUnpool1d(_MaxUnpool):
    """Puts maxima back to the places that ``MaxPool1d(..., return_indices=True)`` returned; the rest is zero.

    Args:
        kernel_size: size of the window.
        stride: step between windows; the size of the window by default.
        padding: padding that the input of the pooling had.
    """

    _rank = 1

    def forward(self, input: Tensor, indices: Tensor, output_size: Any = None) -> Tensor:
        return F.max_unpool1d(input, indices, self.kernel_size, self.stride, self.padding, output_size)


class MaxUnpool2d(_MaxUnpool):
    """Puts the maxima of ``MaxPool2d`` back to their places; see ``MaxUnpool1d``."""

    _rank = 2

    def forward(self, input: Tensor, indices: Tensor, output_size: Any = None) -> Tensor:
        return F.max_unpool2d(input, indices, self.kernel_size, self.stride, self.padding, output_size)


class MaxUnpool3d(_MaxUnpool):
    """Puts the maxima of ``MaxPool3d`` back to their places; see ``MaxUnpool1d``."""

    _rank = 3

    def forward(self, input: Tensor, indices: Tensor, output_size: Any = None) -> Tensor:
        return F.max_unpool3d(input, indices, self.kernel_size, self.stride, self.padding, output_size)


class _AvgPool(Module):
    kernel_size: Sizes
    stride: Sizes
    padding: Sizes

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class AvgPool1d(_AvgPool):
    """The mean of each window of sequences ``(N, C, L)`` or ``(C, L)``.

    Args:
        kernel_size: size of the window.
        stride: step between windows; the size of the window by default.
        padding: zeros added on both sides, at most half a window.
        ceil_mode: whether a last window that is not full counts.
        count_include_pad: whether the padding counts as elements.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.AvgPool1d(2)(tp.tensor([[1.0, 3.0, 2.0, 0.0]]))
        tensor([[2., 1.]])
    """

    def __init__(
        self,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        super().__init__()
        self.kernel_size = per_dim(kernel_size, 1)
        self.stride = per_dim(kernel_size if stride is None else stride, 1)
        self.padding = per_dim(padding, 1)
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad

    def forward(self, input: Tensor) -> Tensor:
        return F.avg_pool1d(input, self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad)


class _AvgPoolNd(_AvgPool):
    def __init__(
        self,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding = padding
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad
        self.divisor_override = divisor_override


class AvgPool2d(_AvgPoolNd):
    """The mean of each window of images ``(N, C, H, W)`` or ``(C, H, W)``.

    Args:
        kernel_size: size of the window, one number or a pair, as all sizes.
        stride: step between windows; the size of the window by default.
        padding: zeros added on both sides, at most half a window.
        ceil_mode: whether a last window that is not full counts.
        count_include_pad: whether the padding counts as elements.
        divisor_override: what to divide the sums by instead of the number of elements.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.AvgPool2d(3, stride=2)(tp.randn(20, 16, 50, 32)).shape
        tensorplug.Size([20, 16, 24, 15])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.avg_pool2d(
            input,
            self.kernel_size,
            self.stride,
            self.padding,
            self.ceil_mode,
            self.count_include_pad,
            self.divisor_override,
        )


class AvgPool3d(_AvgPoolNd):
    """The mean of each window of volumes ``(N, C, D, H, W)`` or ``(C, D, H, W)``; as ``AvgPool2d``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.AvgPool3d(2)(tp.randn(1, 2, 4, 4, 4)).shape
        tensorplug.Size([1, 2, 2, 2, 2])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.avg_pool3d(
            input,
            self.kernel_size,
            self.stride,
            self.padding,
            self.ceil_mode,
            self.count_include_pad,
            self.divisor_override,
        )


class _LPPool(Module):
    def __init__(
        self, norm_type: float, kernel_size: Sizes, stride: Sizes | None = None, ceil_mode: bool = False
    ) -> None:
        super().__init__()
        self.norm_type = norm_type
        self.kernel_size = kernel_size
        self.stride = stride
        self.ceil_mode = ceil_mode

    def extra_repr(self) -> str:
        return (
            f"norm_type={self.norm_type}, kernel_size={self.kernel_size}, stride={self.stride}, "
            f"ceil_mode={self.ceil_mode}"
        )


class LPPool1d(_LPPool):
    """The p-norm of each window of sequences.

    Args:
        norm_type: the p; 1 gives sums, infinity maxima.
        kernel_size: size of the window.
        stride: step between windows; the size of the window by default.
        ceil_mode: whether a last window that is not full counts.
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.lp_pool1d(input, float(self.norm_type), self.kernel_size, self.stride, self.ceil_mode)


class LPPool2d(_LPPool):
    """The p-norm of each window of images; see ``LPPool1d``."""

    def forward(self, input: Tensor) -> Tensor:
        return F.lp_pool2d(input, float(self.norm_type), self.kernel_size, self.stride, self.ceil_mode)


class LPPool3d(_LPPool):
    """The p-norm of each window of volumes; see ``LPPool1d``."""

    def forward(self, input: Tensor) -> Tensor:
        return F.lp_pool3d(input, float(self.norm_type), self.kernel_size, self.stride, self.ceil_mode)


class _AdaptiveAvgPool(Module):
    def __init__(self, output_size: Any) -> None:
        super().__init__()
        self.output_size = output_size

    def extra_repr(self) -> str:
        return f"output_size={self.output_size}"


class AdaptiveAvgPool1d(_AdaptiveAvgPool):
    """The means of windows chosen so that the result has ``output_size`` elements.

    Args:
        output_size: the length of the result.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.AdaptiveAvgPool1d(2)(tp.tensor([[1.0, 3.0, 2.0, 0.0]]))
        tensor([[2., 1.]])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.adaptive_avg_pool1d(input, self.output_size)


class AdaptiveAvgPool2d(_AdaptiveAvgPool):
    """The means of windows chosen so that the resulting images have the size ``output_size``.

    Args:
        output_size: height and width, or one number for both; None keeps the input's.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.AdaptiveAvgPool2d((5, None))(tp.randn(1, 64, 8, 9)).shape
        tensorplug.Size([1, 64, 5, 9])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.adaptive_avg_pool2d(input, self.output_size)


class AdaptiveAvgPool3d(_AdaptiveAvgPool):
    """The means of windows chosen so that the resulting volumes have the size ``output_size``.

    Args:
        output_size: depth, height and width, or one number for all; None keeps the input's.
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.adaptive_avg_pool3d(input, self.output_size)


class _AdaptiveMaxPool(Module):
    def __init__(self, output_size: Any, return_indices: bool = False) -> None:
        super().__init__()
        self.output_size = output_size
        self.return_indices = return_indices

    def extra_repr(self) -> str:
        return f"output_size={self.output_size}"


class AdaptiveMaxPool1d(_AdaptiveMaxPool):
    """The maxima of windows chosen so that the result has ``output_size`` elements.

    Args:
        output_size: the length of the result.
        return_indices: whether the places of the maxima are returned too.
    """

    def forward(self, input: Tensor) -> Any:
        return F.adaptive_max_pool1d(input, self.output_size, return_indices=self.return_indices)


class AdaptiveMaxPool2d(_AdaptiveMaxPool):
    """The maxima of windows chosen so that the resulting images have the size ``output_size``.

    Args:
        output_size: height and width, or one number for both; None keeps the input's.
        return_indices: whether the places of the maxima are returned too.
    """

    def forward(self, input: Tensor) -> Any:
        return F.adaptive_max_pool2d(input, self.output_size, return_indices=self.return_indices)


class AdaptiveMaxPool3d(_AdaptiveMaxPool):
    """The maxima of windows chosen so that the resulting volumes have the size ``output_size``.

    Args:
        output_size: depth, height and width, or one number for all; None keeps the input's.
        return_indices: whether the places of the maxima are returned too.
    """

    def forward(self, input: Tensor) -> Any:
        return F.adaptive_max_pool3d(input, self.output_size, return_indices=self.return_indices)
