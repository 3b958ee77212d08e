// SPDX-License-Identifier: Apache-2.0
// bell LIBRARY PREFIX [URL]: runs a Bell circuit on the device behind a QDMI library, in a format that the device
// takes.
#include <algorithm>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <utility>

#include "bell_program.h"
#include "qdmikit/qdmikit.hpp"

namespace {

const std::pair<qdmikit::ProgramFormat, std::string> kPrograms[] = {
    {qdmikit::ProgramFormat::IqmJson, bell_program},
    {qdmikit::ProgramFormat::Qasm3,
     "OPENQASM 3.0; include \"stdgates.inc\"; qubit[2] q; bit[2] c; "
     "h q[0]; cx q[0], q[1]; c = measure q;"},
};

void run(const qdmikit::Device& device) {
  const auto formats = device.supported_program_formats();
  for (const auto& [format, program] : kPrograms) {
    if (std::ranges::find(formats, format) == formats.end()) {
      continue;
    }
    const auto job = device.submit({.format = format, .programs = {program}, .shots = 1000, .custom = {}});
    job.wait(qdmikit::Seconds(60));
    const auto counts = job.counts();
    for (std::size_t i = 0; i < counts.size(); ++i) {
      std::cout << counts.key(i) << ": " << counts.value(i) << '\n';
    }
    return;
  }
  std::cout << "takes none of our programs\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) {
    std::cerr << "usage: bell LIBRARY PREFIX [URL]\n";
    return EXIT_FAILURE;
  }
  try {
    qdmikit::SessionParameters parameters;
    if (argc == 4) {
      parameters.emplace_back(qdmikit::SessionParameter::BaseUrl, argv[3]);
    }
    const auto device = qdmikit::open_device(argv[1], argv[2], parameters);
    std::cout << device.name() << ": " << device.qubits_num() << " qubits\n";
    run(device);
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::cerr << "bell: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
