"""Every op that PyTorch has too, in every way that the samples of conformance give, and tensors as users see them."""

import pytest

pytest.importorskip("torch", reason="PyTorch is not installed; the extra 'compare' brings it")

from against_torch.checking import CHECKS
from against_torch.known import judge


def _each(check):
    return pytest.mark.parametrize("path", CHECKS[check][1])


def _judge(check, path):
    judge(check, path, CHECKS[check][0](path))


@_each("sample")
def test_results_and_gradients_of_samples_in_every_dtype(path):
    _judge("sample", path)


@_each("form")
def test_other_forms_of_the_same_calls(path):
    _judge("form", path)


@_each("fault")
def test_wrong_arguments_are_refused_alike(path):
    _judge("fault", path)


@_each("pair")
def test_promotion_of_all_pairs_of_dtypes(path):
    _judge("pair", path)


@_each("signature")
def test_signatures(path):
    _judge("signature", path)


@_each("attribute")
def test_attributes_and_methods_without_arguments(path):
    _judge("attribute", path)


@_each("conversion")
def test_conversions_and_protocols(path):
    _judge("conversion", path)


@_each("subscript")
def test_subscripts(path):
    _judge("subscript", path)


@_each("printed")
def test_printed_forms(path):
    _judge("printed", path)
