"""The devices of this machine, as the commands name them."""

from __future__ import annotations

from typing import NamedTuple

import click

import tensorplug as tp
from tensorplug.backend import Backend


class Found(NamedTuple):
    """What came of looking for the devices of one type.

    Attributes:
        device_type: the name that users write.
        plugin: the plugin that brings it.
        backend: the loaded backend, None where loading it failed.
        devices: those that are there.
        error: why there are none, in a line.
    """

    device_type: str
    plugin: str
    backend: Backend | None
    devices: tuple[tp.device, ...]
    error: str

    @property
    def computes(self) -> bool:
        """Whether tensors there have values, as all but those on the meta device do."""
        return self.backend is not None and not self.backend.abstract


def find_devices() -> list[Found]:
    """All device types that plugins bring, the type of the default device first."""
    plugins = _plugin_by_type()
    first = tp.get_default_device().type
    types = sorted(tp.registry.device_types(), key=lambda t: t != first)
    return [_look(t, plugins.get(t, "")) for t in types]


def find_computing_devices() -> list[tp.device]:
    """All devices on which tensors have values, the default device first."""
    found = [device for group in find_devices() if group.computes for device in group.devices]
    return sorted(found, key=lambda device: not is_default(device))


def is_default(device: tp.device) -> bool:
    """Whether factories make tensors on ``device``; asked without loading anything."""
    default = tp.get_default_device()
    return device.type == default.type and (device.index or 0) == (default.index or 0)


def resolve(name: str) -> tp.device:
    """The device that a user named on the command line.

    Raises:
        click.BadParameter: there is no such device, or its plugin does not load.
    """
    try:
        return tp.registry.resolve(name)
    except RuntimeError as error:
        raise click.BadParameter(str(error), param_hint="--device") from error


def _plugin_by_type() -> dict[str, str]:
    found = {}
    for impl in tp.registry.hooks().tensorplug_backends.get_hookimpls():
        for device_type, _ in impl.function():
            found[device_type] = impl.plugin_name
    return found


def _look(device_type: str, plugin: str) -> Found:
    # A backend is a stranger's code: whatever it raises must not hide the other devices.
    try:
        backend = tp.registry.backend_of(device_type)
        if not backend.indexed:
            return Found(device_type, plugin, backend, (tp.device(device_type),), "")
        devices = tuple(tp.device(device_type, index) for index in range(backend.device_count()))
        return Found(device_type, plugin, backend, devices, "" if devices else "no such device in this machine")
    except Exception as error:
        cause = error.__cause__ or error
        return Found(device_type, plugin, None, (), f"{type(cause).__name__}: {cause}")
