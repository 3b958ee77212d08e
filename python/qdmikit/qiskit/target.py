# SPDX-License-Identifier: Apache-2.0
"""The Qiskit Target of a QDMI device, built from its metadata."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qiskit.transpiler import InstructionProperties, QubitProperties, Target

from qdmikit import Device, Operation, Site
from qdmikit.qiskit.errors import UnsupportedDeviceError
from qdmikit.qiskit.gates import DIRECTIVES, fixed_instruction, variadic_instruction
from qdmikit.qiskit.resonators import (
    ResonatorTarget,
    instruction_properties,
    read_resonators,
    with_resonators,
)

Locus = tuple[int, ...]


@dataclass(frozen=True)
class DeviceModel:
    """What the adapter knows about a device, read once.

    Attributes
    ----------
    target
        Gates with their loci, durations (s) and errors (1 - fidelity), and every qubit's T1 and T2 (s).
    sites
        Qubit `i` of the target is the device's site `sites[i]`.
    operation_names
        Qiskit's instruction name -> the device's name of the same operation.
    """

    target: Target
    sites: tuple[Site, ...]
    operation_names: Mapping[str, str]
    runnable: Target
    """What circuits may contain when they are sent: `target`, and where the device has computational
    resonators, these as further qubits with what is really calibrated there."""


def read_device(device: Device) -> DeviceModel:
    """Read a device's metadata, each property once, into a Qiskit Target.

    Qubits are the first QUBITSNUM entries of the device's SITES that are not zones; what follows (such as
    computational resonators) is no qubit, and loci with such a site are left out. Where qubits can move to
    resonators, they have a cz with each other in the target if they can meet there, with the error and the
    duration of move, cz and move. Operations that no Qiskit
    gate stands for are left out with one warning.

    Parameters
    ----------
    device
        The open device.

    Raises
    ------
    UnsupportedDeviceError
        If a two-qubit operation lists no sites although the device has a coupling map, so that nobody knows
        where it may act.
    """
    return _Reader(device).read()


class _Reader:
    def __init__(self, device: Device) -> None:
        self._device = device
        self._sites = _qubit_sites(device)
        self._qubit_of = {site: qubit for qubit, site in enumerate(self._sites)}
        self._constrained = device.coupling_map is not None
        self._names: dict[str, str] = {}
        self._unmappable: list[str] = []
        self._resonators = read_resonators(device, self._qubit_of)
        self._target = (ResonatorTarget if self._resonators else Target)(
            description=device.name,
            num_qubits=len(self._sites),
            qubit_properties=_qubit_properties(self._sites),
        )
        if self._resonators:
            self._target.resonators = self._resonators

    def read(self) -> DeviceModel:
        for operation in self._device.operations:
            self._add(operation)
        if self._unmappable:
            warnings.warn(
                f"device {self._device.name!r}: circuits cannot use the operation(s) "
                f"{', '.join(sorted(self._unmappable))}: Qiskit has no such instruction, or not there",
                stacklevel=4,
            )
        if "measure" not in self._target.operation_names:
            warnings.warn(
                f"device {self._device.name!r} lists no measure operation; no circuit can return counts",
                stacklevel=4,
            )
        runnable = with_resonators(self._target, self._resonators) if self._resonators else self._target
        return DeviceModel(self._target, self._sites, self._names, runnable)

    def _add(self, operation: Operation) -> None:
        name = operation.name
        if name in DIRECTIVES:
            return
        if name == "move" and self._resonators:
            self._names[name] = name  # in `runnable` only
            return
        variadic = variadic_instruction(name)
        if variadic is not None and operation.qubits_num is None:
            qiskit_name, kind = variadic
            self._target.add_instruction(kind, name=qiskit_name)
            self._names[qiskit_name] = name
            return
        instruction = fixed_instruction(name, operation.qubits_num, operation.parameters_num)
        # A zoned operation acts on whatever is in its zone, which a Target cannot say.
        if instruction is None or operation.is_zoned:
            self._unmappable.append(name)
            return
        if instruction.name in self._names:
            return  # a second name for the same operation
        properties = self._properties(operation, instruction.num_qubits)
        if not properties:
            self._unmappable.append(name)
            return
        self._target.add_instruction(instruction, properties)
        self._names[instruction.name] = name

    def _properties(
        self, operation: Operation, width: int
    ) -> dict[Locus | None, InstructionProperties | None]:
        if operation.name == "cz" and self._resonators:
            return dict(self._resonators.pairs().items())
        loci = operation.sites
        if loci is None and width == 1 and self._constrained:
            loci = [(site,) for site in self._sites]
        if loci is None:
            if width > 1 and self._constrained:
                raise UnsupportedDeviceError(
                    f"device {self._device.name!r} has a coupling map, but does not say on which sites its "
                    f"operation {operation.name!r} on {width} qubits acts; the device must list them"
                )
            return {None: instruction_properties(operation, ())}
        return {
            tuple(self._qubit_of[site] for site in locus): instruction_properties(operation, locus)
            for locus in loci
            if all(site in self._qubit_of for site in locus)
        }


def _qubit_sites(device: Device) -> tuple[Site, ...]:
    return tuple(site for site in device.sites if not site.is_zone)[: device.qubits_num]


def _qubit_properties(sites: Sequence[Site]) -> list[QubitProperties] | None:
    properties = [QubitProperties(t1=site.t1, t2=site.t2) for site in sites]
    if all(qubit.t1 is None and qubit.t2 is None for qubit in properties):
        return None
    return properties
