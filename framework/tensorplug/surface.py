"""Methods of ``Tensor`` that are neither ops nor tied to autograd: memory, layout, other classes, Python functions."""

from __future__ import annotations

import importlib
import mmap
import sys
import warnings
from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np

from tensorplug.base import Storage, TensorBase, bump_version, storage_of, strides_of, wrap
from tensorplug.device import Device
from tensorplug.dtypes import DType, bool_
from tensorplug.dtypes import from_numpy as dtype_from_numpy
from tensorplug.left_out import Missing, names_in
from tensorplug.overwriting import check_inplace, write_back
from tensorplug.registry import kind_of
from tensorplug.shapes import flat_size

Tensor = Any


class Surface:
    """What ``Tensor`` has besides its ops and its place in the graph."""

    __slots__ = ()

    # ------------------------------------------------------------------------------------------------ what it is

    name = None
    """Tensors have no names: always None."""

    is_sparse = is_sparse_csr = is_quantized = is_nested = is_mkldnn = False
    """Tensors are dense, and of plain numbers."""

    def is_conj(self) -> bool:
        """Whether the elements still have to be conjugated: never, ``conj`` computes at once."""
        return False

    def is_neg(self) -> bool:
        """Whether the elements still have to be negated: never, ``neg`` computes at once."""
        return False

    def resolve_conj(self: Tensor) -> Tensor:
        """The tensor itself, whose elements are as they are."""
        return self

    def resolve_neg(self: Tensor) -> Tensor:
        """The tensor itself, whose elements are as they are."""
        return self

    def is_distributed(self) -> bool:
        """Whether the tensor is spread over several machines: never."""
        return False

    def is_same_size(self: Tensor, other: Tensor) -> bool:
        """Whether both have the same shape."""
        return bool(self._shape == other._shape)

    def dim_order(self: Tensor, *, ambiguity_check: bool | Sequence[Any] = False) -> tuple[int, ...]:
        """The dims from the outermost in memory to the innermost.

        Args:
            ambiguity_check: whether it is an error if several orders describe the memory.

        Raises:
            RuntimeError: the order is ambiguous, where that is checked.

        Example:
            >>> import tensorplug as tp
            >>> tp.ones(2, 3, 4).permute(2, 0, 1).dim_order()
            (1, 2, 0)
        """
        strides = strides_of(self)
        order = tuple(sorted(range(len(strides)), key=lambda d: -strides[d]))
        if ambiguity_check and (len(set(strides)) < len(strides) or 1 in self._shape or 0 in self._shape):
            raise RuntimeError(
                f"The tensor does not have unique dim order, or cannot map to exact one of the given memory formats: "
                f"shape {list(self._shape)}, strides {list(strides)}"
            )
        return order

    def const_data_ptr(self: Tensor) -> int:
        """The address of the first element."""
        return int(self.data_ptr())

    def storage_type(self: Tensor) -> type[Any]:
        """The class of the object that stands for the tensor's memory."""
        return type(self.untyped_storage())

    # ------------------------------------------------------------------------------------------------ other classes

    def as_subclass(self: Tensor, cls: type[Any]) -> Any:
        """The same memory and place in the graph as an instance of a subclass of ``Tensor``.

        Raises:
            TypeError: not a subclass of ``Tensor``.

        Example:
            >>> import tensorplug as tp
            >>> class Image(tp.Tensor):
            ...     pass
            >>> type(tp.ones(2).as_subclass(Image)).__name__
            'Image'
        """
        if not (isinstance(cls, type) and issubclass(cls, TensorBase)):
            raise TypeError(f"as_subclass(): argument 'cls' must be a subclass of Tensor, not {cls!r}")
        made = self.view(self._shape)
        made.__class__ = cls
        return made

    def to_dense(self: Tensor, dtype: DType | None = None, *, masked_grad: bool = True) -> Tensor:
        """The tensor itself, since all tensors are dense; in another dtype if one is given."""
        return self if dtype is None else self.to(dtype)

    def module_load(self: Tensor, other: Tensor, assign: bool = False) -> Tensor:
        """What stands in the place of this parameter or buffer once ``other`` was loaded from a state dict.

        Args:
            other: the value in the state dict.
            assign: whether ``other`` itself takes the place, instead of being copied into this tensor.
        """
        return other.detach() if assign else self.copy_(other).detach()

    def new_empty_strided(
        self: Tensor,
        size: Sequence[int],
        stride: Sequence[int],
        dtype: DType | None = None,
        device: Any = None,
        requires_grad: bool = False,
        layout: Any = None,
        pin_memory: bool = False,
    ) -> Tensor:
        """Memory with the given shape and strides whose values may be anything, by default of this dtype and device."""
        shape, strides = flat_size((size,)), flat_size((stride,))
        if len(shape) != len(strides):
            raise RuntimeError(
                f"dimensionality of sizes ({len(shape)}) must match dimensionality of strides ({len(strides)})"
            )
        room = 0 if 0 in shape else 1 + sum((n - 1) * s for n, s in zip(shape, strides, strict=True))
        made = self.new_empty(room, dtype=dtype, device=device).as_strided(shape, strides)
        return made.detach().requires_grad_(requires_grad)

    # ------------------------------------------------------------------------------------------------ array API

    def __array_namespace__(self, *, api_version: str | None = None) -> Any:
        """The namespace of the Python array API standard.

        Raises:
            ValueError: a version that it does not follow.
        """
        if api_version not in (None, "2021.12", "2022.12", "2023.12", "2024.12"):
            raise ValueError(f"the array API standard {api_version!r} is not supported; 2024.12 is")
        # By name, because the namespace is built on this class.
        return importlib.import_module("tensorplug.array_api")

    def to_device(self: Tensor, device: Any, /, *, stream: Any = None) -> Tensor:
        """The array on another device, by the array API standard's name."""
        return self.to(device=Device(device))

    # ------------------------------------------------------------------------------------------------ NumPy

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Tensor:
        """What a NumPy function computed from this tensor, as a tensor of the same dtype (bool included)."""
        found = np.asarray(array)
        kind = kind_of(Device("cpu"), dtype_from_numpy(found.dtype))
        writable = found if found.flags.writeable and found.flags.owndata else found.copy()
        return wrap(kind.backend.share_host(writable), kind, writable.shape)

    # ------------------------------------------------------------------------------------------------ other shapes

    def resize(self: Tensor, *sizes: Any) -> Tensor:
        """``reshape``, by an old name.

        Raises:
            RuntimeError: another number of elements.
        """
        warnings.warn("non-inplace resize is deprecated: use reshape", stacklevel=2)
        shape = flat_size(sizes)
        if prod(shape) != self.numel():
            raise RuntimeError(
                f"requested resize to {'x'.join(map(str, shape))} ({prod(shape)} elements in total), but the given "
                f"tensor has a size of {'x'.join(map(str, self._shape))} ({self.numel()} elements). resize can only "
                "change the shape, not the number of elements."
            )
        return self.reshape(shape)

    def resize_as(self: Tensor, tensor: Tensor) -> Tensor:
        """``reshape_as``, by an old name."""
        warnings.warn("non-inplace resize_as is deprecated: use reshape_as", stacklevel=2)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return self.resize(tensor._shape)

    def resize_as_(self: Tensor, the_template: Tensor, *, memory_format: Any = None) -> Tensor:
        """``resize_`` to the shape of another tensor."""
        return self.resize_(the_template._shape)

    # ------------------------------------------------------------------------------------------------ Python functions

    def apply_(self: Tensor, callable: Callable[[Any], Any]) -> Tensor:
        """Replaces each element by what a Python function makes of it. Slow: ops are for computing.

        Raises:
            TypeError: the tensor is not on the CPU.
            RuntimeError: it requires grad.

        Example:
            >>> import tensorplug as tp
            >>> tp.tensor([1, 2]).apply_(lambda x: x * 10)
            tensor([10, 20])
        """
        return _mapped("apply_", self, (), callable)

    def map_(self: Tensor, tensor: Tensor, callable: Callable[[Any, Any], Any]) -> Tensor:
        """Replaces each element by what a Python function makes of it and the one of ``tensor`` (which broadcasts).

        Example:
            >>> import tensorplug as tp
            >>> tp.tensor([1, 2]).map_(tp.tensor([3, 1]), max)
            tensor([3, 2])
        """
        return _mapped("map_", self, (tensor,), callable)

    def map2_(self: Tensor, x: Tensor, y: Tensor, callable: Callable[[Any, Any, Any], Any]) -> Tensor:
        """``map_`` with the elements of two other tensors.

        Example:
            >>> import tensorplug as tp
            >>> tp.tensor([1, 2]).map2_(tp.tensor([3, 1]), tp.tensor(5), lambda a, b, c: a + b + c)
            tensor([9, 8])
        """
        return _mapped("map2_", self, (x, y), callable)

    # ------------------------------------------------------------------------------------------------ numbers

    def conj_physical(self: Tensor) -> Tensor:
        """The complex conjugate; a real tensor itself."""
        return self.conj()

    def conj_physical_(self: Tensor) -> Tensor:
        """Conjugates the elements in place."""
        check_inplace(self, "conj_physical_")
        return write_back(self, self.conj().clone(), "conj_physical_") if self.is_complex() else self

    def float_power_(self: Tensor, exponent: Any) -> Tensor:
        """``float_power`` in place, for tensors of the dtype of its result.

        Raises:
            RuntimeError: the tensor has another dtype than float64, or complex128 where numbers are complex.
        """
        check_inplace(self, "float_power_")
        found = self.clone().float_power(exponent)
        if found._kind.dtype is not self._kind.dtype:
            raise RuntimeError(
                f"the base given to float_power_ has dtype {self._kind.dtype} but the operation's result requires "
                f"dtype {found._kind.dtype}"
            )
        return write_back(self, found, "float_power_")

    # ------------------------------------------------------------------------------------------------ memory

    def record_stream(self, stream: Any) -> None:
        """Accepted: backends keep memory until all work on it that they were given is done."""

    def is_shared(self: Tensor) -> bool:
        """Whether processes that are forked from this one see changes of the tensor, and this one theirs."""
        if self._kind.device.type == "cuda":
            return True
        if self._kind.device.type != "cpu":
            return False
        memory: Any = self._kind.backend.to_host(storage_of(self).array)
        while isinstance(memory, np.ndarray) and memory.base is not None:
            memory = memory.base
        return isinstance(memory, mmap.mmap) or isinstance(getattr(memory, "obj", None), mmap.mmap)

    def share_memory_(self: Tensor) -> Tensor:
        """Moves the elements to memory that processes forked from this one share. Pickling still copies.

        Raises:
            RuntimeError: views or other tensors show the same memory, which would then no longer be the same; or the
                device is neither the CPU nor ``cuda`` (where nothing has to be done).

        Example:
            >>> import tensorplug as tp
            >>> tp.ones(2).share_memory_().is_shared()
            True
        """
        if not self.is_shared():
            _move_to_shared_memory(self)
        return self


for _name in names_in("Tensor"):
    setattr(Surface, _name, Missing("'Tensor' object", "Tensor", _name))


def _move_to_shared_memory(tensor: Tensor) -> None:
    kind = tensor._kind
    if kind.device.type != "cpu":
        raise RuntimeError(f"share_memory_: tensors on '{kind.device}' cannot be shared between processes")
    storage = storage_of(tensor)
    # One reference each: the tensor's, this function's and getrefcount's own.
    if tensor._base is not None or sys.getrefcount(storage) > 3:
        raise RuntimeError(
            "share_memory_: other tensors show the same memory. Share a tensor before views of it are made, or a clone."
        )
    host = kind.backend.to_host(tensor._array)
    memory = mmap.mmap(-1, max(host.nbytes, 1))
    shared = np.frombuffer(memory, np.uint8, host.nbytes).view(host.dtype).reshape(host.shape)
    shared[...] = host
    tensor._array = kind.backend.share_host(shared)
    tensor._strides = None
    tensor._storage = Storage(tensor._array, storage.version)


def _mapped(name: str, target: Tensor, others: Sequence[Tensor], function: Callable[..., Any]) -> Tensor:
    for tensor in (target, *others):
        if not isinstance(tensor, TensorBase):
            raise TypeError(f"{name}(): expected a Tensor, got {type(tensor).__name__}")
        if tensor._kind.device.type != "cpu":
            raise TypeError(f"{name} is only implemented on CPU tensors")
        if tensor.requires_grad:  # type: ignore[attr-defined]
            raise RuntimeError(
                f"Can't call {name}() on Variable that requires grad. Use var.detach().{name}() instead."
            )
    check_inplace(target, name)
    columns = [x.expand(target._shape).reshape(-1).tolist() for x in (target, *others)]
    values = [function(*row) for row in zip(*columns, strict=True)]
    found = target.new_tensor(values, dtype=None if target._kind.dtype is bool_ else target._kind.dtype)
    target._kind.backend.copy_into(target._array, found.reshape(target._shape)._array)
    bump_version(target)
    return target
