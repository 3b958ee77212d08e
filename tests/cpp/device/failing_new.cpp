// SPDX-License-Identifier: Apache-2.0
// operator new over malloc, so that what sanitizers know about memory stays what it is.
#include "failing_new.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <span>
#include <string>

// NOLINTBEGIN(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory,misc-definitions-in-headers)
namespace iqm::test {
namespace {

// Nothing here may allocate: operator new asks it.
struct Plan {
  bool armed = false;
  bool lasting = false;
  std::size_t left = 0;
  bool struck = false;
};
thread_local constinit Plan own_plan;

struct PlanForNewThreads {
  std::atomic<bool> armed{false};
  std::atomic<std::size_t> seen{0};
  std::atomic<std::size_t> nth{0};
  std::atomic<bool> struck{false};
  // The threads that were there before; only ever appended to, for they may be reading it.
  std::array<std::atomic<long>, 1024> old{};
  std::atomic<std::size_t> old_count{0};
};
constinit PlanForNewThreads new_threads;

long thread_id() { return ::syscall(SYS_gettid); }

bool fails_here() {
  if (!own_plan.armed) {
    return false;
  }
  if (own_plan.left > 0) {
    --own_plan.left;
    return false;
  }
  own_plan.armed = own_plan.lasting;
  own_plan.struck = true;
  return true;
}

bool is_old(long thread) {
  const auto known = std::span(new_threads.old).first(new_threads.old_count);
  return std::ranges::any_of(known, [thread](const auto& each) { return each == thread; });
}

bool fails_in_new_thread() {
  if (!new_threads.armed || is_old(thread_id()) || new_threads.seen.fetch_add(1) != new_threads.nth) {
    return false;
  }
  new_threads.struck = true;
  return true;
}

void* allocate(std::size_t size, std::size_t alignment = 0) noexcept {
  if (fails_here() || fails_in_new_thread()) {
    return nullptr;
  }
  const std::size_t some = std::max<std::size_t>(size, 1);
  if (alignment == 0) {
    return std::malloc(some);
  }
  return std::aligned_alloc(alignment, (some + alignment - 1) / alignment * alignment);
}

void* allocate_or_throw(std::size_t size, std::size_t alignment = 0) {
  void* memory = allocate(size, alignment);
  if (memory == nullptr) {
    throw std::bad_alloc();
  }
  return memory;
}

}  // namespace

FailingNew::FailingNew(std::size_t nth, Failing how) {
  own_plan = {};
  new_threads.struck = false;
  if (how != Failing::kInNewThreads) {
    own_plan = {.armed = true, .lasting = how == Failing::kFromThenOn, .left = nth, .struck = false};
    return;
  }
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task")) {
    if (const long thread = std::stol(entry.path().filename().string()); !is_old(thread)) {
      new_threads.old.at(new_threads.old_count) = thread;
      ++new_threads.old_count;
    }
  }
  new_threads.nth = nth;
  new_threads.seen = 0;
  new_threads.armed = true;
}

FailingNew::~FailingNew() {
  own_plan.armed = false;
  new_threads.armed = false;
}

bool FailingNew::struck() const { return own_plan.struck || new_threads.struck; }

}  // namespace iqm::test

using iqm::test::allocate;
using iqm::test::allocate_or_throw;

void* operator new(std::size_t size) { return allocate_or_throw(size); }
void* operator new[](std::size_t size) { return allocate_or_throw(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate_or_throw(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return allocate_or_throw(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t, const std::nothrow_t&) noexcept { std::free(memory); }
// NOLINTEND(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory,misc-definitions-in-headers)
