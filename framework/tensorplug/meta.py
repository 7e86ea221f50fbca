"""The ``meta`` device: tensors with a shape and dtype but no data, for planning, summaries and lazy initialisation.

It is a backend like any other, found by its entry point; that its ops run no kernels follows from ``abstract``.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tensorplug.backend import Backend
from tensorplug.device import Device
from tensorplug.dtypes import DType
from tensorplug.hookspecs import BackendEntry, hookimpl
from tensorplug.shapes import Shape, contiguous_strides


class MetaArray(NamedTuple):
    """All that is known of an array on the meta device."""

    shape: Shape
    strides: Shape


class MetaBackend(Backend):
    """Arrays without data."""

    device_type = "meta"
    indexed = False
    abstract = True

    def empty(self, shape: Shape, dtype: DType, device: Device) -> MetaArray:
        return MetaArray(shape, contiguous_strides(shape))

    def from_host(self, host: np.ndarray[Any, Any], device: Device) -> MetaArray:
        return MetaArray(host.shape, contiguous_strides(host.shape))

    def to_host(self, array: MetaArray) -> np.ndarray[Any, Any]:
        raise NotImplementedError("Cannot copy out of meta tensor; no data!")

    def view(self, array: MetaArray, shape: Shape, strides: Shape, offset: int) -> MetaArray:
        return MetaArray(shape, strides)

    def reinterpret(self, array: MetaArray, dtype: DType) -> MetaArray:
        return array

    def strides(self, array: MetaArray) -> Shape:
        return array.strides

    def copy_into(self, target: MetaArray, source: MetaArray) -> None:
        """Nothing to copy."""


@hookimpl
def tensorplug_backends() -> list[BackendEntry]:
    """The meta device."""
    return [BackendEntry("meta", MetaBackend)]
