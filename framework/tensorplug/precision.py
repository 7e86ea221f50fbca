"""Which precision suits which op where ``amp.autocast`` mixes them; ops not named here take tensors as they come.

The lists are those of PyTorch's autocast on CUDA devices (its documentation, "Autocast Op Reference"), for every device
alike; what has to do with factorizations of matrices is taken from its list for the CPU.
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

_FACTORED = (
    "linalg_cholesky", "linalg_cholesky_ex", "linalg_cond", "linalg_det", "linalg_eig", "linalg_eigh", "linalg_eigvals",
    "linalg_eigvalsh", "linalg_householder_product", "linalg_inv", "linalg_inv_ex", "linalg_ldl_factor",
    "linalg_ldl_factor_ex", "linalg_ldl_solve", "linalg_lstsq", "linalg_lu", "linalg_lu_factor", "linalg_lu_factor_ex",
    "linalg_lu_solve", "linalg_matrix_rank", "linalg_pinv", "linalg_qr", "linalg_slogdet", "linalg_solve",
    "linalg_solve_ex", "linalg_solve_triangular", "linalg_svd", "linalg_svdvals", "linalg_tensorinv",
    "linalg_tensorsolve", "cholesky", "cholesky_inverse", "cholesky_solve", "det", "geqrf", "inverse", "logdet", "lu",
    "lu_solve", "matrix_exp", "orgqr", "ormqr", "pca_lowrank", "pinverse", "qr", "slogdet", "svd", "svd_lowrank",
    "triangular_solve",
)  # fmt: skip
"""Factorizations, which do not exist in half precision, and what is computed with them."""

_WIDEST = (
    "addcdiv", "addcmul", "bilinear", "cross", "dot", "index_put", "scatter_add", "index_copy", "tensordot",
)  # fmt: skip
"""Those that want all their tensors of one dtype."""

POLICIES: dict[str, str] = {
    **dict.fromkeys(_LOWER, LOWER),
    **dict.fromkeys((*_FLOAT32, *_FACTORED), FLOAT32),
    **dict.fromkeys(_WIDEST, WIDEST),
}
"""Op name -> policy."""
