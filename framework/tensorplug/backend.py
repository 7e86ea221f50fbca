"""The contract of a backend: a device type, its memory, and a table of kernels over native arrays.

A *native array* is whatever the backend computes with; the framework never looks inside. A *kernel* is called as
``kernel(*arrays, *params)`` and returns a native array, or a tuple of them.

What a kernel gets:

- Checked arguments: shapes that fit, dims counted from the front, one dtype where the op wants one. A param that is a
  dtype is a ``DType``, a device is a ``Device``; the ops that make arrays from nothing get both.
- Arrays as ``from_host``, ``empty`` and kernels returned them, or as ``view`` made them: with any strides, 0 among
  them, and starting anywhere in memory. A variadic input is a tuple of arrays; an optional one may be None.
- For an operand of an element-wise kernel, perhaps a Python number (an int among floats, too). It stands for an
  element of the arrays' dtype, so it is rounded to that: ``0.1`` equals a float32 element 0.1.
- Arrays without dims. The dims to reduce are then ``()``; an op along one dim (``cumsum``, ``sort_dim``, ``gather``,
  ``scatter_src``, ...) gets dim 0 all the same.

What it gives:

- Fresh arrays, of the shape and dtype that the op's definition says; results never share memory with inputs, and
  inputs are never changed. Only ``Backend.view`` shares. Strides are up to the kernel, but not negative, and the
  elements fill one piece of memory; what ``clone`` gives is C-contiguous.
- Errors for what only the data can tell, the same on every device: ``errors.index_out_of_range`` for an index beyond
  its dim; a ``RuntimeError`` for whole numbers divided by zero, or raised to a negative Python number.
- Nothing on standard output or error, and no warnings: NaN and infinity are results like others.

Primitives need a kernel each, except that those about complex numbers (``COMPLEX_ONLY``) are never run by a device
that has no complex dtype. Factorizations of matrices (``xp.factorization``) may go through the host, see ``xp.host``.
All kernels may be called from several threads at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tensorplug.device import Device
from tensorplug.dtypes import DType
from tensorplug.shapes import Shape

Array = Any
Kernel = Callable[..., Any]


COMPLEX_ONLY = frozenset(("complex", "conj_physical", "real_part", "imag_part", "eig_decompose"))
"""Primitives that a backend without complex dtypes can do without."""


class Backend:
    """Base class of backends. A subclass sets ``device_type`` and ``kernels`` and writes the methods that raise here.

    Attributes:
        device_type: the name users write, such as ``"opencl"``.
        indexed: whether devices are numbered (``"opencl:0"``); there is just one ``"cpu"``.
        abstract: arrays have shapes but no data (the meta device): ops run no kernels.
        unsupported_dtypes: what no device of the type has; asking for one is an error that says so.
        kernels: op name -> kernel. The names and signatures are listed by ``tensorplug ops``.
        nondeterministic: ops whose kernels may give other results when they run again, as sums in the order in which
            threads happen to arrive do; users can have such kernels refused.
    """

    device_type: str = ""
    indexed: bool = True
    abstract: bool = False
    unsupported_dtypes: frozenset[DType] = frozenset()
    kernels: Mapping[str, Kernel] = {}
    nondeterministic: frozenset[str] = frozenset()

    def kernel(self, name: str, dtype: DType) -> Kernel | None:
        """The kernel of op ``name`` for inputs of ``dtype``, or None. Looked up once per op and dtype, then kept."""
        return self.kernels.get(name)

    def inplace_kernel(self, name: str, dtype: DType) -> Kernel | None:
        """An element-wise kernel called as ``kernel(*arrays, out)`` that writes into ``out``, or None.

        Optional: without it an in-place op computes a result and copies it with ``copy_into``. ``out`` may be one
        of the inputs, element for element.
        """
        return None

    def unsupported_on(self, device: Device) -> frozenset[DType]:
        """The dtypes that one device lacks, where the devices of a type differ."""
        return self.unsupported_dtypes

    def device_count(self) -> int:
        """How many devices of this type there are."""
        return 1

    def device_name(self, device: Device) -> str:
        """What the device calls itself, for people to read."""
        return self.device_type

    def empty(self, shape: Shape, dtype: DType, device: Device) -> Array:
        """A C-contiguous array whose values may be anything."""
        raise NotImplementedError

    def from_host(self, host: np.ndarray[Any, Any], device: Device) -> Array:
        """A copy of a NumPy array on ``device``, C-contiguous, of the dtype that ``dtypes.from_numpy`` names.

        Args:
            host: any strides, native byte order; bfloat16 is ``ml_dtypes.bfloat16``.
            device: with an index, where the backend is ``indexed``.
        """
        raise NotImplementedError

    def to_host(self, array: Array) -> np.ndarray[Any, Any]:
        """The values as a NumPy array (any strides), which may share memory where the device is the host.

        Waits until they are computed.
        """
        raise NotImplementedError

    def share_host(self, host: np.ndarray[Any, Any]) -> Array:
        """An array over the memory of ``host`` (any strides that are whole elements and not negative).

        Only the backend of ``"cpu"`` needs it.
        """
        raise NotImplementedError(f"device '{self.device_type}' cannot share memory with NumPy")

    def view(self, array: Array, shape: Shape, strides: Shape, offset: int) -> Array:
        """An array that shows memory of ``array``: element ``i`` lies at ``offset + sum(i * strides)``.

        ``array`` is one that a kernel, ``empty`` or ``from_host`` returned, never a view; strides and offset count
        elements from its first one. Strides may be 0, sizes too. The geometry is within bounds.
        """
        raise NotImplementedError

    def reinterpret(self, array: Array, dtype: DType) -> Array | None:
        """The memory of ``array`` as elements of ``dtype``, to make views of; None where there is no such thing.

        Optional. ``array`` is as in ``view``, with which the result is used, whatever shape it has itself.
        """
        return None

    def shape(self, array: Array) -> Shape:
        """The shape of ``array``; asked only where it depends on the data (``nonzero_rows``)."""
        raise NotImplementedError

    def strides(self, array: Array) -> Shape:
        """Strides of ``array`` in elements."""
        raise NotImplementedError

    def copy_into(self, target: Array, source: Array) -> None:
        """Write ``source``, broadcast to the target's shape and converted to its dtype, into ``target``.

        ``target`` may be strided. ``source`` may overlap ``target``; it is read as it was before the call.
        """
        raise NotImplementedError

    def data_ptr(self, array: Array) -> int:
        """The address of the first element, 0 where there is none."""
        return 0

    def synchronize(self, device: Device) -> None:
        """Wait until all work given to ``device`` is done."""

    def empty_cache(self) -> None:
        """Give memory that is held for reuse back to the system."""

    def memory_allocated(self, device: Device) -> int:
        """Bytes that live arrays occupy, 0 where the backend does not count."""
        return 0

    def num_threads(self) -> int | None:
        """On how many threads of the host one op runs, None where that is not the backend's to say."""
        return None

    def set_num_threads(self, threads: int) -> None:
        """Run each op on at most so many threads of the host (at least 1); asked only where ``num_threads`` answers."""
        raise NotImplementedError(f"device '{self.device_type}' does not compute on threads of the host")

    def diagnostics(self) -> list[tuple[str, str]]:
        """What ``tensorplug doctor`` tells about this backend: pairs of a heading and a finding. Optional."""
        return []
