"""Layers that enlarge images or move values between channels and places."""

from __future__ import annotations

from typing import Any

from tensorplug.nn import functional as F
from tensorplug.nn._sizes import Sizes
from tensorplug.nn.module import Module
from tensorplug.tensor import Tensor


class Upsample(Module):
    """Resizes sequences, images or volumes by interpolation; see ``nn.functional.interpolate``.

    Args:
        size: the spatial sizes wanted.
        scale_factor: the factors, instead of ``size``.
        mode: ``nearest``, ``linear``, ``bilinear``, ``bicubic`` or ``trilinear``.
        align_corners: whether the corners' centres stay in place rather than their outer edges.
        recompute_scale_factor: whether the factors are computed anew from the rounded sizes.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.Upsample(scale_factor=2)(tp.ones(1, 3, 4, 4)).shape
        tensorplug.Size([1, 3, 8, 8])
    """

    def __init__(
        self,
        size: Any = None,
        scale_factor: Any = None,
        mode: str = "nearest",
        align_corners: bool | None = None,
        recompute_scale_factor: bool | None = None,
    ) -> None:
        super().__init__()
        self.size = size
        if isinstance(scale_factor, tuple):
            self.scale_factor: Any = tuple(float(factor) for factor in scale_factor)
        else:
            self.scale_factor = float(scale_factor) if scale_factor else None
        self.mode = mode
        self.align_corners = align_corners
        self.recompute_scale_factor = recompute_scale_factor

    def forward(self, input: Tensor) -> Tensor:
        return F.interpolate(
            input,
            self.size,
            self.scale_factor,
            self.mode,
            self.align_corners,
            recompute_scale_factor=self.recompute_scale_factor,
        )

    def extra_repr(self) -> str:
        wanted = f"size={self.size}" if self.scale_factor is None else f"scale_factor={self.scale_factor}"
        return f"{wanted}, mode={self.mode!r}"


class UpsamplingNearest2d(Upsample):
    """``Upsample`` of images by copying the nearest pixel.

    Args:
        size: height and width wanted.
        scale_factor: the factors, instead of ``size``.
    """

    def __init__(self, size: Any = None, scale_factor: Any = None) -> None:
        super().__init__(size, scale_factor, mode="nearest")


class UpsamplingBilinear2d(Upsample):
    """``Upsample`` of images by bilinear interpolation with aligned corners.

    Args:
        size: height and width wanted.
        scale_factor: the factors, instead of ``size``.
    """

    def __init__(self, size: Any = None, scale_factor: Any = None) -> None:
        super().__init__(size, scale_factor, mode="bilinear", align_corners=True)


class PixelShuffle(Module):
    """Turns ``(*, C * r**2, H, W)`` into ``(*, C, H * r, W * r)``.

    Args:
        upscale_factor: the r.

    Source: Shi et al., Real-time single image and video super-resolution, 2016.
    """

    def __init__(self, upscale_factor: int) -> None:
        super().__init__()
        self.upscale_factor = upscale_factor

    def forward(self, input: Tensor) -> Tensor:
        return F.pixel_shuffle(input, self.upscale_factor)

    def extra_repr(self) -> str:
        return f"upscale_factor={self.upscale_factor}"


class PixelUnshuffle(Module):
    """Turns ``(*, C, H * r, W * r)`` into ``(*, C * r**2, H, W)``.

    Args:
        downscale_factor: the r.
    """

    def __init__(self, downscale_factor: int) -> None:
        super().__init__()
        self.downscale_factor = downscale_factor

    def forward(self, input: Tensor) -> Tensor:
        return F.pixel_unshuffle(input, self.downscale_factor)

    def extra_repr(self) -> str:
        return f"downscale_factor={self.downscale_factor}"


class ChannelShuffle(Module):
    """Cuts the channels into groups and interleaves these.

    Args:
        groups: how many groups.

    Raises:
        ValueError: ``groups`` is not positive.
    """

    def __init__(self, groups: int) -> None:
        super().__init__()
        if groups <= 0:
            raise ValueError(f"groups must be positive, but got {groups}")
        self.groups = groups

    def forward(self, input: Tensor) -> Tensor:
        return F.channel_shuffle(input, self.groups)

    def extra_repr(self) -> str:
        return f"groups={self.groups}"


class Unfold(Module):
    """Cuts windows out of images: ``(N, C, H, W)`` to ``(N, C * kernel elements, windows)``.

    Args:
        kernel_size: size of the window.
        dilation: distance between the elements of a window.
        padding: zeros added on both sides.
        stride: step between windows.
    """

    def __init__(self, kernel_size: Sizes, dilation: Sizes = 1, padding: Sizes = 0, stride: Sizes = 1) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.padding = padding
        self.stride = stride

    def forward(self, input: Tensor) -> Tensor:
        return F.unfold(input, self.kernel_size, self.dilation, self.padding, self.stride)

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, dilation={self.dilation}, padding={self.padding}, stride={self.stride}"


class Fold(Module):
    """Adds windows up to images: the transpose of ``Unfold``.

    Args:
        output_size: height and width of the images.
        kernel_size: size of the window.
        dilation: distance between the elements of a window.
        padding: zeros that were added on both sides.
        stride: step between windows.
    """

    def __init__(
        self,
        output_size: Sizes,
        kernel_size: Sizes,
        dilation: Sizes = 1,
        padding: Sizes = 0,
        stride: Sizes = 1,
    ) -> None:
        super().__init__()
        self.output_size = output_size
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.padding = padding
        self.stride = stride

    def forward(self, input: Tensor) -> Tensor:
        return F.fold(input, self.output_size, self.kernel_size, self.dilation, self.padding, self.stride)

    def extra_repr(self) -> str:
        return (
            f"output_size={self.output_size}, kernel_size={self.kernel_size}, dilation={self.dilation}, "
            f"padding={self.padding}, stride={self.stride}"
        )
