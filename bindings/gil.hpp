// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nanobind/nanobind.h>
#include <unistd.h>

namespace qdmikit::bindings {

// A thread that wants the interpreter when that has ended gets none: Python 3.14 lets it sleep, earlier ones end it by
// unwinding its stack, which C++ answers with the end of the whole process. So such a thread sleeps here: it has
// nothing left to do, and the process is about to end.
template <typename Acquire>
auto or_sleep_for_ever(const Acquire& acquire) noexcept {
  try {
    return acquire();
  } catch (...) {
    for (;;) {
      pause();
    }
  }
}

// For calls into a device: other Python threads run meanwhile.
class ReleasedGil {
 public:
  ReleasedGil() noexcept : state_(PyEval_SaveThread()) {}
  ~ReleasedGil() {
    or_sleep_for_ever([this] { PyEval_RestoreThread(state_); });
  }
  ReleasedGil(const ReleasedGil&) = delete;
  ReleasedGil& operator=(const ReleasedGil&) = delete;
  ReleasedGil(ReleasedGil&&) = delete;
  ReleasedGil& operator=(ReleasedGil&&) = delete;

 private:
  PyThreadState* state_;
};

// For a piece of Python within such a call.
class AcquiredGil {
 public:
  AcquiredGil() noexcept : state_(or_sleep_for_ever([] { return PyGILState_Ensure(); })) {}
  ~AcquiredGil() { PyGILState_Release(state_); }
  AcquiredGil(const AcquiredGil&) = delete;
  AcquiredGil& operator=(const AcquiredGil&) = delete;
  AcquiredGil(AcquiredGil&&) = delete;
  AcquiredGil& operator=(AcquiredGil&&) = delete;

 private:
  PyGILState_STATE state_;
};

}  // namespace qdmikit::bindings
