// SPDX-License-Identifier: Apache-2.0
// bell LIBRARY PREFIX URL: runs a Bell circuit on the device behind a QDMI library.
#include <cstdlib>
#include <exception>
#include <iostream>

#include "bell_program.h"
#include "qdmikit/qdmikit.hpp"

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: bell LIBRARY PREFIX URL\n";
    return EXIT_FAILURE;
  }
  try {
    const auto device = qdmikit::open_device(argv[1], argv[2], {{qdmikit::SessionParameter::BaseUrl, argv[3]}});
    std::cout << device.name() << ": " << device.qubits_num() << " qubits\n";
    const auto job = device.submit(
        {.format = qdmikit::ProgramFormat::IqmJson, .programs = {bell_program}, .shots = 1000, .custom = {}});
    job.wait(qdmikit::Seconds(60));
    const auto counts = job.counts();
    for (std::size_t i = 0; i < counts.size(); ++i) {
      std::cout << counts.key(i) << ": " << counts.value(i) << '\n';
    }
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::cerr << "bell: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
