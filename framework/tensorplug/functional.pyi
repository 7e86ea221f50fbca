"""Every op as a free function. Generated from the op table by `python -m tools.generate`."""

import builtins
from collections.abc import Callable, Sequence
from typing import Any, Literal, overload

from numpy import generic

from tensorplug.device import Device
from tensorplug.dtypes import DType
from tensorplug.generator import Generator
from tensorplug.ops.arithmetic import MantissaExponent
from tensorplug.ops.determinant import SignLogDet
from tensorplug.ops.factorization import LU, LUFactors, LUFactorsInfo
from tensorplug.ops.older_linalg import TriangularSolution, USV
from tensorplug.ops.order import MinMax
from tensorplug.ops.orthogonal import QR, Reflections
from tensorplug.ops.reduction import ValuesIndices
from tensorplug.tensor import Tensor

Number = int | float | builtins.complex | generic
Dims = int | Sequence[int] | None
Sizes = int | Sequence[int]
Tensors = Sequence[Tensor]

# creation

def full_like(
    input: Tensor,
    fill_value: Any,
    *,
    dtype: DType | None = None,
    layout: Any = None,
    device: Device | str | None = None,
    requires_grad: bool = False,
    memory_format: Any = None,
) -> Tensor:
    """A tensor of the input's shape filled with ``fill_value``."""

def zeros_like(
    input: Tensor,
    *,
    dtype: DType | None = None,
    layout: Any = None,
    device: Device | str | None = None,
    requires_grad: bool = False,
    memory_format: Any = None,
) -> Tensor:
    """Zeros of the input's shape."""

def ones_like(
    input: Tensor,
    *,
    dtype: DType | None = None,
    layout: Any = None,
    device: Device | str | None = None,
    requires_grad: bool = False,
    memory_format: Any = None,
) -> Tensor:
    """Ones of the input's shape."""

def empty_like(
    input: Tensor,
    *,
    dtype: DType | None = None,
    layout: Any = None,
    device: Device | str | None = None,
    requires_grad: bool = False,
    memory_format: Any = None,
) -> Tensor:
    """Memory of the input's shape whose values may be anything."""

# elementwise

def add(input: Tensor, other: Tensor | Number, *, alpha: Number = 1, out: Tensor | None = None) -> Tensor:
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

def add_(self: Tensor, other: Tensor | Number, *, alpha: Number = 1) -> Tensor:
    """``add`` in place: the result overwrites this tensor, which is returned."""

def sub(input: Tensor, other: Tensor | Number, *, alpha: Number = 1, out: Tensor | None = None) -> Tensor:
    """Subtracts ``other``, scaled by ``alpha``, from ``input``; bool tensors are refused.

    Example:
        >>> import tensorplug as tp
        >>> tp.sub(tp.tensor([3, 5]), 1)
        tensor([2, 4])
    """

def sub_(self: Tensor, other: Tensor | Number, *, alpha: Number = 1) -> Tensor:
    """``sub`` in place: the result overwrites this tensor, which is returned."""

def subtract(input: Tensor, other: Tensor | Number, *, alpha: Number = 1, out: Tensor | None = None) -> Tensor:
    """The same as ``sub``."""

def subtract_(self: Tensor, other: Tensor | Number, *, alpha: Number = 1) -> Tensor:
    """``sub`` in place: the result overwrites this tensor, which is returned."""

def mul(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Multiplies ``input`` by ``other``.

    Example:
        >>> import tensorplug as tp
        >>> tp.mul(tp.tensor([1.0, 2.0]), tp.tensor([[2.0], [3.0]]))
        tensor([[2., 4.],
                [3., 6.]])
    """

def mul_(self: Tensor, other: Tensor | Number) -> Tensor:
    """``mul`` in place: the result overwrites this tensor, which is returned."""

def multiply(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The same as ``mul``."""

def multiply_(self: Tensor, other: Tensor | Number) -> Tensor:
    """``mul`` in place: the result overwrites this tensor, which is returned."""

def floor_divide(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The largest whole number not above ``input / other``. Integer division by zero raises an error.

    Example:
        >>> import tensorplug as tp
        >>> tp.floor_divide(tp.tensor([-7, 7]), 2)
        tensor([-4,  3])
    """

def floor_divide_(self: Tensor, other: Tensor | Number) -> Tensor:
    """``floor_divide`` in place: the result overwrites this tensor, which is returned."""

def div(
    input: Tensor, other: Tensor | Number, *, rounding_mode: str | None = None, out: Tensor | None = None
) -> Tensor:
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

def div_(self: Tensor, other: Tensor | Number, *, rounding_mode: str | None = None) -> Tensor:
    """``div`` in place: the result overwrites this tensor, which is returned."""

def divide(
    input: Tensor, other: Tensor | Number, *, rounding_mode: str | None = None, out: Tensor | None = None
) -> Tensor:
    """The same as ``div``."""

def divide_(self: Tensor, other: Tensor | Number, *, rounding_mode: str | None = None) -> Tensor:
    """``div`` in place: the result overwrites this tensor, which is returned."""

def true_divide(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Divides in floating point; the same as ``div`` without a rounding mode."""

def true_divide_(self: Tensor, other: Tensor | Number) -> Tensor:
    """``true_divide`` in place: the result overwrites this tensor, which is returned."""

def remainder(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The remainder with the sign of the divisor, as Python's ``%``.

    Example:
        >>> import tensorplug as tp
        >>> tp.remainder(tp.tensor([-3.0, 3.0]), 2)
        tensor([1., 1.])
    """

def remainder_(self: Tensor, other: Tensor | Number) -> Tensor:
    """``remainder`` in place: the result overwrites this tensor, which is returned."""

def fmod(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The remainder with the sign of the dividend, as C's ``fmod``.

    Example:
        >>> import tensorplug as tp
        >>> tp.fmod(tp.tensor([-3.0, 3.0]), 2)
        tensor([-1.,  1.])
    """

def fmod_(self: Tensor, other: Tensor | Number) -> Tensor:
    """``fmod`` in place: the result overwrites this tensor, which is returned."""

def pow(input: Tensor | Number, exponent: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Raises ``input`` to the power ``exponent``.

    Raises:
        RuntimeError: an integer tensor with a negative integer exponent.

    Example:
        >>> import tensorplug as tp
        >>> tp.pow(tp.tensor([1.0, 2.0, 3.0]), 2)
        tensor([1., 4., 9.])
    """

def pow_(self: Tensor | Number, exponent: Tensor | Number) -> Tensor:
    """``pow`` in place: the result overwrites this tensor, which is returned."""

def neg(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Changes the sign; bool tensors are refused."""

def neg_(self: Tensor) -> Tensor:
    """``neg`` in place: the result overwrites this tensor, which is returned."""

def negative(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The same as ``neg``."""

def negative_(self: Tensor) -> Tensor:
    """``neg`` in place: the result overwrites this tensor, which is returned."""

def positive(input: Tensor) -> Tensor:
    """Returns ``input`` itself; bool tensors are refused."""

def abs(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The absolute value; of a complex number, its distance from 0. The gradient at 0 is 0.

    Example:
        >>> import tensorplug as tp
        >>> tp.abs(tp.tensor([-1.5, 2.0]))
        tensor([1.5000, 2.0000])
    """

def abs_(self: Tensor) -> Tensor:
    """``abs`` in place: the result overwrites this tensor, which is returned."""

def absolute(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The same as ``abs``."""

def absolute_(self: Tensor) -> Tensor:
    """``abs`` in place: the result overwrites this tensor, which is returned."""

def sign(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """-1, 0 or 1 by the sign of each element; 0 for NaN, as in PyTorch."""

def sign_(self: Tensor) -> Tensor:
    """``sign`` in place: the result overwrites this tensor, which is returned."""

def sgn(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The sign; of a complex number, ``input / |input|`` (0 at 0)."""

def sgn_(self: Tensor) -> Tensor:
    """``sgn`` in place: the result overwrites this tensor, which is returned."""

def square(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``input * input``; bools become int64."""

def square_(self: Tensor) -> Tensor:
    """``square`` in place: the result overwrites this tensor, which is returned."""

def reciprocal(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``1 / input``."""

def reciprocal_(self: Tensor) -> Tensor:
    """``reciprocal`` in place: the result overwrites this tensor, which is returned."""

# complex

def conj(input: Tensor) -> Tensor:
    """The complex conjugate; a real tensor comes back itself."""

def complex(real: Tensor, imag: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The complex numbers of the given real and imaginary parts.

    Args:
        real, imag: float32 or float64, both of one dtype and shape.

    Raises:
        RuntimeError: other or different dtypes.

    Example:
        >>> import tensorplug as tp
        >>> tp.complex(tp.tensor([1.0]), tp.tensor([2.0]))
        tensor([1.+2.j])
    """

def adjoint(input: Tensor) -> Tensor:
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

def bernoulli(input: Tensor, p: float | None = None, *, generator: Generator | None = None) -> Tensor:
    """1 with the probability that each element gives (or with ``p``), otherwise 0.

    Raises:
        RuntimeError: a probability outside [0, 1].
    """

def multinomial(
    input: Tensor, num_samples: int, replacement: bool = False, *, generator: Generator | None = None
) -> Tensor:
    """int64 indices drawn with probability proportional to ``input`` (a vector, or each row of a matrix).

    Without replacement the draw takes the largest of ``u ** (1 / weight)`` (Efraimidis and Spirakis, 2006), compared
    by logarithm.

    Raises:
        RuntimeError: negative, infinite or NaN weights, rows that sum to 0, or more samples than weights without
            replacement.
    """

# activation

def relu(input: Tensor) -> Tensor:
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

def relu_(self: Tensor) -> Tensor:
    """``relu`` in place: the result overwrites this tensor, which is returned."""

def threshold(input: Tensor, threshold: Number, value: Number, *, out: Tensor | None = None) -> Tensor:
    """``input`` where it is above ``threshold``, else ``value``.

    Example:
        >>> import tensorplug as tp
        >>> tp.threshold(tp.tensor([-1.0, 0.5, 2.0]), 0.7, 9.0)
        tensor([9., 9., 2.])
    """

def threshold_(self: Tensor, threshold: Number, value: Number) -> Tensor:
    """``threshold`` in place: the result overwrites this tensor, which is returned."""

def hardtanh(input: Tensor, min_val: Number = -1.0, max_val: Number = 1.0) -> Tensor:
    """``input`` limited to [``min_val``, ``max_val``]; the gradient on the limits is 0.

    Raises:
        NotImplementedError: a bool or complex tensor.
        ValueError: ``min_val`` is above ``max_val``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.hardtanh(tp.tensor([-3.0, 0.5, 3.0]))
        tensor([-1.0000,  0.5000,  1.0000])
    """

def hardtanh_(self: Tensor, min_val: Number = -1.0, max_val: Number = 1.0) -> Tensor:
    """``hardtanh`` in place: the result overwrites this tensor, which is returned."""

def relu6(input: Tensor) -> Tensor:
    """``input`` limited to [0, 6].

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.relu6(tp.tensor([-1.0, 3.0, 9.0]))
        tensor([0., 3., 6.])
    """

def relu6_(self: Tensor) -> Tensor:
    """``relu6`` in place: the result overwrites this tensor, which is returned."""

def hardshrink(input: Tensor, lambd: Number = 0.5, *, out: Tensor | None = None) -> Tensor:
    """``input`` where it is outside [-``lambd``, ``lambd``], else 0.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.hardshrink(tp.tensor([-2.0, 0.25, 1.0]))
        tensor([-2.,  0.,  1.])
    """

def softshrink(input: Tensor, lambd: Number = 0.5, *, out: Tensor | None = None) -> Tensor:
    """``input`` moved towards 0 by ``lambd``; what lies within ``lambd`` of 0 becomes 0.

    Raises:
        RuntimeError: ``lambd`` is negative.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.softshrink(tp.tensor([-2.0, 0.25, 1.0]))
        tensor([-1.5000,  0.0000,  0.5000])
    """

def leaky_relu(input: Tensor, negative_slope: Number = 0.01) -> Tensor:
    """``input`` where positive, else ``negative_slope * input``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.leaky_relu(tp.tensor([-2.0, 3.0]), 0.5)
        tensor([-1.,  3.])
    """

def leaky_relu_(self: Tensor, negative_slope: Number = 0.01) -> Tensor:
    """``leaky_relu`` in place: the result overwrites this tensor, which is returned."""

def rrelu(input: Tensor, lower: float = 0.125, upper: float = 0.3333333333333333, training: bool = False) -> Tensor:
    """``leaky_relu`` whose slope is drawn from [``lower``, ``upper``) for each element in training, else their mean.

    Source: Xu et al., Empirical evaluation of rectified activations in convolutional network, 2015.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.rrelu(tp.tensor([-2.0, 3.0]), 0.25, 0.75)
        tensor([-1.,  3.])
    """

def rrelu_(self: Tensor, lower: float = 0.125, upper: float = 0.3333333333333333, training: bool = False) -> Tensor:
    """``rrelu`` in place: the result overwrites this tensor, which is returned."""

def prelu(input: Tensor, weight: Tensor) -> Tensor:
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

def elu(input: Tensor, alpha: Number = 1.0, scale: Number = 1.0, input_scale: Number = 1.0) -> Tensor:
    """``input`` where positive, else ``alpha * (exp(input) - 1)``.

    Source: Clevert et al., Fast and accurate deep network learning by exponential linear units, 2016.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.elu(tp.tensor([-1.0, 1.0]))
        tensor([-0.6321,  1.0000])
    """

def elu_(self: Tensor, alpha: Number = 1.0, scale: Number = 1.0, input_scale: Number = 1.0) -> Tensor:
    """``elu`` in place: the result overwrites this tensor, which is returned."""

def celu(input: Tensor, alpha: Number = 1.0) -> Tensor:
    """``max(0, input) + min(0, alpha * (exp(input / alpha) - 1))``.

    Raises:
        RuntimeError: ``alpha`` is 0.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.celu(tp.tensor([-1.0, 1.0]), alpha=2.0)
        tensor([-0.7869,  1.0000])
    """

def celu_(self: Tensor, alpha: Number = 1.0) -> Tensor:
    """``celu`` in place: the result overwrites this tensor, which is returned."""

def selu(input: Tensor) -> Tensor:
    """``elu`` scaled so that zero mean and unit variance are kept.

    Source: Klambauer et al., Self-normalizing neural networks, 2017.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.selu(tp.tensor([-1.0, 1.0]))
        tensor([-1.1113,  1.0507])
    """

def selu_(self: Tensor) -> Tensor:
    """``selu`` in place: the result overwrites this tensor, which is returned."""

def softplus(input: Tensor, beta: Number = 1, threshold: Number = 20, *, out: Tensor | None = None) -> Tensor:
    """``log(1 + exp(beta * input)) / beta``; ``input`` itself where ``beta * input`` is above ``threshold``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.softplus(tp.tensor([-1.0, 0.0, 30.0]))
        tensor([ 0.3133,  0.6931, 30.0000])
    """

def logsigmoid(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``log(sigmoid(input))``, accurate for large negative inputs.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.logsigmoid(tp.tensor([-100.0, 0.0]))
        tensor([-100.0000,   -0.6931])
    """

def gelu(input: Tensor, approximate: str = "none", *, out: Tensor | None = None) -> Tensor:
    """``input * Phi(input)``, where Phi is the distribution function of the standard normal distribution.

    Args:
        input: a floating-point tensor.
        approximate: ``"none"``, or ``"tanh"`` for Phi by
            ``(1 + tanh(sqrt(2 / pi) * (input + 0.044715 * input**3))) / 2``.

    Raises:
        RuntimeError: another ``approximate``.

    Source: Hendrycks and Gimpel, Gaussian error linear units, 2016.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.gelu(tp.tensor([-1.0, 0.0, 1.0]))
        tensor([-0.1587,  0.0000,  0.8413])
    """

def silu(input: Tensor) -> Tensor:
    """``input * sigmoid(input)``, also called swish.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.silu(tp.tensor([-1.0, 0.0, 1.0]))
        tensor([-0.2689,  0.0000,  0.7311])
    """

def silu_(self: Tensor) -> Tensor:
    """``silu`` in place: the result overwrites this tensor, which is returned."""

def mish(input: Tensor) -> Tensor:
    """``input * tanh(softplus(input))``.

    Source: Misra, Mish: a self regularized non-monotonic activation function, 2019.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.mish(tp.tensor([-1.0, 0.0, 1.0]))
        tensor([-0.3034,  0.0000,  0.8651])
    """

def mish_(self: Tensor) -> Tensor:
    """``mish`` in place: the result overwrites this tensor, which is returned."""

def hardsigmoid(input: Tensor) -> Tensor:
    """``relu6(input + 3) / 6``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.hardsigmoid(tp.tensor([-4.0, 0.0, 1.5]))
        tensor([0.0000, 0.5000, 0.7500])
    """

def hardsigmoid_(self: Tensor) -> Tensor:
    """``hardsigmoid`` in place: the result overwrites this tensor, which is returned."""

def hardswish(input: Tensor) -> Tensor:
    """``input * relu6(input + 3) / 6``.

    Source: Howard et al., Searching for MobileNetV3, 2019.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.hardswish(tp.tensor([-4.0, 1.0, 4.0]))
        tensor([-0.0000, 0.6667, 4.0000])
    """

def hardswish_(self: Tensor) -> Tensor:
    """``hardswish`` in place: the result overwrites this tensor, which is returned."""

def softsign(input: Tensor) -> Tensor:
    """``input / (1 + |input|)``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.softsign(tp.tensor([-1.0, 0.0, 3.0]))
        tensor([-0.5000,  0.0000,  0.7500])
    """

def tanhshrink(input: Tensor) -> Tensor:
    """``input - tanh(input)``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.tanhshrink(tp.tensor([-1.0, 0.0, 1.0]))
        tensor([-0.2384,  0.0000,  0.2384])
    """

def glu(input: Tensor, dim: int = -1) -> Tensor:
    """The first half along ``dim`` times the sigmoid of the second half.

    Raises:
        RuntimeError: a 0-d tensor, or an odd size along ``dim``.

    Source: Dauphin et al., Language modeling with gated convolutional networks, 2017.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.glu(tp.tensor([2.0, 4.0, 0.0, 0.0]))
        tensor([1., 2.])
    """

def softmax(input: Tensor, dim: int, dtype: DType | None = None, *, out: Tensor | None = None) -> Tensor:
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

def log_softmax(input: Tensor, dim: int, dtype: DType | None = None, *, out: Tensor | None = None) -> Tensor:
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

def softmin(input: Tensor, dim: int, *, dtype: DType | None = None) -> Tensor:
    """The softmax of ``-input``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.softmin(tp.tensor([1.0, 1.0]), dim=0)
        tensor([0.5000, 0.5000])
    """

def gumbel_softmax(logits: Tensor, tau: float = 1, hard: bool = False, eps: float = 1e-10, dim: int = -1) -> Tensor:
    """A draw from the Gumbel-softmax distribution: nearly one-hot, and differentiable.

    Args:
        logits: unnormalised log-probabilities.
        tau: temperature; the smaller, the nearer to one-hot.
        hard: round to one-hot, with the gradient of the soft draw.
        eps: without effect.
        dim: the dim whose elements add to 1.

    Source: Jang et al., Categorical reparameterization with Gumbel-softmax, 2017.
    """

def normalize(input: Tensor, p: float = 2.0, dim: int = 1, eps: float = 1e-12, *, out: Tensor | None = None) -> Tensor:
    """``input / max(norm(input, p), eps)`` along ``dim``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.normalize(tp.tensor([[3.0, 4.0]]))
        tensor([[0.6000, 0.8000]])
    """

# copying

def clone(input: Tensor, *, memory_format: Any = None) -> Tensor:
    """A copy in fresh memory, C-contiguous. Gradients flow through.

    Example:
        >>> import tensorplug as tp
        >>> x = tp.tensor([1, 2])
        >>> y = x.clone()
        >>> y[0] = 5
        >>> x
        tensor([1, 2])
    """

# strided

def as_strided(input: Tensor, size: Sequence[int], stride: Sequence[int], storage_offset: int | None = None) -> Tensor:
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

def as_strided_(self: Tensor, size: Sequence[int], stride: Sequence[int], storage_offset: int | None = None) -> Tensor:
    """``as_strided`` in place: the result overwrites this tensor, which is returned."""

def as_strided_scatter(
    input: Tensor, src: Tensor, size: Sequence[int], stride: Sequence[int], storage_offset: int | None = None
) -> Tensor:
    """A copy of ``input`` in which the elements that ``as_strided`` would show are replaced by ``src``."""

# views

def reshape(input: Tensor, *shape: Any) -> Tensor:
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

def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """The dims from ``start_dim`` to ``end_dim`` as one.

    Example:
        >>> import tensorplug as tp
        >>> tp.zeros(2, 3, 4).flatten(start_dim=1).shape
        tensorplug.Size([2, 12])
    """

def ravel(input: Tensor) -> Tensor:
    """All elements in one dim."""

def unflatten(input: Tensor, dim: int, sizes: Sequence[int]) -> Tensor:
    """Dim ``dim`` as several, of ``sizes``, one of which may be -1.

    Raises:
        RuntimeError: the sizes do not multiply to that of the dim.
    """

def unsqueeze(input: Tensor, dim: int) -> Tensor:
    """A new dim of size 1 at ``dim``.

    Example:
        >>> import tensorplug as tp
        >>> tp.unsqueeze(tp.tensor([1, 2]), 1)
        tensor([[1],
                [2]])
    """

def unsqueeze_(self: Tensor, dim: int) -> Tensor:
    """``unsqueeze`` in place: the result overwrites this tensor, which is returned."""

def squeeze(input: Tensor, dim: int | Sequence[int] | None = None) -> Tensor:
    """Without the dims of size 1: all of them, or those of ``dim`` that have that size.

    Example:
        >>> import tensorplug as tp
        >>> tp.squeeze(tp.zeros(2, 1, 3)).shape
        tensorplug.Size([2, 3])
    """

def squeeze_(self: Tensor, dim: int | Sequence[int] | None = None) -> Tensor:
    """``squeeze`` in place: the result overwrites this tensor, which is returned."""

def permute(input: Tensor, *dims: Any) -> Tensor:
    """The dims in another order.

    Raises:
        RuntimeError: ``dims`` is not an order of all dims.

    Example:
        >>> import tensorplug as tp
        >>> tp.zeros(2, 3, 4).permute(2, 0, 1).shape
        tensorplug.Size([4, 2, 3])
    """

def transpose(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """Two dims swapped.

    Example:
        >>> import tensorplug as tp
        >>> tp.transpose(tp.tensor([[1, 2, 3]]), 0, 1)
        tensor([[1],
                [2],
                [3]])
    """

def transpose_(self: Tensor, dim0: int, dim1: int) -> Tensor:
    """``transpose`` in place: the result overwrites this tensor, which is returned."""

def swapaxes(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """The same as ``transpose``."""

def swapaxes_(self: Tensor, dim0: int, dim1: int) -> Tensor:
    """``transpose`` in place: the result overwrites this tensor, which is returned."""

def swapdims(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """The same as ``transpose``."""

def swapdims_(self: Tensor, dim0: int, dim1: int) -> Tensor:
    """``transpose`` in place: the result overwrites this tensor, which is returned."""

def t(input: Tensor) -> Tensor:
    """The transpose of a matrix; a vector or 0-d tensor as it is.

    Raises:
        RuntimeError: more than two dims.
    """

def t_(self: Tensor) -> Tensor:
    """``t`` in place: the result overwrites this tensor, which is returned."""

def movedim(input: Tensor, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
    """The dims ``source`` moved to the places ``destination``; the others keep their order."""

def moveaxis(input: Tensor, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
    """The same as ``movedim``."""

def broadcast_to(input: Tensor, size: Any, *more: int) -> Tensor:
    """``input`` expanded to ``size``, a sequence of ints (or several ints)."""

def broadcast_tensors(*tensors: Tensor) -> tuple[Tensor, ...]:
    """All tensors expanded to their common shape."""

def diagonal(input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """The diagonal of the matrices in two dims, as the last dim.

    Args:
        offset: above the main diagonal where positive, below where negative.

    Example:
        >>> import tensorplug as tp
        >>> tp.diagonal(tp.tensor([[1, 2], [3, 4]]))
        tensor([1, 4])
    """

# slicing

def select(input: Tensor, dim: int, index: int) -> Tensor:
    """The slice at ``index`` of a dim, without that dim.

    Raises:
        IndexError: ``index`` is out of range, or ``input`` is 0-d.

    Example:
        >>> import tensorplug as tp
        >>> tp.tensor([[1, 2], [3, 4]]).select(1, 0)
        tensor([1, 3])
    """

def narrow(input: Tensor, dim: int, start: int, length: int) -> Tensor:
    """``length`` elements of a dim from ``start``.

    Raises:
        RuntimeError: they are not all within the dim.
        IndexError: ``start`` is out of range.
    """

def split(input: Tensor, split_size_or_sections: int | Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
    """Views of consecutive parts of a dim: of one size (the last may be smaller), or of the sizes given.

    Example:
        >>> import tensorplug as tp
        >>> [p.tolist() for p in tp.split(tp.arange(5), 2)]
        [[0, 1], [2, 3], [4]]
    """

def chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """At most ``chunks`` views of consecutive parts of a dim, of equal size but for the last.

    Example:
        >>> import tensorplug as tp
        >>> [c.tolist() for c in tp.chunk(tp.arange(5), 2)]
        [[0, 1, 2], [3, 4]]
    """

def unbind(input: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
    """Views of all slices along a dim."""

# joining

def cat(tensors: Sequence[Tensor], dim: int = 0, *, out: Tensor | None = None) -> Tensor:
    """The tensors one after the other along an existing dim.

    Args:
        tensors: of one shape but for ``dim``; 1-d tensors without elements are skipped.
        dim: the dim to join along.

    Raises:
        RuntimeError: sizes differ in another dim, or there are no tensors.

    Example:
        >>> import tensorplug as tp
        >>> tp.cat([tp.tensor([[1, 2]]), tp.tensor([[3, 4]])], dim=0)
        tensor([[1, 2],
                [3, 4]])
    """

def concat(tensors: Sequence[Tensor], dim: int = 0, *, out: Tensor | None = None) -> Tensor:
    """The same as ``cat``."""

def concatenate(tensors: Sequence[Tensor], dim: int = 0, *, out: Tensor | None = None) -> Tensor:
    """The same as ``cat``."""

def stack(tensors: Sequence[Tensor], dim: int = 0, *, out: Tensor | None = None) -> Tensor:
    """The tensors, all of one shape, along a new dim.

    Raises:
        RuntimeError: shapes differ, or there are no tensors.

    Example:
        >>> import tensorplug as tp
        >>> tp.stack([tp.tensor([1, 2]), tp.tensor([3, 4])], dim=1)
        tensor([[1, 3],
                [2, 4]])
    """

def hstack(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """The tensors side by side: along dim 1, of 1-d tensors along dim 0."""

def vstack(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """The tensors one below the other; 1-d tensors are rows."""

def row_stack(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """The same as ``vstack``."""

# movement

def flip(input: Tensor, *dims: Any) -> Tensor:
    """The elements of ``dims`` in reverse order.

    Example:
        >>> import tensorplug as tp
        >>> tp.flip(tp.tensor([[1, 2], [3, 4]]), (1,))
        tensor([[2, 1],
                [4, 3]])
    """

def fliplr(input: Tensor) -> Tensor:
    """Columns in reverse order."""

def flipud(input: Tensor) -> Tensor:
    """Rows in reverse order."""

def roll(input: Tensor, shifts: int | Sequence[int], dims: int | Sequence[int] | None = None) -> Tensor:
    """Elements shifted along ``dims`` (flat without them); those that leave at the end come back in front.

    Example:
        >>> import tensorplug as tp
        >>> tp.roll(tp.arange(4), 1)
        tensor([3, 0, 1, 2])
    """

def tile(input: Tensor, *dims: Any) -> Tensor:
    """Like ``repeat``, with ones put in front of ``dims`` that are too few."""

def repeat_interleave(
    input: Tensor, repeats: int | Tensor | None = None, dim: int | None = None, *, output_size: int | None = None
) -> Tensor:
    """Each element repeated ``repeats`` times in place, along ``dim`` or flat.

    Example:
        >>> import tensorplug as tp
        >>> tp.repeat_interleave(tp.tensor([1, 2]), 2)
        tensor([1, 1, 2, 2])
    """

# reduction

def sum(
    input: Tensor, dim: Dims = None, keepdim: bool = False, *, dtype: DType | None = None, out: Tensor | None = None
) -> Tensor:
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

def nansum(
    input: Tensor, dim: Dims = None, keepdim: bool = False, *, dtype: DType | None = None, out: Tensor | None = None
) -> Tensor:
    """The sum of the elements that are not NaN."""

def mean(
    input: Tensor, dim: Dims = None, keepdim: bool = False, *, dtype: DType | None = None, out: Tensor | None = None
) -> Tensor:
    """The mean of elements; of none, NaN.

    Raises:
        RuntimeError: a bool or integer tensor without ``dtype``.

    Example:
        >>> import tensorplug as tp
        >>> tp.mean(tp.tensor([1.0, 2.0, 6.0]))
        tensor(3.)
    """

def nanmean(
    input: Tensor, dim: Dims = None, keepdim: bool = False, *, dtype: DType | None = None, out: Tensor | None = None
) -> Tensor:
    """The mean of the elements that are not NaN.

    Raises:
        RuntimeError: a bool or integer tensor without ``dtype``.
    """

def prod(
    input: Tensor,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    dtype: DType | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The product of elements. Bools and integers multiply as int64.

    Example:
        >>> import tensorplug as tp
        >>> tp.prod(tp.tensor([2, 3, 4]))
        tensor(24)
    """

def amax(input: Tensor, dim: Dims = (), keepdim: bool = False, *, out: Tensor | None = None) -> Tensor:
    """The largest elements; NaN if there is one. Equal elements share the gradient evenly.

    Raises:
        IndexError: a reduced dim has no elements to choose from.
        RuntimeError: the whole tensor has none.
    """

def amin(input: Tensor, dim: Dims = (), keepdim: bool = False, *, out: Tensor | None = None) -> Tensor:
    """The smallest elements; NaN if there is one. Equal elements share the gradient evenly.

    Raises:
        IndexError: a reduced dim has no elements to choose from.
        RuntimeError: the whole tensor has none.
    """

def argmax(input: Tensor, dim: int | None = None, keepdim: bool = False, *, out: Tensor | None = None) -> Tensor:
    """The int64 index of the largest element (the first of equals, or the first NaN), flat or along ``dim``.

    Example:
        >>> import tensorplug as tp
        >>> tp.argmax(tp.tensor([[1, 5], [7, 2]]), dim=1)
        tensor([1, 0])
    """

def argmin(input: Tensor, dim: int | None = None, keepdim: bool = False, *, out: Tensor | None = None) -> Tensor:
    """The int64 index of the smallest element (the first of equals, or the first NaN), flat or along ``dim``."""

@overload
def max(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The largest element; along ``dim``, the named tuple ``(values, indices)``; with a tensor, ``maximum``.

    Example:
        >>> import tensorplug as tp
        >>> values, indices = tp.max(tp.tensor([[1, 5], [7, 2]]), dim=1)
        >>> values
        tensor([5, 7])
    """

@overload
def max(input: Tensor, dim: int, keepdim: bool = False, *, out: Sequence[Tensor] | None = None) -> ValuesIndices: ...
@overload
def max(input: Tensor, dim: Tensor, /, *, out: Tensor | None = None) -> Tensor: ...
@overload
def min(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The smallest element; along ``dim``, the named tuple ``(values, indices)``; with a tensor, ``minimum``."""

@overload
def min(input: Tensor, dim: int, keepdim: bool = False, *, out: Sequence[Tensor] | None = None) -> ValuesIndices: ...
@overload
def min(input: Tensor, dim: Tensor, /, *, out: Tensor | None = None) -> Tensor: ...
def all(input: Tensor, dim: Dims = None, keepdim: bool = False, *, out: Tensor | None = None) -> Tensor:
    """Whether all elements are nonzero; of none, True. With an empty tuple of dims, whether each is.

    Example:
        >>> import tensorplug as tp
        >>> tp.all(tp.tensor([[1, 1], [0, 1]]), dim=1)
        tensor([ True, False])
    """

def any(input: Tensor, dim: Dims = None, keepdim: bool = False, *, out: Tensor | None = None) -> Tensor:
    """Whether some element is nonzero; of none, False. With an empty tuple of dims, whether each is."""

def var(
    input: Tensor,
    dim: Dims = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The variance: mean squared distance from the mean, over ``n - correction`` (1 by default: Bessel's).

    Example:
        >>> import tensorplug as tp
        >>> tp.var(tp.tensor([1.0, 2.0, 3.0]))
        tensor(1.)
    """

def std(
    input: Tensor,
    dim: Dims = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The standard deviation, the square root of ``var``."""

def var_mean(
    input: Tensor,
    dim: Dims = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float | None = None,
) -> tuple[Tensor, Tensor]:
    """Variance and mean."""

def std_mean(
    input: Tensor,
    dim: Dims = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float | None = None,
) -> tuple[Tensor, Tensor]:
    """Standard deviation and mean."""

def logsumexp(input: Tensor, dim: Dims, keepdim: bool = False, *, out: Tensor | None = None) -> Tensor:
    """``log(sum(exp(input)))`` along ``dim``, without overflow."""

def cumsum(input: Tensor, dim: int, *, dtype: DType | None = None, out: Tensor | None = None) -> Tensor:
    """Running sums along ``dim``.

    Example:
        >>> import tensorplug as tp
        >>> tp.cumsum(tp.tensor([1, 2, 3]), 0)
        tensor([1, 3, 6])
    """

def cumsum_(self: Tensor, dim: int, *, dtype: DType | None = None) -> Tensor:
    """``cumsum`` in place: the result overwrites this tensor, which is returned."""

def cumprod(input: Tensor, dim: int, *, dtype: DType | None = None, out: Tensor | None = None) -> Tensor:
    """Running products along ``dim``."""

def cumprod_(self: Tensor, dim: int, *, dtype: DType | None = None) -> Tensor:
    """``cumprod`` in place: the result overwrites this tensor, which is returned."""

# indexing

def gather(input: Tensor, dim: int, index: Tensor, *, sparse_grad: bool = False, out: Tensor | None = None) -> Tensor:
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
    input: Tensor,
    dim: int,
    index: Tensor,
    src: Any = None,
    *,
    reduce: str | None = None,
    value: Any = None,
    out: Tensor | None = None,
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
    self: Tensor, dim: int, index: Tensor, src: Any = None, *, reduce: str | None = None, value: Any = None
) -> Tensor:
    """``scatter`` in place: the result overwrites this tensor, which is returned."""

def scatter_reduce(
    input: Tensor,
    dim: int,
    index: Tensor,
    src: Tensor,
    reduce: str,
    *,
    include_self: bool = True,
    out: Tensor | None = None,
) -> Tensor:
    """Combines ``src`` with the places that ``index`` names along ``dim``.

    Args:
        reduce: ``"sum"``, ``"prod"``, ``"mean"``, ``"amax"`` or ``"amin"``.
        include_self: whether what is there already takes part.
    """

def scatter_reduce_(
    self: Tensor, dim: int, index: Tensor, src: Tensor, reduce: str, *, include_self: bool = True
) -> Tensor:
    """``scatter_reduce`` in place: the result overwrites this tensor, which is returned."""

def scatter_add(input: Tensor, dim: int, index: Tensor, src: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Adds ``src`` to the places that ``index`` names along ``dim``; repeated places add up."""

def scatter_add_(self: Tensor, dim: int, index: Tensor, src: Tensor) -> Tensor:
    """``scatter_add`` in place: the result overwrites this tensor, which is returned."""

def index_select(input: Tensor, dim: int, index: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The slices along ``dim`` that a vector of indices names.

    Raises:
        IndexError: an index is out of range, or ``index`` has more than one dim.

    Example:
        >>> import tensorplug as tp
        >>> tp.index_select(tp.tensor([10, 20, 30]), 0, tp.tensor([2, 0]))
        tensor([30, 10])
    """

def index_add(
    input: Tensor, dim: int, index: Tensor, source: Tensor, *, alpha: Any = 1, out: Tensor | None = None
) -> Tensor:
    """Adds slices of ``source``, times ``alpha``, to the slices along ``dim`` that ``index`` names."""

def index_add_(self: Tensor, dim: int, index: Tensor, source: Tensor, *, alpha: Any = 1) -> Tensor:
    """``index_add`` in place: the result overwrites this tensor, which is returned."""

def index_copy(input: Tensor, dim: int, index: Tensor, source: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Slices of ``source`` in the place of those along ``dim`` that ``index`` names."""

def index_copy_(self: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    """``index_copy`` in place: the result overwrites this tensor, which is returned."""

def index_fill(input: Tensor, dim: int, index: Tensor, value: Any, *, out: Tensor | None = None) -> Tensor:
    """``value`` in the slices along ``dim`` that ``index`` names."""

def index_fill_(self: Tensor, dim: int, index: Tensor, value: Any) -> Tensor:
    """``index_fill`` in place: the result overwrites this tensor, which is returned."""

def take_along_dim(input: Tensor, indices: Tensor, dim: int | None = None, *, out: Tensor | None = None) -> Tensor:
    """Like ``gather``, with ``indices`` and ``input`` broadcast in the other dims."""

def take(input: Tensor, index: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The elements of the flattened ``input`` that ``index`` names, in its shape."""

def masked_fill(input: Tensor, mask: Tensor, value: Any) -> Tensor:
    """``value`` where ``mask`` holds, ``input`` elsewhere.

    Args:
        mask: bool, broadcasts with ``input``.
        value: a number or 0-d tensor.

    Raises:
        RuntimeError: ``mask`` is not bool, or ``value`` is a tensor with dims.
    """

def masked_fill_(self: Tensor, mask: Tensor, value: Any) -> Tensor:
    """``masked_fill`` in place: the result overwrites this tensor, which is returned."""

def masked_select(input: Tensor, mask: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The elements where ``mask`` holds, in one dim."""

def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """The elements where ``mask`` holds replaced by those of ``source``, in order."""

def masked_scatter_(self: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """``masked_scatter`` in place: the result overwrites this tensor, which is returned."""

@overload
def nonzero(input: Tensor, *, as_tuple: Literal[False] = False, out: Tensor | None = None) -> Tensor:
    """The int64 coordinates of the nonzero elements in C order: shape (n, dims), or a tuple of columns.

    Example:
        >>> import tensorplug as tp
        >>> tp.nonzero(tp.tensor([0, 3, 5]))
        tensor([[1],
                [2]])
    """

@overload
def nonzero(input: Tensor, *, as_tuple: Literal[True], out: Sequence[Tensor] | None = None) -> tuple[Tensor, ...]: ...
@overload
def nonzero(input: Tensor, *, as_tuple: bool = False, out: Sequence[Tensor] | None = None) -> Any: ...
def argwhere(input: Tensor) -> Tensor:
    """The coordinates of the nonzero elements, one row each."""

def index_put(input: Tensor, indices: Sequence[Tensor | None], values: Tensor, accumulate: bool = False) -> Tensor:
    """A copy of ``input`` with ``values`` written (or added) where ``index`` would read.

    Raises:
        RuntimeError: ``values`` does not broadcast to what the indices select, or has another dtype.
    """

def index_put_(self: Tensor, indices: Sequence[Tensor | None], values: Tensor, accumulate: bool = False) -> Tensor:
    """``index_put`` in place: the result overwrites this tensor, which is returned."""

def sort(
    input: Tensor, dim: int = -1, descending: bool = False, stable: bool = False, *, out: Sequence[Tensor] | None = None
) -> ValuesIndices:
    """The elements in order along ``dim``, as the named tuple ``(values, indices)``. NaN counts as the largest.

    Example:
        >>> import tensorplug as tp
        >>> tp.sort(tp.tensor([3, 1, 2])).values
        tensor([1, 2, 3])
    """

def argsort(
    input: Tensor, dim: int = -1, descending: bool = False, stable: bool = False, *, out: Tensor | None = None
) -> Tensor:
    """The places of the elements in order along ``dim``."""

def topk(
    input: Tensor,
    k: int,
    dim: int = -1,
    largest: bool = True,
    sorted: bool = True,
    *,
    out: Sequence[Tensor] | None = None,
) -> ValuesIndices:
    """The ``k`` largest (or smallest) elements along ``dim``, as the named tuple ``(values, indices)``.

    Raises:
        RuntimeError: there are fewer than ``k`` elements.

    Example:
        >>> import tensorplug as tp
        >>> tp.topk(tp.tensor([3, 1, 2]), 2).values
        tensor([3, 2])
    """

# windows

def im2col(input: Tensor, kernel_size: Sizes, dilation: Sizes = 1, padding: Sizes = 0, stride: Sizes = 1) -> Tensor:
    """All windows of images, each as a column (Chellapilla, Puri and Simard, 2006).

    Args:
        input: shape (batch, channel, height, width), or without the batch dim.
        kernel_size, dilation, padding, stride: one integer or one per spatial dim. The number of spatial dims is that
            of ``kernel_size``, 2 if it is one integer.

    Returns:
        Shape (batch, channel * prod(kernel_size), number of windows).

    Raises:
        RuntimeError: the input has another number of dims or no element per window, or no window fits.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.unfold(tp.arange(9.0).reshape(1, 1, 3, 3), 2)
        tensor([[[0., 1., 3., 4.],
                 [1., 2., 4., 5.],
                 [3., 4., 6., 7.],
                 [4., 5., 7., 8.]]])
    """

def unfold(input: Tensor, kernel_size: Sizes, dilation: Sizes = 1, padding: Sizes = 0, stride: Sizes = 1) -> Tensor:
    """The same as ``im2col``."""

def col2im(
    input: Tensor, output_size: Sizes, kernel_size: Sizes, dilation: Sizes = 1, padding: Sizes = 0, stride: Sizes = 1
) -> Tensor:
    """Images from their windows as ``unfold`` gives them; where windows overlap, elements add up.

    Args:
        input: shape (batch, channel * prod(kernel_size), number of windows), or without the batch dim.
        output_size: the spatial size of the images.
        kernel_size, dilation, padding, stride: as for ``unfold``.

    Returns:
        Shape (batch, channel, *output_size).

    Raises:
        RuntimeError: the input's shape does not fit the other arguments.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.fold(tp.ones(1, 4, 4), (3, 3), 2)
        tensor([[[[1., 2., 1.],
                  [2., 4., 2.],
                  [1., 2., 1.]]]])
    """

def fold(
    input: Tensor, output_size: Sizes, kernel_size: Sizes, dilation: Sizes = 1, padding: Sizes = 0, stride: Sizes = 1
) -> Tensor:
    """The same as ``col2im``."""

# pooling

@overload
def max_pool1d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    return_indices: Literal[False] = False,
) -> Tensor:
    """The largest element of each window of sequences (batch, channel, length) or (channel, length).

    Otherwise as ``max_pool2d``.

    Example:
        >>> import tensorplug as tp
        >>> tp.max_pool1d(tp.tensor([[1.0, 3.0, 2.0, 0.0]]), 2)
        tensor([[3., 2.]])
    """

@overload
def max_pool1d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    *,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]: ...
@overload
def max_pool1d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any: ...
@overload
def max_pool2d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    return_indices: Literal[False] = False,
) -> Tensor:
    """The largest element of each window of images; NaN if there is one.

    Args:
        input: shape (batch, channel, height, width), or without the batch dim; any real dtype but bool.
        kernel_size: size of the windows, one integer or a pair.
        stride: step between windows; the size of the windows by default.
        padding: minus infinity added on both sides, at most half a window.
        dilation: step between the elements of a window.
        ceil_mode: whether a last window that is not full counts.
        return_indices: whether to return a tuple of the values and their int64 places in the flattened image. Of
            equal elements the first is meant. Gradients go there alone.

    Returns:
        Shape (batch, channel, *places).

    Raises:
        RuntimeError: a size does not fit, or no window fits.
        NotImplementedError: bool tensors.

    Example:
        >>> import tensorplug as tp
        >>> tp.max_pool2d(tp.arange(16.0).reshape(1, 1, 4, 4), 2)
        tensor([[[[ 5.,  7.],
                  [13., 15.]]]])
    """

@overload
def max_pool2d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    *,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]: ...
@overload
def max_pool2d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any: ...
@overload
def max_pool3d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    return_indices: Literal[False] = False,
) -> Tensor:
    """The largest element of each window of volumes (batch, channel, depth, height, width), or without batch.

    Otherwise as ``max_pool2d``.
    """

@overload
def max_pool3d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    *,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]: ...
@overload
def max_pool3d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any: ...
def max_unpool1d(
    input: Tensor,
    indices: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """Maxima of sequences back at their places; as ``max_unpool2d``."""

def max_unpool2d(
    input: Tensor,
    indices: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """Maxima of images back at their places, with zeros around them: the partial inverse of ``max_pool2d``.

    Args:
        input: shape (batch, channel, height, width), or without the batch dim.
        indices: what ``max_pool2d(..., return_indices=True)`` gave, in the shape of ``input``.
        kernel_size, stride, padding: those of the pooling.
        output_size: the size to restore where several sizes pool to that of ``input``.

    Raises:
        RuntimeError: shapes or the indices' dtype do not fit.
        ValueError: ``output_size`` does not pool to the input's size.
        IndexError: an index is out of range.

    Example:
        >>> import tensorplug as tp
        >>> F = tp.nn.functional
        >>> values, places = F.max_pool2d(tp.arange(4.0).reshape(1, 2, 2), 2, return_indices=True)
        >>> F.max_unpool2d(values, places, 2)
        tensor([[[0., 0.],
                 [0., 3.]]])
    """

def max_unpool3d(
    input: Tensor,
    indices: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """Maxima of volumes back at their places; as ``max_unpool2d``."""

def avg_pool1d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """The mean of each window of sequences (batch, channel, length) or (channel, length); as ``avg_pool2d``.

    Example:
        >>> import tensorplug as tp
        >>> tp.avg_pool1d(tp.tensor([[1.0, 3.0, 2.0, 0.0]]), 2)
        tensor([[2., 1.]])
    """

def avg_pool2d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """The mean of each window of images. Integers are divided towards zero.

    Args:
        input: shape (batch, channel, height, width), or without the batch dim.
        kernel_size: size of the windows, one integer or a pair.
        stride: step between windows; the size of the windows by default.
        padding: zeros added on both sides, at most half a window.
        ceil_mode: whether a last window that is not full counts.
        count_include_pad: whether zeros of the padding count as elements.
        divisor_override: what to divide sums by, instead of the number of elements.

    Returns:
        Shape (batch, channel, *places).

    Raises:
        RuntimeError: a size does not fit, or no window fits.
        NotImplementedError: bool tensors.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.avg_pool2d(tp.arange(16.0).reshape(1, 1, 4, 4), 2)
        tensor([[[[ 2.5000,  4.5000],
                  [10.5000, 12.5000]]]])
    """

def avg_pool3d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """The mean of each window of volumes (batch, channel, depth, height, width); as ``avg_pool2d``."""

def lp_pool1d(
    input: Tensor, norm_type: float, kernel_size: Sizes, stride: Sizes | None = None, ceil_mode: bool = False
) -> Tensor:
    """The ``norm_type``-norm of each window of sequences; as ``lp_pool2d``."""

def lp_pool2d(
    input: Tensor, norm_type: float, kernel_size: Sizes, stride: Sizes | None = None, ceil_mode: bool = False
) -> Tensor:
    """The ``norm_type``-norm, ``sum(x ** p) ** (1 / p)``, of each window of images.

    A window that is not full (in ceil mode) counts as a full one with the same mean.

    Args:
        input: shape (batch, channel, height, width), or without the batch dim.
        norm_type: the exponent ``p``.
        kernel_size, stride, ceil_mode: as for ``avg_pool2d``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.lp_pool2d(tp.tensor([[[3.0, 4.0]]]), 2, (1, 2))
        tensor([[[5.]]])
    """

def lp_pool3d(
    input: Tensor, norm_type: float, kernel_size: Sizes, stride: Sizes | None = None, ceil_mode: bool = False
) -> Tensor:
    """The ``norm_type``-norm of each window of volumes; as ``lp_pool2d``."""

# adaptive

def adaptive_avg_pool1d(input: Tensor, output_size: Sizes) -> Tensor:
    """The means of ``output_size`` regions of sequences (batch, channel, length); as ``adaptive_avg_pool2d``.

    Example:
        >>> import tensorplug as tp
        >>> tp.adaptive_avg_pool1d(tp.tensor([[1.0, 2.0, 6.0]]), 2)
        tensor([[1.5000, 4.0000]])
    """

def adaptive_avg_pool2d(input: Tensor, output_size: Sizes) -> Tensor:
    """The means of regions of images, so that the result has a given size.

    Args:
        input: shape (batch, channel, height, width), or without the batch dim.
        output_size: one integer or a pair; None keeps the input's size.

    Returns:
        Shape (batch, channel, *output_size).

    Raises:
        RuntimeError: the input has another number of dims or no elements to average, a size is negative, or the dtype
            is an integer.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.adaptive_avg_pool2d(tp.arange(16.0).reshape(1, 1, 4, 4), (2, 1))
        tensor([[[[ 3.5000],
                  [11.5000]]]])
    """

def adaptive_avg_pool3d(input: Tensor, output_size: Sizes) -> Tensor:
    """The means of regions of volumes (batch, channel, depth, height, width); as ``adaptive_avg_pool2d``."""

@overload
def adaptive_max_pool1d(input: Tensor, output_size: Sizes, return_indices: Literal[False] = False) -> Tensor:
    """The largest elements of ``output_size`` regions of sequences; as ``adaptive_max_pool2d``."""

@overload
def adaptive_max_pool1d(
    input: Tensor, output_size: Sizes, *, return_indices: Literal[True]
) -> tuple[Tensor, Tensor]: ...
@overload
def adaptive_max_pool1d(input: Tensor, output_size: Sizes, return_indices: bool = False) -> Any: ...
@overload
def adaptive_max_pool2d(input: Tensor, output_size: Sizes, return_indices: Literal[False] = False) -> Tensor:
    """The largest elements of regions of images, so that the result has a given size.

    Args:
        input: shape (batch, channel, height, width), or without the batch dim.
        output_size: one integer or a pair; None keeps the input's size.
        return_indices: whether to return a tuple of the values and their int64 places in the flattened image.

    Returns:
        Shape (batch, channel, *output_size).

    Raises:
        RuntimeError: the input has another number of dims or no elements to choose from, or a size is negative.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.adaptive_max_pool2d(tp.arange(15.0).reshape(1, 3, 5), (2, 1))
        tensor([[[ 9.],
                 [14.]]])
    """

@overload
def adaptive_max_pool2d(
    input: Tensor, output_size: Sizes, *, return_indices: Literal[True]
) -> tuple[Tensor, Tensor]: ...
@overload
def adaptive_max_pool2d(input: Tensor, output_size: Sizes, return_indices: bool = False) -> Any: ...
@overload
def adaptive_max_pool3d(input: Tensor, output_size: Sizes, return_indices: Literal[False] = False) -> Tensor:
    """The largest elements of regions of volumes; as ``adaptive_max_pool2d``."""

@overload
def adaptive_max_pool3d(
    input: Tensor, output_size: Sizes, *, return_indices: Literal[True]
) -> tuple[Tensor, Tensor]: ...
@overload
def adaptive_max_pool3d(input: Tensor, output_size: Sizes, return_indices: bool = False) -> Any: ...

# airy

def airy_ai(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Airy's function Ai, a solution of ``y'' = x * y`` that vanishes for large ``x``. Has no gradient, as in PyTorch.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.airy_ai(tp.tensor([0.0, 1.0, -10.0]))
        tensor([0.3550, 0.1353, 0.0402])
    """

# arithmetic

def signbit(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Whether the sign of each element is minus; that of ``-0.0`` is.

    Example:
        >>> import tensorplug as tp
        >>> tp.signbit(tp.tensor([-1.0, 0.0, -0.0]))
        tensor([ True, False,  True])
    """

def copysign(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The size of ``input`` with the sign of ``other``.

    Example:
        >>> import tensorplug as tp
        >>> tp.copysign(tp.tensor([1.0, -2.0]), tp.tensor([-0.0, 3.0]))
        tensor([-1.,  2.])
    """

def copysign_(self: Tensor, other: Tensor | Number) -> Tensor:
    """``copysign`` in place: the result overwrites this tensor, which is returned."""

def heaviside(input: Tensor, values: Tensor, *, out: Tensor | None = None) -> Tensor:
    """0 where ``input`` is negative, 1 where it is positive, ``values`` where it is 0. Has no gradient.

    Raises:
        RuntimeError: dtypes differ, or are complex.

    Example:
        >>> import tensorplug as tp
        >>> tp.heaviside(tp.tensor([-2.0, 0.0, 3.0]), tp.tensor(0.5))
        tensor([0.0000, 0.5000, 1.0000])
    """

def heaviside_(self: Tensor, values: Tensor) -> Tensor:
    """``heaviside`` in place: the result overwrites this tensor, which is returned."""

def angle(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The angle of each complex number; of real ones pi where negative, otherwise 0, and NaN of NaN.

    Example:
        >>> import tensorplug as tp
        >>> tp.angle(tp.tensor([1j, -1 + 0j]))
        tensor([1.5708, 3.1416])
    """

def isposinf(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Whether each element of a real tensor is positive infinity.

    Example:
        >>> import tensorplug as tp
        >>> tp.isposinf(tp.tensor([float("inf"), -float("inf")]))
        tensor([ True, False])
    """

def isneginf(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Whether each element of a real tensor is negative infinity.

    Example:
        >>> import tensorplug as tp
        >>> tp.isneginf(tp.tensor([float("inf"), -float("inf")]))
        tensor([False,  True])
    """

def isreal(input: Tensor) -> Tensor:
    """Whether each element has no imaginary part.

    Example:
        >>> import tensorplug as tp
        >>> tp.isreal(tp.tensor([1 + 0j, 1j]))
        tensor([ True, False])
    """

def fmax(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The larger of each pair; where one is NaN, the other.

    Example:
        >>> import tensorplug as tp
        >>> tp.fmax(tp.tensor([1.0, float("nan")]), tp.tensor([2.0, 3.0]))
        tensor([2., 3.])
    """

def fmin(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The smaller of each pair; where one is NaN, the other.

    Example:
        >>> import tensorplug as tp
        >>> tp.fmin(tp.tensor([1.0, float("nan")]), tp.tensor([2.0, 3.0]))
        tensor([1., 3.])
    """

def logaddexp(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``log(exp(input) + exp(other))``, without overflow.

    Example:
        >>> import tensorplug as tp
        >>> tp.logaddexp(tp.tensor([1000.0]), tp.tensor([1000.0]))
        tensor([1000.6932])
    """

def logaddexp2(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``log2(2**input + 2**other)``, without overflow.

    Example:
        >>> import tensorplug as tp
        >>> tp.logaddexp2(tp.tensor([1000.0]), tp.tensor([1000.0]))
        tensor([1001.])
    """

def xlogy(input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """``input * log(other)``, and 0 where ``input`` is 0 (unless ``other`` is NaN).

    Example:
        >>> import tensorplug as tp
        >>> tp.xlogy(tp.tensor([0.0, 1.0]), tp.tensor([0.0, 1.0]))
        tensor([0., 0.])
    """

def xlogy_(self: Tensor | Number, other: Tensor | Number) -> Tensor:
    """``xlogy`` in place: the result overwrites this tensor, which is returned."""

def logit(input: Tensor, eps: float | None = None, *, out: Tensor | None = None) -> Tensor:
    """``log(x / (1 - x))``, the inverse of ``sigmoid``.

    Args:
        eps: limit the elements to [eps, 1 - eps] first; without it they give NaN outside of [0, 1].

    Example:
        >>> import tensorplug as tp
        >>> tp.logit(tp.tensor([0.5, 1.0]))
        tensor([0., inf])
    """

def logit_(self: Tensor, eps: float | None = None) -> Tensor:
    """``logit`` in place: the result overwrites this tensor, which is returned."""

def hypot(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``sqrt(input**2 + other**2)``, without overflow; infinite where either is.

    Example:
        >>> import tensorplug as tp
        >>> tp.hypot(tp.tensor([3.0]), tp.tensor([4.0]))
        tensor([5.])
    """

def hypot_(self: Tensor, other: Tensor) -> Tensor:
    """``hypot`` in place: the result overwrites this tensor, which is returned."""

def polar(abs: Tensor, angle: Tensor, *, out: Tensor | None = None) -> Tensor:
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

def deg2rad(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Degrees as radians.

    Example:
        >>> import tensorplug as tp
        >>> tp.deg2rad(tp.tensor([180.0]))
        tensor([3.1416])
    """

def deg2rad_(self: Tensor) -> Tensor:
    """``deg2rad`` in place: the result overwrites this tensor, which is returned."""

def rad2deg(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Radians as degrees.

    Example:
        >>> import tensorplug as tp
        >>> tp.rad2deg(tp.tensor([1.0]))
        tensor([57.2958])
    """

def rad2deg_(self: Tensor) -> Tensor:
    """``rad2deg`` in place: the result overwrites this tensor, which is returned."""

def float_power(input: Tensor | Number, exponent: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """``input ** exponent`` in float64, or complex128 where either is complex.

    Example:
        >>> import tensorplug as tp
        >>> tp.float_power(tp.tensor([2]), -1)
        tensor([0.5000], dtype=tensorplug.float64)
    """

def ldexp(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``input * 2**other``.

    Example:
        >>> import tensorplug as tp
        >>> tp.ldexp(tp.tensor([1.0]), tp.tensor([3]))
        tensor([8.])
    """

def ldexp_(self: Tensor, other: Tensor) -> Tensor:
    """``ldexp`` in place: the result overwrites this tensor, which is returned."""

def frexp(input: Tensor, *, out: Sequence[Tensor] | None = None) -> MantissaExponent:
    """Each number as ``mantissa * 2**exponent``, the mantissa's size in [0.5, 1), as the named tuple of both.

    Raises:
        RuntimeError: not floating-point numbers.

    Example:
        >>> import tensorplug as tp
        >>> tp.frexp(tp.tensor([8.0]))
        MantissaExponent(mantissa=tensor([0.5000]), exponent=tensor([4], dtype=tensorplug.int32))
    """

def nextafter(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The next number of the dtype after ``input`` in the direction of ``other``. Has no gradient.

    Example:
        >>> import tensorplug as tp
        >>> tp.nextafter(tp.tensor([1.0]), tp.tensor([2.0])) > 1
        tensor([True])
    """

def nextafter_(self: Tensor, other: Tensor) -> Tensor:
    """``nextafter`` in place: the result overwrites this tensor, which is returned."""

def gcd(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The greatest common divisors of integers; of 0 and 0 it is 0.

    Example:
        >>> import tensorplug as tp
        >>> tp.gcd(tp.tensor([12, 7]), tp.tensor([18, 0]))
        tensor([6, 7])
    """

def gcd_(self: Tensor, other: Tensor) -> Tensor:
    """``gcd`` in place: the result overwrites this tensor, which is returned."""

def lcm(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The least common multiples of integers; 0 where either is 0.

    Example:
        >>> import tensorplug as tp
        >>> tp.lcm(tp.tensor([4, 7]), tp.tensor([6, 0]))
        tensor([12,  0])
    """

def lcm_(self: Tensor, other: Tensor) -> Tensor:
    """``lcm`` in place: the result overwrites this tensor, which is returned."""

# arrangement

def atleast_1d(*tensors: Any) -> Any:
    """Each tensor with at least one dim.

    Example:
        >>> import tensorplug as tp
        >>> tp.atleast_1d(tp.tensor(1))
        tensor([1])
    """

def atleast_2d(*tensors: Any) -> Any:
    """Each tensor with at least two dims; a vector becomes a row.

    Example:
        >>> import tensorplug as tp
        >>> tp.atleast_2d(tp.tensor([1, 2]))
        tensor([[1, 2]])
    """

def atleast_3d(*tensors: Any) -> Any:
    """Each tensor with at least three dims; a matrix gets a last one, a vector lies in the middle one.

    Example:
        >>> import tensorplug as tp
        >>> tp.atleast_3d(tp.ones(2, 3)).shape
        tensorplug.Size([2, 3, 1])
    """

def column_stack(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """Vectors side by side as columns; matrices joined in the second dim.

    Example:
        >>> import tensorplug as tp
        >>> tp.column_stack((tp.tensor([1, 2]), tp.tensor([3, 4])))
        tensor([[1, 3],
                [2, 4]])
    """

def dstack(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """Tensors joined in the third dim, with at least three dims each.

    Example:
        >>> import tensorplug as tp
        >>> tp.dstack((tp.tensor([1, 2]), tp.tensor([3, 4])))
        tensor([[[1, 3],
                 [2, 4]]])
    """

def tensor_split(input: Tensor, indices_or_sections: Any, dim: int = 0) -> tuple[Tensor, ...]:
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

def hsplit(input: Tensor, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
    """Views of the parts of a tensor along the second dim (the only one of a vector), equal ones or cut at places.

    Example:
        >>> import tensorplug as tp
        >>> tp.hsplit(tp.arange(4), 2)
        (tensor([0, 1]), tensor([2, 3]))
    """

def vsplit(input: Tensor, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
    """Views of the parts of a tensor along the first of at least two dims, equal ones or cut at places.

    Example:
        >>> import tensorplug as tp
        >>> tp.vsplit(tp.tensor([[1], [2]]), 2)
        (tensor([[1]]), tensor([[2]]))
    """

def dsplit(input: Tensor, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
    """Views of the parts of a tensor along the third dim, equal ones or cut at places.

    Example:
        >>> import tensorplug as tp
        >>> [x.shape for x in tp.dsplit(tp.ones(1, 2, 4), [1])]
        [tensorplug.Size([1, 2, 1]), tensorplug.Size([1, 2, 3])]
    """

def rot90(input: Tensor, k: int = 1, dims: Sequence[int] = (0, 1)) -> Tensor:
    """The tensor turned ``k`` times by 90 degrees, from the first of two dims towards the second.

    Raises:
        RuntimeError: not two different dims.

    Example:
        >>> import tensorplug as tp
        >>> tp.rot90(tp.tensor([[1, 2], [3, 4]]))
        tensor([[2, 4],
                [1, 3]])
    """

def fill(input: Tensor, value: Number | Tensor, *, out: Tensor | None = None) -> Tensor:
    """A tensor of the input's shape and dtype with every element ``value``.

    Example:
        >>> import tensorplug as tp
        >>> tp.fill(tp.ones(2), 5)
        tensor([5., 5.])
    """

def select_scatter(input: Tensor, src: Tensor, dim: int, index: int) -> Tensor:
    """A copy of ``input`` in which ``src`` is the slice at ``index`` along ``dim``.

    Example:
        >>> import tensorplug as tp
        >>> tp.select_scatter(tp.zeros(2, 2), tp.ones(2), 0, 1)
        tensor([[0., 0.],
                [1., 1.]])
    """

def slice_scatter(
    input: Tensor,
    src: Tensor,
    dim: int = 0,
    start: int | None = None,
    end: int | None = None,
    step: int = 1,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """A copy of ``input`` in which ``src`` is the slice ``start:end:step`` along ``dim``.

    Example:
        >>> import tensorplug as tp
        >>> tp.slice_scatter(tp.zeros(4), tp.ones(2), step=2)
        tensor([1., 0., 1., 0.])
    """

def put(input: Tensor, index: Tensor, source: Tensor, accumulate: bool = False, *, out: Tensor | None = None) -> Tensor:
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

def put_(self: Tensor, index: Tensor, source: Tensor, accumulate: bool = False) -> Tensor:
    """``put`` in place: the result overwrites this tensor, which is returned."""

def index_reduce(
    input: Tensor,
    dim: int,
    index: Tensor,
    source: Tensor,
    reduce: str,
    *,
    include_self: bool = True,
    out: Tensor | None = None,
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

def index_reduce_(
    self: Tensor, dim: int, index: Tensor, source: Tensor, reduce: str, *, include_self: bool = True
) -> Tensor:
    """``index_reduce`` in place: the result overwrites this tensor, which is returned."""

def renorm(input: Tensor, p: float, dim: int, maxnorm: float, *, out: Tensor | None = None) -> Tensor:
    """The slices along ``dim`` made shorter where their ``p``-norm is larger than ``maxnorm``.

    Raises:
        RuntimeError: fewer than two dims, or ``p`` or ``maxnorm`` out of range.

    Example:
        >>> import tensorplug as tp
        >>> tp.renorm(tp.tensor([[3.0, 4.0], [0.3, 0.4]]), 2, 0, 1.0)
        tensor([[0.6000, 0.8000],
                [0.3000, 0.4000]])
    """

def renorm_(self: Tensor, p: float, dim: int, maxnorm: float) -> Tensor:
    """``renorm`` in place: the result overwrites this tensor, which is returned."""

def diff(
    input: Tensor,
    n: int = 1,
    dim: int = -1,
    prepend: Tensor | None = None,
    append: Tensor | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
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

def trapezoid(y: Tensor, x: Tensor | None = None, *, dx: Number | None = None, dim: int = -1) -> Tensor:
    """The area under the points ``y`` along ``dim``, by the trapezoidal rule.

    Args:
        x: where the points are, a vector or of the shape of ``y``.
        dx: the distance of neighbours instead, 1 by default.

    Example:
        >>> import tensorplug as tp
        >>> tp.trapezoid(tp.tensor([1.0, 2.0, 4.0]))
        tensor(4.5000)
    """

def trapz(y: Tensor, x: Tensor | None = None, *, dx: Number | None = None, dim: int = -1) -> Tensor:
    """The same as ``trapezoid``."""

def cumulative_trapezoid(y: Tensor, x: Tensor | None = None, *, dx: Number | None = None, dim: int = -1) -> Tensor:
    """The areas under the points ``y`` up to each but the first along ``dim``, by the trapezoidal rule.

    Example:
        >>> import tensorplug as tp
        >>> tp.cumulative_trapezoid(tp.tensor([1.0, 2.0, 4.0]))
        tensor([1.5000, 4.5000])
    """

# dropout

def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """In training, sets each element to 0 with probability ``p`` and divides the others by ``1 - p``.

    Args:
        input: any shape.
        p: the probability, in [0, 1].
        training: otherwise the input comes back itself.
        inplace: write over the input.

    Raises:
        ValueError: ``p`` is outside [0, 1].

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.dropout(tp.ones(3), p=1.0)
        tensor([0., 0., 0.])
    """

def feature_dropout(input: Tensor, p: float = 0.5, training: bool = True) -> Tensor:
    """``dropout`` of whole channels (dims 0 and 1) at a time.

    Example:
        >>> import tensorplug as tp
        >>> tp.feature_dropout(tp.ones(1, 2), 0.5, False)
        tensor([[1., 1.]])
    """

def dropout1d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """``dropout`` of whole channels of an input of shape (N, C, L) or (C, L).

    Raises:
        ValueError: ``p`` is outside [0, 1].
        RuntimeError: another number of dims.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.dropout1d(tp.ones(1, 2, 1), p=1.0).flatten()
        tensor([0., 0.])
    """

def dropout2d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """``dropout`` of whole channels of an input of shape (N, C, H, W), or (N, C, L) with a warning.

    Raises:
        ValueError: ``p`` is outside [0, 1].

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.dropout2d(tp.ones(1, 2, 1, 1), p=1.0).flatten()
        tensor([0., 0.])
    """

def dropout3d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """``dropout`` of whole channels of an input of shape (N, C, D, H, W) or (C, D, H, W).

    Raises:
        ValueError: ``p`` is outside [0, 1].

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.dropout3d(tp.ones(1, 2, 1, 1, 1), p=1.0).flatten()
        tensor([0., 0.])
    """

def alpha_dropout(input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False) -> Tensor:
    """Dropout that keeps mean 0 and variance 1, for networks of SELU.

    Raises:
        ValueError: ``p`` is outside [0, 1].

    Source: Klambauer et al., Self-normalizing neural networks, 2017.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.alpha_dropout(tp.ones(3), p=0.5)
        tensor([1., 1., 1.])
    """

def feature_alpha_dropout(input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False) -> Tensor:
    """``alpha_dropout`` of whole channels (dims 0 and 1) at a time.

    Raises:
        ValueError: ``p`` is outside [0, 1].

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.feature_alpha_dropout(tp.ones(1, 2), training=False)
        tensor([[1., 1.]])
    """

# linalg

def matmul(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
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

def mm(input: Tensor, mat2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The product of two matrices.

    Raises:
        RuntimeError: either is not a matrix, or the inner sizes differ.
    """

def bmm(input: Tensor, mat2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The products of two batches of matrices of the same length.

    Raises:
        RuntimeError: either is not 3-d, or the batch or inner sizes differ.
    """

def mv(input: Tensor, vec: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The product of a matrix and a vector."""

def dot(input: Tensor, tensor: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The sum of the products of two vectors of one size.

    Example:
        >>> import tensorplug as tp
        >>> tp.dot(tp.tensor([2, 3]), tp.tensor([2, 1]))
        tensor(7)
    """

def outer(input: Tensor, vec2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """All products of an element of one vector with one of the other.

    Example:
        >>> import tensorplug as tp
        >>> tp.outer(tp.tensor([1, 2]), tp.tensor([3, 4]))
        tensor([[3, 4],
                [6, 8]])
    """

def ger(input: Tensor, vec2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The same as ``outer``."""

def addmm(
    input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: Number = 1, alpha: Number = 1, out: Tensor | None = None
) -> Tensor:
    """``beta * input + alpha * (mat1 @ mat2)``; with ``beta=0`` the input's values do not matter."""

def addmm_(self: Tensor, mat1: Tensor, mat2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
    """``addmm`` in place: the result overwrites this tensor, which is returned."""

def addmv(
    input: Tensor, mat: Tensor, vec: Tensor, *, beta: Number = 1, alpha: Number = 1, out: Tensor | None = None
) -> Tensor:
    """``beta * input + alpha * (mat @ vec)``."""

def addmv_(self: Tensor, mat: Tensor, vec: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
    """``addmv`` in place: the result overwrites this tensor, which is returned."""

def baddbmm(
    input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Number = 1, alpha: Number = 1, out: Tensor | None = None
) -> Tensor:
    """``beta * input + alpha * bmm(batch1, batch2)``."""

def baddbmm_(self: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
    """``baddbmm`` in place: the result overwrites this tensor, which is returned."""

def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """``input @ weight.T + bias``.

    Args:
        input: shape (..., in_features).
        weight: shape (out_features, in_features), or (in_features,).
        bias: shape (out_features,), or None.

    Returns:
        Shape (..., out_features).

    Raises:
        RuntimeError: sizes or dtypes do not match.
    """

def trace(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The sum of a matrix's diagonal."""

# attention

def scaled_dot_product_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    """``softmax(query @ key.T * scale + mask) @ value``, over the last two dims.

    Args:
        query: shape (..., Hq, L, E).
        key: shape (..., H, S, E).
        value: shape (..., H, S, Ev).
        attn_mask: broadcasts to (..., L, S): bool, True where attention is allowed, or floating point, added to the
            scores. A row that allows nothing gives zeros.
        dropout_p: the probability with which weights are dropped (in eval, too: pass 0 there).
        is_causal: position i attends to positions up to i; not together with a mask.
        scale: by default ``1 / sqrt(E)``.
        enable_gqa: ``key`` and ``value`` have fewer heads (dim -3) than ``query``, each serving a group of its heads.

    Returns:
        Shape (..., Hq, L, Ev).

    Raises:
        RuntimeError: dtypes or shapes do not fit, or a mask together with ``is_causal``.

    Source: Vaswani et al., Attention is all you need, 2017.

    Example:
        >>> import tensorplug as tp
        >>> q = tp.zeros(1, 2, 4)
        >>> v = tp.tensor([[[1.0], [3.0]]])
        >>> tp.nn.functional.scaled_dot_product_attention(q, q, v)
        tensor([[[2.],
                 [2.]]])
    """

# attention_heads

def multi_head_attention_forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    embed_dim_to_check: int,
    num_heads: int,
    in_proj_weight: Tensor | None,
    in_proj_bias: Tensor | None,
    bias_k: Tensor | None,
    bias_v: Tensor | None,
    add_zero_attn: bool,
    dropout_p: float,
    out_proj_weight: Tensor,
    out_proj_bias: Tensor | None,
    training: bool = True,
    key_padding_mask: Tensor | None = None,
    need_weights: bool = True,
    attn_mask: Tensor | None = None,
    use_separate_proj_weight: bool = False,
    q_proj_weight: Tensor | None = None,
    k_proj_weight: Tensor | None = None,
    v_proj_weight: Tensor | None = None,
    static_k: Tensor | None = None,
    static_v: Tensor | None = None,
    average_attn_weights: bool = True,
    is_causal: bool = False,
) -> Any:
    """Attention of ``num_heads`` heads side by side, with weights given.

    Args:
        query: shape (L, N, E), or (L, E) without the batch dim.
        key, value: shape (S, N, Ek) and (S, N, Ev); E each unless there are separate weights.
        embed_dim_to_check: what E has to be.
        num_heads: of ``E / num_heads`` numbers each.
        in_proj_weight, in_proj_bias: of the three projections, shape (3 * E, E) and (3 * E,).
        bias_k, bias_v: one more key and value for all, shape (1, 1, E).
        add_zero_attn: whether there is one more key and value of zeros.
        dropout_p: the probability with which attention weights are dropped in training.
        out_proj_weight, out_proj_bias: of the last projection.
        key_padding_mask: shape (N, S): keys to leave out (bool, True), or numbers to add to their scores.
        need_weights: whether to return the attention weights.
        attn_mask: shape (L, S) or (N * num_heads, L, S): pairs to leave out (bool, True), or numbers to add to scores.
        use_separate_proj_weight: whether the projections are ``q_proj_weight``, ``k_proj_weight``, ``v_proj_weight``.
        static_k, static_v: keys and values by head, shape (N * num_heads, S, E / num_heads), instead of projections.
        average_attn_weights: whether the weights returned are the means of the heads'.
        is_causal: a hint that ``attn_mask``, which has to be given, is the causal one.

    Returns:
        The result, shape (L, N, E), and the weights, shape (N, L, S) or (N, num_heads, L, S), or None.

    Raises:
        AssertionError: sizes that do not fit each other.
        RuntimeError: ``is_causal`` without a mask, or a mask of another shape.

    Source: Vaswani et al., Attention is all you need, 2017.

    Example:
        >>> import tensorplug as tp
        >>> x, w, b = tp.ones(3, 1, 2), tp.ones(6, 2), tp.zeros(6)
        >>> result, weights = tp.nn.functional.multi_head_attention_forward(
        ...     x, x, x, 2, 1, w, b, None, None, False, 0.0, tp.eye(2), tp.zeros(2))
        >>> weights[0, 0]
        tensor([0.3333, 0.3333, 0.3333])
    """

# bessel

def bessel_j0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Bessel function of the first kind, of order 0.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.bessel_j0(tp.tensor([0.0, 1.0, 30.0]))
        tensor([ 1.0000,  0.7652, -0.0864])
    """

def bessel_j1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Bessel function of the first kind, of order 1.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.bessel_j1(tp.tensor([0.0, 1.0, 30.0]))
        tensor([ 0.0000,  0.4401, -0.1188])
    """

def bessel_y0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Bessel function of the second kind, of order 0: -inf at 0, NaN below.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.bessel_y0(tp.tensor([0.0, 1.0, 30.0]))
        tensor([   -inf,  0.0883, -0.1173])
    """

def bessel_y1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Bessel function of the second kind, of order 1: -inf at 0, NaN below.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.bessel_y1(tp.tensor([0.0, 1.0, 30.0]))
        tensor([   -inf, -0.7812,  0.0844])
    """

def spherical_bessel_j0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The spherical Bessel function of the first kind, of order 0: ``sin(input) / input``, and 1 at 0.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.spherical_bessel_j0(tp.tensor([0.0, 1.0, float("inf")]))
        tensor([1.0000, 0.8415, 0.0000])
    """

# bits

def bitwise_not(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Every bit flipped; of bools, the logical not."""

def bitwise_not_(self: Tensor) -> Tensor:
    """``bitwise_not`` in place: the result overwrites this tensor, which is returned."""

def bitwise_and(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Bits set in both; of bools, the logical and."""

def bitwise_and_(self: Tensor, other: Tensor | Number) -> Tensor:
    """``bitwise_and`` in place: the result overwrites this tensor, which is returned."""

def bitwise_or(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Bits set in either; of bools, the logical or."""

def bitwise_or_(self: Tensor, other: Tensor | Number) -> Tensor:
    """``bitwise_or`` in place: the result overwrites this tensor, which is returned."""

def bitwise_xor(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Bits set in one only; of bools, whether they differ."""

def bitwise_xor_(self: Tensor, other: Tensor | Number) -> Tensor:
    """``bitwise_xor`` in place: the result overwrites this tensor, which is returned."""

def bitwise_left_shift(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """``input * 2**other``, wrapping."""

def bitwise_left_shift_(self: Tensor, other: Tensor | Number) -> Tensor:
    """``bitwise_left_shift`` in place: the result overwrites this tensor, which is returned."""

def bitwise_right_shift(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """``input / 2**other``, rounded down."""

def bitwise_right_shift_(self: Tensor, other: Tensor | Number) -> Tensor:
    """``bitwise_right_shift`` in place: the result overwrites this tensor, which is returned."""

# choice

def maximum(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The larger of each pair; NaN where either is NaN. Where both are equal each gets half the gradient."""

def maximum_(self: Tensor, other: Tensor) -> Tensor:
    """``maximum`` in place: the result overwrites this tensor, which is returned."""

def minimum(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The smaller of each pair; NaN where either is NaN. Where both are equal each gets half the gradient."""

def minimum_(self: Tensor, other: Tensor) -> Tensor:
    """``minimum`` in place: the result overwrites this tensor, which is returned."""

def clamp(
    input: Tensor, min: Tensor | Number | None = None, max: Tensor | Number | None = None, *, out: Tensor | None = None
) -> Tensor:
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

def clamp_(self: Tensor, min: Tensor | Number | None = None, max: Tensor | Number | None = None) -> Tensor:
    """``clamp`` in place: the result overwrites this tensor, which is returned."""

def clip(
    input: Tensor, min: Tensor | Number | None = None, max: Tensor | Number | None = None, *, out: Tensor | None = None
) -> Tensor:
    """The same as ``clamp``."""

def clip_(self: Tensor, min: Tensor | Number | None = None, max: Tensor | Number | None = None) -> Tensor:
    """``clamp`` in place: the result overwrites this tensor, which is returned."""

def clamp_min(input: Tensor, min: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Limits each element to at least ``min``."""

def clamp_min_(self: Tensor, min: Tensor | Number) -> Tensor:
    """``clamp_min`` in place: the result overwrites this tensor, which is returned."""

def clamp_max(input: Tensor, max: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Limits each element to at most ``max``."""

def clamp_max_(self: Tensor, max: Tensor | Number) -> Tensor:
    """``clamp_max`` in place: the result overwrites this tensor, which is returned."""

@overload
def where(condition: Tensor, *, out: Sequence[Tensor] | None = None) -> tuple[Tensor, ...]:
    """``input`` where ``condition`` holds, ``other`` elsewhere.

    Args:
        condition: a bool tensor.
        input, other: tensors or numbers that broadcast with ``condition``; without them the result is
            ``nonzero(condition, as_tuple=True)``.

    Example:
        >>> import tensorplug as tp
        >>> tp.where(tp.tensor([True, False]), 1.0, 0.0)
        tensor([1., 0.])
    """

@overload
def where(
    condition: Tensor, input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None
) -> Tensor: ...
def nan_to_num(
    input: Tensor,
    nan: float | None = None,
    posinf: float | None = None,
    neginf: float | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Replaces NaN by ``nan`` (or 0), infinities by ``posinf`` and ``neginf`` (or the dtype's largest numbers)."""

def nan_to_num_(
    self: Tensor, nan: float | None = None, posinf: float | None = None, neginf: float | None = None
) -> Tensor:
    """``nan_to_num`` in place: the result overwrites this tensor, which is returned."""

def lerp(input: Tensor, end: Tensor, weight: Tensor | float, *, out: Tensor | None = None) -> Tensor:
    """Linear interpolation, ``input + weight * (end - input)``.

    Raises:
        RuntimeError: the tensors are of different dtypes.
    """

def lerp_(self: Tensor, end: Tensor, weight: Tensor | float) -> Tensor:
    """``lerp`` in place: the result overwrites this tensor, which is returned."""

def addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Number = 1, out: Tensor | None = None) -> Tensor:
    """``input + value * tensor1 * tensor2``."""

def addcmul_(self: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Number = 1) -> Tensor:
    """``addcmul`` in place: the result overwrites this tensor, which is returned."""

def addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Number = 1, out: Tensor | None = None) -> Tensor:
    """``input + value * tensor1 / tensor2``; integer tensors are refused."""

def addcdiv_(self: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Number = 1) -> Tensor:
    """``addcdiv`` in place: the result overwrites this tensor, which is returned."""

# class_loss

def cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """The negative logarithm of the softmax probability of the target class.

    Args:
        input: logits of shape (N, C), (C,) or (N, C, d1, ...).
        target: int64 class indices of the input's shape without C, or probabilities of the input's shape.
        weight: a factor for each class, shape (C,).
        size_average, reduce: old forms of ``reduction``.
        ignore_index: a class index that does not count.
        reduction: ``"mean"`` (over the weights that count), ``"sum"`` or ``"none"``.
        label_smoothing: the share, in [0, 1], of the target that is spread evenly over all classes.

    Raises:
        RuntimeError: shapes or dtypes do not fit.
        IndexError: a target is no class.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.cross_entropy(tp.zeros(2, 4), tp.tensor([0, 3]))
        tensor(1.3863)
    """

def nll_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``-weight[target] * input[target]`` for log-probabilities.

    Args:
        input: log-probabilities of shape (N, C), (C,) or (N, C, d1, ...).
        target: int64 class indices of the input's shape without C.
        weight: a factor for each class, shape (C,).
        size_average, reduce: old forms of ``reduction``.
        ignore_index: a class index that does not count.
        reduction: ``"mean"`` (over the weights that count), ``"sum"`` or ``"none"``.

    Raises:
        RuntimeError: shapes or dtypes do not fit.
        IndexError: a target is no class.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.nll_loss(tp.tensor([[-1.0, -2.0]]), tp.tensor([1]))
        tensor(2.)
    """

# comparison

def eq(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Whether the elements are equal; NaN equals nothing.

    Example:
        >>> import tensorplug as tp
        >>> tp.eq(tp.tensor([1, 2]), 2)
        tensor([False,  True])
    """

def eq_(self: Tensor, other: Tensor | Number) -> Tensor:
    """``eq`` in place: the result overwrites this tensor, which is returned."""

def ne(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Whether the elements differ; NaN differs from everything."""

def ne_(self: Tensor, other: Tensor | Number) -> Tensor:
    """``ne`` in place: the result overwrites this tensor, which is returned."""

def not_equal(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The same as ``ne``."""

def not_equal_(self: Tensor, other: Tensor | Number) -> Tensor:
    """``ne`` in place: the result overwrites this tensor, which is returned."""

def lt(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Whether ``input < other``."""

def lt_(self: Tensor, other: Tensor | Number) -> Tensor:
    """``lt`` in place: the result overwrites this tensor, which is returned."""

def less(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The same as ``lt``."""

def less_(self: Tensor, other: Tensor | Number) -> Tensor:
    """``lt`` in place: the result overwrites this tensor, which is returned."""

def le(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Whether ``input <= other``."""

def le_(self: Tensor, other: Tensor | Number) -> Tensor:
    """``le`` in place: the result overwrites this tensor, which is returned."""

def less_equal(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The same as ``le``."""

def less_equal_(self: Tensor, other: Tensor | Number) -> Tensor:
    """``le`` in place: the result overwrites this tensor, which is returned."""

def gt(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Whether ``input > other``."""

def gt_(self: Tensor, other: Tensor | Number) -> Tensor:
    """``gt`` in place: the result overwrites this tensor, which is returned."""

def greater(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The same as ``gt``."""

def greater_(self: Tensor, other: Tensor | Number) -> Tensor:
    """``gt`` in place: the result overwrites this tensor, which is returned."""

def ge(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Whether ``input >= other``."""

def ge_(self: Tensor, other: Tensor | Number) -> Tensor:
    """``ge`` in place: the result overwrites this tensor, which is returned."""

def greater_equal(input: Tensor, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The same as ``ge``."""

def greater_equal_(self: Tensor, other: Tensor | Number) -> Tensor:
    """``ge`` in place: the result overwrites this tensor, which is returned."""

def logical_not(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Whether each element is zero (or False)."""

def logical_not_(self: Tensor) -> Tensor:
    """``logical_not`` in place: the result overwrites this tensor, which is returned."""

def logical_and(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Whether both elements are nonzero."""

def logical_and_(self: Tensor, other: Tensor) -> Tensor:
    """``logical_and`` in place: the result overwrites this tensor, which is returned."""

def logical_or(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Whether either element is nonzero."""

def logical_or_(self: Tensor, other: Tensor) -> Tensor:
    """``logical_or`` in place: the result overwrites this tensor, which is returned."""

def logical_xor(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Whether just one of the elements is nonzero."""

def logical_xor_(self: Tensor, other: Tensor) -> Tensor:
    """``logical_xor`` in place: the result overwrites this tensor, which is returned."""

def isnan(input: Tensor) -> Tensor:
    """Whether each element is NaN (for complex numbers, in either part)."""

def isinf(input: Tensor) -> Tensor:
    """Whether each element is infinite (for complex numbers, in either part)."""

def isfinite(input: Tensor) -> Tensor:
    """Whether each element is neither infinite nor NaN."""

def isclose(input: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> Tensor:
    """Whether ``|input - other| <= atol + rtol * |other|`` (equal infinities are close)."""

def allclose(input: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> bool:
    """Whether ``isclose`` holds for all elements."""

def equal(input: Tensor, other: Tensor) -> bool:
    """Whether two tensors have the same shape and elements.

    Example:
        >>> import tensorplug as tp
        >>> tp.equal(tp.tensor([1, 2]), tp.tensor([1, 2]))
        True
    """

# complex_views

def view_as_real(input: Tensor) -> Tensor:
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

def view_as_complex(input: Tensor) -> Tensor:
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

# convolution

def convolution(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Sizes,
    padding: Sizes,
    dilation: Sizes,
    transposed: bool,
    output_padding: Sizes,
    groups: int,
) -> Tensor:
    """Convolution (cross-correlation) or its transpose, in as many spatial dims as the input has.

    Args:
        input: shape (batch, channel, *spatial).
        weight: shape (out_channels, in_channels / groups, *kernel); transposed (in_channels, out_channels / groups,
            *kernel). Of the input's dtype.
        bias: shape (out_channels,), or None.
        stride, padding, dilation: one integer or one per spatial dim.
        transposed: whether to compute the transpose.
        output_padding: elements added at the end of each dim of a transposed convolution, less than stride or
            dilation.
        groups: the channels are convolved in so many separate groups.

    Returns:
        Shape (batch, out_channels, *places); for the arithmetic see Dumoulin and Visin, "A guide to convolution
        arithmetic for deep learning", 2016.

    Raises:
        RuntimeError: shapes or dtypes do not fit together, or no window fits.
        NotImplementedError: bool tensors.

    Example:
        >>> import tensorplug as tp
        >>> tp.convolution(tp.arange(4.0).reshape(1, 1, 4), tp.ones(1, 1, 2), None, 1, 0, 1, False, 0, 1)
        tensor([[[1., 3., 5.]]])
    """

def conv1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: Sizes | str = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Tensor:
    """Convolution of sequences of shape (batch, channel, length) or (channel, length); otherwise as ``conv2d``.

    Example:
        >>> import tensorplug as tp
        >>> tp.conv1d(tp.tensor([[1.0, 2.0, 4.0]]), tp.tensor([[[1.0, -1.0]]]))
        tensor([[-1., -2.]])
    """

def conv2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: Sizes | str = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Tensor:
    """Convolution (cross-correlation) of images.

    Args:
        input: shape (batch, in_channels, height, width), or without the batch dim.
        weight: shape (out_channels, in_channels / groups, kernel height, kernel width), of the input's dtype.
        bias: shape (out_channels,), or None.
        stride: step between windows, one integer or a pair.
        padding: zeros added on both sides, one integer or a pair; ``"valid"`` for none; ``"same"`` to keep the size
            (then the stride must be 1, and an odd element goes behind).
        dilation: step between the elements of a window, one integer or a pair.
        groups: input and output channels are split into so many groups that do not mix.

    Returns:
        Shape (batch, out_channels, *places) with ``(size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1``
        places in each dim.

    Raises:
        RuntimeError: shapes or dtypes do not fit together, or no window fits.

    Example:
        >>> import tensorplug as tp
        >>> tp.conv2d(tp.ones(1, 1, 3, 3), tp.ones(1, 1, 3, 3), padding=1)
        tensor([[[[4., 6., 4.],
                  [6., 9., 6.],
                  [4., 6., 4.]]]])
    """

def conv3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: Sizes | str = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Tensor:
    """Convolution of volumes of shape (batch, channel, depth, height, width), or without batch; else as ``conv2d``.

    Example:
        >>> import tensorplug as tp
        >>> tp.conv3d(tp.ones(1, 2, 4, 5, 6), tp.ones(3, 2, 2, 2, 2)).shape
        tensorplug.Size([1, 3, 3, 4, 5])
    """

def conv_transpose1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: Sizes = 0,
    output_padding: Sizes = 0,
    groups: int = 1,
    dilation: Sizes = 1,
) -> Tensor:
    """Transposed convolution of sequences (batch, channel, length) or (channel, length); as ``conv_transpose2d``.

    Example:
        >>> import tensorplug as tp
        >>> tp.conv_transpose1d(tp.tensor([[1.0, 2.0]]), tp.tensor([[[1.0, 1.0]]]), stride=2)
        tensor([[1., 1., 2., 2.]])
    """

def conv_transpose2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: Sizes = 0,
    output_padding: Sizes = 0,
    groups: int = 1,
    dilation: Sizes = 1,
) -> Tensor:
    """Transposed convolution of images: what ``conv2d`` does to gradients on their way back.

    Args:
        input: shape (batch, in_channels, height, width), or without the batch dim.
        weight: shape (in_channels, out_channels / groups, kernel height, kernel width), of the input's dtype.
        bias: shape (out_channels,), or None.
        stride, padding, dilation: those of the convolution that this is the transpose of.
        output_padding: elements added at the end of each dim of the result, less than stride or dilation.
        groups: input and output channels are split into so many groups that do not mix.

    Returns:
        Shape (batch, out_channels, *sizes) with
        ``(size - 1) * stride - 2 * padding + dilation * (kernel - 1) + output_padding + 1`` in each dim.

    Raises:
        RuntimeError: shapes or dtypes do not fit together, or nothing would be left.

    Example:
        >>> import tensorplug as tp
        >>> tp.conv_transpose2d(tp.ones(1, 1, 2, 2), tp.ones(1, 1, 2, 2))
        tensor([[[[1., 2., 1.],
                  [2., 4., 2.],
                  [1., 2., 1.]]]])
    """

def conv_transpose3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: Sizes = 0,
    output_padding: Sizes = 0,
    groups: int = 1,
    dilation: Sizes = 1,
) -> Tensor:
    """Transposed convolution of volumes (batch, channel, depth, height, width), or without batch.

    Otherwise as ``conv_transpose2d``.

    Example:
        >>> import tensorplug as tp
        >>> tp.conv_transpose3d(tp.ones(1, 2, 4, 5, 6), tp.ones(2, 3, 2, 2, 2), stride=2).shape
        tensorplug.Size([1, 3, 8, 10, 12])
    """

# coordinates

def unravel_index(indices: Tensor, shape: int | Sequence[int] | Tensor) -> tuple[Tensor, ...]:
    """The int64 coordinates, one tensor for each dim, of places that are counted in C order.

    Args:
        indices: integers; those beyond the shape start again from its other end.
        shape: the shape in which they count.

    Raises:
        TypeError: ``indices`` are no integers.
        ValueError: a negative size.

    Example:
        >>> import tensorplug as tp
        >>> tp.unravel_index(tp.tensor([3, 5]), (2, 3))
        (tensor([1, 1]), tensor([0, 2]))
    """

def nonzero_static(input: Tensor, *, size: int, fill_value: int = -1, out: Tensor | None = None) -> Tensor:
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

def gradient(
    input: Tensor, *, spacing: Any = None, dim: int | Sequence[int] | None = None, edge_order: int = 1
) -> tuple[Tensor, ...]:
    """The slopes of samples of a function along dims, by central differences of second order.

    Args:
        input: values of the function on a grid.
        spacing: the distance between neighbours: one number, one for each dim, or for each dim a vector of the
            coordinates.
        dim: along which; all by default.
        edge_order: of the differences at both ends, 1 or 2.

    Returns:
        For each dim a tensor of the input's shape.

    Raises:
        RuntimeError: ``spacing`` does not fit the dims, another order, or a dim of ``edge_order`` elements or less.

    Source: Fornberg, Generation of finite difference formulas on arbitrarily spaced grids, 1988.

    Example:
        >>> import tensorplug as tp
        >>> tp.gradient(tp.tensor([1.0, 4.0, 9.0]))
        (tensor([3., 4., 5.]),)
    """

# counts

def poisson(input: Tensor, generator: Generator | None = None) -> Tensor:
    """Draws of Poisson distributions whose rates are the elements of ``input``.

    Raises:
        RuntimeError: a rate that is negative or NaN.

    Example:
        >>> import tensorplug as tp
        >>> _ = tp.manual_seed(0)
        >>> tp.poisson(tp.tensor([0.0, 3.0, 1000.0])).shape
        tensorplug.Size([3])
    """

def binomial(count: Tensor, prob: Tensor, generator: Generator | None = None) -> Tensor:
    """How many of ``count`` trials succeed, each with probability ``prob``; both broadcast.

    A probability below 0 counts as 0, one above 1 as 1; a negative count as 0.

    Raises:
        ValueError: ``count`` or ``prob`` is not floating-point.
        RuntimeError: they differ in dtype.

    Example:
        >>> import tensorplug as tp
        >>> tp.binomial(tp.tensor([5.0, 9.0]), tp.tensor([0.0, 1.0]))
        tensor([0., 9.])
    """

# ctc

def ctc_loss(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Any,
    target_lengths: Any,
    blank: int = 0,
    reduction: str = "mean",
    zero_infinity: bool = False,
) -> Tensor:
    """The negative logarithm of the probability of a label sequence, summed over its alignments with the input.

    The gradient is that of this formula. PyTorch's differs by a term that vanishes behind ``log_softmax``.

    Args:
        log_probs: logarithms of class probabilities, shape (T, N, C) or (T, C).
        targets: int64 labels without blanks, shape (N, S), (S,), or all of them one after the other.
        input_lengths, target_lengths: shape (N,) or (): how much of each sequence counts.
        blank: the class that means no label.
        reduction: ``"mean"`` (of each loss over its target's length), ``"sum"`` or ``"none"``.
        zero_infinity: let impossible alignments, whose loss is infinite, count 0.

    Raises:
        RuntimeError: shapes or lengths do not fit.

    Source: Graves et al., Connectionist temporal classification, 2006.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.ctc_loss(tp.zeros(2, 1, 3).log_softmax(2), tp.tensor([[1]]), (2,), (1,))
        tensor(1.0986)
    """

# triangular

def tril(input: Tensor, diagonal: int = 0, *, out: Tensor | None = None) -> Tensor:
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

def tril_(self: Tensor, diagonal: int = 0) -> Tensor:
    """``tril`` in place: the result overwrites this tensor, which is returned."""

def triu(input: Tensor, diagonal: int = 0, *, out: Tensor | None = None) -> Tensor:
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

def triu_(self: Tensor, diagonal: int = 0) -> Tensor:
    """``triu`` in place: the result overwrites this tensor, which is returned."""

def tril_indices(
    row: int, col: int, offset: int = 0, *, dtype: DType = ..., device: Device | str | None = None, layout: Any = None
) -> Tensor:
    """Where the lower triangle of a ``row`` by ``col`` matrix lies: row and column numbers, shape (2, n).

    Args:
        offset: the highest diagonal that belongs to it.

    Example:
        >>> import tensorplug as tp
        >>> tp.tril_indices(2, 2)
        tensor([[0, 1, 1],
                [0, 0, 1]])
    """

def triu_indices(
    row: int, col: int, offset: int = 0, *, dtype: DType = ..., device: Device | str | None = None, layout: Any = None
) -> Tensor:
    """Where the upper triangle of a ``row`` by ``col`` matrix lies: row and column numbers, shape (2, n).

    Args:
        offset: the lowest diagonal that belongs to it.

    Example:
        >>> import tensorplug as tp
        >>> tp.triu_indices(2, 2)
        tensor([[0, 0, 1],
                [0, 1, 1]])
    """

def diag_embed(input: Tensor, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
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

def diag(input: Tensor, diagonal: int = 0, *, out: Tensor | None = None) -> Tensor:
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

def diagflat(input: Tensor, offset: int = 0) -> Tensor:
    """A matrix with all elements of ``input`` on its diagonal.

    Example:
        >>> import tensorplug as tp
        >>> tp.diagflat(tp.tensor([1, 2]))
        tensor([[1, 0],
                [0, 2]])
    """

def diagonal_scatter(input: Tensor, src: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """A copy of ``input`` whose diagonal is ``src``.

    Args:
        src: the shape that ``input.diagonal(offset, dim1, dim2)`` has.

    Example:
        >>> import tensorplug as tp
        >>> tp.diagonal_scatter(tp.zeros(2, 2), tp.ones(2))
        tensor([[1., 0.],
                [0., 1.]])
    """

def block_diag(*tensors: Tensor) -> Tensor:
    """A matrix with the given matrices along its diagonal and 0 elsewhere.

    Args:
        tensors: matrices; a vector is one row, a 0-d tensor one element.

    Raises:
        RuntimeError: a tensor has more than two dims.

    Example:
        >>> import tensorplug as tp
        >>> tp.block_diag(tp.tensor([[1, 2]]), tp.tensor(3))
        tensor([[1, 2, 0],
                [0, 0, 3]])
    """

# factorization

def lu_unpack(
    LU_data: Tensor,
    LU_pivots: Tensor,
    unpack_data: bool = True,
    unpack_pivots: bool = True,
    *,
    out: Sequence[Tensor] | None = None,
) -> LU:
    """The three factors from what ``lu_factor`` gives.

    Args:
        LU_data: shape (..., m, n).
        LU_pivots: int32, shape (..., min(m, n)).
        unpack_data: give L and U; otherwise they have no elements.
        unpack_pivots: give P; otherwise it has no elements.

    Returns:
        ``(P, L, U)``.
    """

# solving

def inverse(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``linalg.inv`` by an older name.

    Raises:
        LinAlgError: a matrix is singular.
    """

# determinant

def det(input: Tensor) -> Tensor:
    """``linalg.det`` by an older name."""

def slogdet(input: Tensor, *, out: Sequence[Tensor] | None = None) -> SignLogDet:
    """``linalg.slogdet`` by an older name."""

def logdet(input: Tensor) -> Tensor:
    """The logarithm of determinants; NaN for real matrices where the determinant is negative.

    Example:
        >>> import tensorplug as tp
        >>> tp.logdet(tp.tensor([[2.0, 0.0], [0.0, 0.5]]))
        tensor(0.)
    """

# einsum

def einsum(equation: str | Tensor, *operands: Any) -> Tensor:
    """The sum of products that an equation describes: every dim has a letter, letters not in the result are summed.

    Args:
        equation: ``"ij,jk->ik"``: the dims of each operand and of the result. Without ``->`` the result has the
            letters that stand only once, in alphabetical order. A letter twice in one operand takes a diagonal.
            ``...`` stands for any dims, which broadcast.
        operands: tensors, or one sequence of them. Instead of an equation, tensors may alternate with lists of
            numbers below 52 (and ``Ellipsis``), a last list being that of the result.

    Raises:
        RuntimeError: the equation does not fit the operands, or dtypes differ.
        ValueError: no operands, or a number out of range.

    Example:
        >>> import tensorplug as tp
        >>> a = tp.arange(6.0).reshape(2, 3)
        >>> tp.einsum("ij,kj->ik", a, a)
        tensor([[ 5., 14.],
                [14., 50.]])
        >>> tp.einsum("ii", tp.eye(3))
        tensor(3.)
    """

def tensordot(a: Tensor, b: Tensor, dims: Any = 2, *, out: Tensor | None = None) -> Tensor:
    """The sum of products over dims of ``a`` and as many of ``b``.

    Args:
        dims: how many last dims of ``a`` and first dims of ``b``; or two lists of dims.

    Returns:
        The other dims of ``a``, then those of ``b``.

    Raises:
        RuntimeError: the sizes of the dims differ, or the numbers of dims do.

    Example:
        >>> import tensorplug as tp
        >>> tp.tensordot(tp.ones(2, 3), tp.ones(3, 4), 1).shape
        tensorplug.Size([2, 4])
    """

def inner(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The sum of products over the last dims; with a 0-d tensor, the product.

    Raises:
        RuntimeError: the last dims differ in size.

    Example:
        >>> import tensorplug as tp
        >>> tp.inner(tp.tensor([1, 2]), tp.tensor([3, 4]))
        tensor(11)
    """

def vdot(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The dot product of two vectors, the first one conjugated.

    Example:
        >>> import tensorplug as tp
        >>> tp.vdot(tp.tensor([1j]), tp.tensor([2j]))
        tensor(2.+0.j)
    """

def kron(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Kronecker product: every element of ``input`` times the whole of ``other``, as blocks.

    Example:
        >>> import tensorplug as tp
        >>> tp.kron(tp.tensor([[1, 2]]), tp.tensor([[1], [1]]))
        tensor([[1, 2],
                [1, 2]])
    """

def cross(input: Tensor, other: Tensor, dim: int | None = None, *, out: Tensor | None = None) -> Tensor:
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

def addr(
    input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: Number = 1, alpha: Number = 1, out: Tensor | None = None
) -> Tensor:
    """``beta * input + alpha * outer(vec1, vec2)``; with ``beta=0`` the input's values do not matter.

    Example:
        >>> import tensorplug as tp
        >>> tp.addr(tp.ones(2, 2), tp.tensor([1.0, 2.0]), tp.tensor([1.0, 0.0]))
        tensor([[2., 1.],
                [3., 1.]])
    """

def addr_(self: Tensor, vec1: Tensor, vec2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
    """``addr`` in place: the result overwrites this tensor, which is returned."""

def addbmm(
    input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Number = 1, alpha: Number = 1, out: Tensor | None = None
) -> Tensor:
    """``beta * input + alpha * bmm(batch1, batch2).sum(0)``; with ``beta=0`` the input's values do not matter.

    Example:
        >>> import tensorplug as tp
        >>> tp.addbmm(tp.ones(1, 1), tp.ones(2, 1, 3), tp.ones(2, 3, 1))
        tensor([[7.]])
    """

def addbmm_(self: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
    """``addbmm`` in place: the result overwrites this tensor, which is returned."""

def cov(
    input: Tensor, *, correction: int = 1, fweights: Tensor | None = None, aweights: Tensor | None = None
) -> Tensor:
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

def corrcoef(input: Tensor) -> Tensor:
    """Pearson's correlation coefficients of variables (rows) over observations (columns).

    Example:
        >>> import tensorplug as tp
        >>> tp.corrcoef(tp.tensor([[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]]))
        tensor([[ 1., -1.],
                [-1.,  1.]])
    """

def dist(input: Tensor, other: Tensor, p: float = 2) -> Tensor:
    """The ``p``-norm of ``input - other``, which broadcast.

    Example:
        >>> import tensorplug as tp
        >>> tp.dist(tp.tensor([0.0, 3.0]), tp.tensor([4.0, 0.0]))
        tensor(5.)
    """

# embedding

def embedding(
    input: Tensor,
    weight: Tensor,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Tensor:
    """The rows of ``weight`` that ``input`` names.

    Args:
        input: int32 or int64 indices of any shape.
        weight: shape (V, D).
        padding_idx: a row that gets no gradient; negative ones count from the end.
        max_norm: rows that are looked up and longer are shortened to this first, in place.
        norm_type: which norm ``max_norm`` means.
        scale_grad_by_freq: divide each row's gradient by how often it was looked up.
        sparse: taken for compatibility; gradients are dense.

    Returns:
        Shape (*input.shape, D).

    Raises:
        IndexError: an index is out of range.
        RuntimeError: ``weight`` is no matrix, or ``input`` does not hold indices.
        AssertionError: ``padding_idx`` is out of range.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.embedding(tp.tensor([1, 0]), tp.tensor([[1.0, 2.0], [3.0, 4.0]]))
        tensor([[3., 4.],
                [1., 2.]])
    """

def embedding_bag(
    input: Tensor,
    weight: Tensor,
    offsets: Tensor | None = None,
    max_norm: float | None = None,
    norm_type: float = 2,
    scale_grad_by_freq: bool = False,
    mode: str = "mean",
    sparse: bool = False,
    per_sample_weights: Tensor | None = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Tensor:
    """The sums, means or largest elements of bags of rows of ``weight``.

    Args:
        input: indices: shape (B, L), a bag per row, or (N,), cut into bags by ``offsets``.
        weight: shape (V, D).
        offsets: where each bag begins, shape (B,); the first is 0.
        max_norm, norm_type, scale_grad_by_freq, sparse: as for ``embedding``.
        mode: ``"sum"``, ``"mean"`` or ``"max"``; of an empty bag each is 0.
        per_sample_weights: a factor for each index, of the shape of ``input``; only for sums.
        include_last_offset: the last offset is the end of the last bag.
        padding_idx: an index that does not count.

    Returns:
        Shape (B, D).

    Raises:
        ValueError: shapes, offsets or mode do not fit.
        NotImplementedError: weights with another mode than ``"sum"``.

    Example:
        >>> import tensorplug as tp
        >>> table = tp.tensor([[1.0], [10.0], [100.0]])
        >>> tp.nn.functional.embedding_bag(tp.tensor([0, 2, 1]), table, tp.tensor([0, 2]), mode="sum")
        tensor([[101.],
                [ 10.]])
    """

def one_hot(tensor: Tensor, num_classes: int = -1) -> Tensor:
    """1 at the index that each element gives, 0 elsewhere, in a new last dim.

    Args:
        tensor: int64 class indices, not negative.
        num_classes: the size of the new dim; by default one more than the largest index.

    Raises:
        RuntimeError: another dtype, a negative index, one that is too large, or no elements to guess the size from.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.one_hot(tp.tensor([0, 2]))
        tensor([[1, 0, 0],
                [0, 0, 1]])
    """

# error_function

def erf(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The error function, ``2/sqrt(pi) * integral of exp(-t**2) from 0 to input``."""

def erf_(self: Tensor) -> Tensor:
    """``erf`` in place: the result overwrites this tensor, which is returned."""

def erfc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``1 - erf(input)``, accurate for large inputs."""

def erfc_(self: Tensor) -> Tensor:
    """``erfc`` in place: the result overwrites this tensor, which is returned."""

def erfinv(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of ``erf``: -inf at -1, inf at 1, NaN outside."""

def erfinv_(self: Tensor) -> Tensor:
    """``erfinv`` in place: the result overwrites this tensor, which is returned."""

def sigmoid(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``1 / (1 + exp(-input))``.

    Example:
        >>> import tensorplug as tp
        >>> tp.sigmoid(tp.tensor([0.0, 2.0]))
        tensor([0.5000, 0.8808])
    """

def sigmoid_(self: Tensor) -> Tensor:
    """``sigmoid`` in place: the result overwrites this tensor, which is returned."""

# error_loss

def mse_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Tensor | None = None,
) -> Tensor:
    """``(input - target)**2``.

    Args:
        input, target: of one shape; other shapes broadcast, with a warning.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"`` (with weights: over their sum), ``"sum"`` or ``"none"``.
        weight: a factor for each element, of the input's shape.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.mse_loss(tp.tensor([1.0, 2.0]), tp.tensor([1.0, 4.0]))
        tensor(2.)
    """

def l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Tensor | None = None,
) -> Tensor:
    """``|input - target|``.

    Args:
        input, target: of one shape; other shapes broadcast, with a warning.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"`` (with weights: over their sum), ``"sum"`` or ``"none"``.
        weight: a factor for each element, of the input's shape.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.l1_loss(tp.tensor([1.0, 2.0]), tp.tensor([1.0, 4.0]))
        tensor(1.)
    """

def smooth_l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    beta: float = 1.0,
) -> Tensor:
    """``d**2 / (2 * beta)`` where the difference d is below ``beta``, else ``d - beta / 2``.

    Args:
        input, target: of one shape; other shapes broadcast, with a warning.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.
        beta: where the parabola ends; 0 gives ``l1_loss``.

    Raises:
        RuntimeError: ``beta`` is negative.

    Source: Girshick, Fast R-CNN, 2015.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.smooth_l1_loss(tp.tensor([0.5, 2.0]), tp.zeros(2), reduction="none")
        tensor([0.1250, 1.5000])
    """

def huber_loss(
    input: Tensor, target: Tensor, reduction: str = "mean", delta: float = 1.0, weight: Tensor | None = None
) -> Tensor:
    """``d**2 / 2`` where the difference d is at most ``delta``, else ``delta * (d - delta / 2)``.

    Args:
        input, target: of one shape; other shapes broadcast, with a warning.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.
        delta: where the parabola ends.
        weight: a factor for each element, of the input's shape.

    Raises:
        RuntimeError: ``delta`` is not positive.

    Source: Huber, Robust estimation of a location parameter, 1964.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.huber_loss(tp.tensor([0.5, 3.0]), tp.zeros(2), reduction="none", delta=2.0)
        tensor([0.1250, 4.0000])
    """

# exponential

def exp(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``e ** input``.

    Example:
        >>> import tensorplug as tp
        >>> tp.exp(tp.tensor([0.0, 1.0]))
        tensor([1.0000, 2.7183])
    """

def exp_(self: Tensor) -> Tensor:
    """``exp`` in place: the result overwrites this tensor, which is returned."""

def exp2(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``2 ** input``."""

def exp2_(self: Tensor) -> Tensor:
    """``exp2`` in place: the result overwrites this tensor, which is returned."""

def expm1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``exp(input) - 1``, accurate near 0."""

def expm1_(self: Tensor) -> Tensor:
    """``expm1`` in place: the result overwrites this tensor, which is returned."""

def log(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The natural logarithm: -inf at 0, NaN below.

    Example:
        >>> import tensorplug as tp
        >>> tp.log(tp.tensor([1.0, 0.0]))
        tensor([0., -inf])
    """

def log_(self: Tensor) -> Tensor:
    """``log`` in place: the result overwrites this tensor, which is returned."""

def log1p(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``log(1 + input)``, accurate near 0."""

def log1p_(self: Tensor) -> Tensor:
    """``log1p`` in place: the result overwrites this tensor, which is returned."""

def log2(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The logarithm to base 2."""

def log2_(self: Tensor) -> Tensor:
    """``log2`` in place: the result overwrites this tensor, which is returned."""

def log10(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The logarithm to base 10."""

def log10_(self: Tensor) -> Tensor:
    """``log10`` in place: the result overwrites this tensor, which is returned."""

def sqrt(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The square root: NaN below 0. The gradient at 0 is inf."""

def sqrt_(self: Tensor) -> Tensor:
    """``sqrt`` in place: the result overwrites this tensor, which is returned."""

def rsqrt(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``1 / sqrt(input)``."""

def rsqrt_(self: Tensor) -> Tensor:
    """``rsqrt`` in place: the result overwrites this tensor, which is returned."""

# fft

def fft(
    input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None, *, out: Tensor | None = None
) -> Tensor:
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

def ifft(
    input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None, *, out: Tensor | None = None
) -> Tensor:
    """The inverse of ``fft``; by default it has the factor ``1 / n``.

    Example:
        >>> import tensorplug as tp
        >>> tp.fft.ifft(tp.fft.fft(tp.tensor([1.0, 2.0, 3.0, 4.0]))).real
        tensor([1., 2., 3., 4.])
    """

def rfft(
    input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None, *, out: Tensor | None = None
) -> Tensor:
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

def irfft(
    input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None, *, out: Tensor | None = None
) -> Tensor:
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

def hfft(
    input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None, *, out: Tensor | None = None
) -> Tensor:
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

def ihfft(
    input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None, *, out: Tensor | None = None
) -> Tensor:
    """The inverse of ``hfft``.

    Example:
        >>> import tensorplug as tp
        >>> tp.fft.ihfft(tp.tensor([8.0, -2.0, 0.0, -2.0])).real
        tensor([1., 2., 3.])
    """

def fft2(
    input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: str | None = None, *, out: Tensor | None = None
) -> Tensor:
    """The transform along two dims, the last ones by default; arguments as for ``fftn``.

    Example:
        >>> import tensorplug as tp
        >>> tp.fft.fft2(tp.ones(2, 2))
        tensor([[4.+0.j, 0.+0.j],
                [0.+0.j, 0.+0.j]])
    """

def ifft2(
    input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: str | None = None, *, out: Tensor | None = None
) -> Tensor:
    """The inverse of ``fft2``."""

def rfft2(
    input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: str | None = None, *, out: Tensor | None = None
) -> Tensor:
    """The transform of real numbers along two dims, without the mirrored half of the second one."""

def irfft2(
    input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: str | None = None, *, out: Tensor | None = None
) -> Tensor:
    """The inverse of ``rfft2``."""

def hfft2(
    input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: str | None = None, *, out: Tensor | None = None
) -> Tensor:
    """The transform along two dims of a signal that mirrors itself along the second; see ``hfft``."""

def ihfft2(
    input: Tensor, s: Any = None, dim: Any = (-2, -1), norm: str | None = None, *, out: Tensor | None = None
) -> Tensor:
    """The inverse of ``hfft2``."""

def fftn(
    input: Tensor, s: Any = None, dim: Any = None, norm: str | None = None, *, out: Tensor | None = None
) -> Tensor:
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

def ifftn(
    input: Tensor, s: Any = None, dim: Any = None, norm: str | None = None, *, out: Tensor | None = None
) -> Tensor:
    """The inverse of ``fftn``."""

def rfftn(
    input: Tensor, s: Any = None, dim: Any = None, norm: str | None = None, *, out: Tensor | None = None
) -> Tensor:
    """The transform of real numbers along several dims, without the mirrored half of the last one."""

def irfftn(
    input: Tensor, s: Any = None, dim: Any = None, norm: str | None = None, *, out: Tensor | None = None
) -> Tensor:
    """The inverse of ``rfftn``; the last of ``s`` is as ``n`` for ``irfft``."""

def hfftn(
    input: Tensor, s: Any = None, dim: Any = None, norm: str | None = None, *, out: Tensor | None = None
) -> Tensor:
    """The transform along several dims of a signal that mirrors itself along the last one; see ``hfft``."""

def ihfftn(
    input: Tensor, s: Any = None, dim: Any = None, norm: str | None = None, *, out: Tensor | None = None
) -> Tensor:
    """The inverse of ``hfftn``."""

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

def ifftshift(input: Tensor, dim: int | Sequence[int] | None = None) -> Tensor:
    """The inverse of ``fftshift``.

    Example:
        >>> import tensorplug as tp
        >>> tp.fft.ifftshift(tp.tensor([-2, -1, 0, 1, 2]))
        tensor([ 0,  1,  2, -2, -1])
    """

# fractional

@overload
def fractional_max_pool2d(
    input: Tensor,
    kernel_size: Sizes,
    output_size: Sizes | None = None,
    output_ratio: float | Sequence[float] | None = None,
    return_indices: Literal[False] = False,
    _random_samples: Tensor | None = None,
) -> Tensor:
    """The largest elements of windows at random places of images, so that the result has a given size.

    Args:
        input: shape (batch, channel, height, width), or without the batch dim; floating point.
        kernel_size: size of the windows, one integer or a pair.
        output_size: the size of the result, one integer or a pair.
        output_ratio: instead, that size over the input's, one number between 0 and 1 or a pair.
        return_indices: whether to return a tuple of the values and their int64 places in the flattened image.
        _random_samples: the random numbers in [0, 1), shape (batch, channel, 2), of the last dim first; drawn by
            default.

    Returns:
        Shape (batch, channel, *output_size).

    Raises:
        ValueError: neither size nor ratio, or a ratio outside (0, 1).
        RuntimeError: shapes that do not fit.

    Example:
        >>> import tensorplug as tp
        >>> x = tp.arange(16.0).reshape(1, 4, 4)
        >>> tp.nn.functional.fractional_max_pool2d(x, 2, output_size=1)
        tensor([[[15.]]])
    """

@overload
def fractional_max_pool2d(
    input: Tensor,
    kernel_size: Sizes,
    output_size: Sizes | None = None,
    output_ratio: float | Sequence[float] | None = None,
    _random_samples: Tensor | None = None,
    *,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]: ...
@overload
def fractional_max_pool2d(
    input: Tensor,
    kernel_size: Sizes,
    output_size: Sizes | None = None,
    output_ratio: float | Sequence[float] | None = None,
    return_indices: bool = False,
    _random_samples: Tensor | None = None,
) -> Any: ...
@overload
def fractional_max_pool3d(
    input: Tensor,
    kernel_size: Sizes,
    output_size: Sizes | None = None,
    output_ratio: float | Sequence[float] | None = None,
    return_indices: Literal[False] = False,
    _random_samples: Tensor | None = None,
) -> Tensor:
    """The largest elements of windows at random places of volumes (batch, channel, depth, height, width).

    Otherwise as ``fractional_max_pool2d``; random numbers of shape (batch, channel, 3) are in the order of the dims.

    Example:
        >>> import tensorplug as tp
        >>> x = tp.arange(27.0).reshape(1, 3, 3, 3)
        >>> tp.nn.functional.fractional_max_pool3d(x, 2, output_size=1)
        tensor([[[[26.]]]])
    """

@overload
def fractional_max_pool3d(
    input: Tensor,
    kernel_size: Sizes,
    output_size: Sizes | None = None,
    output_ratio: float | Sequence[float] | None = None,
    _random_samples: Tensor | None = None,
    *,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]: ...
@overload
def fractional_max_pool3d(
    input: Tensor,
    kernel_size: Sizes,
    output_size: Sizes | None = None,
    output_ratio: float | Sequence[float] | None = None,
    return_indices: bool = False,
    _random_samples: Tensor | None = None,
) -> Any: ...

# rounding

def floor(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The largest whole number not above each element."""

def floor_(self: Tensor) -> Tensor:
    """``floor`` in place: the result overwrites this tensor, which is returned."""

def ceil(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The smallest whole number not below each element."""

def ceil_(self: Tensor) -> Tensor:
    """``ceil`` in place: the result overwrites this tensor, which is returned."""

def trunc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Each element without its fraction."""

def trunc_(self: Tensor) -> Tensor:
    """``trunc`` in place: the result overwrites this tensor, which is returned."""

def fix(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The same as ``trunc``."""

def fix_(self: Tensor) -> Tensor:
    """``trunc`` in place: the result overwrites this tensor, which is returned."""

def round(input: Tensor, *, decimals: int = 0, out: Tensor | None = None) -> Tensor:
    """Rounds to ``decimals`` places; halves go to the even neighbour.

    Example:
        >>> import tensorplug as tp
        >>> tp.round(tp.tensor([0.5, 1.5, 2.5]))
        tensor([0., 2., 2.])
    """

def round_(self: Tensor, *, decimals: int = 0) -> Tensor:
    """``round`` in place: the result overwrites this tensor, which is returned."""

def frac(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Each element's fraction, with its sign."""

def frac_(self: Tensor) -> Tensor:
    """``frac`` in place: the result overwrites this tensor, which is returned."""

# trigonometry

def sin(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The sine of an angle in radians."""

def sin_(self: Tensor) -> Tensor:
    """``sin`` in place: the result overwrites this tensor, which is returned."""

def cos(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The cosine of an angle in radians."""

def cos_(self: Tensor) -> Tensor:
    """``cos`` in place: the result overwrites this tensor, which is returned."""

def tan(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The tangent of an angle in radians."""

def tan_(self: Tensor) -> Tensor:
    """``tan`` in place: the result overwrites this tensor, which is returned."""

def asin(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The angle in radians, in [-pi/2, pi/2], whose sine is ``input``; NaN outside [-1, 1]."""

def asin_(self: Tensor) -> Tensor:
    """``asin`` in place: the result overwrites this tensor, which is returned."""

def arcsin(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The same as ``asin``."""

def arcsin_(self: Tensor) -> Tensor:
    """``asin`` in place: the result overwrites this tensor, which is returned."""

def acos(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The angle in radians, in [0, pi], whose cosine is ``input``; NaN outside [-1, 1]."""

def acos_(self: Tensor) -> Tensor:
    """``acos`` in place: the result overwrites this tensor, which is returned."""

def arccos(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The same as ``acos``."""

def arccos_(self: Tensor) -> Tensor:
    """``acos`` in place: the result overwrites this tensor, which is returned."""

def atan(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The angle in radians, in [-pi/2, pi/2], whose tangent is ``input``."""

def atan_(self: Tensor) -> Tensor:
    """``atan`` in place: the result overwrites this tensor, which is returned."""

def arctan(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The same as ``atan``."""

def arctan_(self: Tensor) -> Tensor:
    """``atan`` in place: the result overwrites this tensor, which is returned."""

def atan2(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The angle in radians, in [-pi, pi], of the point with y ``input`` and x ``other``."""

def atan2_(self: Tensor, other: Tensor) -> Tensor:
    """``atan2`` in place: the result overwrites this tensor, which is returned."""

def arctan2(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The same as ``atan2``."""

def arctan2_(self: Tensor, other: Tensor) -> Tensor:
    """``atan2`` in place: the result overwrites this tensor, which is returned."""

def sinc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``sin(pi * input) / (pi * input)``, and 1 at 0, where the gradient is 0.

    Example:
        >>> import tensorplug as tp
        >>> tp.sinc(tp.tensor([0.0, 0.5, 1.5]))
        tensor([ 1.0000,  0.6366, -0.2122])
    """

def sinc_(self: Tensor) -> Tensor:
    """``sinc`` in place: the result overwrites this tensor, which is returned."""

def sinh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The hyperbolic sine."""

def sinh_(self: Tensor) -> Tensor:
    """``sinh`` in place: the result overwrites this tensor, which is returned."""

def cosh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The hyperbolic cosine."""

def cosh_(self: Tensor) -> Tensor:
    """``cosh`` in place: the result overwrites this tensor, which is returned."""

def tanh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The hyperbolic tangent.

    Example:
        >>> import tensorplug as tp
        >>> tp.tanh(tp.tensor([0.0, 1.0]))
        tensor([0.0000, 0.7616])
    """

def tanh_(self: Tensor) -> Tensor:
    """``tanh`` in place: the result overwrites this tensor, which is returned."""

def asinh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse hyperbolic sine."""

def asinh_(self: Tensor) -> Tensor:
    """``asinh`` in place: the result overwrites this tensor, which is returned."""

def arcsinh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The same as ``asinh``."""

def arcsinh_(self: Tensor) -> Tensor:
    """``asinh`` in place: the result overwrites this tensor, which is returned."""

def acosh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse hyperbolic cosine; NaN below 1."""

def acosh_(self: Tensor) -> Tensor:
    """``acosh`` in place: the result overwrites this tensor, which is returned."""

def arccosh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The same as ``acosh``."""

def arccosh_(self: Tensor) -> Tensor:
    """``acosh`` in place: the result overwrites this tensor, which is returned."""

def atanh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse hyperbolic tangent; NaN outside [-1, 1]."""

def atanh_(self: Tensor) -> Tensor:
    """``atanh`` in place: the result overwrites this tensor, which is returned."""

def arctanh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The same as ``atanh``."""

def arctanh_(self: Tensor) -> Tensor:
    """``atanh`` in place: the result overwrites this tensor, which is returned."""

# gamma

def lgamma(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of the absolute value of the gamma function."""

def lgamma_(self: Tensor) -> Tensor:
    """``lgamma`` in place: the result overwrites this tensor, which is returned."""

def digamma(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The derivative of ``lgamma``."""

def digamma_(self: Tensor) -> Tensor:
    """``digamma`` in place: the result overwrites this tensor, which is returned."""

def polygamma(n: int, input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The ``n``-th derivative of ``digamma``.

    Raises:
        RuntimeError: ``n`` is negative.

    Example:
        >>> import tensorplug as tp
        >>> tp.polygamma(1, tp.tensor([1.0, 0.5]))
        tensor([1.6449, 4.9348])
    """

def mvlgamma(input: Tensor, p: int, *, out: Tensor | None = None) -> Tensor:
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

def mvlgamma_(self: Tensor, p: int) -> Tensor:
    """``mvlgamma`` in place: the result overwrites this tensor, which is returned."""

def zeta(input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """Hurwitz's zeta function, the sum of ``(k + other)**-input`` over ``k`` from 0.

    Args:
        input: the exponent: inf at 1, NaN below.
        other: where the sum starts. At 0, -1, -2, ... the result is inf; at other negative numbers it is NaN unless
            ``input`` is whole.

    Raises:
        NotImplementedError: in the backward pass, if a gradient for ``input`` is asked for.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.zeta(tp.tensor([2.0, 4.0]), 1.0)
        tensor([1.6449, 1.0823])
    """

# grids

def affine_grid(theta: Tensor, size: Sequence[int], align_corners: bool | None = None) -> Tensor:
    """For each element of an image of a given size the place where an affine map puts it, for ``grid_sample``.

    Args:
        theta: one map for each image: shape (N, 2, 3), or (N, 3, 4) for volumes.
        size: the shape of the images, (N, C, H, W) or (N, C, D, H, W).
        align_corners: whether -1 and 1 mean the middles of the outer elements, instead of their outer edges.

    Returns:
        Shape (N, H, W, 2) or (N, D, H, W, 3).

    Raises:
        ValueError: another number of dims, or sizes that are not positive.

    Example:
        >>> import tensorplug as tp
        >>> theta = tp.tensor([[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]])
        >>> tp.nn.functional.affine_grid(theta, (1, 1, 1, 2), align_corners=False)
        tensor([[[[-0.5000,  0.0000],
                  [ 0.5000,  0.0000]]]])
    """

def grid_sample(
    input: Tensor, grid: Tensor, mode: str = "bilinear", padding_mode: str = "zeros", align_corners: bool | None = None
) -> Tensor:
    """The values of images at given places, interpolated.

    Args:
        input: shape (N, C, H, W) or (N, C, D, H, W).
        grid: places, shape (N, H', W', 2) or (N, D', H', W', 3): x, y (and z), each in [-1, 1] inside the image; NaN
            means -1.
        mode: ``"bilinear"`` (trilinear for volumes), ``"nearest"``, or ``"bicubic"`` (images alone).
        padding_mode: what lies outside: ``"zeros"``, the ``"border"`` values, or the image's ``"reflection"``.
        align_corners: whether -1 and 1 mean the middles of the outer elements, instead of their outer edges.

    Returns:
        Shape (N, C, H', W') or (N, C, D', H', W').

    Raises:
        ValueError: an unknown mode.
        RuntimeError: shapes, dtypes or devices do not fit each other, or a spatial size is 0.

    Example:
        >>> import tensorplug as tp
        >>> image = tp.tensor([[[[1.0, 3.0]]]])
        >>> middle = tp.zeros(1, 1, 1, 2)
        >>> tp.nn.functional.grid_sample(image, middle, align_corners=False)
        tensor([[[[2.]]]])
    """

def grid_sampler(
    input: Tensor, grid: Tensor, interpolation_mode: int, padding_mode: int, align_corners: bool
) -> Tensor:
    """``grid_sample`` with numbers for the modes.

    Args:
        interpolation_mode: 0 bilinear, 1 nearest, 2 bicubic.
        padding_mode: 0 zeros, 1 border, 2 reflection.

    Example:
        >>> import tensorplug as tp
        >>> tp.grid_sampler(tp.ones(1, 1, 2, 2), tp.zeros(1, 1, 1, 2), 0, 0, False)
        tensor([[[[1.]]]])
    """

# sets

def unique(
    input: Tensor,
    sorted: bool = True,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,
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
    input: Tensor, return_inverse: bool = False, return_counts: bool = False, dim: int | None = None
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

def isin(
    elements: Tensor | Number,
    test_elements: Tensor | Number,
    *,
    assume_unique: bool = False,
    invert: bool = False,
    out: Tensor | None = None,
) -> Tensor:
    """Whether each element is among ``test_elements``.

    Args:
        assume_unique: does not matter here.
        invert: whether it is not among them.

    Example:
        >>> import tensorplug as tp
        >>> tp.isin(tp.tensor([1, 2, 3]), tp.tensor([3, 1]))
        tensor([ True, False,  True])
    """

def count_nonzero(input: Tensor, dim: int | tuple[int, ...] | None = None) -> Tensor:
    """How many elements are not zero, of all or along dims.

    Example:
        >>> import tensorplug as tp
        >>> tp.count_nonzero(tp.tensor([[0, 1], [2, 3]]), dim=0)
        tensor([1, 2])
    """

def bincount(input: Tensor, weights: Tensor | None = None, minlength: int = 0) -> Tensor:
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

def histc(input: Tensor, bins: int = 100, min: float = 0, max: float = 0, *, out: Tensor | None = None) -> Tensor:
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

def searchsorted(
    sorted_sequence: Tensor,
    input: Tensor | Number,
    *,
    out_int32: bool = False,
    right: bool = False,
    side: str | None = None,
    sorter: Tensor | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Where each element would have to be inserted for the sequence to stay in order.

    Args:
        sorted_sequence: increasing along its last dim.
        input: the elements; the dims in front of the last are those of a sequence that has more than one dim.
        out_int32: give int32 instead of int64.
        right, side: insert after equal elements (``right=True`` or ``side="right"``) instead of before them.
        sorter: the order of a sequence that is not sorted itself.

    Raises:
        RuntimeError: shapes that do not fit, or ``side`` contradicts ``right``.

    Example:
        >>> import tensorplug as tp
        >>> tp.searchsorted(tp.tensor([1, 3, 5]), tp.tensor([0, 3, 6]))
        tensor([0, 1, 3])
    """

def bucketize(
    input: Tensor | Number,
    boundaries: Tensor,
    *,
    out_int32: bool = False,
    right: bool = False,
    out: Tensor | None = None,
) -> Tensor:
    """In which of the intervals between sorted boundaries each element lies.

    Args:
        boundaries: increasing, in one dim.
        out_int32: give int32 instead of int64.
        right: an element equal to a boundary belongs to the interval after it, not before.

    Example:
        >>> import tensorplug as tp
        >>> tp.bucketize(tp.tensor([0, 3, 6]), tp.tensor([1, 3, 5]))
        tensor([0, 1, 3])
    """

def cartesian_prod(*tensors: Tensor) -> Tensor:
    """All ways to take one element of each vector, one row each.

    Raises:
        RuntimeError: a tensor that is no vector.

    Example:
        >>> import tensorplug as tp
        >>> tp.cartesian_prod(tp.tensor([1, 2]), tp.tensor([3, 4]))
        tensor([[1, 3],
                [1, 4],
                [2, 3],
                [2, 4]])
    """

def combinations(input: Tensor, r: int = 2, with_replacement: bool = False) -> Tensor:
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
    input: Tensor,
    bins: int | Tensor = 100,
    *,
    range: Sequence[float] | None = None,
    weight: Tensor | None = None,
    density: bool = False,
    out: Sequence[Tensor] | None = None,
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

def histogramdd(
    input: Tensor,
    bins: int | Sequence[Any],
    range: Sequence[float] | None = None,
    weight: Tensor | None = None,
    density: bool = False,
) -> Any:
    """How many points, or how much of their weight, lie in each box of a grid.

    Args:
        input: points, shape (..., N); floating point.
        bins: how many bins of equal width along each dim (one number for all), or for each dim the sorted edges.
        range: the outer edges, first and last along each dim in turn.
        weight: of each point, shape (...).
        density: whether to divide by the sum and the volumes of the boxes, so that the integral is 1.

    Returns:
        A named tuple: ``hist``, with N dims and the input's dtype, and ``bin_edges``, a tuple of N vectors.

    Raises:
        RuntimeError: as for ``histogram``.
        NotImplementedError: a dtype that is not floating point.

    Example:
        >>> import tensorplug as tp
        >>> points = tp.tensor([[0.0, 1.0], [1.0, 0.0], [1.0, 0.0]])
        >>> tp.histogramdd(points, bins=2).hist
        tensor([[0., 1.],
                [2., 0.]])
    """

# implicit

def _standard_gamma_grad(input: Tensor, output: Tensor) -> Tensor:
    """How the draw ``output`` of the gamma distribution of concentration ``input`` and rate 1 moves with ``input``."""

def _dirichlet_grad(x: Tensor, alpha: Tensor, total: Tensor) -> Tensor:
    """How the element ``x`` of a Dirichlet draw moves with its concentration, over ``1 - x``.

    Args:
        x: elements of draws.
        alpha: their concentrations.
        total: the sum of all concentrations of their distribution.
    """

# incomplete_gamma

def igamma(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
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

def igamma_(self: Tensor, other: Tensor) -> Tensor:
    """``igamma`` in place: the result overwrites this tensor, which is returned."""

def igammac(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The regularized upper incomplete gamma function, ``1 - igamma``; also ``special.gammaincc``.

    Example:
        >>> import tensorplug as tp
        >>> tp.igammac(tp.tensor([1.0, 4.0]), tp.tensor([1.0, 4.0]))
        tensor([0.3679, 0.4335])
    """

def igammac_(self: Tensor, other: Tensor) -> Tensor:
    """``igammac`` in place: the result overwrites this tensor, which is returned."""

# interpolation

def interpolate(
    input: Tensor,
    size: int | Sequence[int] | None = None,
    scale_factor: float | Sequence[float] | None = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Tensor:
    """The input resampled to another size.

    Args:
        input: shape (batch, channel, *spatial) with one to three spatial dims; floating point, or uint8 for
            ``"nearest"``, ``"nearest-exact"``, ``"bilinear"`` and ``"bicubic"``.
        size: the new spatial size, one integer or one per dim.
        scale_factor: instead of ``size``, how many times larger each dim becomes (rounded down).
        mode: ``"nearest"``, ``"nearest-exact"`` (which takes the element under the middle of the new one),
            ``"linear"`` (one spatial dim), ``"bilinear"``, ``"bicubic"`` (two; Keys, 1981, with a = -0.75),
            ``"trilinear"`` (three), or ``"area"`` (adaptive average pooling).
        align_corners: whether the middles of the outer elements stay where they are, instead of the outer edges.
        recompute_scale_factor: whether to use the ratio of the sizes instead of ``scale_factor``, which may differ
            by rounding.
        antialias: whether to widen the filter when shrinking (``"bilinear"`` and ``"bicubic"`` alone).

    Returns:
        Shape (batch, channel, *size).

    Raises:
        ValueError: arguments that contradict each other or do not fit the input's dims.
        NotImplementedError: an unknown mode, or one that does not suit the input's dims or dtype.
        RuntimeError: a size below 1.

    Example:
        >>> import tensorplug as tp
        >>> x = tp.tensor([[[1.0, 3.0]]])
        >>> tp.nn.functional.interpolate(x, size=4)
        tensor([[[1., 1., 3., 3.]]])
        >>> tp.nn.functional.interpolate(x, scale_factor=2, mode="linear")
        tensor([[[1.0000, 1.5000, 2.5000, 3.0000]]])
    """

# likelihood_loss

def binary_cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``-(target * log(input) + (1 - target) * log(1 - input))``, logarithms being kept at -100 and above.

    Args:
        input: probabilities.
        target: of the same shape, in [0, 1].
        weight: a factor that broadcasts with the target.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Raises:
        ValueError: the shapes differ.
        RuntimeError: an input outside [0, 1].

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.binary_cross_entropy(tp.tensor([0.5, 1.0]), tp.tensor([1.0, 0.0]))
        tensor(50.3466)
    """

def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    pos_weight: Tensor | None = None,
) -> Tensor:
    """``binary_cross_entropy`` of ``sigmoid(input)``, without overflow.

    Args:
        input: logits.
        target: of the same shape, in [0, 1].
        weight: a factor that broadcasts with the input.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.
        pos_weight: a factor for the positive part that broadcasts with the target.

    Raises:
        ValueError: the shapes of input and target differ.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.binary_cross_entropy_with_logits(tp.zeros(3), tp.ones(3))
        tensor(0.6931)
    """

def kl_div(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    log_target: bool = False,
) -> Tensor:
    """The Kullback-Leibler divergence, ``target * (log(target) - input)``.

    Args:
        input: log-probabilities.
        target: probabilities, or their logarithms with ``log_target``.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"batchmean"`` (the sum over the batch size), ``"mean"`` (over all elements), ``"sum"`` or
            ``"none"``.
        log_target: whether the target is in logarithms.

    Raises:
        RuntimeError: tensors of integers or complex numbers.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.kl_div(tp.tensor([[0.5, 0.5]]).log(), tp.tensor([[1.0, 0.0]]), reduction="batchmean")
        tensor(0.6931)
    """

def poisson_nll_loss(
    input: Tensor,
    target: Tensor,
    log_input: bool = True,
    full: bool = False,
    size_average: bool | None = None,
    eps: float = 1e-08,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """The negative logarithm of the Poisson probability of the target, without the term ``log(target!)``.

    Args:
        input: the expected counts, or their logarithms with ``log_input``.
        target: counts.
        log_input: whether the input is in logarithms.
        full: add Stirling's approximation of ``log(target!)`` where the target is above 1.
        size_average, reduce: old forms of ``reduction``.
        eps: keeps the logarithm finite without ``log_input``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.poisson_nll_loss(tp.zeros(2), tp.tensor([1.0, 3.0]))
        tensor(1.)
    """

def gaussian_nll_loss(
    input: Tensor, target: Tensor, var: Tensor | float, full: bool = False, eps: float = 1e-06, reduction: str = "mean"
) -> Tensor:
    """``(log(var) + (input - target)**2 / var) / 2``, the variance being kept at ``eps`` and above.

    Args:
        input: means.
        target: what was seen.
        var: variances: of the input's shape, with one dim of size 1, without its last dim, or a number.
        full: add ``log(2 * pi) / 2``.
        eps: the least variance; its gradient ignores this.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Raises:
        ValueError: a negative variance, or a shape that does not fit.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.gaussian_nll_loss(tp.tensor([1.0]), tp.tensor([3.0]), tp.ones(1))
        tensor(2.)
    """

# older_linalg

def svd(input: Tensor, some: bool = True, compute_uv: bool = True, *, out: Sequence[Tensor] | None = None) -> USV:
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

def cholesky(input: Tensor, upper: bool = False, *, out: Tensor | None = None) -> Tensor:
    """``linalg.cholesky`` by an older name.

    Raises:
        LinAlgError: a matrix is not positive-definite.
    """

def cholesky_inverse(input: Tensor, upper: bool = False, *, out: Tensor | None = None) -> Tensor:
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

def cholesky_solve(input: Tensor, input2: Tensor, upper: bool = False, *, out: Tensor | None = None) -> Tensor:
    """The solution ``X`` of ``A @ X == B`` from the Cholesky factor of A.

    Args:
        input: right-hand sides B, shape (..., n, k).
        input2: triangles L with ``A == L @ L.mH``, shape (..., n, n). Dims in front broadcast.
        upper: they are upper triangles U with ``A == U.mH @ U``.

    Raises:
        RuntimeError: shapes or dtypes do not match.
    """

def lu(
    input: Tensor, pivot: bool = True, get_infos: bool = False, *, out: Sequence[Tensor] | None = None
) -> LUFactors | LUFactorsInfo:
    """``linalg.lu_factor`` by an older name.

    Args:
        input: matrices, shape (..., m, n).
        pivot: exchange rows.
        get_infos: also give what ``linalg.lu_factor_ex`` tells, rather than raise.

    Raises:
        LinAlgError: a diagonal element of U is 0, unless ``get_infos``.
    """

def lu_solve(input: Tensor, LU_data: Tensor, LU_pivots: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``linalg.lu_solve`` by an older name: the right-hand sides come first.

    Raises:
        RuntimeError: shapes or dtypes do not match.
    """

def triangular_solve(
    input: Tensor,
    A: Tensor,
    upper: bool = True,
    transpose: bool = False,
    unitriangular: bool = False,
    *,
    out: Sequence[Tensor] | None = None,
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

def qr(input: Tensor, some: bool = True, *, out: Sequence[Tensor] | None = None) -> QR:
    """``linalg.qr`` by an older name: Q has min(m, n) columns, or all m where ``some`` is false."""

def geqrf(input: Tensor, *, out: Sequence[Tensor] | None = None) -> Reflections:
    """A QR factorization as LAPACK keeps it. Has no gradient.

    Args:
        input: matrices, shape (..., m, n).

    Returns:
        ``(a, tau)``: R from the diagonal on and below it the vectors of reflections, and their factors. From these
        ``linalg.householder_product`` makes Q.
    """

def orgqr(input: Tensor, input2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``linalg.householder_product`` by an older name."""

def ormqr(
    input: Tensor,
    input2: Tensor,
    input3: Tensor,
    left: bool = True,
    transpose: bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
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

# low_rank

def svd_lowrank(A: Tensor, q: int | None = 6, niter: int | None = 2, M: Tensor | None = None) -> USV:
    """The largest singular values of matrices and their vectors, approximately, with the default generator's help.

    Args:
        A: shape (..., m, n).
        q: how many; somewhat more than are wanted makes those more exact.
        niter: how often A is applied to make the vectors more exact.
        M: what to subtract from A first; broadcasts.

    Returns:
        ``(U, S, V)`` of shapes (..., m, q), (..., q) and (..., n, q); fewer than ``q`` where min(m, n) is less.

    Raises:
        ValueError: ``q`` or ``niter`` is negative.
    """

def pca_lowrank(A: Tensor, q: int | None = None, center: bool = True, niter: int = 2) -> USV:
    """The principal components of data, approximately: ``svd_lowrank`` of what is left when the mean is subtracted.

    Args:
        A: m observations of n variables, shape (..., m, n).
        q: how many components; min(6, m, n) by default.
        center: subtract the mean of each variable.
        niter: as for ``svd_lowrank``.

    Returns:
        ``(U, S, V)``; the columns of V are the principal directions, and ``S**2 / (m - 1)`` the variances along them.

    Raises:
        ValueError: ``q`` or ``niter`` is out of range.
    """

# pairs

def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-08) -> Tensor:
    """The cosine of the angle between vectors along ``dim``.

    Args:
        x1, x2: floating-point tensors that broadcast.
        dim: the dim of the vectors.
        eps: the least length that is divided by.

    Returns:
        The broadcast shape without ``dim``.

    Raises:
        RuntimeError: the common dtype is no floating-point one.

    Example:
        >>> import tensorplug as tp
        >>> tp.cosine_similarity(tp.tensor([[1.0, 0.0]]), tp.tensor([[1.0, 1.0]]))
        tensor([0.7071])
    """

def pairwise_distance(x1: Tensor, x2: Tensor, p: float = 2.0, eps: float = 1e-06, keepdim: bool = False) -> Tensor:
    """The ``p``-norm of ``x1 - x2 + eps`` over the last dim.

    Example:
        >>> import tensorplug as tp
        >>> tp.pairwise_distance(tp.tensor([[0.0, 3.0]]), tp.tensor([[4.0, 0.0]]))
        tensor([5.])
    """

def pdist(input: Tensor, p: float = 2.0) -> Tensor:
    """The ``p``-norm distances of all pairs of rows, in the order (0, 1), (0, 2), ..., (1, 2), ...

    Args:
        input: shape (N, D).
        p: not negative.

    Returns:
        Shape (N * (N - 1) / 2,).

    Raises:
        RuntimeError: the input is no matrix, or ``p`` is negative.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.pdist(tp.tensor([[0.0, 0.0], [3.0, 4.0], [0.0, 4.0]]))
        tensor([5., 4., 3.])
    """

def cdist(
    x1: Tensor, x2: Tensor, p: float = 2.0, compute_mode: str | None = "use_mm_for_euclid_dist_if_necessary"
) -> Tensor:
    """The ``p``-norm distance of each row of ``x1`` to each row of ``x2``.

    Args:
        x1: shape (..., P, D).
        x2: shape (..., R, D).
        p: not negative.
        compute_mode: whether Euclidean distances come from a matrix product, which is quicker and less accurate:
            ``"use_mm_for_euclid_dist"``, ``"donot_use_mm_for_euclid_dist"``, or by default if there are many.

    Returns:
        Shape (..., P, R).

    Raises:
        RuntimeError: shapes do not fit, or ``p`` is negative.
        ValueError: another ``compute_mode``.

    Example:
        >>> import tensorplug as tp
        >>> tp.cdist(tp.tensor([[0.0, 0.0]]), tp.tensor([[3.0, 4.0], [0.0, 1.0]]))
        tensor([[5., 1.]])
    """

def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """``input1 @ weight[k] @ input2 + bias[k]`` for each output feature k.

    Args:
        input1: shape (..., D1).
        input2: shape (..., D2), the dims in front those of ``input1``.
        weight: shape (K, D1, D2).
        bias: shape (K,), or None.

    Returns:
        Shape (..., K).

    Raises:
        RuntimeError: the shapes do not fit.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.bilinear(tp.ones(1, 2), tp.ones(1, 3), tp.ones(1, 2, 3))
        tensor([[6.]])
    """

# margin_loss

def margin_ranking_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``max(0, -target * (input1 - input2) + margin)``.

    Args:
        input1, input2: what is ranked.
        target: 1 where the first should be larger, -1 where the second should.
        margin: by how much.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Raises:
        RuntimeError: the numbers of dims differ.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.margin_ranking_loss(tp.tensor([1.0]), tp.tensor([3.0]), tp.tensor([1.0]))
        tensor(2.)
    """

def hinge_embedding_loss(
    input: Tensor,
    target: Tensor,
    margin: float = 1.0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``input`` where the target is 1, ``max(0, margin - input)`` where it is -1.

    Args:
        input: distances.
        target: 1 or -1.
        margin: how far unlike pairs should be apart.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.hinge_embedding_loss(tp.tensor([0.5, 0.25]), tp.tensor([1, -1]), reduction="none")
        tensor([0.5000, 0.7500])
    """

def soft_margin_loss(
    input: Tensor, target: Tensor, size_average: bool | None = None, reduce: bool | None = None, reduction: str = "mean"
) -> Tensor:
    """``log(1 + exp(-target * input))`` for targets 1 and -1.

    Args:
        input, target: of one shape.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.soft_margin_loss(tp.tensor([0.0, 2.0]), tp.tensor([1.0, -1.0]), reduction="none")
        tensor([0.6931, 2.1269])
    """

def cosine_embedding_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``1 - cos(input1, input2)`` where the target is 1, ``max(0, cos - margin)`` where it is -1.

    Args:
        input1, input2: shape (N, D) or (D,).
        target: shape (N,) or (), of 1 and -1.
        margin: the cosine that unlike pairs may have.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Raises:
        RuntimeError: the shapes do not fit.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.cosine_embedding_loss(tp.eye(2), tp.ones(2, 2), tp.tensor([1, -1]), reduction="none")
        tensor([0.2929, 0.7071])
    """

def multi_margin_loss(
    input: Tensor,
    target: Tensor,
    p: int = 1,
    margin: float = 1.0,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """The mean over the wrong classes of ``max(0, margin - input[target] + input[class])**p``.

    Args:
        input: scores, shape (N, C) or (C,).
        target: int64 class indices, shape (N,) or ().
        p: 1 or 2.
        margin: by how much the right class should lead.
        weight: a factor for each target class, shape (C,).
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Raises:
        ValueError: another ``p``, or a weight that is no vector.
        RuntimeError: the shapes do not fit.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.multi_margin_loss(tp.tensor([[0.5, 0.25, 0.0]]), tp.tensor([0]))
        tensor(0.4167)
    """

def multilabel_margin_loss(
    input: Tensor, target: Tensor, size_average: bool | None = None, reduce: bool | None = None, reduction: str = "mean"
) -> Tensor:
    """The sum over pairs of a right and a wrong class of ``max(0, 1 - input[right] + input[wrong])``, over C.

    Args:
        input: scores, shape (N, C) or (C,).
        target: int64 class indices of the same shape; a row's classes end at its first -1.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Raises:
        RuntimeError: the shapes differ.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.multilabel_margin_loss(tp.tensor([[0.5, 0.25, 0.0]]), tp.tensor([[0, -1, 1]]))
        tensor(0.4167)
    """

def multilabel_soft_margin_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """The mean over classes (the last dim) of the binary cross entropy of logits.

    Args:
        input: logits, shape (N, C).
        target: of the same shape, in [0, 1].
        weight: a factor for each class.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.multilabel_soft_margin_loss(tp.zeros(1, 3), tp.ones(1, 3))
        tensor(0.6931)
    """

def triplet_margin_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: float = 1.0,
    p: float = 2,
    eps: float = 1e-06,
    swap: bool = False,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``max(0, d(anchor, positive) - d(anchor, negative) + margin)`` with d the distance of the ``p``-norm.

    Args:
        anchor, positive, negative: shape (N, D) or (D,).
        margin: by how much the negative should be farther.
        p, eps: as for ``pairwise_distance``.
        swap: take the distance of positive and negative where it is the smaller one.
        size_average, reduce: old forms of ``reduction``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Raises:
        ValueError: ``margin`` is not positive.
        RuntimeError: the numbers of dims differ.

    Source: Balntas et al., Learning shallow convolutional feature descriptors with triplet losses, 2016.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.triplet_margin_loss(tp.zeros(1, 2), tp.ones(1, 2), tp.ones(1, 2))
        tensor(1.)
    """

def triplet_margin_with_distance_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    *,
    distance_function: Callable[[Tensor, Tensor], Tensor] | None = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Tensor:
    """``triplet_margin_loss`` with any distance.

    Args:
        anchor, positive, negative: what ``distance_function`` takes.
        distance_function: gives the distance of two tensors; by default ``pairwise_distance``.
        margin, swap: as for ``triplet_margin_loss``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Raises:
        ValueError: ``margin`` is not positive.
        RuntimeError: the numbers of dims differ.
    """

# matrix_functions

def matrix_exp(input: Tensor) -> Tensor:
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

def matrix_power(input: Tensor, n: int, *, out: Tensor | None = None) -> Tensor:
    """``linalg.matrix_power`` by an older name."""

# matrix_products

def chain_matmul(*matrices: Tensor, out: Tensor | None = None) -> Tensor:
    """``linalg.multi_dot`` of matrices by an older name; a single one is allowed.

    Raises:
        RuntimeError: a tensor is no matrix, or shapes do not fit.
    """

def vander(x: Tensor, N: int | None = None, increasing: bool = False) -> Tensor:
    """The Vandermonde matrix of a vector, by default with the highest powers first.

    Args:
        x: shape (n,).
        N: how many powers; n by default.
        increasing: from power 0 on rather than down to it.

    Returns:
        Shape (n, N).

    Raises:
        RuntimeError: not a vector, or ``N`` is negative.

    Example:
        >>> import tensorplug as tp
        >>> tp.vander(tp.tensor([2, 3]), N=3)
        tensor([[4, 2, 1],
                [9, 3, 1]])
    """

# modified_bessel

def i0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the first kind, of order 0.

    Example:
        >>> import tensorplug as tp
        >>> tp.i0(tp.tensor([0.0, 1.0]))
        tensor([1.0000, 1.2661])
    """

def i0_(self: Tensor) -> Tensor:
    """``i0`` in place: the result overwrites this tensor, which is returned."""

def i0e(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``i0(input) * exp(-abs(input))``, which does not overflow.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.i0e(tp.tensor([0.0, 1000.0]))
        tensor([1.0000, 0.0126])
    """

def i1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the first kind, of order 1: the derivative of ``i0``.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.i1(tp.tensor([0.0, 1.0]))
        tensor([0.0000, 0.5652])
    """

def i1e(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``i1(input) * exp(-abs(input))``, which does not overflow.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.i1e(tp.tensor([0.0, 1000.0]))
        tensor([0.0000, 0.0126])
    """

def modified_bessel_i0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The same as ``i0``, but without a gradient, as in PyTorch.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.modified_bessel_i0(tp.tensor([0.0, 1.0]))
        tensor([1.0000, 1.2661])
    """

def modified_bessel_i1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The same as ``i1``, but without a gradient, as in PyTorch.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.modified_bessel_i1(tp.tensor([0.0, 1.0]))
        tensor([0.0000, 0.5652])
    """

def modified_bessel_k0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the second kind, of order 0: inf at 0, NaN below. Has no gradient.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.modified_bessel_k0(tp.tensor([0.0, 1.0]))
        tensor([   inf, 0.4210])
    """

def modified_bessel_k1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the second kind, of order 1: inf at 0, NaN below. Has no gradient.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.modified_bessel_k1(tp.tensor([0.0, 1.0]))
        tensor([   inf, 0.6019])
    """

def scaled_modified_bessel_k0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``modified_bessel_k0(input) * exp(input)``, which does not vanish. Has no gradient.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.scaled_modified_bessel_k0(tp.tensor([1.0, 1000.0]))
        tensor([1.1445, 0.0396])
    """

def scaled_modified_bessel_k1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``modified_bessel_k1(input) * exp(input)``, which does not vanish. Has no gradient.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.scaled_modified_bessel_k1(tp.tensor([1.0, 1000.0]))
        tensor([1.6362, 0.0396])
    """

# normalization

def layer_norm(
    input: Tensor,
    normalized_shape: Sequence[int],
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-05,
) -> Tensor:
    """``(input - mean) / sqrt(var + eps) * weight + bias`` over the last dims.

    Args:
        input: shape (..., *normalized_shape).
        normalized_shape: the sizes of the dims that mean and (biased) variance are taken over.
        weight, bias: of shape ``normalized_shape``, or None.
        eps: keeps the divisor off 0.

    Raises:
        RuntimeError: the shapes or dtypes do not fit.

    Source: Ba et al., Layer normalization, 2016.

    Example:
        >>> import tensorplug as tp
        >>> tp.layer_norm(tp.tensor([[1.0, 3.0]]), (2,))
        tensor([[-1.0000,  1.0000]])
    """

def rms_norm(
    input: Tensor, normalized_shape: Sequence[int], weight: Tensor | None = None, eps: float | None = None
) -> Tensor:
    """``input / sqrt(mean(input**2) + eps) * weight`` over the last dims.

    Args:
        input: shape (..., *normalized_shape).
        normalized_shape: the sizes of the dims that the mean square is taken over.
        weight: of shape ``normalized_shape``, or None.
        eps: keeps the divisor off 0; by default the machine epsilon.

    Raises:
        RuntimeError: the shapes or dtypes do not fit.

    Source: Zhang and Sennrich, Root mean square layer normalization, 2019.

    Example:
        >>> import tensorplug as tp
        >>> tp.rms_norm(tp.tensor([[1.0, 7.0]]), (2,))
        tensor([[0.2000, 1.4000]])
    """

def group_norm(
    input: Tensor, num_groups: int, weight: Tensor | None = None, bias: Tensor | None = None, eps: float = 1e-05
) -> Tensor:
    """``(input - mean) / sqrt(var + eps) * weight + bias``, the statistics those of each sample's groups of channels.

    Args:
        input: shape (N, C, ...).
        num_groups: how many groups the channels form; C is a multiple of it.
        weight, bias: shape (C,), or None.
        eps: keeps the divisor off 0.

    Raises:
        RuntimeError: shapes or dtypes do not fit, or the groups do not divide the channels.
        ValueError: there is one value per group only.

    Source: Wu and He, Group normalization, 2018.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.group_norm(tp.tensor([[1.0, 3.0, 5.0, 5.5]]).unsqueeze(2), 2).squeeze(2)
        tensor([[-1.0000,  1.0000, -0.9999,  0.9999]])
    """

def batch_norm(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-05,
) -> Tensor:
    """``(input - mean) / sqrt(var + eps) * weight + bias`` for each channel.

    Args:
        input: shape (N, C, ...).
        running_mean, running_var: shape (C,). In training they move by ``momentum`` towards the statistics of this
            batch (the variance unbiased) and may be None; otherwise they are the statistics.
        weight, bias: shape (C,), or None.
        training: use the mean and (biased) variance of this batch.
        momentum: the share of this batch in the running statistics.
        eps: keeps the divisor off 0.

    Raises:
        ValueError: one value per channel in training, or ``eps`` is negative (in training: not positive).
        RuntimeError: shapes or dtypes do not fit, or there are no statistics outside training.

    Source: Ioffe and Szegedy, Batch normalization, 2015.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.batch_norm(tp.tensor([[1.0], [3.0]]), None, None, training=True)
        tensor([[-1.0000],
                [ 1.0000]])
    """

def instance_norm(
    input: Tensor,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-05,
) -> Tensor:
    """``(input - mean) / sqrt(var + eps) * weight + bias`` for each channel of each sample.

    Args:
        input: shape (N, C, ...).
        running_mean, running_var: shape (C,), as for ``batch_norm``; they follow the mean over samples.
        weight, bias: shape (C,), or None.
        use_input_stats: use each sample's own statistics instead of the running ones.
        momentum: the share of this batch in the running statistics.
        eps: keeps the divisor off 0.

    Raises:
        ValueError: one value per channel and sample.
        RuntimeError: shapes or dtypes do not fit, or there are no statistics to use.

    Source: Ulyanov et al., Instance normalization, 2016.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.instance_norm(tp.tensor([[[1.0, 3.0]]]))
        tensor([[[-1.0000,  1.0000]]])
    """

def local_response_norm(input: Tensor, size: int, alpha: float = 0.0001, beta: float = 0.75, k: float = 1.0) -> Tensor:
    """``input / (k + alpha * m) ** beta`` with m the mean square of ``size`` neighbouring channels, 0 beyond the ends.

    Args:
        input: shape (N, C, ...), 3-d at least.
        size: how many channels are neighbours: ``size // 2`` before, the rest from the channel on.

    Raises:
        ValueError: fewer than 3 dims.

    Source: Krizhevsky et al., ImageNet classification with deep convolutional neural networks, 2012.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.local_response_norm(tp.ones(1, 2, 1), 2, alpha=2.0, beta=1.0)
        tensor([[[0.5000],
                 [0.3333]]])
    """

# norms

def norm(
    input: Tensor,
    p: float | str | None = "fro",
    dim: Dims = None,
    keepdim: bool = False,
    dtype: DType | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The ``p``-norm of the elements: ``sum(|x|**p) ** (1/p)``; Euclidean by default.

    Args:
        p: a number, ``inf``, ``-inf``, ``"fro"``, or for matrices ``"nuc"``, the sum of singular values.
        dim: the dims to reduce; all by default.
        keepdim: keep these dims, with size 1.
        dtype: convert the elements to this dtype first.
    """

def frobenius_norm(input: Tensor, dim: Dims = (), keepdim: bool = False, *, out: Tensor | None = None) -> Tensor:
    """The root of the sum of squares over ``dim``, all dims by default; an older name of ``linalg.vector_norm``."""

def nuclear_norm(input: Tensor, dim: Any = None, keepdim: bool = False, *, out: Tensor | None = None) -> Tensor:
    """The sum of singular values of the matrices in two dims; an older name of ``linalg.matrix_norm``.

    Args:
        dim: two dims; by default the last two, of a matrix. Also taken as ``keepdim`` if it is a bool.
    """

# optimizer

def _fused_sgd_(
    params: Tensors,
    grads: Tensors,
    momentum_buffers: Tensors,
    lr: float | Tensor,
    momentum: float,
    dampening: float,
    weight_decay: float,
    nesterov: bool,
    maximize: bool,
    differentiable: bool = False,
) -> None:
    """One step of stochastic gradient descent over lists of tensors, in place.

    Args:
        params, grads: what is changed, and by what.
        momentum_buffers: one for each parameter, or none without momentum.
        lr, momentum, dampening, weight_decay, nesterov, maximize: options of ``optim.SGD``.
        differentiable: record the step.

    Example:
        >>> import tensorplug as tp
        >>> p = tp.tensor([1.0])
        >>> tp._fused_sgd_([p], [tp.tensor([2.0])], [], 0.1, 0.0, 0.0, 0.0, False, False)
        >>> p
        tensor([0.8000])
    """

def _fused_adam_(
    params: Tensors,
    grads: Tensors,
    exp_avgs: Tensors,
    exp_avg_sqs: Tensors,
    max_exp_avg_sqs: Tensors,
    step: float,
    lr: float | Tensor,
    beta1: float | Tensor,
    beta2: float | Tensor,
    eps: float,
    weight_decay: float,
    maximize: bool,
    decoupled: bool,
    differentiable: bool = False,
) -> None:
    """One step of Adam (or AdamW: ``decoupled``) over lists of tensors, in place.

    Args:
        params, grads: what is changed, and by what.
        exp_avgs, exp_avg_sqs: running means of the gradients and of their squares.
        max_exp_avg_sqs: largest of the latter so far; empty without AMSGrad.
        step: number of the step, from 1.
        lr, beta1, beta2, eps, weight_decay, maximize: options of ``optim.Adam``.
        decoupled: whether the decay shrinks the parameters (AdamW) rather than being added to the gradients.
        differentiable: record the step, so that tensors which later steps change are copied.

    Source: Kingma and Ba, Adam: a method for stochastic optimization, 2014; Loshchilov and Hutter, Decoupled weight
    decay regularization, 2017; Reddi et al., On the convergence of Adam and beyond, 2018.
    """

# order

def kthvalue(
    input: Tensor, k: int, dim: int = -1, keepdim: bool = False, *, out: Sequence[Tensor] | None = None
) -> ValuesIndices:
    """The ``k``-th smallest elements along ``dim``, as the named tuple ``(values, indices)``. NaN is the largest.

    Raises:
        RuntimeError: there is no such element.

    Example:
        >>> import tensorplug as tp
        >>> tp.kthvalue(tp.tensor([30, 10, 20]), 2).values
        tensor(20)
    """

def median(input: Tensor, dim: int | None = None, keepdim: bool = False, *, out: Sequence[Tensor] | None = None) -> Any:
    """The median, the lower of the two in the middle; along ``dim``, the named tuple ``(values, indices)``.

    NaN if there is one. Of all elements, equal ones share the gradient evenly; along a dim, one gets it.

    Example:
        >>> import tensorplug as tp
        >>> tp.median(tp.tensor([4.0, 1.0, 3.0, 2.0]))
        tensor(2.)
    """

def nanmedian(
    input: Tensor, dim: int | None = None, keepdim: bool = False, *, out: Sequence[Tensor] | None = None
) -> Any:
    """The median of the elements that are not NaN; NaN where all are.

    Example:
        >>> import tensorplug as tp
        >>> tp.nanmedian(tp.tensor([3.0, float("nan"), 1.0, 2.0]))
        tensor(2.)
    """

def mode(input: Tensor, dim: int = -1, keepdim: bool = False, *, out: Sequence[Tensor] | None = None) -> ValuesIndices:
    """The most frequent elements along ``dim``, the smallest of those, with the place of the last one.

    Example:
        >>> import tensorplug as tp
        >>> tp.mode(tp.tensor([3, 1, 2, 1]))
        ValuesIndices(values=tensor(1), indices=tensor(3))
    """

def msort(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The elements in order along the first dim.

    Example:
        >>> import tensorplug as tp
        >>> tp.msort(tp.tensor([[3, 1], [2, 4]]))
        tensor([[2, 1],
                [3, 4]])
    """

def aminmax(
    input: Tensor, *, dim: int | None = None, keepdim: bool = False, out: Sequence[Tensor] | None = None
) -> MinMax:
    """The smallest and the largest elements, of all or along ``dim``; NaN if there is one.

    Example:
        >>> import tensorplug as tp
        >>> tp.aminmax(tp.tensor([3, 1, 2]))
        MinMax(min=tensor(1), max=tensor(3))
    """

def quantile(
    input: Tensor,
    q: Tensor | float,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    interpolation: str = "linear",
    out: Tensor | None = None,
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
    input: Tensor,
    q: Tensor | float,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    interpolation: str = "linear",
    out: Tensor | None = None,
) -> Tensor:
    """``quantile`` of the elements that are not NaN; NaN where all are.

    Example:
        >>> import tensorplug as tp
        >>> tp.nanquantile(tp.tensor([0.0, float("nan"), 1.0]), 0.5)
        tensor(0.5000)
    """

def cummax(input: Tensor, dim: int, *, out: Sequence[Tensor] | None = None) -> ValuesIndices:
    """The largest element so far along ``dim`` and where it last was, as the named tuple ``(values, indices)``.

    Example:
        >>> import tensorplug as tp
        >>> tp.cummax(tp.tensor([1, 3, 2, 3]), 0)
        ValuesIndices(values=tensor([1, 3, 3, 3]), indices=tensor([0, 1, 1, 3]))
    """

def cummin(input: Tensor, dim: int, *, out: Sequence[Tensor] | None = None) -> ValuesIndices:
    """The smallest element so far along ``dim`` and where it last was, as the named tuple ``(values, indices)``.

    Example:
        >>> import tensorplug as tp
        >>> tp.cummin(tp.tensor([2, 3, 1]), 0).values
        tensor([2, 2, 1])
    """

def logcumsumexp(input: Tensor, dim: int, *, out: Tensor | None = None) -> Tensor:
    """``log(cumsum(exp(input)))`` along ``dim``, without overflow.

    Example:
        >>> import tensorplug as tp
        >>> tp.logcumsumexp(tp.tensor([1000.0, 1000.0]), 0)
        tensor([1000.0000, 1000.6932])
    """

# orthogonal_polynomials

def chebyshev_polynomial_t(input: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The Chebyshev polynomial of the first kind of degree ``n``: ``cos(n * a)`` for ``a = acos(input)``.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.chebyshev_polynomial_t(tp.tensor([-1.0, 0.5, 2.0]), 3)
        tensor([-1., -1., 26.])
    """

def chebyshev_polynomial_u(input: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The Chebyshev polynomial of the second kind of degree ``n``.

    That is ``sin((n + 1) * a) / sin(a)`` for ``a = acos(input)``.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.chebyshev_polynomial_u(tp.tensor([-1.0, 0.5, 2.0]), 3)
        tensor([-4., -1., 56.])
    """

def chebyshev_polynomial_v(input: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The Chebyshev polynomial of the third kind of degree ``n``.

    That is ``cos((n + 1/2) * a) / cos(a / 2)`` for ``a = acos(input)``.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.chebyshev_polynomial_v(tp.tensor([-1.0, 0.5, 2.0]), 3)
        tensor([-7., -1., 41.])
    """

def chebyshev_polynomial_w(input: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The Chebyshev polynomial of the fourth kind of degree ``n``.

    That is ``sin((n + 1/2) * a) / sin(a / 2)`` for ``a = acos(input)``.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.chebyshev_polynomial_w(tp.tensor([-1.0, 0.5, 2.0]), 3)
        tensor([-1., -1., 71.])
    """

def shifted_chebyshev_polynomial_t(input: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The same as ``chebyshev_polynomial_t`` of ``2 * input - 1``.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.shifted_chebyshev_polynomial_t(tp.tensor([0.0, 0.5, 2.0]), 3)
        tensor([-1., -0., 99.])
    """

def shifted_chebyshev_polynomial_u(input: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The same as ``chebyshev_polynomial_u`` of ``2 * input - 1``.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.shifted_chebyshev_polynomial_u(tp.tensor([0.0, 0.5, 2.0]), 3)
        tensor([ -4.,  -0., 204.])
    """

def shifted_chebyshev_polynomial_v(input: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The same as ``chebyshev_polynomial_v`` of ``2 * input - 1``.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.shifted_chebyshev_polynomial_v(tp.tensor([0.0, 0.5, 2.0]), 3)
        tensor([ -7.,   1., 169.])
    """

def shifted_chebyshev_polynomial_w(input: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The same as ``chebyshev_polynomial_w`` of ``2 * input - 1``.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.shifted_chebyshev_polynomial_w(tp.tensor([0.0, 0.5, 2.0]), 3)
        tensor([ -1.,  -1., 239.])
    """

def hermite_polynomial_h(input: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The physicist's Hermite polynomial of degree ``n``.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.hermite_polynomial_h(tp.tensor([0.5, 1.0]), 3)
        tensor([-5., -4.])
    """

def hermite_polynomial_he(input: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The probabilist's Hermite polynomial of degree ``n``.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.hermite_polynomial_he(tp.tensor([0.5, 1.0]), 3)
        tensor([-1.3750, -2.0000])
    """

def laguerre_polynomial_l(input: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The Laguerre polynomial of degree ``n``.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.laguerre_polynomial_l(tp.tensor([0.0, 1.0]), 2)
        tensor([ 1.0000, -0.5000])
    """

def legendre_polynomial_p(input: Tensor | Number, n: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """The Legendre polynomial of degree ``n``.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.legendre_polynomial_p(tp.tensor([0.5, 1.0]), 2)
        tensor([-0.1250,  1.0000])
    """

# padding

def pad(input: Tensor, pad: Sequence[int], mode: str = "constant", value: float | None = None) -> Tensor:
    """Elements added before and after the last dims, or taken away where a count is negative.

    Args:
        input: any shape for ``"constant"``; for other modes one to three dims to pad behind one or two others.
        pad: how many before and after: of the last dim, then of the one before, and so on.
        mode: ``"constant"`` adds ``value``; ``"reflect"`` mirrors at the outer elements without repeating them;
            ``"replicate"`` repeats the outer elements; ``"circular"`` goes on at the other end.
        value: what to add in mode ``"constant"``, 0 by default.

    Returns:
        Each padded dim as large as before plus both counts.

    Raises:
        RuntimeError: an odd number of counts, too many of them, a count that is too large for the mode, or a value
            for another mode than ``"constant"``.
        NotImplementedError: an unknown mode, or one that does not pad so many dims of such an input.

    Example:
        >>> import tensorplug as tp
        >>> x = tp.tensor([[1.0, 2.0, 3.0]])
        >>> tp.nn.functional.pad(x, (1, 1))
        tensor([[0., 1., 2., 3., 0.]])
        >>> tp.nn.functional.pad(x, (2, 1), mode="reflect")
        tensor([[3., 2., 1., 2., 3., 2.]])
    """

def pixel_shuffle(input: Tensor, upscale_factor: int) -> Tensor:
    """Groups of channels spread over squares of pixels (Shi et al., 2016).

    Args:
        input: shape (..., channel * factor ** 2, height, width).
        upscale_factor: the side of the squares.

    Returns:
        Shape (..., channel, height * factor, width * factor).

    Raises:
        RuntimeError: fewer than three dims, or channels that do not divide.

    Example:
        >>> import tensorplug as tp
        >>> tp.pixel_shuffle(tp.arange(4.0).reshape(4, 1, 1), 2)
        tensor([[[0., 1.],
                 [2., 3.]]])
    """

def pixel_unshuffle(input: Tensor, downscale_factor: int) -> Tensor:
    """Squares of pixels gathered into channels: the inverse of ``pixel_shuffle``.

    Args:
        input: shape (..., channel, height * factor, width * factor).
        downscale_factor: the side of the squares.

    Returns:
        Shape (..., channel * factor ** 2, height, width).

    Raises:
        RuntimeError: fewer than three dims, or sides that do not divide.

    Example:
        >>> import tensorplug as tp
        >>> tp.pixel_unshuffle(tp.arange(4.0).reshape(1, 2, 2), 2).shape
        tensorplug.Size([4, 1, 1])
    """

def channel_shuffle(input: Tensor, groups: int) -> Tensor:
    """The channels cut into groups and interleaved (Zhang et al., ShuffleNet, 2017).

    Args:
        input: shape (batch, channel, ...).
        groups: how many groups; must divide the number of channels.

    Raises:
        RuntimeError: fewer than three dims, or groups that are not positive or do not divide.

    Example:
        >>> import tensorplug as tp
        >>> tp.channel_shuffle(tp.arange(4).reshape(1, 4, 1), 2).flatten()
        tensor([0, 2, 1, 3])
    """

# probability

def erfcx(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``exp(input**2) * erfc(input)``, which neither vanishes nor loses digits for large inputs.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.erfcx(tp.tensor([0.0, 30.0]))
        tensor([1.0000, 0.0188])
    """

def ndtr(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The area under the standard normal distribution's density from minus infinity to ``input``.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.ndtr(tp.tensor([-1.0, 0.0]))
        tensor([0.1587, 0.5000])
    """

def log_ndtr(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of ``ndtr``, accurate where that vanishes.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.log_ndtr(tp.tensor([0.0, -50.0]))
        tensor([-6.9315e-01, -1.2548e+03])
    """

def ndtri(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of ``ndtr``: -inf at 0, inf at 1, NaN outside.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.ndtri(tp.tensor([0.5, 0.1587]))
        tensor([ 0.0000, -0.9998])
    """

def entr(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``-input * log(input)``: 0 at 0, -inf below.

    Example:
        >>> import tensorplug as tp
        >>> tp.special.entr(tp.tensor([-1.0, 0.0, 0.5]))
        tensor([  -inf, 0.0000, 0.3466])
    """

def xlog1py(input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """``input * log(1 + other)``, and 0 where ``input`` is 0 (unless ``other`` is NaN).

    Example:
        >>> import tensorplug as tp
        >>> tp.special.xlog1py(tp.tensor([0.0, 2.0]), tp.tensor([-1.0, 1.0]))
        tensor([0.0000, 1.3863])
    """

# projections

def linear_cross_entropy(
    input: Tensor,
    linear_weight: Tensor,
    target: Tensor,
    *,
    linear_bias: Tensor | None = None,
    weight: Tensor | None = None,
    reduction: str = "mean",
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    options: Any = None,
) -> Tensor:
    """``cross_entropy(linear(input, linear_weight, linear_bias), target)``.

    Args:
        input: shape (N, in features), or (in features,).
        linear_weight: shape (C, in features), or (C, d1, ..., in features) for targets of shape (N, d1, ...).
        target: class indices, or probabilities of the shape of the scores.
        linear_bias: shape (C,) or (C, d1, ...).
        weight, reduction, label_smoothing: as for ``cross_entropy``.
        ignore_index: likewise; -100 where it is None.
        options: accepted; how PyTorch cuts the work into pieces changes nothing in the result.

    Raises:
        RuntimeError: another number of dims.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.linear_cross_entropy(tp.ones(1, 2), tp.zeros(4, 2), tp.tensor([3]))
        tensor(1.3863)
    """

def conv_tbc(input: Tensor, weight: Tensor, bias: Tensor, pad: int = 0) -> Tensor:
    """``conv1d`` with the dims in the order (time, batch, channel).

    Args:
        input: shape (T, B, in channels).
        weight: shape (width, in channels, out channels).
        bias: shape (out channels,).
        pad: zeros on both sides of the time dim.

    Returns:
        Shape (T + 2 * pad - width + 1, B, out channels).

    Raises:
        RuntimeError: another number of dims.

    Example:
        >>> import tensorplug as tp
        >>> tp.conv_tbc(tp.ones(3, 1, 1), tp.ones(2, 1, 1), tp.zeros(1)).flatten()
        tensor([2., 2.])
    """

def norm_except_dim(v: Tensor, pow: int = 2, dim: int = 0) -> Tensor:
    """The norms over all dims but one, which keep their places with size 1; over all dims with ``dim=-1``.

    Example:
        >>> import tensorplug as tp
        >>> tp.norm_except_dim(tp.tensor([[3.0, 4.0], [0.0, 2.0]]))
        tensor([[5.],
                [2.]])
    """

# pseudoinverse

def pinverse(input: Tensor, rcond: float = 1e-15) -> Tensor:
    """``linalg.pinv`` by an older name, with a smaller tolerance."""

# sampling

def _standard_gamma(concentration: Tensor, generator: Generator | None = None) -> Tensor:
    """Draws of gamma distributions of rate 1, through which gradients flow."""

def _sample_dirichlet(concentration: Tensor, generator: Generator | None = None) -> Tensor:
    """Draws of Dirichlet distributions, which lie along the last dim; gradients flow through them."""

# segments

def segment_reduce(
    data: Tensor,
    reduce: str,
    *,
    lengths: Tensor | None = None,
    indices: Tensor | None = None,
    offsets: Tensor | None = None,
    axis: int = 0,
    unsafe: bool = False,
    initial: Number | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Consecutive segments of a dim, each reduced to one element.

    Args:
        data: floating point; dims before ``axis`` are batch dims, each with segments of its own.
        reduce: ``"sum"``, ``"mean"``, ``"max"``, ``"min"`` or ``"prod"``.
        lengths: integers, shape (*batch, segments): how many elements each segment has.
        indices: not supported, as in PyTorch.
        offsets: instead of ``lengths``, where each segment begins and the last one ends: shape (*batch, segments + 1).
        axis: the dim.
        unsafe: whether to leave out the check that the segments cover the dim.
        initial: what each reduction starts from; without it an empty segment gives 0, NaN (mean), 1 (product) or an
            infinity.

    Returns:
        Shape (*batch, segments, *the other dims).

    Raises:
        RuntimeError: neither lengths nor offsets, an unknown reduction, or lengths that are negative or do not add up.
        NotImplementedError: ``indices``, or dtypes that are not as described.

    Example:
        >>> import tensorplug as tp
        >>> tp.segment_reduce(tp.tensor([1.0, 2.0, 3.0]), "sum", lengths=tp.tensor([2, 0, 1]))
        tensor([3., 0., 3.])
    """

# stft

def stft(
    input: Tensor,
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
    input: Tensor,
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

def split_with_sizes(input: Tensor, split_sizes: Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
    """Views of consecutive parts of a dim, of the sizes given.

    Raises:
        RuntimeError: the sizes do not add up to that of the dim.

    Example:
        >>> import tensorplug as tp
        >>> [p.tolist() for p in tp.split_with_sizes(tp.arange(3), (2, 1))]
        [[0, 1], [2]]
    """

def alias_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """What ``alias`` shows, in memory of its own."""

def as_strided_copy(
    input: Tensor,
    size: Sequence[int],
    stride: Sequence[int],
    storage_offset: int | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """What ``as_strided`` shows, in memory of its own."""

def detach_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """What ``detach`` shows, in memory of its own."""

def diagonal_copy(input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1, *, out: Tensor | None = None) -> Tensor:
    """What ``diagonal`` shows, in memory of its own."""

def expand_copy(input: Tensor, *size: Any, implicit: bool = False, out: Tensor | None = None) -> Tensor:
    """What ``expand`` shows, in memory of its own."""

def narrow_copy(input: Tensor, dim: int, start: int, length: int, *, out: Tensor | None = None) -> Tensor:
    """What ``narrow`` shows, in memory of its own."""

def permute_copy(input: Tensor, *dims: Any, out: Tensor | None = None) -> Tensor:
    """What ``permute`` shows, in memory of its own."""

def select_copy(input: Tensor, dim: int, index: int, *, out: Tensor | None = None) -> Tensor:
    """What ``select`` shows, in memory of its own."""

def slice_copy(
    input: Tensor,
    dim: int = 0,
    start: int | None = None,
    end: int | None = None,
    step: int = 1,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """What ``slice`` shows, in memory of its own."""

def split_copy(
    input: Tensor, split_size: int, dim: int = 0, *, out: Sequence[Tensor] | None = None
) -> tuple[Tensor, ...]:
    """What ``split`` shows, in memory of its own."""

def split_with_sizes_copy(
    input: Tensor, split_sizes: Sequence[int], dim: int = 0, *, out: Sequence[Tensor] | None = None
) -> tuple[Tensor, ...]:
    """What ``split_with_sizes`` shows, in memory of its own."""

def squeeze_copy(input: Tensor, dim: int | Sequence[int] | None = None, *, out: Tensor | None = None) -> Tensor:
    """What ``squeeze`` shows, in memory of its own."""

def t_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """What ``t`` shows, in memory of its own."""

def transpose_copy(input: Tensor, dim0: int, dim1: int, *, out: Tensor | None = None) -> Tensor:
    """What ``transpose`` shows, in memory of its own."""

def unbind_copy(input: Tensor, dim: int = 0, *, out: Sequence[Tensor] | None = None) -> tuple[Tensor, ...]:
    """What ``unbind`` shows, in memory of its own."""

def unfold_copy(input: Tensor, dimension: int, size: int, step: int, *, out: Tensor | None = None) -> Tensor:
    """What ``unfold`` shows, in memory of its own."""

def unsqueeze_copy(input: Tensor, dim: int, *, out: Tensor | None = None) -> Tensor:
    """What ``unsqueeze`` shows, in memory of its own."""

def view_copy(input: Tensor, *shape: Any, out: Tensor | None = None) -> Tensor:
    """What ``view`` shows, in memory of its own."""

def view_as_complex_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """What ``view_as_complex`` shows, in memory of its own."""

def view_as_real_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """What ``view_as_real`` shows, in memory of its own."""

torch_functions: dict[str, Callable[..., Any]]
nn_functions: dict[str, Callable[..., Any]]
special_functions: dict[str, Callable[..., Any]]
fft_functions: dict[str, Callable[..., Any]]
