"""DataLoader and collation."""

from collections import OrderedDict, namedtuple

import numpy as np
import pytest

import tensorplug as tp
from tensorplug.utils.data import (
    DataLoader,
    Dataset,
    IterableDataset,
    Subset,
    TensorDataset,
    default_collate,
    default_convert,
    get_worker_info,
)

Point = namedtuple("Point", "x y")


class Pairs(Dataset):
    def __len__(self):
        return 5

    def __getitem__(self, index):
        return float(index), f"item {index}"


class Stream(IterableDataset):
    def __iter__(self):
        return iter(range(5))


class LyingStream(Stream):
    def __len__(self):
        return 2


def test_batches_in_order():
    batches = list(DataLoader(TensorDataset(tp.arange(5), tp.arange(5) * 10), batch_size=2))
    assert [[part.tolist() for part in batch] for batch in batches] == [
        [[0, 1], [0, 10]],
        [[2, 3], [20, 30]],
        [[4], [40]],
    ]
    assert isinstance(batches[0], list)


def test_drop_last_and_length():
    dataset = TensorDataset(tp.arange(5))
    assert len(DataLoader(dataset, 2)) == 3
    loader = DataLoader(dataset, 2, drop_last=True)
    assert len(loader) == len(list(loader)) == 2


def test_shuffle_visits_everything_in_another_order_each_pass():
    loader = DataLoader(TensorDataset(tp.arange(40)), 40, shuffle=True, generator=tp.Generator().manual_seed(1))
    (first,), (second,) = (next(iter(loader)) for _ in range(2))
    assert sorted(first.tolist()) == list(range(40))
    assert first.tolist() != second.tolist()


def test_shuffle_repeats_with_the_seed():
    def order():
        tp.manual_seed(3)
        return [batch[0].tolist() for batch in DataLoader(TensorDataset(tp.arange(9)), 4, shuffle=True)]

    assert order() == order()


def test_rows_of_tensors_come_as_if_they_were_stacked_one_by_one():
    data = tp.randn(6, 2, 3)
    dataset = TensorDataset(data, tp.arange(6))
    indices = [4, 0, 4, -1]
    reverse = Subset(dataset, [5, -2, 3, 2, 1, 0])
    for source in (dataset, reverse, Subset(reverse, range(6)), Subset(dataset, np.arange(6))):
        (batch,) = DataLoader(source, batch_sampler=[indices])
        expected = default_collate([source[i] for i in indices])
        assert type(batch) is type(expected)
        for got, want in zip(batch, expected):
            assert got.dtype == want.dtype
            assert tp.equal(got, want)


def test_changed_tensor_datasets_are_asked_for_each_example():
    class Negated(TensorDataset):
        def __getitem__(self, index):
            return tuple(-tensor for tensor in super().__getitem__(index))

    (batch,) = DataLoader(Negated(tp.arange(3)), batch_size=3)
    assert batch[0].tolist() == [0, -1, -2]


def test_datasets_may_fetch_a_batch_at_once():
    class Bulk(Pairs):
        def __getitems__(self, indices):
            return [(float(-i), "bulk") for i in indices]

    numbers, texts = next(iter(DataLoader(Bulk(), batch_size=2)))
    assert numbers.tolist() == [0.0, -1.0]
    assert texts == ("bulk", "bulk")


def test_sampler_and_batch_sampler():
    dataset = TensorDataset(tp.arange(5))
    assert [b[0].tolist() for b in DataLoader(dataset, 2, sampler=[4, 2, 0])] == [[4, 2], [0]]
    assert [b[0].tolist() for b in DataLoader(dataset, batch_sampler=[[1], [3, 0]])] == [[1], [3, 0]]


def test_no_batching_with_batch_size_none():
    assert [x.item() for (x,) in DataLoader(TensorDataset(tp.arange(3)), batch_size=None)] == [0, 1, 2]
    assert next(iter(DataLoader([np.ones(2)], batch_size=None))).tolist() == [1.0, 1.0]


def test_own_collate_function():
    assert list(DataLoader(range(4), 2, collate_fn=sum)) == [1, 5]


def test_lists_and_arrays_are_datasets_too():
    assert [b.tolist() for b in DataLoader([1, 2, 3], 2)] == [[1, 2], [3]]
    assert next(iter(DataLoader(np.arange(4.0).reshape(2, 2), 2))).shape == (2, 2)


def test_streams_are_cut_into_batches():
    assert [b.tolist() for b in DataLoader(Stream(), batch_size=2)] == [[0, 1], [2, 3], [4]]
    assert [b.tolist() for b in DataLoader(Stream(), batch_size=2, drop_last=True)] == [[0, 1], [2, 3]]
    assert list(DataLoader(Stream(), batch_size=None)) == [0, 1, 2, 3, 4]


def test_streams_longer_than_their_length_warn():
    loader = DataLoader(LyingStream(), batch_size=None)
    assert len(loader) == 2
    with pytest.warns(UserWarning, match="was reported to be 2"):
        list(loader)


def test_passes_are_independent():
    loader = DataLoader([1, 2], 1)
    outer = [(a.item(), b.item()) for a in loader for b in loader]
    assert outer == [(1, 1), (1, 2), (2, 1), (2, 2)]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"num_workers": -1}, ValueError, "non-negative"),
        ({"num_workers": 2}, NotImplementedError, "num_workers=0"),
        ({"timeout": -1}, ValueError, "timeout"),
        ({"prefetch_factor": 2}, ValueError, "prefetch_factor"),
        ({"persistent_workers": True}, ValueError, "persistent_workers"),
        ({"multiprocessing_context": "spawn"}, ValueError, "multiprocessing_context"),
        ({"shuffle": True, "sampler": [0]}, ValueError, "mutually exclusive with shuffle"),
        ({"batch_sampler": [[0]], "batch_size": 2}, ValueError, "batch_sampler"),
        ({"batch_sampler": [[0]], "drop_last": True}, ValueError, "batch_sampler"),
        ({"batch_size": None, "drop_last": True}, ValueError, "drop_last"),
        ({"batch_size": 0}, ValueError, "batch_size"),
    ],
)
def test_options_that_do_not_fit_are_refused(options, error, message):
    with pytest.raises(error, match=message):
        DataLoader(TensorDataset(tp.arange(5)), **options)


@pytest.mark.parametrize("options", [{"shuffle": True}, {"sampler": [0]}, {"batch_sampler": [[0]]}])
def test_streams_have_no_order_to_choose(options):
    with pytest.raises(ValueError, match="expected unspecified"):
        DataLoader(Stream(), **options)


def test_what_a_loader_was_made_with_is_fixed():
    loader = DataLoader([1, 2])
    with pytest.raises(ValueError, match="should not be set"):
        loader.batch_size = 3


@pytest.mark.filterwarnings("ignore:'pin_memory' argument")
def test_pinned_batches_hold_the_same_values():
    loader = DataLoader(TensorDataset(tp.arange(2)), 2, pin_memory=True)
    assert next(iter(loader))[0].tolist() == [0, 1]


def test_there_is_no_worker_here():
    assert get_worker_info() is None


def test_collate_numbers_texts_and_arrays():
    assert default_collate([1, 2]).dtype == tp.int64
    assert default_collate([1.0, 2.0]).dtype == tp.float64
    assert default_collate([True, False]).dtype == tp.bool
    assert default_collate(["a", "b"]) == ["a", "b"]
    assert default_collate([np.float32(1), np.float32(2)]).dtype == tp.float32
    assert default_collate([np.ones(2, np.int16)] * 3).shape == (3, 2)
    assert default_collate([tp.ones(2), tp.zeros(2)]).tolist() == [[1.0, 1.0], [0.0, 0.0]]


def test_collate_keeps_structure():
    batch = default_collate([{"p": Point(1, [2.0, "a"])}, {"p": Point(3, [4.0, "b"])}])
    assert isinstance(batch["p"], Point)
    assert batch["p"].x.tolist() == [1, 3]
    assert batch["p"].y[0].tolist() == [2.0, 4.0]
    assert batch["p"].y[1] == ("a", "b")
    assert type(default_collate([OrderedDict(a=1)])) is OrderedDict
    assert type(default_collate([(1,), (2,)])) is list


def test_collate_refuses_what_does_not_fit():
    with pytest.raises(RuntimeError, match="equal size"):
        default_collate([[1, 2], [3]])
    with pytest.raises(TypeError, match="found"):
        default_collate([object()])
    with pytest.raises(TypeError, match="found"):
        default_collate([np.array(["a"])])


def test_convert_turns_arrays_into_tensors_in_place_of_them():
    out = default_convert({"x": np.arange(2), "y": (1, np.float32(2)), "z": "text", "p": Point(np.ones(1), 0)})
    assert out["x"].tolist() == [0, 1]
    assert out["y"][0] == 1
    assert out["y"][1].item() == 2.0
    assert out["z"] == "text"
    assert isinstance(out["p"], Point)
    assert default_convert(np.array(["a"])).dtype.kind == "U"
