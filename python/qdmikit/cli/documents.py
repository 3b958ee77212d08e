# SPDX-License-Identifier: Apache-2.0
"""Devices and jobs as JSON, in the forms that docs/cli.md describes."""

from qdmikit import Device, Job, Operation


def device_document(device: Device) -> dict[str, object]:
    """Return what a device is.

    Parameters
    ----------
    device
        The open device.

    Returns
    -------
    dict
        Times in seconds, fidelities as probabilities, sites by their index; null for what is not known.
    """
    coupling = device.coupling_map
    return {
        "id": device.id,
        "name": device.name,
        "version": device.version,
        "qdmi": device.library_version,
        "library": str(device.library_path),
        "status": None if device.status is None else device.status.name,
        "queue_length": device.queue_length,
        "qubits": device.qubits_num,
        "formats": [each.name for each in device.supported_program_formats],
        "sites": [
            {"index": site.index, "name": site.name, "is_zone": site.is_zone, "t1": site.t1, "t2": site.t2}
            for site in device.sites
        ],
        "operations": [_operation(operation) for operation in device.operations],
        "coupling_map": None if coupling is None else [[one.index, other.index] for one, other in coupling],
    }


def _operation(operation: Operation) -> dict[str, object]:
    loci = operation.sites
    return {
        "name": operation.name,
        "qubits": operation.qubits_num,
        "parameters": operation.parameters_num,
        "loci": None
        if loci is None
        else [
            {
                "sites": [site.index for site in locus],
                "fidelity": operation.fidelity(*locus),
                "duration": operation.duration(*locus),
            }
            for locus in loci
        ],
    }


def job_document(job: Job, device_id: str) -> dict[str, object]:
    """Return where a job stands.

    Parameters
    ----------
    job
        The job.
    device_id
        The id of its device.

    Returns
    -------
    dict
        With null for what is not known.
    """
    status = job.status
    return {
        "job": job.id,
        "device": device_id,
        "status": status.name,
        "queue_position": job.queue_position,
        "shots": job.shots,
        "programs": job.programs_num,
        "format": None if job.program_format is None else job.program_format.name,
    }
