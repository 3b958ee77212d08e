// SPDX-License-Identifier: Apache-2.0
// run LIBRARY PREFIX FORMAT PROGRAM SHOTS [parameter=value]...: runs the program in a file.
#include <cstdlib>
#include <exception>
#include <iostream>

#include "arguments.hpp"

int main(int argc, char** argv) {
  try {
    const auto device = arguments::open(argc, argv, 3, "run LIBRARY PREFIX FORMAT PROGRAM SHOTS");
    const auto job = device.submit({.format = arguments::format_named(argv[3]),
                                    .programs = {arguments::content_of(argv[4])},
                                    .shots = arguments::number<std::size_t>(argv[5]),
                                    .custom = {}});
    std::cout << "job " << job.id() << '\n';
    job.wait(qdmikit::Seconds(60));
    const auto counts = job.counts();  // fails, with the reason, unless the job is done
    for (std::size_t i = 0; i < counts.size(); ++i) {
      std::cout << counts.key(i) << ": " << counts.value(i) << '\n';
    }
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::cerr << "run: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
