// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "core/readout_layout.hpp"
#include "server/qir_program.hpp"
#include "support/error.hpp"

namespace iqm::test {
namespace {

// A program of the base profile whose body is `calls`.
std::string qir(const std::string& calls, const std::string& results = "2") {
  return "%Qubit = type opaque\n%Result = type opaque\n\ndefine void @main() #0 {\nentry:\n" + calls +
         "  ret void\n}\n\ndeclare void @__quantum__qis__mz__body(%Qubit*, %Result* writeonly)\n"
         "attributes #0 = { \"entry_point\" \"required_num_qubits\"=\"2\" \"required_num_results\"=\"" +
         results + "\" }\n";
}

std::vector<std::string> keys(const std::string& program) {
  std::vector<std::string> names;
  for (const auto& key : server::read_qir(program).readout.keys) {
    names.push_back(key.name);
  }
  return names;
}

TEST(Qir, ResultsOfTypedPointersAreRead) {
  EXPECT_EQ(keys(qir("  call void @__quantum__qis__prx__body(double 3.14, double 0.0, %Qubit* null)\n"
                     "  call void @__quantum__qis__mz__body(%Qubit* inttoptr (i64 1 to %Qubit*), %Result* null)\n"
                     "  call void @__quantum__qis__measure__body(%Qubit* null, "
                     "%Result* inttoptr (i64 1 to %Result*))\n")),
            (std::vector<std::string>{"m_1_0_0", "m_1_1_0"}));
}

TEST(Qir, ResultsOfOpaquePointersAreRead) {
  EXPECT_EQ(keys(qir("  tail call void @__quantum__qis__mz__body(ptr null, ptr writeonly inttoptr (i64 1 to ptr))\n"
                     "  call void @__quantum__qis__measurement__body(ptr inttoptr (i64 1 to ptr), ptr null)\n")),
            (std::vector<std::string>{"m_1_1_0", "m_1_0_0"}));
}

TEST(Qir, TheResultIsTheClassicalBitAndUnmeasuredOnesReadZero) {
  const auto outline =
      server::read_qir(qir("  call void @__quantum__qis__mz__body(ptr null, ptr inttoptr (i64 1 to ptr))\n", "4"));
  const core::ReadoutLayout layout(outline.readout);
  EXPECT_EQ(layout.arrange(model::MeasurementShots{.shots = 2, .bits = {{"m_1_1_0", "10"}}, .keys = {}}, {.number = 2}),
            "0010,0000");
}

TEST(Qir, WhatIsNoProgramIsRefused) {
  for (const std::string& text :
       {std::string(), std::string("OPENQASM 3.0;"), std::string("define void @main() {}"),
        qir("  call void @__quantum__qis__mz__body(ptr null, ptr %variable)\n"),
        qir("  call void @__quantum__qis__mz__body(ptr null, ptr null)\n"
            "  call void @__quantum__qis__mz__body(ptr null, ptr null)\n"),
        qir("  call void @__quantum__qis__mz__body(ptr null, ptr inttoptr (i64 99999999999 to ptr))\n"),
        qir("", "99999999999")}) {
    EXPECT_THROW((void)server::read_qir(text), InvalidProgram) << text;
  }
}

}  // namespace
}  // namespace iqm::test
