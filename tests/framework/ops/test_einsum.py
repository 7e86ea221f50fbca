"""``einsum``: the ways to call it, what it refuses, and products of many operands."""

from typing import Any

import numpy as np
import pytest

import tensorplug as tp

A, B = tp.arange(6.0).reshape(2, 3), tp.arange(12.0).reshape(4, 3)
PRODUCT = (A @ B.t()).tolist()


@pytest.mark.parametrize(
    "call",
    [
        lambda: tp.einsum("ij,kj->ik", A, B),
        lambda: tp.einsum(" i j , k j -> i k ", A, B),
        lambda: tp.einsum("ij,kj", A, B),
        lambda: tp.einsum("ij,kj->ik", [A, B]),
        lambda: tp.einsum("...j,kj->...k", A, B),
        lambda: tp.einsum(A, [0, 1], B, [2, 1], [0, 2]),
        lambda: tp.einsum(A, [Ellipsis, 1], B, [2, 1], [Ellipsis, 2]),
    ],
    ids=["plain", "spaces", "implicit", "sequence", "ellipsis", "lists", "lists with ellipsis"],
)
def test_all_ways_to_call_it_agree(call: Any) -> None:
    assert call().tolist() == PRODUCT


def test_implicit_results_are_in_alphabetical_order() -> None:
    assert tp.einsum("ba", A).tolist() == A.t().tolist()
    assert tp.einsum("b...a", tp.ones(2, 5, 3)).shape == (5, 3, 2)


@pytest.mark.parametrize("equation", ["ab,bc,cd,de->ae", "ab,bc,cd,de->", "ab,ab,bc,c->ac", "a,b,c,d->dcba"])
def test_products_of_many_operands_are_numpys(equation: str) -> None:
    rng = np.random.default_rng(0)
    sizes = dict(zip("abcde", (2, 3, 4, 2, 5), strict=True))
    arrays = [rng.standard_normal([sizes[x] for x in term]) for term in equation.partition("->")[0].split(",")]
    found = tp.einsum(equation, *map(tp.from_numpy, arrays))
    np.testing.assert_allclose(found.numpy(), np.einsum(equation, *arrays))


def test_second_derivatives_flow_through_it() -> None:
    inputs = [
        tp.randn(2, 3, dtype=tp.float64, requires_grad=True),
        tp.randn(3, 2, dtype=tp.float64, requires_grad=True),
    ]
    assert tp.autograd.gradgradcheck(lambda a, b: tp.einsum("ij,ji,kj->ik", a, b, a), inputs)


@pytest.mark.parametrize(
    ("equation", "message"),
    [
        ("ijk,kj", "does not match the number of dimensions"),
        ("ij", "more operands"),
        ("ij,kj,kl", "fewer operands"),
        ("ij,kj->il", "output subscript l does not appear"),
        ("ij,kj->ii", "more than once"),
        ("i1,kj", "must be in"),
        ("ij,jk", "does not broadcast"),
        ("ii,kj", "sizes don't match"),
    ],
)
def test_equations_that_do_not_fit_are_refused(equation: str, message: str) -> None:
    with pytest.raises(RuntimeError, match=message):
        tp.einsum(equation, A, B)


def test_different_dtypes_are_refused() -> None:
    with pytest.raises(RuntimeError, match="same dtype"):
        tp.einsum("ij,kj->ik", A, B.double())
    with pytest.raises(RuntimeError, match="same dtype"):
        tp.tensordot(A, B.double(), ([1], [1]))


def test_calls_without_operands_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one operand"):
        tp.einsum("ij")
    with pytest.raises(ValueError, match="range"):
        tp.einsum(A, [0, 52])
