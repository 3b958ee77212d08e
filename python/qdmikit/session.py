# SPDX-License-Identifier: Apache-2.0
"""The session parameters of QDMI, under their Python names."""

from collections.abc import Collection, Mapping

from qdmikit._core import SessionParameter

PARAMETERS: Mapping[str, SessionParameter] = {
    "base_url": SessionParameter.BASEURL,
    "token": SessionParameter.TOKEN,
    "auth_file": SessionParameter.AUTHFILE,
    "auth_url": SessionParameter.AUTHURL,
    "username": SessionParameter.USERNAME,
    "password": SessionParameter.PASSWORD,
    "custom1": SessionParameter.CUSTOM1,
    "custom2": SessionParameter.CUSTOM2,
    "custom3": SessionParameter.CUSTOM3,
    "custom4": SessionParameter.CUSTOM4,
    "custom5": SessionParameter.CUSTOM5,
}

_CREDENTIALS = frozenset({"token", "auth_file"})


def overlaid(
    weaker: Mapping[str, str], stronger: Mapping[str, str], replaced: Collection[str] = ()
) -> dict[str, str]:
    """Lay session parameters over weaker ones.

    Parameters
    ----------
    weaker, stronger
        Keyed by Python names. A token and a file that holds one are two ways to say the same: the stronger
        one takes the place of both.
    replaced
        Further parameters of which the weaker values do not count.

    Returns
    -------
    dict
        All parameters.
    """
    gone = {*replaced, *(_CREDENTIALS if _CREDENTIALS & stronger.keys() else ())}
    return {**{name: value for name, value in weaker.items() if name not in gone}, **stronger}


def to_parameters(values: Mapping[str, str]) -> list[tuple[SessionParameter, str]]:
    """Pair QDMI's parameters with values, in QDMI's order.

    Parameters
    ----------
    values
        Keyed by Python names, all of them in `PARAMETERS`.

    Returns
    -------
    list of tuple
        What a session is opened with.

    Raises
    ------
    TypeError
        If a value is no string. The text does not hold it: it may be a secret.
    """
    for name, value in values.items():
        if not isinstance(value, str):
            raise TypeError(f"{name} must be a str, not {type(value).__name__}")
    return [(parameter, values[name]) for name, parameter in PARAMETERS.items() if name in values]
