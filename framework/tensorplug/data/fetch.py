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
    rows = _rows_of(dataset) if collate_fn is default_collate else None
    if rows is None:
        return lambda indices: collate_fn(items_of(dataset, indices))

    def fetch(indices: Any) -> Any:
        if all(type(index) is int for index in indices):
            return rows(indices)
        return collate_fn(items_of(dataset, indices))

    return fetch


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


def _rows_of(dataset: Any) -> Fetch | None:
    """A function from indices to the default batch of a dataset of tensors, by one indexing per tensor.

    The result is that of stacking the rows. A subclass that changes how examples are made has none.
    """
    cls = type(dataset)
    if cls is Subset:
        below = _rows_of(dataset.dataset)
        return None if below is None else lambda indices: below([dataset.indices[i] for i in indices])
    if cls.__getitem__ is not TensorDataset.__getitem__ or hasattr(dataset, "__getitems__"):
        return None

    def rows(indices: list[int]) -> list[Any]:
        chosen = tensor(indices)
        return [source[chosen] for source in dataset.tensors]

    return rows
