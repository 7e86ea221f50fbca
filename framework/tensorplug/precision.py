"""Which precision suits which op where ``amp.autocast`` mixes them; ops not named here take tensors as they come.

The lists are those of PyTorch's autocast on CUDA devices (its documentation, "Autocast Op Reference"), for every device
alike.
"""

from __future__ import annotations

LOWER, FLOAT32, WIDEST = "lower", "float32", "widest"

_LOWER = (
    "matmul_batched", "linear", "convolution", "addmm", "addmv", "addr", "addbmm", "baddbmm", "prelu",
    "scaled_dot_product_attention",
)  # fmt: skip
"""Matrix products and convolutions: much faster in half precision, and sums in them are accumulated in float32."""

_FLOAT32 = (
    "acos", "asin", "cosh", "erfinv", "exp", "expm1", "log", "log10", "log2", "log1p", "reciprocal", "rsqrt", "sinh",
    "tan", "pow", "softplus", "softmax", "log_softmax", "logsumexp", "sum", "prod", "cumsum", "cumprod", "norm",
    "renorm", "layer_norm", "group_norm", "rms_norm", "dist", "pdist", "cdist", "cosine_similarity",
    "pairwise_distance", "quantile", "nanquantile", "trace", "cross_entropy", "nll_loss", "mse_loss", "l1_loss",
    "smooth_l1_loss", "huber_loss", "kl_div", "ctc_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits",
    "poisson_nll_loss", "gaussian_nll_loss", "cosine_embedding_loss", "hinge_embedding_loss", "margin_ranking_loss",
    "soft_margin_loss", "triplet_margin_loss", "multi_margin_loss", "multilabel_margin_loss",
    "multilabel_soft_margin_loss",
)  # fmt: skip
"""Where half precision loses too much, or overflows."""

_WIDEST = (
    "addcdiv", "addcmul", "bilinear", "cross", "dot", "index_put", "scatter_add", "index_copy", "tensordot",
)  # fmt: skip
"""Those that want all their tensors of one dtype."""

POLICIES: dict[str, str] = {
    **dict.fromkeys(_LOWER, LOWER),
    **dict.fromkeys(_FLOAT32, FLOAT32),
    **dict.fromkeys(_WIDEST, WIDEST),
}
"""Op name -> policy."""
