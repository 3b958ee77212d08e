// SPDX-License-Identifier: Apache-2.0
// What a caller submits: "i" (IQM JSON) or "q" (QIR), then job parameters like "1zeros" or "5alice:QB1", and last the
// program. What is accepted must make a request that is JSON.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/job_options.hpp"
#include "core/submission.hpp"
#include "fuzz.hpp"

namespace iqm::fuzz {
namespace {

// A caller's text cannot hold a NUL: the C entry points see to that.
std::string without_nul(std::string text) {
  std::erase(text, '\0');
  return text;
}

core::JobOptions read_options(const std::vector<std::string>& parts) {
  core::JobOptions options;
  for (const std::string& part : parts) {
    if (part.empty() || part.front() < '1' || part.front() > '5') {
      continue;
    }
    expect_typed_errors([&] {
      options.set(static_cast<QDMI_Device_Job_Parameter>(QDMI_DEVICE_JOB_PARAMETER_CUSTOM1 + (part.front() - '1')),
                  part.substr(1));
    });
  }
  return options;
}

}  // namespace
}  // namespace iqm::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace iqm::fuzz;
  static const auto machine = connect(example_reply);
  Input input(data, size);
  const auto format = input.next().starts_with("q") ? QDMI_PROGRAM_FORMAT_QIRBASESTRING : QDMI_PROGRAM_FORMAT_IQMJSON;
  std::vector<std::string> parts;
  while (!input.empty()) {
    parts.push_back(without_nul(input.next()));
  }
  if (parts.empty()) {
    return -1;
  }
  const std::string program = std::move(parts.back());
  parts.pop_back();
  const auto options = read_options(parts);
  const std::size_t program_size = program.size() + 1;
  const void* text = program.c_str();
  expect_typed_errors([&] {
    const iqm::core::ProgramList programs(format, 1, &program_size, &text);
    const auto snapshot = machine->snapshot();
    const auto submission = iqm::core::prepare(programs, 7, options,
                                               {.snapshot = *snapshot,
                                                .sites = machine->sites(),
                                                .operations = machine->operations(),
                                                .limits = machine->limits().peek()});
    const auto request = nlohmann::json::parse(submission.body, nullptr, /*allow_exceptions=*/false);
    require(request.is_object() && request.value("shots", 0) == 7 && request.at("circuits").size() == 1,
            "the request is JSON, with its circuits and shots");
    require(submission.layouts.size() == 1, "every program has its layout");
  });
  return 0;
}
