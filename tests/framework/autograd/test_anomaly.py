"""Anomaly mode: errors of backward show the forward op, and NaN is an error."""

import threading
import warnings

import pytest

import tensorplug as tp
from tensorplug.autograd import detect_anomaly, is_anomaly_enabled, set_detect_anomaly


@pytest.fixture
def zero():
    return tp.tensor(0.0, requires_grad=True)


def root_times_zero(x):
    return x.sqrt() * 0


def test_nan_in_a_gradient_is_an_error_that_names_the_node(zero):
    nan = pytest.raises(RuntimeError, match=r"SqrtBackward0.*nan")
    with detect_anomaly(), pytest.warns(UserWarning, match="SqrtBackward0"), nan:
        root_times_zero(zero).backward()


def test_the_forward_traceback_is_shown(zero):
    with detect_anomaly():
        y = root_times_zero(zero)
        with pytest.warns(UserWarning, match="forward call") as shown, pytest.raises(RuntimeError):
            y.backward()
    text = str(shown[0].message)
    assert "in root_times_zero" in text
    assert "return x.sqrt() * 0" in text
    assert "tensorplug/autograd" not in text


def test_a_failing_function_is_shown_too():
    class Fails(tp.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, g):
            raise ValueError("on purpose")

    with detect_anomaly():
        y = Fails.apply(tp.ones(1, requires_grad=True))
        with pytest.warns(UserWarning, match="Fails.apply"), pytest.raises(ValueError, match="on purpose"):
            y.backward()


def test_without_a_forward_traceback_it_says_so(zero):
    y = root_times_zero(zero)
    with detect_anomaly(), pytest.warns(UserWarning, match="off in forward"), pytest.raises(RuntimeError):
        y.backward()


def test_nan_can_be_allowed(zero):
    with detect_anomaly(check_nan=False):
        root_times_zero(zero).backward()
    assert zero.grad.isnan()


def test_nan_is_no_error_otherwise(zero):
    root_times_zero(zero).backward()
    assert zero.grad.isnan()


def test_right_gradients_pass_in_silence():
    x = tp.tensor(3.0, requires_grad=True)
    with detect_anomaly(), warnings.catch_warnings():
        warnings.simplefilter("error")
        (x * x).backward()
    assert x.grad.item() == 6


def test_set_detect_anomaly_acts_when_called_and_is_undone_as_a_context():
    set_detect_anomaly(True)
    assert is_anomaly_enabled()
    set_detect_anomaly(False)
    assert not is_anomaly_enabled()
    with set_detect_anomaly(True):
        assert is_anomaly_enabled()
    assert not is_anomaly_enabled()


def test_it_belongs_to_its_thread():
    seen = []
    with detect_anomaly():
        thread = threading.Thread(target=lambda: seen.append(is_anomaly_enabled()))
        thread.start()
        thread.join()
    assert seen == [False]
