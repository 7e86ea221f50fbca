"""The choice of OpenBLAS's kernels, which has to be made before NumPy loads it.

OpenBLAS, the matrix library in NumPy's wheels, picks its kernels when it is loaded, from a list of CPUs. The list lacks
AMD's family 26 (Zen 5), where AVX2 kernels were seen in use, at little more than half the speed of those for AVX-512.
These can be forced, but only before NumPy is loaded, so this module does not import it.

On CPUs in the list, the choice of OpenBLAS is the right one: on family 25 (Zen 4) its versions 0.3.29 and 0.3.31 take
the same kernels with and without the setting, and products of 512 to 2048 rows are as quick.
"""

import os
import sys

_VARIABLE = "OPENBLAS_CORETYPE"
_FIRST_UNLISTED = 26

_choice = "not looked at yet"


def choice() -> str:
    """What ``prepare`` did, and why."""
    return _choice


def prepare() -> str | None:
    """Make OpenBLAS use its AVX-512 kernels where it would overlook them.

    To be called before NumPy is imported; later calls change nothing, and nothing that the user has set is
    changed. What was done, and why, is in `choice`.

    Returns:
        The kernels asked for, or None where the choice is left alone.
    """
    global _choice
    core = wanted_core(_cpuinfo())
    if _VARIABLE in os.environ:
        _choice = f"set by the user or an earlier call: {_VARIABLE}={os.environ[_VARIABLE]}"
    elif core is None:
        _choice = "left to OpenBLAS, which knows this CPU or cannot use AVX-512 on it"
    elif "numpy" in sys.modules:
        _choice = f"came too late: NumPy was loaded before; {_VARIABLE}={core} would suit this CPU"
    else:
        os.environ[_VARIABLE] = core
        _choice = f"set {_VARIABLE}={core}"
        return core
    return None


def wanted_core(cpuinfo: str) -> str | None:
    """Decide which kernels to force, from the text of ``/proc/cpuinfo``.

    Args:
        cpuinfo: What describes the first processor.

    Returns:
        The name that OpenBLAS has for them, or None where it chooses well by itself.

    Example:
        >>> wanted_core("vendor_id : AuthenticAMD\\ncpu family : 26\\nflags : avx2 avx512f avx512vl")
        'SkylakeX'
        >>> wanted_core("vendor_id : GenuineIntel\\ncpu family : 6\\nflags : avx2 avx512f avx512vl") is None
        True
    """
    lines = (line.partition(":") for line in cpuinfo.splitlines())
    fields = {name.strip(): value.strip() for name, _, value in lines}
    amd = fields.get("vendor_id") == "AuthenticAMD"
    unlisted = amd and int(fields.get("cpu family", 0)) >= _FIRST_UNLISTED
    return "SkylakeX" if unlisted and "avx512vl" in fields.get("flags", "").split() else None


def _cpuinfo() -> str:
    try:
        with open("/proc/cpuinfo") as file:
            return file.read(4096).partition("\n\n")[0]
    except OSError:
        return ""
