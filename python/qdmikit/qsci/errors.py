# SPDX-License-Identifier: Apache-2.0
"""What goes wrong in a QSCI calculation. Errors of devices and jobs pass through unchanged."""

from qdmikit.errors import BadState, InvalidArgument, LibraryNotFound, NotSupported


class InvalidProblem(InvalidArgument):
    """A molecule, basis or active space that cannot be calculated."""


class NotConverged(BadState):
    """A classical calculation that QSCI stands on did not converge."""


class NoConfigurations(BadState):
    """No sampled bitstring has the right numbers of electrons."""


class SubspaceTooLarge(NotSupported):
    """More determinants than the chosen solver is made for."""


class NotVariational(BadState):
    """An energy outside the bounds that no mistake of the samples can break: the program is wrong."""


class RunMismatch(InvalidArgument):
    """A folder holds a run with other settings, or files that are no run."""


class RunInUse(BadState):
    """Another process is doing the run of a folder."""


class MissingLibrary(LibraryNotFound):
    """A package that this part of QSCI needs is not installed."""
