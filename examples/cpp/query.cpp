// SPDX-License-Identifier: Apache-2.0
// query LIBRARY PREFIX [parameter=value]...: tells what a device is.
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

#include "arguments.hpp"

namespace {

std::string text(const std::optional<double>& value, const char* unit) {
  return value ? std::to_string(*value) + unit : "unknown";
}

void show(const qdmikit::Snapshot& device) {
  std::cout << device.name << " " << device.version << ": " << device.qubits_num << " qubits, "
            << (device.status ? to_string(*device.status) : "status unknown") << '\n';
  for (const auto& site : device.sites) {
    std::cout << "site " << site.index << " " << site.name.value_or("") << ": T1 "
              << text(site.t1 ? std::optional(*site.t1 * 1e6) : std::nullopt, " us") << ", T2 "
              << text(site.t2 ? std::optional(*site.t2 * 1e6) : std::nullopt, " us") << '\n';
  }
  for (const auto& operation : device.operations) {
    std::cout << "operation " << operation.name << ": "
              << (operation.loci ? std::to_string(operation.loci->size()) + " places" : "everywhere") << '\n';
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto device = arguments::open(argc, argv, 0, "query LIBRARY PREFIX");
    show(device.snapshot());
    std::cout << "QDMI " << device.property<qdmikit::DeviceProperty::LibraryVersion>().value_or("unknown") << '\n';
    std::cout << device.children().size() << " child devices\n";
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::cerr << "query: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
