// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "errors.hpp"

namespace qdmikit::detail {

// The n-th of the five values that QDMI keeps for devices in each of its enumerations; `first` is CUSTOM1.
template <typename Enum>
Enum custom_value(Enum first, int number) {
  if (number < 1 || number > 5) {
    fail<OutOfRange>(Status::OutOfRange,
                     "custom values are numbered from 1 to 5, there is no number " + std::to_string(number));
  }
  return static_cast<Enum>(static_cast<int>(first) + number - 1);
}

}  // namespace qdmikit::detail
