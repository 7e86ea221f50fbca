"""Subscripts as NumPy's, but for the rules of PyTorch: reading, writing and gradients."""

import random

import numpy as np
import pytest

import tensorplug as tp


@pytest.fixture
def x():
    return tp.arange(12.0).reshape(3, 4)


# ---------------------------------------------------------------------------------------------------- against NumPy


def draw_key(draw, shape):
    """A random key as NumPy takes it: slices, None, ``...``, index arrays and masks, or ints instead of arrays.

    Ints among arrays are left out: NumPy counts them as arrays, PyTorch takes the slice first.
    """
    with_arrays = draw.random() < 0.6
    length = draw.choice([1, 2])
    key, ellipsis_used, d = [], False, 0
    while d < len(shape):
        n, kind = shape[d], draw.random()
        if kind < 0.15:
            key.append(None)
            continue
        if kind < 0.25 and not ellipsis_used:
            key.append(...)
            ellipsis_used = True
            d += draw.randint(0, len(shape) - d)
            continue
        if kind < 0.55:
            key.append(slice(draw.choice([None, draw.randint(-n, n)]), draw.choice([None, draw.randint(-n, n)]),
                             draw.choice([None, 1, 2, 3])))  # fmt: skip
        elif not with_arrays:
            key.append(draw.randint(-n, n - 1))
        elif kind < 0.9:
            key.append(np.array([draw.randint(-n, n - 1) for _ in range(length)]))
        else:
            mask = np.zeros(n, bool)
            mask[draw.sample(range(n), min(n, length))] = True
            key.append(mask if n >= length else slice(None))
        d += 1
    return tuple(key)


def as_tensors(key):
    return tuple(tp.from_numpy(k) if isinstance(k, np.ndarray) else k for k in key)


def draw_case(seed):
    draw = random.Random(seed)
    shape = tuple(draw.randint(1, 4) for _ in range(draw.randint(1, 4)))
    return pytest.param(shape, draw_key(draw, shape), id=str(seed))


CASES = [draw_case(seed) for seed in range(150)]


@pytest.mark.parametrize(("shape", "key"), CASES)
def test_reading_is_numpys_and_its_gradient_goes_back_where_it_came_from(shape, key):
    array = np.random.default_rng(0).standard_normal(shape)
    x = tp.tensor(array, requires_grad=True)
    expected = array[key]
    found = x[as_tensors(key)]
    np.testing.assert_array_equal(found.detach().numpy(), expected)

    weights = np.random.default_rng(1).standard_normal(expected.shape)
    found.backward(tp.tensor(weights))
    scattered = np.zeros(shape)
    np.add.at(scattered, key, weights)
    np.testing.assert_allclose(x.grad.numpy(), scattered)


@pytest.mark.parametrize(("shape", "key"), CASES)
def test_writing_is_numpys_and_the_value_gets_the_gradient(shape, key):
    array = np.random.default_rng(0).standard_normal(shape)
    expected = array.copy()
    expected[key] = 2.5
    written = np.zeros(shape, bool)
    written[key] = True

    x, value = tp.tensor(array, requires_grad=True), tp.tensor(2.5, dtype=tp.float64, requires_grad=True)
    y = x * 1
    y[as_tensors(key)] = value
    np.testing.assert_array_equal(y.detach().numpy(), expected)

    y.sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), ~written)
    if not any(isinstance(k, np.ndarray) and k.dtype != bool for k in key):  # elements written twice count twice
        assert value.grad.item() == written.sum()


# ---------------------------------------------------------------------------------------------------- reading


READ = {
    "list": (lambda x: x[[0, 2]], [[0, 1, 2, 3], [8, 9, 10, 11]]),
    "range": (lambda x: x[range(2), 0], [0, 4]),
    "nested list": (lambda x: x[[[0], [1]], 0], [[0], [4]]),
    "list of bools": (lambda x: x[[True, False, True], 0], [0, 8]),
    "NumPy array": (lambda x: x[np.array([1, 2]), 0], [4, 8]),
    "NumPy int": (lambda x: x[np.int64(1), np.uint8(2)], 6),
    "0-d tensors": (lambda x: x[tp.tensor(1), tp.tensor(2)], 6),
    "0-d tensors in slices": (lambda x: x[tp.tensor(1) : tp.tensor(2), 0], [4]),
    "int32 indices": (lambda x: x[tp.tensor([2], dtype=tp.int32), 1], [9]),
    "uint8 mask": (lambda x: x[tp.tensor([0, 1, 0], dtype=tp.uint8), 0], [4]),
    "mask of all dims": (lambda x: x[x > 9], [10, 11]),
    "mask of one dim": (lambda x: x[:, x[0] > 1], [[2, 3], [6, 7], [10, 11]]),
    "two index tensors": (lambda x: x[tp.tensor([0, 1]), tp.tensor([1, 2])], [1, 6]),
    "index tensors that broadcast": (lambda x: x[tp.tensor([[0], [1]]), tp.tensor([1, 2])], [[1, 2], [5, 6]]),
    "index tensors apart": (
        lambda x: x.reshape(3, 2, 2)[tp.tensor([0, 1]), :, tp.tensor([0, 1])],
        [[0, 2], [5, 7]],
    ),
    "an int is taken first": (lambda x: x.reshape(3, 2, 2)[0, :, tp.tensor([1, 0])], [[1, 0], [3, 2]]),
    "True": (lambda x: x[True].shape, (1, 3, 4)),
    "False": (lambda x: x[False].shape, (0, 3, 4)),
    "0-d mask": (lambda x: x[tp.tensor(True)].shape, (1, 3, 4)),
    "empty list": (lambda x: x[[]].shape, (0, 4)),
    "empty tuple": (lambda x: x[()].shape, (3, 4)),
    "empty slice": (lambda x: x[5:].shape, (0, 4)),
    "slice backwards": (lambda x: x[2:1].shape, (0, 4)),
    "slice beyond the ends": (lambda x: x[-10:10, 0], [0, 4, 8]),
    "chain": (lambda x: x[1][2], 6),
}


@pytest.mark.parametrize(("read", "expected"), READ.values(), ids=READ.keys())
def test_reading(x, read, expected):
    found = read(x)
    assert (found.tolist() if isinstance(found, tp.Tensor) else found) == expected


def test_a_0d_tensor_has_only_empty_subscripts():
    x = tp.tensor(5.0)
    assert x[()] == x[...] == 5
    assert x[None].tolist() == [5]


REFUSED_READING = {
    "index out of range": (lambda x: x[3], IndexError, "index 3 is out of bounds for dimension 0 with size 3"),
    "negative index out of range": (lambda x: x[-4], IndexError, "out of bounds"),
    "index tensor out of range": (lambda x: x[tp.tensor([5])], IndexError, "out of bounds"),
    "too many": (lambda x: x[0, 0, 0], IndexError, "too many indices"),
    "0-d": (lambda x: x[0, 0][0], IndexError, "0-dim"),
    "negative step": (lambda x: x[::-1], ValueError, "step must be greater than zero"),
    "step 0": (lambda x: x[::0], ValueError, "step"),
    "float": (lambda x: x[1.0], IndexError, "only integers"),
    "word": (lambda x: x["a"], IndexError, "only integers"),
    "float tensor": (lambda x: x[tp.tensor([1.0])], IndexError, "long, int, byte or bool"),
    "mask of another size": (lambda x: x[tp.tensor([True, False])], IndexError, "shape of the mask"),
    "two ellipses": (lambda x: x[..., ...], IndexError, "single ellipsis"),
    "index tensors that do not broadcast": (lambda x: x[[0, 1], [0, 1, 2]], IndexError, "broadcast"),
}


@pytest.mark.parametrize(("read", "error", "message"), REFUSED_READING.values(), ids=REFUSED_READING.keys())
def test_refused_reading(x, read, error, message):
    with pytest.raises(error, match=message):
        read(x)


# ---------------------------------------------------------------------------------------------------- writing


WRITTEN = {
    "number": ((0,), 7, [[7, 7, 7, 7], [4, 5, 6, 7], [8, 9, 10, 11]]),
    "one element": ((1, 2), 7, [[0, 1, 2, 3], [4, 5, 7, 7], [8, 9, 10, 11]]),
    "row": ((1,), tp.tensor([9.0, 8, 7, 6]), [[0, 1, 2, 3], [9, 8, 7, 6], [8, 9, 10, 11]]),
    "row with leading ones": ((1,), tp.ones(1, 1, 4), [[0, 1, 2, 3], [1, 1, 1, 1], [8, 9, 10, 11]]),
    "column": ((slice(None), 1), tp.zeros(3), [[0, 0, 2, 3], [4, 0, 6, 7], [8, 0, 10, 11]]),
    "everything": ((...,), tp.zeros(4), [[0] * 4] * 3),
    "list of values": ((0,), [4, 3, 2, 1], [[4, 3, 2, 1], [4, 5, 6, 7], [8, 9, 10, 11]]),
    "another dtype": ((0,), tp.ones(4, dtype=tp.int64), [[1, 1, 1, 1], [4, 5, 6, 7], [8, 9, 10, 11]]),
    "index tensor": ((tp.tensor([0, 2]), 0), tp.tensor([5.0, 6]), [[5, 1, 2, 3], [4, 5, 6, 7], [6, 9, 10, 11]]),
    "mask and number": ((tp.tensor([True, False, False]),), 0, [[0] * 4, [4, 5, 6, 7], [8, 9, 10, 11]]),
    "mask and values": (
        (tp.tensor([[True, False, False, True]] + [[False] * 4] * 2),),
        tp.tensor([7.0, 9]),
        [[7, 1, 2, 9], [4, 5, 6, 7], [8, 9, 10, 11]],
    ),
    "nothing": ((slice(0, 0),), 5, [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]),
    "an empty index": ((tp.tensor([], dtype=tp.int64),), 5, [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]),
}


@pytest.mark.parametrize(("key", "value", "expected"), WRITTEN.values(), ids=WRITTEN.keys())
def test_writing(x, key, value, expected):
    x[key] = value
    assert x.tolist() == expected


def test_writing_over_what_is_read():
    x = tp.arange(4.0)
    x[1:] = x[:-1]
    assert x.tolist() == [0, 0, 1, 2]


def test_augmented_assignment_of_a_part():
    x = tp.arange(4.0)
    x[1] += 5
    x[x > 3] *= 2
    assert x.tolist() == [0, 12, 2, 3]


def test_writing_floats_into_integers_cuts_them_off():
    x = tp.zeros(2, dtype=tp.int64)
    x[0] = 1.9
    assert x.tolist() == [1, 0]


REFUSED_WRITING = {
    "shape": ((0,), tp.ones(3), RuntimeError, "size"),
    "shape for index tensors": ((tp.tensor([0, 2]),), tp.ones(3), RuntimeError, "shape mismatch|broadcast|size"),
    "out of range": ((5,), 1, IndexError, "out of bounds"),
    "complex into real": ((0,), 1j, RuntimeError, "cannot be converted"),
    "too large": ((0,), 1e300, RuntimeError, "cannot be converted"),
    "None": ((0,), None, TypeError, "None"),
    "negative step": ((slice(None, None, -1),), 1, ValueError, "step"),
}


@pytest.mark.parametrize(("key", "value", "error", "message"), REFUSED_WRITING.values(), ids=REFUSED_WRITING.keys())
def test_refused_writing(x, key, value, error, message):
    with pytest.raises(error, match=message):
        x[key] = value
    assert tp.equal(x, tp.arange(12.0).reshape(3, 4))


def test_elements_cannot_be_deleted(x):
    with pytest.raises(TypeError, match="deleting"):
        del x[0]
