"""Tensors among Python's own things: truth, numbers, iteration, containers, formatting, operators."""

import math

import numpy as np
import pytest

import tensorplug as tp


@pytest.fixture
def x():
    return tp.tensor([1.0, 2.0, 3.0])


# ---------------------------------------------------------------------------------------------------- truth and numbers


@pytest.mark.parametrize(
    ("value", "expected"), [(0, False), (0.0, False), (-2, True), (math.nan, True), ([[1]], True), (0j, False)]
)
def test_truth_of_one_element(value, expected):
    assert bool(tp.tensor(value)) is expected
    assert tp.tensor(value).is_nonzero() is expected


@pytest.mark.parametrize(("shape", "message"), [((2,), "more than one value"), ((0,), "no values")])
def test_truth_of_another_number_of_elements_is_ambiguous(shape, message):
    with pytest.raises(RuntimeError, match=message):
        bool(tp.ones(shape))


def test_one_element_becomes_a_number():
    assert (int(tp.tensor([4.7])), float(tp.tensor(3)), complex(tp.tensor(2.0))) == (4, 3.0, 2 + 0j)
    assert float(tp.tensor(3 + 0j)) == 3


@pytest.mark.parametrize("convert", [int, float, complex])
def test_several_elements_do_not(convert, x):
    with pytest.raises(ValueError, match="one element"):
        convert(x)


def test_a_complex_number_is_not_real():
    with pytest.raises(RuntimeError, match="without overflow"):
        float(tp.tensor(1j))


def test_integers_serve_as_indices():
    assert [10, 20, 30][tp.tensor(1)] == 20
    assert list(range(tp.tensor([2]))) == [0, 1]
    assert [10, 20][tp.tensor(True)] == 20


@pytest.mark.parametrize("value", [1.0, [0, 1]])
def test_other_tensors_do_not(value):
    with pytest.raises(TypeError, match="index"):
        range(tp.tensor(value))


def test_functions_of_math_take_one_element():
    assert math.sin(tp.tensor(0.5)) == math.sin(0.5)
    assert math.floor(tp.tensor(2.5)) == 2


# ---------------------------------------------------------------------------------------------------- containers


def test_length_and_iteration(x):
    assert len(x) == 3
    assert [v.item() for v in x] == [1, 2, 3]
    first, *rest = x
    assert (first.item(), len(rest)) == (1, 2)
    assert [v.item() for v in reversed(x)] == [3, 2, 1]


def test_rows_of_an_iteration_are_views():
    x = tp.zeros(2, 2)
    for row in x:
        row += 1
    assert x.tolist() == [[1, 1], [1, 1]]


def test_0d_tensors_have_no_length_and_no_elements():
    with pytest.raises(TypeError, match="0-d"):
        len(tp.tensor(1))
    with pytest.raises(TypeError, match="0-d"):
        iter(tp.tensor(1))


def test_membership_compares_values(x):
    assert 2.0 in x
    assert tp.tensor(3.0) in x
    assert 5 not in x
    with pytest.raises(RuntimeError, match="contains"):
        _ = "a" in x


def test_tensors_are_hashed_by_identity(x):
    twin = x.clone()
    assert hash(x) != hash(twin)
    assert len({x, x, twin}) == 2
    assert {x: "value"}[x] == "value"


def test_python_functions_over_elements(x):
    assert (sum(x).item(), max(x).item(), min(x).item()) == (6, 3, 1)
    assert any(x > 2)
    assert not all(x > 2)


# ---------------------------------------------------------------------------------------------------- formatting


def test_formatting_of_one_element_is_that_of_its_number():
    assert f"{tp.tensor(2.5):.2f}" == "2.50"
    assert f"{tp.tensor(7):03d}" == "007"
    assert f"{tp.tensor(2.5)}" == "2.5"


def test_formatting_of_several_is_their_text(x):
    assert f"{x}" == repr(x)
    with pytest.raises(TypeError):
        format(x, ".2f")


# ---------------------------------------------------------------------------------------------------- operators


OPERATORS = {
    "add": (lambda x: x + 1, [2, 3, 4]),
    "radd": (lambda x: 1 + x, [2, 3, 4]),
    "sub": (lambda x: x - 1, [0, 1, 2]),
    "rsub": (lambda x: 1 - x, [0, -1, -2]),
    "mul": (lambda x: x * 2, [2, 4, 6]),
    "truediv": (lambda x: x / 2, [0.5, 1, 1.5]),
    "rtruediv": (lambda x: 6 / x, [6, 3, 2]),
    "floordiv": (lambda x: x // 2, [0, 1, 1]),
    "rfloordiv": (lambda x: 5 // x, [5, 2, 1]),
    "mod": (lambda x: x % 2, [1, 0, 1]),
    "mod of a negative": (lambda x: -x % 2.5, [1.5, 0.5, 2.0]),
    "rmod": (lambda x: 5 % x, [0, 1, 2]),
    "pow": (lambda x: x**2, [1, 4, 9]),
    "rpow": (lambda x: 2**x, [2, 4, 8]),
    "matmul": (lambda x: x @ x, 14),
    "neg": (lambda x: -x, [-1, -2, -3]),
    "pos": (lambda x: +x, [1, 2, 3]),
    "abs": (lambda x: abs(-x), [1, 2, 3]),
    "lt": (lambda x: x < 2, [True, False, False]),
    "le": (lambda x: x <= 2, [True, True, False]),
    "gt": (lambda x: x > 2, [False, False, True]),
    "ge": (lambda x: x >= 2, [False, True, True]),
    "eq": (lambda x: x == 2, [False, True, False]),
    "ne": (lambda x: x != 2, [True, False, True]),
    "invert": (lambda x: ~(x > 2), [True, True, False]),
    "and": (lambda x: (x > 1) & (x < 3), [False, True, False]),
    "or": (lambda x: (x < 2) | (x > 2), [True, False, True]),
    "xor": (lambda x: (x > 1) ^ (x > 2), [False, True, False]),
    "bits": (lambda x: (x.long() & 1) | (x.long() << 1), [3, 4, 7]),
    "reflected bits": (lambda x: 1 << x.long(), [2, 4, 8]),
    "shift right": (lambda x: x.long() >> 1, [0, 1, 1]),
}


@pytest.mark.parametrize(("expression", "expected"), OPERATORS.values(), ids=OPERATORS.keys())
def test_operator(x, expression, expected):
    assert expression(x).tolist() == expected


def test_comparison_with_what_is_no_number():
    x = tp.ones(1)
    assert (x == None) is False  # noqa: E711
    assert (x != None) is True  # noqa: E711
    assert (x == "a") is False


@pytest.mark.parametrize("other", ["a", None, [1]])
def test_arithmetic_with_what_is_no_number(x, other):
    with pytest.raises(TypeError):
        x + other
    with pytest.raises(TypeError):
        other + x


def test_numpy_numbers_are_numbers(x):
    assert (x + np.float64(1)).dtype is tp.float32
    assert (x * np.int64(2)).tolist() == [2, 4, 6]
    assert isinstance(np.float32(2) * x, tp.Tensor)


def test_another_class_may_take_over_an_operator(x):
    class Unit:
        def __rmul__(self, other):
            return ("taken over", other)

    assert (x * Unit())[0] == "taken over"


def test_every_name_that_dir_shows_is_there(x):
    x = tp.ones(1, 1)
    assert {"exp", "add_", "shape", "backward", "__getitem__"} <= set(dir(x))


def test_a_subclass_keeps_its_class_through_make_subclass():
    class Labelled(tp.Tensor):
        pass

    data = tp.zeros(2)
    made = tp.Tensor._make_subclass(Labelled, data, True)
    assert (type(made), made.requires_grad, made.data_ptr()) == (Labelled, True, data.data_ptr())
