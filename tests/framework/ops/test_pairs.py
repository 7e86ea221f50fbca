"""Similarities, distances and bilinear forms of pairs of vectors."""

from __future__ import annotations

import numpy as np
import pytest

import tensorplug as tp
from tensorplug.autograd import gradcheck
from tensorplug.nn import functional as F

ORDERS = [0, 1, 2.0, 3, float("inf")]


def draw(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape)


def tensors(*arrays: np.ndarray) -> list[tp.Tensor]:
    return [tp.from_numpy(a).requires_grad_() for a in arrays]


@pytest.mark.parametrize("p", ORDERS)
def test_distances_of_all_pairs(p: float) -> None:
    a, b = draw(2, 4, 3), draw(5, 3, seed=1)
    x, y = tensors(a, b)
    exact = np.linalg.norm(a[:, :, None] - b, ord=p, axis=-1)
    np.testing.assert_allclose(tp.cdist(x, y, p).detach().numpy(), exact)
    rows = np.linalg.norm(b[:, None] - b, ord=p, axis=-1)[np.triu_indices(5, 1)]
    np.testing.assert_allclose(F.pdist(y, p).detach().numpy(), rows)
    near = np.linalg.norm(a[0] - b[:4] + 1e-6, ord=p, axis=-1)
    np.testing.assert_allclose(F.pairwise_distance(x[0], y[:4], p).detach().numpy(), near)
    if p:
        assert gradcheck(lambda x, y: tp.cdist(x, y, p), (x, y))
        assert gradcheck(lambda y: F.pdist(y, p), (y,))
        assert gradcheck(lambda x, y: F.pairwise_distance(x[0], y[:4], p), (x, y))


def test_euclidean_distances_by_a_matrix_product() -> None:
    a, b = draw(40, 3), draw(30, 3, seed=1)
    x, y = tensors(a, b)
    exact = np.linalg.norm(a[:, None] - b, axis=-1)
    np.testing.assert_allclose(tp.cdist(x, y).detach().numpy(), exact, atol=1e-7)
    by_product = tp.cdist(x[:4], y[:3], compute_mode="use_mm_for_euclid_dist")
    np.testing.assert_allclose(by_product.detach().numpy(), exact[:4, :3], atol=1e-7)
    assert gradcheck(
        lambda x, y: tp.cdist(x, y, compute_mode="use_mm_for_euclid_dist"), (x[:4].detach().requires_grad_(), y)
    )


@pytest.mark.parametrize("p", [1, 2.0, 3, float("inf")])
def test_the_gradient_of_a_distance_of_zero_is_zero(p: float) -> None:
    x = tp.ones(3, 2, requires_grad=True)
    (tp.cdist(x, x, p).sum() + F.pdist(x, p).sum()).backward()
    assert x.grad.abs().sum().item() == 0


@pytest.mark.parametrize("dim", [0, 1, -1])
def test_cosine_similarity(dim: int) -> None:
    a, b = draw(4, 3), draw(4, 3, seed=1)
    exact = (a * b).sum(dim) / np.linalg.norm(a, axis=dim) / np.linalg.norm(b, axis=dim)
    x, y = tensors(a, b)
    np.testing.assert_allclose(F.cosine_similarity(x, y, dim).detach().numpy(), exact)
    assert gradcheck(lambda x, y: F.cosine_similarity(x, y, dim), (x, y))
    assert F.cosine_similarity(tp.zeros(2), tp.ones(2), 0).item() == 0


def test_bilinear_forms() -> None:
    a, b, w, c = draw(2, 4, 3), draw(2, 4, 5, seed=1), draw(6, 3, 5, seed=2), draw(6, seed=3)
    x, y, weight, bias = tensors(a, b, w, c)
    exact = np.einsum("...i,kij,...j->...k", a, w, b) + c
    np.testing.assert_allclose(F.bilinear(x, y, weight, bias).detach().numpy(), exact)
    assert gradcheck(F.bilinear, (x, y, weight, bias))


def test_arguments_that_make_no_sense_are_refused() -> None:
    x = tp.ones(2, 3)
    for call, message in [
        (lambda: tp.cdist(x, tp.ones(2, 4)), "same number of columns"),
        (lambda: tp.cdist(x, x, -1), "non-negative"),
        (lambda: tp.cdist(x[0], x), "at least 2D"),
        (lambda: F.pdist(x[0]), "2D"),
        (lambda: F.bilinear(x, x, tp.ones(1, 3, 4)), "does not fit"),
        (lambda: F.bilinear(x, x[:1], tp.ones(1, 3, 3)), "batch"),
    ]:
        with pytest.raises(RuntimeError, match=message):
            call()
    with pytest.raises(ValueError, match="compute_mode"):
        tp.cdist(x, x, compute_mode="fast")
