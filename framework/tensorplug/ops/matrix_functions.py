"""Powers and exponentials of matrices, equations between tensors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from tensorplug.base import everywhere
from tensorplug.dispatch import Plan
from tensorplug.dtypes import bool_, float32
from tensorplug.ops.define import composite, plan
from tensorplug.ops.joining import cat
from tensorplug.ops.matrices import adjoint, check_dtype, check_square, identity
from tensorplug.ops.solving import inverse_of, linalg_inv, linalg_solve, solve_square
from tensorplug.shapes import canonical_dim

Tensor = Any

# ---------------------------------------------------------------------------------------------------- functions

_PADE = (
    64764752532480000.0, 32382376266240000.0, 7771770303897600.0, 1187353796428800.0, 129060195264000.0,
    10559470521600.0, 670442572800.0, 33522128640.0, 1323241920.0, 40840800.0, 960960.0, 16380.0, 182.0, 1.0,
)  # fmt: skip
"""Coefficients of the numerator of the rational function of degree 13 that approximates the exponential at 0."""

_REACH = 5.371920351148152
"""The norm up to which it does so to double precision (N. Higham, The scaling and squaring method for the matrix
exponential revisited, 2005)."""


@plan("input", spaces=("torch", "Tensor", "linalg"), out=False)
def matrix_exp(input: Tensor) -> Plan:
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
    check_square("linalg.matrix_exp", input)
    check_dtype("linalg.matrix_exp", input, half=True)
    return (input,), (), input._shape, input._kind.dtype


@matrix_exp.default
def _matrix_exp(input: Tensor) -> Tensor:
    if 0 in input._shape:
        return input.clone()
    narrow = input._kind.dtype
    A = input if narrow.itemsize >= 4 else input.to(float32)
    size = A.abs().sum(-2).amax(-1)
    # Halved until it is within reach, then squared as often; each matrix as often as it needs.
    halvings = (size / _REACH).log2().ceil().clamp(min=0).masked_fill(~size.isfinite(), 0)
    result = _rational(A * (-halvings).exp2()[..., None, None].to(A._kind.dtype))
    for turn in range(int(everywhere(halvings).amax())):
        result = (result @ result).where((halvings > turn)[..., None, None], result)
    return result if narrow is A._kind.dtype else result.to(narrow)


def _rational(A: Tensor) -> Tensor:
    one = identity(A, A._shape[-1])
    second = A @ A
    fourth = second @ second
    sixth = second @ fourth
    c = _PADE
    odd = sixth @ (sixth * c[13] + fourth * c[11] + second * c[9]) + sixth * c[7] + fourth * c[5] + second * c[3]
    odd = A @ (odd + one * c[1])
    even = sixth @ (sixth * c[12] + fourth * c[10] + second * c[8]) + sixth * c[6] + fourth * c[4] + second * c[2]
    even = even + one * c[0]
    return solve_square(even - odd, even + odd)[0]


def _matrix_exp_input(g: Tensor, input: Tensor) -> Tensor:
    # The derivative in a direction G stands in the upper right of exp([[A, G], [0, A]]); its adjoint takes A^H.
    size = input._shape[-1]
    turned = adjoint(input)
    above = cat((turned, g), -1)
    below = cat((g.new_zeros(g._shape), turned), -1)
    return matrix_exp(cat((above, below), -2))[..., :size, size:]


matrix_exp.grads(input=_matrix_exp_input)


def _power(name: str, A: Tensor, n: int) -> Tensor:
    check_square(name, A)
    if n < 0:
        return _power(name, inverse_of(name, A), -n)
    if n == 0:
        # Chosen over A everywhere, which keeps the result in A's graph with a gradient of zeros.
        return identity(A, A._shape[-1]).where(A.new_ones((), dtype=bool_), A)
    result = None
    while True:
        if n & 1:
            result = A if result is None else result @ A
        n >>= 1
        if not n:
            return result.clone() if result is A else result
        A = A @ A


@composite(spaces=("linalg",))
def linalg_matrix_power(A: Tensor, n: int) -> Tensor:
    """Square matrices multiplied by themselves ``n`` times.

    Args:
        A: shape (..., m, m).
        n: any integer; for negative ones the inverse is taken, 0 gives the identity.

    Raises:
        LinAlgError: ``n`` is negative and a matrix singular.

    Example:
        >>> import tensorplug as tp
        >>> tp.linalg.matrix_power(tp.tensor([[1, 1], [0, 1]]), 5)
        tensor([[1, 5],
                [0, 1]])
    """
    return _power("linalg.matrix_power", A, n)


@composite()
def matrix_power(input: Tensor, n: int) -> Tensor:
    """``linalg.matrix_power`` by an older name."""
    return _power("matrix_power", input, n)


# ---------------------------------------------------------------------------------------------------- tensors


@composite(spaces=("linalg",))
def linalg_tensorinv(A: Tensor, ind: int = 2) -> Tensor:
    """The inverse with respect to ``tensordot``: ``tensordot(tensorinv(A, ind), A, ind)`` is an identity.

    Args:
        A: a tensor whose first ``ind`` dims hold as many elements as the others.
        ind: how many dims come first; positive.

    Returns:
        A's shape with both groups of dims exchanged.

    Raises:
        RuntimeError: the groups differ, or ``ind`` is not positive.
        LinAlgError: A as a matrix is singular.
    """
    if ind <= 0:
        raise RuntimeError("Expected a strictly positive integer for 'ind'")
    front, back = A._shape[:ind], A._shape[ind:]
    if not A._shape or math.prod(front) != math.prod(back):
        raise RuntimeError(
            f"Expected self to satisfy the requirement prod(self.shape[ind:]) == prod(self.shape[:ind]), but got "
            f"{math.prod(back)} != {math.prod(front)}"
        )
    return linalg_inv(A.reshape(math.prod(front), math.prod(back))).reshape((*back, *front))


@composite(spaces=("linalg",))
def linalg_tensorsolve(A: Tensor, B: Tensor, dims: Sequence[int] | None = None) -> Tensor:
    """The solution ``X`` of ``tensordot(A, X, X.ndim) == B``.

    Args:
        A: its first dims are those of B, its others hold as many elements.
        B: the right-hand side.
        dims: dims of A to move to its end first.

    Returns:
        The shape of A's other dims.

    Raises:
        RuntimeError: A does not hold as many elements in both groups of dims.
        LinAlgError: A as a matrix is singular.
    """
    if dims is not None:
        rank = len(A._shape)
        moved = [canonical_dim(d, rank) for d in dims]
        A = A.permute([*[d for d in range(rank) if d not in moved], *moved])
    shape = A._shape[len(B._shape) :]
    count = math.prod(shape)
    if count != math.prod(A._shape[: len(B._shape)]):
        raise RuntimeError(
            "Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == prod(self.shape[:other.ndim]), "
            f"but got {count} != {math.prod(A._shape[: len(B._shape)])}"
        )
    return linalg_solve(A.reshape(count, count), B.reshape(-1)).reshape(shape)
