"""Switches for the whole process."""

import numpy as np
import pytest

import tensorplug as tp
from tensorplug import registry
from tensorplug.backend import Backend


class Fickle(Backend):
    """A device with one kernel, whose results may differ from run to run."""

    device_type = "fickle"
    indexed = False
    nondeterministic = frozenset(("exp",))

    def __init__(self):
        self.kernels = {"exp": np.exp}

    def empty(self, shape, dtype, device):
        return np.empty(shape, dtype.numpy)

    def from_host(self, host, device):
        return np.array(host)

    def to_host(self, array):
        return array


class Plugin:
    """Brings the device."""

    @registry.hookspecs.hookimpl
    def tensorplug_backends(self):
        return [registry.hookspecs.BackendEntry("fickle", Fickle)]


@pytest.fixture
def fickle():
    plugin = Plugin()
    registry.register(plugin)
    yield tp.tensor([0.0]).to("fickle")
    registry.unregister(plugin)


@pytest.fixture(autouse=True)
def restore():
    threads = tp.get_num_threads()
    yield
    tp.use_deterministic_algorithms(False)
    tp.set_num_threads(threads)
    tp.set_num_interop_threads(1)
    tp.set_default_tensor_type("tensorplug.FloatTensor")
    tp.set_float32_matmul_precision("highest")
    tp.set_warn_always(False)


def test_kernels_that_may_differ_run_unless_determinism_is_asked_for(fickle):
    assert fickle.exp().tolist() == [1.0]


def test_kernels_that_may_differ_are_refused_by_name(fickle):
    tp.use_deterministic_algorithms(True)
    with pytest.raises(RuntimeError, match=r"exp does not have a deterministic kernel on 'fickle'"):
        fickle.exp()


def test_kernels_that_may_differ_warn_with_warn_only(fickle):
    tp.use_deterministic_algorithms(True, warn_only=True)
    with pytest.warns(UserWarning, match="exp does not have a deterministic kernel"):
        assert fickle.exp().tolist() == [1.0]


def test_kernels_of_the_cpu_are_deterministic():
    tp.use_deterministic_algorithms(True)
    found = tp.zeros(3).index_add(0, tp.tensor([0, 0, 2]), tp.ones(3))
    assert found.tolist() == [2.0, 0.0, 1.0]


@pytest.mark.parametrize(("mode", "number"), [("default", 0), ("warn", 1), ("error", 2), (0, 0), (1, 1), (2, 2)])
def test_debug_mode_is_the_same_switch(mode, number):
    tp.set_deterministic_debug_mode(mode)
    assert tp.get_deterministic_debug_mode() == number
    assert tp.are_deterministic_algorithms_enabled() == (number > 0)
    assert tp.is_deterministic_algorithms_warn_only_enabled() == (number == 1)


@pytest.mark.parametrize(("mode", "error"), [("never", RuntimeError), (3, RuntimeError), (None, TypeError)])
def test_unknown_debug_modes_are_refused(mode, error):
    with pytest.raises(error, match="debug_mode must be"):
        tp.set_deterministic_debug_mode(mode)


def test_number_of_threads_is_the_backends():
    tp.set_num_threads(1)
    assert tp.get_num_threads() == 1
    assert registry.backend_of("cpu").num_threads() == 1


@pytest.mark.parametrize("function", [tp.set_num_threads, tp.set_num_interop_threads])
def test_numbers_of_threads_are_positive_ints(function):
    with pytest.raises(RuntimeError, match="positive"):
        function(0)
    with pytest.raises(TypeError, match="expects an int"):
        function(1.0)


def test_interop_threads_are_remembered():
    tp.set_num_interop_threads(3)
    assert tp.get_num_interop_threads() == 3


def test_matmul_precision_is_one_of_three_words():
    tp.set_float32_matmul_precision("medium")
    assert tp.get_float32_matmul_precision() == "medium"
    with pytest.raises(RuntimeError, match="'fast' is not a matmul precision"):
        tp.set_float32_matmul_precision("fast")


def test_default_tensor_type_sets_dtype_and_device():
    tp.set_default_tensor_type("torch.meta.DoubleTensor")
    assert tp.ones(1).dtype is tp.float64
    assert tp.ones(1).device.type == "meta"


@pytest.mark.parametrize("name", ["tensorplug.LongTensor", "FloatTensor", tp.float32])
def test_default_tensor_type_is_the_name_of_a_floating_point_type(name):
    with pytest.raises(TypeError, match="invalid type object"):
        tp.set_default_tensor_type(name)


def test_denormals_are_never_flushed():
    assert tp.set_flush_denormal(True) is False
    assert tp.tensor(1e-310, dtype=tp.float64).item() > 0


def test_warn_always_is_remembered():
    tp.set_warn_always(True)
    assert tp.is_warn_always_enabled()
    with pytest.raises(TypeError, match="expects a bool"):
        tp.set_warn_always(1)
