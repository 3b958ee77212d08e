// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "core/handles.hpp"

namespace iqm::core {

// What a site or operation handle stands for, through every change of calibration.
struct Identity {
  Handle handle = 0;
  std::string name;
  std::size_t index = 0;  // in the order of first appearance
};

// The identities of one kind within a session, interned by name: the same name keeps its handle for good.
class IdentityTable {
 public:
  const Identity& intern(const std::string& name);
  // Null for a handle that this session never gave out.
  [[nodiscard]] const Identity* find(Handle handle) const;
  // Null for a name that no handle of this session stands for.
  [[nodiscard]] const Identity* find(const std::string& name) const;

 private:
  mutable std::shared_mutex mutex_;
  std::map<std::string, std::unique_ptr<Identity>> by_name_;
  std::unordered_map<Handle, const Identity*> by_handle_;
};

}  // namespace iqm::core
