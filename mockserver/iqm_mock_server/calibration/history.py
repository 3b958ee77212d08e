# SPDX-License-Identifier: Apache-2.0
"""The calibration sets of one machine: all stay addressable, one is the default."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from iqm_mock_server.errors import ErrorCode, NotFound

if TYPE_CHECKING:
    from iqm_mock_server.machines import CalibrationFigures


class CalibrationHistory:
    """Calibration sets by id.

    Parameters
    ----------
    initial
        The set that is the default at first.
    """

    def __init__(self, initial: CalibrationFigures) -> None:
        self._sets = {initial.id: initial}
        self._default = initial.id

    def find(self, reference: str | UUID | None) -> CalibrationFigures:
        """Return a calibration set.

        Parameters
        ----------
        reference
            The set's UUID; ``None`` or the word ``default`` for the default set.

        Raises
        ------
        NotFound
            When there is no such set.
        """
        if reference is None or reference == "default":
            return self._sets[self._default]
        try:
            return self._sets[reference if isinstance(reference, UUID) else UUID(reference)]
        except (KeyError, ValueError):
            raise NotFound(
                ErrorCode.CALIBRATION_SET_NOT_FOUND, f"Calibration set {str(reference)!r} not found"
            ) from None
