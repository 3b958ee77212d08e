// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>
#include <vector>

#include "gil.hpp"

namespace qdmikit::bindings {

// What Python holds of T. Destroying the last handle of a session, or any job, calls the device library, which may
// take its time; no Python thread shall wait for that.
template <typename T>
class Owned : public T {
 public:
  Owned(T value) : T(std::move(value)) {}  // NOLINT(google-explicit-constructor): it is the same thing
  Owned(Owned&&) noexcept = default;
  Owned& operator=(Owned&&) noexcept = default;
  Owned(const Owned&) = default;
  Owned& operator=(const Owned&) = default;

  ~Owned() {
    if (calls_device_when_destroyed()) {
      const ReleasedGil without_gil;
      const T dying(std::move(static_cast<T&>(*this)));
    }
  }

 private:
  [[nodiscard]] bool calls_device_when_destroyed() const noexcept {
    if constexpr (requires { this->is_last_owner(); }) {
      return this->is_last_owner();
    } else {
      return true;
    }
  }
};

template <typename T>
std::vector<Owned<T>> owned(std::vector<T> values) {
  return {std::make_move_iterator(values.begin()), std::make_move_iterator(values.end())};
}

}  // namespace qdmikit::bindings
