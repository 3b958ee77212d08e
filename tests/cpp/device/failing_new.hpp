// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace iqm::test {

// Whose allocations fail, and how many of them.
enum class Failing {
  kOnce,         // the calling thread's, one of them
  kFromThenOn,   // the calling thread's, that one and all that follow
  kInNewThreads  // one of those of all threads that begin meanwhile together
};

// While it exists, operator new throws std::bad_alloc at the allocation of this number, counted from 0. Only the
// program that links failing_new.cpp has such an operator.
class FailingNew {
 public:
  FailingNew(std::size_t nth, Failing how);
  FailingNew(const FailingNew&) = delete;
  FailingNew& operator=(const FailingNew&) = delete;
  FailingNew(FailingNew&&) = delete;
  FailingNew& operator=(FailingNew&&) = delete;
  ~FailingNew();

  // Whether there was such an allocation.
  [[nodiscard]] bool struck() const;
};

// The same call again and again, with its first allocation failing, its second one, and so on until there is none left:
//   for (Attempts attempts(Failing::kOnce); attempts.next();) { const int status = attempts.run([&] { … }); … }
class Attempts {
 public:
  explicit Attempts(Failing how) : how_(how) {}

  [[nodiscard]] bool next() {
    if (begun_ && !struck_) {
      return false;
    }
    nth_ += begun_ ? 1 : 0;
    begun_ = true;
    struck_ = false;
    return true;
  }

  template <typename Call>
  auto run(Call call) {
    const FailingNew failing(nth_, how_);
    const auto result = call();
    struck_ = failing.struck();
    return result;
  }

  // Whether memory ran out in the call that was just run.
  [[nodiscard]] bool struck() const { return struck_; }
  // How many calls memory has run out in.
  [[nodiscard]] std::size_t failures() const { return nth_ + (struck_ ? 1 : 0); }

 private:
  Failing how_;
  std::size_t nth_ = 0;
  bool begun_ = false;
  bool struck_ = false;
};

}  // namespace iqm::test
