"""Layers and losses as ``tensorplug`` itself has them: arguments in PyTorch's inner order, numbers instead of words.

``tensorplug.nn.functional`` has the same with names that explain themselves; programs that were written for the inner
functions find them here.
"""

from tensorplug.native.layers import (
    adaptive_max_pool1d,
    affine_grid_generator,
    alpha_dropout,
    alpha_dropout_,
    batch_norm,
    constant_pad_nd,
    dropout,
    dropout_,
    embedding,
    feature_alpha_dropout,
    feature_alpha_dropout_,
    feature_dropout,
    feature_dropout_,
    grid_sampler_2d,
    grid_sampler_3d,
    instance_norm,
    max_pool1d_with_indices,
    rsub,
)
from tensorplug.native.losses import (
    binary_cross_entropy_with_logits,
    cosine_embedding_loss,
    ctc_loss,
    hinge_embedding_loss,
    kl_div,
    margin_ranking_loss,
    poisson_nll_loss,
    triplet_margin_loss,
)
from tensorplug.native.recurrent import (
    gru,
    gru_cell,
    lstm,
    lstm_cell,
    rnn_relu,
    rnn_relu_cell,
    rnn_tanh,
    rnn_tanh_cell,
)

__all__ = [
    "adaptive_max_pool1d", "affine_grid_generator", "alpha_dropout", "alpha_dropout_", "batch_norm",
    "binary_cross_entropy_with_logits", "constant_pad_nd", "cosine_embedding_loss", "ctc_loss", "dropout", "dropout_",
    "embedding", "feature_alpha_dropout", "feature_alpha_dropout_", "feature_dropout", "feature_dropout_",
    "grid_sampler_2d", "grid_sampler_3d", "gru", "gru_cell", "hinge_embedding_loss", "instance_norm", "kl_div", "lstm",
    "lstm_cell", "margin_ranking_loss", "max_pool1d_with_indices", "poisson_nll_loss", "rnn_relu", "rnn_relu_cell",
    "rnn_tanh", "rnn_tanh_cell", "rsub", "triplet_margin_loss",
]  # fmt: skip
