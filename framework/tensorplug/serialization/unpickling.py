"""Two ways of unpickling: one that makes nothing but tensors and plain containers, one that trusts the file."""

from __future__ import annotations

import functools
import pickle
from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import Any, ClassVar

from tensorplug import nn, optim
from tensorplug.nn import functional
from tensorplug.nn.parameter import Buffer, Parameter
from tensorplug.serialization.allowed import find_allowed, is_allowed
from tensorplug.serialization.names import KNOWN
from tensorplug.tensor import Tensor

PersistentLoad = Callable[[Any], Any]

_NAMESPACES = (("torch.nn.functional", functional), ("torch.nn", nn), ("torch.optim", optim))
"""Where the classes of whole models and optimizers that PyTorch saved are found."""


def known_name(module: str, name: str) -> Any:
    """What PyTorch's name stands for here, None where it is not PyTorch's or not known."""
    # The storage types were also written as torch.cuda.FloatStorage and torch.storage.FloatStorage.
    if name.endswith("Storage") and module in ("torch.cuda", "torch.storage") and ("torch", name) in KNOWN:
        module = "torch"
    return KNOWN.get((module, name))


# ------------------------------------------------------------------------------------------------- restricted

_OPCODES = (
    pickle.PROTO, pickle.FRAME, pickle.STOP, pickle.MARK, pickle.POP, pickle.POP_MARK, pickle.DUP,
    pickle.NONE, pickle.NEWTRUE, pickle.NEWFALSE, pickle.INT, pickle.BININT, pickle.BININT1, pickle.BININT2,
    pickle.LONG, pickle.LONG1, pickle.LONG4, pickle.FLOAT, pickle.BINFLOAT,
    pickle.STRING, pickle.BINSTRING, pickle.SHORT_BINSTRING, pickle.UNICODE, pickle.BINUNICODE,
    pickle.SHORT_BINUNICODE, pickle.BINUNICODE8, pickle.BINBYTES, pickle.SHORT_BINBYTES, pickle.BINBYTES8,
    pickle.BYTEARRAY8, pickle.EMPTY_LIST, pickle.EMPTY_DICT, pickle.EMPTY_TUPLE, pickle.EMPTY_SET, pickle.LIST,
    pickle.DICT, pickle.TUPLE, pickle.TUPLE1, pickle.TUPLE2, pickle.TUPLE3, pickle.FROZENSET,
    pickle.GET, pickle.BINGET, pickle.LONG_BINGET, pickle.PUT, pickle.BINPUT, pickle.LONG_BINPUT, pickle.MEMOIZE,
    pickle.GLOBAL, pickle.STACK_GLOBAL, pickle.BINPERSID,
)  # fmt: skip
"""What cannot do more than build plain values, or ends in ``find_class`` or ``persistent_load``, which are checked."""


_CLASSES = (Tensor, Parameter, Buffer)
_CALLABLE = frozenset(id(value) for value in KNOWN.values() if callable(value) and value not in _CLASSES)
_REFUSED = "load(weights_only=True) does this only for tensors, plain containers and what add_safe_globals allows"


class SafeUnpickler(pickle._Unpickler):
    """Makes tensors, plain containers and what the user allowed; refuses everything else.

    Pickles are programs. Of their instructions only those are run that build plain values; those that call, and those
    that change objects, look first at what they are about to call or change.
    """

    stack: list[Any]
    append: Callable[[Any], None]
    pop_mark: Callable[[], list[Any]]

    def __init__(self, file: Any, persistent_load: PersistentLoad, encoding: str) -> None:
        super().__init__(file, encoding=encoding)
        self._find_storage = persistent_load
        self._finding_storage = False

    def persistent_load(self, pid: Any) -> Any:
        """The storage that a persistent id names."""
        self._finding_storage = True
        found = self._find_storage(pid)
        self._finding_storage = False
        return found

    def load(self) -> Any:
        """Run the pickle.

        Raises:
            pickle.UnpicklingError: it is damaged, or asks for more than is allowed.
        """
        try:
            return super().load()
        except (EOFError, IndexError, KeyError, TypeError, ValueError) as error:
            if self._finding_storage:  # not the pickle's doing, but perhaps that of a map_location
                raise
            raise pickle.UnpicklingError(
                f"the file is damaged or asks for too much ({type(error).__name__}: {error}); {_REFUSED}"
            ) from error

    def find_class(self, module: str, name: str) -> Any:
        """What a name in the file stands for.

        Raises:
            pickle.UnpicklingError: it is not among the names allowed.
        """
        found = known_name(module, name)
        if found is None:
            found = find_allowed(f"{module}.{name}")
        if found is None:
            raise pickle.UnpicklingError(_not_allowed(module, name))
        return found

    def _call(self) -> None:
        arguments = self.stack.pop()
        function = self.stack[-1]
        if not (id(function) in _CALLABLE or is_allowed(function)):
            raise pickle.UnpicklingError(f"the file calls {function!r}; {_REFUSED}")
        self.stack[-1] = function(*arguments)

    def _new(self) -> None:
        arguments = self.stack.pop()
        cls = self.stack[-1]
        if not (cls is OrderedDict or is_allowed(cls)):
            raise pickle.UnpicklingError(f"the file makes an object of {cls!r}; {_REFUSED}")
        self.stack[-1] = cls.__new__(cls, *arguments)

    def _build(self) -> None:
        if type(self.stack[-2]) is OrderedDict:
            state = self.stack.pop()
            self.stack[-1].__dict__.update(state)
        elif is_allowed(type(self.stack[-2])):
            pickle._Unpickler.dispatch[pickle.BUILD[0]](self)  # type: ignore[arg-type]
        else:
            raise pickle.UnpicklingError(f"the file sets the state of a {type(self.stack[-2])!r}; {_REFUSED}")

    dispatch: ClassVar[dict[int, Callable[[Any], None]]] = {
        code[0]: pickle._Unpickler.dispatch[code[0]] for code in _OPCODES
    }


def _changing(code: bytes, types: tuple[type, ...], below: Callable[[SafeUnpickler], Any]) -> Callable[[Any], None]:
    """An instruction that fills a container, run only on containers of these types."""
    run = pickle._Unpickler.dispatch[code[0]]

    def checked(self: SafeUnpickler) -> None:
        target = below(self)
        if not (type(target) in types or is_allowed(type(target))):
            raise pickle.UnpicklingError(f"the file puts elements into a {type(target)!r}; {_REFUSED}")
        run(self)  # type: ignore[arg-type]

    return checked


def _below_mark(self: Any) -> Any:
    return self.metastack[-1][-1]


_DICTS = (dict, OrderedDict, Counter)
_CHECKED: dict[bytes, Callable[[Any], None]] = {
    pickle.REDUCE: SafeUnpickler._call,
    pickle.NEWOBJ: SafeUnpickler._new,
    pickle.BUILD: SafeUnpickler._build,
    pickle.APPEND: _changing(pickle.APPEND, (list,), lambda self: self.stack[-2]),
    pickle.APPENDS: _changing(pickle.APPENDS, (list,), _below_mark),
    pickle.SETITEM: _changing(pickle.SETITEM, _DICTS, lambda self: self.stack[-3]),
    pickle.SETITEMS: _changing(pickle.SETITEMS, _DICTS, _below_mark),
    pickle.ADDITEMS: _changing(pickle.ADDITEMS, (set,), _below_mark),
}
SafeUnpickler.dispatch.update({code[0]: run for code, run in _CHECKED.items()})


def _not_allowed(module: str, name: str) -> str:
    full = f"{module}.{name}"
    return (
        f"the file names '{full}', which is not among the tensors and plain containers that weights_only=True "
        "allows. The ways out: if you trust whoever made the file, load(..., weights_only=False), which runs any code "
        f"that the file brings; or, if you know '{name}' to be harmless, "
        f"tensorplug.serialization.add_safe_globals([{name}]) first (or the context manager safe_globals)."
    )


# ------------------------------------------------------------------------------------------------- trusting


class _Trusting:
    """The part of an unpickler that knows PyTorch's names and never imports PyTorch."""

    def find_class(self, module: str, name: str) -> Any:
        """What a name in the file stands for."""
        found = known_name(module, name) if module.startswith("torch") else None
        if found is not None:
            return found
        if module.partition(".")[0] != "torch":
            return super().find_class(module, name)  # type: ignore[misc]
        for prefix, namespace in _NAMESPACES:
            if module.startswith(prefix) and hasattr(namespace, name):
                return getattr(namespace, name)
        raise pickle.UnpicklingError(f"the file needs PyTorch's '{module}.{name}', which has no counterpart here")


@functools.cache
def _trusting_class(base: type[Any]) -> Any:
    return type("Unpickler", (_Trusting, base), {})


def trusting_unpickler(module: Any, file: Any, persistent_load: PersistentLoad, **options: Any) -> Any:
    """An unpickler of a pickle module that makes whatever the file asks for."""
    unpickler = _trusting_class(module.Unpickler)(file, **options)
    unpickler.persistent_load = persistent_load
    return unpickler
