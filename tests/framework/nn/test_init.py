"""nn.init: ranges, moments, structure."""

import math

import pytest

import tensorplug as tp
from tensorplug.nn import init


def filled(function, *shape, **options):
    generator = tp.Generator().manual_seed(0)
    return function(tp.empty(*shape), generator=generator, **options)


def test_the_tensor_itself_is_filled_and_returned():
    w = tp.empty(3)
    assert init.constant_(w, 2.5) is w
    assert w.tolist() == [2.5, 2.5, 2.5]
    assert init.ones_(w).tolist() == [1.0, 1.0, 1.0]
    assert init.zeros_(w).tolist() == [0.0, 0.0, 0.0]


def test_leaves_that_require_grad_may_be_filled():
    w = tp.empty(2, requires_grad=True)
    init.uniform_(w)
    assert w.grad_fn is None
    assert w.requires_grad


def test_uniform_stays_within_its_bounds_and_normal_has_its_moments():
    w = filled(init.uniform_, 10_000, a=-2.0, b=3.0)
    assert -2.0 <= w.min().item() < -1.9
    assert 2.9 < w.max().item() < 3.0
    w = filled(init.normal_, 20_000, mean=1.0, std=2.0)
    assert w.mean().item() == pytest.approx(1.0, abs=0.06)
    assert w.std().item() == pytest.approx(2.0, abs=0.06)


def test_trunc_normal_is_cut_off_and_has_the_right_spread():
    w = filled(init.trunc_normal_, 20_000)
    assert w.abs().max().item() <= 2.0
    # The standard deviation of a normal distribution cut off at two standard deviations.
    assert w.std().item() == pytest.approx(0.8796, abs=0.02)
    w = filled(init.trunc_normal_, 1_000, mean=1.0, std=0.1, a=0.9, b=1.5)
    assert w.min().item() >= 0.9


@pytest.mark.parametrize(
    ("function", "options", "std"),
    [
        (init.xavier_uniform_, {}, math.sqrt(2 / (50 + 200))),
        (init.xavier_normal_, {"gain": 2.0}, 2 * math.sqrt(2 / (50 + 200))),
        (init.kaiming_uniform_, {"nonlinearity": "relu"}, math.sqrt(2 / 50)),
        (init.kaiming_normal_, {"mode": "fan_out", "nonlinearity": "linear"}, math.sqrt(1 / 200)),
    ],
)
def test_variance_follows_the_fan(function, options, std):
    w = filled(function, 200, 50, **options)
    assert w.std().item() == pytest.approx(std, rel=0.05)
    assert abs(w.mean().item()) < 0.1 * std


def test_fans_of_convolutions_count_the_kernel():
    w = filled(init.kaiming_uniform_, 64, 32, 3, 3, a=0)
    assert w.abs().max().item() == pytest.approx(math.sqrt(6 / (32 * 9)), rel=0.01)


def test_eye_and_dirac_pass_inputs_on():
    assert init.eye_(tp.empty(2, 3)).tolist() == [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    x = tp.arange(12.0).reshape(1, 2, 6)
    w = init.dirac_(tp.empty(2, 2, 3))
    assert tp.equal(tp.nn.functional.conv1d(x, w, padding=1), x)
    grouped = init.dirac_(tp.empty(4, 1, 3), groups=2)
    assert grouped[:, 0, 1].tolist() == [1.0, 0.0, 1.0, 0.0]


@pytest.mark.parametrize("shape", [(4, 4), (3, 5), (5, 3), (4, 2, 2)])
def test_orthogonal_rows_or_columns(shape):
    w = filled(init.orthogonal_, *shape, gain=2.0).reshape(shape[0], -1)
    product = w @ w.t() if w.shape[0] <= w.shape[1] else w.t() @ w
    assert tp.allclose(product, 4 * tp.eye(product.shape[0]), atol=1e-5)


def test_sparse_zeroes_a_share_of_each_column():
    w = init.sparse_(tp.empty(10, 4), sparsity=0.3)
    assert (w == 0).sum(0).tolist() == [3, 3, 3, 3]


def test_gains():
    assert init.calculate_gain("conv_transpose3d") == 1
    assert init.calculate_gain("tanh") == pytest.approx(5 / 3)
    assert init.calculate_gain("relu") == pytest.approx(math.sqrt(2))
    assert init.calculate_gain("leaky_relu", 0.5) == pytest.approx(math.sqrt(2 / 1.25))


@pytest.mark.parametrize(
    "call",
    [
        lambda: init.calculate_gain("nope"),
        lambda: init.calculate_gain("leaky_relu", True),
        lambda: init.xavier_uniform_(tp.empty(3)),
        lambda: init.kaiming_uniform_(tp.empty(3, 3), mode="fan"),
        lambda: init.eye_(tp.empty(3)),
        lambda: init.dirac_(tp.empty(3, 3)),
        lambda: init.dirac_(tp.empty(3, 3, 3), groups=2),
        lambda: init.orthogonal_(tp.empty(3)),
        lambda: init.sparse_(tp.empty(3), 0.5),
    ],
)
def test_bad_arguments_are_refused(call):
    with pytest.raises(ValueError):  # noqa: PT011 - each message is another
        call()


def test_empty_tensors_and_old_names_warn():
    with pytest.warns(UserWarning, match="no-op"):
        init.kaiming_uniform_(tp.empty(0, 3))
    with pytest.warns(FutureWarning, match="constant_"):
        init.constant(tp.empty(1), 1.0)
