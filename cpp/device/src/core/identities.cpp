// SPDX-License-Identifier: Apache-2.0
#include "core/identities.hpp"

#include <mutex>

namespace iqm::core {

const Identity& IdentityTable::intern(const std::string& name) {
  const std::unique_lock lock(mutex_);
  auto& slot = by_name_[name];
  if (!slot) {
    auto identity =
        std::make_unique<Identity>(Identity{.handle = next_handle(), .name = name, .index = by_handle_.size()});
    by_handle_.emplace(identity->handle, identity.get());
    slot = std::move(identity);
  }
  return *slot;
}

const Identity* IdentityTable::find(Handle handle) const {
  const std::shared_lock lock(mutex_);
  const auto found = by_handle_.find(handle);
  return found == by_handle_.end() ? nullptr : found->second;
}

const Identity* IdentityTable::find(const std::string& name) const {
  const std::shared_lock lock(mutex_);
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second.get();
}

}  // namespace iqm::core
