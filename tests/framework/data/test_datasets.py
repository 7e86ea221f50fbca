"""Datasets and how they combine."""

import pytest

import tensorplug as tp
from tensorplug.utils.data import (
    ChainDataset,
    ConcatDataset,
    Dataset,
    IterableDataset,
    StackDataset,
    Subset,
    TensorDataset,
    random_split,
)


class Squares(Dataset):
    def __init__(self, size):
        self.size = size

    def __len__(self):
        return self.size

    def __getitem__(self, index):
        return index**2


class Stream(IterableDataset):
    def __init__(self, *items):
        self.items = items

    def __iter__(self):
        return iter(self.items)

    def __len__(self):
        return len(self.items)


def test_tensor_dataset_gives_rows_and_slices():
    dataset = TensorDataset(tp.arange(6).reshape(3, 2), tp.tensor([7, 8, 9]))
    assert len(dataset) == 3
    x, y = dataset[1]
    assert x.tolist() == [2, 3]
    assert y.item() == 8
    assert dataset[:2][1].tolist() == [7, 8]
    with pytest.raises(AssertionError, match="Size mismatch"):
        TensorDataset(tp.ones(2), tp.ones(3))


def test_base_class_asks_for_getitem():
    with pytest.raises(NotImplementedError, match="__getitem__"):
        Dataset()[0]


def test_concatenation_finds_the_part_from_either_end():
    joined = Squares(2) + Squares(3)
    assert isinstance(joined, ConcatDataset)
    assert [joined[i] for i in range(len(joined))] == [0, 1, 0, 1, 4]
    assert joined[-1] == 4
    with pytest.raises(ValueError, match="absolute value"):
        joined[-6]
    with pytest.raises(AssertionError, match="empty"):
        ConcatDataset([])
    with pytest.raises(AssertionError, match="IterableDataset"):
        ConcatDataset([Stream(1)])


def test_chained_streams_follow_one_another():
    chained = Stream(1, 2) + Stream(3)
    assert isinstance(chained, ChainDataset)
    assert list(chained) == [1, 2, 3]
    assert len(chained) == 3


def test_stacked_datasets_give_tuples_or_dicts():
    assert StackDataset(Squares(3), Squares(3))[2] == (4, 4)
    named = StackDataset(a=Squares(3), b=Squares(3))
    assert named[1] == {"a": 1, "b": 1}
    assert named.__getitems__([0, 2]) == [{"a": 0, "b": 0}, {"a": 4, "b": 4}]
    for bad in (lambda: StackDataset(), lambda: StackDataset(Squares(1), Squares(2))):
        with pytest.raises(ValueError, match="dataset"):
            bad()


def test_subset_maps_indices():
    part = Subset(Squares(10), [3, 5])
    assert len(part) == 2
    assert part[1] == 25
    assert part.__getitems__([1, 0]) == [25, 9]


def test_subset_with_half_an_override_is_refused():
    class Loud(Subset):
        def __getitem__(self, index):
            return super().__getitem__(index) + 1

    with pytest.raises(NotImplementedError, match="__getitems__"):
        Loud(Squares(2), [0])


def test_random_split_deals_out_every_example_once():
    parts = random_split(Squares(10), [3, 7], generator=tp.Generator().manual_seed(0))
    assert [len(part) for part in parts] == [3, 7]
    assert sorted(i for part in parts for i in part.indices) == list(range(10))


def test_random_split_repeats_with_the_seed():
    a, b = (random_split(range(20), [10, 10], tp.Generator().manual_seed(3))[0].indices for _ in range(2))
    assert a == b
    assert a != list(range(10))


def test_random_split_by_shares_deals_out_the_rest():
    assert [len(part) for part in random_split(range(10), [0.33, 0.33, 0.34])] == [4, 3, 3]
    with pytest.warns(UserWarning, match="Length of split at index 0 is 0"):
        random_split(range(2), [0.0, 1.0])
    with pytest.raises(ValueError, match="does not equal"):
        random_split(range(5), [2, 2])
