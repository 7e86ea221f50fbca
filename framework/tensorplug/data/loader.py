"""``DataLoader``: batches of a dataset, one after the other."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

from tensorplug.data.collate import default_collate, default_convert
from tensorplug.data.dataset import IterableDataset
from tensorplug.data.fetch import from_map, from_stream
from tensorplug.data.pin import pin_memory as pinned
from tensorplug.data.sampler import BatchSampler, RandomSampler, Sampler, SequentialSampler, random_seed
from tensorplug.factories import device_exists
from tensorplug.random import Generator
from tensorplug.registry import device_types

T_co = TypeVar("T_co", covariant=True)

_FIXED = frozenset(["batch_size", "batch_sampler", "sampler", "drop_last", "dataset", "persistent_workers"])


class _Endless(Sampler[None]):
    """Asks a stream for examples without end."""

    def __iter__(self) -> Iterator[None]:
        while True:
            yield None


class DataLoader(Generic[T_co]):
    """An iterable over the batches of a dataset.

    Args:
        dataset: a ``Dataset``, an ``IterableDataset``, or anything with ``__getitem__`` and ``__len__``.
        batch_size: examples in a batch; None for single examples, without a batch dimension.
        shuffle: whether the order is random, anew in each pass.
        sampler: an iterable of indices instead.
        batch_sampler: an iterable of lists of indices instead; excludes the options on batches and order.
        num_workers: 0: examples are loaded in this process.
        collate_fn: from a list of examples to a batch; by default tensors, arrays and numbers are stacked.
        pin_memory: whether batches are put into page-locked memory, where there is a device to copy them to.
        drop_last: whether a last batch that is not full is left out.
        timeout, worker_init_fn, multiprocessing_context, prefetch_factor, persistent_workers, in_order:
            options of worker processes.
        generator: where the order comes from.
        pin_memory_device: accepted; the device is that of the copy.

    Raises:
        ValueError: options are out of range or exclude each other.
        NotImplementedError: ``num_workers`` is above 0.

    Example:
        >>> import tensorplug as tp
        >>> from tensorplug.utils.data import DataLoader, TensorDataset
        >>> for (batch,) in DataLoader(TensorDataset(tp.arange(5)), batch_size=2):
        ...     print(batch)
        tensor([0, 1])
        tensor([2, 3])
        tensor([4])
    """

    _initialized = False

    def __init__(
        self,
        dataset: Any,
        batch_size: int | None = 1,
        shuffle: bool | None = None,
        sampler: Iterable[Any] | None = None,
        batch_sampler: Iterable[Any] | None = None,
        num_workers: int = 0,
        collate_fn: Callable[[Any], Any] | None = None,
        pin_memory: bool = False,
        drop_last: bool = False,
        timeout: float = 0,
        worker_init_fn: Callable[[int], None] | None = None,
        multiprocessing_context: Any = None,
        generator: Generator | None = None,
        *,
        prefetch_factor: int | None = None,
        persistent_workers: bool = False,
        pin_memory_device: str = "",
        in_order: bool = True,
    ) -> None:
        _check_workers(num_workers, timeout, prefetch_factor, persistent_workers, multiprocessing_context)
        self.dataset = dataset
        self.num_workers = num_workers
        self.prefetch_factor = prefetch_factor
        self.pin_memory = pin_memory
        self.pin_memory_device = pin_memory_device
        self.timeout = timeout
        self.worker_init_fn = worker_init_fn
        self.multiprocessing_context = multiprocessing_context
        self.in_order = in_order
        self._is_stream = isinstance(dataset, IterableDataset)
        if self._is_stream:
            _check_stream(shuffle, sampler, batch_sampler)
        _check_order(batch_size, bool(shuffle), sampler, batch_sampler, drop_last)
        if batch_sampler is not None:
            batch_size, drop_last = None, False
        source: Any = sampler
        if source is None:
            if self._is_stream:
                source = _Endless()
            elif shuffle:
                source = RandomSampler(dataset, generator=generator)
            else:
                source = SequentialSampler(dataset)
        if batch_size is not None and batch_sampler is None:
            batch_sampler = BatchSampler(source, batch_size, drop_last)
        self.batch_size = batch_size
        self.drop_last = drop_last
        self.sampler = source
        self.batch_sampler = batch_sampler
        self.generator = generator
        if collate_fn is None:
            collate_fn = default_collate if self._auto_collation else default_convert
        self.collate_fn = collate_fn
        self.persistent_workers = persistent_workers
        self._stream_length: int | None = None
        self._initialized = True

    def __setattr__(self, attr: str, val: Any) -> None:
        if self._initialized and attr in _FIXED:
            raise ValueError(f"{attr} attribute should not be set after {type(self).__name__} is initialized")
        super().__setattr__(attr, val)

    @property
    def _auto_collation(self) -> bool:
        return self.batch_sampler is not None

    @property
    def _index_sampler(self) -> Any:
        return self.batch_sampler if self._auto_collation else self.sampler

    def __iter__(self) -> Iterator[Any]:
        return _Pass(self)

    def __len__(self) -> int:
        if not self._is_stream:
            return len(self._index_sampler)
        length = self._stream_length = len(self.dataset)
        if self.batch_size is None:
            return length
        return length // self.batch_size if self.drop_last else math.ceil(length / self.batch_size)


class _Pass:
    """One pass over the batches."""

    def __init__(self, loader: DataLoader[Any]) -> None:
        self._dataset = loader.dataset
        self._length = loader._stream_length if loader._is_stream else None
        self._index_sampler = loader._index_sampler
        self._pin = loader.pin_memory and _can_pin()
        batched, collate_fn = loader._auto_collation, loader.collate_fn
        if loader._is_stream:
            self._fetch = from_stream(loader.dataset, batched, collate_fn, loader.drop_last)
        else:
            self._fetch = from_map(loader.dataset, batched, collate_fn)
        self._indices = iter(self._index_sampler)
        # PyTorch draws the workers' seed here, with or without workers, so a seeded program goes on as it
        # does there.
        self._base_seed = random_seed(loader.generator)
        self._count = 0

    def __iter__(self) -> _Pass:
        return self

    def __next__(self) -> Any:
        batch = self._fetch(next(self._indices))
        self._count += 1
        if self._length is not None and self._count > self._length:
            warnings.warn(
                f"Length of IterableDataset {self._dataset} was reported to be {self._length} (when "
                f"accessing len(dataloader)), but {self._count} samples have been fetched.",
                stacklevel=2,
            )
        return pinned(batch) if self._pin else batch

    def __len__(self) -> int:
        return len(self._index_sampler)

    def __getstate__(self) -> Any:
        raise NotImplementedError(f"{type(self).__name__} cannot be pickled")


def _can_pin() -> bool:
    if any(kind not in ("cpu", "meta") and device_exists(kind) for kind in device_types()):
        return True
    warnings.warn(
        "'pin_memory' argument is set as true but no accelerator is found, then device pinned memory won't be used.",
        stacklevel=4,
    )
    return False


def _check_workers(
    num_workers: int, timeout: float, prefetch_factor: int | None, persistent_workers: bool, context: Any
) -> None:
    if num_workers < 0:
        raise ValueError("num_workers option should be non-negative; use num_workers=0 to disable multiprocessing.")
    if timeout < 0:
        raise ValueError("timeout option should be non-negative")
    if num_workers > 0:
        raise NotImplementedError(
            f"num_workers={num_workers}: worker processes are not available in this version; use "
            f"num_workers=0, which loads examples in this process."
        )
    if prefetch_factor is not None:
        raise ValueError(
            "prefetch_factor option could only be specified in multiprocessing. Let num_workers > 0 to "
            "enable multiprocessing, otherwise set prefetch_factor to None."
        )
    if persistent_workers:
        raise ValueError("persistent_workers option needs num_workers > 0")
    if context is not None:
        raise ValueError(
            "multiprocessing_context can only be used with multi-process loading (num_workers > 0), but got "
            "num_workers=0"
        )
    if timeout != 0:
        raise AssertionError("timeout is an option of worker processes; without them it must be 0")


def _check_stream(shuffle: bool | None, sampler: Any, batch_sampler: Any) -> None:
    for name, value, given in (
        ("shuffle", shuffle, shuffle not in (False, None)),
        ("sampler", sampler, sampler is not None),
        ("batch_sampler", batch_sampler, batch_sampler is not None),
    ):
        if given:
            raise ValueError(
                f"DataLoader with IterableDataset: expected unspecified {name} option, but got {name}={value}"
            )


def _check_order(batch_size: int | None, shuffle: bool, sampler: Any, batch_sampler: Any, drop_last: bool) -> None:
    if sampler is not None and shuffle:
        raise ValueError("sampler option is mutually exclusive with shuffle")
    if batch_sampler is not None:
        if batch_size != 1 or shuffle or sampler is not None or drop_last:
            raise ValueError(
                "batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last"
            )
    elif batch_size is None and drop_last:
        raise ValueError("batch_size=None option disables auto-batching and is mutually exclusive with drop_last")


def get_worker_info() -> None:
    """What a worker process knows about itself: None, as this is the main process."""
    return
