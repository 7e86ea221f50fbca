"""The registry: which plugins are there, which devices and kernels they bring, and what is said when one is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pluggy
import pytest

import tensorplug as tp
from tensorplug import registry
from tensorplug.backend import Backend
from tensorplug.device import Device
from tensorplug.errors import PluginError, PluginWarning
from tensorplug.extend import BackendEntry, hookimpl, kernel_of

Plug = Callable[..., Any]


def kernels_on_cpu(**kernels: Callable[..., Any]) -> Callable[[str], Any]:
    return lambda device_type: kernels if device_type == "cpu" else {}


# ---------------------------------------------------------------------------------------------------- devices


def test_kinds_are_one_object_per_device_and_dtype(toy: str) -> None:
    kind = registry.kind_of(Device("cpu"), tp.float32)
    assert kind is registry.kind_of(Device("cpu:0"), tp.float32)
    assert kind is kind.with_dtype(tp.float32)
    assert kind.with_dtype(tp.int64) is registry.kind_of(Device("cpu"), tp.int64)
    assert registry.kind_of(Device("toy"), tp.float32) is registry.kind_of(Device("toy:0"), tp.float32)
    assert registry.kind_of(Device("toy:1"), tp.float32) is not registry.kind_of(Device("toy:0"), tp.float32)


def test_devices_resolve_to_the_name_that_tensors_bear(toy: str) -> None:
    assert [str(registry.resolve(d)) for d in ("cpu", "cpu:0", "toy", "toy:1")] == ["cpu", "cpu", "toy:0", "toy:1"]
    assert tp.ones(1, device="toy").device == tp.device("toy:0")


def test_a_device_number_that_does_not_exist_is_refused_with_the_count(toy: str) -> None:
    with pytest.raises(RuntimeError, match=r"device 'toy:2' does not exist: 'toy' has 2 device"):
        tp.ones(1, device="toy:2")
    with pytest.raises(RuntimeError, match=r"device 'cpu:1' does not exist: there is only one 'cpu' device"):
        tp.ones(1, device="cpu:1")


def test_an_unknown_device_is_answered_with_those_there_are(toy: str) -> None:
    with pytest.raises(RuntimeError, match=r"no device of type 'abacus': the device types found are .*'cpu'.*'toy'"):
        tp.ones(1, device="abacus")


def test_devices_come_and_go_with_their_plugin(plug: Plug) -> None:
    before = registry.device_types()
    plugin = plug("abacus-plugin", backends=lambda: [BackendEntry("abacus", Backend)])
    assert set(registry.device_types()) == {*before, "abacus"}
    registry.unregister(plugin)
    assert registry.device_types() == before
    with pytest.raises(RuntimeError, match="no device of type 'abacus'"):
        tp.ones(1, device="abacus")


def test_a_backend_is_loaded_on_first_use_and_once(plug: Plug) -> None:
    loads = []

    class Empty(Backend):
        device_type = "abacus"

        def __init__(self) -> None:
            loads.append(self)

    plug("abacus-plugin", backends=lambda: [BackendEntry("abacus", Empty)])
    assert loads == []
    assert registry.backend_of("abacus") is registry.backend_of("abacus")
    assert len(loads) == 1


def test_a_backend_that_cannot_load_names_its_plugin_and_keeps_the_cause(plug: Plug) -> None:
    def load() -> Backend:
        raise OSError("libabacus.so: cannot open shared object file")

    plug("abacus-plugin", backends=lambda: [BackendEntry("abacus", load)])
    with pytest.raises(PluginError, match=r"'abacus'.*'abacus-plugin'.*OSError: libabacus.so") as caught:
        tp.ones(1, device="abacus")
    assert isinstance(caught.value.__cause__, OSError)
    assert "libabacus.so" in registry.failures.pop("abacus-plugin")


def test_two_plugins_cannot_bring_one_device_and_the_first_keeps_it(plug: Plug) -> None:
    plug("first", backends=lambda: [BackendEntry("abacus", Backend)])
    with pytest.raises(ValueError, match="plugins 'first' and 'second' both bring device 'abacus'"):
        plug("second", backends=lambda: [BackendEntry("abacus", Backend)])
    assert "second" not in dict(registry.plugins())
    assert isinstance(registry.backend_of("abacus"), Backend)


def test_a_list_of_something_else_is_refused_in_words(plug: Plug) -> None:
    with pytest.raises(TypeError, match="plugin 'hasty': tensorplug_backends must return a list of BackendEntry"):
        plug("hasty", backends=lambda: BackendEntry("abacus", Backend))
    assert "abacus" not in registry.device_types()


# ---------------------------------------------------------------------------------------------------- kernels


def test_a_plugins_kernel_takes_the_place_of_the_backends_and_gives_it_back(plug: Plug) -> None:
    x = tp.tensor([1.0, 2.0])
    own = x._kind.kernels["exp"]
    plugin = plug("fast", kernels=kernels_on_cpu(exp=lambda a: a + 40))
    assert x.exp().tolist() == [41, 42]
    assert tp.tensor([1.0], dtype=tp.float64).exp().tolist() == [41]
    registry.unregister(plugin)
    assert x._kind.kernels["exp"] is own
    assert x.exp().sum().item() == pytest.approx(10.107338)


def test_in_place_ops_run_a_plugins_kernel_too(plug: Plug) -> None:
    plug("fast", kernels=kernels_on_cpu(exp=lambda a: a + 40))
    assert tp.tensor([1.0]).exp_().tolist() == [41]


def test_a_kernel_for_a_fused_op_replaces_its_decomposition(plug: Plug, toy: str) -> None:
    x = tp.tensor([1.0], device="toy")
    assert x.square().tolist() == [1]
    backend = registry.backend_of("toy")
    plugin = plug("fast", kernels=lambda device_type: {"square": backend.kernels["neg"]} if device_type == toy else {})
    assert x.square().tolist() == [-1]
    registry.unregister(plugin)
    assert x.square().tolist() == [1]


def test_the_plugin_registered_last_wins(plug: Plug) -> None:
    x = tp.tensor([0.0])
    plug("one", kernels=kernels_on_cpu(exp=lambda a: a + 1))
    second = plug("two", kernels=kernels_on_cpu(exp=lambda a: a + 2))
    assert x.exp().item() == 2
    registry.unregister(second)
    assert x.exp().item() == 1


def test_tryfirst_keeps_the_upper_hand() -> None:
    class Stubborn:
        @hookimpl(tryfirst=True)
        def tensorplug_kernels(self, device_type: str) -> Any:
            return {"exp": lambda a: a + 1} if device_type == "cpu" else {}

    class Later:
        @hookimpl
        def tensorplug_kernels(self, device_type: str) -> Any:
            return {"exp": lambda a: a + 2} if device_type == "cpu" else {}

    plugins = [Stubborn(), Later()]
    for plugin in plugins:
        registry.register(plugin)
    try:
        assert tp.tensor([0.0]).exp().item() == 1
    finally:
        for plugin in plugins:
            registry.unregister(plugin)


def test_kernel_of_is_the_backends_own_whatever_lies_over_it(plug: Plug) -> None:
    def careful(a: Any) -> Any:
        own = kernel_of("exp", "cpu", tp.dtypes.from_numpy(a.dtype))
        assert own is not None
        return own(a) + 1

    plug("careful", kernels=kernels_on_cpu(exp=careful))
    assert tp.zeros(2).exp().tolist() == [2, 2]
    assert tp.zeros(2, dtype=tp.float16).exp().tolist() == [2, 2]
    assert kernel_of("no_such_op", "cpu", tp.float32) is None


def test_a_kernel_for_an_op_that_does_not_exist_is_told(plug: Plug) -> None:
    with pytest.warns(PluginWarning, match=r"kernel 'expp' for device 'cpu', but there is no op of this name"):
        plug("typo", kernels=kernels_on_cpu(expp=lambda a: a))


# ---------------------------------------------------------------------------------------------------- registration


def test_a_misspelt_hook_is_refused(plug: Plug) -> None:
    with pytest.raises(pluggy.PluginValidationError, match="tensorplug_kernel'"):
        plug("typo", kernel=lambda device_type: {})
    assert "typo" not in dict(registry.plugins())


def test_a_hook_with_unknown_arguments_is_refused_with_its_signature(plug: Plug) -> None:
    with pytest.raises(pluggy.PluginValidationError, match=r"(?s)typo.*tensorplug_kernels.*device_typ"):
        plug("typo", kernels=lambda device_typ: {})
    assert "typo" not in dict(registry.plugins())


def test_a_plugin_is_registered_once(plug: Plug) -> None:
    plugin = plug("only")
    with pytest.raises(ValueError, match="only"):
        registry.register(plugin, "only")


def test_a_plugin_can_be_removed_by_name(plug: Plug) -> None:
    plug("fast", kernels=kernels_on_cpu(exp=lambda a: a + 40))
    registry.unregister("fast")
    assert tp.tensor([0.0]).exp().item() == 1


def test_listeners_hear_when_plugins_come_and_go(plug: Plug, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_listeners", list(registry._listeners))
    heard = []
    registry.on_change(lambda: heard.append(len(list(registry.plugins()))))
    count = len(list(registry.plugins()))
    registry.unregister(plug("guest"))
    assert heard == [count + 1, count]


def test_a_hook_that_raises_leaves_everything_as_it_was(plug: Plug) -> None:
    def broken(device_type: str) -> Any:
        raise KeyError("no table")

    x = tp.tensor([0.0])
    own = x._kind.kernels["exp"]
    with pytest.raises(KeyError, match="no table"):
        plug("broken", kernels=broken)
    assert "broken" not in dict(registry.plugins())
    assert x._kind.kernels["exp"] is own


def test_converters_copy_directly_between_device_types(plug: Plug, toy: str) -> None:
    seen = []

    def direct(array: Any, device: Device) -> Any:
        seen.append(device)
        return registry.backend_of("toy").from_host(array, device)

    plugin = plug("direct", converters=lambda: {("cpu", "toy"): direct})
    assert tp.tensor([1.5]).to("toy:1").tolist() == [1.5]
    assert seen == [tp.device("toy:1")]
    registry.unregister(plugin)
    tp.tensor([1.5]).to("toy:1")
    assert len(seen) == 1
