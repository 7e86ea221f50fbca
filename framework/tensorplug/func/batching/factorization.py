"""Batching rules of factorizations and what is computed with them: all take a batch of matrices as it is."""

from __future__ import annotations

from typing import Any

from tensorplug.func.batching.call import Call, Rule


def all_at_once(call: Call) -> Any:
    """The op once, with the batch dim in front of every input."""
    return call.again(tuple([call.full(slot) for slot in range(len(call.inputs))]))


def qr_factors(call: Call) -> Any:
    """Where there is to be no Q, each example gets one without elements."""
    if call.params != ("r",):
        return all_at_once(call)
    matrices = call.full(0)
    upper = call.again((matrices,), shape=(call.shape[0], call.lead(call.shape[1])))[1]
    return matrices.new_empty((call.size, 0)), upper


_AS_THEY_ARE = (
    "lu_decompose", "solve_triangle", "cholesky_decompose", "qr_decompose", "eigh_decompose", "eig_decompose",
    "svd_decompose", "ldl_decompose", "ldl_apply", "permutation_of", "eigvalsh_only", "eigvals_only", "svdvals_only",
    "solve_square", "invert", "slogdet_of", "det_of", "matrix_exp", "pseudoinverse", "least_squares",
)  # fmt: skip

RULES: dict[str, Rule] = {**dict.fromkeys(_AS_THEY_ARE, all_at_once), "qr_factors": qr_factors}
