"""Tensors print as PyTorch 2.13 prints them: the expected texts are its own, its name replaced by ours."""

import math
from collections.abc import Iterator
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided

from tensorplug.printing import (
    PrintOptions,
    current_options,
    format_array,
    get_printoptions,
    set_printoptions,
    summary_view,
    tensor_str,
)

NAN, INF = math.nan, math.inf


@pytest.fixture(autouse=True)
def default_options() -> Iterator[None]:
    set_printoptions(profile="default")
    yield
    set_printoptions(profile="default")


def show(array: Any, **attributes: Any) -> str:
    """Return the text of a CPU tensor that holds `array`."""
    array = np.asarray(array)

    def read(shape: tuple[int, ...], strides: tuple[int, ...]) -> np.ndarray:
        return np.ascontiguousarray(as_strided(array, shape, strides))

    described = {
        "shape": array.shape,
        "strides": array.strides,
        "dtype_name": array.dtype.name,
        "device": "cpu",
    }
    return tensor_str(read, **(described | attributes))


def f32(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


NUMBERS = {
    "whole floats lose their digits": (f32(1, 2, -3), "tensor([ 1.,  2., -3.])"),
    "one fraction gives all four digits": (f32(1, 2.5), "tensor([1.0000, 2.5000])"),
    "digits are rounded": (f32(0.12345, 0.99999), "tensor([0.1235, 1.0000])"),
    "a ratio over 1000 goes scientific": (f32(1e-5, 100), "tensor([1.0000e-05, 1.0000e+02])"),
    "a ratio of 1000 does not": (f32(1000, 1), "tensor([1000.,    1.])"),
    "values over 1e8 go scientific": (f32(2e8), "tensor([2.0000e+08])"),
    "1e8 itself does not": (f32(1e8), "tensor([100000000.])"),
    "values under 1e-4 go scientific": (f32(5e-5), "tensor([5.0000e-05])"),
    "zeros have no say in the notation": (f32(0, 5e-5), "tensor([0.0000e+00, 5.0000e-05])"),
    "minus zero keeps its sign": (f32(0.0, -0.0), "tensor([0., -0.])"),
    "nan and inf among whole numbers": (f32(NAN, 1, INF, -INF), "tensor([nan, 1., inf, -inf])"),
    "nan and inf among fractions": (f32(NAN, 1.5, -INF), "tensor([   nan, 1.5000,   -inf])"),
    "only nan": (f32(NAN, NAN), "tensor([nan, nan])"),
    "no dimensions": (np.float32(2.5), "tensor(2.5000)"),
    "no dimensions, whole": (np.float32(-3), "tensor(-3.)"),
    "integers align": (np.array([1, -20, 300]), "tensor([  1, -20, 300])"),
    "booleans align": (np.array([True, False]), "tensor([ True, False])"),
    "no dimensions, boolean": (np.array(True), "tensor(True)"),
    "the largest integer": (
        np.array([2**64 - 1], np.uint64),
        "tensor([18446744073709551615], dtype=tensorplug.uint64)",
    ),
    "half": (np.array([65504], np.float16), "tensor([65504.], dtype=tensorplug.float16)"),
    "bfloat16": (
        np.array([0.1, 1, 3], ml_dtypes.bfloat16),
        "tensor([0.1001, 1.0000, 3.0000], dtype=tensorplug.bfloat16)",
    ),
    "float64 whose ratio overflows": (
        np.array([1e300, 1e-300]),
        "tensor([1.0000e+300, 1.0000e-300], dtype=tensorplug.float64)",
    ),
    "complex": (np.array([1 + 2j, -0.5 - 3j], np.complex64), "tensor([ 1.0000+2.j, -0.5000-3.j])"),
    "complex parts choose their notation apart": (
        np.array([1 + 2e-6j, 3 + 1j], np.complex64),
        "tensor([1.+2.0000e-06j, 3.+1.0000e+00j])",
    ),
    "complex, minus zero and nan": (
        np.array([complex(0, -0.0), complex(NAN, INF)], np.complex64),
        "tensor([0.-0.j, nan+infj])",
    ),
    "complex without dimensions": (np.array(1 - 1j, np.complex64), "tensor(1.-1.j)"),
    "complex128": (np.array([1j]), "tensor([0.+1.j], dtype=tensorplug.complex128)"),
}


@pytest.mark.parametrize(("array", "expected"), NUMBERS.values(), ids=NUMBERS.keys())
def test_numbers(array: np.ndarray, expected: str) -> None:
    assert show(array) == expected


LAYOUTS = {
    "rows under rows": (np.array([[1, 20], [300, 4]]), {}, "tensor([[  1,  20],\n        [300,   4]])"),
    "a blank line between blocks": (
        np.arange(24, dtype=np.float32).reshape(2, 3, 4),
        {},
        """\
tensor([[[ 0.,  1.,  2.,  3.],
         [ 4.,  5.,  6.,  7.],
         [ 8.,  9., 10., 11.]],

        [[12., 13., 14., 15.],
         [16., 17., 18., 19.],
         [20., 21., 22., 23.]]])""",
    ),
    "two blank lines between blocks of blocks": (
        np.arange(4).reshape(2, 1, 1, 2),
        {},
        "tensor([[[[0, 1]]],\n\n\n        [[[2, 3]]]])",
    ),
    "rows wrap at 80 characters": (
        np.arange(30) * 1000,
        {},
        """\
tensor([    0,  1000,  2000,  3000,  4000,  5000,  6000,  7000,  8000,  9000,
        10000, 11000, 12000, 13000, 14000, 15000, 16000, 17000, 18000, 19000,
        20000, 21000, 22000, 23000, 24000, 25000, 26000, 27000, 28000, 29000])""",
    ),
    "complex rows wrap": (
        np.array([0, 1.5 + 2.5j, 3 + 5j, 4.5 + 7.5j], np.complex64),
        {"linewidth": 50},
        """\
tensor([0.0000+0.0000j, 1.5000+2.5000j,
        3.0000+5.0000j, 4.5000+7.5000j])""",
    ),
    "a line too short for one number takes one": (
        np.array([10, 20]),
        {"linewidth": 0},
        "tensor([10,\n        20])",
    ),
    "a large vector shows its ends": (
        np.arange(2000),
        {},
        "tensor([   0,    1,    2,  ..., 1997, 1998, 1999])",
    ),
    "the threshold itself is no summary": (
        np.arange(5),
        {"threshold": 5, "edgeitems": 1},
        "tensor([0, 1, 2, 3, 4])",
    ),
    "above the threshold is": (np.arange(6), {"threshold": 5, "edgeitems": 1}, "tensor([0,  ..., 5])"),
    "a large matrix shows its corners": (
        np.arange(20000).reshape(100, 200),
        {},
        """\
tensor([[    0,     1,     2,  ...,   197,   198,   199],
        [  200,   201,   202,  ...,   397,   398,   399],
        [  400,   401,   402,  ...,   597,   598,   599],
        ...,
        [19400, 19401, 19402,  ..., 19597, 19598, 19599],
        [19600, 19601, 19602,  ..., 19797, 19798, 19799],
        [19800, 19801, 19802,  ..., 19997, 19998, 19999]])""",
    ),
    "only long dimensions are cut": (
        np.arange(4000).reshape(2, 2, 1000),
        {},
        """\
tensor([[[   0,    1,    2,  ...,  997,  998,  999],
         [1000, 1001, 1002,  ..., 1997, 1998, 1999]],

        [[2000, 2001, 2002,  ..., 2997, 2998, 2999],
         [3000, 3001, 3002,  ..., 3997, 3998, 3999]]])""",
    ),
    "only the numbers shown choose the notation": (
        np.where(np.arange(2000) == 1000, 1e9, 1.0).astype(np.float32),
        {},
        "tensor([1., 1., 1.,  ..., 1., 1., 1.])",
    ),
    "summarised rows wrap too": (
        (np.arange(1200) * 1.5).astype(np.float32).reshape(2, 600),
        {},
        """\
tensor([[0.0000e+00, 1.5000e+00, 3.0000e+00,  ..., 8.9550e+02, 8.9700e+02,
         8.9850e+02],
        [9.0000e+02, 9.0150e+02, 9.0300e+02,  ..., 1.7955e+03, 1.7970e+03,
         1.7985e+03]])""",
    ),
    "a transposed matrix": (
        np.arange(2000).reshape(2, 1000).T,
        {"edgeitems": 1},
        "tensor([[   0, 1000],\n        ...,\n        [ 999, 1999]])",
    ),
    "no edge items": (np.arange(2000), {"edgeitems": 0}, "tensor([...], size=(2000,))"),
    "no edge items, small": (np.array([1, 2]), {"edgeitems": 0}, "tensor([1, 2], size=(2,))"),
    "no summary": (np.arange(7), {"profile": "full"}, "tensor([0, 1, 2, 3, 4, 5, 6])"),
    "short": (f32(1.23456), {"profile": "short"}, "tensor([1.23])"),
    "precision": (f32(1.23456), {"precision": 1}, "tensor([1.2])"),
    "always scientific": (f32(1, NAN), {"sci_mode": True}, "tensor([1.0000e+00,        nan])"),
    "never scientific": (f32(1e-30, 1), {"sci_mode": False}, "tensor([0.0000, 1.0000])"),
}


@pytest.mark.parametrize(("array", "options", "expected"), LAYOUTS.values(), ids=LAYOUTS.keys())
def test_layout(array: np.ndarray, options: dict[str, Any], expected: str) -> None:
    set_printoptions(**options)
    assert show(array) == expected


ATTRIBUTES = {
    "requires_grad": (f32(1), {"requires_grad": True}, "tensor([1.], requires_grad=True)"),
    "grad_fn stands for requires_grad": (
        f32(1),
        {"requires_grad": True, "grad_fn_name": "MulBackward0"},
        "tensor([1.], grad_fn=<MulBackward0>)",
    ),
    "dtype": (np.array([1.0]), {}, "tensor([1.], dtype=tensorplug.float64)"),
    "the default dtype is silent": (np.array([1.0]), {"default_dtype_name": "float64"}, "tensor([1.])"),
    "its complex partner is silent": (np.array([1j]), {"default_dtype_name": "float64"}, "tensor([0.+1.j])"),
    "device": (
        f32(1),
        {"device": "opencl:0", "is_default_device": False},
        "tensor([1.], device='opencl:0')",
    ),
    "all in order": (
        np.array([1.0]),
        {"device": "cuda:1", "is_default_device": False, "grad_fn_name": "ExpBackward0"},
        "tensor([1.], device='cuda:1', dtype=tensorplug.float64, grad_fn=<ExpBackward0>)",
    ),
    "empty vector": (f32(), {}, "tensor([])"),
    "empty matrix": (np.zeros((0, 3), np.float32), {}, "tensor([], size=(0, 3))"),
    "empty integers tell their dtype": (np.zeros(0, np.int64), {}, "tensor([], dtype=tensorplug.int64)"),
    "a subclass aligns to its own name": (
        np.array([[1], [2]]),
        {"prefix": "Mask("},
        "Mask([[1],\n      [2]])",
    ),
}


@pytest.mark.parametrize(("array", "attributes", "expected"), ATTRIBUTES.values(), ids=ATTRIBUTES.keys())
def test_attributes(array: np.ndarray, attributes: dict[str, Any], expected: str) -> None:
    assert show(array, **attributes) == expected


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (12, "tensor([1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1.], requires_grad=True)"),
        (13, "tensor([1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1.],\n       requires_grad=True)"),
    ],
)
def test_attributes_that_do_not_fit_start_a_line(count: int, expected: str) -> None:
    assert show(np.ones(count, np.float32), requires_grad=True) == expected


@pytest.mark.parametrize(
    ("shape", "dtype", "expected"),
    [
        ((2, 3), "float32", "tensor(..., device='meta', size=(2, 3))"),
        ((), "int64", "tensor(..., device='meta', size=(), dtype=tensorplug.int64)"),
    ],
)
def test_meta_tensors_show_their_size(shape: tuple[int, ...], dtype: str, expected: str) -> None:
    strides = tuple(1 for _ in shape)
    text = tensor_str(None, shape=shape, strides=strides, dtype_name=dtype, device="meta", is_default_device=False)
    assert text == expected


def test_a_large_tensor_is_read_once_and_only_where_it_shows() -> None:
    views = []

    def read(shape: tuple[int, ...], strides: tuple[int, ...]) -> np.ndarray:
        views.append((shape, strides))
        return np.zeros(shape, np.float32)

    tensor_str(read, shape=(10**6, 5, 10**6), strides=(5 * 10**6, 10**6, 1), dtype_name="float32", device="cpu")
    assert views == [((2, 3, 5, 2, 3), (5 * 10**6 * (10**6 - 3), 5 * 10**6, 10**6, 10**6 - 3, 1))]


@pytest.mark.parametrize("shape", [(0, 3), (0,)])
def test_an_empty_tensor_is_not_read(shape: tuple[int, ...]) -> None:
    def read(shape: tuple[int, ...], strides: tuple[int, ...]) -> np.ndarray:
        raise AssertionError("an empty tensor was read")

    assert tensor_str(read, shape=shape, strides=(1,) * len(shape), dtype_name="float32", device="cpu")


def test_a_small_tensor_is_viewed_as_it_is() -> None:
    assert summary_view((2, 500), (1, 2)) == ((2, 500), (1, 2))


def test_a_signalling_nan_prints_without_a_warning() -> None:
    assert show(np.array([0x7FA00000], np.uint32).view(np.float32)) == "tensor([nan])"


def test_numbers_alone_align_to_the_indent() -> None:
    assert format_array(np.array([[1], [2]]), indent=3) == "[[1],\n    [2]]"


def test_options_passed_in_win_over_those_in_force() -> None:
    assert format_array(np.array([1.25]), options=PrintOptions(precision=1)) == "[1.2]"


def test_options_left_out_stay_but_sci_mode_returns_to_automatic() -> None:
    set_printoptions(precision=2, sci_mode=True)
    set_printoptions(edgeitems=1)
    assert current_options() == PrintOptions(precision=2, edgeitems=1, sci_mode=None)


def test_a_profile_is_a_fresh_start_for_other_options() -> None:
    set_printoptions(linewidth=20, precision=7)
    set_printoptions(profile="short", edgeitems=5)
    assert current_options() == PrintOptions(precision=2, edgeitems=5)


def test_options_are_restored_from_their_dictionary() -> None:
    set_printoptions(precision=2, threshold=10, sci_mode=False)
    saved = get_printoptions()
    set_printoptions(profile="default")
    set_printoptions(**saved)
    assert saved == {"precision": 2, "threshold": 10, "edgeitems": 3, "linewidth": 80, "sci_mode": False}
    assert get_printoptions() == saved


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(ValueError, match="no profile 'tiny'; there are 'default', 'short', 'full'"):
        set_printoptions(profile="tiny")
