"""``Tensor``: the fields of a tensor, the op families as methods, and what ties both to Python, NumPy and autograd."""

from __future__ import annotations

import copy
import warnings
import weakref
from collections.abc import Callable, Iterator, Sequence
from typing import Any, overload

import numpy as np

from tensorplug import registry
from tensorplug.autograd.backward import backward
from tensorplug.autograd.grad_mode import no_grad, state
from tensorplug.autograd.handles import RemovableHandle, add_hook
from tensorplug.autograd.node import BackwardNode
from tensorplug.autograd.recording import rebase_history, record, sync_view
from tensorplug.base import (
    UNTRACKED,
    Storage,
    TensorBase,
    alias,
    bump_version,
    count,
    factory,
    storage_of,
    strides_of,
    version_of,
    wrap,
)
from tensorplug.convert import from_data
from tensorplug.device import Device
from tensorplug.dispatch import seam
from tensorplug.dtypes import (
    COMPLEX,
    FLOAT,
    DType,
    bfloat16,
    bool_,
    complex64,
    complex128,
    float16,
    float32,
    float64,
    get_default_dtype,
    int8,
    int16,
    int32,
    int64,
    uint8,
)
from tensorplug.left_out import names_in
from tensorplug.ops.choice import where
from tensorplug.ops.complex_views import imag_of, real_of
from tensorplug.ops.copying import cast, clone, overwritten, to_device
from tensorplug.ops.gamma import polygamma
from tensorplug.ops.methods import OpMethods
from tensorplug.ops.strided import storage_size
from tensorplug.ops.subscript import get_item, set_item
from tensorplug.overwriting import check_inplace, graph_alias, resize
from tensorplug.overwriting import overwritten as overwritten_by_interpreters
from tensorplug.printing import tensor_str
from tensorplug.registry import kind_of
from tensorplug.shapes import Size, flat_size, is_contiguous
from tensorplug.surface import Surface

# The methods bool, int and float hide Python's types of the same names inside the class.
_Bool = bool
_Int = int
_Float = float


class Tensor(TensorBase, OpMethods, Surface):
    """A multi-dimensional array on some device, with a place in the autograd graph.

    ``Tensor(data)`` copies numbers or nested sequences in the default dtype; ``Tensor(2, 3)`` is memory of that shape
    whose values may be anything. To infer the dtype use ``tensorplug.tensor``.

    Example:
        >>> import tensorplug as tp
        >>> tp.Tensor([1, 2])
        tensor([1., 2.])
    """

    def __new__(cls, *data: Any, device: Device | str | None = None) -> Tensor:
        if len(data) == 1 and not isinstance(data[0], int):
            value = data[0]
            if isinstance(value, _Float | complex):
                raise TypeError(f"new(): data must be a sequence (got {type(value).__name__})")
            made = value.detach() if isinstance(value, Tensor) else from_data(value, get_default_dtype(), device)
            if isinstance(value, Size):
                made = _empty(tuple(value), device)
        else:
            made = _empty(flat_size(data) if data else (0,), device)
        return cls._make_subclass(cls, made) if cls is not Tensor else made

    @staticmethod
    def _make_subclass(cls: type[Any], data: Tensor, require_grad: bool = False) -> Any:
        """An instance of ``cls`` that shares memory with ``data`` and stands outside the graph."""
        made = object.__new__(cls)
        made._array, made._kind, made._shape = data._array, data._kind, data._shape
        made._storage, made._strides, made._offset = storage_of(data), data._strides, data._offset
        if require_grad:
            made.requires_grad = True
        return made

    # ------------------------------------------------------------------------------------------------ what it is

    @property
    def dtype(self) -> DType:
        """The dtype of the elements."""
        return self._kind.dtype

    @property
    def device(self) -> Device:
        """Where the elements are."""
        return self._kind.device

    @property
    def shape(self) -> Size:
        """The size of each dim."""
        return Size(self._shape)

    @property
    def ndim(self) -> int:
        """The number of dims."""
        return len(self._shape)

    @property
    def itemsize(self) -> int:
        """Bytes of one element."""
        return self._kind.dtype.itemsize

    @property
    def nbytes(self) -> int:
        """Bytes of all elements."""
        return count(self) * self._kind.dtype.itemsize

    @property
    def is_meta(self) -> bool:
        """Whether the tensor has a shape but no data."""
        return self._kind.backend.abstract

    @property
    def is_cuda(self) -> bool:
        """Whether the tensor is on a CUDA device."""
        return self._kind.device.type == "cuda"

    @property
    def is_cpu(self) -> bool:
        """Whether the tensor is on the CPU."""
        return self._kind.device.type == "cpu"

    @property
    def layout(self) -> str:
        """Tensors are dense: always ``"strided"``."""
        return "strided"

    @overload
    def size(self, dim: None = None) -> Size: ...
    @overload
    def size(self, dim: int) -> int: ...
    def size(self, dim: int | None = None) -> Any:
        """The shape, or the size of one dim."""
        return Size(self._shape) if dim is None else self._shape[_dim(dim, len(self._shape))]

    def dim(self) -> int:
        """The number of dims."""
        return len(self._shape)

    ndimension = dim

    def numel(self) -> int:
        """The number of elements."""
        return count(self)

    nelement = numel

    def element_size(self) -> int:
        """Bytes of one element."""
        return self._kind.dtype.itemsize

    @overload
    def stride(self, dim: None = None) -> tuple[int, ...]: ...
    @overload
    def stride(self, dim: int) -> int: ...
    def stride(self, dim: int | None = None) -> Any:
        """How many elements of memory lie between neighbours, for all dims or one."""
        strides = strides_of(self)
        return strides if dim is None else strides[_dim(dim, len(strides))]

    def storage_offset(self) -> int:
        """The place of the first element in the memory that views share."""
        return self._offset

    def is_contiguous(self, memory_format: Any = None) -> bool:
        """Whether the elements lie in C order without gaps."""
        return is_contiguous(self._shape, strides_of(self))

    def data_ptr(self) -> int:
        """The address of the first element."""
        return self._kind.backend.data_ptr(self._array)

    def is_floating_point(self) -> bool:
        """Whether the dtype is a floating-point one."""
        return self._kind.dtype.category == FLOAT

    def is_complex(self) -> bool:
        """Whether the dtype is complex."""
        return self._kind.dtype.category == COMPLEX

    def is_signed(self) -> bool:
        """Whether the dtype has negative numbers."""
        return self._kind.dtype.is_signed

    def get_device(self) -> int:
        """The index of the device, -1 on the CPU."""
        index = self._kind.device.index
        return -1 if index is None else index

    def is_set_to(self, tensor: Tensor) -> bool:
        """Whether both show the same memory in the same way."""
        return (
            storage_of(self).array is storage_of(tensor).array
            and self._shape == tensor._shape
            and strides_of(self) == strides_of(tensor)
            and self._offset == tensor._offset
        )

    def untyped_storage(self) -> UntypedStorage:
        """The memory that this tensor and its views share."""
        return UntypedStorage(self)

    storage = untyped_storage

    # ------------------------------------------------------------------------------------------------ autograd

    @property
    def requires_grad(self) -> bool:
        """Whether gradients flow to this tensor; on a leaf it can be set."""
        if self._base is not None:
            sync_view(self)
        return self._requires_grad

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        if self.grad_fn is not None:
            if not value:
                raise RuntimeError(
                    "you can only change requires_grad flags of leaf variables. If you want to use a computed variable "
                    "in a subgraph that doesn't require differentiation use var_no_grad = var.detach()."
                )
            return
        if value and not self._kind.dtype.is_differentiable:
            raise RuntimeError(
                f"only Tensors of floating point and complex dtype can require gradients, got {self._kind.dtype}"
            )
        if value and self._inference and not state.inference:
            raise RuntimeError("Setting requires_grad=True on inference tensor outside InferenceMode is not allowed.")
        self._requires_grad = bool(value)
        if self._base is None:
            self._tracked = int(value)
        self._node = None

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Sets ``requires_grad`` and returns the tensor."""
        self.requires_grad = requires_grad
        return self

    @property
    def grad_fn(self) -> Any:
        """The node that made this tensor, None for leaves."""
        if self._base is not None:
            sync_view(self)
        return self._node

    @property
    def is_leaf(self) -> bool:
        """Whether the tensor was made by the user, not computed from tensors that require grad."""
        return self.grad_fn is None

    @property
    def output_nr(self) -> int:
        """Which output of ``grad_fn`` this tensor is."""
        return self._output_nr

    @property
    def grad(self) -> Any:
        """The accumulated gradient, None until one arrives; computed tensors keep theirs after ``retain_grad`` only."""
        found = self._grad
        if found is None and self._node is not None and not self._retains_grad:
            warnings.warn(_NOT_A_LEAF, stacklevel=2)
        return found

    @grad.setter
    def grad(self, value: Any) -> None:
        if value is not None:
            if not isinstance(value, Tensor):
                raise TypeError(
                    f"assigned grad expected to be a Tensor or None but got grad of type {type(value).__name__}"
                )
            if value._shape != self._shape:
                raise RuntimeError(
                    "assigned grad has data of a different size: "
                    f"expected {list(self._shape)}, got {list(value._shape)}"
                )
            if value._kind is not self._kind:
                raise RuntimeError(
                    f"assigned grad has data of a different type: expected {self._kind.dtype} on {self._kind.device}, "
                    f"got {value._kind.dtype} on {value._kind.device}"
                )
            if value is self:
                raise RuntimeError("can't assign Variable as its own grad")
        self._grad = value

    @grad.deleter
    def grad(self) -> None:
        self._grad = None

    @property
    def retains_grad(self) -> bool:
        """Whether a computed tensor keeps its gradient (see ``retain_grad``)."""
        return self._retains_grad

    @property
    def _version(self) -> int:
        return version_of(self)

    def _is_view(self) -> bool:
        return self._base is not None

    @property
    def data(self) -> Tensor:
        """The same memory outside the graph; changes through it are not noticed by autograd."""
        other = alias(self)
        other._storage = Storage(storage_of(self).array)
        return other

    @data.setter
    def data(self, value: Tensor) -> None:
        if not isinstance(value, Tensor):
            raise TypeError(f"Variable data has to be a tensor, but got {type(value).__name__}")
        version = version_of(self)
        self._array, self._kind, self._shape = value._array, value._kind, value._shape
        self._strides, self._offset = value._strides, value._offset
        self._storage = Storage(storage_of(value).array, version)

    def detach(self) -> Tensor:
        """The same memory outside the graph; changes in place are seen by both, and noticed by autograd."""
        return alias(self)

    def detach_(self) -> Tensor:
        """Takes this tensor out of the graph."""
        if self._base is not None:
            raise RuntimeError("Can't detach views in-place. Use detach() instead.")
        self._node, self._output_nr = None, 0
        self._requires_grad, self._tracked, self._retains_grad = False, UNTRACKED, False
        return self

    def backward(
        self,
        gradient: Tensor | None = None,
        retain_graph: bool | None = None,
        create_graph: bool = False,
        inputs: Sequence[Tensor] | Tensor | None = None,
    ) -> None:
        """Adds the gradient of this tensor with respect to each leaf to the leaf's ``grad``.

        Args:
            gradient: the vector of the vector-Jacobian product, of this tensor's shape; only a tensor of one element
                can do without.
            retain_graph: keep the graph for another backward pass; by default as ``create_graph``.
            create_graph: record the computation of the gradients, for higher derivatives.
            inputs: only these tensors get their gradients.

        Raises:
            RuntimeError: several elements and no ``gradient``; no graph; or a graph that was freed.

        Example:
            >>> import tensorplug as tp
            >>> x = tp.tensor([1.0, 2.0], requires_grad=True)
            >>> (x * x).sum().backward()
            >>> x.grad
            tensor([2., 4.])
        """
        backward(self, gradient, retain_graph, create_graph, inputs=inputs)

    def retain_grad(self) -> None:
        """Makes a computed tensor keep its gradient in ``grad``."""
        if not self.requires_grad:
            raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
        if self.is_leaf or self._retains_grad:
            return
        self._retains_grad = True
        this = weakref.ref(self)

        def keep(grad: Tensor) -> None:
            tensor = this()
            if tensor is not None:
                before = tensor._grad
                new = grad if state.grad else grad.detach()
                tensor._grad = before + new if before is not None else new.clone()

        node: BackwardNode = self._node
        if node.retained is None:
            node.retained = {}
        node.retained[self._output_nr] = keep

    def register_hook(self, hook: Callable[[Tensor], Any]) -> RemovableHandle:
        """Calls ``hook(grad)`` when the gradient of this tensor is computed; what it returns (not None) replaces it.

        Raises:
            RuntimeError: the tensor does not require grad.
        """
        if not self.requires_grad:
            raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
        node: BackwardNode | None = self._node
        if node is not None:
            if node.tensor_hooks is None:
                node.tensor_hooks = {}
            return add_hook(node.tensor_hooks.setdefault(self._output_nr, {}), hook)
        if self._hooks is None:
            self._hooks = {}
        return add_hook(self._hooks, hook)

    def register_post_accumulate_grad_hook(self, hook: Callable[[Tensor], None]) -> RemovableHandle:
        """Calls ``hook(tensor)`` after a gradient was added to ``grad`` of this leaf.

        Raises:
            RuntimeError: the tensor is not a leaf, or does not require grad.
        """
        if not self.requires_grad:
            raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
        if not self.is_leaf:
            raise RuntimeError("post accumulate grad hooks cannot be registered on non-leaf tensors")
        if self._accumulate_hooks is None:
            self._accumulate_hooks = {}
        return add_hook(self._accumulate_hooks, hook)

    def is_inference(self) -> bool:
        """Whether the tensor was made in inference mode."""
        return self._inference

    # ------------------------------------------------------------------------------------------------ conversions

    def to(self, *args: Any, **kwargs: Any) -> Tensor:
        """The tensor in another dtype and on another device: itself when nothing changes, otherwise a copy.

        Called as ``to(dtype)``, ``to(device, dtype)`` or ``to(other)``, with ``non_blocking=``, ``copy=`` and
        ``memory_format=``.

        Example:
            >>> import tensorplug as tp
            >>> tp.tensor([1, 2]).to(tp.float64)
            tensor([1., 2.], dtype=tensorplug.float64)
        """
        dtype, device, copy_ = parse_to(*args, **kwargs)
        kind = self._kind
        result = self
        if device is not None and (device is not kind.device):
            device = registry.resolve(device)
            if device is not kind.device:
                converter = registry.converter(kind.device.type, device.type)
                # Convert before an upload and after a download where that moves fewer bytes.
                if dtype is not None and dtype.itemsize < kind.dtype.itemsize:
                    result, dtype = cast(result, dtype), None
                result = to_device(result, device, converter)
        if dtype is not None and dtype is not result._kind.dtype:
            kind_of(result._kind.device, dtype)
            result = cast(result, dtype)
        return clone(self) if copy_ and result is self else result

    def type(self, dtype: Any = None, non_blocking: bool = False) -> Any:
        """The name of the tensor's type, or the tensor in another dtype."""
        if dtype is None:
            prefix = "" if self.is_cpu else f"{self.device.type}."
            return f"tensorplug.{prefix}{self.dtype.legacy_name}Tensor"
        if isinstance(dtype, str):
            wanted = dtype.split(".")[-1].removesuffix("Tensor")
            return self.to(next(d for d in _LEGACY if d.legacy_name == wanted))
        return self.to(dtype)

    def type_as(self, other: Tensor) -> Tensor:
        """The tensor in the dtype and on the device of another."""
        return self.to(other)

    def cpu(self, memory_format: Any = None) -> Tensor:
        """The tensor on the CPU."""
        return self.to(device=Device("cpu"))

    def cuda(self, device: Any = None, non_blocking: bool = False, memory_format: Any = None) -> Tensor:
        """The tensor on a CUDA device."""
        return self.to(device=Device("cuda", device) if device is None or isinstance(device, int) else Device(device))

    def pin_memory(self, device: Any = None) -> Tensor:
        """The tensor itself: memory on the CPU is pinned by the copies that need it."""
        return self

    def is_pinned(self, device: Any = None) -> bool:
        """Whether the memory is page-locked."""
        return False

    def float(self) -> Tensor:
        """As float32."""
        return self.to(float32)

    def double(self) -> Tensor:
        """As float64."""
        return self.to(float64)

    def half(self) -> Tensor:
        """As float16."""
        return self.to(float16)

    def bfloat16(self) -> Tensor:
        """As bfloat16."""
        return self.to(bfloat16)

    def long(self) -> Tensor:
        """As int64."""
        return self.to(int64)

    def int(self) -> Tensor:
        """As int32."""
        return self.to(int32)

    def short(self) -> Tensor:
        """As int16."""
        return self.to(int16)

    def char(self) -> Tensor:
        """As int8."""
        return self.to(int8)

    def byte(self) -> Tensor:
        """As uint8."""
        return self.to(uint8)

    def bool(self) -> Tensor:
        """As bool: whether each element is nonzero."""
        return self.to(bool_)

    def cfloat(self) -> Tensor:
        """As complex64."""
        return self.to(complex64)

    def cdouble(self) -> Tensor:
        """As complex128."""
        return self.to(complex128)

    def item(self) -> Any:
        """The only element as a Python number.

        Raises:
            RuntimeError: there is more than one element, or none.
        """
        if count(self) != 1:
            raise RuntimeError(f"a Tensor with {count(self)} elements cannot be converted to Scalar")
        if self._kind.backend.abstract:
            raise RuntimeError("Tensor.item() cannot be called on meta tensors")
        value = self._kind.backend.to_host(self._array).item()
        return value if self._kind.dtype is not bfloat16 else _Float(value)

    def tolist(self) -> Any:
        """The elements as nested lists of Python numbers; a 0-d tensor gives a number."""
        host = self._host()
        if self._kind.dtype is bfloat16:
            host = host.astype(np.float32)
        return host.tolist()

    def numpy(self, *, force: _Bool = False) -> np.ndarray[Any, Any]:
        """The elements as a NumPy array that shares memory with this CPU tensor.

        Args:
            force: detach and copy to the CPU if needed.

        Raises:
            RuntimeError: the tensor requires grad.
            TypeError: it is on another device, or NumPy has no such dtype.
        """
        if force:
            return self.detach().cpu().numpy()
        if self.requires_grad:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
        if not self.is_cpu:
            raise TypeError(
                f"can't convert {self.device} device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host "
                "memory first."
            )
        if self._kind.dtype is bfloat16:
            raise TypeError("Got unsupported ScalarType BFloat16: NumPy has no bfloat16; convert with .float() first")
        storage_of(self)
        return self._host()

    def _host(self) -> np.ndarray[Any, Any]:
        if self._kind.backend.abstract:
            raise NotImplementedError("Cannot copy out of meta tensor; no data!")
        return self._kind.backend.to_host(self._array)

    def __array__(self, dtype: Any = None, copy: _Bool | None = None) -> np.ndarray[Any, Any]:
        return np.array(self.numpy(), dtype=dtype, copy=copy)

    __array_priority__ = 1000

    def __dlpack__(
        self, *, stream: Any = None, max_version: Any = None, dl_device: Any = None, copy: Any = None
    ) -> Any:
        if self.requires_grad:
            raise BufferError("Can't export tensors that require gradient, use tensor.detach()")
        if not self.is_cpu or self._kind.dtype is bfloat16:
            raise BufferError(f"DLPack export of {self.dtype} on '{self.device}' is not supported by NumPy")
        return self.numpy().__dlpack__(stream=stream, max_version=max_version, dl_device=dl_device, copy=copy)

    def __dlpack_device__(self) -> tuple[_Int, _Int]:
        if not self.is_cpu:
            raise BufferError(f"DLPack export from device '{self.device}' is not supported by its backend")
        return (1, 0)

    def new_tensor(
        self, data: Any, *, dtype: DType | None = None, device: Any = None, requires_grad: _Bool = False, **_: Any
    ) -> Tensor:
        """A tensor with a copy of ``data``, by default of this tensor's dtype and device."""
        made = from_data(data, dtype or self.dtype, device or self.device)
        made.requires_grad = requires_grad
        return made

    def new(self, *args: Any) -> Tensor:
        """A tensor of this one's dtype and device: of a size, or with data."""
        if len(args) == 1 and not isinstance(args[0], _Int | Size):
            return self.new_tensor(args[0])
        return self.new_empty(*args) if args else self.new_empty(0)

    # ------------------------------------------------------------------------------------------------ in place

    def copy_(self, src: Tensor, non_blocking: _Bool = False) -> Tensor:
        """Overwrites the elements with those of ``src``, which may be on another device and broadcasts."""
        if isinstance(src, _Int | _Float | complex):
            return self.fill_(src)
        if not isinstance(src, Tensor):
            raise TypeError(f"copy_(): argument 'other' (position 1) must be Tensor, not {type(src).__name__}")
        check_inplace(self, "copy_")
        if seam.active and overwritten_by_interpreters(self, src, "copy_"):
            return self
        recorded = state.grad and (self._tracked or src._tracked)
        value = src.to(self._kind.device)
        before = graph_alias(self) if recorded else None
        _broadcast_check(self, value)
        storage_of(self)
        self._kind.backend.copy_into(self._array, value._array)
        bump_version(self)
        if before is not None:
            result = alias(self)
            record(overwritten, (before, value), (), (result,))
            rebase_history(self, result)
        return self

    def fill_(self, value: Any) -> Tensor:
        """Overwrites every element with ``value``, a number or 0-d tensor."""
        if isinstance(value, Tensor):
            if value._shape:
                raise RuntimeError(
                    f"fill_ only supports 0-dimension value tensor but got tensor with {len(value._shape)} dimensions."
                )
            return self.copy_(value)
        return self.copy_(self.new_full((), value))

    def zero_(self) -> Tensor:
        """Overwrites every element with 0."""
        return self.fill_(0)

    def fill_diagonal_(self, fill_value: Any, wrap: _Bool = False) -> Tensor:
        """Overwrites the diagonal of a matrix."""
        self.diagonal().fill_(fill_value)
        return self

    def resize_(self, *size: Any, memory_format: Any = None) -> Tensor:
        """Changes the shape in place; elements beyond the old ones may be anything."""
        shape = flat_size(size)
        if self.requires_grad:
            raise RuntimeError("cannot resize variables that require grad")
        before = self.detach().reshape(-1)
        if shape != self._shape:
            resize(self, shape)
            kept = min(count(before), count(self))
            if kept:
                flat = self.view(-1)[:kept]
                flat._kind.backend.copy_into(flat._array, before[:kept]._array)
        return self

    def set_(self, source: Tensor) -> Tensor:
        """Makes this tensor show the memory of ``source``."""
        if source._kind is not self._kind:
            raise RuntimeError(f"Could not set tensor of {source.dtype} to a tensor of {self.dtype}")
        self.data = source
        return self

    def where(self, condition: Tensor, other: Any) -> Tensor:
        """This tensor where ``condition`` holds, ``other`` elsewhere."""
        return where(condition, self, other)

    def polygamma(self, n: _Int) -> Tensor:
        """The ``n``-th derivative of ``digamma``."""
        found: Tensor = polygamma(n, self)
        return found

    def polygamma_(self, n: _Int) -> Tensor:
        """``polygamma`` in place: the result overwrites this tensor, which is returned."""
        return self.copy_(self.clone().polygamma(n))  # the gradient asks for the old values

    # ------------------------------------------------------------------------------------------------ Python

    def __getitem__(self, key: Any) -> Tensor:
        return get_item(self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        set_item(self, key, value)

    def __delitem__(self, key: Any) -> None:
        raise TypeError("Tensor does not support deleting items")

    def __len__(self) -> _Int:
        if not self._shape:
            raise TypeError("len() of a 0-d tensor")
        return self._shape[0]

    def __iter__(self) -> Iterator[Tensor]:
        if not self._shape:
            raise TypeError("iteration over a 0-d tensor")
        return iter(self.unbind(0))

    def is_nonzero(self) -> _Bool:
        """Whether the only element is not 0."""
        return _Bool(self)

    def __contains__(self, element: Any) -> _Bool:
        if not isinstance(element, Tensor | _Int | _Float | complex):
            raise RuntimeError(
                f"Tensor.__contains__ only supports Tensor or scalar, but you passed in a {type(element)}."
            )
        return _Bool((self == element).any())

    def __bool__(self) -> _Bool:
        if count(self) != 1:
            empty = "Boolean value of Tensor with no values is ambiguous"
            raise RuntimeError(
                empty if not count(self) else "Boolean value of Tensor with more than one value is ambiguous"
            )
        return _Bool(self.item())

    def __int__(self) -> _Int:
        return _Int(self._real_scalar())

    def __float__(self) -> _Float:
        return _Float(self._real_scalar())

    def __complex__(self) -> complex:
        return complex(self._scalar())

    def _scalar(self) -> Any:
        if count(self) != 1:
            raise ValueError(f"only a tensor of one element is a Python number, got shape {list(self._shape)}")
        return self.item()

    def _real_scalar(self) -> Any:
        value = self._scalar()
        if not isinstance(value, complex):
            return value
        if value.imag:
            raise RuntimeError(f"value cannot be converted to a real number without overflow: {value}")
        return value.real

    def __index__(self) -> _Int:
        if self._kind.dtype.category >= FLOAT or count(self) != 1:
            raise TypeError("only integer tensors of a single element can be converted to an index")
        return _Int(self.item())

    def __format__(self, spec: str) -> str:
        if not self._shape and not self.is_meta:
            return format(self.item(), spec)
        return object.__format__(self, spec)

    def __repr__(self) -> str:
        return self._text("tensor(")

    def _text(self, prefix: str) -> str:
        read = None
        if not self.is_meta:
            backend, root, offset = self._kind.backend, storage_of(self).array, self._offset

            def read(shape: Any, strides: Any) -> np.ndarray[Any, Any]:
                return backend.to_host(backend.view(root, tuple(shape), tuple(strides), offset))

        node = self.grad_fn
        return tensor_str(
            read,
            shape=self._shape,
            strides=strides_of(self),
            dtype_name=self.dtype.name,
            device=str(self.device),
            default_dtype_name=get_default_dtype().name,
            is_default_device=self.is_cpu,
            requires_grad=self.requires_grad and node is None,
            grad_fn_name=None if node is None else node.name(),
            prefix=prefix,
        )

    def __deepcopy__(self, memo: dict[_Int, Any]) -> Any:
        if not self.is_leaf:
            raise RuntimeError(
                "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the "
                "moment."
            )
        if id(self) in memo:
            return memo[id(self)]
        with no_grad():
            made = self._make_subclass(type(self), self.clone())
            made.requires_grad = self._requires_grad
            memo[id(self)] = made
            for name, value in self.__dict__.items():
                if not name.startswith("_"):
                    setattr(made, name, copy.deepcopy(value, memo))
            if self._grad is not None:
                made._grad = copy.deepcopy(self._grad, memo)
        return made

    def __copy__(self) -> Any:
        made = object.__new__(type(self))
        made.__dict__.update(self.__dict__)
        return made

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        own = {name: value for name, value in self.__dict__.items() if not name.startswith("_")}
        # A computed tensor comes back as a leaf.
        host = np.array(self._host(), order="C") if not self.is_meta else None
        return _rebuild, (type(self), host, self._shape, self.dtype, str(self.device), self.requires_grad, own)

    def __dir__(self) -> list[str]:
        return sorted(set(object.__dir__(self)) - names_in("Tensor").keys())

    # ------------------------------------------------------------------------------------------------ transposes, parts

    @property
    def T(self) -> Tensor:
        """The dims in reverse order."""
        return self.permute(tuple(reversed(range(len(self._shape)))))

    @property
    def mT(self) -> Tensor:
        """The last two dims swapped."""
        if len(self._shape) < 2:
            raise RuntimeError(
                f"tensor.mT is only supported on matrices or batches of matrices. Got {len(self._shape)}-D tensor."
            )
        return self.transpose(-2, -1)

    @property
    def H(self) -> Tensor:
        """The conjugate transpose of a matrix."""
        if len(self._shape) not in (0, 2):
            raise RuntimeError(
                f"tensor.H is only supported on matrices (2-D tensors). Got {len(self._shape)}-D tensor."
            )
        return self.t().conj()

    @property
    def mH(self) -> Tensor:
        """The conjugate transpose of the matrices in the last two dims."""
        return self.mT.conj()

    @property
    def real(self) -> Tensor:
        """The real parts; a real tensor itself.

        A view of the same memory, but of a tensor whose ops are recorded for gradients: there, new values.
        """
        return real_of(self) if self.is_complex() else self

    @property
    def imag(self) -> Tensor:
        """The imaginary parts of a complex tensor.

        A view of the same memory, but of a tensor whose ops are recorded for gradients: there, new values.
        """
        if not self.is_complex():
            raise RuntimeError("imag is not implemented for tensors with non-complex dtypes.")
        return imag_of(self)


_NOT_A_LEAF = (
    "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Backward does not fill it: call "
    ".retain_grad() on the tensor before, if you want it, or ask the leaf that you meant."
)

_LEGACY = (float32, float64, float16, bfloat16, int64, int32, int16, int8, uint8, bool_)

factory.cls = Tensor


class UntypedStorage:
    """The memory that a tensor and its views share, for comparing addresses and sizes."""

    __slots__ = ("_storage", "_tensor")

    def __init__(self, tensor: Tensor) -> None:
        self._tensor = tensor
        self._storage = storage_of(tensor)

    def data_ptr(self) -> int:
        """The address of the memory."""
        return self._tensor._kind.backend.data_ptr(self._storage.array)

    def nbytes(self) -> int:
        """Bytes of the memory."""
        return storage_size(self._tensor) * self._tensor.itemsize

    size = nbytes

    def __len__(self) -> int:
        return self.nbytes()


def _dim(dim: int, rank: int) -> int:
    bound = rank or 1
    if not -bound <= dim < bound or not rank:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-bound}, {bound - 1}], but got {dim})"
            if rank
            else f"Dimension specified as {dim} but tensor has no dimensions"
        )
    return dim


def _empty(shape: tuple[int, ...], device: Device | str | None) -> Any:
    kind = kind_of(Device("cpu") if device is None else Device(device), get_default_dtype())
    return wrap(kind.backend.empty(shape, kind.dtype, kind.device), kind, shape)


def _broadcast_check(target: Tensor, value: Tensor) -> None:
    shape, wanted = value._shape, target._shape
    new = len(wanted) - len(shape)
    if new < 0 or any(n not in (1, m) for n, m in zip(shape, wanted[new:])):
        raise RuntimeError(
            f"copy_: the size of the source {list(shape)} must match or broadcast to the size of the target "
            f"{list(wanted)}"
        )


def _rebuild(
    cls: type[Tensor],
    host: np.ndarray[Any, Any] | None,
    shape: tuple[int, ...],
    dtype: DType,
    device: str,
    requires_grad: bool,
    own: dict[str, Any],
) -> Any:
    kind = kind_of(Device(device), dtype)
    array = kind.backend.empty(shape, dtype, kind.device) if host is None else kind.backend.from_host(host, kind.device)
    made = wrap(array, kind, shape)
    if cls is not Tensor:
        made = Tensor._make_subclass(cls, made)
    made.requires_grad = requires_grad
    made.__dict__.update(own)
    return made


def parse_to(
    *args: Any,
    device: Any = None,
    dtype: Any = None,
    other: Any = None,
    non_blocking: bool = False,
    copy: bool = False,
    memory_format: Any = None,
) -> tuple[DType | None, Device | None, bool]:
    """The dtype, device and ``copy`` flag meant by the arguments of ``Tensor.to``.

    Raises:
        TypeError: an argument is none of these.
    """
    rest = list(args)
    if other is not None:
        rest.insert(0, other)
    if rest and isinstance(rest[0], TensorBase):
        first = rest.pop(0)
        device, dtype = first._kind.device, first._kind.dtype
    elif rest and isinstance(rest[0], DType):
        dtype = rest.pop(0)
    elif rest and (rest[0] is None or isinstance(rest[0], str | Device | int)):
        device = rest.pop(0)
        if rest and (rest[0] is None or isinstance(rest[0], DType)):
            dtype = rest.pop(0)
    elif rest:
        raise TypeError(
            f"to() received an invalid combination of arguments - got ({', '.join(type(a).__name__ for a in args)}), "
            "but expected a device, a dtype or a tensor"
        )
    if any(not isinstance(flag, bool | int | None) for flag in rest):
        raise TypeError(
            f"to() received an invalid combination of arguments - got ({', '.join(type(a).__name__ for a in args)}): "
            "after device and dtype come the flags non_blocking and copy"
        )
    if len(rest) > 1:
        copy = bool(rest[1])
    if isinstance(device, int):
        device = Device("cuda", device)
    if dtype is not None and not isinstance(dtype, DType):
        raise TypeError(f"to(): argument 'dtype' must be tensorplug.dtype, not {type(dtype).__name__}")
    return dtype, None if device is None else Device(device), copy
