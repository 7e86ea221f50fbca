"""How a loader gets a batch from a dataset."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tensorplug.data.collate import default_collate
from tensorplug.data.dataset import Subset, TensorDataset, items_of
from tensorplug.factories import tensor

Fetch = Callable[[Any], Any]


def from_map(dataset: Any, batched: bool, collate_fn: Callable[[Any], Any]) -> Fetch:
    """The function from an index, or from a list of them, to what ``collate_fn`` makes of the examples."""
    if not batched:
        return lambda index: collate_fn(dataset[index])
    if collate_fn is default_collate and _has_plain_rows(dataset):
        return lambda indices: _rows(dataset, indices)
    return lambda indices: collate_fn(items_of(dataset, indices))


def from_stream(dataset: Any, batched: bool, collate_fn: Callable[[Any], Any], drop_last: bool) -> Fetch:
    """The function that takes the next examples, as many as the list it is given is long, or just one.

    It raises ``StopIteration`` when there are none left.
    """
    examples: Iterator[Any] = iter(dataset)
    if not batched:
        return lambda _: collate_fn(next(examples))
    ended = False

    def fetch(places: Any) -> Any:
        nonlocal ended
        batch = []
        for _ in places if not ended else ():
            try:
                batch.append(next(examples))
            except StopIteration:
                ended = True
                break
        if not batch or (drop_last and len(batch) < len(places)):
            raise StopIteration
        return collate_fn(batch)

    return fetch


def _has_plain_rows(dataset: Any) -> bool:
    """Whether examples are rows of tensors, and no subclass changes how they are made."""
    while type(dataset) is Subset:
        dataset = dataset.dataset
    cls = type(dataset)
    return getattr(cls, "__getitem__", None) is TensorDataset.__getitem__ and not hasattr(cls, "__getitems__")


def _rows(dataset: Any, indices: Any) -> Any:
    """The default batch of a dataset of tensors: what stacking its rows gives, by one selection per tensor."""
    while type(dataset) is Subset:
        dataset, indices = dataset.dataset, [dataset.indices[i] for i in indices]
    if not all(type(index) is int for index in indices):
        return default_collate(items_of(dataset, indices))
    size = len(dataset)
    chosen = tensor([index + size if index < 0 else index for index in indices])
    return [source.index_select(0, chosen.to(source.device)) for source in dataset.tensors]
