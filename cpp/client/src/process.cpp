// SPDX-License-Identifier: Apache-2.0
#include "process.hpp"

#include <pthread.h>
#include <unistd.h>

#include <atomic>

namespace qdmikit::detail {
namespace {

std::atomic<unsigned long> generation{0};  // how many forks lie between the first process and this one

// How many there have been; from the first question on they are counted.
unsigned long forks() noexcept {
  static const int registered = pthread_atfork(nullptr, nullptr, [] { generation.fetch_add(1); });
  static_cast<void>(registered);  // fails for lack of memory alone; forks are then not noticed
  return generation.load(std::memory_order_relaxed);
}

}  // namespace

Process::Process() noexcept : generation_(forks()), id_(getpid()) {}

bool Process::is_this() const noexcept { return generation_ == generation.load(std::memory_order_relaxed); }

}  // namespace qdmikit::detail
