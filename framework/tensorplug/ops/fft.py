"""The names of Fourier transforms: along one dim, two or several, of real numbers and of mirrored signals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tensorplug.ops.define import composite
from tensorplug.ops.fourier import complex_to_complex, complex_to_real, many_dims, one_dim, real_to_complex
from tensorplug.ops.movement import roll
from tensorplug.shapes import Shape, canonical_dim

Tensor = Any


@composite(spaces=("fft",))
def fft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """The discrete Fourier transform along one dim.

    Args:
        input: any shape with at least one dim; real or complex, not of half precision.
        n: cut the dim to this size first, or fill it up with zeros.
        dim: the dim.
        norm: ``"backward"`` (no factor, the default), ``"forward"`` (``1 / n``) or ``"ortho"`` (``1 / sqrt(n)``).

    Returns:
        A complex tensor of the input's shape, or with ``n`` elements along ``dim``.

    Raises:
        RuntimeError: no elements to transform, half precision, or another ``norm``.
        IndexError: there is no such dim.

    Example:
        >>> import tensorplug as tp
        >>> tp.fft.fft(tp.tensor([1.0, 0.0, 0.0, 0.0]))
        tensor([1.+0.j, 1.+0.j, 1.+0.j, 1.+0.j])
    """
    return complex_to_complex("fft", input, one_dim("fft", input, n, dim), norm, True)


@composite(spaces=("fft",))
def ifft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """The inverse of ``fft``; by default it has the factor ``1 / n``.

    Example:
        >>> import tensorplug as tp
        >>> tp.fft.ifft(tp.fft.fft(tp.tensor([1.0, 2.0, 3.0, 4.0]))).real
        tensor([1., 2., 3., 4.])
    """
    return complex_to_complex("ifft", input, one_dim("ifft", input, n, dim), norm, False)


@composite(spaces=("fft",))
def rfft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """The first half of the transform of real numbers, of ``n // 2 + 1`` elements; the rest mirrors it.

    Args:
        input: real.
        n, dim, norm: as for ``fft``.

    Raises:
        RuntimeError: the input is complex.

    Example:
        >>> import tensorplug as tp
        >>> tp.fft.rfft(tp.tensor([1.0, 2.0, 3.0, 4.0]))
        tensor([10.+0.j, -2.+2.j, -2.+0.j])
    """
    return real_to_complex("rfft", input, one_dim("rfft", input, n, dim), norm, False)


@composite(spaces=("fft",))
def irfft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """The inverse of ``rfft``.

    Args:
        input: the first half of a transform; the imaginary parts of the frequencies that are their own mirror images
            are taken for 0.
        n: the size of the result along ``dim``, by default ``2 * (m - 1)`` for ``m`` elements of the input. Odd
            sizes must be given.
        dim, norm: as for ``ifft``.

    Example:
        >>> import tensorplug as tp
        >>> tp.fft.irfft(tp.tensor([10 + 0j, -2 + 2j, -2 + 0j]))
        tensor([1., 2., 3., 4.])
    """
    return complex_to_real("irfft", input, one_dim("irfft", input, n, dim), norm, False)


@composite(spaces=("fft",))
def hfft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """The transform, which is real, of a signal that mirrors itself and of which ``input`` is the first half.

    Args:
        input: real or complex.
        n: the size of the result along ``dim``, by default ``2 * (m - 1)`` for ``m`` elements of the input.
        dim, norm: as for ``fft``.

    Example:
        >>> import tensorplug as tp
        >>> tp.fft.hfft(tp.tensor([1.0, 2.0, 3.0]))
        tensor([ 8., -2.,  0., -2.])
    """
    return complex_to_real("hfft", input, one_dim("hfft", input, n, dim), norm, True)


@composite(spaces=("fft",))
def ihfft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """The inverse of ``hfft``.

    Example:
        >>> import tensorplug as tp
        >>> tp.fft.ihfft(tp.tensor([8.0, -2.0, 0.0, -2.0])).real
        tensor([1., 2., 3.])
    """
    return real_to_complex("ihfft", input, one_dim("ihfft", input, n, dim), norm, True)


@composite(spaces=("fft",))
def fft2(input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: str | None = None) -> Tensor:
    """The transform along two dims, the last ones by default; arguments as for ``fftn``.

    Example:
        >>> import tensorplug as tp
        >>> tp.fft.fft2(tp.ones(2, 2))
        tensor([[4.+0.j, 0.+0.j],
                [0.+0.j, 0.+0.j]])
    """
    return complex_to_complex("fft2", input, many_dims("fft2", input, s, dim), norm, True)


@composite(spaces=("fft",))
def ifft2(input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: str | None = None) -> Tensor:
    """The inverse of ``fft2``."""
    return complex_to_complex("ifft2", input, many_dims("ifft2", input, s, dim), norm, False)


@composite(spaces=("fft",))
def rfft2(input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: str | None = None) -> Tensor:
    """The transform of real numbers along two dims, without the mirrored half of the second one."""
    return real_to_complex("rfft2", input, many_dims("rfft2", input, s, dim, 1), norm, False)


@composite(spaces=("fft",))
def irfft2(input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: str | None = None) -> Tensor:
    """The inverse of ``rfft2``."""
    return complex_to_real("irfft2", input, many_dims("irfft2", input, s, dim, 1), norm, False)


@composite(spaces=("fft",))
def hfft2(input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: str | None = None) -> Tensor:
    """The transform along two dims of a signal that mirrors itself along the second; see ``hfft``."""
    return complex_to_real("hfft2", input, many_dims("hfft2", input, s, dim, 1), norm, True)


@composite(spaces=("fft",))
def ihfft2(input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: str | None = None) -> Tensor:
    """The inverse of ``hfft2``."""
    return real_to_complex("ihfft2", input, many_dims("ihfft2", input, s, dim, 1), norm, True)


@composite(spaces=("fft",))
def fftn(input: Tensor, s: Any = None, dim: Any = None, norm: str | None = None) -> Tensor:
    """The transform along several dims.

    Args:
        input: real or complex, not of half precision.
        s: cut the dims to these sizes first, or fill them up with zeros; -1 leaves a dim as it is.
        dim: the dims; by default the last ``len(s)``, or all.
        norm: as for ``fft``, with the product of all sizes for ``n``.

    Raises:
        RuntimeError: ``s`` and ``dim`` differ in length, a dim is given twice, or as for ``fft``.

    Example:
        >>> import tensorplug as tp
        >>> tp.fft.fftn(tp.ones(2, 1, 2), dim=(0, 2)).shape
        tensorplug.Size([2, 1, 2])
    """
    return complex_to_complex("fftn", input, many_dims("fftn", input, s, dim), norm, True)


@composite(spaces=("fft",))
def ifftn(input: Tensor, s: Any = None, dim: Any = None, norm: str | None = None) -> Tensor:
    """The inverse of ``fftn``."""
    return complex_to_complex("ifftn", input, many_dims("ifftn", input, s, dim), norm, False)


@composite(spaces=("fft",))
def rfftn(input: Tensor, s: Any = None, dim: Any = None, norm: str | None = None) -> Tensor:
    """The transform of real numbers along several dims, without the mirrored half of the last one."""
    return real_to_complex("rfftn", input, many_dims("rfftn", input, s, dim, 1), norm, False)


@composite(spaces=("fft",))
def irfftn(input: Tensor, s: Any = None, dim: Any = None, norm: str | None = None) -> Tensor:
    """The inverse of ``rfftn``; the last of ``s`` is as ``n`` for ``irfft``."""
    return complex_to_real("irfftn", input, many_dims("irfftn", input, s, dim, 1), norm, False)


@composite(spaces=("fft",))
def hfftn(input: Tensor, s: Any = None, dim: Any = None, norm: str | None = None) -> Tensor:
    """The transform along several dims of a signal that mirrors itself along the last one; see ``hfft``."""
    return complex_to_real("hfftn", input, many_dims("hfftn", input, s, dim, 1), norm, True)


@composite(spaces=("fft",))
def ihfftn(input: Tensor, s: Any = None, dim: Any = None, norm: str | None = None) -> Tensor:
    """The inverse of ``hfftn``."""
    return real_to_complex("ihfftn", input, many_dims("ihfftn", input, s, dim, 1), norm, True)


# ---------------------------------------------------------------------------------------------------- order


@composite(spaces=("fft",), out=False)
def fftshift(input: Tensor, dim: int | Sequence[int] | None = None) -> Tensor:
    """Frequencies in rising order, with 0 in the middle, from the order in which transforms have them.

    Args:
        input: any tensor.
        dim: the dims to reorder, all by default; one given twice is shifted twice.

    Raises:
        RuntimeError: no dims.
        IndexError: there is no such dim.

    Example:
        >>> import tensorplug as tp
        >>> tp.fft.fftshift(tp.fft.fftfreq(4))
        tensor([-0.5000, -0.2500,  0.0000,  0.2500])
    """
    dims = _dims_to_shift("fftshift", input, dim)
    return roll(input, [input._shape[d] // 2 for d in dims], dims)


@composite(spaces=("fft",), out=False)
def ifftshift(input: Tensor, dim: int | Sequence[int] | None = None) -> Tensor:
    """The inverse of ``fftshift``.

    Example:
        >>> import tensorplug as tp
        >>> tp.fft.ifftshift(tp.tensor([-2, -1, 0, 1, 2]))
        tensor([ 0,  1,  2, -2, -1])
    """
    dims = _dims_to_shift("ifftshift", input, dim)
    return roll(input, [(input._shape[d] + 1) // 2 for d in dims], dims)


def _dims_to_shift(name: str, input: Tensor, dim: int | Sequence[int] | None) -> Shape:
    rank = len(input._shape)
    given = range(rank) if dim is None else (dim,) if isinstance(dim, int) else dim
    dims = tuple(canonical_dim(d, rank) for d in given)
    if not dims:
        raise RuntimeError(f"{name}: there is no dim to shift")
    if not rank:
        raise IndexError(f"{name}: dimensions specified as {dims} but tensor has no dimensions")
    return dims
