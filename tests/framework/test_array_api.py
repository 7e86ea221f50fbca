"""The Python array API standard, 2024.12, against NumPy, whose main namespace follows it too."""

import itertools
import math

import numpy as np
import pytest

import tensorplug as tp

xp = tp.ones(1).__array_namespace__()

NAMES = """
    e inf nan newaxis pi
    arange asarray empty empty_like eye from_dlpack full full_like linspace meshgrid ones ones_like tril triu zeros
    zeros_like astype can_cast finfo iinfo isdtype result_type bool complex64 complex128 float32 float64 int8 int16
    int32 int64 uint8 uint16 uint32 uint64
    abs acos acosh add asin asinh atan atan2 atanh bitwise_and bitwise_left_shift bitwise_invert bitwise_or
    bitwise_right_shift bitwise_xor ceil clip conj copysign cos cosh divide equal exp expm1 floor floor_divide greater
    greater_equal hypot imag isfinite isinf isnan less less_equal log log1p log2 log10 logaddexp logical_and
    logical_not logical_or logical_xor maximum minimum multiply negative nextafter not_equal positive pow real
    reciprocal remainder round sign signbit sin sinh square sqrt subtract tan tanh trunc
    take take_along_axis __array_namespace_info__ matmul matrix_transpose tensordot vecdot
    broadcast_arrays broadcast_to concat expand_dims flip moveaxis permute_dims repeat reshape roll squeeze stack tile
    unstack argmax argmin count_nonzero nonzero searchsorted where unique_all unique_counts unique_inverse
    unique_values argsort sort cumulative_prod cumulative_sum max mean min prod std sum var all any diff
    __array_api_version__ fft linalg
"""
LINALG = """
    cholesky cross det diagonal eigh eigvalsh inv matmul matrix_norm matrix_power matrix_rank matrix_transpose outer
    pinv qr slogdet solve svd svdvals tensordot trace vecdot vector_norm
"""
FFT = "fft ifft fftn ifftn rfft irfft rfftn irfftn hfft ihfft fftfreq rfftfreq fftshift ifftshift"

SIGNED, UNSIGNED = ("int8", "int16", "int32", "int64"), ("uint8", "uint16", "uint32", "uint64")
INTEGERS, REALS, COMPLEX = SIGNED + UNSIGNED, ("float32", "float64"), ("complex64", "complex128")
FLOATING, NUMBERS = REALS + COMPLEX, INTEGERS + REALS + COMPLEX
WHOLE, ALL = ("bool", *INTEGERS), ("bool", *NUMBERS)

ARRAYS = {
    "bool": np.array([[True, False, True], [True, True, False]]),
    "int": np.array([[3, 1, 2], [0, 5, 4]]),
    "float": np.array([[0.5, -1.25, 2.5], [0.0, 0.75, -0.5]]),
    "complex": np.array([[0.5 + 1j, -1.25, 2.5j], [0.0, 0.75 - 0.5j, -0.5]]),
}


def array(dtype, kind=None):
    kind = kind or ("bool" if dtype == "bool" else "complex" if dtype in COMPLEX else "float")
    return ARRAYS["int" if dtype in INTEGERS else kind].astype(dtype)


def same(got, wanted):
    """One array or several, of equal shape, dtype and values."""
    if isinstance(wanted, tuple):
        assert len(got) == len(wanted)
        for one, other in zip(got, wanted, strict=True):
            same(one, other)
        return
    wanted = np.asarray(wanted)
    assert isinstance(got, tp.Tensor)
    assert (tuple(got.shape), got.dtype.name) == (wanted.shape, wanted.dtype.name)
    np.testing.assert_allclose(got.numpy(), wanted, rtol=3e-6, atol=3e-6)


def over(names, dtypes):
    return [(name, dtype) for name in names.split() for dtype in dtypes]


def test_every_name_of_the_standard_is_there():
    assert [name for name in NAMES.split() if not hasattr(xp, name)] == []
    assert set(xp.__all__) == set(NAMES.split())
    assert set(xp.linalg.__all__) == set(LINALG.split())
    assert set(xp.fft.__all__) == set(FFT.split())
    assert xp.__array_api_version__ == "2024.12"


def test_only_known_versions_are_handed_out():
    assert tp.ones(1).__array_namespace__(api_version="2023.12") is xp
    with pytest.raises(ValueError, match=r"2011\.01"):
        tp.ones(1).__array_namespace__(api_version="2011.01")


# ------------------------------------------------------------------------------------------------- elementwise

UNARY = [
    *over("abs negative positive square reciprocal sin cos tanh exp expm1 sqrt sinh cosh atan tan asinh", FLOATING),
    *over("abs square positive sign", INTEGERS),
    *over("negative", SIGNED),
    *over("floor ceil trunc round", REALS + INTEGERS),
    *over("isfinite isinf isnan", NUMBERS),
    *over("signbit log1p", REALS),
    *over("round conj real imag sign", COMPLEX),
    *over("real conj", REALS),
    *over("imag", REALS),
    *over("bitwise_invert", WHOLE),
    *over("logical_not", ("bool",)),
]
BINARY = [
    *over("add multiply subtract equal not_equal", NUMBERS),
    *over("greater greater_equal less less_equal maximum minimum", INTEGERS + REALS),
    *over("divide", FLOATING),
    *over("atan2 copysign hypot logaddexp nextafter", REALS),
    *over("bitwise_and bitwise_or bitwise_xor", WHOLE),
    *over("bitwise_left_shift bitwise_right_shift", INTEGERS),
    *over("logical_and logical_or logical_xor equal not_equal", ("bool",)),
]


@pytest.mark.parametrize(("name", "dtype"), UNARY)
def test_functions_of_one_array(name, dtype):
    x = array(dtype)
    if name == "reciprocal":
        x = x + np.asarray(3, dtype)
    if name in ("sqrt", "log1p") and dtype in REALS:
        x = np.abs(x)
    with np.errstate(all="ignore"):
        same(getattr(xp, name)(xp.asarray(x)), getattr(np, name)(x))


@pytest.mark.parametrize(("name", "dtype"), BINARY)
def test_functions_of_two_arrays_broadcast(name, dtype):
    x, y = array(dtype), array(dtype)[:1, ::-1]
    with np.errstate(all="ignore"):
        same(getattr(xp, name)(xp.asarray(x), xp.asarray(y.copy())), getattr(np, name)(x, y))


@pytest.mark.parametrize("name", ["log", "log2", "log10", "acosh"])
@pytest.mark.parametrize("dtype", FLOATING)
def test_logarithms(name, dtype):
    x = np.abs(array(dtype)) + 1 if dtype in REALS else array(dtype) + 2
    same(getattr(xp, name)(xp.asarray(x)), getattr(np, name)(x).astype(dtype))


@pytest.mark.parametrize("name", ["asin", "acos", "atanh"])
def test_inverse_functions(name):
    x = array("float64") / 4
    same(getattr(xp, name)(xp.asarray(x)), getattr(np, name)(x))


@pytest.mark.parametrize("name", ["floor_divide", "remainder", "pow"])
@pytest.mark.parametrize("dtype", INTEGERS + REALS)
def test_division_with_remainder_and_powers(name, dtype):
    x, y = array(dtype) + 1, np.array([2, 3, 1], dtype)
    same(getattr(xp, name)(xp.asarray(x), xp.asarray(y)), getattr(np, name)(x, y))


@pytest.mark.parametrize("number", [2, 2.5])
@pytest.mark.parametrize("name", ["add", "subtract", "divide", "maximum", "pow", "atan2", "less", "remainder"])
def test_python_numbers_take_the_dtype_of_the_array(name, number):
    x = np.abs(array("float32")) + np.float32(1)
    same(getattr(xp, name)(xp.asarray(x), number), getattr(np, name)(x, np.float32(number)))
    same(getattr(xp, name)(number, xp.asarray(x)), getattr(np, name)(np.float32(number), x))


@pytest.mark.parametrize("dtype", INTEGERS + REALS)
def test_clip_keeps_the_dtype(dtype):
    x = array(dtype)
    same(xp.clip(xp.asarray(x), 1, 3), np.clip(x, 1, 3).astype(dtype))
    same(xp.clip(xp.asarray(x), max=xp.asarray(x[:1])), np.minimum(x, x[:1]))
    same(xp.clip(xp.asarray(x)), x)


def test_signs_of_nan_and_zero():
    x = np.array([math.nan, -0.0, 0.0, -2.0])
    same(xp.sign(xp.asarray(x)), np.sign(x))
    same(xp.signbit(xp.asarray(x[1:])), np.signbit(x[1:]))


# ------------------------------------------------------------------------------------------------- dtypes


@pytest.mark.parametrize("group", [("bool",), SIGNED, UNSIGNED, (*SIGNED, *UNSIGNED[:3]), FLOATING])
def test_arrays_promote_by_dtype_whatever_their_dims(group):
    for a, b in itertools.product(group, repeat=2):
        wanted = np.promote_types(a, b).name
        x, y = getattr(xp, a), getattr(xp, b)
        assert xp.result_type(x, y).name == wanted
        if a != "bool":
            assert xp.add(xp.ones((), dtype=x), xp.ones(3, dtype=y)).dtype.name == wanted
        assert xp.where(xp.asarray([True]), xp.ones((), dtype=x), xp.ones(1, dtype=y)).dtype.name == wanted
        assert xp.can_cast(x, y) == (wanted == b)


def test_dtypes_without_a_common_one_are_refused():
    with pytest.raises(TypeError, match="do not promote"):
        xp.result_type(xp.uint64, xp.int8)
    assert not xp.can_cast(xp.uint64, xp.int8)
    with pytest.raises(ValueError, match="at least one"):
        xp.result_type(1, 2)


@pytest.mark.parametrize(
    ("values", "wanted"),
    [((xp.int8, 3), "int8"), ((xp.bool, 3), "int64"), ((xp.float32, 1.5), "float32"), ((xp.int8, 1.5), "float32"),
     ((xp.float64, 2j), "complex128"), ((xp.float32, 2j), "complex64"), ((xp.int8, True), "int8")],
)  # fmt: skip
def test_numbers_matter_only_by_a_higher_kind(values, wanted):
    assert xp.result_type(*values).name == wanted


@pytest.mark.parametrize(
    "kind", ["bool", "signed integer", "unsigned integer", "integral", "real floating", "complex floating", "numeric"]
)
@pytest.mark.parametrize("dtype", ALL)
def test_kinds_of_dtypes(kind, dtype):
    assert xp.isdtype(getattr(xp, dtype), kind) == np.isdtype(np.dtype(dtype), kind)


def test_kinds_may_be_several_and_must_be_known():
    assert xp.isdtype(xp.int8, ("bool", xp.int8))
    assert not xp.isdtype(xp.int8, xp.int16)
    with pytest.raises(ValueError, match="unknown kind"):
        xp.isdtype(xp.int8, "float")


@pytest.mark.parametrize("dtype", FLOATING)
def test_limits_of_floating_point_dtypes(dtype):
    found, wanted = xp.finfo(getattr(xp, dtype)), np.finfo(dtype)
    assert found.dtype.name == wanted.dtype.name
    for field in ("bits", "eps", "max", "min", "smallest_normal"):
        assert getattr(found, field) == getattr(wanted, field)


@pytest.mark.parametrize("dtype", INTEGERS)
def test_limits_of_integer_dtypes(dtype):
    found, wanted = xp.iinfo(xp.ones(1, dtype=getattr(xp, dtype))), np.iinfo(dtype)
    assert (found.bits, found.max, found.min, found.dtype.name) == (wanted.bits, wanted.max, wanted.min, dtype)


def test_astype_copies_unless_told_otherwise():
    x = xp.ones(2)
    assert xp.astype(x, xp.float32) is not x
    assert xp.astype(x, xp.float32, copy=False) is x
    assert xp.astype(x, xp.int8, device="meta").device.type == "meta"


# ------------------------------------------------------------------------------------------------- creation


@pytest.mark.parametrize("args", [(3,), (1, 4), (5, 0, -2), (0.0, 1.0, 0.25), (3, 1), (2.5, 0.0)])
def test_ranges(args):
    found, wanted = xp.arange(*args), np.arange(*args)
    same(found, wanted if wanted.dtype == np.int64 else wanted.astype(np.float32))


@pytest.mark.parametrize("endpoint", [True, False])
@pytest.mark.parametrize("num", [0, 1, 4])
def test_even_spaces(num, endpoint):
    same(xp.linspace(1, 3, num, dtype=xp.float64, endpoint=endpoint), np.linspace(1, 3, num, endpoint=endpoint))


def test_constants():
    same(xp.eye(2, 4, k=1, dtype=xp.int8), np.eye(2, 4, 1, dtype=np.int8))
    same(xp.eye(2, k=-5), np.zeros((2, 2), np.float32))
    same(xp.full(2, True), np.array([True, True]))
    same(xp.full((2, 1), 3), np.full((2, 1), 3))
    same(xp.zeros_like(xp.ones((2,), dtype=xp.int16)), np.zeros(2, np.int16))
    same(xp.full_like(xp.ones(2), 4, dtype=xp.uint8), np.full(2, 4, np.uint8))
    same(xp.tril(xp.ones((2, 3)), k=-1), np.tril(np.ones((2, 3), np.float32), -1))
    same(xp.triu(xp.ones((2, 3)), k=1), np.triu(np.ones((2, 3), np.float32), 1))
    assert xp.empty((2, 0)).shape == xp.empty_like(xp.ones((2, 0))).shape


def test_grids_have_both_orders():
    x, y = np.arange(3), np.arange(2)
    for order in ("xy", "ij"):
        same(xp.meshgrid(xp.asarray(x), xp.asarray(y), indexing=order), tuple(np.meshgrid(x, y, indexing=order)))
    assert xp.meshgrid() == ()


def test_memory_is_shared_or_copied_as_asked():
    x = np.zeros(2)
    xp.asarray(x)[0] = 1
    xp.asarray(x, copy=True)[1] = 1
    xp.from_dlpack(x)[1] += 5
    xp.from_dlpack(x, copy=True)[1] = 7
    assert x.tolist() == [1.0, 5.0]
    with pytest.raises(ValueError, match="copy"):
        xp.asarray([1, 2], copy=False)
    with pytest.raises(BufferError, match="copy=False"):
        xp.from_dlpack(x, device="meta", copy=False)


# ------------------------------------------------------------------------------------------------- shapes

X = np.arange(24).reshape(2, 3, 4)
SHAPES = {
    "broadcast_to": ((X[:, :1], (2, 3, 4)), {}),
    "expand_dims": ((X,), {"axis": -2}),
    "flip": ((X,), {"axis": (0, -1)}),
    "moveaxis": ((X, (0, 1), (2, 0)), {}),
    "permute_dims": ((X, (2, 0, 1)), {}),
    "repeat": ((X, 2), {"axis": 1}),
    "reshape": ((X, (4, -1)), {}),
    "roll": ((X, 2), {"axis": (0, 2)}),
    "squeeze": ((X[:, :1], 1), {}),
    "tile": ((X, (2, 1, 1, 2)), {}),
    "matrix_transpose": ((X,), {}),
    "unstack": ((X,), {"axis": -1}),
}


def converted(value):
    return xp.asarray(value.copy()) if isinstance(value, np.ndarray) else value


@pytest.mark.parametrize("name", SHAPES)
def test_shapes(name):
    args, kwargs = SHAPES[name]
    same(getattr(xp, name)(*map(converted, args), **kwargs), getattr(np, name)(*args, **kwargs))


def test_arrays_are_put_together():
    a, b = np.ones((2, 1), np.int8), np.ones((2, 2), np.float32)
    tensors = [xp.asarray(a), xp.asarray(b)]
    same(xp.concat(tensors, axis=1), np.concatenate((a, b), 1).astype(np.float32))
    same(xp.concat(tensors, axis=None), np.ones(6, np.float32))
    same(xp.stack([tensors[0], tensors[0]], axis=-1), np.stack((a, a), -1))
    same(xp.broadcast_arrays(*tensors), tuple(np.broadcast_arrays(a, b)))
    same(xp.flip(xp.asarray(X)), np.flip(X))
    same(xp.repeat(xp.asarray([1, 2]), xp.asarray([2, 1])), np.array([1, 1, 2]))


def test_reshape_copies_as_asked():
    x = xp.asarray(X)
    xp.reshape(x, (24,), copy=True)[0] = 9
    assert x[0, 0, 0].item() == 0
    with pytest.raises(ValueError, match="needs a copy"):
        xp.reshape(xp.permute_dims(x, (2, 1, 0)), (24,), copy=False)
    with pytest.raises(ValueError, match="size 3, not 1"):
        xp.squeeze(x, 1)


# ------------------------------------------------------------------------------------------------- reductions


@pytest.mark.parametrize(
    ("name", "dtype"),
    [*over("sum prod max min", INTEGERS + REALS), *over("sum prod", COMPLEX), *over("mean var std", REALS),
     *over("all any count_nonzero", ALL)],
)  # fmt: skip
def test_reductions(name, dtype):
    x = array(dtype)
    for axis, keepdims in itertools.product((None, 0, -1, (0, 1), ()), (False, True)):
        if axis == () and name in ("var", "std"):
            wanted = np.zeros_like(x)
        else:
            wanted = np.asarray(getattr(np, name)(x, axis=axis, keepdims=keepdims))
        same(getattr(xp, name)(xp.asarray(x), axis=axis, keepdims=keepdims), wanted)


def test_reductions_take_dtype_and_correction():
    x = array("float64")
    same(xp.sum(xp.asarray(x), dtype=xp.float32), np.sum(x, dtype=np.float32))
    same(xp.prod(xp.asarray([2, 3], dtype=xp.int8), dtype=xp.int16), np.int16(6))
    same(xp.var(xp.asarray(x), axis=1, correction=1), np.var(x, axis=1, ddof=1))
    same(xp.std(xp.asarray(x), correction=0.5), np.std(x, ddof=0.5))


@pytest.mark.parametrize("name", ["cumulative_sum", "cumulative_prod"])
@pytest.mark.parametrize("dtype", NUMBERS)
@pytest.mark.parametrize("initial", [False, True])
def test_running_reductions(name, dtype, initial):
    x = array(dtype)
    got = getattr(xp, name)(xp.asarray(x), axis=1, include_initial=initial)
    same(got, getattr(np, name)(x, axis=1, include_initial=initial))
    with pytest.raises(ValueError, match="axis is needed"):
        getattr(xp, name)(xp.asarray(x))


def test_differences():
    x = array("int64")
    same(xp.diff(xp.asarray(x), axis=0), np.diff(x, axis=0))
    same(xp.diff(xp.asarray(x), n=2, prepend=xp.asarray(x)), np.diff(x, n=2, prepend=x))


# ------------------------------------------------------------------------------------------------- searching


@pytest.mark.parametrize("name", ["argmax", "argmin"])
@pytest.mark.parametrize(("axis", "keepdims"), [(None, False), (None, True), (0, False), (-1, True)])
def test_places_of_extremes(name, axis, keepdims):
    x = np.array([[1, 3, 3], [0, 5, 0]])
    wanted = getattr(np, name)(x, axis=axis, keepdims=keepdims)
    same(getattr(xp, name)(xp.asarray(x), axis=axis, keepdims=keepdims), wanted)


@pytest.mark.parametrize("dtype", INTEGERS + REALS)
@pytest.mark.parametrize("descending", [False, True])
def test_sorting_keeps_the_order_of_equals(dtype, descending):
    x = np.array([2, 1, 2, 0, 1], dtype)
    key = np.array(sorted(range(5), key=lambda i: (-int(x[i]) if descending else int(x[i]), i)))
    same(xp.argsort(xp.asarray(x), descending=descending), key)
    same(xp.sort(xp.asarray(x), descending=descending), x[key])


def test_finding():
    x = array("int64")
    same(xp.nonzero(xp.asarray(x)), np.nonzero(x))
    with pytest.raises(ValueError, match="without axes"):
        xp.nonzero(xp.asarray(3))
    line, values = np.array([1, 3, 3, 5]), np.array([3, 0, 9])
    for side in ("left", "right"):
        same(xp.searchsorted(xp.asarray(line), xp.asarray(values), side=side), np.searchsorted(line, values, side))
    mixed, order = line[[2, 0, 3, 1]], np.array([1, 0, 3, 2])
    got = xp.searchsorted(xp.asarray(mixed), xp.asarray(values), sorter=xp.asarray(order))
    same(got, np.searchsorted(mixed, values, sorter=order))
    same(xp.where(xp.asarray([True, False]), 1, xp.asarray([5, 6], dtype=xp.int8)), np.array([1, 6], np.int8))


def test_taking():
    x = array("float64")
    places = np.array([1, -1, 0])
    same(xp.take(xp.asarray(x), xp.asarray(places), axis=1), np.take(x, places, axis=1))
    same(xp.take(xp.asarray(x[0]), xp.asarray(places)), np.take(x[0], places))
    order = np.array([[0, -1], [2, 0]])
    same(xp.take_along_axis(xp.asarray(x), xp.asarray(order)), np.take_along_axis(x, order, axis=-1))
    with pytest.raises(ValueError, match="axis is needed"):
        xp.take(xp.asarray(x), xp.asarray(places))


@pytest.mark.parametrize("dtype", WHOLE + REALS)
def test_sets(dtype):
    x = np.array([[2, 1, 2], [0, 1, 2]], dtype)
    for name in ("unique_all", "unique_counts", "unique_inverse"):
        got, wanted = getattr(xp, name)(xp.asarray(x)), getattr(np, name)(x)
        assert got._fields == wanted._fields
        same(tuple(got), tuple(wanted))
    same(xp.unique_values(xp.asarray(x)), np.unique_values(x))


def test_every_nan_is_a_value_of_its_own():
    values, counts = xp.unique_counts(xp.asarray([math.nan, 1.0, math.nan]))
    assert values.shape == (3,)
    assert counts.tolist() == [1, 1, 1]


# ------------------------------------------------------------------------------------------------- products


@pytest.mark.parametrize("dtype", NUMBERS)
def test_products(dtype):
    x = array(dtype)
    same(xp.matmul(xp.asarray(x), xp.asarray(x.T.copy())), np.matmul(x, x.T))
    same(xp.tensordot(xp.asarray(x), xp.asarray(x), axes=([0], [0])), np.tensordot(x, x, axes=([0], [0])))
    same(xp.tensordot(xp.asarray(x), xp.asarray(x)), np.tensordot(x, x))
    same(xp.vecdot(xp.asarray(x), xp.asarray(x[:1])), np.vecdot(x, x[:1]))
    same(xp.vecdot(xp.asarray(x), xp.asarray(x), axis=-2), np.vecdot(x, x, axis=-2))


def test_axes_of_products_must_fit():
    with pytest.raises(ValueError, match="has sizes"):
        xp.vecdot(xp.ones(2), xp.ones(3))
    with pytest.raises(ValueError, match="counted from the end"):
        xp.vecdot(xp.ones((2, 2)), xp.ones((2, 2)), axis=0)
    with pytest.raises(ValueError, match="at least 2"):
        xp.matrix_transpose(xp.ones(2))


# ------------------------------------------------------------------------------------------------- extensions

SQUARES = np.array([[[4.0, 1.0], [1.0, 3.0]], [[2.0, -1.0], [-1.0, 5.0]]])
MATRICES = np.arange(12.0).reshape(2, 2, 3) ** 2
ALGEBRA = {
    "cholesky": ((SQUARES,), {}),
    "cholesky upper": ((SQUARES,), {"upper": True}),
    "cross": ((MATRICES, MATRICES[:1] + 1), {}),
    "det": ((SQUARES,), {}),
    "diagonal": ((MATRICES,), {"offset": 1}),
    "eigvalsh": ((SQUARES,), {}),
    "inv": ((SQUARES,), {}),
    "matrix_norm": ((MATRICES,), {"keepdims": True}),
    "matrix_norm nuc": ((MATRICES,), {"ord": "nuc"}),
    "matrix_norm inf": ((MATRICES,), {"ord": math.inf}),
    "matrix_power": ((SQUARES, -2), {}),
    "matrix_rank": ((MATRICES,), {}),
    "outer": ((MATRICES[0, 0], MATRICES[1, 1]), {}),
    "pinv": ((MATRICES,), {}),
    "slogdet": ((SQUARES,), {}),
    "solve": ((SQUARES, MATRICES), {}),
    "solve a vector": ((SQUARES, SQUARES[0, 0]), {}),
    "svdvals": ((MATRICES,), {}),
    "trace": ((MATRICES,), {"offset": -1}),
    "vector_norm": ((MATRICES,), {"axis": (0, 2), "keepdims": True}),
    "vector_norm 1": ((MATRICES,), {"ord": 1}),
}


@pytest.mark.parametrize("case", ALGEBRA)
def test_linear_algebra(case):
    name = case.partition(" ")[0]
    args, kwargs = ALGEBRA[case]
    got = getattr(xp.linalg, name)(*map(converted, args), **kwargs)
    wanted = getattr(np.linalg, name)(*args, **kwargs)
    same(tuple(got) if isinstance(wanted, tuple) else got, tuple(wanted) if isinstance(wanted, tuple) else wanted)


@pytest.mark.parametrize("full", [True, False])
def test_factors_multiply_to_the_matrix(full):
    x = xp.asarray(MATRICES)
    u, s, vh = xp.linalg.svd(x, full_matrices=full)
    assert u.shape == (2, 2, 2)
    assert vh.shape == (2, 3 if full else 2, 3)
    same((u[..., :2] * s[:, None]) @ vh[:, :2], MATRICES)
    q, r = xp.linalg.qr(x.mT, mode="complete" if full else "reduced")
    assert q.shape == (2, 3, 3 if full else 2)
    same(q @ r, MATRICES.swapaxes(1, 2))
    values, vectors = xp.linalg.eigh(xp.asarray(SQUARES))
    same((vectors * values[:, None]) @ vectors.mT, SQUARES)


def test_a_matrix_is_no_stack_of_vectors():
    """Where PyTorch would take the right side for one vector for each matrix."""
    b = MATRICES[0, :, :2]
    same(xp.linalg.solve(xp.asarray(SQUARES), xp.asarray(b)), np.linalg.solve(SQUARES, b[None]))


def test_linear_algebra_refuses_what_it_does_not_know():
    with pytest.raises(ValueError, match="mode must be"):
        xp.linalg.qr(xp.ones((2, 2)), mode="raw")
    with pytest.raises(ValueError, match="must have size 3"):
        xp.linalg.cross(xp.ones(2), xp.ones(2))


@pytest.mark.parametrize("norm", ["backward", "ortho", "forward"])
@pytest.mark.parametrize("name", ["fft", "ifft", "rfft", "irfft", "hfft", "ihfft"])
def test_transforms_along_one_axis(name, norm):
    x = MATRICES if name in ("rfft", "ihfft") else MATRICES + 1j * MATRICES[::-1]
    for kwargs in ({}, {"n": 4}, {"axis": 0}):
        wanted = getattr(np.fft, name)(x, norm=norm, **kwargs)
        same(getattr(xp.fft, name)(xp.asarray(x), norm=norm, **kwargs), wanted)


@pytest.mark.parametrize("name", ["fftn", "ifftn", "rfftn", "irfftn"])
def test_transforms_along_several_axes(name):
    x = MATRICES if name == "rfftn" else MATRICES + 1j * MATRICES[::-1]
    for kwargs in ({}, {"axes": (0, 2)}, {"s": (3, 4), "axes": (1, 2)}):
        same(getattr(xp.fft, name)(xp.asarray(x), **kwargs), getattr(np.fft, name)(x, **kwargs))


def test_frequencies():
    same(xp.fft.fftfreq(5, d=0.5, dtype=xp.float64), np.fft.fftfreq(5, 0.5))
    same(xp.fft.rfftfreq(5, d=0.5, dtype=xp.float64), np.fft.rfftfreq(5, 0.5))
    same(xp.fft.fftshift(xp.asarray(MATRICES), axes=(0, 2)), np.fft.fftshift(MATRICES, (0, 2)))
    same(xp.fft.ifftshift(xp.asarray(MATRICES)), np.fft.ifftshift(MATRICES))


# ------------------------------------------------------------------------------------------------- the namespace


def test_the_namespace_answers_questions():
    info = xp.__array_namespace_info__()
    assert info.capabilities() == {"boolean indexing": True, "data-dependent shapes": True, "max dimensions": None}
    assert info.default_device() == tp.device("cpu")
    assert info.default_device() in info.devices()
    assert info.default_dtypes() == {
        "real floating": xp.float32, "complex floating": xp.complex64, "integral": xp.int64, "indexing": xp.int64,
    }  # fmt: skip
    assert list(info.dtypes()) == ["bool", *SIGNED, *UNSIGNED, *FLOATING]
    assert list(info.dtypes(kind=("bool", "complex floating"), device="cpu")) == ["bool", *COMPLEX]


def test_arrays_have_what_the_standard_asks_for():
    x = xp.ones((2, 3))
    assert (x.ndim, x.shape, x.dtype, x.device) == (2, (2, 3), xp.float32, tp.device("cpu"))
    assert x.T.shape == x.mT.shape == (3, 2)
    assert x.to_device("meta").device.type == "meta"
    assert x.to_device(x.device) is x


def test_programs_run_on_every_device():
    x = xp.ones((2, 3), device="meta")
    same_program = xp.sum(xp.exp(xp.subtract(x, xp.max(x, axis=1, keepdims=True))), axis=1)
    assert same_program.shape == (2,)
    assert same_program.device.type == "meta"


def test_gradients_flow():
    x = tp.tensor([1.0, 2.0], requires_grad=True)
    xp.sum(xp.multiply(x, xp.exp(x))).backward()
    np.testing.assert_allclose(x.grad.numpy(), [2 * math.e, 3 * math.e**2], rtol=1e-6)
