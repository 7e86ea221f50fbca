"""The random stream: Philox words, how values are cut from them, and the page that publishes both."""

import ctypes
import math
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tensorplug.xp import philox
from tensorplug.xp.random import blocks_for, integers, normal, random_bits, uniform

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "random_numbers.md").read_text(encoding="utf-8")
LISTING = re.search(r"## Test vectors.*```text\n(.*?)```", PAGE, re.DOTALL)[1]
VECTORS = [line.split() for line in LISTING.splitlines()]
C_CODE = "\n".join(re.findall(r"```c\n(.*?)```", PAGE, re.DOTALL))
C_PRELUDE = """
#include <tgmath.h>
typedef unsigned int uint;
typedef unsigned long ulong;
static ulong mul_hi(ulong a, ulong b) { return (ulong)((unsigned __int128)a * b >> 64); }
"""

# Stands for any library but NumPy: it has nothing of its own for random numbers, only what is listed.
ALLOWED = ("arange", "asarray", "cos", "empty", "log", "right_shift", "sin", "sqrt", "uint32", "uint64")
ARRAYS = SimpleNamespace(**{name: getattr(np, name) for name in ALLOWED})
LIBRARIES = pytest.mark.parametrize("xp", [np, ARRAYS], ids=["numpy", "arrays"])
FLOATS = ("float64", "float32", "float16", "bfloat16")
DIGITS = {"float64": 53, "float32": 24, "float16": 11, "bfloat16": 8}
CARRY = 2**64 - 3
UINT64_MAX = 2**64 - 1


def draw(kind: str, xp: Any, n: int, key: int, offset: int) -> Any:
    """A draw named as on the page."""
    if kind == "words":
        return random_bits(xp, n, key, offset)
    name, arguments = re.fullmatch(r"(\w+)\((.*)\)", kind).groups()
    if name == "integers":
        low, high = map(int, arguments.split(","))
        return integers(xp, (n,), low, high, key, offset)
    return {"uniform": uniform, "normal": normal}[name](xp, (n,), arguments, key, offset)


KINDS = [
    "words",
    "integers(-7,1000)",
    *[f"{name}({dtype})" for name in ("uniform", "normal") for dtype in FLOATS],
]


def constant_words(word: int) -> Any:
    return lambda xp, n, key, offset: np.full(n, word, dtype=np.uint64)


def same_bits(a: np.ndarray, b: np.ndarray) -> bool:
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


@LIBRARIES
@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector[0]}-{vector[1]}")
def test_published_vector(xp: Any, vector: list[str]) -> None:
    kind, key, offset, *expected = vector
    values = draw(kind, xp, len(expected), int(key, 16), int(offset, 16))
    if kind.startswith("normal"):
        half_tolerance = 2.0e-15 if values.dtype == np.float64 else 1.08e-6
        np.testing.assert_allclose(values, np.array(expected, dtype=np.float64), rtol=half_tolerance, atol=0)
    elif kind.startswith("integers"):
        assert values.tolist() == list(map(int, expected))
    else:
        digits = 2 * values.itemsize
        assert [f"{bits:0{digits}x}" for bits in values.view(f"uint{4 * digits}").tolist()] == expected


@pytest.mark.skipif(shutil.which("cc") is None, reason="the page's C code needs a C compiler")
def test_published_code_computes_the_stream(tmp_path: Path) -> None:
    library = tmp_path / "page.so"
    command = ["cc", "-O2", "-shared", "-fPIC", "-x", "c", "-o", str(library), "-", "-lm"]
    subprocess.run(command, input=C_PRELUDE + C_CODE, text=True, check=True, timeout=60)
    page = ctypes.CDLL(str(library))
    block = (ctypes.c_ulong * 4)(2**64 - 1, 7, 0, 0)
    values = (ctypes.c_float * 8)()
    offset = 8 * 2**64 - 1
    page.philox4x64(block, ctypes.c_ulong(42), ctypes.c_ulong(0))
    assert list(block) == random_bits(np, 4, 42, offset).tolist()
    page.eight_uniforms(block, values)
    assert list(values) == uniform(np, (8,), "float32", 42, offset).tolist()
    page.eight_normals(block, values)
    np.testing.assert_allclose(list(values), normal(np, (8,), "float32", 42, offset), rtol=2.2e-6, atol=0)


@LIBRARIES
@pytest.mark.parametrize("offset", [0, 1, CARRY, 2**128 - 2, 2**192 - 1, 2**256 - 4], ids=hex)
def test_words_are_those_of_numpys_philox(xp: Any, offset: int) -> None:
    key = 2**100 + 12345
    expected = np.random.Philox(key=key, counter=(offset - 1) % 2**256).random_raw(41)
    words = random_bits(xp, 41, key, offset)
    assert same_bits(words, expected)


@LIBRARIES
def test_halves_are_words_cut_in_two_low_half_first(xp: Any) -> None:
    word = int(random_bits(xp, 3, 5, 9)[2])
    halves = random_bits(xp, 5, 5, 9, "uint32")
    assert halves.dtype == np.uint32
    assert halves.shape == (5,)
    assert int(halves[4]) == word % 2**32
    assert int(random_bits(xp, 6, 5, 9, "uint32")[5]) == word >> 32


@pytest.mark.parametrize("kind", KINDS)
def test_every_library_draws_the_same(kind: str) -> None:
    # More values than NumPy's part, so that the two libraries cut the draw at different places.
    assert same_bits(draw(kind, np, 40_001, 3, CARRY), draw(kind, ARRAYS, 40_001, 3, CARRY))


@pytest.mark.parametrize("kind", KINDS)
@given(n=st.integers(0, 50), key=st.integers(0, UINT64_MAX), offset=st.integers(0, 2**65))
def test_a_short_draw_is_the_start_of_a_long_one(kind: str, n: int, key: int, offset: int) -> None:
    assert same_bits(draw(kind, np, n, key, offset), draw(kind, np, 51, key, offset)[:n])


@pytest.mark.parametrize("kind", KINDS)
def test_a_long_draw_goes_on_where_a_draw_of_whole_blocks_ended(kind: str) -> None:
    dtype = "uint64" if kind == "words" else "int64" if kind.startswith("int") else kind.split("(")[1][:-1]
    n = 65_536
    later = draw(kind, np, 77, 11, 6 + blocks_for(dtype, n))
    assert same_bits(draw(kind, np, n + 77, 11, 6)[n:], later)


@pytest.mark.parametrize("dtype", ["float64", "int64", "uint64", "float32", "float16", "bfloat16", "uint32"])
def test_blocks_for_counts_begun_blocks(dtype: str) -> None:
    per_block = 4 if dtype.endswith("64") else 8
    counts = [0, 1, per_block, per_block + 1, 2**62]
    assert [blocks_for(dtype, n) for n in counts] == [0, 1, 1, 2, 2**62 // per_block]


def test_blocks_for_refuses_a_dtype_that_no_draw_returns() -> None:
    with pytest.raises(KeyError, match="int8"):
        blocks_for("int8", 1)


@pytest.mark.parametrize("function", [uniform, normal])
def test_float_draws_refuse_integer_dtypes(function: Any) -> None:
    with pytest.raises(KeyError, match="int64"):
        function(np, (2,), "int64", 0, 0)


@LIBRARIES
@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2), (2, 3)], ids=str)
def test_shape_and_dtype(xp: Any, dtype: str, shape: tuple[int, ...]) -> None:
    for function in (uniform, normal):
        values = function(xp, shape, dtype, 1, 2)
        assert isinstance(values, np.ndarray)
        assert (values.shape, values.dtype.name) == (shape, dtype)
    whole = integers(xp, shape, 0, 5, 1, 2)
    assert (whole.shape, whole.dtype.name) == (shape, "int64")


def test_results_are_fresh_and_writable() -> None:
    first = uniform(np, (4,), "float32", 1, 0)
    first[...] = 7
    assert (uniform(np, (4,), "float32", 1, 0) < 1).all()


@pytest.mark.parametrize("dtype", FLOATS)
def test_uniforms_reach_zero_and_the_last_value_below_one(dtype: str) -> None:
    lowest = uniform(np, (3,), dtype, 0, 0, constant_words(0)).astype(np.float64)
    highest = uniform(np, (3,), dtype, 0, 0, constant_words(UINT64_MAX)).astype(np.float64)
    assert lowest.tolist() == [0.0] * 3
    assert highest.tolist() == [1 - 2.0 ** -DIGITS[dtype]] * 3


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_narrow_uniforms_are_float32_uniforms_cut_short(dtype: str) -> None:
    scale = 2.0 ** DIGITS[dtype]
    wide = uniform(np, (999,), "float32", 8, 0)
    assert (uniform(np, (999,), dtype, 8, 0).astype(np.float32) == np.floor(wide * scale) / scale).all()


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_narrow_normals_are_float32_normals_rounded(dtype: str) -> None:
    wide = normal(np, (999,), "float32", 8, 0)
    narrow = np.float16 if dtype == "float16" else ml_dtypes.bfloat16
    assert same_bits(normal(np, (999,), dtype, 8, 0), wide.astype(narrow))


@pytest.mark.parametrize("dtype", FLOATS)
def test_normals_are_finite_at_the_ends_of_the_stream(dtype: str) -> None:
    tail = normal(np, (2,), dtype, 0, 0, constant_words(0)).astype(np.float64)
    centre = normal(np, (2,), dtype, 0, 0, constant_words(UINT64_MAX)).astype(np.float64)
    smallest_power = 65 if dtype == "float64" else 33
    assert tail.tolist() == pytest.approx([math.sqrt(2 * smallest_power * math.log(2)), 0], rel=4e-3)
    assert centre.tolist() == [0, 0]


def test_float32_normals_are_within_half_the_published_tolerance() -> None:
    halves = random_bits(np, 200_000, 21, 0, "uint32")
    u = halves[0::2].astype(np.float32) * np.float32(2.0**-32) + np.float32(2.0**-33)
    angle = halves[1::2].view(np.int32).astype(np.float32) * np.float32(float.fromhex("0x1.921fb6p-30"))
    u, angle = u.astype(np.float64), angle.astype(np.float64)
    radius = np.sqrt(-2 * np.log(u))
    exact = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).reshape(-1)
    np.testing.assert_allclose(normal(np, (200_000,), "float32", 21, 0), exact, rtol=1.08e-6, atol=0)


@LIBRARIES
@pytest.mark.parametrize(
    ("low", "high"),
    [(0, 1), (0, 10), (-5, 2**40), (0, 2**63), (-(2**63), 2**63 - 1), (-(2**63), 2**63), (2**63 - 2, 2**63)],
)
def test_integers_are_remainders_of_words(xp: Any, low: int, high: int) -> None:
    words = random_bits(xp, 101, 4, CARRY).tolist()
    assert integers(xp, (101,), low, high, 4, CARRY).tolist() == [low + word % (high - low) for word in words]


@pytest.mark.parametrize(("low", "high"), [(3, 3), (4, 3), (-(2**63) - 1, 0), (0, 2**63 + 1)])
def test_integers_refuse_a_range_without_int64_values(low: int, high: int) -> None:
    with pytest.raises(ValueError, match=f"low={low} and high={high}"):
        integers(np, (2,), low, high, 0, 0)


def test_threads_do_not_disturb_each_other() -> None:
    def work(key: int) -> list[bytes]:
        return [random_bits(np, 5000, key, offset).tobytes() for offset in range(40)]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(8))) == [work(key) for key in range(8)]


@LIBRARIES
def test_array_words_and_native_words_leave_numpys_generators_alone(xp: Any) -> None:
    np.random.seed(1)  # noqa: NPY002
    expected = np.random.random(3)  # noqa: NPY002
    np.random.seed(1)  # noqa: NPY002
    philox.words(xp, 100, 2, 3)
    assert np.random.random(3).tolist() == expected.tolist()  # noqa: NPY002


# Chances of failing by bad luck do not matter below: the seeds are fixed, so the outcomes are too.


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("function", "name"), [(uniform, "uniform"), (normal, "norm")])
def test_distribution(function: Any, name: str, dtype: str) -> None:
    values = function(np, (200_000,), dtype, 2024, 0).astype(np.float64)
    assert stats.kstest(values, name).pvalue > 0.01
    mean, variance = getattr(stats, name).stats()
    assert values.mean() == pytest.approx(mean, abs=5 * math.sqrt(variance / values.size))
    assert values.var() == pytest.approx(variance, rel=0.02)


def test_normals_of_a_pair_and_of_neighbouring_pairs_are_uncorrelated() -> None:
    values = normal(np, (200_000,), "float32", 7, 0).astype(np.float64)
    lags = [np.corrcoef(values[:-lag], values[lag:])[0, 1] for lag in range(1, 9)]
    squares = np.corrcoef(values[0::2] ** 2, values[1::2] ** 2)[0, 1]
    assert max(map(abs, [*lags, squares])) < 5 / math.sqrt(values.size / 2)


def test_normals_have_normal_tails() -> None:
    values = normal(np, (1_000_000,), "float32", 99, 0)
    beyond = np.array([np.count_nonzero(np.abs(values) > limit) for limit in (2.0, 3.0, 4.0)])
    expected = 2 * stats.norm.sf([2.0, 3.0, 4.0]) * values.size
    assert (np.abs(beyond - expected) < 5 * np.sqrt(expected)).all()


def test_integers_fill_their_range_evenly() -> None:
    counts = np.bincount(integers(np, (100_000,), 0, 37, 5, 0), minlength=37)
    assert counts.shape == (37,)
    assert stats.chisquare(counts).pvalue > 0.01


def test_neighbouring_seeds_and_offsets_are_unrelated() -> None:
    starts = [(0, 0), (1, 0), (2, 0), (0, 2**64)]
    draws = [uniform(np, (50_000,), "float64", key, offset) for key, offset in starts]
    correlations = np.corrcoef(draws) - np.eye(4)
    assert np.abs(correlations).max() < 5 / math.sqrt(50_000)
