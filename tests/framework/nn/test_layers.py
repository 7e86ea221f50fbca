"""Layers: results by hand, settings, printing. Values of the ops behind them are tested with the ops."""

import math

import pytest

import tensorplug as tp
from tensorplug import nn


def close(a, b, tolerance=1e-5):
    assert a.shape == tp.as_tensor(b).shape
    assert tp.allclose(a, tp.as_tensor(b, dtype=a.dtype), atol=tolerance), a


def test_linear_computes_x_w_t_plus_b():
    layer = nn.Linear(2, 1)
    layer.load_state_dict({"weight": tp.tensor([[2.0, 3.0]]), "bias": tp.tensor([1.0])})
    close(layer(tp.tensor([[1.0, 1.0], [0.0, 2.0]])), [[6.0], [7.0]])


def test_fresh_linear_weights_are_within_the_bound():
    layer = nn.Linear(16, 400)
    assert layer.weight.abs().max().item() <= 0.25
    assert layer.bias.abs().max().item() <= 0.25
    assert layer.weight.abs().max().item() > 0.24


def test_bilinear_computes_x_w_y():
    layer = nn.Bilinear(2, 2, 1, bias=False)
    layer.load_state_dict({"weight": tp.tensor([[[1.0, 2.0], [3.0, 4.0]]])})
    close(layer(tp.tensor([[1.0, 1.0]]), tp.tensor([[1.0, 0.0]])), [[4.0]])


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
def test_same_padding_keeps_the_size_in_every_mode(mode):
    layer = nn.Conv2d(1, 1, (3, 5), padding="same", padding_mode=mode)
    assert layer(tp.randn(2, 1, 6, 7)).shape == (2, 1, 6, 7)


def test_padding_modes_pad_with_what_they_say():
    layer = nn.Conv1d(1, 1, 3, padding=1, padding_mode="circular", bias=False)
    nn.init.ones_(layer.weight)
    close(layer(tp.tensor([[[1.0, 2.0, 4.0]]])), [[[7.0, 7.0, 7.0]]])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"groups": 0}, "positive"),
        ({"groups": 3}, "in_channels"),
        ({"groups": 2, "out_channels": 3}, "out_channels"),
        ({"padding": "full"}, "Invalid padding string"),
        ({"padding": "same", "stride": 2}, "strided"),
        ({"padding_mode": "mirror"}, "padding_mode"),
    ],
)
def test_bad_convolutions_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        nn.Conv2d(**{"in_channels": 4, "out_channels": 2, "kernel_size": 3, **options})


def test_transposed_convolution_reaches_the_size_asked_for():
    layer = nn.ConvTranspose2d(1, 1, 3, stride=2, padding=1)
    x = tp.randn(1, 1, 4, 4)
    assert layer(x).shape == (1, 1, 7, 7)
    assert layer(x, output_size=(8, 7)).shape == (1, 1, 8, 7)
    with pytest.raises(ValueError, match="valid sizes range"):
        layer(x, output_size=(9, 7))


def test_batch_norm_uses_the_batch_in_training_and_tracks_it():
    layer = nn.BatchNorm1d(1)
    x = tp.tensor([[1.0], [3.0]])
    close(layer(x), [[-1.0], [1.0]])
    # Mean 2 and unbiased variance 2 enter with a momentum of 0.1.
    close(layer.running_mean, [0.2])
    close(layer.running_var, [1.1])
    assert layer.num_batches_tracked.item() == 1
    layer.eval()
    close(layer(tp.tensor([[0.2]])), [[0.0]])


def test_batch_norm_without_momentum_averages_all_batches():
    layer = nn.BatchNorm1d(1, momentum=None)
    for value in (1.0, 5.0):
        layer(tp.tensor([[value], [value]]))
    close(layer.running_mean, [3.0])


def test_batch_norm_without_tracking_always_uses_the_batch():
    layer = nn.BatchNorm1d(1, track_running_stats=False).eval()
    assert layer.running_mean is None
    close(layer(tp.tensor([[1.0], [3.0]])), [[-1.0], [1.0]])


def test_batch_norm_refuses_wrong_inputs():
    with pytest.raises(ValueError, match="expected 4D input"):
        nn.BatchNorm2d(3)(tp.ones(2, 3))
    with pytest.raises(ValueError, match="more than 1 value per channel"):
        nn.BatchNorm1d(3)(tp.ones(1, 3))


def test_layer_norm_normalises_each_row():
    close(nn.LayerNorm(2, eps=0.0)(tp.tensor([[1.0, 3.0], [4.0, 8.0]])), [[-1.0, 1.0], [-1.0, 1.0]])


def test_group_norm_checks_divisibility():
    with pytest.raises(ValueError, match="divisible"):
        nn.GroupNorm(2, 3)


def test_rms_norm_divides_by_the_root_mean_square():
    close(nn.RMSNorm(2, eps=0.0)(tp.tensor([3.0, 4.0])), [3 / math.sqrt(12.5), 4 / math.sqrt(12.5)])


def test_instance_norm_takes_single_images():
    layer = nn.InstanceNorm2d(2)
    assert layer(tp.randn(2, 4, 4)).shape == (2, 4, 4)
    with pytest.raises(ValueError, match="expected 3D or 4D"):
        layer(tp.randn(2, 4))


def test_dropout_scales_what_it_keeps_and_rests_in_eval():
    layer = nn.Dropout(0.5)
    x = tp.ones(1000)
    kept = layer(x)
    assert set(kept.tolist()) == {0.0, 2.0}
    assert 400 < (kept == 0).sum().item() < 600
    assert tp.equal(layer.eval()(x), x)
    with pytest.raises(ValueError, match="between 0 and 1"):
        nn.Dropout(1.5)


def test_dropout2d_drops_whole_channels():
    out = nn.Dropout2d(0.5)(tp.ones(50, 4, 2, 2))
    assert (out == out[:, :, :1, :1]).all()
    assert set(out.flatten().tolist()) == {0.0, 2.0}


def test_flatten_and_unflatten_undo_each_other():
    x = tp.randn(2, 3, 4)
    assert nn.Flatten()(x).shape == (2, 12)
    assert nn.Unflatten(1, (3, 4))(nn.Flatten()(x)).shape == (2, 3, 4)
    with pytest.raises(TypeError):
        nn.Unflatten(1, 3)


def test_embedding_looks_rows_up_and_keeps_padding_out_of_the_gradient():
    table = nn.Embedding(4, 2, padding_idx=-1)
    assert table.padding_idx == 3
    assert table.weight[3].tolist() == [0.0, 0.0]
    table(tp.tensor([0, 0, 3])).sum().backward()
    assert table.weight.grad[:, 0].tolist() == [2.0, 0.0, 0.0, 0.0]


def test_embedding_from_pretrained_shares_and_freezes():
    rows = tp.ones(2, 3)
    table = nn.Embedding.from_pretrained(rows)
    assert not table.weight.requires_grad
    rows.add_(1)
    assert table.weight[0].tolist() == [2.0, 2.0, 2.0]


def test_inplace_activations_change_their_input():
    for layer in (
        nn.ReLU(inplace=True),
        nn.LeakyReLU(0.5, inplace=True),
        nn.Hardtanh(0.0, 9.0, inplace=True),
    ):
        x = tp.tensor([-2.0, 3.0])
        assert layer(x) is x
        assert x[0].item() in (0.0, -1.0)


def test_softmax_without_dim_warns_and_guesses():
    with pytest.warns(UserWarning, match="Implicit dimension"):
        close(nn.Softmax()(tp.zeros(1, 2)), [[0.5, 0.5]])


def test_prelu_learns_its_slope():
    layer = nn.PReLU()
    layer(tp.tensor([-2.0, 1.0])).sum().backward()
    assert layer.weight.grad.tolist() == [-2.0]


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (nn.Conv2d(3, 8, 3, padding=1), "Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))"),
        (
            nn.Conv1d(2, 4, 3, 2, "valid", 1, 2, False, "reflect"),
            "Conv1d(2, 4, kernel_size=(3,), stride=(2,), padding=valid, groups=2, bias=False, padding_mode=reflect)",
        ),
        (nn.MaxPool2d(2), "MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)"),
        (nn.AvgPool1d(2), "AvgPool1d(kernel_size=(2,), stride=(2,), padding=(0,))"),
        (nn.AdaptiveAvgPool2d(1), "AdaptiveAvgPool2d(output_size=1)"),
        (nn.LeakyReLU(0.2, True), "LeakyReLU(negative_slope=0.2, inplace=True)"),
        (nn.GELU(), "GELU(approximate='none')"),
        (nn.Dropout(0.3), "Dropout(p=0.3, inplace=False)"),
        (nn.Embedding(5, 2, padding_idx=0), "Embedding(5, 2, padding_idx=0)"),
        (nn.LayerNorm(3), "LayerNorm((3,), eps=1e-05, elementwise_affine=True, bias=True)"),
        (
            nn.BatchNorm2d(3),
            "BatchNorm2d(3, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)",
        ),
        (nn.CrossEntropyLoss(), "CrossEntropyLoss()"),
        (nn.ZeroPad2d(1), "ZeroPad2d((1, 1, 1, 1))"),
        (nn.Upsample(scale_factor=2), "Upsample(scale_factor=2.0, mode='nearest')"),
    ],
)
def test_repr(layer, text):
    assert repr(layer) == text
