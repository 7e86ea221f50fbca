"""Methods that are neither ops nor tied to autograd."""

import os

import numpy as np
import pytest

import tensorplug as tp


class Image(tp.Tensor):
    """A subclass."""


def test_nothing_is_left_to_conjugate_or_negate():
    z = tp.tensor([1 + 2j]).conj()
    assert not z.is_conj()
    assert not z.imag.is_neg()
    assert z.resolve_conj() is z
    assert z.resolve_neg() is z


def test_conjugation_in_place_changes_the_tensor():
    z = tp.tensor([1 + 2j])
    assert z.conj_physical_() is z
    assert z.tolist() == [1 - 2j]
    assert tp.tensor([1.0]).conj_physical_().tolist() == [1.0]


def test_gradients_flow_through_conjugation_in_place():
    z = tp.tensor([1 + 2j], requires_grad=True)
    (z.clone().conj_physical_() * 1j).real.sum().backward()
    assert z.grad.tolist() == [1j]


def test_float_power_in_place_needs_the_dtype_of_its_result():
    x = tp.tensor([2.0, 3.0], dtype=tp.float64)
    assert x.float_power_(2).tolist() == [4.0, 9.0]
    with pytest.raises(RuntimeError, match=r"float_power_ has dtype .*float32 but .*float64"):
        tp.tensor([2.0]).float_power_(2)


def test_dims_are_ordered_from_the_outermost_in_memory():
    assert tp.ones(2, 3, 4).dim_order() == (0, 1, 2)
    assert tp.ones(2, 3, 4).permute(2, 0, 1).dim_order() == (1, 2, 0)
    with pytest.raises(RuntimeError, match="unique dim order"):
        tp.ones(2, 1, 4).dim_order(ambiguity_check=True)


def test_a_subclass_shares_memory_and_graph():
    x = tp.ones(2, requires_grad=True)
    image = (x * 2).as_subclass(Image)
    assert type(image) is Image
    image.sum().backward()
    assert x.grad.tolist() == [2.0, 2.0]
    plain = tp.zeros(2)
    plain.as_subclass(Image)[0] = 5
    assert plain.tolist() == [5.0, 0.0]
    with pytest.raises(TypeError, match="subclass of Tensor"):
        plain.as_subclass(int)


def test_old_names_of_reshape_warn():
    x = tp.arange(6)
    with pytest.warns(UserWarning, match="deprecated"):
        assert x.resize(2, 3).shape == (2, 3)
    with pytest.warns(UserWarning, match="deprecated"):
        assert x.resize_as(tp.ones(3, 2)).shape == (3, 2)
    with pytest.warns(UserWarning, match="deprecated"), pytest.raises(RuntimeError, match="requested resize to 4"):
        x.resize(4)


def test_resize_as_takes_the_shape_of_the_template():
    x = tp.tensor([1, 2, 3, 4])
    assert x.resize_as_(tp.ones(2, 2)) is x
    assert x.tolist() == [[1, 2], [3, 4]]


def test_dense_tensors_are_dense_already():
    x = tp.ones(2)
    assert x.to_dense() is x
    assert x.to_dense(tp.float64).dtype is tp.float64


def test_loading_copies_unless_assigned():
    target, other = tp.zeros(2), tp.ones(2)
    assert target.module_load(other).tolist() == [1.0, 1.0]
    assert target.tolist() == [1.0, 1.0]
    assert target.module_load(other, assign=True).data_ptr() == other.data_ptr()


def test_empty_tensors_take_strides_dtype_and_device():
    made = tp.ones(1, dtype=tp.int16).new_empty_strided((2, 3), (1, 2))
    assert (made.shape, made.stride(), made.dtype) == ((2, 3), (1, 2), tp.int16)
    assert made.new_empty_strided((2,), (1,), dtype=tp.float32, requires_grad=True).requires_grad
    with pytest.raises(RuntimeError, match="must match dimensionality"):
        made.new_empty_strided((2, 3), (1,))


def test_python_functions_replace_elements():
    x = tp.tensor([[1, 2], [3, 4]])
    assert x.apply_(lambda a: -a) is x
    assert x.map_(tp.tensor([10, 20]), lambda a, b: a + b).tolist() == [[9, 18], [7, 16]]
    assert x.map2_(x.clone(), tp.tensor(1), lambda a, b, c: a - b + c).tolist() == [[1, 1], [1, 1]]


def test_python_functions_refuse_gradients_and_other_devices():
    with pytest.raises(RuntimeError, match=r"detach\(\)\.apply_"):
        tp.ones(1, requires_grad=True).apply_(abs)
    with pytest.raises(TypeError, match="CPU"):
        tp.ones(1, device="meta").apply_(abs)


def test_python_functions_reach_every_dtype():
    assert tp.tensor([True, False]).apply_(lambda a: not a).tolist() == [False, True]
    assert tp.tensor([1.5], dtype=tp.bfloat16).apply_(lambda a: 2 * a).tolist() == [3.0]


# ------------------------------------------------------------------------------------------------- memory


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork processes")
def test_forked_processes_see_changes_of_shared_memory():
    x = tp.ones(3).share_memory_()
    child = os.fork()
    if not child:
        x[1] = 5
        os._exit(0)
    os.waitpid(child, 0)
    assert x.tolist() == [1.0, 5.0, 1.0]


def test_sharing_keeps_values_views_and_gradients():
    x = tp.nn.Parameter(tp.arange(6.0).reshape(2, 3))
    assert not x.is_shared()
    assert x.share_memory_() is x
    assert x[1].is_shared()
    (x[1] * 2).sum().backward()
    assert x.grad.tolist() == [[0.0, 0.0, 0.0], [2.0, 2.0, 2.0]]
    assert tp.zeros(0, 2).share_memory_().is_shared()


def test_memory_that_others_show_is_not_moved():
    x = tp.ones(3)
    view = x[1:]
    with pytest.raises(RuntimeError, match="other tensors show the same memory"):
        x.share_memory_()
    with pytest.raises(RuntimeError, match="other tensors show the same memory"):
        view.share_memory_()


def test_sharing_is_for_the_cpu():
    with pytest.raises(RuntimeError, match="'meta' cannot be shared"):
        tp.ones(1, device="meta").share_memory_()


def test_streams_have_nothing_to_record():
    assert tp.ones(1).record_stream(None) is None


# ------------------------------------------------------------------------------------------------- NumPy


@pytest.mark.parametrize("function", [np.sin, np.exp, np.negative, np.isfinite])
def test_functions_of_numpy_give_tensors(function):
    x = tp.tensor([0.5, 1.5])
    found = function(x)
    assert isinstance(found, tp.Tensor)
    np.testing.assert_array_equal(found.numpy(), function(x.numpy()))


def test_an_array_and_a_tensor_give_a_tensor():
    found = np.add(np.ones(2), tp.ones(2))
    assert isinstance(found, tp.Tensor)
    assert found.dtype is tp.float64
    assert (tp.ones(2) * np.full(2, 3.0)).tolist() == [3.0, 3.0]


def test_a_tensor_equals_an_array_element_by_element():
    x, array = tp.tensor([1, 2]), np.array([1, 3])
    for found in (x == array, array == x):
        assert isinstance(found, tp.Tensor)
        assert found.tolist() == [True, False]
    assert (x != array).tolist() == [False, True]


def test_functions_of_numpy_refuse_gradients():
    with pytest.raises(RuntimeError, match=r"detach\(\)\.numpy"):
        np.sin(tp.ones(1, requires_grad=True))


def test_arrays_share_memory_until_the_dtype_differs():
    x = tp.zeros(2)
    np.asarray(x)[0] = 3
    assert x.tolist() == [3.0, 0.0]
    np.asarray(x, dtype=np.float64)[0] = 9
    assert x.tolist() == [3.0, 0.0]
    with pytest.raises(ValueError, match="copy"):
        np.array(x, dtype=np.float64, copy=False)


# ------------------------------------------------------------------------------------------------- functions


def test_methods_are_functions_too():
    x = tp.ones(2, requires_grad=True)
    assert tp.detach(x).requires_grad is False
    assert tp.is_same_size(x, tp.zeros(2))
    assert tp.is_signed(x)
    assert tp.get_device(x) == -1
    assert tp.zero_(tp.fill_(tp.ones(2), 3)).tolist() == [0.0, 0.0]
    with pytest.raises(TypeError, match="must be Tensor, not int"):
        tp.is_conj(3)


def test_parts_of_complex_numbers_are_functions_too():
    z = tp.tensor([1 + 2j])
    out = tp.empty(1, dtype=tp.complex64)
    assert tp.real(z).tolist() == [1.0]
    assert tp.imag(z).tolist() == [2.0]
    assert tp.conj_physical(z, out=out) is out
    assert out.tolist() == [1 - 2j]
    with pytest.raises(RuntimeError, match="non-complex"):
        tp.imag(tp.ones(1))


def test_types_have_names():
    assert tp.typename(tp.nn.Linear) == "tensorplug.nn.linear.Linear"
    assert tp.typename(tp.ones(1)) == "tensorplug.FloatTensor"
    assert tp.is_storage(tp.ones(1).untyped_storage())
    assert not tp.is_storage(tp.ones(1))


def test_anomaly_detection_has_a_plain_switch():
    tp.set_anomaly_enabled(True, check_nan=False)
    try:
        assert tp.is_anomaly_enabled()
        assert not tp.is_anomaly_check_nan_enabled()
    finally:
        tp.set_anomaly_enabled(False)
    assert not tp.is_anomaly_enabled()


def test_memory_formats_are_of_one_class():
    assert isinstance(tp.channels_last, tp.memory_format)
    assert repr(tp.contiguous_format) == "tensorplug.contiguous_format"
    assert tp.ones(1)[:, tp.newaxis].shape == (1, 1)
