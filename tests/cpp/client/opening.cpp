// SPDX-License-Identifier: Apache-2.0
#include "opening.hpp"

#include <nlohmann/json.hpp>

namespace qdmikit::test {

std::filesystem::path library(const std::string& name) {
  return std::filesystem::path(QDMIKIT_TEST_LIBRARY_DIR) / ("lib" + name + ".so");
}

Device scripted(const std::string& script) {
  return open_device(library("scripted-device"), "SCRIPTED", {{SessionParameter::Custom1, script}});
}

JobRequest any_program() {
  JobRequest request;
  request.programs = {"OPENQASM 3.0;"};
  return request;
}

::testing::AssertionResult contains(std::string_view text, std::string_view part) {
  const auto result =
      text.find(part) != std::string_view::npos ? ::testing::AssertionSuccess() : ::testing::AssertionFailure();
  return ::testing::AssertionResult(result) << "'" << text << "' and '" << part << "'";
}

int counted(const Device& device, const std::string& event) {
  return nlohmann::json::parse(device.custom_text(1).value()).value(event, 0);
}

}  // namespace qdmikit::test
