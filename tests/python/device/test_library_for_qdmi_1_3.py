# SPDX-License-Identifier: Apache-2.0
"""The client speaks QDMI 1.4: a library for 1.3 is refused as a whole, and named as such."""

from __future__ import annotations

import pytest

import qdmikit
import qdmikit_iqm


def test_a_library_for_qdmi_1_3_is_refused_and_named() -> None:
    library = qdmikit_iqm.library_path_for_qdmi_1_3()
    with pytest.raises(qdmikit.LoadError) as caught:
        qdmikit.open_device(library=library, prefix="IQM", base_url="http://127.0.0.1:1")
    assert caught.value.library == library
    text = str(caught.value)
    assert f"{library} is a device library for QDMI 1.3; QDMI 1.4 is needed" in text
    assert "Missing symbols: IQM_QDMI_device_" in text


def test_a_configuration_that_names_a_library_for_qdmi_1_3_is_named_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As in a shell that was set up for a driver of QDMI 1.3."""
    library = qdmikit_iqm.library_path_for_qdmi_1_3()
    device = f'{{"id": "qdmikit.iqm", "library": "{library}", "prefix": "IQM"}}'
    monkeypatch.setenv(
        "MQT_CORE_QDMI_CONFIG_JSON", f'{{"schema-version": 1, "qdmi": {{"devices": [{device}]}}}}'
    )
    with pytest.raises(qdmikit.LoadError, match=r"is a device library for QDMI 1\.3") as caught:
        qdmikit.open_device("qdmikit.iqm", base_url="http://127.0.0.1:1")
    assert caught.value.__notes__ == [
        "Device 'qdmikit.iqm' is described by MQT_CORE_QDMI_CONFIG_JSON (environment)."
    ]
