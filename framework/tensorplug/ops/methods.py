"""The op families as methods: what ``Tensor`` inherits. ``methods.pyi``, generated, shows editors what is here."""

from __future__ import annotations

from typing import Any

from tensorplug.ops.namespaces import op_methods

OpMethods: type[Any] = type("OpMethods", (), {"__slots__": (), "__module__": __name__, **op_methods()})
