"""What holds for all shapes and dtypes: promotion, broadcasting, reshaping, slicing."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tensorplug as tp

FAST = st.integers(0, 4)
SHAPES = st.lists(FAST, max_size=4).map(tuple)

# PyTorch's documented promotion, row with column; wide unsigned integers promote with themselves and floats alone.
NAMES = ("bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64", "complex64",
         "complex128")  # fmt: skip
PROMOTED = """
b u1 i1 i2 i4 i8 f2 bf f4 f8 c8 c16
u1 u1 i2 i2 i4 i8 f2 bf f4 f8 c8 c16
i1 i2 i1 i2 i4 i8 f2 bf f4 f8 c8 c16
i2 i2 i2 i2 i4 i8 f2 bf f4 f8 c8 c16
i4 i4 i4 i4 i4 i8 f2 bf f4 f8 c8 c16
i8 i8 i8 i8 i8 i8 f2 bf f4 f8 c8 c16
f2 f2 f2 f2 f2 f2 f2 f4 f4 f8 c8 c16
bf bf bf bf bf bf f4 bf f4 f8 c8 c16
f4 f4 f4 f4 f4 f4 f4 f4 f4 f8 c8 c16
f8 f8 f8 f8 f8 f8 f8 f8 f8 f8 c16 c16
c8 c8 c8 c8 c8 c8 c8 c8 c8 c16 c8 c16
c16 c16 c16 c16 c16 c16 c16 c16 c16 c16 c16 c16
"""
SHORT = dict(zip(["b", "u1", "i1", "i2", "i4", "i8", "f2", "bf", "f4", "f8", "c8", "c16"], NAMES, strict=True))
TABLE = {
    (a, b): SHORT[cell]
    for a, line in zip(NAMES, PROMOTED.split("\n")[1:], strict=False)
    for b, cell in zip(NAMES, line.split(), strict=True)
}
CATEGORY = {n: 0 if n == "bool" else 1 if "int" in n else 2 if "float" in n else 3 for n in NAMES}


def made(shape: tuple[int, ...], dtype: str) -> Any:
    return tp.ones(shape, dtype=getattr(tp, dtype))


@pytest.mark.parametrize(("first", "second"), TABLE)
def test_tensors_with_dims_promote_by_the_table(first: str, second: str) -> None:
    assert (made((2,), first) + made((2,), second)).dtype.name == TABLE[first, second]


@pytest.mark.parametrize(("dims", "scalar"), TABLE)
def test_0d_tensors_count_only_by_their_category(dims: str, scalar: str) -> None:
    expected = TABLE[dims, scalar] if CATEGORY[scalar] > CATEGORY[dims] else dims
    if CATEGORY[dims] == 2 and CATEGORY[scalar] == 3:
        # A complex 0-d tensor makes a floating one complex, but does not widen it.
        expected = "complex128" if dims == "float64" else "complex64"
    assert (made((2,), dims) + made((), scalar)).dtype.name == expected


@pytest.mark.parametrize("dtype", NAMES)
@pytest.mark.parametrize("number", [True, 1, 1.5, 1j], ids=repr)
def test_numbers_count_only_by_their_category(dtype: str, number: Any) -> None:
    own = {bool: "bool", int: "int64", float: "float32", complex: "complex64"}[type(number)]
    expected = TABLE[dtype, own] if CATEGORY[own] > CATEGORY[dtype] else dtype
    assert (made((2,), dtype) * number).dtype.name == expected


def numpy_or_none(call: Any) -> Any:
    try:
        return call()
    except (ValueError, IndexError):
        return None


@given(SHAPES, SHAPES)
def test_shapes_broadcast_as_numpys(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    expected = numpy_or_none(lambda: np.broadcast_shapes(a, b))
    if expected is None:
        with pytest.raises(RuntimeError, match="must match the size"):
            tp.zeros(a) + tp.zeros(b)
    else:
        assert tuple((tp.zeros(a) + tp.zeros(b)).shape) == expected
        assert tuple(tp.broadcast_shapes(a, b)) == expected


@given(SHAPES, st.data())
def test_sum_undoes_broadcasting(shape: tuple[int, ...], data: st.DataObject) -> None:
    small = tuple(n if data.draw(st.booleans()) else 1 for n in shape)
    x = tp.ones(small, requires_grad=True)
    x.expand(shape).sum().backward()
    stretched = np.prod([n for n, m in zip(shape, small, strict=True) if n != m], dtype=int)
    assert tuple(x.grad.shape) == small
    assert bool((x.grad == (stretched if 0 not in shape else (0 if 0 not in small else 1))).all())


@st.composite
def strided(draw: st.DrawFn) -> tuple[Any, np.ndarray]:
    """A tensor with whatever strides slicing, permuting and expanding give, and the same array."""
    shape = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    array = np.arange(np.prod(shape)).reshape(shape)
    tensor = tp.arange(int(np.prod(shape))).reshape(tuple(shape))
    order = draw(st.permutations(range(len(shape))))
    array, tensor = array.transpose(order), tensor.permute(tuple(order))
    key = tuple(slice(draw(st.integers(0, n - 1)), None, draw(st.integers(1, 3))) for n in array.shape)
    array, tensor = array[key], tensor[key]
    if draw(st.booleans()):
        array, tensor = np.broadcast_to(array, (2, *array.shape)), tensor.expand(2, *tensor.shape)
    return tensor, array


@given(strided())
def test_views_show_what_numpys_show(pair: tuple[Any, np.ndarray]) -> None:
    tensor, array = pair
    assert tensor.tolist() == array.tolist()
    assert tensor.is_contiguous() == (array.flags.c_contiguous or array.size <= 1)


@given(strided(), st.data())
def test_reshape_keeps_the_order_and_copies_only_if_it_must(pair: tuple[Any, np.ndarray], data: st.DataObject) -> None:
    tensor, array = pair
    wanted = [array.size]
    for n in data.draw(st.lists(st.integers(1, 4), max_size=3)):
        if wanted[-1] % n == 0:
            wanted[-1:] = [n, wanted[-1] // n]
    reshaped = tensor.reshape(tuple(wanted))
    assert reshaped.tolist() == array.reshape(wanted).tolist()
    shares = np.shares_memory(array.reshape(wanted), array)
    assert (reshaped.untyped_storage().data_ptr() == tensor.untyped_storage().data_ptr()) == shares
    if not shares:
        with pytest.raises(RuntimeError, match="view size is not compatible"):
            tensor.view(tuple(wanted))


SLICES = st.slices(5).filter(lambda s: s.step is None or s.step > 0)


@given(st.tuples(SLICES, SLICES), strided())
def test_slices_read_and_write_as_numpys(key: tuple[slice, slice], pair: tuple[Any, np.ndarray]) -> None:
    tensor, array = pair[0].clone(), pair[1].copy()
    key = key[: array.ndim]
    assert tensor[key].tolist() == array[key].tolist()
    tensor[key], array[key] = -1, -1
    assert tensor.tolist() == array.tolist()


@given(strided(), st.data())
def test_index_tensors_read_as_numpys(pair: tuple[Any, np.ndarray], data: st.DataObject) -> None:
    tensor, array = pair
    kinds = data.draw(st.sampled_from([["int", "slice"], ["slice", "list", "mask"]]))
    key: list[Any] = []
    for n in array.shape:
        # Beside index tensors, ints are left out: NumPy broadcasts them with these, PyTorch takes the slice first.
        chosen = data.draw(st.sampled_from(kinds))
        if chosen == "int":
            key.append(data.draw(st.integers(-n, n - 1)))
        elif chosen == "slice":
            key.append(slice(None, data.draw(st.integers(0, n))))
        elif chosen == "list":
            key.append(np.array(data.draw(st.lists(st.integers(-n, n - 1), min_size=2, max_size=2))))
        else:
            mask = np.zeros(n, bool)
            mask[data.draw(st.integers(0, n - 1))] = True
            key.append(mask)
    found = tensor[tuple(tp.tensor(k) if isinstance(k, np.ndarray) else k for k in key)]
    assert found.tolist() == array[tuple(key)].tolist()
