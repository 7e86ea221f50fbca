"""The conformance suite: every op of tensorplug on a device, compared with plain NumPy and SciPy.

tensorplug conformance --device opencl
pytest -p tensorplug_conformance.plugin --pyargs tensorplug_conformance --device opencl
"""

from tensorplug_conformance.runner import Result, replay, run

__all__ = ["Result", "replay", "run"]
