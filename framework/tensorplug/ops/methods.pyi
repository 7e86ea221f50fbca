"""The op families as methods: what ``Tensor`` inherits. Generated from the op table by `python -m tools.generate`."""

import builtins
from collections.abc import Sequence
from typing import Any, Literal, Self, overload

from numpy import generic

from tensorplug.device import Device
from tensorplug.dtypes import DType
from tensorplug.generator import Generator
from tensorplug.ops.arithmetic import MantissaExponent
from tensorplug.ops.determinant import SignLogDet
from tensorplug.ops.factorization import LUFactors, LUFactorsInfo
from tensorplug.ops.older_linalg import TriangularSolution, USV
from tensorplug.ops.order import MinMax
from tensorplug.ops.orthogonal import QR, Reflections
from tensorplug.ops.reduction import ValuesIndices
from tensorplug.tensor import Tensor

Number = int | float | builtins.complex | generic
Dims = int | Sequence[int] | None

class OpMethods:
    """The op families as methods."""

    # creation

    def new_full(
        self,
        size: Any,
        fill_value: Any,
        *,
        dtype: DType | None = None,
        device: Device | str | None = None,
        requires_grad: bool = False,
        layout: Any = None,
        pin_memory: bool = False,
    ) -> Tensor:
        """A tensor of ``size`` filled with ``fill_value``, by default of this tensor's dtype and device."""

    def new_zeros(
        self,
        *size: Any,
        dtype: DType | None = None,
        device: Device | str | None = None,
        requires_grad: bool = False,
        layout: Any = None,
        pin_memory: bool = False,
    ) -> Tensor:
        """Zeros of ``size``, by default of this tensor's dtype and device."""

    def new_ones(
        self,
        *size: Any,
        dtype: DType | None = None,
        device: Device | str | None = None,
        requires_grad: bool = False,
        layout: Any = None,
        pin_memory: bool = False,
    ) -> Tensor:
        """Ones of ``size``, by default of this tensor's dtype and device."""

    def new_empty(
        self,
        *size: Any,
        dtype: DType | None = None,
        device: Device | str | None = None,
        requires_grad: bool = False,
        layout: Any = None,
        pin_memory: bool = False,
    ) -> Tensor:
        """Memory of ``size`` whose values may be anything, by default of this tensor's dtype and device."""

    # elementwise

    def add(self, other: Tensor | Number, *, alpha: Number = 1) -> Tensor:
        """Adds ``other``, scaled by ``alpha``, to ``input``.

        Args:
            input: any shape and dtype.
            other: a tensor or number that broadcasts with ``input``.
            alpha: the multiplier of ``other``.

        Returns:
            ``input + alpha * other`` in the common dtype and broadcast shape.

        Raises:
            RuntimeError: the shapes do not broadcast, or the devices differ.

        Example:
            >>> import tensorplug as tp
            >>> tp.add(tp.tensor([1.0, 2.0]), 10, alpha=2)
            tensor([21., 22.])
        """

    def add_(self, other: Tensor | Number, *, alpha: Number = 1) -> Self:
        """``add`` in place: the result overwrites this tensor, which is returned."""

    def sub(self, other: Tensor | Number, *, alpha: Number = 1) -> Tensor:
        """Subtracts ``other``, scaled by ``alpha``, from ``input``; bool tensors are refused.

        Example:
            >>> import tensorplug as tp
            >>> tp.sub(tp.tensor([3, 5]), 1)
            tensor([2, 4])
        """

    def sub_(self, other: Tensor | Number, *, alpha: Number = 1) -> Self:
        """``sub`` in place: the result overwrites this tensor, which is returned."""

    def subtract(self, other: Tensor | Number, *, alpha: Number = 1) -> Tensor:
        """The same as ``sub``."""

    def subtract_(self, other: Tensor | Number, *, alpha: Number = 1) -> Self:
        """``sub`` in place: the result overwrites this tensor, which is returned."""

    def mul(self, other: Tensor | Number) -> Tensor:
        """Multiplies ``input`` by ``other``.

        Example:
            >>> import tensorplug as tp
            >>> tp.mul(tp.tensor([1.0, 2.0]), tp.tensor([[2.0], [3.0]]))
            tensor([[2., 4.],
                    [3., 6.]])
        """

    def mul_(self, other: Tensor | Number) -> Self:
        """``mul`` in place: the result overwrites this tensor, which is returned."""

    def multiply(self, other: Tensor | Number) -> Tensor:
        """The same as ``mul``."""

    def multiply_(self, other: Tensor | Number) -> Self:
        """``mul`` in place: the result overwrites this tensor, which is returned."""

    def floor_divide(self, other: Tensor | Number) -> Tensor:
        """The largest whole number not above ``input / other``. Integer division by zero raises an error.

        Example:
            >>> import tensorplug as tp
            >>> tp.floor_divide(tp.tensor([-7, 7]), 2)
            tensor([-4,  3])
        """

    def floor_divide_(self, other: Tensor | Number) -> Self:
        """``floor_divide`` in place: the result overwrites this tensor, which is returned."""

    def div(self, other: Tensor | Number, *, rounding_mode: str | None = None) -> Tensor:
        """Divides ``input`` by ``other``.

        Args:
            input, other: tensors or numbers that broadcast.
            rounding_mode: ``None`` for true division, ``"trunc"`` towards zero, ``"floor"`` down.

        Returns:
            A floating-point tensor for true division, otherwise a tensor of the common dtype.

        Raises:
            RuntimeError: another ``rounding_mode``.

        Example:
            >>> import tensorplug as tp
            >>> tp.div(tp.tensor([7.0, -7.0]), 2, rounding_mode="trunc")
            tensor([ 3., -3.])
        """

    def div_(self, other: Tensor | Number, *, rounding_mode: str | None = None) -> Self:
        """``div`` in place: the result overwrites this tensor, which is returned."""

    def divide(self, other: Tensor | Number, *, rounding_mode: str | None = None) -> Tensor:
        """The same as ``div``."""

    def divide_(self, other: Tensor | Number, *, rounding_mode: str | None = None) -> Self:
        """``div`` in place: the result overwrites this tensor, which is returned."""

    def true_divide(self, other: Tensor | Number) -> Tensor:
        """Divides in floating point; the same as ``div`` without a rounding mode."""

    def true_divide_(self, other: Tensor | Number) -> Self:
        """``true_divide`` in place: the result overwrites this tensor, which is returned."""

    def remainder(self, other: Tensor | Number) -> Tensor:
        """The remainder with the sign of the divisor, as Python's ``%``.

        Example:
            >>> import tensorplug as tp
            >>> tp.remainder(tp.tensor([-3.0, 3.0]), 2)
            tensor([1., 1.])
        """

    def remainder_(self, other: Tensor | Number) -> Self:
        """``remainder`` in place: the result overwrites this tensor, which is returned."""

    def fmod(self, other: Tensor | Number) -> Tensor:
        """The remainder with the sign of the dividend, as C's ``fmod``.

        Example:
            >>> import tensorplug as tp
            >>> tp.fmod(tp.tensor([-3.0, 3.0]), 2)
            tensor([-1.,  1.])
        """

    def fmod_(self, other: Tensor | Number) -> Self:
        """``fmod`` in place: the result overwrites this tensor, which is returned."""

    def pow(self, exponent: Tensor | Number) -> Tensor:
        """Raises ``input`` to the power ``exponent``.

        Raises:
            RuntimeError: an integer tensor with a negative integer exponent.

        Example:
            >>> import tensorplug as tp
            >>> tp.pow(tp.tensor([1.0, 2.0, 3.0]), 2)
            tensor([1., 4., 9.])
        """

    def pow_(self, exponent: Tensor | Number) -> Self:
        """``pow`` in place: the result overwrites this tensor, which is returned."""

    def neg(self) -> Tensor:
        """Changes the sign; bool tensors are refused."""

    def neg_(self) -> Self:
        """``neg`` in place: the result overwrites this tensor, which is returned."""

    def negative(self) -> Tensor:
        """The same as ``neg``."""

    def negative_(self) -> Self:
        """``neg`` in place: the result overwrites this tensor, which is returned."""

    def positive(self) -> Tensor:
        """Returns ``input`` itself; bool tensors are refused."""

    def abs(self) -> Tensor:
        """The absolute value; of a complex number, its distance from 0. The gradient at 0 is 0.

        Example:
            >>> import tensorplug as tp
            >>> tp.abs(tp.tensor([-1.5, 2.0]))
            tensor([1.5000, 2.0000])
        """

    def abs_(self) -> Self:
        """``abs`` in place: the result overwrites this tensor, which is returned."""

    def absolute(self) -> Tensor:
        """The same as ``abs``."""

    def absolute_(self) -> Self:
        """``abs`` in place: the result overwrites this tensor, which is returned."""

    def sign(self) -> Tensor:
        """-1, 0 or 1 by the sign of each element; 0 for NaN, as in PyTorch."""

    def sign_(self) -> Self:
        """``sign`` in place: the result overwrites this tensor, which is returned."""

    def sgn(self) -> Tensor:
        """The sign; of a complex number, ``input / |input|`` (0 at 0)."""

    def sgn_(self) -> Self:
        """``sgn`` in place: the result overwrites this tensor, which is returned."""

    def square(self) -> Tensor:
        """``input * input``; bools become int64."""

    def square_(self) -> Self:
        """``square`` in place: the result overwrites this tensor, which is returned."""

    def reciprocal(self) -> Tensor:
        """``1 / input``."""

    def reciprocal_(self) -> Self:
        """``reciprocal`` in place: the result overwrites this tensor, which is returned."""

    # complex

    def conj(self) -> Tensor:
        """The complex conjugate; a real tensor comes back itself."""

    def adjoint(self) -> Tensor:
        """The conjugate transpose of the matrices in the last two dims; the conjugate of a tensor without dims.

        Raises:
            RuntimeError: one dim.

        Example:
            >>> import tensorplug as tp
            >>> tp.adjoint(tp.tensor([[1, 2j]]))
            tensor([[1.-0.j],
                    [0.-2.j]])
        """

    # random

    def uniform_(self, from_: float = 0, to: float = 1, *, generator: Generator | None = None) -> Self:
        """Fills the tensor with uniform numbers in [``from_``, ``to``).

        Raises:
            RuntimeError: ``from_`` is above ``to``.
        """

    def normal_(self, mean: float = 0, std: float = 1, *, generator: Generator | None = None) -> Self:
        """Fills the tensor with normal numbers.

        Raises:
            RuntimeError: ``std`` is negative.
        """

    def random_(self, from_: int | None = None, to: int | None = None, *, generator: Generator | None = None) -> Self:
        """Fills the tensor with whole numbers in [``from_``, ``to``); by default as many as the dtype holds exactly."""

    def bernoulli(self, p: float | None = None, *, generator: Generator | None = None) -> Tensor:
        """1 with the probability that each element gives (or with ``p``), otherwise 0.

        Raises:
            RuntimeError: a probability outside [0, 1].
        """

    def bernoulli_(self, p: Any = 0.5, *, generator: Generator | None = None) -> Self:
        """Fills the tensor with 1 with probability ``p`` (a number or tensor), otherwise 0."""

    def exponential_(self, lambd: float = 1, *, generator: Generator | None = None) -> Self:
        """Fills the tensor with numbers of the exponential distribution of rate ``lambd``."""

    def geometric_(self, p: float, *, generator: Generator | None = None) -> Self:
        """Fills the tensor with the number of trials, 1 or more, until one succeeds with probability ``p``.

        Raises:
            RuntimeError: ``p`` is not between 0 and 1.
        """

    def cauchy_(self, median: float = 0, sigma: float = 1, *, generator: Generator | None = None) -> Self:
        """Fills the tensor with numbers of the Cauchy distribution.

        Raises:
            RuntimeError: ``sigma`` is not positive, or the tensor is not floating-point.
        """

    def log_normal_(self, mean: float = 1, std: float = 2, *, generator: Generator | None = None) -> Self:
        """Fills the tensor with numbers whose logarithms are normal, of ``mean`` and standard deviation ``std``.

        Raises:
            RuntimeError: ``std`` is not positive, or the tensor is not floating-point.
        """

    def multinomial(self, num_samples: int, replacement: bool = False, *, generator: Generator | None = None) -> Tensor:
        """int64 indices drawn with probability proportional to ``input`` (a vector, or each row of a matrix).

        Without replacement the draw takes the largest of ``u ** (1 / weight)`` (Efraimidis and Spirakis, 2006), compared
        by logarithm.

        Raises:
            RuntimeError: negative, infinite or NaN weights, rows that sum to 0, or more samples than weights without
                replacement.
        """

    # activation

    def relu(self) -> Tensor:
        """``max(input, 0)``; NaN stays NaN, and the gradient at 0 is 0.

        Args:
            input: a real tensor of any shape, not bool.

        Raises:
            NotImplementedError: a bool or complex tensor.

        Example:
            >>> import tensorplug as tp
            >>> tp.relu(tp.tensor([-1.0, 0.0, 2.0]))
            tensor([0., 0., 2.])
        """

    def relu_(self) -> Self:
        """``relu`` in place: the result overwrites this tensor, which is returned."""

    def hardshrink(self, lambd: Number = 0.5) -> Tensor:
        """``input`` where it is outside [-``lambd``, ``lambd``], else 0.

        Example:
            >>> import tensorplug as tp
            >>> tp.nn.functional.hardshrink(tp.tensor([-2.0, 0.25, 1.0]))
            tensor([-2.,  0.,  1.])
        """

    def prelu(self, weight: Tensor) -> Tensor:
        """``input`` where positive, else ``weight * input``.

        Args:
            input: any shape.
            weight: one slope for all, or one for each channel (dim 1).

        Raises:
            RuntimeError: the number of slopes is not that of channels.

        Example:
            >>> import tensorplug as tp
            >>> tp.nn.functional.prelu(tp.tensor([-2.0, 3.0]), tp.tensor([0.25]))
            tensor([-0.5000,  3.0000])
        """

    def softmax(self, dim: int, dtype: DType | None = None) -> Tensor:
        """``exp(input)`` divided by its sum along ``dim``.

        Args:
            input: a floating-point tensor.
            dim: the dim whose elements add to 1.
            dtype: convert to this first.

        Raises:
            IndexError: ``dim`` is out of range.
            NotImplementedError: an integer tensor without ``dtype``.

        Example:
            >>> import tensorplug as tp
            >>> tp.softmax(tp.tensor([0.0, 0.0, 0.0, 0.0]), dim=0)
            tensor([0.2500, 0.2500, 0.2500, 0.2500])
        """

    def log_softmax(self, dim: int, dtype: DType | None = None) -> Tensor:
        """The logarithm of the softmax along ``dim``, without overflow.

        Args:
            input: a floating-point tensor.
            dim: the dim whose exponentials add to 1.
            dtype: convert to this first.

        Raises:
            IndexError: ``dim`` is out of range.
            NotImplementedError: an integer tensor without ``dtype``.

        Example:
            >>> import tensorplug as tp
            >>> tp.log_softmax(tp.tensor([0.0, 1000.0]), dim=0)
            tensor([-1000.,     0.])
        """

    # copying

    def clone(self, *, memory_format: Any = None) -> Tensor:
        """A copy in fresh memory, C-contiguous. Gradients flow through.

        Example:
            >>> import tensorplug as tp
            >>> x = tp.tensor([1, 2])
            >>> y = x.clone()
            >>> y[0] = 5
            >>> x
            tensor([1, 2])
        """

    def contiguous(self, memory_format: Any = None) -> Tensor:
        """``input`` itself where its elements lie in C order without gaps, otherwise a copy that does."""

    # strided

    def as_strided(self, size: Sequence[int], stride: Sequence[int], storage_offset: int | None = None) -> Tensor:
        """A view with any shape and strides over the memory of ``input``.

        Args:
            size, stride: one stride (in elements, not negative) for each dim.
            storage_offset: the first element's place in memory; that of ``input`` by default.

        Raises:
            RuntimeError: the geometry leaves the memory, or a stride is negative.

        Example:
            >>> import tensorplug as tp
            >>> tp.arange(4).as_strided((3, 2), (1, 1))
            tensor([[0, 1],
                    [1, 2],
                    [2, 3]])
        """

    def as_strided_(self, size: Sequence[int], stride: Sequence[int], storage_offset: int | None = None) -> Self:
        """``as_strided`` in place: the result overwrites this tensor, which is returned."""

    def as_strided_scatter(
        self, src: Tensor, size: Sequence[int], stride: Sequence[int], storage_offset: int | None = None
    ) -> Tensor:
        """A copy of ``input`` in which the elements that ``as_strided`` would show are replaced by ``src``."""

    # views

    def view(self, *shape: Any) -> Tensor:
        """The same memory with another shape; one size may be -1. With a dtype, the same bytes as that dtype.

        Raises:
            RuntimeError: the number of elements differs, or strides cannot express the shape (use ``reshape``).
            NotImplementedError: the device cannot show memory as another dtype.

        Example:
            >>> import tensorplug as tp
            >>> tp.arange(6).view(2, -1)
            tensor([[0, 1, 2],
                    [3, 4, 5]])
        """

    def reshape(self, *shape: Any) -> Tensor:
        """``input`` with another shape: a view where strides can express it, otherwise a copy.

        Args:
            shape: sizes, one of which may be -1.

        Raises:
            RuntimeError: the number of elements differs.

        Example:
            >>> import tensorplug as tp
            >>> tp.reshape(tp.arange(4), (2, 2))
            tensor([[0, 1],
                    [2, 3]])
        """

    def view_as(self, other: Tensor) -> Tensor:
        """``input.view(other.shape)``."""

    def reshape_as(self, other: Tensor) -> Tensor:
        """``input.reshape(other.shape)``."""

    def flatten(self, start_dim: int = 0, end_dim: int = -1) -> Tensor:
        """The dims from ``start_dim`` to ``end_dim`` as one.

        Example:
            >>> import tensorplug as tp
            >>> tp.zeros(2, 3, 4).flatten(start_dim=1).shape
            tensorplug.Size([2, 12])
        """

    def ravel(self) -> Tensor:
        """All elements in one dim."""

    def unflatten(self, dim: int, sizes: Sequence[int]) -> Tensor:
        """Dim ``dim`` as several, of ``sizes``, one of which may be -1.

        Raises:
            RuntimeError: the sizes do not multiply to that of the dim.
        """

    def unsqueeze(self, dim: int) -> Tensor:
        """A new dim of size 1 at ``dim``.

        Example:
            >>> import tensorplug as tp
            >>> tp.unsqueeze(tp.tensor([1, 2]), 1)
            tensor([[1],
                    [2]])
        """

    def unsqueeze_(self, dim: int) -> Self:
        """``unsqueeze`` in place: the result overwrites this tensor, which is returned."""

    def squeeze(self, dim: int | Sequence[int] | None = None) -> Tensor:
        """Without the dims of size 1: all of them, or those of ``dim`` that have that size.

        Example:
            >>> import tensorplug as tp
            >>> tp.squeeze(tp.zeros(2, 1, 3)).shape
            tensorplug.Size([2, 3])
        """

    def squeeze_(self, dim: int | Sequence[int] | None = None) -> Self:
        """``squeeze`` in place: the result overwrites this tensor, which is returned."""

    def permute(self, *dims: Any) -> Tensor:
        """The dims in another order.

        Raises:
            RuntimeError: ``dims`` is not an order of all dims.

        Example:
            >>> import tensorplug as tp
            >>> tp.zeros(2, 3, 4).permute(2, 0, 1).shape
            tensorplug.Size([4, 2, 3])
        """

    def transpose(self, dim0: int, dim1: int) -> Tensor:
        """Two dims swapped.

        Example:
            >>> import tensorplug as tp
            >>> tp.transpose(tp.tensor([[1, 2, 3]]), 0, 1)
            tensor([[1],
                    [2],
                    [3]])
        """

    def transpose_(self, dim0: int, dim1: int) -> Self:
        """``transpose`` in place: the result overwrites this tensor, which is returned."""

    def swapaxes(self, dim0: int, dim1: int) -> Tensor:
        """The same as ``transpose``."""

    def swapaxes_(self, dim0: int, dim1: int) -> Self:
        """``transpose`` in place: the result overwrites this tensor, which is returned."""

    def swapdims(self, dim0: int, dim1: int) -> Tensor:
        """The same as ``transpose``."""

    def swapdims_(self, dim0: int, dim1: int) -> Self:
        """``transpose`` in place: the result overwrites this tensor, which is returned."""

    def t(self) -> Tensor:
        """The transpose of a matrix; a vector or 0-d tensor as it is.

        Raises:
            RuntimeError: more than two dims.
        """

    def t_(self) -> Self:
        """``t`` in place: the result overwrites this tensor, which is returned."""

    def movedim(self, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
        """The dims ``source`` moved to the places ``destination``; the others keep their order."""

    def moveaxis(self, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
        """The same as ``movedim``."""

    def expand(self, *size: Any, implicit: bool = False) -> Tensor:
        """Dims of size 1 repeated to a larger size without copying; -1 keeps a size, new dims come in front.

        Raises:
            RuntimeError: a dim that is not of size 1 would change.

        Example:
            >>> import tensorplug as tp
            >>> tp.tensor([[1], [2]]).expand(2, 3)
            tensor([[1, 1, 1],
                    [2, 2, 2]])
        """

    def expand_as(self, other: Tensor) -> Tensor:
        """``input.expand(other.shape)``."""

    def broadcast_to(self, size: Any, *more: int) -> Tensor:
        """``input`` expanded to ``size``, a sequence of ints (or several ints)."""

    def sum_to_size(self, *size: Any) -> Tensor:
        """Summed over the dims that broadcasting from ``size`` added or stretched: the gradient of broadcasting.

        Raises:
            RuntimeError: ``size`` does not broadcast to the shape of ``input``.
        """

    def diagonal(self, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
        """The diagonal of the matrices in two dims, as the last dim.

        Args:
            offset: above the main diagonal where positive, below where negative.

        Example:
            >>> import tensorplug as tp
            >>> tp.diagonal(tp.tensor([[1, 2], [3, 4]]))
            tensor([1, 4])
        """

    def unfold(self, dimension: int, size: int, step: int) -> Tensor:
        """Windows of ``size`` elements along a dim, ``step`` apart, as a new last dim.

        Example:
            >>> import tensorplug as tp
            >>> tp.arange(5).unfold(0, 3, 1)
            tensor([[0, 1, 2],
                    [1, 2, 3],
                    [2, 3, 4]])
        """

    # slicing

    def select(self, dim: int, index: int) -> Tensor:
        """The slice at ``index`` of a dim, without that dim.

        Raises:
            IndexError: ``index`` is out of range, or ``input`` is 0-d.

        Example:
            >>> import tensorplug as tp
            >>> tp.tensor([[1, 2], [3, 4]]).select(1, 0)
            tensor([1, 3])
        """

    def narrow(self, dim: int, start: int, length: int) -> Tensor:
        """``length`` elements of a dim from ``start``.

        Raises:
            RuntimeError: they are not all within the dim.
            IndexError: ``start`` is out of range.
        """

    def split(self, split_size_or_sections: int | Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
        """Views of consecutive parts of a dim: of one size (the last may be smaller), or of the sizes given.

        Example:
            >>> import tensorplug as tp
            >>> [p.tolist() for p in tp.split(tp.arange(5), 2)]
            [[0, 1], [2, 3], [4]]
        """

    def chunk(self, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
        """At most ``chunks`` views of consecutive parts of a dim, of equal size but for the last.

        Example:
            >>> import tensorplug as tp
            >>> [c.tolist() for c in tp.chunk(tp.arange(5), 2)]
            [[0, 1, 2], [3, 4]]
        """

    def unbind(self, dim: int = 0) -> tuple[Tensor, ...]:
        """Views of all slices along a dim."""

    # movement

    def flip(self, *dims: Any) -> Tensor:
        """The elements of ``dims`` in reverse order.

        Example:
            >>> import tensorplug as tp
            >>> tp.flip(tp.tensor([[1, 2], [3, 4]]), (1,))
            tensor([[2, 1],
                    [4, 3]])
        """

    def fliplr(self) -> Tensor:
        """Columns in reverse order."""

    def flipud(self) -> Tensor:
        """Rows in reverse order."""

    def roll(self, shifts: int | Sequence[int], dims: int | Sequence[int] | None = None) -> Tensor:
        """Elements shifted along ``dims`` (flat without them); those that leave at the end come back in front.

        Example:
            >>> import tensorplug as tp
            >>> tp.roll(tp.arange(4), 1)
            tensor([3, 0, 1, 2])
        """

    def repeat(self, *repeats: Any) -> Tensor:
        """``input`` side by side, ``repeats[d]`` times along dim ``d``; new dims come in front.

        Example:
            >>> import tensorplug as tp
            >>> tp.tensor([1, 2]).repeat(2, 2)
            tensor([[1, 2, 1, 2],
                    [1, 2, 1, 2]])
        """

    def tile(self, *dims: Any) -> Tensor:
        """Like ``repeat``, with ones put in front of ``dims`` that are too few."""

    def repeat_interleave(
        self, repeats: int | Tensor | None = None, dim: int | None = None, *, output_size: int | None = None
    ) -> Tensor:
        """Each element repeated ``repeats`` times in place, along ``dim`` or flat.

        Example:
            >>> import tensorplug as tp
            >>> tp.repeat_interleave(tp.tensor([1, 2]), 2)
            tensor([1, 1, 2, 2])
        """

    # reduction

    def sum(self, dim: Dims = None, keepdim: bool = False, *, dtype: DType | None = None) -> Tensor:
        """The sum of elements. Bools and integers sum to int64; float16 and bfloat16 accumulate in float32.

        Args:
            input: any shape; the sum of no elements is 0.
            dim: the dims to reduce; all by default.
            keepdim: keep reduced dims with size 1.
            dtype: convert to this first.

        Raises:
            IndexError: a dim is out of range.

        Example:
            >>> import tensorplug as tp
            >>> tp.sum(tp.tensor([[1.0, 2.0], [3.0, 4.0]]), dim=0)
            tensor([4., 6.])
        """

    def nansum(self, dim: Dims = None, keepdim: bool = False, *, dtype: DType | None = None) -> Tensor:
        """The sum of the elements that are not NaN."""

    def mean(self, dim: Dims = None, keepdim: bool = False, *, dtype: DType | None = None) -> Tensor:
        """The mean of elements; of none, NaN.

        Raises:
            RuntimeError: a bool or integer tensor without ``dtype``.

        Example:
            >>> import tensorplug as tp
            >>> tp.mean(tp.tensor([1.0, 2.0, 6.0]))
            tensor(3.)
        """

    def nanmean(self, dim: Dims = None, keepdim: bool = False, *, dtype: DType | None = None) -> Tensor:
        """The mean of the elements that are not NaN.

        Raises:
            RuntimeError: a bool or integer tensor without ``dtype``.
        """

    def prod(self, dim: int | None = None, keepdim: bool = False, *, dtype: DType | None = None) -> Tensor:
        """The product of elements. Bools and integers multiply as int64.

        Example:
            >>> import tensorplug as tp
            >>> tp.prod(tp.tensor([2, 3, 4]))
            tensor(24)
        """

    def amax(self, dim: Dims = (), keepdim: bool = False) -> Tensor:
        """The largest elements; NaN if there is one. Equal elements share the gradient evenly.

        Raises:
            IndexError: a reduced dim has no elements to choose from.
            RuntimeError: the whole tensor has none.
        """

    def amin(self, dim: Dims = (), keepdim: bool = False) -> Tensor:
        """The smallest elements; NaN if there is one. Equal elements share the gradient evenly.

        Raises:
            IndexError: a reduced dim has no elements to choose from.
            RuntimeError: the whole tensor has none.
        """

    def argmax(self, dim: int | None = None, keepdim: bool = False) -> Tensor:
        """The int64 index of the largest element (the first of equals, or the first NaN), flat or along ``dim``.

        Example:
            >>> import tensorplug as tp
            >>> tp.argmax(tp.tensor([[1, 5], [7, 2]]), dim=1)
            tensor([1, 0])
        """

    def argmin(self, dim: int | None = None, keepdim: bool = False) -> Tensor:
        """The int64 index of the smallest element (the first of equals, or the first NaN), flat or along ``dim``."""

    @overload
    def max(self) -> Tensor:
        """The largest element; along ``dim``, the named tuple ``(values, indices)``; with a tensor, ``maximum``.

        Example:
            >>> import tensorplug as tp
            >>> values, indices = tp.max(tp.tensor([[1, 5], [7, 2]]), dim=1)
            >>> values
            tensor([5, 7])
        """

    @overload
    def max(self, dim: int, keepdim: bool = False) -> ValuesIndices: ...
    @overload
    def max(self, dim: Tensor, /) -> Tensor: ...
    @overload
    def min(self) -> Tensor:
        """The smallest element; along ``dim``, the named tuple ``(values, indices)``; with a tensor, ``minimum``."""

    @overload
    def min(self, dim: int, keepdim: bool = False) -> ValuesIndices: ...
    @overload
    def min(self, dim: Tensor, /) -> Tensor: ...
    def all(self, dim: Dims = None, keepdim: bool = False) -> Tensor:
        """Whether all elements are nonzero; of none, True. With an empty tuple of dims, whether each is.

        Example:
            >>> import tensorplug as tp
            >>> tp.all(tp.tensor([[1, 1], [0, 1]]), dim=1)
            tensor([ True, False])
        """

    def any(self, dim: Dims = None, keepdim: bool = False) -> Tensor:
        """Whether some element is nonzero; of none, False. With an empty tuple of dims, whether each is."""

    def var(
        self, dim: Dims = None, unbiased: bool | None = None, keepdim: bool = False, *, correction: float | None = None
    ) -> Tensor:
        """The variance: mean squared distance from the mean, over ``n - correction`` (1 by default: Bessel's).

        Example:
            >>> import tensorplug as tp
            >>> tp.var(tp.tensor([1.0, 2.0, 3.0]))
            tensor(1.)
        """

    def std(
        self, dim: Dims = None, unbiased: bool | None = None, keepdim: bool = False, *, correction: float | None = None
    ) -> Tensor:
        """The standard deviation, the square root of ``var``."""

    def logsumexp(self, dim: Dims, keepdim: bool = False) -> Tensor:
        """``log(sum(exp(input)))`` along ``dim``, without overflow."""

    def cumsum(self, dim: int, *, dtype: DType | None = None) -> Tensor:
        """Running sums along ``dim``.

        Example:
            >>> import tensorplug as tp
            >>> tp.cumsum(tp.tensor([1, 2, 3]), 0)
            tensor([1, 3, 6])
        """

    def cumsum_(self, dim: int, *, dtype: DType | None = None) -> Self:
        """``cumsum`` in place: the result overwrites this tensor, which is returned."""

    def cumprod(self, dim: int, *, dtype: DType | None = None) -> Tensor:
        """Running products along ``dim``."""

    def cumprod_(self, dim: int, *, dtype: DType | None = None) -> Self:
        """``cumprod`` in place: the result overwrites this tensor, which is returned."""

    # indexing

    def gather(self, dim: int, index: Tensor, *, sparse_grad: bool = False) -> Tensor:
        """``result[i][j] = input[index[i][j]][j]`` for dim 0, and so on.

        Args:
            dim: the dim that ``index`` counts along.
            index: int64, no larger than ``input`` in the other dims.

        Raises:
            RuntimeError: shapes do not fit.
            IndexError: an index is out of range.

        Example:
            >>> import tensorplug as tp
            >>> tp.gather(tp.tensor([[1, 2], [3, 4]]), 1, tp.tensor([[0, 0], [1, 0]]))
            tensor([[1, 1],
                    [4, 3]])
        """

    def scatter(
        self, dim: int, index: Tensor, src: Any = None, *, reduce: str | None = None, value: Any = None
    ) -> Tensor:
        """Writes ``src`` (a tensor or number) to the places that ``index`` names along ``dim``.

        Args:
            reduce: ``"add"`` or ``"multiply"`` to combine with what is there.

        Example:
            >>> import tensorplug as tp
            >>> tp.zeros(2, 3).scatter(1, tp.tensor([[0], [2]]), 1.0)
            tensor([[1., 0., 0.],
                    [0., 0., 1.]])
        """

    def scatter_(
        self, dim: int, index: Tensor, src: Any = None, *, reduce: str | None = None, value: Any = None
    ) -> Self:
        """``scatter`` in place: the result overwrites this tensor, which is returned."""

    def scatter_reduce(self, dim: int, index: Tensor, src: Tensor, reduce: str, *, include_self: bool = True) -> Tensor:
        """Combines ``src`` with the places that ``index`` names along ``dim``.

        Args:
            reduce: ``"sum"``, ``"prod"``, ``"mean"``, ``"amax"`` or ``"amin"``.
            include_self: whether what is there already takes part.
        """

    def scatter_reduce_(self, dim: int, index: Tensor, src: Tensor, reduce: str, *, include_self: bool = True) -> Self:
        """``scatter_reduce`` in place: the result overwrites this tensor, which is returned."""

    def scatter_add(self, dim: int, index: Tensor, src: Tensor) -> Tensor:
        """Adds ``src`` to the places that ``index`` names along ``dim``; repeated places add up."""

    def scatter_add_(self, dim: int, index: Tensor, src: Tensor) -> Self:
        """``scatter_add`` in place: the result overwrites this tensor, which is returned."""

    def index_select(self, dim: int, index: Tensor) -> Tensor:
        """The slices along ``dim`` that a vector of indices names.

        Raises:
            IndexError: an index is out of range, or ``index`` has more than one dim.

        Example:
            >>> import tensorplug as tp
            >>> tp.index_select(tp.tensor([10, 20, 30]), 0, tp.tensor([2, 0]))
            tensor([30, 10])
        """

    def index_add(self, dim: int, index: Tensor, source: Tensor, *, alpha: Any = 1) -> Tensor:
        """Adds slices of ``source``, times ``alpha``, to the slices along ``dim`` that ``index`` names."""

    def index_add_(self, dim: int, index: Tensor, source: Tensor, *, alpha: Any = 1) -> Self:
        """``index_add`` in place: the result overwrites this tensor, which is returned."""

    def index_copy(self, dim: int, index: Tensor, source: Tensor) -> Tensor:
        """Slices of ``source`` in the place of those along ``dim`` that ``index`` names."""

    def index_copy_(self, dim: int, index: Tensor, source: Tensor) -> Self:
        """``index_copy`` in place: the result overwrites this tensor, which is returned."""

    def index_fill(self, dim: int, index: Tensor, value: Any) -> Tensor:
        """``value`` in the slices along ``dim`` that ``index`` names."""

    def index_fill_(self, dim: int, index: Tensor, value: Any) -> Self:
        """``index_fill`` in place: the result overwrites this tensor, which is returned."""

    def take_along_dim(self, indices: Tensor, dim: int | None = None) -> Tensor:
        """Like ``gather``, with ``indices`` and ``input`` broadcast in the other dims."""

    def take(self, index: Tensor) -> Tensor:
        """The elements of the flattened ``input`` that ``index`` names, in its shape."""

    def masked_fill(self, mask: Tensor, value: Any) -> Tensor:
        """``value`` where ``mask`` holds, ``input`` elsewhere.

        Args:
            mask: bool, broadcasts with ``input``.
            value: a number or 0-d tensor.

        Raises:
            RuntimeError: ``mask`` is not bool, or ``value`` is a tensor with dims.
        """

    def masked_fill_(self, mask: Tensor, value: Any) -> Self:
        """``masked_fill`` in place: the result overwrites this tensor, which is returned."""

    def masked_select(self, mask: Tensor) -> Tensor:
        """The elements where ``mask`` holds, in one dim."""

    def masked_scatter(self, mask: Tensor, source: Tensor) -> Tensor:
        """The elements where ``mask`` holds replaced by those of ``source``, in order."""

    def masked_scatter_(self, mask: Tensor, source: Tensor) -> Self:
        """``masked_scatter`` in place: the result overwrites this tensor, which is returned."""

    @overload
    def nonzero(self, *, as_tuple: Literal[False] = False) -> Tensor:
        """The int64 coordinates of the nonzero elements in C order: shape (n, dims), or a tuple of columns.

        Example:
            >>> import tensorplug as tp
            >>> tp.nonzero(tp.tensor([0, 3, 5]))
            tensor([[1],
                    [2]])
        """

    @overload
    def nonzero(self, *, as_tuple: Literal[True]) -> tuple[Tensor, ...]: ...
    @overload
    def nonzero(self, *, as_tuple: bool = False) -> Any: ...
    def argwhere(self) -> Tensor:
        """The coordinates of the nonzero elements, one row each."""

    def index_put(self, indices: Sequence[Tensor | None], values: Tensor, accumulate: bool = False) -> Tensor:
        """A copy of ``input`` with ``values`` written (or added) where ``index`` would read.

        Raises:
            RuntimeError: ``values`` does not broadcast to what the indices select, or has another dtype.
        """

    def index_put_(self, indices: Sequence[Tensor | None], values: Tensor, accumulate: bool = False) -> Self:
        """``index_put`` in place: the result overwrites this tensor, which is returned."""

    def sort(self, dim: int = -1, descending: bool = False, stable: bool = False) -> ValuesIndices:
        """The elements in order along ``dim``, as the named tuple ``(values, indices)``. NaN counts as the largest.

        Example:
            >>> import tensorplug as tp
            >>> tp.sort(tp.tensor([3, 1, 2])).values
            tensor([1, 2, 3])
        """

    def argsort(self, dim: int = -1, descending: bool = False, stable: bool = False) -> Tensor:
        """The places of the elements in order along ``dim``."""

    def topk(self, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> ValuesIndices:
        """The ``k`` largest (or smallest) elements along ``dim``, as the named tuple ``(values, indices)``.

        Raises:
            RuntimeError: there are fewer than ``k`` elements.

        Example:
            >>> import tensorplug as tp
            >>> tp.topk(tp.tensor([3, 1, 2]), 2).values
            tensor([3, 2])
        """

    # arithmetic

    def signbit(self) -> Tensor:
        """Whether the sign of each element is minus; that of ``-0.0`` is.

        Example:
            >>> import tensorplug as tp
            >>> tp.signbit(tp.tensor([-1.0, 0.0, -0.0]))
            tensor([ True, False,  True])
        """

    def copysign(self, other: Tensor | Number) -> Tensor:
        """The size of ``input`` with the sign of ``other``.

        Example:
            >>> import tensorplug as tp
            >>> tp.copysign(tp.tensor([1.0, -2.0]), tp.tensor([-0.0, 3.0]))
            tensor([-1.,  2.])
        """

    def copysign_(self, other: Tensor | Number) -> Self:
        """``copysign`` in place: the result overwrites this tensor, which is returned."""

    def heaviside(self, values: Tensor) -> Tensor:
        """0 where ``input`` is negative, 1 where it is positive, ``values`` where it is 0. Has no gradient.

        Raises:
            RuntimeError: dtypes differ, or are complex.

        Example:
            >>> import tensorplug as tp
            >>> tp.heaviside(tp.tensor([-2.0, 0.0, 3.0]), tp.tensor(0.5))
            tensor([0.0000, 0.5000, 1.0000])
        """

    def heaviside_(self, values: Tensor) -> Self:
        """``heaviside`` in place: the result overwrites this tensor, which is returned."""

    def angle(self) -> Tensor:
        """The angle of each complex number; of real ones pi where negative, otherwise 0, and NaN of NaN.

        Example:
            >>> import tensorplug as tp
            >>> tp.angle(tp.tensor([1j, -1 + 0j]))
            tensor([1.5708, 3.1416])
        """

    def isposinf(self) -> Tensor:
        """Whether each element of a real tensor is positive infinity.

        Example:
            >>> import tensorplug as tp
            >>> tp.isposinf(tp.tensor([float("inf"), -float("inf")]))
            tensor([ True, False])
        """

    def isneginf(self) -> Tensor:
        """Whether each element of a real tensor is negative infinity.

        Example:
            >>> import tensorplug as tp
            >>> tp.isneginf(tp.tensor([float("inf"), -float("inf")]))
            tensor([False,  True])
        """

    def isreal(self) -> Tensor:
        """Whether each element has no imaginary part.

        Example:
            >>> import tensorplug as tp
            >>> tp.isreal(tp.tensor([1 + 0j, 1j]))
            tensor([ True, False])
        """

    def fmax(self, other: Tensor) -> Tensor:
        """The larger of each pair; where one is NaN, the other.

        Example:
            >>> import tensorplug as tp
            >>> tp.fmax(tp.tensor([1.0, float("nan")]), tp.tensor([2.0, 3.0]))
            tensor([2., 3.])
        """

    def fmin(self, other: Tensor) -> Tensor:
        """The smaller of each pair; where one is NaN, the other.

        Example:
            >>> import tensorplug as tp
            >>> tp.fmin(tp.tensor([1.0, float("nan")]), tp.tensor([2.0, 3.0]))
            tensor([1., 3.])
        """

    def logaddexp(self, other: Tensor) -> Tensor:
        """``log(exp(input) + exp(other))``, without overflow.

        Example:
            >>> import tensorplug as tp
            >>> tp.logaddexp(tp.tensor([1000.0]), tp.tensor([1000.0]))
            tensor([1000.6932])
        """

    def logaddexp2(self, other: Tensor) -> Tensor:
        """``log2(2**input + 2**other)``, without overflow.

        Example:
            >>> import tensorplug as tp
            >>> tp.logaddexp2(tp.tensor([1000.0]), tp.tensor([1000.0]))
            tensor([1001.])
        """

    def xlogy(self, other: Tensor | Number) -> Tensor:
        """``input * log(other)``, and 0 where ``input`` is 0 (unless ``other`` is NaN).

        Example:
            >>> import tensorplug as tp
            >>> tp.xlogy(tp.tensor([0.0, 1.0]), tp.tensor([0.0, 1.0]))
            tensor([0., 0.])
        """

    def xlogy_(self, other: Tensor | Number) -> Self:
        """``xlogy`` in place: the result overwrites this tensor, which is returned."""

    def logit(self, eps: float | None = None) -> Tensor:
        """``log(x / (1 - x))``, the inverse of ``sigmoid``.

        Args:
            eps: limit the elements to [eps, 1 - eps] first; without it they give NaN outside of [0, 1].

        Example:
            >>> import tensorplug as tp
            >>> tp.logit(tp.tensor([0.5, 1.0]))
            tensor([0., inf])
        """

    def logit_(self, eps: float | None = None) -> Self:
        """``logit`` in place: the result overwrites this tensor, which is returned."""

    def hypot(self, other: Tensor) -> Tensor:
        """``sqrt(input**2 + other**2)``, without overflow; infinite where either is.

        Example:
            >>> import tensorplug as tp
            >>> tp.hypot(tp.tensor([3.0]), tp.tensor([4.0]))
            tensor([5.])
        """

    def hypot_(self, other: Tensor) -> Self:
        """``hypot`` in place: the result overwrites this tensor, which is returned."""

    def polar(self, angle: Tensor) -> Tensor:
        """The complex numbers of these sizes and angles.

        Args:
            abs, angle: float32 or float64.

        Raises:
            RuntimeError: another dtype.

        Example:
            >>> import tensorplug as tp
            >>> tp.polar(tp.tensor([2.0]), tp.tensor([0.0]))
            tensor([2.+0.j])
        """

    def deg2rad(self) -> Tensor:
        """Degrees as radians.

        Example:
            >>> import tensorplug as tp
            >>> tp.deg2rad(tp.tensor([180.0]))
            tensor([3.1416])
        """

    def deg2rad_(self) -> Self:
        """``deg2rad`` in place: the result overwrites this tensor, which is returned."""

    def rad2deg(self) -> Tensor:
        """Radians as degrees.

        Example:
            >>> import tensorplug as tp
            >>> tp.rad2deg(tp.tensor([1.0]))
            tensor([57.2958])
        """

    def rad2deg_(self) -> Self:
        """``rad2deg`` in place: the result overwrites this tensor, which is returned."""

    def float_power(self, exponent: Tensor | Number) -> Tensor:
        """``input ** exponent`` in float64, or complex128 where either is complex.

        Example:
            >>> import tensorplug as tp
            >>> tp.float_power(tp.tensor([2]), -1)
            tensor([0.5000], dtype=tensorplug.float64)
        """

    def ldexp(self, other: Tensor) -> Tensor:
        """``input * 2**other``.

        Example:
            >>> import tensorplug as tp
            >>> tp.ldexp(tp.tensor([1.0]), tp.tensor([3]))
            tensor([8.])
        """

    def ldexp_(self, other: Tensor) -> Self:
        """``ldexp`` in place: the result overwrites this tensor, which is returned."""

    def frexp(self) -> MantissaExponent:
        """Each number as ``mantissa * 2**exponent``, the mantissa's size in [0.5, 1), as the named tuple of both.

        Raises:
            RuntimeError: not floating-point numbers.

        Example:
            >>> import tensorplug as tp
            >>> tp.frexp(tp.tensor([8.0]))
            MantissaExponent(mantissa=tensor([0.5000]), exponent=tensor([4], dtype=tensorplug.int32))
        """

    def nextafter(self, other: Tensor) -> Tensor:
        """The next number of the dtype after ``input`` in the direction of ``other``. Has no gradient.

        Example:
            >>> import tensorplug as tp
            >>> tp.nextafter(tp.tensor([1.0]), tp.tensor([2.0])) > 1
            tensor([True])
        """

    def nextafter_(self, other: Tensor) -> Self:
        """``nextafter`` in place: the result overwrites this tensor, which is returned."""

    def gcd(self, other: Tensor) -> Tensor:
        """The greatest common divisors of integers; of 0 and 0 it is 0.

        Example:
            >>> import tensorplug as tp
            >>> tp.gcd(tp.tensor([12, 7]), tp.tensor([18, 0]))
            tensor([6, 7])
        """

    def gcd_(self, other: Tensor) -> Self:
        """``gcd`` in place: the result overwrites this tensor, which is returned."""

    def lcm(self, other: Tensor) -> Tensor:
        """The least common multiples of integers; 0 where either is 0.

        Example:
            >>> import tensorplug as tp
            >>> tp.lcm(tp.tensor([4, 7]), tp.tensor([6, 0]))
            tensor([12,  0])
        """

    def lcm_(self, other: Tensor) -> Self:
        """``lcm`` in place: the result overwrites this tensor, which is returned."""

    # arrangement

    def tensor_split(self, indices_or_sections: Any, dim: int = 0) -> tuple[Tensor, ...]:
        """Views of the parts of a tensor along ``dim``.

        Args:
            indices_or_sections: how many parts, of sizes that differ by one at most; or where to cut, a sequence or tensor.

        Raises:
            RuntimeError: no parts, or a 0-d tensor.

        Example:
            >>> import tensorplug as tp
            >>> tp.tensor_split(tp.arange(5), 2)
            (tensor([0, 1, 2]), tensor([3, 4]))
        """

    def hsplit(self, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
        """Views of the parts of a tensor along the second dim (the only one of a vector), equal ones or cut at places.

        Example:
            >>> import tensorplug as tp
            >>> tp.hsplit(tp.arange(4), 2)
            (tensor([0, 1]), tensor([2, 3]))
        """

    def vsplit(self, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
        """Views of the parts of a tensor along the first of at least two dims, equal ones or cut at places.

        Example:
            >>> import tensorplug as tp
            >>> tp.vsplit(tp.tensor([[1], [2]]), 2)
            (tensor([[1]]), tensor([[2]]))
        """

    def dsplit(self, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
        """Views of the parts of a tensor along the third dim, equal ones or cut at places.

        Example:
            >>> import tensorplug as tp
            >>> [x.shape for x in tp.dsplit(tp.ones(1, 2, 4), [1])]
            [tensorplug.Size([1, 2, 1]), tensorplug.Size([1, 2, 3])]
        """

    def rot90(self, k: int = 1, dims: Sequence[int] = (0, 1)) -> Tensor:
        """The tensor turned ``k`` times by 90 degrees, from the first of two dims towards the second.

        Raises:
            RuntimeError: not two different dims.

        Example:
            >>> import tensorplug as tp
            >>> tp.rot90(tp.tensor([[1, 2], [3, 4]]))
            tensor([[2, 4],
                    [1, 3]])
        """

    def select_scatter(self, src: Tensor, dim: int, index: int) -> Tensor:
        """A copy of ``input`` in which ``src`` is the slice at ``index`` along ``dim``.

        Example:
            >>> import tensorplug as tp
            >>> tp.select_scatter(tp.zeros(2, 2), tp.ones(2), 0, 1)
            tensor([[0., 0.],
                    [1., 1.]])
        """

    def slice_scatter(
        self, src: Tensor, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1
    ) -> Tensor:
        """A copy of ``input`` in which ``src`` is the slice ``start:end:step`` along ``dim``.

        Example:
            >>> import tensorplug as tp
            >>> tp.slice_scatter(tp.zeros(4), tp.ones(2), step=2)
            tensor([1., 0., 1., 0.])
        """

    def put(self, index: Tensor, source: Tensor, accumulate: bool = False) -> Tensor:
        """A copy of ``input`` with ``source`` at the places in the flattened tensor that ``index`` names.

        Args:
            accumulate: add to what is there.

        Raises:
            RuntimeError: dtypes do not fit.
            IndexError: a place is out of range, or ``index`` and ``source`` have different numbers of elements.

        Example:
            >>> import tensorplug as tp
            >>> tp.put(tp.zeros(2, 2), tp.tensor([3]), tp.tensor([5.0]))
            tensor([[0., 0.],
                    [0., 5.]])
        """

    def put_(self, index: Tensor, source: Tensor, accumulate: bool = False) -> Self:
        """``put`` in place: the result overwrites this tensor, which is returned."""

    def index_reduce(
        self, dim: int, index: Tensor, source: Tensor, reduce: str, *, include_self: bool = True
    ) -> Tensor:
        """Combines the slices of ``source`` with those along ``dim`` that ``index`` names.

        Args:
            reduce: ``"prod"``, ``"mean"``, ``"amax"`` or ``"amin"``.
            include_self: whether what is there already takes part.

        Raises:
            RuntimeError: another ``reduce``, or shapes or dtypes that do not fit.

        Example:
            >>> import tensorplug as tp
            >>> tp.index_reduce(tp.ones(2), 0, tp.tensor([1, 1]), tp.tensor([2.0, 3.0]), "prod")
            tensor([1., 6.])
        """

    def index_reduce_(self, dim: int, index: Tensor, source: Tensor, reduce: str, *, include_self: bool = True) -> Self:
        """``index_reduce`` in place: the result overwrites this tensor, which is returned."""

    def renorm(self, p: float, dim: int, maxnorm: float) -> Tensor:
        """The slices along ``dim`` made shorter where their ``p``-norm is larger than ``maxnorm``.

        Raises:
            RuntimeError: fewer than two dims, or ``p`` or ``maxnorm`` out of range.

        Example:
            >>> import tensorplug as tp
            >>> tp.renorm(tp.tensor([[3.0, 4.0], [0.3, 0.4]]), 2, 0, 1.0)
            tensor([[0.6000, 0.8000],
                    [0.3000, 0.4000]])
        """

    def renorm_(self, p: float, dim: int, maxnorm: float) -> Self:
        """``renorm`` in place: the result overwrites this tensor, which is returned."""

    def diff(self, n: int = 1, dim: int = -1, prepend: Tensor | None = None, append: Tensor | None = None) -> Tensor:
        """The differences of neighbours along ``dim``, taken ``n`` times; of bools, whether they differ.

        Args:
            prepend, append: joined to the input along ``dim`` first.

        Raises:
            RuntimeError: a 0-d tensor, or a negative ``n``.

        Example:
            >>> import tensorplug as tp
            >>> tp.diff(tp.tensor([1, 3, 6]))
            tensor([2, 3])
        """

    # linalg

    def matmul(self, other: Tensor) -> Tensor:
        """The matrix product, batched over dims in front of the last two, which broadcast.

        Args:
            input: vector, matrix, or batch of matrices.
            other: the same; both of one dtype.

        Returns:
            For two vectors their dot product (0-d); a vector on the left is a row, on the right a column, and that dim is
            gone from the result.

        Raises:
            RuntimeError: inner sizes differ, a tensor is 0-d, or dtypes differ.

        Example:
            >>> import tensorplug as tp
            >>> tp.matmul(tp.tensor([[1.0, 2.0], [3.0, 4.0]]), tp.tensor([1.0, 1.0]))
            tensor([3., 7.])
        """

    def mm(self, mat2: Tensor) -> Tensor:
        """The product of two matrices.

        Raises:
            RuntimeError: either is not a matrix, or the inner sizes differ.
        """

    def bmm(self, mat2: Tensor) -> Tensor:
        """The products of two batches of matrices of the same length.

        Raises:
            RuntimeError: either is not 3-d, or the batch or inner sizes differ.
        """

    def mv(self, vec: Tensor) -> Tensor:
        """The product of a matrix and a vector."""

    def dot(self, tensor: Tensor) -> Tensor:
        """The sum of the products of two vectors of one size.

        Example:
            >>> import tensorplug as tp
            >>> tp.dot(tp.tensor([2, 3]), tp.tensor([2, 1]))
            tensor(7)
        """

    def outer(self, vec2: Tensor) -> Tensor:
        """All products of an element of one vector with one of the other.

        Example:
            >>> import tensorplug as tp
            >>> tp.outer(tp.tensor([1, 2]), tp.tensor([3, 4]))
            tensor([[3, 4],
                    [6, 8]])
        """

    def ger(self, vec2: Tensor) -> Tensor:
        """The same as ``outer``."""

    def addmm(self, mat1: Tensor, mat2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """``beta * input + alpha * (mat1 @ mat2)``; with ``beta=0`` the input's values do not matter."""

    def addmm_(self, mat1: Tensor, mat2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Self:
        """``addmm`` in place: the result overwrites this tensor, which is returned."""

    def addmv(self, mat: Tensor, vec: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """``beta * input + alpha * (mat @ vec)``."""

    def addmv_(self, mat: Tensor, vec: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Self:
        """``addmv`` in place: the result overwrites this tensor, which is returned."""

    def baddbmm(self, batch1: Tensor, batch2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """``beta * input + alpha * bmm(batch1, batch2)``."""

    def baddbmm_(self, batch1: Tensor, batch2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Self:
        """``baddbmm`` in place: the result overwrites this tensor, which is returned."""

    def trace(self) -> Tensor:
        """The sum of a matrix's diagonal."""

    # bits

    def bitwise_not(self) -> Tensor:
        """Every bit flipped; of bools, the logical not."""

    def bitwise_not_(self) -> Self:
        """``bitwise_not`` in place: the result overwrites this tensor, which is returned."""

    def bitwise_and(self, other: Tensor | Number) -> Tensor:
        """Bits set in both; of bools, the logical and."""

    def bitwise_and_(self, other: Tensor | Number) -> Self:
        """``bitwise_and`` in place: the result overwrites this tensor, which is returned."""

    def bitwise_or(self, other: Tensor | Number) -> Tensor:
        """Bits set in either; of bools, the logical or."""

    def bitwise_or_(self, other: Tensor | Number) -> Self:
        """``bitwise_or`` in place: the result overwrites this tensor, which is returned."""

    def bitwise_xor(self, other: Tensor | Number) -> Tensor:
        """Bits set in one only; of bools, whether they differ."""

    def bitwise_xor_(self, other: Tensor | Number) -> Self:
        """``bitwise_xor`` in place: the result overwrites this tensor, which is returned."""

    def bitwise_left_shift(self, other: Tensor | Number) -> Tensor:
        """``input * 2**other``, wrapping."""

    def bitwise_left_shift_(self, other: Tensor | Number) -> Self:
        """``bitwise_left_shift`` in place: the result overwrites this tensor, which is returned."""

    def bitwise_right_shift(self, other: Tensor | Number) -> Tensor:
        """``input / 2**other``, rounded down."""

    def bitwise_right_shift_(self, other: Tensor | Number) -> Self:
        """``bitwise_right_shift`` in place: the result overwrites this tensor, which is returned."""

    # choice

    def maximum(self, other: Tensor) -> Tensor:
        """The larger of each pair; NaN where either is NaN. Where both are equal each gets half the gradient."""

    def maximum_(self, other: Tensor) -> Self:
        """``maximum`` in place: the result overwrites this tensor, which is returned."""

    def minimum(self, other: Tensor) -> Tensor:
        """The smaller of each pair; NaN where either is NaN. Where both are equal each gets half the gradient."""

    def minimum_(self, other: Tensor) -> Self:
        """``minimum`` in place: the result overwrites this tensor, which is returned."""

    def clamp(self, min: Tensor | Number | None = None, max: Tensor | Number | None = None) -> Tensor:
        """Limits each element to [``min``, ``max``]; where ``min > max`` the result is ``max``. NaN stays NaN.

        Args:
            input: a real tensor.
            min, max: numbers or tensors that broadcast with ``input``; at least one.

        Raises:
            RuntimeError: neither limit is given.

        Example:
            >>> import tensorplug as tp
            >>> tp.clamp(tp.tensor([-2.0, 0.5, 3.0]), 0, 1)
            tensor([0.0000, 0.5000, 1.0000])
        """

    def clamp_(self, min: Tensor | Number | None = None, max: Tensor | Number | None = None) -> Self:
        """``clamp`` in place: the result overwrites this tensor, which is returned."""

    def clip(self, min: Tensor | Number | None = None, max: Tensor | Number | None = None) -> Tensor:
        """The same as ``clamp``."""

    def clip_(self, min: Tensor | Number | None = None, max: Tensor | Number | None = None) -> Self:
        """``clamp`` in place: the result overwrites this tensor, which is returned."""

    def clamp_min(self, min: Tensor | Number) -> Tensor:
        """Limits each element to at least ``min``."""

    def clamp_min_(self, min: Tensor | Number) -> Self:
        """``clamp_min`` in place: the result overwrites this tensor, which is returned."""

    def clamp_max(self, max: Tensor | Number) -> Tensor:
        """Limits each element to at most ``max``."""

    def clamp_max_(self, max: Tensor | Number) -> Self:
        """``clamp_max`` in place: the result overwrites this tensor, which is returned."""

    def nan_to_num(self, nan: float | None = None, posinf: float | None = None, neginf: float | None = None) -> Tensor:
        """Replaces NaN by ``nan`` (or 0), infinities by ``posinf`` and ``neginf`` (or the dtype's largest numbers)."""

    def nan_to_num_(self, nan: float | None = None, posinf: float | None = None, neginf: float | None = None) -> Self:
        """``nan_to_num`` in place: the result overwrites this tensor, which is returned."""

    def lerp(self, end: Tensor, weight: Tensor | float) -> Tensor:
        """Linear interpolation, ``input + weight * (end - input)``.

        Raises:
            RuntimeError: the tensors are of different dtypes.
        """

    def lerp_(self, end: Tensor, weight: Tensor | float) -> Self:
        """``lerp`` in place: the result overwrites this tensor, which is returned."""

    def addcmul(self, tensor1: Tensor, tensor2: Tensor, *, value: Number = 1) -> Tensor:
        """``input + value * tensor1 * tensor2``."""

    def addcmul_(self, tensor1: Tensor, tensor2: Tensor, *, value: Number = 1) -> Self:
        """``addcmul`` in place: the result overwrites this tensor, which is returned."""

    def addcdiv(self, tensor1: Tensor, tensor2: Tensor, *, value: Number = 1) -> Tensor:
        """``input + value * tensor1 / tensor2``; integer tensors are refused."""

    def addcdiv_(self, tensor1: Tensor, tensor2: Tensor, *, value: Number = 1) -> Self:
        """``addcdiv`` in place: the result overwrites this tensor, which is returned."""

    # comparison

    def eq(self, other: Tensor | Number) -> Tensor:
        """Whether the elements are equal; NaN equals nothing.

        Example:
            >>> import tensorplug as tp
            >>> tp.eq(tp.tensor([1, 2]), 2)
            tensor([False,  True])
        """

    def eq_(self, other: Tensor | Number) -> Self:
        """``eq`` in place: the result overwrites this tensor, which is returned."""

    def ne(self, other: Tensor | Number) -> Tensor:
        """Whether the elements differ; NaN differs from everything."""

    def ne_(self, other: Tensor | Number) -> Self:
        """``ne`` in place: the result overwrites this tensor, which is returned."""

    def not_equal(self, other: Tensor | Number) -> Tensor:
        """The same as ``ne``."""

    def not_equal_(self, other: Tensor | Number) -> Self:
        """``ne`` in place: the result overwrites this tensor, which is returned."""

    def lt(self, other: Tensor | Number) -> Tensor:
        """Whether ``input < other``."""

    def lt_(self, other: Tensor | Number) -> Self:
        """``lt`` in place: the result overwrites this tensor, which is returned."""

    def less(self, other: Tensor | Number) -> Tensor:
        """The same as ``lt``."""

    def less_(self, other: Tensor | Number) -> Self:
        """``lt`` in place: the result overwrites this tensor, which is returned."""

    def le(self, other: Tensor | Number) -> Tensor:
        """Whether ``input <= other``."""

    def le_(self, other: Tensor | Number) -> Self:
        """``le`` in place: the result overwrites this tensor, which is returned."""

    def less_equal(self, other: Tensor | Number) -> Tensor:
        """The same as ``le``."""

    def less_equal_(self, other: Tensor | Number) -> Self:
        """``le`` in place: the result overwrites this tensor, which is returned."""

    def gt(self, other: Tensor | Number) -> Tensor:
        """Whether ``input > other``."""

    def gt_(self, other: Tensor | Number) -> Self:
        """``gt`` in place: the result overwrites this tensor, which is returned."""

    def greater(self, other: Tensor | Number) -> Tensor:
        """The same as ``gt``."""

    def greater_(self, other: Tensor | Number) -> Self:
        """``gt`` in place: the result overwrites this tensor, which is returned."""

    def ge(self, other: Tensor | Number) -> Tensor:
        """Whether ``input >= other``."""

    def ge_(self, other: Tensor | Number) -> Self:
        """``ge`` in place: the result overwrites this tensor, which is returned."""

    def greater_equal(self, other: Tensor | Number) -> Tensor:
        """The same as ``ge``."""

    def greater_equal_(self, other: Tensor | Number) -> Self:
        """``ge`` in place: the result overwrites this tensor, which is returned."""

    def logical_not(self) -> Tensor:
        """Whether each element is zero (or False)."""

    def logical_not_(self) -> Self:
        """``logical_not`` in place: the result overwrites this tensor, which is returned."""

    def logical_and(self, other: Tensor) -> Tensor:
        """Whether both elements are nonzero."""

    def logical_and_(self, other: Tensor) -> Self:
        """``logical_and`` in place: the result overwrites this tensor, which is returned."""

    def logical_or(self, other: Tensor) -> Tensor:
        """Whether either element is nonzero."""

    def logical_or_(self, other: Tensor) -> Self:
        """``logical_or`` in place: the result overwrites this tensor, which is returned."""

    def logical_xor(self, other: Tensor) -> Tensor:
        """Whether just one of the elements is nonzero."""

    def logical_xor_(self, other: Tensor) -> Self:
        """``logical_xor`` in place: the result overwrites this tensor, which is returned."""

    def isnan(self) -> Tensor:
        """Whether each element is NaN (for complex numbers, in either part)."""

    def isinf(self) -> Tensor:
        """Whether each element is infinite (for complex numbers, in either part)."""

    def isfinite(self) -> Tensor:
        """Whether each element is neither infinite nor NaN."""

    def isclose(self, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> Tensor:
        """Whether ``|input - other| <= atol + rtol * |other|`` (equal infinities are close)."""

    def allclose(self, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> bool:
        """Whether ``isclose`` holds for all elements."""

    def equal(self, other: Tensor) -> bool:
        """Whether two tensors have the same shape and elements.

        Example:
            >>> import tensorplug as tp
            >>> tp.equal(tp.tensor([1, 2]), tp.tensor([1, 2]))
            True
        """

    # complex_views

    def view_as_real(self) -> Tensor:
        """The memory of complex numbers as pairs of real ones in a new last dim.

        Of a tensor whose ops are recorded for gradients it is new values instead, which cannot be changed in place.

        Raises:
            RuntimeError: the tensor is real.

        Example:
            >>> import tensorplug as tp
            >>> z = tp.tensor([1 + 2j])
            >>> tp.view_as_real(z)[:, 1] = 5
            >>> z
            tensor([1.+5.j])
        """

    def view_as_complex(self) -> Tensor:
        """The memory of pairs of real numbers, in the last dim, as complex ones.

        Of a tensor whose ops are recorded for gradients it is new values instead, which cannot be changed in place.

        Raises:
            RuntimeError: the last dim has not size 2 or not stride 1, another stride or the offset is odd, or the dtype is
                neither float32 nor float64.

        Example:
            >>> import tensorplug as tp
            >>> tp.view_as_complex(tp.tensor([[1.0, 2.0]]))
            tensor([1.+2.j])
        """

    # coordinates

    def nonzero_static(self, *, size: int, fill_value: int = -1) -> Tensor:
        """The coordinates of the first ``size`` nonzero elements in C order; rows of ``fill_value`` where there are fewer.

        Returns:
            int64, shape (size, dims).

        Raises:
            RuntimeError: a negative size.

        Example:
            >>> import tensorplug as tp
            >>> tp.nonzero_static(tp.tensor([0, 3]), size=2)
            tensor([[ 1],
                    [-1]])
        """

    # triangular

    def tril(self, diagonal: int = 0) -> Tensor:
        """The lower triangle of the matrices in the last two dims; the other elements are 0.

        Args:
            diagonal: the highest diagonal that is kept: above the main one where positive, below where negative.

        Raises:
            RuntimeError: fewer than two dims.

        Example:
            >>> import tensorplug as tp
            >>> tp.tril(tp.ones(2, 3))
            tensor([[1., 0., 0.],
                    [1., 1., 0.]])
        """

    def tril_(self, diagonal: int = 0) -> Self:
        """``tril`` in place: the result overwrites this tensor, which is returned."""

    def triu(self, diagonal: int = 0) -> Tensor:
        """The upper triangle of the matrices in the last two dims; the other elements are 0.

        Args:
            diagonal: the lowest diagonal that is kept: above the main one where positive, below where negative.

        Raises:
            RuntimeError: fewer than two dims.

        Example:
            >>> import tensorplug as tp
            >>> tp.triu(tp.ones(3, 3), diagonal=1)
            tensor([[0., 1., 1.],
                    [0., 0., 1.],
                    [0., 0., 0.]])
        """

    def triu_(self, diagonal: int = 0) -> Self:
        """``triu`` in place: the result overwrites this tensor, which is returned."""

    def diag_embed(self, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
        """Matrices with the last dim of ``input`` on their diagonal and 0 elsewhere.

        Args:
            offset: the diagonal: above the main one where positive, below where negative.
            dim1, dim2: the dims of the result that the matrices lie in.

        Returns:
            One dim more than ``input``; the matrices are square.

        Raises:
            RuntimeError: both dims are the same.

        Example:
            >>> import tensorplug as tp
            >>> tp.diag_embed(tp.tensor([[1, 2], [3, 4]]))
            tensor([[[1, 0],
                     [0, 2]],
            <BLANKLINE>
                    [[3, 0],
                     [0, 4]]])
        """

    def diag(self, diagonal: int = 0) -> Tensor:
        """The diagonal of a matrix as a vector, or the matrix with a vector on its diagonal.

        Raises:
            RuntimeError: neither a vector nor a matrix.

        Example:
            >>> import tensorplug as tp
            >>> tp.diag(tp.tensor([[1, 2], [3, 4]]))
            tensor([1, 4])
            >>> tp.diag(tp.tensor([1, 2]))
            tensor([[1, 0],
                    [0, 2]])
        """

    def diagflat(self, offset: int = 0) -> Tensor:
        """A matrix with all elements of ``input`` on its diagonal.

        Example:
            >>> import tensorplug as tp
            >>> tp.diagflat(tp.tensor([1, 2]))
            tensor([[1, 0],
                    [0, 2]])
        """

    def diagonal_scatter(self, src: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
        """A copy of ``input`` whose diagonal is ``src``.

        Args:
            src: the shape that ``input.diagonal(offset, dim1, dim2)`` has.

        Example:
            >>> import tensorplug as tp
            >>> tp.diagonal_scatter(tp.zeros(2, 2), tp.ones(2))
            tensor([[1., 0.],
                    [0., 1.]])
        """

    # solving

    def inverse(self) -> Tensor:
        """``linalg.inv`` by an older name.

        Raises:
            LinAlgError: a matrix is singular.
        """

    # determinant

    def det(self) -> Tensor:
        """``linalg.det`` by an older name."""

    def slogdet(self) -> SignLogDet:
        """``linalg.slogdet`` by an older name."""

    def logdet(self) -> Tensor:
        """The logarithm of determinants; NaN for real matrices where the determinant is negative.

        Example:
            >>> import tensorplug as tp
            >>> tp.logdet(tp.tensor([[2.0, 0.0], [0.0, 0.5]]))
            tensor(0.)
        """

    # einsum

    def inner(self, other: Tensor) -> Tensor:
        """The sum of products over the last dims; with a 0-d tensor, the product.

        Raises:
            RuntimeError: the last dims differ in size.

        Example:
            >>> import tensorplug as tp
            >>> tp.inner(tp.tensor([1, 2]), tp.tensor([3, 4]))
            tensor(11)
        """

    def vdot(self, other: Tensor) -> Tensor:
        """The dot product of two vectors, the first one conjugated.

        Example:
            >>> import tensorplug as tp
            >>> tp.vdot(tp.tensor([1j]), tp.tensor([2j]))
            tensor(2.+0.j)
        """

    def kron(self, other: Tensor) -> Tensor:
        """The Kronecker product: every element of ``input`` times the whole of ``other``, as blocks.

        Example:
            >>> import tensorplug as tp
            >>> tp.kron(tp.tensor([[1, 2]]), tp.tensor([[1], [1]]))
            tensor([[1, 2],
                    [1, 2]])
        """

    def cross(self, other: Tensor, dim: int | None = None) -> Tensor:
        """The cross products of vectors of three elements along ``dim``.

        Args:
            input, other: shapes that broadcast, with the same number of dims.
            dim: where the vectors lie; the first dim of size 3 by default.

        Raises:
            RuntimeError: the dim has not size 3, or the numbers of dims or the dtypes differ.

        Example:
            >>> import tensorplug as tp
            >>> tp.cross(tp.tensor([1, 0, 0]), tp.tensor([0, 1, 0]))
            tensor([0, 0, 1])
        """

    def addr(self, vec1: Tensor, vec2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """``beta * input + alpha * outer(vec1, vec2)``; with ``beta=0`` the input's values do not matter.

        Example:
            >>> import tensorplug as tp
            >>> tp.addr(tp.ones(2, 2), tp.tensor([1.0, 2.0]), tp.tensor([1.0, 0.0]))
            tensor([[2., 1.],
                    [3., 1.]])
        """

    def addr_(self, vec1: Tensor, vec2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Self:
        """``addr`` in place: the result overwrites this tensor, which is returned."""

    def addbmm(self, batch1: Tensor, batch2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """``beta * input + alpha * bmm(batch1, batch2).sum(0)``; with ``beta=0`` the input's values do not matter.

        Example:
            >>> import tensorplug as tp
            >>> tp.addbmm(tp.ones(1, 1), tp.ones(2, 1, 3), tp.ones(2, 3, 1))
            tensor([[7.]])
        """

    def addbmm_(self, batch1: Tensor, batch2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Self:
        """``addbmm`` in place: the result overwrites this tensor, which is returned."""

    def cov(self, *, correction: int = 1, fweights: Tensor | None = None, aweights: Tensor | None = None) -> Tensor:
        """The covariances of variables (rows) over observations (columns).

        Args:
            input: shape (variables, observations), or (observations,) for one variable.
            correction: what is taken off the number of observations.
            fweights: how often each observation was made, integers.
            aweights: how much each observation counts.

        Returns:
            A square matrix; a 0-d tensor for one variable.

        Raises:
            RuntimeError: more than two dims, or weights that do not fit.

        Example:
            >>> import tensorplug as tp
            >>> tp.cov(tp.tensor([[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]]))
            tensor([[ 1., -1.],
                    [-1.,  1.]])
        """

    def corrcoef(self) -> Tensor:
        """Pearson's correlation coefficients of variables (rows) over observations (columns).

        Example:
            >>> import tensorplug as tp
            >>> tp.corrcoef(tp.tensor([[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]]))
            tensor([[ 1., -1.],
                    [-1.,  1.]])
        """

    def dist(self, other: Tensor, p: float = 2) -> Tensor:
        """The ``p``-norm of ``input - other``, which broadcast.

        Example:
            >>> import tensorplug as tp
            >>> tp.dist(tp.tensor([0.0, 3.0]), tp.tensor([4.0, 0.0]))
            tensor(5.)
        """

    # error_function

    def erf(self) -> Tensor:
        """The error function, ``2/sqrt(pi) * integral of exp(-t**2) from 0 to input``."""

    def erf_(self) -> Self:
        """``erf`` in place: the result overwrites this tensor, which is returned."""

    def erfc(self) -> Tensor:
        """``1 - erf(input)``, accurate for large inputs."""

    def erfc_(self) -> Self:
        """``erfc`` in place: the result overwrites this tensor, which is returned."""

    def erfinv(self) -> Tensor:
        """The inverse of ``erf``: -inf at -1, inf at 1, NaN outside."""

    def erfinv_(self) -> Self:
        """``erfinv`` in place: the result overwrites this tensor, which is returned."""

    def sigmoid(self) -> Tensor:
        """``1 / (1 + exp(-input))``.

        Example:
            >>> import tensorplug as tp
            >>> tp.sigmoid(tp.tensor([0.0, 2.0]))
            tensor([0.5000, 0.8808])
        """

    def sigmoid_(self) -> Self:
        """``sigmoid`` in place: the result overwrites this tensor, which is returned."""

    # exponential

    def exp(self) -> Tensor:
        """``e ** input``.

        Example:
            >>> import tensorplug as tp
            >>> tp.exp(tp.tensor([0.0, 1.0]))
            tensor([1.0000, 2.7183])
        """

    def exp_(self) -> Self:
        """``exp`` in place: the result overwrites this tensor, which is returned."""

    def exp2(self) -> Tensor:
        """``2 ** input``."""

    def exp2_(self) -> Self:
        """``exp2`` in place: the result overwrites this tensor, which is returned."""

    def expm1(self) -> Tensor:
        """``exp(input) - 1``, accurate near 0."""

    def expm1_(self) -> Self:
        """``expm1`` in place: the result overwrites this tensor, which is returned."""

    def log(self) -> Tensor:
        """The natural logarithm: -inf at 0, NaN below.

        Example:
            >>> import tensorplug as tp
            >>> tp.log(tp.tensor([1.0, 0.0]))
            tensor([0., -inf])
        """

    def log_(self) -> Self:
        """``log`` in place: the result overwrites this tensor, which is returned."""

    def log1p(self) -> Tensor:
        """``log(1 + input)``, accurate near 0."""

    def log1p_(self) -> Self:
        """``log1p`` in place: the result overwrites this tensor, which is returned."""

    def log2(self) -> Tensor:
        """The logarithm to base 2."""

    def log2_(self) -> Self:
        """``log2`` in place: the result overwrites this tensor, which is returned."""

    def log10(self) -> Tensor:
        """The logarithm to base 10."""

    def log10_(self) -> Self:
        """``log10`` in place: the result overwrites this tensor, which is returned."""

    def sqrt(self) -> Tensor:
        """The square root: NaN below 0. The gradient at 0 is inf."""

    def sqrt_(self) -> Self:
        """``sqrt`` in place: the result overwrites this tensor, which is returned."""

    def rsqrt(self) -> Tensor:
        """``1 / sqrt(input)``."""

    def rsqrt_(self) -> Self:
        """``rsqrt`` in place: the result overwrites this tensor, which is returned."""

    # rounding

    def floor(self) -> Tensor:
        """The largest whole number not above each element."""

    def floor_(self) -> Self:
        """``floor`` in place: the result overwrites this tensor, which is returned."""

    def ceil(self) -> Tensor:
        """The smallest whole number not below each element."""

    def ceil_(self) -> Self:
        """``ceil`` in place: the result overwrites this tensor, which is returned."""

    def trunc(self) -> Tensor:
        """Each element without its fraction."""

    def trunc_(self) -> Self:
        """``trunc`` in place: the result overwrites this tensor, which is returned."""

    def fix(self) -> Tensor:
        """The same as ``trunc``."""

    def fix_(self) -> Self:
        """``trunc`` in place: the result overwrites this tensor, which is returned."""

    def round(self, *, decimals: int = 0) -> Tensor:
        """Rounds to ``decimals`` places; halves go to the even neighbour.

        Example:
            >>> import tensorplug as tp
            >>> tp.round(tp.tensor([0.5, 1.5, 2.5]))
            tensor([0., 2., 2.])
        """

    def round_(self, *, decimals: int = 0) -> Self:
        """``round`` in place: the result overwrites this tensor, which is returned."""

    def frac(self) -> Tensor:
        """Each element's fraction, with its sign."""

    def frac_(self) -> Self:
        """``frac`` in place: the result overwrites this tensor, which is returned."""

    # trigonometry

    def sin(self) -> Tensor:
        """The sine of an angle in radians."""

    def sin_(self) -> Self:
        """``sin`` in place: the result overwrites this tensor, which is returned."""

    def cos(self) -> Tensor:
        """The cosine of an angle in radians."""

    def cos_(self) -> Self:
        """``cos`` in place: the result overwrites this tensor, which is returned."""

    def tan(self) -> Tensor:
        """The tangent of an angle in radians."""

    def tan_(self) -> Self:
        """``tan`` in place: the result overwrites this tensor, which is returned."""

    def asin(self) -> Tensor:
        """The angle in radians, in [-pi/2, pi/2], whose sine is ``input``; NaN outside [-1, 1]."""

    def asin_(self) -> Self:
        """``asin`` in place: the result overwrites this tensor, which is returned."""

    def arcsin(self) -> Tensor:
        """The same as ``asin``."""

    def arcsin_(self) -> Self:
        """``asin`` in place: the result overwrites this tensor, which is returned."""

    def acos(self) -> Tensor:
        """The angle in radians, in [0, pi], whose cosine is ``input``; NaN outside [-1, 1]."""

    def acos_(self) -> Self:
        """``acos`` in place: the result overwrites this tensor, which is returned."""

    def arccos(self) -> Tensor:
        """The same as ``acos``."""

    def arccos_(self) -> Self:
        """``acos`` in place: the result overwrites this tensor, which is returned."""

    def atan(self) -> Tensor:
        """The angle in radians, in [-pi/2, pi/2], whose tangent is ``input``."""

    def atan_(self) -> Self:
        """``atan`` in place: the result overwrites this tensor, which is returned."""

    def arctan(self) -> Tensor:
        """The same as ``atan``."""

    def arctan_(self) -> Self:
        """``atan`` in place: the result overwrites this tensor, which is returned."""

    def atan2(self, other: Tensor) -> Tensor:
        """The angle in radians, in [-pi, pi], of the point with y ``input`` and x ``other``."""

    def atan2_(self, other: Tensor) -> Self:
        """``atan2`` in place: the result overwrites this tensor, which is returned."""

    def arctan2(self, other: Tensor) -> Tensor:
        """The same as ``atan2``."""

    def arctan2_(self, other: Tensor) -> Self:
        """``atan2`` in place: the result overwrites this tensor, which is returned."""

    def sinc(self) -> Tensor:
        """``sin(pi * input) / (pi * input)``, and 1 at 0, where the gradient is 0.

        Example:
            >>> import tensorplug as tp
            >>> tp.sinc(tp.tensor([0.0, 0.5, 1.5]))
            tensor([ 1.0000,  0.6366, -0.2122])
        """

    def sinc_(self) -> Self:
        """``sinc`` in place: the result overwrites this tensor, which is returned."""

    def sinh(self) -> Tensor:
        """The hyperbolic sine."""

    def sinh_(self) -> Self:
        """``sinh`` in place: the result overwrites this tensor, which is returned."""

    def cosh(self) -> Tensor:
        """The hyperbolic cosine."""

    def cosh_(self) -> Self:
        """``cosh`` in place: the result overwrites this tensor, which is returned."""

    def tanh(self) -> Tensor:
        """The hyperbolic tangent.

        Example:
            >>> import tensorplug as tp
            >>> tp.tanh(tp.tensor([0.0, 1.0]))
            tensor([0.0000, 0.7616])
        """

    def tanh_(self) -> Self:
        """``tanh`` in place: the result overwrites this tensor, which is returned."""

    def asinh(self) -> Tensor:
        """The inverse hyperbolic sine."""

    def asinh_(self) -> Self:
        """``asinh`` in place: the result overwrites this tensor, which is returned."""

    def arcsinh(self) -> Tensor:
        """The same as ``asinh``."""

    def arcsinh_(self) -> Self:
        """``asinh`` in place: the result overwrites this tensor, which is returned."""

    def acosh(self) -> Tensor:
        """The inverse hyperbolic cosine; NaN below 1."""

    def acosh_(self) -> Self:
        """``acosh`` in place: the result overwrites this tensor, which is returned."""

    def arccosh(self) -> Tensor:
        """The same as ``acosh``."""

    def arccosh_(self) -> Self:
        """``acosh`` in place: the result overwrites this tensor, which is returned."""

    def atanh(self) -> Tensor:
        """The inverse hyperbolic tangent; NaN outside [-1, 1]."""

    def atanh_(self) -> Self:
        """``atanh`` in place: the result overwrites this tensor, which is returned."""

    def arctanh(self) -> Tensor:
        """The same as ``atanh``."""

    def arctanh_(self) -> Self:
        """``atanh`` in place: the result overwrites this tensor, which is returned."""

    # gamma

    def lgamma(self) -> Tensor:
        """The logarithm of the absolute value of the gamma function."""

    def lgamma_(self) -> Self:
        """``lgamma`` in place: the result overwrites this tensor, which is returned."""

    def digamma(self) -> Tensor:
        """The derivative of ``lgamma``."""

    def digamma_(self) -> Self:
        """``digamma`` in place: the result overwrites this tensor, which is returned."""

    def mvlgamma(self, p: int) -> Tensor:
        """The logarithm of the multivariate gamma function of dimension ``p``.

        Args:
            input: real numbers; the function is defined where all are above ``(p - 1) / 2``.
            p: the dimension, from 1.

        Raises:
            RuntimeError: ``p`` is below 1, or the tensor is of bools.

        Example:
            >>> import tensorplug as tp
            >>> tp.mvlgamma(tp.tensor([2.0, 3.0]), 2)
            tensor([0.4516, 1.5502])
        """

    def mvlgamma_(self, p: int) -> Self:
        """``mvlgamma`` in place: the result overwrites this tensor, which is returned."""

    # sets

    def unique(
        self, sorted: bool = True, return_inverse: bool = False, return_counts: bool = False, dim: int | None = None
    ) -> Any:
        """The distinct elements in order, or the distinct slices along ``dim``. Every NaN is distinct.

        Args:
            sorted: they are in order in any case.
            return_inverse: also give where each element of ``input`` is found in the result.
            return_counts: also give how often each occurs.

        Returns:
            A tensor, or a tuple of what was asked for. Gradients do not flow through it.

        Example:
            >>> import tensorplug as tp
            >>> tp.unique(tp.tensor([3, 1, 3]), return_counts=True)
            (tensor([1, 3]), tensor([1, 2]))
        """

    def unique_consecutive(
        self, return_inverse: bool = False, return_counts: bool = False, dim: int | None = None
    ) -> Any:
        """The first element (or slice along ``dim``) of every run of equal ones.

        Args:
            return_inverse: also give where each element of ``input`` is found in the result.
            return_counts: also give how long each run is.

        Example:
            >>> import tensorplug as tp
            >>> tp.unique_consecutive(tp.tensor([1, 1, 2, 1]))
            tensor([1, 2, 1])
        """

    def count_nonzero(self, dim: int | tuple[int, ...] | None = None) -> Tensor:
        """How many elements are not zero, of all or along dims.

        Example:
            >>> import tensorplug as tp
            >>> tp.count_nonzero(tp.tensor([[0, 1], [2, 3]]), dim=0)
            tensor([1, 2])
        """

    def bincount(self, weights: Tensor | None = None, minlength: int = 0) -> Tensor:
        """How often each of the numbers 0, 1, 2, ... occurs, or the sum of the weights there.

        Args:
            input: integers that are not negative, in one dim.
            weights: a weight for each of them.
            minlength: the least size of the result.

        Returns:
            int64; with weights float32 if they are float32, otherwise float64.

        Raises:
            RuntimeError: not such integers.

        Example:
            >>> import tensorplug as tp
            >>> tp.bincount(tp.tensor([1, 3, 1]))
            tensor([0, 2, 0, 1])
        """

    def histc(self, bins: int = 100, min: float = 0, max: float = 0) -> Tensor:
        """How many elements lie in each of ``bins`` intervals of equal width; others do not count.

        Args:
            input: floating-point numbers.
            min, max: the range, both included; that of the elements where both are the same.

        Returns:
            Shape (bins,), of the dtype of ``input``.

        Raises:
            RuntimeError: no bins, ``max`` below ``min``, or a range that is not finite.

        Example:
            >>> import tensorplug as tp
            >>> tp.histc(tp.tensor([1.0, 2.0, 1.0]), bins=4, min=0, max=3)
            tensor([0., 2., 1., 0.])
        """

    def combinations(self, r: int = 2, with_replacement: bool = False) -> Tensor:
        """All ways to choose ``r`` elements of a vector, one row each, in the order of ``itertools.combinations``.

        Args:
            with_replacement: an element may be chosen several times.

        Raises:
            RuntimeError: not a vector, or ``r`` is negative.

        Example:
            >>> import tensorplug as tp
            >>> tp.combinations(tp.tensor([1, 2, 3]))
            tensor([[1, 2],
                    [1, 3],
                    [2, 3]])
        """

    # histogram

    def histogram(
        self,
        bins: int | Tensor = 100,
        *,
        range: Sequence[float] | None = None,
        weight: Tensor | None = None,
        density: bool = False,
    ) -> Any:
        """How many elements, or how much of their weight, lie in each of several bins.

        Args:
            input: any shape; floating point.
            bins: how many bins of equal width, or the sorted edges of the bins.
            range: the outer edges; the smallest and the largest element by default. Elements beyond do not count.
            weight: of each element, shape of the input.
            density: whether to divide by the sum and the widths of the bins, so that the integral is 1.

        Returns:
            A named tuple: ``hist``, of the input's dtype, and ``bin_edges``. A bin contains its left edge; the last one its
            right one as well. No gradients flow.

        Raises:
            RuntimeError: no bins, edges or ranges that do not fit, or a range that is not finite.
            NotImplementedError: a dtype that is not floating point.

        Example:
            >>> import tensorplug as tp
            >>> tp.histogram(tp.tensor([1.0, 2.0, 1.0]), bins=4, range=(0.0, 3.0)).hist
            tensor([0., 2., 1., 0.])
        """

    # incomplete_gamma

    def igamma(self, other: Tensor) -> Tensor:
        """The regularized lower incomplete gamma function, ``special.gammainc``.

        That is the integral of ``t**(input - 1) * exp(-t)`` from 0 to ``other``, as a share of the one from 0 to inf.

        Args:
            input: the exponent, not negative.
            other: the upper limit, not negative.

        Raises:
            NotImplementedError: in the backward pass, if a gradient for ``input`` is asked for.

        Example:
            >>> import tensorplug as tp
            >>> tp.igamma(tp.tensor([1.0, 4.0]), tp.tensor([1.0, 4.0]))
            tensor([0.6321, 0.5665])
        """

    def igamma_(self, other: Tensor) -> Self:
        """``igamma`` in place: the result overwrites this tensor, which is returned."""

    def igammac(self, other: Tensor) -> Tensor:
        """The regularized upper incomplete gamma function, ``1 - igamma``; also ``special.gammaincc``.

        Example:
            >>> import tensorplug as tp
            >>> tp.igammac(tp.tensor([1.0, 4.0]), tp.tensor([1.0, 4.0]))
            tensor([0.3679, 0.4335])
        """

    def igammac_(self, other: Tensor) -> Self:
        """``igammac`` in place: the result overwrites this tensor, which is returned."""

    # older_linalg

    def svd(self, some: bool = True, compute_uv: bool = True) -> USV:
        """The singular value decomposition ``input == U @ diag(S) @ V.mH``.

        Args:
            input: matrices, shape (..., m, n).
            some: give the first min(m, n) columns of U and V rather than all.
            compute_uv: otherwise U and V are zeros.

        Returns:
            ``(U, S, V)``; ``linalg.svd`` gives ``V.mH`` instead.

        Raises:
            LinAlgError: the algorithm does not converge.

        Example:
            >>> import tensorplug as tp
            >>> tp.svd(tp.tensor([[0.0, 2.0], [1.0, 0.0]])).S
            tensor([2., 1.])
        """

    def cholesky(self, upper: bool = False) -> Tensor:
        """``linalg.cholesky`` by an older name.

        Raises:
            LinAlgError: a matrix is not positive-definite.
        """

    def cholesky_inverse(self, upper: bool = False) -> Tensor:
        """The inverses of matrices from their Cholesky factors.

        Args:
            input: triangles L with ``A == L @ L.mH``, shape (..., n, n).
            upper: they are upper triangles U with ``A == U.mH @ U``.

        Example:
            >>> import tensorplug as tp
            >>> tp.cholesky_inverse(tp.tensor([[2.0, 0.0], [0.0, 1.0]]))
            tensor([[0.2500, 0.0000],
                    [0.0000, 1.0000]])
        """

    def cholesky_solve(self, input2: Tensor, upper: bool = False) -> Tensor:
        """The solution ``X`` of ``A @ X == B`` from the Cholesky factor of A.

        Args:
            input: right-hand sides B, shape (..., n, k).
            input2: triangles L with ``A == L @ L.mH``, shape (..., n, n). Dims in front broadcast.
            upper: they are upper triangles U with ``A == U.mH @ U``.

        Raises:
            RuntimeError: shapes or dtypes do not match.
        """

    def lu(self, pivot: bool = True, get_infos: bool = False) -> LUFactors | LUFactorsInfo:
        """``linalg.lu_factor`` by an older name.

        Args:
            input: matrices, shape (..., m, n).
            pivot: exchange rows.
            get_infos: also give what ``linalg.lu_factor_ex`` tells, rather than raise.

        Raises:
            LinAlgError: a diagonal element of U is 0, unless ``get_infos``.
        """

    def lu_solve(self, LU_data: Tensor, LU_pivots: Tensor) -> Tensor:
        """``linalg.lu_solve`` by an older name: the right-hand sides come first.

        Raises:
            RuntimeError: shapes or dtypes do not match.
        """

    def triangular_solve(
        self, A: Tensor, upper: bool = True, transpose: bool = False, unitriangular: bool = False
    ) -> TriangularSolution:
        """``linalg.solve_triangular`` by an older name: the right-hand sides come first.

        Args:
            input: right-hand sides, shape (..., n, k).
            A: triangular matrices, shape (..., n, n). Dims in front broadcast.
            upper: which triangle is read.
            transpose: put the transpose of A in its place.
            unitriangular: take the diagonal as ones.

        Returns:
            ``(solution, cloned_coefficient)``, the second a copy of A.

        Raises:
            RuntimeError: shapes or dtypes do not match.
        """

    # orthogonal

    def qr(self, some: bool = True) -> QR:
        """``linalg.qr`` by an older name: Q has min(m, n) columns, or all m where ``some`` is false."""

    def geqrf(self) -> Reflections:
        """A QR factorization as LAPACK keeps it. Has no gradient.

        Args:
            input: matrices, shape (..., m, n).

        Returns:
            ``(a, tau)``: R from the diagonal on and below it the vectors of reflections, and their factors. From these
            ``linalg.householder_product`` makes Q.
        """

    def orgqr(self, input2: Tensor) -> Tensor:
        """``linalg.householder_product`` by an older name."""

    def ormqr(self, input2: Tensor, input3: Tensor, left: bool = True, transpose: bool = False) -> Tensor:
        """The product of a matrix with the product Q of reflections, which is not formed.

        Args:
            input, input2: the vectors of the reflections and their factors, as ``geqrf`` gives them.
            input3: the matrix C, shape (..., p, q).
            left: ``Q @ C`` rather than ``C @ Q``.
            transpose: use the conjugate transpose of Q.

        Returns:
            The shape of C.

        Raises:
            RuntimeError: shapes or dtypes do not match.
        """

    # matrix_functions

    def matrix_exp(self) -> Tensor:
        """The exponential of square matrices, the sum of ``A**k / k!``.

        Args:
            input: floating-point or complex, shape (..., n, n).

        Returns:
            The same shape.

        Example:
            >>> import tensorplug as tp
            >>> tp.matrix_exp(tp.tensor([[0.0, 1.0], [0.0, 0.0]]))
            tensor([[1., 1.],
                    [0., 1.]])
        """

    def matrix_power(self, n: int) -> Tensor:
        """``linalg.matrix_power`` by an older name."""

    # modified_bessel

    def i0(self) -> Tensor:
        """The modified Bessel function of the first kind, of order 0.

        Example:
            >>> import tensorplug as tp
            >>> tp.i0(tp.tensor([0.0, 1.0]))
            tensor([1.0000, 1.2661])
        """

    def i0_(self) -> Self:
        """``i0`` in place: the result overwrites this tensor, which is returned."""

    # norms

    def norm(
        self, p: float | str | None = "fro", dim: Dims = None, keepdim: bool = False, dtype: DType | None = None
    ) -> Tensor:
        """The ``p``-norm of the elements: ``sum(|x|**p) ** (1/p)``; Euclidean by default.

        Args:
            p: a number, ``inf``, ``-inf``, ``"fro"``, or for matrices ``"nuc"``, the sum of singular values.
            dim: the dims to reduce; all by default.
            keepdim: keep these dims, with size 1.
            dtype: convert the elements to this dtype first.
        """

    # order

    def kthvalue(self, k: int, dim: int = -1, keepdim: bool = False) -> ValuesIndices:
        """The ``k``-th smallest elements along ``dim``, as the named tuple ``(values, indices)``. NaN is the largest.

        Raises:
            RuntimeError: there is no such element.

        Example:
            >>> import tensorplug as tp
            >>> tp.kthvalue(tp.tensor([30, 10, 20]), 2).values
            tensor(20)
        """

    def median(self, dim: int | None = None, keepdim: bool = False) -> Any:
        """The median, the lower of the two in the middle; along ``dim``, the named tuple ``(values, indices)``.

        NaN if there is one. Of all elements, equal ones share the gradient evenly; along a dim, one gets it.

        Example:
            >>> import tensorplug as tp
            >>> tp.median(tp.tensor([4.0, 1.0, 3.0, 2.0]))
            tensor(2.)
        """

    def nanmedian(self, dim: int | None = None, keepdim: bool = False) -> Any:
        """The median of the elements that are not NaN; NaN where all are.

        Example:
            >>> import tensorplug as tp
            >>> tp.nanmedian(tp.tensor([3.0, float("nan"), 1.0, 2.0]))
            tensor(2.)
        """

    def mode(self, dim: int = -1, keepdim: bool = False) -> ValuesIndices:
        """The most frequent elements along ``dim``, the smallest of those, with the place of the last one.

        Example:
            >>> import tensorplug as tp
            >>> tp.mode(tp.tensor([3, 1, 2, 1]))
            ValuesIndices(values=tensor(1), indices=tensor(3))
        """

    def msort(self) -> Tensor:
        """The elements in order along the first dim.

        Example:
            >>> import tensorplug as tp
            >>> tp.msort(tp.tensor([[3, 1], [2, 4]]))
            tensor([[2, 1],
                    [3, 4]])
        """

    def aminmax(self, *, dim: int | None = None, keepdim: bool = False) -> MinMax:
        """The smallest and the largest elements, of all or along ``dim``; NaN if there is one.

        Example:
            >>> import tensorplug as tp
            >>> tp.aminmax(tp.tensor([3, 1, 2]))
            MinMax(min=tensor(1), max=tensor(3))
        """

    def quantile(
        self, q: Tensor | float, dim: int | None = None, keepdim: bool = False, *, interpolation: str = "linear"
    ) -> Tensor:
        """The values below which shares ``q`` of the elements lie, of all or along ``dim``; NaN if there is one.

        Args:
            input: float32 or float64.
            q: a number in [0, 1], or a tensor of such numbers in one dim, of the dtype of ``input``.
            interpolation: what to give between two elements: ``"linear"``, ``"lower"``, ``"higher"``, ``"midpoint"`` or
                ``"nearest"``.

        Returns:
            The reduced shape; for several ``q`` with a dim for them in front.

        Raises:
            RuntimeError: another dtype, no elements, ``q`` out of range, an unknown interpolation.

        Example:
            >>> import tensorplug as tp
            >>> tp.quantile(tp.tensor([0.0, 1.0, 2.0, 3.0]), 0.5)
            tensor(1.5000)
        """

    def nanquantile(
        self, q: Tensor | float, dim: int | None = None, keepdim: bool = False, *, interpolation: str = "linear"
    ) -> Tensor:
        """``quantile`` of the elements that are not NaN; NaN where all are.

        Example:
            >>> import tensorplug as tp
            >>> tp.nanquantile(tp.tensor([0.0, float("nan"), 1.0]), 0.5)
            tensor(0.5000)
        """

    def cummax(self, dim: int) -> ValuesIndices:
        """The largest element so far along ``dim`` and where it last was, as the named tuple ``(values, indices)``.

        Example:
            >>> import tensorplug as tp
            >>> tp.cummax(tp.tensor([1, 3, 2, 3]), 0)
            ValuesIndices(values=tensor([1, 3, 3, 3]), indices=tensor([0, 1, 1, 3]))
        """

    def cummin(self, dim: int) -> ValuesIndices:
        """The smallest element so far along ``dim`` and where it last was, as the named tuple ``(values, indices)``.

        Example:
            >>> import tensorplug as tp
            >>> tp.cummin(tp.tensor([2, 3, 1]), 0).values
            tensor([2, 2, 1])
        """

    def logcumsumexp(self, dim: int) -> Tensor:
        """``log(cumsum(exp(input)))`` along ``dim``, without overflow.

        Example:
            >>> import tensorplug as tp
            >>> tp.logcumsumexp(tp.tensor([1000.0, 1000.0]), 0)
            tensor([1000.0000, 1000.6932])
        """

    # pseudoinverse

    def pinverse(self, rcond: float = 1e-15) -> Tensor:
        """``linalg.pinv`` by an older name, with a smaller tolerance."""

    # stft

    def stft(
        self,
        n_fft: int,
        hop_length: int | None = None,
        win_length: int | None = None,
        window: Tensor | None = None,
        center: bool = True,
        pad_mode: str = "reflect",
        normalized: bool = False,
        onesided: bool | None = None,
        return_complex: bool | None = None,
        align_to_window: bool | None = None,
    ) -> Tensor:
        """The spectra of overlapping frames of a signal (J. B. Allen, Short term spectral analysis, 1977).

        Args:
            input: signals, of shape (time) or (batch, time), real or complex.
            n_fft: the size of the frames that are transformed.
            hop_length: how far apart they start, ``n_fft // 4`` by default.
            win_length: the size of the window, which stands in the middle of a frame; ``n_fft`` by default.
            window: what frames are multiplied by, ones by default.
            center: whether the signal is padded so that frame ``t`` has element ``t * hop_length`` in its middle.
            pad_mode: how, see ``tensorplug.nn.functional.pad``.
            normalized: divide by the root of ``n_fft``.
            onesided: return the first half of the frequencies alone; the default for real signals and windows.
            return_complex: whether the result is complex, or has real and imaginary parts in a last dim of 2. Real signals
                and windows need it.
            align_to_window: without ``center``, let the first window, not the first frame, start with the signal.

        Returns:
            Shape (batch, frequencies, frames), without the batch if there is none.

        Raises:
            RuntimeError: shapes or sizes that do not fit, a wish for half the frequencies of complex numbers, or no
                ``return_complex``.

        Example:
            >>> import tensorplug as tp
            >>> tp.stft(tp.ones(8), 4, return_complex=True).shape
            tensorplug.Size([3, 9])
        """

    def istft(
        self,
        n_fft: int,
        hop_length: int | None = None,
        win_length: int | None = None,
        window: Tensor | None = None,
        center: bool = True,
        normalized: bool = False,
        onesided: bool | None = None,
        length: int | None = None,
        return_complex: bool = False,
    ) -> Tensor:
        """The signal whose ``stft`` comes closest to ``input``, in the sense of least squares.

        D. W. Griffin and J. S. Lim, Signal estimation from modified short-time Fourier transform, 1984.

        Args:
            input: complex, of shape (frequencies, frames) or (batch, frequencies, frames).
            n_fft, hop_length, win_length, window, center, normalized: as they were for ``stft``.
            onesided: whether ``input`` has the first half of the frequencies alone; found from its size by default.
            length: the length of the signal; by default as much as there are frames for.
            return_complex: whether the signal is complex.

        Returns:
            Shape (time) or (batch, time).

        Raises:
            RuntimeError: shapes or sizes that do not fit, or windows that add up to nothing somewhere.

        Example:
            >>> import tensorplug as tp
            >>> x = tp.tensor([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0])
            >>> window = tp.hann_window(4)
            >>> tp.istft(tp.stft(x, 4, window=window, return_complex=True), 4, window=window)
            tensor([1., 2., 3., 4., 5., 6., 7., 8.])
        """

    # view_copies

    def split_with_sizes(self, split_sizes: Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
        """Views of consecutive parts of a dim, of the sizes given.

        Raises:
            RuntimeError: the sizes do not add up to that of the dim.

        Example:
            >>> import tensorplug as tp
            >>> [p.tolist() for p in tp.split_with_sizes(tp.arange(3), (2, 1))]
            [[0, 1], [2]]
        """

    def narrow_copy(self, dim: int, start: int, length: int) -> Tensor:
        """What ``narrow`` shows, in memory of its own."""

    # operators

    def __neg__(self) -> Tensor: ...
    def __abs__(self) -> Tensor: ...
    def __invert__(self) -> Tensor: ...
    def __pos__(self) -> Tensor: ...
    def __add__(self, other: Tensor | Number) -> Tensor: ...
    def __radd__(self, other: Number) -> Tensor: ...
    def __iadd__(self, other: Tensor | Number) -> Self: ...
    def __sub__(self, other: Tensor | Number) -> Tensor: ...
    def __rsub__(self, other: Number) -> Tensor: ...
    def __isub__(self, other: Tensor | Number) -> Self: ...
    def __mul__(self, other: Tensor | Number) -> Tensor: ...
    def __rmul__(self, other: Number) -> Tensor: ...
    def __imul__(self, other: Tensor | Number) -> Self: ...
    def __truediv__(self, other: Tensor | Number) -> Tensor: ...
    def __rtruediv__(self, other: Number) -> Tensor: ...
    def __itruediv__(self, other: Tensor | Number) -> Self: ...
    def __floordiv__(self, other: Tensor | Number) -> Tensor: ...
    def __rfloordiv__(self, other: Number) -> Tensor: ...
    def __ifloordiv__(self, other: Tensor | Number) -> Self: ...
    def __mod__(self, other: Tensor | Number) -> Tensor: ...
    def __rmod__(self, other: Number) -> Tensor: ...
    def __imod__(self, other: Tensor | Number) -> Self: ...
    def __pow__(self, other: Tensor | Number) -> Tensor: ...
    def __rpow__(self, other: Number) -> Tensor: ...
    def __ipow__(self, other: Tensor | Number) -> Self: ...
    def __and__(self, other: Tensor | Number) -> Tensor: ...
    def __rand__(self, other: Number) -> Tensor: ...
    def __iand__(self, other: Tensor | Number) -> Self: ...
    def __or__(self, other: Tensor | Number) -> Tensor: ...
    def __ror__(self, other: Number) -> Tensor: ...
    def __ior__(self, other: Tensor | Number) -> Self: ...
    def __xor__(self, other: Tensor | Number) -> Tensor: ...
    def __rxor__(self, other: Number) -> Tensor: ...
    def __ixor__(self, other: Tensor | Number) -> Self: ...
    def __lshift__(self, other: Tensor | Number) -> Tensor: ...
    def __rlshift__(self, other: Number) -> Tensor: ...
    def __ilshift__(self, other: Tensor | Number) -> Self: ...
    def __rshift__(self, other: Tensor | Number) -> Tensor: ...
    def __rrshift__(self, other: Number) -> Tensor: ...
    def __irshift__(self, other: Tensor | Number) -> Self: ...
    def __matmul__(self, other: Tensor) -> Tensor: ...
    def __rmatmul__(self, other: Tensor) -> Tensor: ...
    def __eq__(self, other: Any) -> Tensor: ...  # type: ignore[override]
    def __ne__(self, other: Any) -> Tensor: ...  # type: ignore[override]
    def __lt__(self, other: Tensor | Number) -> Tensor: ...
    def __le__(self, other: Tensor | Number) -> Tensor: ...
    def __gt__(self, other: Tensor | Number) -> Tensor: ...
    def __ge__(self, other: Tensor | Number) -> Tensor: ...
