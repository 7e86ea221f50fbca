"""Layers of ``nn``: printed form, state, results and gradients in training and evaluation, constructors."""

import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed; the extra 'compare' brings it")

from against_torch import modules
from against_torch.known import judge

import tensorplug as tp


@pytest.mark.parametrize("layer", modules.LAYERS, ids=lambda layer: layer.id)
def test_layers(layer):
    judge("layer", layer.name, ((layer.id, message) for message in modules.layer_differences(layer)))


@pytest.mark.parametrize("name", modules.class_names(tp.nn, torch.nn))
def test_constructors(name):
    found = modules.constructor_difference(getattr(tp.nn, name), getattr(torch.nn, name))
    judge("constructor", name, [("nn", found)] if found else [])
