// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "module.hpp"

namespace qdmikit::detail {

// Every query of QDMI ends in the same three arguments: size, value, size_ret. A Query is a call with the others filled
// in. None is the answer to NOTSUPPORTED.

template <typename T, typename Query>
std::optional<T> query_value(const Module& module, const Attempt& attempt, const Query& query) {
  static_assert(std::is_trivially_copyable_v<T>);
  T value{};
  if (!module.supported(query(sizeof(T), static_cast<void*>(&value), nullptr), attempt)) {
    return std::nullopt;
  }
  return value;
}

// A vector or a string, filled in one go.
template <typename Container, typename Query>
std::optional<Container> query_container(const Module& module, const Attempt& attempt, const Query& query) {
  using T = std::ranges::range_value_t<Container>;
  static_assert(std::is_trivially_copyable_v<T>);
  // What is asked for may grow between the question for its size and the reading of it.
  constexpr int kTries = 3;
  for (int tries = 1;; ++tries) {
    std::size_t size = 0;
    if (!module.supported(query(0, nullptr, &size), attempt)) {
      return std::nullopt;
    }
    if (size % sizeof(T) != 0) {
      module.throw_broken_contract(
          attempt, "its size of " + std::to_string(size) + " bytes is no multiple of " + std::to_string(sizeof(T)));
    }
    Container values;
    values.resize(size / sizeof(T));
    if (values.empty()) {
      return values;  // QDMI refuses a buffer of size 0
    }
    const int answer = query(size, static_cast<void*>(values.data()), nullptr);
    std::size_t size_now = size;
    if (answer == QDMI_ERROR_INVALIDARGUMENT && tries < kTries && query(0, nullptr, &size_now) >= QDMI_SUCCESS &&
        size_now != size) {
      continue;
    }
    if (!module.supported(answer, attempt)) {
      return std::nullopt;
    }
    return values;
  }
}

// Characters that nobody clears before they are written: shots can be many megabytes.
class Characters {
 public:
  void resize(std::size_t size) {
    if (size > size_) {
      characters_ = std::make_unique_for_overwrite<char[]>(size);  // NOLINT(modernize-avoid-c-arrays)
    }
    size_ = size;
  }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] char* data() noexcept { return characters_.get(); }
  [[nodiscard]] const char* begin() const noexcept { return characters_.get(); }
  [[nodiscard]] const char* end() const noexcept { return begin() + size_; }
  // Without the zeros at the end.
  [[nodiscard]] std::string_view text() const noexcept {
    const std::string_view all(begin(), size_);
    return all.substr(0, all.find_last_not_of('\0') + 1);
  }

 private:
  std::unique_ptr<char[]> characters_;  // NOLINT(modernize-avoid-c-arrays)
  std::size_t size_ = 0;
};

template <typename T, typename Query>
std::optional<std::vector<T>> query_list(const Module& module, const Attempt& attempt, const Query& query) {
  return query_container<std::vector<T>>(module, attempt, query);
}

template <typename Query>
std::optional<std::string> query_text(const Module& module, const Attempt& attempt, const Query& query) {
  auto text = query_container<std::string>(module, attempt, query);
  if (text) {
    text->resize(text->find_last_not_of('\0') + 1);
  }
  return text;
}

}  // namespace qdmikit::detail
