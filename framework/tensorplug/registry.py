"""Finds plugins, keeps the backends they bring, and hands out kernel tables.

Plugins come from the entry-point group ``tensorplug``, from ``TENSORPLUG_PLUGINS`` (module names, comma-separated)
and from ``register``. ``TENSORPLUG_DISABLE_PLUGINS`` names entry points or modules to leave out. A plugin that
fails is reported once, with its traceback kept in ``failures``, and breaks nothing else.
"""

from __future__ import annotations

import functools
import importlib
import os
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pluggy

from tensorplug import hookspecs
from tensorplug.backend import Backend, Kernel
from tensorplug.config import config
from tensorplug.device import Device
from tensorplug.dtypes import DType
from tensorplug.errors import PluginError, PluginWarning, unsupported_dtype

GROUP = "tensorplug"

_lock = threading.RLock()
_manager = pluggy.PluginManager(hookspecs.PROJECT)
_manager.add_hookspecs(hookspecs)
_discovered = False
_entries: dict[str, tuple[str, Callable[[], Backend]]] = {}
_backends: dict[str, Backend] = {}
_overlays: dict[str, dict[str, Kernel]] = {}
_kinds: dict[tuple[Device, DType], Kind] = {}
_converters: dict[tuple[str, str], Callable[..., Any]] = {}
_listeners: list[Callable[[], None]] = []

failures: dict[str, str] = {}
"""Plugin name -> traceback of what went wrong with it."""


class KernelTable(dict[str, Any]):
    """Op name -> kernel (or None) for one device and dtype; filled on first use of an op, never changed after."""

    __slots__ = ("_find",)

    def __init__(self, find: Callable[[str], Kernel | None]) -> None:
        self._find = find

    def __missing__(self, name: str) -> Kernel | None:
        kernel = self[name] = self._find(name)
        return kernel


class Kind:
    """What tensors of one dtype on one device have in common. Each exists once, so ``is`` compares both at a stroke.

    Attributes:
        device, dtype, backend: what the names say.
        kernels: op name -> kernel or None.
        inplace_kernels: op name -> kernel that writes into its last argument, or None.
    """

    __slots__ = ("backend", "device", "dtype", "inplace_kernels", "kernels")

    def __init__(self, device: Device, dtype: DType, backend: Backend) -> None:
        self.device = device
        self.dtype = dtype
        self.backend = backend
        self.reload()

    def reload(self) -> None:
        """Forget the kernels, because plugins changed."""
        self.kernels = KernelTable(self._find_kernel)
        self.inplace_kernels = KernelTable(self._find_inplace_kernel)

    def with_dtype(self, dtype: DType) -> Kind:
        """The kind of ``dtype`` on the same device."""
        return self if dtype is self.dtype else kind_of(self.device, dtype)

    def _find_kernel(self, name: str) -> Kernel | None:
        overlay = _overlays.get(self.device.type, {})
        if name in overlay:
            return overlay[name]
        kernel = self.backend.kernel(name, self.dtype)
        return _watched(kernel, name, self.device) if name in self.backend.nondeterministic else kernel

    def _find_inplace_kernel(self, name: str) -> Kernel | None:
        # A plugin's kernel must be the one that runs, so an in-place form of the kernel it replaced is not used.
        if name in _overlays.get(self.device.type, {}):
            return None
        return self.backend.inplace_kernel(name, self.dtype)

    def __repr__(self) -> str:
        return f"Kind({self.device}, {self.dtype})"


def _watched(kernel: Kernel | None, name: str, device: Device) -> Kernel | None:
    """A kernel whose results may differ from run to run, refused while the user wants none such."""
    if kernel is None:
        return None

    @functools.wraps(kernel)
    def call(*args: Any) -> Any:
        if config.deterministic:
            text = (
                f"{name} does not have a deterministic kernel on '{device}', but "
                "tensorplug.use_deterministic_algorithms(True) was called. Turn determinism off for this op, pass "
                "warn_only=True, or run the op on the CPU."
            )
            if config.deterministic == "error":
                raise RuntimeError(text)
            warnings.warn(text, UserWarning, stacklevel=2)
        return kernel(*args)

    return call


def kind_of(device: Device, dtype: DType) -> Kind:
    """The kind of tensors of ``dtype`` on ``device``.

    Raises:
        RuntimeError: there is no such device.
        UnsupportedOpError: the device lacks the dtype.
    """
    found = _kinds.get((device, dtype))
    if found is not None:
        return found
    with _lock:
        exact = resolve(device)
        backend = backend_of(exact.type)
        if dtype in backend.unsupported_on(exact):
            raise unsupported_dtype(exact, dtype)
        kind = _kinds.get((exact, dtype))
        if kind is None:
            kind = _kinds[exact, dtype] = Kind(exact, dtype, backend)
        return kind


def resolve(device: Device | str) -> Device:
    """The device as tensors name it: with an index where its type has several.

    Raises:
        RuntimeError: no plugin brings this device type, or the index is out of range.
    """
    device = Device(device)
    backend = backend_of(device.type)
    if not backend.indexed:
        if device.index not in (None, 0):
            raise RuntimeError(f"device '{device}' does not exist: there is only one '{device.type}' device")
        return Device(device.type)
    index = 0 if device.index is None else device.index
    count = backend.device_count()
    if index >= count:
        raise RuntimeError(f"device '{device}' does not exist: '{device.type}' has {count} device(s)")
    return Device(device.type, index)


def backend_of(device_type: str) -> Backend:
    """The backend of a device type, loaded on first use.

    Raises:
        RuntimeError: no plugin brings it (the message lists those there are).
        PluginError: its plugin could not be loaded.
    """
    found = _backends.get(device_type)
    if found is not None:
        return found
    with _lock:
        discover()
        if device_type not in _entries:
            raise RuntimeError(_unknown_device(device_type))
        name, load = _entries[device_type]
        try:
            backend = load()
        except Exception as error:
            failures[name] = traceback.format_exc()
            raise PluginError(
                f"device '{device_type}': its plugin '{name}' could not be loaded: {type(error).__name__}: {error}"
            ) from error
        _backends[device_type] = backend
        return backend


def _unknown_device(device_type: str) -> str:
    known = ", ".join(f"'{t}'" for t in sorted(_entries)) or "none"
    text = f"no device of type '{device_type}': the device types found are {known}."
    if failures:
        text += f" Plugins that failed to load: {', '.join(sorted(failures))} (see tensorplug.registry.failures)."
    return text + " A device comes with a plugin: install one, or name its module in TENSORPLUG_PLUGINS."


def device_types() -> list[str]:
    """The device types that plugins bring, whether or not their libraries are there."""
    with _lock:
        discover()
        return list(_entries)


def loaded_device_types() -> list[str]:
    """The device types whose backends were used so far."""
    return list(_backends)


def plugins() -> Iterator[tuple[str, Any]]:
    """Names and objects of the plugins that are registered."""
    with _lock:
        discover()
        return iter(list(_manager.list_name_plugin()))


def hooks() -> Any:
    """The hook callers of pluggy, for the parts of tensorplug that ask plugins for more than backends."""
    discover()
    return _manager.hook


def kernel_of(name: str, device_type: str, dtype: DType) -> Kernel | None:
    """The kernel that the backend of a device type has of its own, whatever plugins have put in its place.

    Args:
        name: the op.
        device_type: such as ``"cpu"``.
        dtype: of the inputs; a backend may have different kernels for different dtypes.

    Returns:
        The kernel, or None where the backend has none.

    Raises:
        RuntimeError: no plugin brings this device type.
    """
    return backend_of(device_type).kernel(name, dtype)


def contributed_kernels() -> list[tuple[str, str]]:
    """Device type and op name of each kernel that plugins put over a backend's own."""
    return [(device_type, name) for device_type, overlay in _overlays.items() for name in overlay]


def converter(source: str, target: str) -> Callable[..., Any] | None:
    """A plugin's direct copy between two device types, if there is one."""
    return _converters.get((source, target))


def register(plugin: Any, name: str | None = None) -> str:
    """Add a plugin: a module or object with some of the hooks in ``tensorplug.hookspecs``.

    Returns:
        The name under which it is registered.

    Raises:
        ValueError: it is registered already, or claims a device type that another plugin brings.
        pluggy.PluginValidationError: a hook's arguments are not those of its specification.
    """
    with _lock:
        discover()
        return _register(plugin, name)


def _register(plugin: Any, name: str | None) -> str:
    registered = _manager.register(plugin, name)
    if registered is None:
        raise ValueError(f"plugin {name!r} is blocked")
    try:
        _manager.check_pending()
        _rebuild()
    except Exception:
        _manager.unregister(plugin)
        _rebuild()
        raise
    return registered


def unregister(plugin: Any) -> None:
    """Remove a plugin, given as the object or its registered name; everything it brought goes with it."""
    with _lock:
        _manager.unregister(name=plugin) if isinstance(plugin, str) else _manager.unregister(plugin)
        _rebuild()


def on_change(listener: Callable[[], None]) -> None:
    """Call ``listener`` whenever plugins have come or gone."""
    _listeners.append(listener)


def discover() -> None:
    """Load the plugins that are installed or named in the environment; only the first call does anything."""
    global _discovered
    if _discovered:
        return
    with _lock:
        if _discovered:
            return
        _discovered = True
        disabled = _names("TENSORPLUG_DISABLE_PLUGINS")
        # A quarter of NumPy's own import time, and needed only once a device is.
        from importlib.metadata import entry_points

        for entry in entry_points(group=GROUP):
            if entry.name not in disabled and entry.value not in disabled:
                _load(entry.name, entry.load)
        for module in _names("TENSORPLUG_PLUGINS"):
            if module not in disabled:
                _load(module, functools.partial(importlib.import_module, module))


def _names(variable: str) -> list[str]:
    return [name.strip() for name in os.environ.get(variable, "").split(",") if name.strip()]


def _load(name: str, load: Callable[[], Any]) -> None:
    try:
        plugin = load()
        if not _manager.is_registered(plugin):
            _register(plugin, name)
    except Exception as error:
        failures[name] = traceback.format_exc()
        warnings.warn(
            f"tensorplug plugin '{name}' failed to load and is left out: {type(error).__name__}: {error} "
            f"(traceback: tensorplug.registry.failures[{name!r}])",
            PluginWarning,
            stacklevel=2,
        )


def _backend_entries(impl: Any) -> list[hookspecs.BackendEntry]:
    found = list(impl.function() or ())
    if not all(isinstance(entry, hookspecs.BackendEntry) for entry in found):
        raise TypeError(
            f"plugin '{impl.plugin_name}': tensorplug_backends must return a list of BackendEntry, got {found!r}"
        )
    return found


def _rebuild() -> None:
    entries: dict[str, tuple[str, Callable[[], Backend]]] = {}
    for impl in _manager.hook.tensorplug_backends.get_hookimpls():
        for device_type, load in _backend_entries(impl):
            if device_type in entries:
                raise ValueError(
                    f"plugins '{entries[device_type][0]}' and '{impl.plugin_name}' both bring device '{device_type}'"
                )
            entries[device_type] = (impl.plugin_name, load)
    for device_type in [t for t, entry in _entries.items() if entries.get(t) != entry]:
        _backends.pop(device_type, None)
        for key in [key for key in _kinds if key[0].type == device_type]:
            del _kinds[key]
    _entries.clear()
    _entries.update(entries)
    _overlays.clear()
    for device_type in entries:
        overlay: dict[str, Kernel] = {}
        for kernels in reversed(_manager.hook.tensorplug_kernels(device_type=device_type)):
            overlay.update(kernels or {})
        _overlays[device_type] = overlay
    _converters.clear()
    for converters in reversed(_manager.hook.tensorplug_converters()):
        _converters.update(converters or {})
    for kind in list(_kinds.values()):
        kind.reload()
    for listener in _listeners:
        listener()
