"""Tables of vectors: looking up, gradients of repeated rows, bags, one-hot."""

from __future__ import annotations

import numpy as np
import pytest

import tensorplug as tp
from tensorplug.autograd import gradcheck, gradgradcheck
from tensorplug.nn import functional as F


def table(rows: int = 5, columns: int = 3, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((rows, columns))


@pytest.mark.parametrize("shape", [(), (4,), (2, 3), (0,)])
@pytest.mark.parametrize("dtype", [tp.int32, tp.int64])
def test_rows_are_looked_up(shape: tuple[int, ...], dtype: tp.dtype) -> None:
    weight, index = table(), np.random.default_rng(1).integers(0, 5, shape)
    found = F.embedding(tp.tensor(index, dtype=dtype), tp.from_numpy(weight))
    np.testing.assert_array_equal(found.numpy(), weight[index])


@pytest.mark.parametrize("padding_idx", [None, 1, -1])
@pytest.mark.parametrize("by_frequency", [False, True])
@pytest.mark.parametrize("columns", [3, 500])
def test_gradients_of_a_row_add_up(padding_idx: int | None, by_frequency: bool, columns: int) -> None:
    index = np.array([[4, 1, 1], [0, 1, 4]])
    weight = tp.from_numpy(table(columns=columns)).requires_grad_()
    upstream = np.random.default_rng(2).standard_normal((2, 3, columns))
    found = F.embedding(tp.tensor(index), weight, padding_idx, scale_grad_by_freq=by_frequency)
    found.backward(tp.from_numpy(upstream))
    expected = np.zeros((5, columns))
    for place, g in zip(index.ravel(), upstream.reshape(-1, columns), strict=True):
        if padding_idx is None or place != padding_idx % 5:
            expected[place] += g / (index == place).sum() if by_frequency else g
    np.testing.assert_allclose(weight.grad.numpy(), expected)


def test_second_gradients() -> None:
    index, weight = tp.tensor([0, 2, 0]), tp.from_numpy(table()).requires_grad_()

    def squares(w: tp.Tensor) -> tp.Tensor:
        return F.embedding(index, w, padding_idx=2) ** 2

    assert gradgradcheck(squares, (weight,))


def test_rows_that_are_looked_up_are_shortened_in_place() -> None:
    weight = tp.tensor([[3.0, 4.0], [6.0, 8.0], [0.3, 0.4]])
    F.embedding(tp.tensor([1, 2]), weight, max_norm=1.0)
    assert weight.flatten().tolist() == pytest.approx([3.0, 4.0, 0.6, 0.8, 0.3, 0.4])


@pytest.mark.parametrize("place", [5, -1])
def test_an_index_out_of_range_is_refused(place: int) -> None:
    with pytest.raises(IndexError, match="out of"):
        F.embedding(tp.tensor([0, place]), tp.from_numpy(table()))


def test_arguments_that_make_no_sense_are_refused() -> None:
    with pytest.raises(AssertionError, match="Padding_idx"):
        F.embedding(tp.tensor([0]), tp.zeros(2, 2), padding_idx=2)
    with pytest.raises(RuntimeError, match="2-D"):
        F.embedding(tp.tensor([0]), tp.zeros(2))
    with pytest.raises(RuntimeError, match="int32/int64"):
        F.embedding(tp.tensor([0.0]), tp.zeros(2, 2))


# ---------------------------------------------------------------------------------------------------- bags

POOL = {"sum": lambda rows: rows.sum(0), "mean": lambda rows: rows.mean(0), "max": lambda rows: rows.max(0)}


@pytest.mark.parametrize("mode", POOL)
@pytest.mark.parametrize("padding_idx", [None, 0])
def test_bags_cut_by_offsets(mode: str, padding_idx: int | None) -> None:
    weight, index, offsets = table(), np.array([4, 0, 1, 1, 0, 2]), [0, 2, 2, 5]
    expected = np.zeros((4, 3))
    for bag, (start, end) in enumerate(zip(offsets, [*offsets[1:], 6], strict=True)):
        rows = [weight[i] for i in index[start:end] if i != padding_idx]
        if rows:
            expected[bag] = POOL[mode](np.array(rows))
    leaf = tp.from_numpy(weight).requires_grad_()

    def bags(w: tp.Tensor) -> tp.Tensor:
        return F.embedding_bag(tp.tensor(index), w, tp.tensor(offsets), mode=mode, padding_idx=padding_idx)

    np.testing.assert_allclose(bags(leaf).detach().numpy(), expected)
    assert gradcheck(bags, (leaf,))
    ends = F.embedding_bag(
        tp.tensor(index), leaf, tp.tensor([*offsets, 6]), mode=mode, padding_idx=padding_idx, include_last_offset=True
    )
    np.testing.assert_allclose(ends.detach().numpy(), expected)


@pytest.mark.parametrize("mode", POOL)
def test_bags_as_rows(mode: str) -> None:
    weight, index = table(), np.array([[4, 0], [1, 1], [2, 3]])
    found = F.embedding_bag(tp.tensor(index), tp.from_numpy(weight), mode=mode)
    np.testing.assert_allclose(found.numpy(), [POOL[mode](weight[row]) for row in index])


def test_weighted_bags() -> None:
    weight, index, factors = table(), np.array([[4, 0], [1, 1]]), np.array([[2.0, -1.0], [0.5, 3.0]])
    found = F.embedding_bag(
        tp.tensor(index), tp.from_numpy(weight), mode="sum", per_sample_weights=tp.from_numpy(factors)
    )
    np.testing.assert_allclose(found.numpy(), (weight[index] * factors[..., None]).sum(1))


def test_the_first_of_equal_elements_gets_the_gradient_of_a_largest_one() -> None:
    weight = tp.ones(3, 1, requires_grad=True)
    F.embedding_bag(tp.tensor([[2, 1]]), weight, mode="max").backward()
    assert weight.grad.flatten().tolist() == [0.0, 0.0, 1.0]


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({}, ValueError, "offsets"),
        ({"offsets": tp.tensor([1, 2])}, RuntimeError, "has to be 0"),
        ({"offsets": tp.tensor([0]), "mode": "product"}, ValueError, "sum, mean or max"),
        ({"offsets": tp.tensor([0]), "per_sample_weights": tp.ones(2)}, ValueError, "same shape"),
        ({"offsets": tp.tensor([0]), "per_sample_weights": tp.ones(3)}, NotImplementedError, "mode='sum'"),
    ],
)
def test_bags_that_make_no_sense_are_refused(options: dict, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        F.embedding_bag(tp.tensor([0, 1, 2]), tp.zeros(3, 2), **options)


# ---------------------------------------------------------------------------------------------------- one-hot


def test_one_hot() -> None:
    assert F.one_hot(tp.tensor([[0], [2]])).tolist() == [[[1, 0, 0]], [[0, 0, 1]]]
    assert F.one_hot(tp.tensor(1), 4).tolist() == [0, 1, 0, 0]
    assert F.one_hot(tp.zeros(0, dtype=tp.int64), 2).shape == (0, 2)
    for bad in (tp.tensor([-1]), tp.tensor([3]), tp.tensor([1.0])):
        with pytest.raises(RuntimeError, match=r"non-negative|smaller|LongTensor"):
            F.one_hot(bad, 3)
