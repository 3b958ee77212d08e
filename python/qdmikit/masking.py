# SPDX-License-Identifier: Apache-2.0
"""Keeping secrets out of what is shown."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["MASK", "Masker", "is_secret", "masked_session"]

MASK = "***"
_SECRET_PARAMETERS = frozenset({"token", "password"})
_SECRET_NAME = re.compile(r"(TOKEN|PASSWORD|PASSWD|SECRET|API_?KEY)$", re.IGNORECASE)
_SHORTEST = 4
"""Shorter secrets are not looked for in texts, where they would occur by chance."""

# What is a secret whatever it is called: signed tokens, authorisation headers, credentials in addresses.
_PATTERNS = (
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), MASK),
    (re.compile(r"\b(Bearer|Basic) +[\w.~+/=-]{4,}"), rf"\1 {MASK}"),
    (re.compile(r"(?<=://)[^/@\s'\"]+@"), f"{MASK}@"),
)


def is_secret(name: str) -> bool:
    """Return whether a session parameter or an environment variable of that name holds a secret itself."""
    return name in _SECRET_PARAMETERS or _SECRET_NAME.search(name) is not None


class Masker:
    """Takes secrets out of texts.

    Parameters
    ----------
    environment
        Variables of which those that are named like secrets are known from the start; the process's own when
        left out.
    """

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._secrets: set[str] = set()
        variables = os.environ if environment is None else environment
        self.add(value for name, value in variables.items() if is_secret(name))

    def add(self, secrets: Iterable[str]) -> None:
        """Make secrets known."""
        self._secrets.update(secret for secret in secrets if len(secret) >= _SHORTEST)

    def add_session(self, session: Mapping[str, str]) -> None:
        """Make the secrets among session parameters known."""
        self.add(value for name, value in session.items() if is_secret(name))

    def text(self, text: str) -> str:
        """Return a text without the secrets.

        Parameters
        ----------
        text
            Any text.

        Returns
        -------
        str
            With ``***`` in the place of each secret that is known or looks like one.
        """
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, MASK)
        for pattern, instead in _PATTERNS:
            text = pattern.sub(instead, text)
        return text

    def value(self, value: object) -> object:
        """Return a JSON value with all texts in it masked, names of members included."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(str(name)): self.value(member) for name, member in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(item) for item in value]
        return value


def masked_session(session: Mapping[str, str]) -> dict[str, str]:
    """Return session parameters without the secrets among them."""
    return {name: MASK if is_secret(name) else value for name, value in session.items()}
