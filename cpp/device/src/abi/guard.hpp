// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <initializer_list>
#include <memory>
#include <new>
#include <type_traits>

#include "core/handles.hpp"
#include "iqm_qdmi/constants.h"
#include "support/error.hpp"

// The one place where exceptions become status codes.
namespace iqm::abi {

// A C entry point: its name, and the statuses that QDMI lets it fail with. FATAL is always allowed and stands for every
// status that is not; the error's kind and text keep the difference.
struct Function {
  const char* name;
  std::initializer_list<QDMI_STATUS> allowed;
};

// Keep a failure for IQM_QDMI_device_last_error() on this thread, and say which status to return for it.
int record_failure(const Function& function, const Error& error) noexcept;
int record_failure(const Function& function, QDMI_STATUS status, const char* kind, const char* message) noexcept;

template <typename Body>
int guard(const Function& function, Body&& body) noexcept {
  try {
    body();
    return QDMI_SUCCESS;
  } catch (const Error& error) {
    return record_failure(function, error);
  } catch (const std::bad_alloc&) {
    return record_failure(function, QDMI_ERROR_OUTOFMEM, "OutOfMemory", "out of memory");
  } catch (const std::exception& error) {
    return record_failure(function, QDMI_ERROR_FATAL, "InternalError", error.what());
  } catch (...) {
    return record_failure(function, QDMI_ERROR_FATAL, "InternalError", "an exception of unknown type");
  }
}

// QDMI's handles are pointers; ours are numbers in their clothes (see core/handles.hpp).
template <typename Pointer>
core::Handle to_handle(Pointer pointer) {
  static_assert(std::is_pointer_v<Pointer>);
  return reinterpret_cast<core::Handle>(pointer);
}

template <typename Pointer>
Pointer from_handle(core::Handle handle) {
  static_assert(std::is_pointer_v<Pointer>);
  return reinterpret_cast<Pointer>(handle);  // NOLINT(performance-no-int-to-ptr): never dereferenced
}

template <typename T>
void require_not_null(const T* pointer, const char* what) {
  if (pointer == nullptr) {
    throw InvalidArgument(std::string(what) + " is null");
  }
}

}  // namespace iqm::abi
