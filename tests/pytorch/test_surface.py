"""Tensors as users look at them: attributes, conversions, subscripts, printed forms."""

import pytest

pytest.importorskip("torch", reason="PyTorch is not installed; the extra 'compare' brings it")

from against_torch import surface
from against_torch.known import judge


def _differing(found):
    return [item for item in found if item[1]]


@pytest.mark.parametrize("name", surface.TENSORS)
def test_attributes_and_methods_without_arguments(name):
    judge("attribute", name, _differing(surface.attribute_differences(name)))


@pytest.mark.parametrize("name", surface.TENSORS)
def test_conversions_and_protocols(name):
    judge("conversion", name, _differing(surface.conversion_differences(name)))


@pytest.mark.parametrize("name", surface.TENSORS)
def test_subscripts(name):
    judge("subscript", name, _differing(surface.subscript_differences(name)))


@pytest.mark.parametrize("name", surface.PRINTED)
def test_printed_forms(name):
    judge("printed", name, _differing(surface.printed_differences(name)))
