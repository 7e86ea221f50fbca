"""Process-wide settings, set by assignment: ``tensorplug.config.fallback = "cpu"``."""

from __future__ import annotations


class Config:
    """The settings.

    Attributes:
        fallback: a device type on which ops run that a tensor's own device lacks, with copies there and back;
            ``None`` (the default) makes such an op an error. Every fallback is counted, see
            ``tensorplug.dispatch.fallback_counts``.
        deterministic: what happens when a kernel runs whose results may differ from run to run: nothing (``""``, the
            default), a warning (``"warn"``) or an error (``"error"``); see ``use_deterministic_algorithms``.
        matmul_precision: how exact products of float32 matrices must be, see ``set_float32_matmul_precision``.
    """

    __slots__ = ("deterministic", "fallback", "matmul_precision")

    def __init__(self) -> None:
        self.fallback: str | None = None
        self.deterministic = ""
        self.matmul_precision = "highest"


config = Config()
