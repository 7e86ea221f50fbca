"""``ToyBackend``: the contract over ``Cells``. NumPy appears only where data enters and leaves."""

from __future__ import annotations

from typing import Any

import numpy as np

from tensorplug.backend import Backend
from tensorplug.device import Device
from tensorplug.dtypes import DType, bfloat16, complex64, complex128
from tensorplug.shapes import Shape
from tensorplug_toy.cells import Cells, fresh, places, spread, values
from tensorplug_toy.kernels import table
from tensorplug_toy.kernels.linalg import from_host, to_host
from tensorplug_toy.numbers import holder


class ToyBackend(Backend):
    """Two devices, ``toy:0`` and ``toy:1``, without bfloat16 and complex numbers."""

    device_type = "toy"
    unsupported_dtypes = frozenset((bfloat16, complex64, complex128))
    kernels = table()

    def device_count(self) -> int:
        return 2

    def device_name(self, device: Device) -> str:
        return "lists of Python numbers"

    def empty(self, shape: Shape, dtype: DType, device: Device) -> Cells:
        count = 1
        for size in shape:
            count *= size
        return fresh([0] * count, dtype, shape)

    def from_host(self, host: np.ndarray[Any, Any], device: Device) -> Cells:
        return from_host(host)

    def to_host(self, array: Cells) -> np.ndarray[Any, Any]:
        return to_host(array)

    def view(self, array: Cells, shape: Shape, strides: Shape, offset: int) -> Cells:
        return Cells(array.cells, array.kind, shape, strides, array.start + offset)

    def shape(self, array: Cells) -> Shape:
        return array.sizes

    def strides(self, array: Cells) -> Shape:
        return array.steps

    def copy_into(self, target: Cells, source: Cells) -> None:
        # The list of values is complete before the first is written, so overlap does no harm.
        hold = holder(target.kind)
        for place, value in zip(places(target), values(spread(source, target.sizes)), strict=True):
            target.cells[place] = hold(value)
