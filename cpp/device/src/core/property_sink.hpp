// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "support/error.hpp"

namespace iqm::core {

// The caller's (size, value, size_ret) of a query, with QDMI's rules: a null value only asks for the size, a short
// buffer is INVALIDARGUMENT and stays untouched, the required size is reported in every case.
class PropertySink {
 public:
  PropertySink(std::size_t size, void* value, std::size_t* size_ret)
      : size_(size), value_(value), size_ret_(size_ret) {}

  // A buffer of no size can hold nothing, not even an empty list.
  void require_usable() const {
    if (value_ != nullptr && size_ == 0) {
      throw InvalidArgument("a buffer of size 0 was given; pass a null buffer to ask for the size");
    }
  }

  void write_bytes(const void* data, std::size_t size) const {
    if (size_ret_ != nullptr) {
      *size_ret_ = size;
    }
    if (value_ == nullptr) {
      return;
    }
    if (size_ < size) {
      throw InvalidArgument("the buffer holds " + std::to_string(size_) + " bytes, the value needs " +
                            std::to_string(size));
    }
    if (size > 0) {
      std::memcpy(value_, data, size);
    }
  }

  template <typename T>
  void write(const T& value) const {
    static_assert(std::is_trivially_copyable_v<T>);
    write_bytes(&value, sizeof(T));
  }

  template <typename T>
  void write_list(const std::vector<T>& values) const {
    static_assert(std::is_trivially_copyable_v<T>);
    write_bytes(values.data(), values.size() * sizeof(T));
  }

  // `text` with a terminating NUL.
  void write_string(const std::string& text) const { write_bytes(text.c_str(), text.size() + 1); }

 private:
  std::size_t size_;
  void* value_;
  std::size_t* size_ret_;
};

}  // namespace iqm::core
