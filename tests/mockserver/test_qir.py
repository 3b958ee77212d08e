# SPDX-License-Identifier: Apache-2.0
"""QIR programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.mockserver.conftest import Api, Reply

pytestmark = pytest.mark.iqm_mock_server(ideal=True)

TYPES = "%Qubit = type opaque\n%Result = type opaque\n"
PI, HALF = "0x400921FB54442D18", "0x3FF921FB54442D18"


def qir(*calls: str, results: int = 2, opaque: bool = False) -> str:
    """Return a program of two qubits; q0, q1, r0 and r1 stand for their addresses."""
    body = "".join(f"  call void @__quantum__qis__{call}\n" for call in calls)
    names = {
        "q0": "%Qubit* null",
        "q1": "%Qubit* inttoptr (i64 1 to %Qubit*)",
        "r0": "%Result* null",
        "r1": "%Result* inttoptr (i64 1 to %Result*)",
    }
    for name, pointer in names.items():
        body = body.replace(f" {name}", f" {pointer}")
    text = (
        TYPES
        + f"define void @main() #0 {{\nentry:\n{body}  ret void\n}}\n"
        + "declare void @__quantum__qis__prx__body(double, double, %Qubit*)\n"
        + "declare void @__quantum__qis__cz__body(%Qubit*, %Qubit*)\n"
        + "declare void @__quantum__qis__h__body(%Qubit*)\n"
        + "declare void @__quantum__qis__mz__body(%Qubit*, %Result* writeonly) #1\n"
        + 'attributes #0 = { "entry_point" "required_num_qubits"="2" '
        + f'"required_num_results"="{results}" }}\n'
        + 'attributes #1 = { "irreversible" }\n'
    )
    if opaque:
        text = text.removeprefix(TYPES).replace("%Qubit*", "ptr").replace("%Result*", "ptr")
    return text


X0 = f"prx__body(double {PI}, double 0.0, q0)"
MEASURE = ("mz__body( q0, r0)", "mz__body( q1, r1)")


def submit(api: Api, *programs: object, **options: object) -> Reply:
    body: dict[str, Any] = {"circuits": list(programs), "shots": 60, **options}
    return api.post("/api/v1/jobs/garnet/circuit", body)


def artifact(api: Api, reply: Reply) -> Any:  # noqa: ANN401 - JSON
    assert reply.status == 200, reply.body
    job = api.ended(reply.json["id"])
    assert job["status"] == "completed", job
    return api.artifact(job["id"], "measurement_counts")


@pytest.mark.parametrize("opaque", [False, True])
def test_results_are_keys_and_qubits_are_numbered(api: Api, opaque: bool) -> None:
    program = qir("prx__body(double " + PI + ", double 0.0, q1)", *MEASURE, opaque=opaque)
    [entry] = artifact(api, submit(api, program))
    assert entry == {"measurement_keys": ["m_1_0_0", "m_1_1_0"], "counts": {"01": 60}}


def test_a_bell_pair_comes_out(api: Api) -> None:
    minus = "0xBFF921FB54442D18"
    program = qir(
        f"prx__body(double {HALF}, double {HALF}, q0)",
        f"prx__body(double {minus}, double {HALF}, q1)",
        "cz__body( q0, q1)",
        f"prx__body(double {HALF}, double {HALF}, q1)",
        *MEASURE,
    )
    [entry] = artifact(api, submit(api, program))
    assert entry["counts"].keys() == {"00", "11"}


def test_a_mapping_places_the_qubits(api: Api) -> None:
    mapping = [{"logical_name": "0", "physical_name": "QB7"}, {"logical_name": "1", "physical_name": "QB12"}]
    [entry] = artifact(api, submit(api, qir(X0, *MEASURE), qubit_mapping=mapping))
    assert entry["counts"] == {"10": 60}
    reply = submit(api, qir(X0, *MEASURE), qubit_mapping=mapping[:1])
    assert reply.status == 400
    assert "does not map '1'" in reply.json["message"]


def test_programs_and_circuits_can_be_of_one_job_and_the_payload_is_kept(api: Api) -> None:
    circuit = {"name": "c", "instructions": [{"name": "measure", "locus": ["QB1"], "args": {"key": "k"}}]}
    text = qir(X0, *MEASURE)
    reply = submit(api, text, circuit)
    entries = artifact(api, reply)
    assert [entry["counts"] for entry in entries] == [{"10": 60}, {"0": 60}]
    assert api.get(f"/api/v1/jobs/{reply.json['id']}/payload").json["circuits"] == [text, circuit]


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("", "entry points"),
        ("OPENQASM 3.0;", "not LLVM assembly"),
        (qir("h__body( q0)"), "Unsupported operation: h"),
        (qir(*MEASURE).replace('"entry_point"', ""), "0 functions are entry points"),
        (qir(*MEASURE).replace('"required_num_results"="2"', ""), "required_num_results"),
        (qir(MEASURE[0], MEASURE[0]), "Measurement key 'm_1_0_0' is not unique"),
        (qir("cz__body( q1, q1)"), "acts on QB2 twice"),
        (qir(*MEASURE).replace("ret void", "br label %next\nnext:\n  ret void"), "one basic block"),
        (
            qir(f"prx__body(double {PI}, double 0.0, q0)").replace("null", "inttoptr (i64 90 to %Qubit*)"),
            "names qubit 90, the entry point asks for 2",
        ),
        (qir("mz__body( q0, %Result* inttoptr (i64 2 to %Result*))"), "names result 2"),
        (qir("mz__body(%Qubit* undef, r0)"), "a qubit of 'mz' is not a constant address"),
        (qir("mz__body(%Qubit* inttoptr (i64 -1 to %Qubit*), r0)"), "not a constant address"),
        (qir("prx__body(double 0x7FF0000000000000, double 0.0, q0)"), "not a finite constant"),
        (qir(*MEASURE).replace("  ret", "  %x = alloca i8\n  ret"), "Unsupported instruction: %x = alloca"),
        (qir(*MEASURE).replace("__quantum__qis__mz__body", "mz"), "Unsupported operation: mz"),
        (
            qir(*MEASURE).replace("__quantum__qis__mz__body", "__quantum__rt__qubit_release"),
            "Unsupported operation: __quantum__rt__qubit_release",
        ),
    ],
)
def test_what_is_no_such_program_is_refused(api: Api, program: str, reason: str) -> None:
    reply = submit(api, program)
    assert reply.status == 400, reply.body
    assert reply.json["error_code"] == "invalid_job_payload"
    assert reason in reply.json["message"]


def test_what_a_base_profile_program_has_for_its_runtime_is_taken(api: Api) -> None:
    recorded = qir(X0, *MEASURE).replace(
        "  ret",
        "  call void @__quantum__rt__array_record_output(i64 1, i8* null)\n"
        "  call void @__quantum__rt__result_record_output(%Result* null, i8* "
        "getelementptr inbounds ([3 x i8], [3 x i8]* @label, i32 0, i32 0))\n"
        "  ret",
    )
    program = (
        f'; with "labels\n@label = internal constant [3 x i8] c"(0\\00"\n{recorded}'
        "declare void @__quantum__rt__array_record_output(i64, i8*)\n"
        "declare void @__quantum__rt__result_record_output(%Result*, i8*)\n"
        '!llvm.module.flags = !{!0}\n!0 = !{i32 1, !"qir_major_version", i32 1}\n'
    )
    [entry] = artifact(api, submit(api, program))
    assert entry["counts"] == {"10": 60}


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("\0" + qir(*MEASURE), "NUL"),
        ("@a = global " + "{" * 100_000 + "i8" + "}" * 100_000 + " zeroinitializer\n", "nested"),
        ('; "\n!0 = ' + "!{" * 100_000 + "}" * 100_000, "nested"),
        ("".join(f"!{i} = !{{!{i + 1}}}\n" for i in range(100_000)) + "!100000 = !{}\n", "definitions"),
    ],
    ids=["NUL", "nested types", "nested metadata", "chained metadata"],
)
def test_what_would_end_llvm_is_refused_before_it_gets_there(api: Api, program: str, reason: str) -> None:
    reply = submit(api, program)
    assert (reply.status, reply.json["error_code"]) == (400, "invalid_job_payload")
    assert reason in reply.json["message"]
    assert submit(api, qir(*MEASURE)).status == 200
