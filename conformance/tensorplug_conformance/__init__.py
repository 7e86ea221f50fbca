"""The conformance suite: every op of tensorplug on a device, compared with plain NumPy and SciPy."""
