"""The CuPy backend's own logic. Every test here runs on the stand-in, NumPy posing as CuPy, not on a GPU."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy_standing_in_for_cupy as stand_in
import pytest

import tensorplug as tp
import tensorplug_cupy
from tensorplug import registry
from tensorplug_cupy import streams

pytestmark = pytest.mark.usefixtures("cupy")


def draw(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-2, 2, shape).astype(np.float32)


def assert_as_on_cpu(case: Callable[..., Any], *hosts: np.ndarray, device: str = "cuda:1") -> None:
    """The case gives the same on ``device`` (by default not the current one) as on the CPU, and so do its gradients."""
    found = {}
    for place in (device, "cpu"):
        inputs = [tp.tensor(h, device=place) for h in hosts]
        leaves = [x.requires_grad_() for x in inputs if x.is_floating_point()]
        result = case(*inputs)
        if result.requires_grad:
            result.sum().backward()
        found[place] = [result.detach(), *[x.grad for x in leaves if x.grad is not None]]
    for there, here in zip(found[device], found["cpu"], strict=True):
        assert there.device == tp.device(device)
        assert (there.dtype, there.shape) == (here.dtype, here.shape)
        np.testing.assert_allclose(there.cpu().double().numpy(), here.double().numpy(), rtol=1e-5, atol=1e-6)


OPS: dict[str, Callable[..., Any]] = {
    "arithmetic": lambda x, y: (x + y) * 2 - x / (y * y + 1),
    "functions": lambda x, y: x.exp().log1p() + x.sigmoid() * y.tanh(),
    "special functions": lambda x, y: x.erf() + (y * 0.1).erfinv() + (x * x + 1).lgamma(),
    "remainder": lambda x, y: x.remainder(y) + x.fmod(0.3),
    "floor_divide": lambda x, y: x // y + x // 0.1,
    "reductions": lambda x, y: x.sum(0) + x.mean(0) + y.amax(0) + x.var(0) + x.prod(0),
    "extremes": lambda x, y: x.max(1).values + y.argmin(1) + x.cumsum(1)[:, -1],
    "matmul": lambda x, y: x @ y.t(),
    "movement": lambda x, y: tp.cat([x.t(), y.t().flip(0)], 1).reshape(-1)[::2],
    "indexing": lambda x, y: x[tp.tensor([1, 0], device=x.device)] + x.gather(1, (y > 0).long())[:2],
    "masks": lambda x, y: x.masked_fill(x > 0, 0) + tp.where(x > y, x, y),
    "sort": lambda x, y: x.sort(0).values + y.sort(1, descending=True).indices,
    "losses": lambda x, y: tp.nn.functional.cross_entropy(x, (y[:, 0] > 0).long()),
    "whole powers": lambda x, y: (x > 0).long() ** (y > 0).long() - 2 ** (x > 0).int(),
}


@pytest.mark.parametrize("name", OPS)
def test_ops_and_gradients_away_from_the_current_device(name: str) -> None:
    assert_as_on_cpu(OPS[name], draw(3, 4), draw(3, 4, seed=1))


def test_division_keeps_the_digits_that_cupys_formula_loses() -> None:
    x, y = tp.tensor([1.0, 5e9, -7.5], device="cuda").double(), tp.tensor([0.1, 3.0, 2.0], device="cuda").double()
    assert (x // 0.1)[0].item() == 9
    np.testing.assert_array_equal(x.remainder(y).cpu().numpy(), np.remainder(x.cpu().numpy(), y.cpu().numpy()))
    np.testing.assert_array_equal((x // y).cpu().numpy(), x.cpu().numpy() // y.cpu().numpy())
    assert (x // 0).isinf().all()


@pytest.mark.parametrize(
    "dtype",
    [np.bool_, np.int8, np.uint8, np.int16, np.int32, np.int64, np.float16, np.float32, np.float64, np.complex64],
)
def test_scattered_values_add_up_in_every_dtype(dtype: Any) -> None:
    x = np.array([[1, 0, 1], [0, 1, 0]]).astype(dtype)
    index = tp.tensor([[0, 0, 2], [1, 1, 1]])
    src = np.array([[100, 27, 3], [1, 1, 0]]).astype(dtype)
    there = tp.tensor(x, device="cuda:1").scatter_add(1, index.to("cuda:1"), tp.tensor(src, device="cuda:1"))
    here = tp.tensor(x).scatter_add(1, index, tp.tensor(src))
    assert there.dtype == here.dtype
    assert there.cpu().tolist() == here.tolist()


@pytest.mark.parametrize("reduce", ["prod", "amax", "amin"])
@pytest.mark.parametrize("dtype", [np.int64, np.float32])
def test_scattered_products_and_extremes(reduce: str, dtype: Any) -> None:
    x = np.array([[1, 2, 3], [4, 5, 6]]).astype(dtype)
    index = tp.tensor([[0, 0, 0], [1, 2, 1]])
    src = np.array([[3, -7, 2], [9, 8, -1]]).astype(dtype)
    there, here = (
        tp.tensor(x, device=d).scatter_reduce(1, index.to(d), tp.tensor(src, device=d), reduce)
        for d in ("cuda:1", "cpu")
    )
    assert there.cpu().tolist() == here.tolist()


@pytest.mark.parametrize("dtype", [tp.float16, tp.bfloat16])
def test_half_precision_is_computed_in_float32_and_rounded_once(dtype: Any) -> None:
    x = tp.tensor([3.0, 1.0, 0.3], dtype=dtype)
    for case in (lambda x: x.sigmoid(), lambda x: x.sum(), lambda x: x * x + 1):
        assert case(x.to("cuda")).cpu().float().tolist() == case(x).float().tolist()


def test_draws_equal_those_of_the_cpu() -> None:
    found = []
    for device in ("cuda:1", "cpu"):
        tp.manual_seed(3)
        found.append([tp.rand(5, device=device), tp.randn(5, device=device), tp.randint(0, 9, (5,), device=device)])
    for there, here in zip(*found, strict=True):
        np.testing.assert_allclose(there.cpu().numpy(), here.numpy(), rtol=2.2e-6)


# ---------------------------------------------------------------------------------------------------- memory


def test_views_share_memory_at_their_strides_and_offset() -> None:
    x = tp.arange(12, device="cuda:1").reshape(3, 4)
    y = x.t()[1:3, ::2]
    y.zero_()
    assert x.tolist() == [[0, 0, 0, 3], [4, 5, 6, 7], [8, 0, 0, 11]]
    assert y.data_ptr() - x.data_ptr() == 8


def test_overlapping_copies_read_before_they_write() -> None:
    x = tp.arange(6, device="cuda")
    x[:-1] = x[1:]
    assert x.tolist() == [1, 2, 3, 4, 5, 5]


def test_copies_between_two_gpus_are_explicit() -> None:
    x = tp.ones(2, device="cuda:0")
    y = x.to("cuda:1")
    assert (x.device, y.device) == (tp.device("cuda:0"), tp.device("cuda:1"))
    with pytest.raises(RuntimeError, match="cuda:0 and cuda:1"):
        x + y


def test_host_copies_take_any_layout() -> None:
    host = np.arange(6.0).reshape(2, 3).T
    x = tp.tensor(host, device="cuda")
    assert x.is_contiguous()
    np.testing.assert_array_equal(x.cpu().numpy(), host)


def test_memory_is_counted_per_device_and_given_back(cupy: Any) -> None:
    backend = registry.backend_of("cuda")
    assert backend.memory_allocated(tp.device("cuda:1")) == 1001
    backend.empty_cache()
    assert cupy.get_default_memory_pool().freed == cupy.get_default_pinned_memory_pool().freed == 1
    streams.set_memory_limit(0.5, 1)
    assert cupy.get_default_memory_pool().limit == 0.5


def test_synchronize_waits_for_the_device_that_is_named() -> None:
    registry.backend_of("cuda").synchronize(tp.device("cuda:1"))
    assert stand_in.synchronized == [1]


def test_a_stream_of_its_own_is_waited_for() -> None:
    with streams.stream(1) as current:
        assert stand_in.current_device == 1
        tp.ones(2, device="cuda:1") + 1
    assert current.non_blocking
    assert current.events == ["enter", "synchronize", "exit"]


def test_doctor_hears_of_each_gpu() -> None:
    told = dict(registry.backend_of("cuda").diagnostics())
    assert told["GPUs"] == "2"
    assert told["cuda:1"] == "stand-in 1, 2001 bytes held"


# ---------------------------------------------------------------------------------------------------- without


def test_without_a_gpu_there_are_no_devices_and_the_message_says_so(monkeypatch: pytest.MonkeyPatch, cupy: Any) -> None:
    def no_driver() -> int:
        raise cupy.cuda.runtime.CUDARuntimeError("cudaErrorInsufficientDriver")

    monkeypatch.setattr(cupy.cuda.runtime, "getDeviceCount", no_driver)
    assert registry.backend_of("cuda").device_count() == 0
    with pytest.raises(RuntimeError, match=r"'cuda:?0?' does not exist: 'cuda' has 0 device"):
        tp.ones(2, device="cuda")


def test_without_cupy_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cupy", None)
    with pytest.raises(tp.errors.PluginError, match=r"device 'cuda'.*pip install 'tensorplug\[cuda\]'"):
        tp.ones(2, device="cuda")


def test_the_plugin_imports_neither_cupy_nor_kernels() -> None:
    code = "import sys, tensorplug_cupy; print([m for m in sys.modules if 'cupy' in m])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert run.stdout.strip() == "['tensorplug_cupy']"


def test_one_gpu_needs_no_switching(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stand_in.Device, "count", 1)
    backend = registry.backend_of("cuda")
    assert backend.kernel("add", tp.float32) is backend.kernels["add"]


def test_names_are_told_without_cupy() -> None:
    from tensorplug_cupy import kernels

    assert kernels.names() == set(registry.backend_of("cuda").kernels)
    assert tensorplug_cupy.__doc__ is not None
