"""Methods with a trailing underscore write their result over the tensor and return it."""

import math

import pytest

import tensorplug as tp


@pytest.fixture
def x():
    return tp.tensor([1.0, 2.0, 3.0])


SAME_AS = {
    "abs": (), "neg": (), "exp": (), "log": (), "sqrt": (), "square": (), "sin": (), "tanh": (), "sigmoid": (),
    "relu": (), "floor": (), "round": (), "reciprocal": (), "rsqrt": (), "add": (2.5,), "sub": (2.5,), "mul": (2.5,),
    "div": (2.5,),
    "pow": (2,), "remainder": (2,), "floor_divide": (2,), "clamp": (1.5, 2.5), "clamp_min": (1.5,), "cumsum": (0,),
    "cumprod": (0,), "maximum": None, "lerp": (tp.zeros(3), 0.5), "addcmul": (tp.ones(3), tp.ones(3)),
    "masked_fill": (tp.tensor([True, False, True]), 9), "index_fill": (0, tp.tensor([0]), 9.0),
    "index_add": (0, tp.tensor([0, 0]), tp.ones(2)), "scatter": (0, tp.tensor([1]), tp.ones(1)),
    "scatter_add": (0, tp.tensor([1, 1]), tp.ones(2)), "eq": (2,), "gt": (2,), "nan_to_num": (), "sign": (),
}  # fmt: skip


@pytest.mark.parametrize("name", [n for n, arguments in SAME_AS.items() if arguments is not None])
def test_the_same_as_the_op_but_in_the_memory_of_the_tensor(x, name):
    expected = getattr(x, name)(*SAME_AS[name])
    place = x.data_ptr()
    found = getattr(x, name + "_")(*SAME_AS[name])
    assert found is x
    assert x.data_ptr() == place
    assert x.dtype is tp.float32
    assert tp.equal(x, expected.float())


def test_also_as_functions(x):
    assert tp.exp_(x) is x
    assert x[0].item() == pytest.approx(math.e)


def test_operands_broadcast_to_the_tensor_and_not_beyond(x):
    assert tp.zeros(2, 3).add_(x).tolist() == [[1, 2, 3]] * 2
    with pytest.raises(RuntimeError, match="broadcast shape"):
        x.add_(tp.ones(2, 3))


def test_alpha_scales_what_is_added(x):
    assert x.add_(tp.ones(3), alpha=10).tolist() == [11, 12, 13]


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.add_(1.5),
        lambda t: t.add_(tp.ones(3)),
        lambda t: t.div_(2),
        lambda t: t.sqrt_(),
    ],
)
def test_integers_do_not_take_fractions(change):
    t = tp.tensor([1, 2, 3])
    with pytest.raises(RuntimeError, match="can't be cast"):
        change(t)
    assert t.tolist() == [1, 2, 3]


def test_real_numbers_do_not_take_complex_ones(x):
    with pytest.raises(RuntimeError, match="can't be cast"):
        x.add_(1j)


def test_a_wider_operand_does_not_widen_the_tensor(x):
    assert x.add_(tp.ones(3, dtype=tp.float64)).dtype is tp.float32
    assert x.half().add_(x).dtype is tp.float16


def test_small_integers_wrap_around():
    assert tp.tensor([250], dtype=tp.uint8).add_(10).tolist() == [4]


def test_a_tensor_as_its_own_operand(x):
    assert x.mul_(x).tolist() == [1, 4, 9]


def test_overlapping_views_read_what_was_there_before(x):
    x[1:].add_(x[:-1])
    assert x.tolist() == [1, 3, 5]


def test_calls_can_be_chained(x):
    assert x.add_(1).mul_(2).sub_(3).tolist() == [1, 3, 5]


# ---------------------------------------------------------------------------------------------------- overwriting


def test_zero_and_fill(x):
    assert x.fill_(2.5).tolist() == [2.5] * 3
    assert x.fill_(tp.tensor(3)).tolist() == [3] * 3
    assert x.zero_().tolist() == [0] * 3


def test_fill_takes_one_value(x):
    with pytest.raises(RuntimeError, match="0-dimension"):
        x.fill_(tp.ones(2))


def test_copy_broadcasts_and_converts(x):
    assert tp.zeros(2, 3).copy_(x).tolist() == [[1, 2, 3]] * 2
    assert tp.zeros(3, dtype=tp.int64).copy_(x * 1.5).tolist() == [1, 3, 4]
    assert x.copy_(7).tolist() == [7] * 3


def test_copy_of_another_shape_is_refused(x):
    with pytest.raises(RuntimeError, match="broadcast"):
        x.copy_(tp.ones(2))


def test_copy_takes_tensors_and_numbers(x):
    with pytest.raises(TypeError, match="list"):
        x.copy_([1, 2, 3])


NUMBERS = {
    "uint8 300": (tp.uint8, 300, None),
    "uint8 -1": (tp.uint8, -1, 255),
    "int8 128": (tp.int8, 128, None),
    "int8 1.7": (tp.int8, 1.7, 1),
    "int64 inf": (tp.int64, math.inf, None),
    "int64 nan": (tp.int64, math.nan, None),
    "float32 1e300": (tp.float32, 1e300, None),
    "float32 inf": (tp.float32, math.inf, math.inf),
    "float16 1e5": (tp.float16, 1e5, None),
    "float32 complex": (tp.float32, 2j, None),
    "float32 real complex": (tp.float32, 2 + 0j, 2),
    "bool 5": (tp.bool, 5, True),
}

WAYS = {
    "fill_": lambda x, value: x.fill_(value),
    "assignment": lambda x, value: x.__setitem__(slice(None), value),
    "full": lambda x, value: x.copy_(tp.full(x.shape, value, dtype=x.dtype)),
    "masked_fill_": lambda x, value: x.masked_fill_(tp.ones(2, dtype=tp.bool), value),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
@pytest.mark.parametrize(("dtype", "value", "expected"), NUMBERS.values(), ids=NUMBERS.keys())
def test_a_number_must_fit_where_it_is_written(dtype, value, expected, way):
    x = tp.zeros(2, dtype=dtype)
    if expected is None:
        with pytest.raises(RuntimeError, match="cannot be converted"):
            way(x, value)
        assert x.tolist() == [0, 0]
    else:
        way(x, value)
        assert x.tolist() == [expected] * 2


# ---------------------------------------------------------------------------------------------------- other shapes


def test_view_ops_in_place_change_what_is_shown():
    x = tp.arange(6).reshape(1, 2, 3)
    place = x.data_ptr()
    assert x.squeeze_(0).shape == (2, 3)
    assert x.t_().tolist() == [[0, 3], [1, 4], [2, 5]]
    assert x.unsqueeze_(-1).transpose_(0, 1).shape == (2, 3, 1)
    assert x.data_ptr() == place


def test_the_diagonal_is_filled():
    assert tp.zeros(2, 3).fill_diagonal_(4).tolist() == [[4, 0, 0], [0, 4, 0]]


def test_results_of_another_shape_have_no_place(x):
    with pytest.raises(RuntimeError, match="shape"):
        tp.ones(1).add_(x)
