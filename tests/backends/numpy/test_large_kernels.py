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


def stable_order(x: np.ndarray, descending: bool) -> np.ndarray:
    """Along the last dim, NaN largest."""
    if not descending:
        return np.argsort(x, kind="stable")
    return x.shape[-1] - 1 - np.argsort(x[..., ::-1], kind="stable")[..., ::-1]


def lines_to_sort(kind: str) -> np.ndarray:
    rng = np.random.default_rng(0)
    if kind == "special":
        return rng.choice(np.concatenate([SPECIAL, -SPECIAL]), (70, 300))
    if kind == "far apart":
        return rng.integers(-(2**63), 2**63 - 1, (70, 300))
    return rng.integers(-50, 50, (70, 300)).astype(kind)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("kind", ["float32", "float64", "int64", "int8", "uint8", "bool", "special", "far apart"])
def test_sorting_is_stable(kind, descending):
    x = lines_to_sort(kind)
    values, indices = tp.sort(tp.from_numpy(x), descending=descending)
    order = stable_order(x, descending)
    np.testing.assert_array_equal(indices.numpy(), order)
    assert values.numpy().tobytes() == np.take_along_axis(x, order, 1).tobytes()


@pytest.mark.parametrize("largest", [False, True])
@pytest.mark.parametrize("kind", ["float32", "float64", "int64", "uint8", "special", "far apart"])
@pytest.mark.parametrize(("dim", "k"), [(1, 1), (1, 18), (1, 150), (0, 4)])
def test_the_largest_come_in_stable_order(kind, largest, dim, k):
    x = lines_to_sort(kind)
    values, indices = tp.topk(tp.from_numpy(x), k, dim, largest)
    order = stable_order(x.swapaxes(dim, 1), largest)[:, :k].swapaxes(dim, 1)
    np.testing.assert_array_equal(indices.numpy(), order)
    np.testing.assert_array_equal(values.numpy(), np.take_along_axis(x, order, dim))


@pytest.mark.parametrize("dim", [0, 1, 2])
def test_gather_and_scatter(dim):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 12, 40, 30))
    index = rng.integers(0, x.shape[dim], x.shape)
    t, places = tp.from_numpy(x), tp.from_numpy(index)
    np.testing.assert_array_equal(t.gather(dim, places).numpy(), np.take_along_axis(x, index, dim))
    order = np.argsort(y, dim)
    wanted = x.copy()
    np.put_along_axis(wanted, order, y, dim)
    np.testing.assert_array_equal(t.scatter(dim, tp.from_numpy(order), tp.from_numpy(y)).numpy(), wanted)
    places_of_all = list(np.indices(x.shape))
    places_of_all[dim] = index
    wanted = x.copy()
    np.add.at(wanted, tuple(places_of_all), y)
    np.testing.assert_allclose(t.scatter_add(dim, places, tp.from_numpy(y)).numpy(), wanted, 1e-12)


@pytest.mark.parametrize("wrong", [-1, 40])
def test_gather_and_scatter_refuse_places_beyond_the_end(wrong):
    index = np.zeros((200, 40), np.int64)
    index[7, 7] = wrong
    x, places = tp.ones(200, 40), tp.from_numpy(index)
    with pytest.raises(IndexError, match=f"index {wrong} is out of bounds for dimension 1 with size 40"):
        x.gather(1, places)
    with pytest.raises(IndexError, match=f"index {wrong} is out of bounds for dimension 1 with size 40"):
        x.scatter(1, places, x)


def test_nonzero():
    x = np.random.default_rng(0).integers(0, 3, (7, 30, 41))
    np.testing.assert_array_equal(tp.nonzero(tp.from_numpy(x)).numpy(), np.argwhere(x))
    np.testing.assert_array_equal(tp.nonzero(tp.from_numpy(x == 1)).numpy(), np.argwhere(x == 1))


@pytest.mark.parametrize("shape", [(30, 1024), (20, 1000), (5000,)])
@pytest.mark.parametrize("dim", [0, -1])
def test_running_sums(shape, dim):
    x = np.random.default_rng(0).uniform(0.5, 1, shape).astype(np.float32)
    np.testing.assert_allclose(tp.from_numpy(x).cumsum(dim).numpy(), x.astype(float).cumsum(dim), 1e-5)
    x.flat[777], x.flat[4000] = np.inf, np.nan
    np.testing.assert_allclose(tp.from_numpy(x).cumsum(dim).numpy(), x.astype(float).cumsum(dim), 1e-5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
def test_medians(dtype):
    x = (np.random.default_rng(0).normal(size=(99, 100)) * 20).astype(dtype)
    assert tp.from_numpy(x).median().item() == np.sort(x, None)[4949]
    if dtype != np.int64:
        x[5, 5] = np.nan
        assert tp.from_numpy(x).median().isnan()
        assert tp.from_numpy(x).nanmedian().item() == np.sort(x, None)[4949]


@pytest.mark.parametrize(("shape", "dims"), [((1024, 96), (1, 0)), ((64, 16, 64, 16), (3, 1, 2, 0))])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.bool_])
def test_transposed_copies(shape, dims, dtype):
    x = (np.random.default_rng(0).uniform(0, 9, shape) // 1 % 3).astype(dtype)
    found = tp.from_numpy(x).permute(dims).contiguous()
    np.testing.assert_array_equal(found.numpy(), x.transpose(dims))


def test_sums_of_numbers_and_replaced_numbers():
    x = np.tile(SPECIAL, 6000).reshape(-1, 200)
    np.testing.assert_array_equal(tp.nan_to_num(tp.from_numpy(x), 1, 2, 3).numpy(), np.nan_to_num(x, True, 1, 2, 3))
    finite = np.where(np.abs(x) > 1e30, np.float32(4), x)
    found = tp.from_numpy(finite).nansum(1).numpy()
    np.testing.assert_allclose(found, np.nansum(finite.astype(float), 1), 1e-6, 1e-6)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.int64])
@pytest.mark.parametrize("bits", [(4, 4), (20, 24), (12, 60), (63, 63)])
@pytest.mark.parametrize("shapes", [((70, 90), (90, 60)), ((3, 40, 70), (3, 70, 50))])
def test_products_of_whole_numbers_wrap_around(dtype, bits, shapes):
    rng = np.random.default_rng(0)
    a, b = (rng.integers(-(2**n), 2**n - 1, s).astype(dtype) for n, s in zip(bits, shapes, strict=True))
    found = tp.from_numpy(a) @ tp.from_numpy(b)
    np.testing.assert_array_equal(found.numpy(), a @ b)
