"""Every op that PyTorch has too, called in every way that the samples of conformance give, on both sides."""

import pytest

pytest.importorskip("torch", reason="PyTorch is not installed; the extra 'compare' brings it")

from against_torch import suite
from against_torch.known import judge


@pytest.mark.parametrize("path", suite.PATHS)
def test_results_and_gradients_of_samples_in_every_dtype(path):
    judge("sample", path, suite.sample_findings(path))


@pytest.mark.parametrize("path", suite.PATHS)
def test_other_forms_of_the_same_calls(path):
    judge("form", path, suite.form_findings(path))


@pytest.mark.parametrize("path", suite.PATHS)
def test_wrong_arguments_are_refused_alike(path):
    judge("fault", path, suite.fault_findings(path))


@pytest.mark.parametrize("path", [f"tp.{name}" for name in suite.PAIRED])
def test_promotion_of_all_pairs_of_dtypes(path):
    judge("pair", path, suite.pair_findings(path))


@pytest.mark.parametrize("path", list(suite.public_paths()))
def test_signatures(path):
    judge("signature", path, suite.signature_findings(path))
