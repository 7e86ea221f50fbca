"""Sets of elements: NaN, meta tensors, and sequences that are searched."""

import pytest

import tensorplug as tp

NAN = float("nan")


def test_every_nan_is_distinct() -> None:
    values, counts = tp.unique(tp.tensor([NAN, 1.0, NAN, 1.0]), return_counts=True)
    assert str(values.tolist()) == "[1.0, nan, nan]"
    assert counts.tolist() == [2, 1, 1]


def test_an_inverse_rebuilds_what_it_came_from() -> None:
    x = tp.tensor([[3, 1], [2, 3], [3, 1]])
    for dim in (None, 0, 1):
        values, inverse = tp.unique(x, return_inverse=True, dim=dim)
        again = values[inverse] if dim is None else values.index_select(dim, inverse)
        assert tp.equal(again, x)


def test_slices_are_compared_element_by_element() -> None:
    assert tp.unique(tp.tensor([[2, 1], [1, 2], [1, 1], [1, 2]]), dim=0).tolist() == [[1, 1], [1, 2], [2, 1]]


def test_sizes_that_depend_on_data_need_data() -> None:
    with pytest.raises(NotImplementedError, match="data"):
        tp.unique(tp.empty(3, device="meta"))


def test_nan_is_in_no_set() -> None:
    assert tp.isin(tp.tensor([1.0, NAN, -float("inf")]), tp.tensor([NAN, 1.0])).tolist() == [True, False, False]
    assert tp.isin(tp.tensor([-float("inf"), NAN]), tp.tensor([NAN, NAN])).tolist() == [False, False]


def test_sequences_can_be_sorted_on_the_way() -> None:
    sequence = tp.tensor([3, 1, 2])
    assert tp.searchsorted(sequence, tp.tensor([2, 9]), sorter=tp.argsort(sequence)).tolist() == [1, 3]


def test_numbers_are_searched_as_tensors_are() -> None:
    sequence = tp.tensor([1, 2, 3])
    assert tp.searchsorted(sequence, 2.5) == tp.bucketize(tp.tensor(2.5), sequence) == 2


def test_nan_is_found_after_all_numbers() -> None:
    sequence = tp.tensor([1.0, 2.0, NAN])
    assert tp.searchsorted(sequence, tp.tensor([NAN, 1.5])).tolist() == [3, 1]


def test_histograms_ignore_nan_in_a_given_range_and_refuse_it_otherwise() -> None:
    x = tp.tensor([0.0, NAN, 2.0])
    assert tp.histc(x, 2, 0, 2).tolist() == [1, 1]
    with pytest.raises(RuntimeError, match="not finite"):
        tp.histc(x, 2)


def test_weights_are_summed_in_their_precision() -> None:
    places = tp.tensor([0, 1, 1])
    assert tp.bincount(places, tp.ones(3)).dtype is tp.float32
    assert tp.bincount(places, tp.ones(3, dtype=tp.float16)).dtype is tp.float64
