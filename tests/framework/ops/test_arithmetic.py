"""Element-wise functions: their defaults agree with the kernels, and neighbours of numbers are exact."""

from typing import Any

import numpy as np
import pytest

import tensorplug as tp

SPECIAL = [0.0, -0.0, 1.0, -1.0, 2.5, -3.5, 1e-45, -3e-39, 3e38, float("inf"), -float("inf"), float("nan")]
WHOLE = [0, 1, -4, 6, 12, -18, 35]


def same(found: Any, expected: Any, rtol: float = 0) -> None:
    found, expected = found.cpu(), expected.cpu()
    assert found.dtype is expected.dtype
    np.testing.assert_allclose(found.float().numpy(), expected.float().numpy(), rtol=rtol)


def pairs(values: list[Any]) -> tuple[tp.Tensor, tp.Tensor]:
    first, second = np.meshgrid(np.array(values), np.array(values))
    dtype = tp.float32 if isinstance(values[0], float) else tp.int64
    return tp.tensor(first.ravel().tolist(), dtype=dtype), tp.tensor(second.ravel().tolist(), dtype=dtype)


@pytest.mark.parametrize("name", ["copysign", "fmax", "fmin", "hypot", "logaddexp", "logaddexp2", "xlogy"])
def test_a_device_without_the_kernel_computes_the_same(toy: str, name: str) -> None:
    a, b = pairs(SPECIAL)
    keep = ~((b.isnan()) & (name == "copysign"))  # the sign of NaN is for kernels to see
    a, b = a[keep], b[keep]
    function = getattr(tp, name)
    same(function(a.to(toy), b.to(toy)), function(a, b), rtol=1e-6)


@pytest.mark.parametrize("name", ["gcd", "lcm"])
def test_a_device_without_the_kernel_finds_the_same_divisors(toy: str, name: str) -> None:
    a, b = pairs(WHOLE)
    same(getattr(tp, name)(a.to(toy), b.to(toy)), getattr(tp, name)(a, b))


def test_a_device_without_the_kernel_takes_numbers_apart_alike(toy: str) -> None:
    x = tp.tensor(SPECIAL)
    for found, expected in zip(tp.frexp(x.to(toy)), tp.frexp(x), strict=True):
        same(found, expected)


@pytest.mark.parametrize("towards", [float("inf"), -float("inf")])
def test_neighbours_of_every_float16_are_numpys(towards: float) -> None:
    every = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
    every = every[~np.isnan(every)]
    found = tp.nextafter(tp.tensor(every), tp.tensor(towards, dtype=tp.float16)).numpy()
    with np.errstate(all="ignore"):
        expected = np.nextafter(every, np.float16(towards))
    assert found.tobytes() == expected.tobytes()


def test_neighbours_are_exact_where_numbers_are_denormal() -> None:
    x = np.arange(-50, 50, dtype=np.float64) * 5e-324
    assert tp.nextafter(tp.tensor(x), tp.tensor(1.0, dtype=tp.float64)).tolist() == np.nextafter(x, 1.0).tolist()


def test_complex_pairs_go_there_and_back() -> None:
    x = tp.randn(3, 2, requires_grad=True)
    y = tp.view_as_real(tp.view_as_complex(x))
    y.sum().backward()
    assert tp.equal(y, x)
    assert tp.equal(x.grad, tp.ones(3, 2))


def test_wrong_dtypes_are_named() -> None:
    with pytest.raises(NotImplementedError, match=r"hypot.*int64"):
        tp.hypot(tp.tensor([1]), tp.tensor([2]))
    with pytest.raises(NotImplementedError, match=r"gcd.*float32"):
        tp.gcd(tp.tensor([1.0]), tp.tensor([2.0]))
    with pytest.raises(RuntimeError, match="different dtypes"):
        tp.heaviside(tp.tensor([1.0]), tp.tensor([1]))
    with pytest.raises(RuntimeError, match="last dimension of size 2"):
        tp.view_as_complex(tp.ones(3))
