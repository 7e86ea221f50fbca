"""From tensors to other dtypes and devices, and to Python numbers and lists."""

import math

import pytest

import tensorplug as tp


@pytest.fixture
def x():
    return tp.tensor([1.0, 2.5, -3.0])


# ---------------------------------------------------------------------------------------------------- to()


@pytest.mark.parametrize(
    "convert",
    [
        lambda x: x.to(tp.float64),
        lambda x: x.to("cpu", tp.float64),
        lambda x: x.to(tp.device("cpu"), tp.float64),
        lambda x: x.to(dtype=tp.float64),
        lambda x: x.to(device="cpu", dtype=tp.float64),
        lambda x: x.to(tp.ones(1, dtype=tp.float64)),
        lambda x: x.to(tp.float64, non_blocking=True),
        lambda x: x.to("cpu", tp.float64, False, True),
        lambda x: x.type(tp.float64),
        lambda x: x.type("tensorplug.DoubleTensor"),
        lambda x: x.type_as(tp.ones(1, dtype=tp.float64)),
        lambda x: x.double(),
    ],
)
def test_ways_to_another_dtype(x, convert):
    found = convert(x)
    assert (found.dtype, found.tolist()) == (tp.float64, [1, 2.5, -3])


@pytest.mark.parametrize(
    ("method", "dtype"),
    [
        ("float", tp.float32), ("double", tp.float64), ("half", tp.float16), ("bfloat16", tp.bfloat16),
        ("long", tp.int64), ("int", tp.int32), ("short", tp.int16), ("char", tp.int8), ("bool", tp.bool),
        ("cfloat", tp.complex64), ("cdouble", tp.complex128),
    ],
)  # fmt: skip
def test_methods_named_after_dtypes(x, method, dtype):
    assert getattr(x, method)().dtype is dtype


def test_integers_cut_off_the_fraction(x):
    assert x.long().tolist() == [1, 2, -3]


def test_bool_is_true_where_not_zero():
    assert tp.tensor([0.0, 0.5, math.nan]).bool().tolist() == [False, True, True]


def test_copy_makes_one_where_nothing_changes(x):
    assert x.to(tp.float32) is x
    copied = x.to(tp.float32, copy=True)
    copied.zero_()
    assert x.tolist() == [1, 2.5, -3]


@pytest.mark.parametrize("arguments", [(object(),), ("cpu", "cpu"), (3.5,)])
def test_what_to_does_not_take(x, arguments):
    with pytest.raises(TypeError, match="invalid combination"):
        x.to(*arguments)


def test_an_unknown_device_is_named(x):
    with pytest.raises(RuntimeError, match="nowhere"):
        x.to("nowhere")


def test_the_name_of_the_type(x):
    assert x.type() == "tensorplug.FloatTensor"
    assert x.long().type() == "tensorplug.LongTensor"


def test_a_device_without_data():
    shown = tp.ones(2, 3).to("meta") + 1
    assert (shown.shape, shown.device.type, shown.is_meta) == ((2, 3), "meta", True)


@pytest.mark.parametrize("read", [lambda t: t.tolist(), lambda t: t.sum().item(), lambda t: t.cpu()])
def test_a_device_without_data_has_none_to_give(read):
    with pytest.raises((RuntimeError, NotImplementedError), match="meta"):
        read(tp.ones(2, device="meta"))


# ---------------------------------------------------------------------------------------------------- to Python


@pytest.mark.parametrize(("value", "kind"), [(2.5, float), (3, int), (True, bool), (1 + 2j, complex)])
def test_item_gives_a_python_number(value, kind):
    found = tp.tensor(value).item()
    assert (found, type(found)) == (value, kind)


def test_item_of_any_shape_with_one_element():
    assert tp.tensor([[7]]).item() == 7


@pytest.mark.parametrize("shape", [(2,), (0,)])
def test_item_needs_one_element(shape):
    with pytest.raises(RuntimeError, match=f"{shape[0]} elements"):
        tp.ones(shape).item()


@pytest.mark.parametrize("dtype", [tp.float16, tp.bfloat16, tp.float32, tp.float64])
def test_items_of_all_floating_point_dtypes_are_floats(dtype):
    assert type(tp.ones((), dtype=dtype).item()) is float


def test_tolist_nests():
    assert tp.arange(4).reshape(2, 2).tolist() == [[0, 1], [2, 3]]
    assert tp.tensor(3).tolist() == 3
    assert tp.ones(2, 0).tolist() == [[], []]
    assert tp.ones(2).bfloat16().tolist() == [1.0, 1.0]


def test_tolist_of_strided_tensors():
    assert tp.arange(4).reshape(2, 2).t().tolist() == [[0, 2], [1, 3]]


# ---------------------------------------------------------------------------------------------------- facts


def test_facts_about_a_tensor():
    x = tp.ones(2, 3, dtype=tp.float64)
    assert (x.dim(), x.ndim, x.ndimension()) == (2, 2, 2)
    assert (x.numel(), x.nelement()) == (6, 6)
    assert (x.element_size(), x.itemsize, x.nbytes) == (8, 8, 48)
    assert (x.is_floating_point(), x.is_complex(), x.is_signed()) == (True, False, True)
    assert (x.is_cpu, x.is_cuda, x.is_meta, x.get_device()) == (True, False, False, -1)
    assert (x.device, x.dtype) == (tp.device("cpu"), tp.float64)


def test_sizes_and_strides_by_dim():
    x = tp.ones(2, 3)
    assert (x.shape, x.size(), x.stride()) == ((2, 3), (2, 3), (3, 1))
    assert (x.size(0), x.size(-1), x.size(dim=1), x.stride(0), x.stride(-1)) == (2, 3, 3, 3, 1)
    with pytest.raises(IndexError, match="Dimension out of range"):
        x.size(2)


def test_a_shape_is_a_tuple_with_numel():
    shape = tp.ones(2, 3).shape
    assert isinstance(shape, tuple)
    assert isinstance(shape, tp.Size)
    assert shape.numel() == 6
    assert repr(shape) == "tensorplug.Size([2, 3])"


@pytest.mark.parametrize("name", ["shape", "dtype", "device", "is_leaf", "grad_fn"])
def test_facts_cannot_be_assigned(name):
    with pytest.raises(AttributeError):
        setattr(tp.ones(1), name, 3)


def test_users_may_attach_attributes():
    x = tp.ones(1)
    x.label = "mine"
    assert x.label == "mine"
    del x.label
    assert not hasattr(x, "label")


# ---------------------------------------------------------------------------------------------------- transposes, parts


def test_transposed_attributes():
    x = tp.arange(6).reshape(1, 2, 3)
    assert x.mT.shape == (1, 3, 2)
    assert x[0].T.tolist() == x[0].t().tolist()
    z = tp.tensor([[1 + 1j, 2]])
    assert z.H.tolist() == [[1 - 1j], [2]]
    assert z.mH.tolist() == z.H.tolist()
    with pytest.raises(RuntimeError, match="matrices"):
        _ = tp.ones(3).mT
