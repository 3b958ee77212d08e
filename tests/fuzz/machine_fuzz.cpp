// SPDX-License-Identifier: Apache-2.0
// The documents that describe a machine, together: computers, static and dynamic architecture, metrics, calibration
// set, limits. What connects must answer every query.
#include <algorithm>
#include <array>
#include <vector>

#include "core/queries.hpp"
#include "fuzz.hpp"

namespace iqm::fuzz {
namespace {

constexpr std::size_t kMostAsked = 64;  // the machine may be large; the queries do not differ any more

struct Documents {
  std::string computers;
  std::string static_architecture;
  std::string dynamic_architecture;
  std::string metrics;
  std::string calibration_set;
  std::string limits;
};

http::Response answer(const Documents& documents, const std::string& line) {
  const auto reply = [](const std::string& text) {
    return text.empty() ? http::Response{.status = 404, .headers = {}, .body = {}}
                        : http::Response{.status = 200, .headers = {}, .body = text};
  };
  if (line.ends_with("/quantum-computers")) {
    return reply(documents.computers);
  }
  if (line.ends_with("/static-quantum-architectures")) {
    return reply(documents.static_architecture);
  }
  if (line.ends_with("/dynamic-quantum-architecture")) {
    return reply(documents.dynamic_architecture);
  }
  if (line.ends_with("/metrics")) {
    return reply(documents.metrics);
  }
  if (line.ends_with("/limits")) {
    return reply(documents.limits);
  }
  return reply(line.find("/calibration-sets/") == std::string::npos ? "" : documents.calibration_set);
}

template <typename T>
std::vector<T> list(const std::string& value) {
  require(value.size() % sizeof(T) == 0, "a list holds whole entries");
  std::vector<T> entries(value.size() / sizeof(T));
  std::copy(value.begin(), value.end(), reinterpret_cast<char*>(entries.data()));
  entries.resize(std::min(entries.size(), kMostAsked));
  return entries;
}

void query_everything(const core::Machine& machine) {
  const auto device = [&machine](QDMI_Device_Property property) {
    return read([&](const core::PropertySink& sink) { core::query_device(machine, property, sink); });
  };
  for (const auto property : {QDMI_DEVICE_PROPERTY_NAME, QDMI_DEVICE_PROPERTY_ID, QDMI_DEVICE_PROPERTY_CUSTOM1}) {
    require_text(device(property));
  }
  expect_typed_errors([&] { (void)device(QDMI_DEVICE_PROPERTY_STATUS); });
  expect_typed_errors([&] { (void)device(QDMI_DEVICE_PROPERTY_QUEUELENGTH); });
  require(!device(QDMI_DEVICE_PROPERTY_QUBITSNUM).empty(), "a machine has qubits");
  const auto ends = list<core::Handle>(device(QDMI_DEVICE_PROPERTY_COUPLINGMAP));
  const auto sites = list<core::Handle>(device(QDMI_DEVICE_PROPERTY_SITES));
  for (const core::Handle site : sites) {
    for (const auto property :
         {QDMI_SITE_PROPERTY_INDEX, QDMI_SITE_PROPERTY_NAME, QDMI_SITE_PROPERTY_T1, QDMI_SITE_PROPERTY_T2}) {
      expect_typed_errors([&] {
        (void)read([&](const core::PropertySink& sink) { core::query_site(machine, site, property, sink); });
      });
    }
  }
  for (const core::Handle operation : list<core::Handle>(device(QDMI_DEVICE_PROPERTY_OPERATIONS))) {
    const auto ask = [&](QDMI_Operation_Property property, const core::OperationArguments& arguments) {
      expect_typed_errors([&] {
        (void)read([&](const core::PropertySink& sink) {
          core::query_operation(machine, operation, arguments, property, sink);
        });
      });
    };
    for (const auto property : {QDMI_OPERATION_PROPERTY_NAME, QDMI_OPERATION_PROPERTY_QUBITSNUM,
                                QDMI_OPERATION_PROPERTY_PARAMETERSNUM, QDMI_OPERATION_PROPERTY_SITES}) {
      ask(property, {});
    }
    for (const auto property : {QDMI_OPERATION_PROPERTY_FIDELITY, QDMI_OPERATION_PROPERTY_DURATION}) {
      for (const core::Handle& site : sites) {
        ask(property, {.sites = std::span(&site, 1), .parameters = std::nullopt});
      }
      for (std::size_t pair = 0; pair + 1 < ends.size(); pair += 2) {
        ask(property, {.sites = std::span(&ends[pair], 2), .parameters = std::nullopt});
      }
    }
  }
}

}  // namespace
}  // namespace iqm::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace iqm::fuzz;
  Input input(data, size);
  Documents documents;
  for (std::string* document : {&documents.computers, &documents.static_architecture, &documents.dynamic_architecture,
                                &documents.metrics, &documents.calibration_set, &documents.limits}) {
    *document = input.next();
  }
  std::shared_ptr<iqm::core::Machine> machine;
  expect_typed_errors([&] { machine = connect([&](const std::string& line) { return answer(documents, line); }); });
  if (machine) {
    query_everything(*machine);
  }
  return 0;
}
