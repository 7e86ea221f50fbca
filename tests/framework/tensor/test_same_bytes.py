"""Views of memory as numbers of another dtype: what is written through one shows in the other."""

import numpy as np
import pytest

import tensorplug as tp


@pytest.fixture
def z():
    return tp.tensor([[1 + 2j, 3 - 4j], [5j, 6 + 0j]])


def test_parts_of_complex_numbers_are_views(z):
    z.real.zero_()
    z.imag[0] = 7
    assert z.tolist() == [[7j, 7j], [5j, 0j]]


def test_parts_keep_the_geometry_of_a_view(z):
    assert z.t()[1].imag.tolist() == [-4.0, 0.0]
    assert z.t().real.stride() == (2, 4)


def test_pairs_and_complex_numbers_show_each_other(z):
    pairs = tp.view_as_real(z)
    pairs[..., 1] = 0
    assert z.tolist() == [[1 + 0j, 3 + 0j], [0j, 6 + 0j]]
    tp.view_as_complex(pairs).add_(1j)
    assert pairs[1].tolist() == [[0, 1], [6, 1]]


def test_one_version_counts_changes_through_both(z):
    before = z._version
    z.real.add_(1)
    assert z._version == z.imag._version == before + 1


def test_a_saved_tensor_changed_through_its_parts_is_noticed():
    w = tp.ones(2, dtype=tp.complex64, requires_grad=True)
    x = tp.ones(2, dtype=tp.complex64)
    y = w * x
    x.real.zero_()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.sum().abs().backward()


def test_parts_of_strided_numpy_memory():
    host = np.arange(4) * (1 + 1j)
    tp.from_numpy(host[::2]).imag.fill_(9)
    assert host.tolist() == [9j, 1 + 1j, 2 + 9j, 3 + 3j]


def test_recorded_parts_carry_gradients_and_refuse_changes_that_would_be_lost():
    z = tp.tensor([1 + 2j], requires_grad=True)
    (z.real * 3 + z.imag).sum().backward()
    assert z.grad.tolist() == [3 + 1j]
    with pytest.raises(RuntimeError, match=r"zero_|copy_.*'real' gave new values"):
        (z * 1).real.zero_()
    with tp.no_grad():
        z.real.zero_()
    assert z.tolist() == [2j]


@pytest.mark.parametrize(
    ("dtype", "shape", "stride"),
    [
        ("int32", (2, 4), (4, 1)), ("int16", (2, 8), (8, 1)), ("uint8", (2, 16), (16, 1)), ("float64", (2, 2), (2, 1)),
        ("complex64", (2, 2), (2, 1)), ("bfloat16", (2, 8), (8, 1)),
    ],
)  # fmt: skip
def test_bytes_regroup_along_the_last_dim(dtype, shape, stride):
    x = tp.arange(8, dtype=tp.float32).view(2, 4)
    seen = x.view(getattr(tp, dtype))
    assert (seen.shape, seen.stride()) == (shape, stride)
    assert seen.data_ptr() == x.data_ptr()
    assert tp.equal(seen.view(tp.float32), x)


def test_bits_of_floats_are_readable_and_writable():
    x = tp.tensor([1.0, -0.0])
    bits = x.view(tp.int32)
    assert bits.tolist() == [0x3F800000, -(1 << 31)]
    bits[1] = 0x40000000
    assert x.tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    "make",
    [
        lambda: tp.ones(2, 3).view(tp.float64),
        lambda: tp.ones(2, 4).t().view(tp.int16),
        lambda: tp.ones(2, 5)[:, 1:].view(tp.float64),
        lambda: tp.tensor(1.0).view(tp.int16),
    ],
    ids=["odd last dim", "strided last dim", "odd offset", "no dims"],
)
def test_bytes_that_do_not_regroup_are_refused(make):
    with pytest.raises(RuntimeError, match=r"view\(tensorplug\.\w+\)"):
        make()


def test_gradients_do_not_flow_through_bytes():
    x = tp.ones(2, requires_grad=True)
    assert not x.view(tp.int32).requires_grad
    with pytest.raises(RuntimeError, match="do not flow through the bytes"):
        x.view(tp.complex64)


def test_meta_tensors_have_the_shapes():
    assert tp.empty(2, 3, dtype=tp.complex64, device="meta").real.stride() == (6, 2)


def test_gradients_and_results_made_of_parts_may_be_changed_in_place():
    x = tp.tensor([1.0, 2.0], requires_grad=True)
    (x * tp.tensor([1 + 1j, 2j])).abs().sum().backward(create_graph=True)
    x.grad.detach().zero_()
    (x * 2).sum().backward()
    assert x.grad.tolist() == [2, 2]
    signal = tp.ones(16, requires_grad=True)
    pairs = tp.stft(signal, 8, window=tp.ones(8), return_complex=False)
    assert pairs.mul_(2).requires_grad
