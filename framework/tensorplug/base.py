"""The fields of a tensor, and how results are wrapped; everything a user sees is added by ``tensorplug.tensor``."""

from __future__ import annotations

from typing import Any

from tensorplug.autograd.grad_mode import extras, state
from tensorplug.backend import Array
from tensorplug.registry import Kind
from tensorplug.shapes import Shape, numel

UNTRACKED, TRACKED, VIEW = range(3)


class Storage:
    """Memory that tensors share: the array at the root of all views, and how often it was changed in place.

    ``tangents`` holds, by number of a forward-mode level, memory of the same size for the tangent of what has none of
    its own: of tensors that tangents were written into.
    """

    __slots__ = ("__weakref__", "array", "tangents", "version")

    def __init__(self, array: Array, version: int = 0) -> None:
        self.array = array
        self.version = version
        self.tangents: dict[int, Any] | None = None


class Reinterpreted(Storage):
    """The memory of another storage as numbers of another dtype; one count of changes serves both.

    Attributes:
        root: that other storage.
    """

    __slots__ = ("root",)

    def __init__(self, root: Storage, array: Array) -> None:
        self.root = root
        self.array = array
        self.tangents = None

    @property
    def version(self) -> int:
        """How often the memory was changed in place."""
        return self.root.version

    @version.setter
    def version(self, value: int) -> None:
        self.root.version = value


class TensorBase:
    """The fields of a tensor.

    Most tensors are fresh results that need three fields; the others are class attributes until they are set, which
    makes wrapping a result cheap. In particular the storage is made when something first shares or changes the memory.

    ``_tracked`` says whether an op on this tensor may have to be recorded: 0 no, 1 it requires grad, 2 it is a view,
    whose base may have come to require grad since. ``_node_version`` is the storage version for which a view's
    ``_node`` holds; after a change in place through another view its node is made anew from the base.

    ``_stands_for`` names the view in whose place new values stand, so that changes in place, which a view would show,
    are refused.

    ``_layer`` and ``_tangents`` belong to the transforms of ``tensorplug.func``: the number of the level that batches
    the tensor, and its tangents by the number of the forward-mode level they are for.
    """

    _array: Array
    _kind: Kind
    _shape: Shape
    _strides: Shape | None = None
    _offset: int = 0
    _storage: Storage | None = None
    _requires_grad: bool = False
    _tracked: int = UNTRACKED
    _node: Any = None
    _output_nr: int = 0
    _base: Any = None
    _node_version: int = 0
    _view_of_no_grad: bool = False
    _inference: bool = False
    _grad: Any = None
    _retains_grad: bool = False
    _hooks: dict[int, Any] | None = None
    _accumulate_hooks: dict[int, Any] | None = None
    _leaf_hooks: Any = None
    _layer: int = 0
    _stands_for: str | None = None
    _tangents: dict[int, Any] | None = None

    __hash__ = object.__hash__


AnyTensor: type[Any] = TensorBase
"""``TensorBase`` to ask for where methods that ``tensorplug.tensor`` adds are called next: type checkers allow them."""


class _Factory:
    """Holds the class of which results are instances; ``tensorplug.tensor`` puts ``Tensor`` here."""

    __slots__ = ("cls",)

    def __init__(self) -> None:
        self.cls: type[Any] = TensorBase


factory = _Factory()


def wrap(array: Array, kind: Kind, shape: Shape) -> Any:
    """A tensor around a fresh array."""
    tensor = object.__new__(factory.cls)
    tensor._array = array
    tensor._kind = kind
    tensor._shape = shape
    tensor._tracked = UNTRACKED  # read by every op: as the instance's own it is found fastest
    if extras.inference and state.inference:
        tensor._inference = True
    return tensor


def storage_of(tensor: Any) -> Storage:
    """The tensor's storage, made now if nothing needed it so far."""
    storage: Storage | None = tensor._storage
    if storage is None:
        storage = tensor._storage = Storage(tensor._array)
    return storage


def strides_of(tensor: Any) -> Shape:
    """Strides in elements."""
    strides: Shape | None = tensor._strides
    if strides is None:
        strides = tensor._strides = tensor._kind.backend.strides(tensor._array)
    return strides


def version_of(tensor: Any) -> int:
    """How often the tensor's memory was changed in place."""
    storage: Storage | None = tensor._storage
    return 0 if storage is None else storage.version


def bump_version(tensor: Any) -> None:
    """Note that the tensor's memory was changed in place."""
    storage_of(tensor).version += 1


def alias(tensor: Any) -> Any:
    """Another tensor object over the same memory and version counter, outside the graph and not a view."""
    if tensor._layer:
        return tensor._beside(alias(tensor._value))
    other = object.__new__(factory.cls)
    other._array = tensor._array
    other._kind = tensor._kind
    other._shape = tensor._shape
    other._tracked = UNTRACKED
    storage = tensor._storage
    if storage is None:
        storage = tensor._storage = Storage(tensor._array)
    other._storage = storage
    if tensor._strides is not None:
        other._strides = tensor._strides
        other._offset = tensor._offset
    if tensor._inference:
        other._inference = True
    return other


def view_array(tensor: Any, shape: Shape, strides: Shape, offset: int) -> Array:
    """A native array over the tensor's storage."""
    return tensor._kind.backend.view(storage_of(tensor).array, shape, strides, offset)


def everywhere(tensor: Any) -> Any:
    """A tensor with all examples along its first dims where transforms batch it: for checks of all of them at once."""
    while tensor._layer:
        tensor = tensor._value
    return tensor


def count(tensor: Any) -> int:
    """The number of elements."""
    return numel(tensor._shape)
