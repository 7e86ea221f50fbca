"""Batching rules of products of matrices."""

from __future__ import annotations

from typing import Any

from tensorplug.base import TensorBase
from tensorplug.func.batching.call import Call, Rule, aligned, elements
from tensorplug.op import table

Tensor = Any


def matmul_batched(call: Call) -> Tensor:
    """One product for the whole batch where one side is shared, otherwise a batch of products."""
    a, b = call.inputs
    in_a, in_b = call.flags
    matmul = table["matmul"].call
    if in_b and not in_a and len(a._shape) == 2 and len(b._shape) == 3 and b._shape[-1] == 1:
        # Matrix times vectors: the vectors become rows of one matrix.
        return matmul(b.squeeze(-1), a.transpose(0, 1)).unsqueeze(-1)
    rank = max(len(call.shape_of(0)), len(call.shape_of(1)))
    return matmul(aligned(a, in_a, rank), aligned(b, in_b, rank))


def linear(call: Call) -> Tensor:
    """A shared weight takes all rows at once; otherwise each example has its own product."""
    x, weight, bias = call.inputs
    if not call.flags[1] and not call.flags[2]:
        return call.again((x, weight, bias))
    if not call.flags[1]:
        found = table["linear"].call(call.full(0), weight, None)
    else:
        shape = call.shape_of(0)
        rows = call.full(0).reshape((call.size, elements(shape[:-1]), shape[-1]))
        columns = weight.transpose(-2, -1) if len(weight._shape) == 3 else weight.unsqueeze(-1)
        found = table["matmul"].call(rows, columns).reshape((call.size, *call.shape))
    if bias is None:
        return found
    return found + aligned(bias, call.flags[2], len(call.shape))


def cdist(call: Call) -> Tensor:
    """The dims in front of the vectors broadcast, so the batch dim is one more of them."""
    rank = max(len(call.shape_of(0)), len(call.shape_of(1)))
    return call.again(tuple([aligned(x, f, rank) for x, f in zip(call.inputs, call.flags, strict=True)]))


def of_matrices(call: Call) -> Any:
    """Any dims may be in front of the matrices, the same for all inputs."""
    rank = max(len(call.shape_of(i)) - own for i, own in _own_ranks(call))
    inputs = list(call.inputs)
    for i, own in _own_ranks(call):
        inputs[i] = aligned(call.full(i), True, rank + own)
    return call.again(tuple(inputs))


def _own_ranks(call: Call) -> list[tuple[int, int]]:
    """The inputs that are tensors, and how many of their dims are not those in front."""
    slots = [i for i, x in enumerate(call.inputs) if isinstance(x, TensorBase)]
    return [(i, _VECTORS.get(call.op.inputs[i], 2)) for i in slots]


_VECTORS = {"atol": 0, "pivots": 1, "rtol": 0}
"""Inputs of ops on matrices that are none: the number of their dims."""

_OF_MATRICES = (
    "cholesky_decompose", "det_of", "eig_decompose", "eigh_decompose", "eigvals_only", "eigvalsh_only", "invert",
    "ldl_apply", "ldl_decompose", "least_squares", "lu_decompose", "matrix_exp", "permutation_of", "pseudoinverse",
    "qr_decompose", "qr_factors", "slogdet_of", "solve_square", "solve_triangle", "svd_decompose", "svdvals_only",
)  # fmt: skip

RULES: dict[str, Rule] = {
    **dict.fromkeys(_OF_MATRICES, of_matrices),
    "euclidean_cdist": cdist,
    "linear": linear,
    "matmul_batched": matmul_batched,
}
