"""Kernels take other ways with many elements; they give there what NumPy's plain functions give."""

import numpy as np
import pytest

import tensorplug as tp

SPECIAL = np.array([0.0, -0.0, 1, -1, 7, -7, 0.5, np.inf, -np.inf, np.nan, 1e-45, -1e-45, 3e38, -3e38], np.float32)
SHAPES = [(130_001,), (300, 1024), (40, 3000), (5, 33, 1024), (3, 1 << 15), (70_000, 2)]


def pairs(rng: np.random.Generator, values: str) -> tuple[np.ndarray, np.ndarray]:
    if values == "special":
        size = len(SPECIAL)
        return np.tile(np.repeat(SPECIAL, size), 400), np.tile(SPECIAL, 400 * size)
    a, b = rng.normal(size=(2, 70_000)).astype(np.float32)
    if values == "whole":
        return np.round(9 * a), np.round(3 * b) + np.float32(0.25)
    return a, b


def floored(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    left = np.fmod(a, b)
    return np.where((left != 0) & ((left < 0) != (b < 0)), left + b, left)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("values", ["normal", "whole", "special"])
@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("fmod", np.fmod),
        ("remainder", floored),
        ("floor_divide", np.floor_divide),
        ("copysign", np.copysign),
        ("nextafter", np.nextafter),
    ],
)
def test_exact_functions_of_two_operands(name, reference, values):
    a, b = pairs(np.random.default_rng(0), values)
    found = getattr(tp, name)(tp.from_numpy(a), tp.from_numpy(b)).numpy()
    wanted = reference(a, b)
    np.testing.assert_array_equal(found, wanted)
    numbers = ~np.isnan(wanted)
    np.testing.assert_array_equal(np.signbit(found[numbers]), np.signbit(wanted[numbers]))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("values", ["normal", "special"])
@pytest.mark.parametrize("name", ["hypot", "logaddexp", "logaddexp2"])
def test_rounded_functions_of_two_operands(name, values):
    a, b = pairs(np.random.default_rng(0), values)
    found = getattr(tp, name)(tp.from_numpy(a), tp.from_numpy(b)).numpy()
    np.testing.assert_allclose(found, getattr(np, name)(a.astype(float), b).astype(np.float32), 1e-6, 3e-7)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dim", [None, 0, -1])
def test_sums_and_products(shape, dim):
    rng = np.random.default_rng(0)
    x = rng.uniform(0.5, 1.4, shape).astype(np.float32)
    t, exact = tp.from_numpy(x), x.astype(float)
    np.testing.assert_allclose(t.sum(dim).numpy(), exact.sum(dim), 3e-6)
    np.testing.assert_allclose(t.mean(dim, True).numpy(), exact.mean(dim, keepdims=True), 3e-6)
    whole = rng.integers(-9, 9, shape)
    assert (tp.from_numpy(whole).prod(dim).numpy() == whole.prod(dim)).all()
    signs = np.where(x > 1, np.float32(-1), np.float32(1))
    assert (tp.from_numpy(signs).prod(dim).numpy() == signs.prod(dim)).all()


def test_a_long_sum_loses_few_digits():
    x = np.full(1 << 22, 0.1, np.float32)
    assert abs(tp.from_numpy(x).sum().item() / x.sum(dtype=float) - 1) < 1e-6
