"""Finding drivers, and what is said where there are none; pyopencl is a stand-in here."""

import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from tensorplug_opencl import drivers

GPU, CPU, ACCELERATOR = 4, 2, 8


class Refusal(Exception):
    pass


def device(name: str, kind: int, **facts: Any) -> Any:
    usual = {"available": True, "compiler_available": True, "endian_little": True}
    return SimpleNamespace(name=name, type=kind, **{**usual, **facts})


def library(*platforms: Any) -> Any:
    types = SimpleNamespace(GPU=GPU, CPU=CPU, ACCELERATOR=ACCELERATOR)
    return SimpleNamespace(Error=Refusal, device_type=types, get_platforms=lambda: list(platforms))


def platform(*devices: Any) -> Any:
    return SimpleNamespace(get_devices=lambda: list(devices))


def names(cl: Any) -> list[str]:
    return [d.name for d in drivers.find_devices(cl)]


def test_gpus_come_first_and_cpus_last() -> None:
    found = names(library(platform(device("a", CPU), device("b", GPU)), platform(device("c", ACCELERATOR))))
    assert found == ["b", "c", "a"]


def test_devices_that_cannot_be_used_are_left_out() -> None:
    cl = library(platform(device("a", CPU, available=False), device("b", CPU, compiler_available=False)))
    assert names(cl) == []


def test_a_driver_without_devices_hides_no_other() -> None:
    def refuse() -> Any:
        raise Refusal

    assert names(library(SimpleNamespace(get_devices=refuse), platform(device("a", CPU)))) == ["a"]


def test_a_loader_without_drivers_finds_nothing() -> None:
    def refuse() -> Any:
        raise Refusal

    cl = library()
    cl.get_platforms = refuse
    assert names(cl) == []


def test_the_loaders_variable_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OCL_ICD_VENDORS", raising=False)
    drivers.find_devices(library())
    assert "OCL_ICD_VENDORS" not in drivers.os.environ


def test_the_users_own_variable_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCL_ICD_VENDORS", "/mine")
    seen = []
    cl = library()
    cl.get_platforms = lambda: seen.append(drivers.os.environ["OCL_ICD_VENDORS"]) or []
    drivers.find_devices(cl)
    assert seen == ["/mine"]


@pytest.mark.parametrize("system", ["linux", "darwin", "win32", "freebsd14"])
def test_there_is_a_hint_for_every_system(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drivers.sys, "platform", system)
    assert "To install a driver for" in drivers.no_device_message()


def test_without_pyopencl_the_error_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['pyopencl'] = None\n"
        "import tensorplug as tp, tensorplug_opencl\n"
        "if 'opencl' not in tp.registry.device_types(): tp.registry.register(tensorplug_opencl)\n"
        "try: tp.ones(1, device='opencl')\n"
        "except RuntimeError as error: print(error)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert "pip install 'tensorplug[opencl-cpu]'" in run.stdout
