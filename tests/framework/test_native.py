"""Layers and losses with arguments in PyTorch's inner order."""

import numpy as np
import pytest

import tensorplug as tp

F = tp.nn.functional
GATES = {"lstm": 4, "gru": 3, "rnn_tanh": 1, "rnn_relu": 1}


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def cell(kind, x, state, w_ih, w_hh, b_ih, b_hh):
    """One step, after the formulas, on NumPy arrays; the state after it."""
    a, b = x @ w_ih.T + b_ih, state[0] @ w_hh.T + b_hh
    if kind == "rnn_tanh":
        return (np.tanh(a + b),)
    if kind == "rnn_relu":
        return (np.maximum(a + b, 0),)
    if kind == "gru":
        (ar, az, an), (br, bz, bn) = np.split(a, 3, -1), np.split(b, 3, -1)
        r, z = sigmoid(ar + br), sigmoid(az + bz)
        n = np.tanh(an + r * bn)
        return ((1 - z) * n + z * state[0],)
    i, f, g, o = np.split(a + b, 4, -1)
    c = sigmoid(f) * state[1] + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def weights(kind, rng, layers=1, directions=1, inputs=3, hidden=2):
    rows, found = GATES[kind] * hidden, []
    for layer in range(layers):
        width = inputs if layer == 0 else hidden * directions
        for _ in range(directions):
            found += [rng.standard_normal(s) for s in ((rows, width), (rows, hidden), (rows,), (rows,))]
    return found


def tensors(arrays):
    return [tp.tensor(a) for a in arrays]


def state_of(kind, rng, cells, batch, hidden=2):
    return [rng.standard_normal((cells, batch, hidden)) for _ in range(2 if kind == "lstm" else 1)]


def call(kind, x, state, params, layers, both, batch_first=False, sizes=None):
    hx = tensors(state) if kind == "lstm" else tp.tensor(state[0])
    options = (params, True, layers, 0.0, False, both)
    args = (hx, *options, batch_first) if sizes is None else (tp.tensor(sizes), hx, *options)
    output, *last = getattr(tp, kind)(x, *args)
    return output.numpy(), [s.numpy() for s in last]


@pytest.mark.parametrize("kind", GATES)
def test_cells_follow_their_formulas(kind):
    rng = np.random.default_rng(0)
    x, state, params = rng.standard_normal((4, 3)), state_of(kind, rng, 1, 4), weights(kind, rng)
    state = [s[0] for s in state]
    hx = tensors(state) if kind == "lstm" else tp.tensor(state[0])
    found = getattr(tp, f"{kind}_cell")(tp.tensor(x), hx, *tensors(params))
    for got, wanted in zip(found if kind == "lstm" else (found,), cell(kind, x, state, *params), strict=True):
        np.testing.assert_allclose(got.numpy(), wanted)


@pytest.mark.parametrize("kind", GATES)
def test_sequences_are_steps_of_the_cell(kind):
    rng = np.random.default_rng(1)
    x, state, params = rng.standard_normal((5, 4, 3)), state_of(kind, rng, 1, 4), weights(kind, rng)
    output, last = call(kind, tp.tensor(x), state, tensors(params), 1, False)
    now = [s[0] for s in state]
    for t, step in enumerate(x):
        now = cell(kind, step, now, *params)
        np.testing.assert_allclose(output[t], now[0])
    for got, wanted in zip(last, now, strict=True):
        np.testing.assert_allclose(got[0], wanted)


@pytest.mark.parametrize("kind", GATES)
def test_two_directions_and_layers(kind):
    """The second layer reads both directions of the first; the backward one starts at the end."""
    rng = np.random.default_rng(2)
    x, state, params = rng.standard_normal((5, 4, 3)), state_of(kind, rng, 4, 4), weights(kind, rng, 2, 2)
    output, last = call(kind, tp.tensor(x), state, tensors(params), 2, True)
    for layer in range(2):
        sides = []
        for side in range(2):
            number = 2 * layer + side
            now, steps = [s[number] for s in state], []
            for step in x[::-1] if side else x:
                now = cell(kind, step, now, *params[4 * number : 4 * number + 4])
                steps.append(now[0])
            sides.append(np.stack(steps[::-1] if side else steps))
            np.testing.assert_allclose(last[0][number], now[0])
        x = np.concatenate(sides, -1)
    np.testing.assert_allclose(output, x)


@pytest.mark.parametrize("kind", GATES)
def test_batch_first_swaps_dims(kind):
    rng = np.random.default_rng(3)
    x, state, params = rng.standard_normal((5, 4, 3)), state_of(kind, rng, 1, 4), tensors(weights(kind, rng))
    plain, _ = call(kind, tp.tensor(x), state, params, 1, False)
    swapped, _ = call(kind, tp.tensor(x.swapaxes(0, 1)), state, params, 1, False, batch_first=True)
    np.testing.assert_allclose(swapped.swapaxes(0, 1), plain)


@pytest.mark.parametrize("kind", GATES)
def test_packed_sequences_run_as_if_alone(kind):
    rng = np.random.default_rng(4)
    lengths, sizes = (4, 2, 1), [3, 2, 1, 1]
    alone = [rng.standard_normal((n, 1, 3)) for n in lengths]
    state, params = state_of(kind, rng, 2, 3), tensors(weights(kind, rng, 1, 2))
    packed = np.concatenate([np.concatenate([a[t] for a in alone if len(a) > t]) for t in range(4)])
    output, last = call(kind, tp.tensor(packed), state, params, 1, True, sizes=sizes)
    starts = np.cumsum([0, *sizes])
    for number, x in enumerate(alone):
        own = [s[:, number : number + 1] for s in state]
        wanted, final = call(kind, tp.tensor(x), own, params, 1, True)
        for t in range(len(x)):
            np.testing.assert_allclose(output[starts[t] + number], wanted[t, 0])
        for got, part in zip(last, final, strict=True):
            np.testing.assert_allclose(got[:, number], part[:, 0])


def test_lstm_projects_its_hidden_state():
    rng = np.random.default_rng(5)
    w_ih, w_hh, w_hr = (rng.standard_normal(s) for s in ((16, 3), (16, 2), (2, 4)))
    x, h, c = rng.standard_normal((1, 5, 3)), rng.standard_normal((1, 5, 2)), rng.standard_normal((1, 5, 4))
    args = (tensors((h, c)), tensors((w_ih, w_hh, w_hr)), False, 1, 0.0, False, False, False)
    output, _, last_c = tp.lstm(tp.tensor(x), *args)
    wide, wanted_c = cell("lstm", x[0], (h[0], c[0]), w_ih, w_hh, 0, 0)
    np.testing.assert_allclose(output[0].numpy(), wide @ w_hr.T)
    np.testing.assert_allclose(last_c[0].numpy(), wanted_c)


def test_gradients_reach_weights_states_and_inputs():
    rng = np.random.default_rng(6)
    x = tp.tensor(rng.standard_normal((3, 2, 3)), requires_grad=True)
    hx = tp.tensor(rng.standard_normal((1, 2, 2)), requires_grad=True)
    params = [p.requires_grad_() for p in tensors(weights("gru", rng))]
    function = lambda x, hx, *params: tp.gru(x, hx, params, True, 1, 0.0, False, False, False)[0]  # noqa: E731
    assert tp.autograd.gradcheck(function, (x, hx, *params))


def test_dropout_acts_between_layers_alone():
    rng = np.random.default_rng(7)
    x, params = tp.ones(2, 1, 3, dtype=tp.float64), tensors(weights("rnn_tanh", rng, 2))
    hx = tp.zeros(2, 1, 2, dtype=tp.float64)
    everything, _ = tp.rnn_tanh(x, hx, params, True, 2, 1.0, True, False, False)
    nothing, _ = tp.rnn_tanh(tp.zeros(2, 1, 2, dtype=tp.float64), hx[:1], params[4:], True, 1, 0.0, True, False, False)
    assert tp.equal(everything, nothing)


@pytest.mark.parametrize(
    ("change", "message"),
    [({"input": tp.ones(3, 3)}, "expected input of 3 dims"), ({"hx": tp.ones(1, 5, 2)}, "Expected hidden size"),
     ({"params": []}, "incorrect number of weights")],
)  # fmt: skip
def test_shapes_that_do_not_fit_are_refused(change, message):
    given = {"input": tp.ones(3, 2, 3), "hx": tp.ones(1, 2, 2), "params": [tp.ones(2, 3), tp.ones(2, 2)], **change}
    with pytest.raises(RuntimeError, match=message):
        tp.rnn_tanh(given["input"], given["hx"], given["params"], False, 1, 0.0, False, False, False)


# ------------------------------------------------------------------------------------------------- losses, layers

X, Y = tp.tensor([[0.3, -1.2], [0.7, 0.1]]), tp.tensor([[0.2, 0.9], [0.4, 0.5]])
SIGN = tp.tensor([[1.0, -1.0], [-1.0, 1.0]])
LOSSES = {
    "binary_cross_entropy_with_logits": (lambda r: tp.binary_cross_entropy_with_logits(X, Y, None, None, r),
                                         lambda r: F.binary_cross_entropy_with_logits(X, Y, reduction=r)),
    "cosine_embedding_loss": (lambda r: tp.cosine_embedding_loss(X, Y, SIGN[0], 0.1, r),
                              lambda r: F.cosine_embedding_loss(X, Y, SIGN[0], 0.1, reduction=r)),
    "hinge_embedding_loss": (lambda r: tp.hinge_embedding_loss(X, SIGN, 1.0, r),
                             lambda r: F.hinge_embedding_loss(X, SIGN, 1.0, reduction=r)),
    "margin_ranking_loss": (lambda r: tp.margin_ranking_loss(X, Y, SIGN, 0.1, r),
                            lambda r: F.margin_ranking_loss(X, Y, SIGN, 0.1, reduction=r)),
    "poisson_nll_loss": (lambda r: tp.poisson_nll_loss(X, Y, True, False, 1e-8, r),
                         lambda r: F.poisson_nll_loss(X, Y, reduction=r)),
    "triplet_margin_loss": (lambda r: tp.triplet_margin_loss(X, Y, SIGN, 1.0, 2.0, 1e-6, False, r),
                            lambda r: F.triplet_margin_loss(X, Y, SIGN, reduction=r)),
}  # fmt: skip


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize(("number", "word"), [(0, "none"), (1, "mean"), (2, "sum")])
def test_reductions_are_numbers(name, number, word):
    by_number, by_word = LOSSES[name]
    assert tp.equal(by_number(number), by_word(word))


def test_unknown_reductions_are_refused():
    with pytest.raises(ValueError, match="reduction must be 0"):
        tp.kl_div(X, Y, 3)


def test_mean_divergence_is_that_over_elements():
    wanted = (Y * (Y.log() - X)).mean()
    assert tp.kl_div(X, Y).item() == pytest.approx(wanted.item())
    assert tp.kl_div(X, Y.log(), log_target=True).item() == pytest.approx(wanted.item())


def test_ctc_loss_reduces_by_number():
    args = (tp.zeros(4, 1, 3).log_softmax(-1), tp.tensor([[1, 2]]), tp.tensor([4]), tp.tensor([2]), 0)
    assert tp.equal(tp.ctc_loss(*args, 2), F.ctc_loss(*args, "sum"))


def test_norms_take_weights_before_statistics():
    x, w, b, mean, var = tp.randn(3, 2, 4), *(tp.rand(2) for _ in range(4))
    found = tp.batch_norm(x, w, b, mean, var, False, 0.1, 1e-5, True)
    assert tp.equal(found, F.batch_norm(x, mean, var, w, b))
    found = tp.instance_norm(x, w, b, None, None, True, 0.1, 1e-5, True)
    assert tp.equal(found, F.instance_norm(x, weight=w, bias=b))


@pytest.mark.parametrize("name", ["dropout", "alpha_dropout", "feature_dropout", "feature_alpha_dropout"])
def test_dropout_takes_train_and_has_a_form_in_place(name):
    x = tp.ones(4, 5, 3)
    tp.manual_seed(0)
    wanted = getattr(tp, name)(x, 0.5, train=True)
    tp.manual_seed(0)
    assert getattr(tp, f"{name}_")(x, 0.5, True) is x
    assert tp.equal(x, wanted)
    assert getattr(tp, f"{name}_")(x, 0.5, False) is x
    assert tp.equal(x, wanted)


def test_gradients_of_dropout_in_place_are_those_of_dropout():
    x = tp.ones(6, requires_grad=True)
    tp.manual_seed(0)
    kept = tp.dropout_(x * 1, 0.5, True)
    kept.sum().backward()
    assert tp.equal(x.grad, kept)


def test_pooling_returns_indices():
    x = tp.tensor([[1.0, 3.0, 2.0, 5.0]])
    for values, places in (tp.max_pool1d_with_indices(x, 2), tp.adaptive_max_pool1d(x, 2)):
        assert values.tolist() == [[3.0, 5.0]]
        assert places.tolist() == [[1, 3]]
    for name in ("max_pool1d", "max_pool2d", "max_pool3d"):
        rank = int(name[-2])
        values, places = getattr(F, f"{name}_with_indices")(tp.arange(4.0**rank).reshape(1, *[4] * rank), 4)
        assert places.flatten().tolist() == [4**rank - 1]
        assert values.flatten().tolist() == [4.0**rank - 1]


def test_old_names_of_resizing():
    x = tp.arange(4.0).reshape(1, 1, 2, 2)
    assert tp.equal(F.upsample_nearest(x, scale_factor=2), F.interpolate(x, scale_factor=2))
    assert tp.equal(F.upsample_bilinear(x, 3), F.interpolate(x, 3, mode="bilinear", align_corners=True))


def test_embedding_takes_the_table_first():
    table = tp.tensor([[1.0], [2.0]], requires_grad=True)
    tp.embedding(table, tp.tensor([0, 1]), padding_idx=1).sum().backward()
    assert table.grad.tolist() == [[1.0], [0.0]]


def test_constant_padding_copies():
    x = tp.ones(2)
    padded = tp.constant_pad_nd(x, [0, 0])
    padded[0] = 5
    assert x.tolist() == [1.0, 1.0]
    assert tp.constant_pad_nd(x, [1, 0], 3).tolist() == [3.0, 1.0, 1.0]


def test_reversed_difference():
    assert tp.rsub(tp.tensor([1.0, 2.0]), tp.tensor([5.0]), alpha=2).tolist() == [3.0, 1.0]
    with pytest.raises(RuntimeError):
        tp.rsub(tp.tensor([True]), tp.tensor([False]))


def test_grid_samplers_know_their_rank():
    assert tp.grid_sampler_2d(tp.ones(1, 1, 2, 2), tp.zeros(1, 1, 1, 2), 0, 0, True).item() == 1
    with pytest.raises(RuntimeError, match="expected 5D input"):
        tp.grid_sampler_3d(tp.ones(1, 1, 2, 2), tp.zeros(1, 1, 1, 2), 0, 0, True)
    theta = tp.tensor([[[1.0, 0, 0], [0, 1, 0]]])
    assert tp.equal(tp.affine_grid_generator(theta, (1, 1, 2, 2), True), F.affine_grid(theta, (1, 1, 2, 2), True))
