"""What only a device with a queue, a pool and compiled kernels can get wrong."""

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tensorplug as tp
from tensorplug_opencl import programs
from tensorplug_opencl.kernels import linalg

EDGES = [1, 15, 16, 17, 63, 64, 65, 255, 256, 257, 1023, 4095, 4096, 4097, 65537]


@pytest.mark.parametrize("count", EDGES)
def test_counts_around_the_size_of_a_group(device: str, count: int) -> None:
    x = np.arange(count) % 97
    there = tp.tensor(x, device=device)
    assert (there + 1).tolist() == (x + 1).tolist()
    assert there.sum().item() == x.sum()
    assert there.argmax().item() == x.argmax()
    assert there.cumsum(0).tolist() == x.cumsum().tolist()
    assert there.sort(stable=True)[1].tolist() == np.argsort(x, kind="stable").tolist()
    assert there.nonzero().flatten().tolist() == x.nonzero()[0].tolist()


@pytest.mark.parametrize("shape", [(1, 5000), (5000, 1), (3, 5000), (5000, 3), (70, 70), (2, 3000, 2)])
@pytest.mark.parametrize("dim", [0, 1, -1])
def test_reductions_of_long_and_short_rows(device: str, shape: tuple[int, ...], dim: int) -> None:
    x = np.random.default_rng(0).integers(-50, 50, shape)
    there = tp.tensor(x, device=device)
    assert there.sum(dim).tolist() == x.sum(dim).tolist()
    assert there.amax(dim).tolist() == x.max(dim).tolist()
    assert there.argmin(dim).tolist() == x.argmin(dim).tolist()


def test_float_sums_of_many_ones_are_exact(device: str) -> None:
    assert tp.ones(1 << 25, device=device).sum().item() == 1 << 25


@pytest.mark.parametrize("dtype", ["int64", "float32", "float16", "complex64"])
@pytest.mark.parametrize(("m", "k"), [(1, 0), (1, 33), (16, 15), (17, 1), (40, 33)])
def test_the_tiled_product_at_the_edges_of_tiles(device: str, runtime: Any, dtype: str, m: int, k: int) -> None:
    rng = np.random.default_rng(0)
    # Small whole numbers, whose sums are exact in every dtype.
    a, b = rng.integers(-4, 4, (2, m, k)).astype(dtype), rng.integers(-4, 4, (k, 19)).astype(dtype)
    left, right = tp.tensor(a, device=device), tp.tensor(b, device=device)
    found = linalg.tiled(left._array, right.t().contiguous().t()._array)
    assert runtime.read(found).tolist() == (a @ b).tolist()


def test_a_buffer_given_out_again_does_not_change_older_results(device: str) -> None:
    results = []
    for i in range(200):
        x = tp.full((1000,), float(i), device=device)
        results.append(((x + 1) * 2).sum())
        del x
    assert [r.item() for r in results] == [(i + 1) * 2000.0 for i in range(200)]


def test_memory_stays_flat(device: str, runtime: Any) -> None:
    x = tp.ones(1000, device=device)
    for _ in range(10):
        x = x * 1.0
    before = runtime.allocated
    for _ in range(2000):
        x = x * 1.0
    assert runtime.allocated == before


def test_no_op_waits_for_the_device(device: str, runtime: Any) -> None:
    x = tp.rand(64, 100, device=device, requires_grad=True)
    before = runtime.waits
    y = (x.exp() / (x.sum(1, keepdim=True) + 1)).tanh()
    (y * y).mean().backward()
    y.detach().sort(1)
    x.detach().cumsum(0)
    assert runtime.waits == before


def test_operands_that_overlap_the_target_are_read_as_they_were(device: str) -> None:
    x = tp.arange(100_000, device=device)
    x[1:] += x[:-1]
    assert x[:3].tolist() == [0, 1, 3]
    assert x.sum().item() == 9_999_800_001
    y = tp.arange(10_000, device=device).reshape(100, 100).clone()
    y += y.t()
    assert (y == y.t()).all().item()
    z = tp.arange(70_000.0, device=device)
    z *= z[2]
    assert (z == tp.arange(70_000.0, device=device) * 2).all().item()


def test_threads_share_a_device(device: str) -> None:
    wrong = []

    def work(number: int) -> None:
        x = tp.full((501,), float(number), device=device)
        for step in range(50):
            found = (x * 2 + step).sum().item()
            if found != 501 * (2.0 * number + step):
                wrong.append((number, step, found))

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_out_of_memory_says_how_much_and_leaves_the_rest_usable(device: str) -> None:
    x = tp.ones(10, device=device)
    with pytest.raises(RuntimeError, match=r"out of memory: 4\d+ bytes were asked for"):
        tp.empty(1 << 60, device=device)
    assert (x + x).sum().item() == 20


def test_a_kernel_that_does_not_build_shows_the_log_and_the_line(device: str, runtime: Any) -> None:
    with pytest.raises(programs.BuildError, match=r"(?s)error.*1  kernel void run\(global float \*m\) { nonsense"):
        runtime.programs.kernel("kernel void run(global float *m) { nonsense(m); }", "run")


def test_programs_are_kept_on_disk(device: str, runtime: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENSORPLUG_OPENCL_CACHE", str(tmp_path))
    source = "kernel void run(global float *m) { m[0] = 1; }"
    for built, loaded in ((1, 0), (0, 1)):
        fresh = programs.Programs(runtime.cl, runtime.context, runtime.device)
        fresh.kernel(source, "run")
        assert (fresh.built, fresh.loaded) == (built, loaded)


def test_a_spoilt_file_is_built_anew(
    device: str, runtime: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENSORPLUG_OPENCL_CACHE", str(tmp_path))
    source = "kernel void run(global float *m) { m[0] = 2; }"
    programs.Programs(runtime.cl, runtime.context, runtime.device).kernel(source, "run")
    for file in tmp_path.iterdir():
        file.write_bytes(b"")
    fresh = programs.Programs(runtime.cl, runtime.context, runtime.device)
    fresh.kernel(source, "run")
    assert fresh.built == 1


def test_two_devices_in_one_process(device: str) -> None:
    count = tp.registry.backend_of("opencl").device_count()
    others = [d for d in (f"opencl:{index}" for index in range(count)) if d != device]
    if not others:
        pytest.skip(f"{device} is the only OpenCL device here")
    x = tp.arange(1000, device=device)
    y = (x * 2).to(others[0])
    assert str(y.device) == others[0]
    assert (y + 1).sum().item() == 1000 * 999 + 1000
    with pytest.raises(RuntimeError, match="on the same device"):
        x + y


def test_memory_of_ever_new_sizes_does_not_pile_up(device: str, runtime: Any) -> None:
    for size in range(100):
        tp.empty((1 << 22) + size * (1 << 19), device=device)
    assert runtime.held - runtime.allocated <= 2 * (1 << 28) + runtime.allocated
