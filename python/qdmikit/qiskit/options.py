# SPDX-License-Identifier: Apache-2.0
"""The run options of the adapter, by name."""

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qiskit.providers import Options

from qdmikit.qiskit.errors import OptionError

DEFAULT_SHOTS = 1024
_CUSTOM = ("custom1", "custom2", "custom3", "custom4", "custom5")


def default_options() -> Options:
    """Return the options of a new backend: shots, memory, and QDMI's device-defined job parameters.

    `require_all_shots` makes a result with fewer shots than were asked for an error, which samplers need.
    `seed_simulator` is there because Qiskit's primitives always pass it; a device takes no seed, so it stays
    None.
    """
    return Options(
        shots=DEFAULT_SHOTS,
        memory=False,
        require_all_shots=False,
        seed_simulator=None,
        **dict.fromkeys(_CUSTOM),
    )


@dataclass(frozen=True)
class RunOptions:
    """The options of one run, checked.

    Attributes
    ----------
    shots
        Repetitions of each circuit, at least 1.
    memory
        Whether the outcome of each shot is wanted, not only how often each occurred.
    require_all_shots
        Whether fewer shots, or a circuit that failed, make the whole result an error.
    custom
        The device-defined job parameters that were given (`custom1` to `custom5`).
    """

    shots: int
    memory: bool
    require_all_shots: bool
    custom: Mapping[str, str]


def run_options(defaults: Options, given: Mapping[str, Any]) -> RunOptions:
    """Merge the options given to one run into the backend's and check them.

    Raises
    ------
    OptionError
        For an unknown name, or a value that cannot be sent.
    """
    known = dict(defaults)
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise OptionError(
            f"unknown run option(s): {', '.join(unknown)}; known are {', '.join(sorted(known))}"
        )
    merged = known | {name: value for name, value in given.items() if value is not None}
    if merged["seed_simulator"] is not None:
        raise OptionError("seed_simulator was given, but a QDMI device takes no seed; leave it out")
    for name in ("memory", "require_all_shots"):
        if not isinstance(merged[name], bool):
            raise OptionError(f"{name} must be True or False, got {merged[name]!r}")
    custom = {name: merged[name] for name in _CUSTOM if merged[name] is not None}
    for name, value in custom.items():
        if not isinstance(value, str):
            raise OptionError(f"{name} must be a string, got {value!r}")
    return RunOptions(_shots(merged["shots"]), merged["memory"], merged["require_all_shots"], custom)


def sampling(options: Mapping[str, str]) -> dict[str, Any]:
    """Return the run options of a sampler, whose results have as many shots as were asked for."""
    return {"require_all_shots": True, **options}


def _shots(value: Any) -> int:  # noqa: ANN401 (whatever the user passed)
    try:
        shots = operator.index(value)
    except TypeError:
        shots = 0
    if isinstance(value, bool) or shots < 1:
        raise OptionError(f"shots must be an integer of at least 1, got {value!r}")
    return shots
