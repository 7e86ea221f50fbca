"""Products of matrices and vectors."""

from __future__ import annotations

from math import prod
from typing import Any

from tensorplug.dispatch import Plan
from tensorplug.dtypes import bool_
from tensorplug.ops.define import composite, plan
from tensorplug.ops.derived import differentiate_default
from tensorplug.ops.elementwise import conj_of
from tensorplug.promotion import common_device
from tensorplug.shapes import broadcast_pair

Tensor = Any
Number = Any


def _mt(x: Tensor) -> Tensor:
    """The conjugate transpose of the matrices in the last two dims."""
    x = x.transpose(-2, -1)
    return x.conj() if x._kind.dtype.is_complex else x


def _check_pair(name: str, a: Tensor, b: Tensor) -> None:
    common_device(name, (a, b))
    if a._kind.dtype is not b._kind.dtype:
        raise RuntimeError(
            f"{name}: expected both tensors to have the same dtype, but got {a._kind.dtype} and {b._kind.dtype}"
        )
    if a._kind.dtype is bool_:
        raise NotImplementedError(f"{name} is not implemented for {bool_}")


@plan("input, other", spaces=(), out=False)
def matmul_batched(input: Tensor, other: Tensor) -> Plan:
    """Matrix products over the last two dims, the dims in front of them equal (or absent on either side)."""
    try:
        a, b = input._shape, other._shape
    except AttributeError:
        raise TypeError(f"matmul(): argument 'other' must be Tensor, not {type(other).__name__}") from None
    if input._kind is not other._kind or input._kind.dtype is bool_:
        _check_pair("matmul", input, other)
    if len(a) == 2 == len(b):
        return (input, other), (), (a[0], b[1]), input._kind.dtype
    return (input, other), (), (*broadcast_pair(a[:-2], b[:-2]), a[-2], b[-1]), input._kind.dtype


matmul_batched.grads(
    input=lambda g, other, input_shape: matmul_batched(g, _mt(other)).sum_to_size(input_shape),
    other=lambda g, input, other_shape: _other_gradient(g, input, other_shape),
)


def _other_gradient(g: Tensor, input: Tensor, shape: tuple[int, ...]) -> Tensor:
    if len(shape) == 2 and len(input._shape) > 2:
        # One large product instead of a batch of them that is then summed.
        rows = prod(g._shape[:-1])
        return matmul_batched(_mt(input.reshape(rows, input._shape[-1])), g.reshape(rows, g._shape[-1]))
    return matmul_batched(_mt(input), g).sum_to_size(shape)


@composite(spaces=("torch", "Tensor", "linalg"))
def matmul(input: Tensor, other: Tensor) -> Tensor:
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
    try:
        a, b = input._shape, other._shape
    except AttributeError:
        raise TypeError(f"matmul(): argument 'other' must be Tensor, not {type(other).__name__}") from None
    if len(a) == 2 == len(b) and a[1] == b[0] and input._kind is other._kind and input._kind.dtype is not bool_:
        return matmul_batched.call(input, other)
    if not a or not b:
        raise RuntimeError(f"both arguments to matmul need to be at least 1D, but they are {len(a)}D and {len(b)}D")
    if a[-1] != b[-2 if len(b) > 1 else 0]:
        raise RuntimeError(
            f"matmul: mat1 and mat2 shapes cannot be multiplied ({_dims(a)} and {_dims(b)}): "
            f"inner sizes {a[-1]} and {b[-2 if len(b) > 1 else 0]} differ"
        )
    left = input.unsqueeze(0) if len(a) == 1 else input
    right = other.unsqueeze(1) if len(b) == 1 else other
    if len(b) <= 2 and len(a) > 2:
        # A batch times one matrix is one product of more rows.
        rows = matmul_batched(left.reshape(prod(a[:-1]), a[-1]), right)
        result = rows.reshape((*a[:-1], right._shape[-1]))
    else:
        result = matmul_batched(left, right)
    if len(b) == 1:
        result = result.squeeze(-1)
    return result.squeeze(-2 if len(b) > 1 else -1) if len(a) == 1 else result


def _dims(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, shape))


def _expect(name: str, *pairs: tuple[str, Tensor, int]) -> None:
    for argument, tensor, rank in pairs:
        if len(tensor._shape) != rank:
            raise RuntimeError(f"{name}: {argument} must be {rank}-D, but got shape {list(tensor._shape)}")


@composite()
def mm(input: Tensor, mat2: Tensor) -> Tensor:
    """The product of two matrices.

    Raises:
        RuntimeError: either is not a matrix, or the inner sizes differ.
    """
    _expect("mm", ("self", input, 2), ("mat2", mat2, 2))
    return matmul(input, mat2)


@composite()
def bmm(input: Tensor, mat2: Tensor) -> Tensor:
    """The products of two batches of matrices of the same length.

    Raises:
        RuntimeError: either is not 3-d, or the batch or inner sizes differ.
    """
    _expect("bmm", ("batch1", input, 3), ("batch2", mat2, 3))
    if input._shape[0] != mat2._shape[0] or input._shape[2] != mat2._shape[1]:
        raise RuntimeError(
            f"Expected size for first two dimensions of batch2 tensor to be: [{input._shape[0]}, {input._shape[2]}] "
            f"but got: [{mat2._shape[0]}, {mat2._shape[1]}]."
        )
    return matmul(input, mat2)


@composite()
def mv(input: Tensor, vec: Tensor) -> Tensor:
    """The product of a matrix and a vector."""
    _expect("mv", ("input", input, 2), ("vec", vec, 1))
    return matmul(input, vec)


@composite()
def dot(input: Tensor, tensor: Tensor) -> Tensor:
    """The sum of the products of two vectors of one size.

    Example:
        >>> import tensorplug as tp
        >>> tp.dot(tp.tensor([2, 3]), tp.tensor([2, 1]))
        tensor(7)
    """
    if len(input._shape) != 1 or len(tensor._shape) != 1:
        raise RuntimeError(f"1D tensors expected, but got {len(input._shape)}D and {len(tensor._shape)}D tensors")
    if input._shape != tensor._shape:
        raise RuntimeError(
            f"inconsistent tensor size, expected tensor {list(input._shape)} and src {list(tensor._shape)} to have the "
            "same number of elements"
        )
    return matmul(input, tensor)


@composite(aliases=("ger",))
def outer(input: Tensor, vec2: Tensor) -> Tensor:
    """All products of an element of one vector with one of the other.

    Example:
        >>> import tensorplug as tp
        >>> tp.outer(tp.tensor([1, 2]), tp.tensor([3, 4]))
        tensor([[3, 4],
                [6, 8]])
    """
    _expect("outer", ("self", input, 1), ("vec2", vec2, 1))
    return input.unsqueeze(1) * vec2


def _scaled(x: Tensor, factor: Number) -> Tensor:
    return x if factor == 1 else x * factor


@composite(inplace=True)
def addmm(input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
    """``beta * input + alpha * (mat1 @ mat2)``; with ``beta=0`` the input's values do not matter."""
    product = _scaled(mm(mat1, mat2), alpha)
    return product if beta == 0 else _scaled(input, beta) + product


@composite(inplace=True)
def addmv(input: Tensor, mat: Tensor, vec: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
    """``beta * input + alpha * (mat @ vec)``."""
    product = _scaled(mv(mat, vec), alpha)
    return product if beta == 0 else _scaled(input, beta) + product


@composite(inplace=True)
def baddbmm(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
    """``beta * input + alpha * bmm(batch1, batch2)``."""
    product = _scaled(bmm(batch1, batch2), alpha)
    return product if beta == 0 else _scaled(input, beta) + product


@plan("input, weight, bias", spaces=("F",), out=False)
def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Plan:
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
    a, w = input._shape, weight._shape
    _check_pair("linear", input, weight)
    if not a or len(w) not in (1, 2) or a[-1] != w[-1]:
        raise RuntimeError(
            f"linear: mat1 and mat2 shapes cannot be multiplied ({_dims(a)} and {_dims(tuple(reversed(w)))})"
        )
    if bias is not None:
        _check_pair("linear", input, bias)
        if len(bias._shape) > 1 and bias._shape == (1,) * (len(bias._shape) - 1) + w[:1]:
            bias = bias.reshape(w[:1])
        if bias._shape not in ((w[0],) if len(w) == 2 else (), (1,), ()):
            raise RuntimeError(f"linear: bias of shape {list(bias._shape)} does not fit weight of shape {list(w)}")
    return (input, weight, bias), (), a[:-1] + w[:-1], input._kind.dtype


@linear.default
def _linear(input: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    product = matmul(input, weight.t())
    return product if bias is None else product + bias


def _linear_vjp(
    g: Tensor, input: Tensor, weight: Tensor, bias_shape: Any, needs: tuple[bool, ...]
) -> tuple[Tensor | None, ...]:
    if len(weight._shape) == 1:
        return _dot_vjp(g, input, weight, bias_shape, needs)
    grad_input, grad_weight, grad_bias = linear_backward(g, input, weight, needs)
    if grad_bias is not None and grad_bias._shape != bias_shape:
        grad_bias = grad_bias.sum_to_size(bias_shape)
    return grad_input, grad_weight, grad_bias


linear.vjp(_linear_vjp)


def _dot_vjp(
    g: Tensor, input: Tensor, weight: Tensor, bias_shape: Any, needs: tuple[bool, ...]
) -> tuple[Tensor | None, ...]:
    """For a weight that is one vector: the gradient of a sum of products."""
    grad_input = g.unsqueeze(-1) * conj_of(weight) if needs[0] else None
    grad_weight = (g.unsqueeze(-1) * conj_of(input)).sum_to_size(weight._shape) if needs[1] else None
    return grad_input, grad_weight, g.sum_to_size(bias_shape) if needs[2] else None


@plan("grad_output, input, weight; wanted", outputs=("grad_input", "grad_weight", "grad_bias"), spaces=(), out=False)
def linear_backward(grad_output: Tensor, input: Tensor, weight: Tensor, wanted: tuple[bool, ...]) -> Plan:
    """The gradients of ``linear``, those that are wanted; the others are None."""
    shapes = (input._shape, weight._shape, weight._shape[:1])
    return (grad_output, input, weight), (tuple(wanted),), shapes, (input._kind.dtype,) * 3


@linear_backward.default
def _linear_backward(
    grad_output: Tensor, input: Tensor, weight: Tensor, wanted: tuple[bool, ...]
) -> tuple[Tensor | None, ...]:
    number = prod(input._shape[:-1])
    rows = grad_output.reshape(number, grad_output._shape[-1])
    columns = input.reshape(number, input._shape[-1])
    grad_input = matmul_batched(rows, conj_of(weight)).reshape(input._shape) if wanted[0] else None
    grad_weight = matmul_batched(rows.t(), conj_of(columns)) if wanted[1] else None
    return grad_input, grad_weight, rows.sum(0) if wanted[2] else None


differentiate_default(linear_backward)


@composite()
def trace(input: Tensor) -> Tensor:
    """The sum of a matrix's diagonal."""
    _expect("trace", ("input", input, 2))
    return input.diagonal().sum()
