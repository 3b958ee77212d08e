// SPDX-License-Identifier: Apache-2.0
// calibrate LIBRARY PREFIX FORMAT CONFIGURATION [parameter=value]...: calibrates the device, then tells how it is.
#include <cstdlib>
#include <exception>
#include <iostream>

#include "arguments.hpp"

int main(int argc, char** argv) {
  try {
    const auto device = arguments::open(argc, argv, 2, "calibrate LIBRARY PREFIX FORMAT CONFIGURATION");
    auto job = device.submit_calibration({.format = arguments::format_named(argv[3]),
                                          .programs = {arguments::content_of(argv[4])},
                                          .shots = {},
                                          .custom = {}});
    const auto status = job.wait(qdmikit::Seconds(3600), [&] {
      if (const auto now = device.status()) {
        std::cout << "device is " << to_string(*now) << std::endl;
      }
    });
    std::cout << "calibration: " << to_string(status) << '\n';
    if (status != qdmikit::JobStatus::Done) {
      static_cast<void>(job.result(qdmikit::JobResult::Custom1));  // fails, and says why
      return EXIT_FAILURE;
    }
    for (const auto& site : device.snapshot().sites) {
      std::cout << "site " << site.index << ": T1 " << site.t1.value_or(0) * 1e6 << " us\n";
    }
    return EXIT_SUCCESS;
  } catch (const qdmikit::NotSupported& error) {
    std::cerr << "calibrate: this device cannot be calibrated: " << error.what() << '\n';
    return EXIT_FAILURE;
  } catch (const std::exception& error) {
    std::cerr << "calibrate: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
