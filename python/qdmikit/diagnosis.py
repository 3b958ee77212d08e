# SPDX-License-Identifier: Apache-2.0
"""What kind of trouble an error means, and what to do about it.

The remedies follow from the type of an error, and from the ``kind`` where the device tells one. They name no
vendor: a device's own words, with its own variables and parameters, are in the error's text.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from qdmikit.errors import (
    BadState,
    Error,
    InvalidArgument,
    LibraryNotFound,
    LoadError,
    ManifestError,
    NotFound,
    NotSupported,
    PermissionDenied,
    ProtocolError,
    SubmissionOutcomeUnknown,
    Timeout,
    Unreachable,
)

__all__ = ["Category", "Diagnosis", "diagnose"]

Category = Literal["device", "configuration", "authentication", "unreachable", "timeout"]


class Diagnosis(NamedTuple):
    """What an error means.

    Attributes
    ----------
    category : str
        Whose trouble it is.
    remedy : str
        What to do.
    """

    category: Category
    remedy: str


_ADDRESS = (
    "check the server's address (session parameter base_url) and that it is reachable from this machine: "
    "name resolution, port, proxy, firewall"
)
_CERTIFICATE = (
    "the server's certificate is not trusted here. Check the address; if it is right, get the certificate of "
    "the authority that signed it and name that file where the device looks for trusted certificates (its "
    "documentation tells the variable; SSL_CERT_FILE is customary). If the message names a file that is not "
    "there, correct the variable that names it"
)
_CREDENTIAL = "get a new token, and give it as token=@FILE or in the file that auth_file names"
_NOT_THE_SERVER = (
    "something else than the expected server answers at this address, for example a log-in page or a proxy: "
    "use the root address of the server's API"
)

_BY_KIND: dict[str, Diagnosis] = {
    "UnsafeConfiguration": Diagnosis("configuration", "let only root or yourself own and write it"),
    "ExposedSecret": Diagnosis("configuration", "let nobody else read a file with a secret: chmod go-rwx"),
    "SwitchedOff": Diagnosis(
        "configuration", 'describe the device with "enabled": true in a stronger source'
    ),
    "InvalidBaseUrl": Diagnosis(
        "configuration",
        "give the server's address, such as https://quantum.example.org: session parameter base_url",
    ),
    "InvalidSetting": Diagnosis("configuration", "correct or unset the variable that the message names"),
    "UnknownQuantumComputer": Diagnosis(
        "configuration", "choose one of those that the message lists, or leave the choice to the device"
    ),
    "AmbiguousCredential": Diagnosis("authentication", "remove one of the two; the message names both"),
    "UnusableCredential": Diagnosis(
        "authentication",
        "correct the path or the rights of the file, or log in again to have it written anew",
    ),
    "AuthenticationFailed": Diagnosis("authentication", _CREDENTIAL),
    "Forbidden": Diagnosis("authentication", "ask the server's operators for access to this"),
    "ConnectionLost": Diagnosis("unreachable", "try again; if it lasts, " + _ADDRESS),
    "RequestTimedOut": Diagnosis("timeout", "try again; if it lasts, ask the server's operators"),
    "WaitTimedOut": Diagnosis("timeout", "wait again, or cancel the job"),
    "RateLimited": Diagnosis("device", "wait a while: the server takes no more requests at present"),
    "ServerFault": Diagnosis(
        "device", "try again; if it lasts, quote the request id to the server's operators"
    ),
}
_BY_TYPE: tuple[tuple[type[Error], Diagnosis], ...] = (
    (ManifestError, Diagnosis("configuration", "correct the manifest; docs/configuration.md tells its form")),
    (
        LoadError,
        Diagnosis(
            "configuration",
            "check the library's path and prefix, install what it needs (ldd tells), or reinstall it",
        ),
    ),
    (LibraryNotFound, Diagnosis("configuration", "install what is missing, or correct its path")),
    (NotFound, Diagnosis("configuration", "check the id")),
    (PermissionDenied, Diagnosis("authentication", _CREDENTIAL)),
    (Unreachable, Diagnosis("unreachable", _ADDRESS)),
    (ProtocolError, Diagnosis("device", _NOT_THE_SERVER)),
    (
        SubmissionOutcomeUnknown,
        Diagnosis("device", "look for the job before submitting again; the server's operators can tell"),
    ),
    (Timeout, Diagnosis("timeout", "try again, or allow more time")),
    (NotSupported, Diagnosis("device", "the device cannot do this; its documentation tells what it can")),
    (BadState, Diagnosis("device", "see what the message says of the job")),
    (InvalidArgument, Diagnosis("device", "correct what the message names")),
)
_OTHERWISE = Diagnosis("device", "see the device's documentation, or ask who provides it")
_OF_CERTIFICATES = re.compile(r"\b(SSL|TLS|certificate)\b", re.IGNORECASE)


def diagnose(error: Error) -> Diagnosis:
    """Tell what kind of trouble an error means, and what to do.

    Parameters
    ----------
    error
        What was raised.

    Returns
    -------
    Diagnosis
        By the kind that the device told, else by the type of the error.
    """
    if isinstance(error, Unreachable) and _OF_CERTIFICATES.search(error.message):
        return Diagnosis("unreachable", _CERTIFICATE)
    if error.http_status == 404 and not isinstance(error, NotFound):
        return Diagnosis("device", _NOT_THE_SERVER)
    if error.kind in _BY_KIND:
        return _BY_KIND[error.kind]
    return next((found for kind, found in _BY_TYPE if isinstance(error, kind)), _OTHERWISE)
