# SPDX-License-Identifier: Apache-2.0
"""Single shots, without a Python object for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class Shots:
    """The shots of one program, in the order in which they were taken.

    Parameters
    ----------
    packed
        Shape ``(shots, ceil(bits / 8))``: eight bits to a byte, the highest classical bit first; a row that
        does not fill its bytes begins with zeros. Qiskit's ``BitArray`` holds its data in the same way.
    num_bits
        Bits of each shot.
    """

    def __init__(self, packed: npt.NDArray[np.uint8], num_bits: int) -> None:
        self._packed = packed
        self._num_bits = num_bits

    @property
    def packed(self) -> npt.NDArray[np.uint8]:
        """The rows themselves, not a copy; see the class."""
        return self._packed

    @property
    def num_bits(self) -> int:
        """Bits of each shot."""
        return self._num_bits

    def __len__(self) -> int:
        """Return the number of shots."""
        return len(self._packed)

    def bits(self) -> npt.NDArray[np.uint8]:
        """Unpack all bits.

        Returns
        -------
        ndarray of uint8
            Of zeros and ones, shape ``(shots, num_bits)``. Column 0 is the highest classical bit, as in the
            bitstrings.
        """
        import numpy as np

        return np.unpackbits(self._packed, axis=1)[:, self._packed.shape[1] * 8 - self._num_bits :]

    def bitstrings(self) -> list[str]:
        """Return a string for each shot, its leftmost character the highest classical bit."""
        import numpy as np

        if self._num_bits == 0:
            return [""] * len(self)
        characters = np.ascontiguousarray(self.bits() + ord("0"))
        text: list[str] = characters.view(f"S{self._num_bits}").ravel().astype(str).tolist()
        return text

    def counts(self) -> dict[str, int]:
        """Count equal shots.

        Returns
        -------
        dict of str to int
            In ascending order of the bitstrings.
        """
        import numpy as np

        if self._num_bits == 0:
            return {"": len(self)} if len(self) else {}
        rows, numbers = np.unique(self._packed, axis=0, return_counts=True)
        return dict(zip(Shots(rows, self._num_bits).bitstrings(), numbers.tolist(), strict=True))

    def __repr__(self) -> str:
        return f"<qdmikit.Shots: {len(self)} of {self._num_bits} bits>"
