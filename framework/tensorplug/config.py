"""Process-wide settings, set by assignment: ``tensorplug.config.fallback = "cpu"``."""

from __future__ import annotations


class Config:
    """The settings.

    Attributes:
        fallback: a device type on which ops run that a tensor's own device lacks, with copies there and back;
            ``None`` (the default) makes such an op an error. Every fallback is counted, see
            ``tensorplug.dispatch.fallback_counts``.
    """

    __slots__ = ("fallback",)

    def __init__(self) -> None:
        self.fallback: str | None = None


config = Config()
