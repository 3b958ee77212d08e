# SPDX-License-Identifier: Apache-2.0
"""What an error means, and what to do."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import qdmikit
from qdmikit.diagnosis import diagnose

if TYPE_CHECKING:
    from qdmikit.diagnosis import Category

PAGE = Path(__file__).resolve().parents[3] / "docs" / "errors.md"
TYPES = [each for _, each in inspect.getmembers(qdmikit, inspect.isclass) if issubclass(each, qdmikit.Error)]
OF_TYPES: dict[type[qdmikit.Error], Category] = {
    qdmikit.ManifestError: "configuration",
    qdmikit.LoadError: "configuration",
    qdmikit.NotFound: "configuration",
    qdmikit.PermissionDenied: "authentication",
    qdmikit.Unreachable: "unreachable",
    qdmikit.Timeout: "timeout",
    qdmikit.BadState: "device",
}
OF_KINDS: dict[str, Category] = {
    "InvalidBaseUrl": "configuration",
    "UnknownQuantumComputer": "configuration",
    "AuthenticationFailed": "authentication",
    "UnusableCredential": "authentication",
    "ConnectionLost": "unreachable",
    "RequestTimedOut": "timeout",
    "ServerFault": "device",
}


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__name__)
def test_there_is_a_remedy_for_every_error(kind: type[qdmikit.Error]) -> None:
    assert diagnose(kind("text")).remedy


@pytest.mark.parametrize("kind", OF_TYPES, ids=lambda kind: kind.__name__)
def test_the_type_decides(kind: type[qdmikit.Error]) -> None:
    assert diagnose(kind("text")).category == OF_TYPES[kind]


@pytest.mark.parametrize("kind", OF_KINDS)
def test_the_kind_that_a_device_tells_says_more_than_the_type(kind: str) -> None:
    assert diagnose(qdmikit.Fatal("text", kind=kind)).category == OF_KINDS[kind]


def test_an_unknown_kind_falls_back_on_the_type() -> None:
    assert diagnose(qdmikit.Unreachable("text", kind="NoRoute")).category == "unreachable"


def test_certificates_have_a_remedy_of_their_own() -> None:
    found = diagnose(qdmikit.Unreachable("text", message="SSL certificate problem: self-signed"))
    assert found.category == "unreachable"
    assert "trusted certificates" in found.remedy


def test_the_kinds_are_those_of_the_documentation() -> None:
    documented = set(re.findall(r"`([A-Z]\w+)`", PAGE.read_text()))
    assert set(OF_KINDS) <= documented
