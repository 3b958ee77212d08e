// SPDX-License-Identifier: Apache-2.0
#include "sitepolicy/user.hpp"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace sitepolicy {
namespace {

// This program has one thread, so what these functions return stays as it is.
// NOLINTBEGIN(concurrency-mt-unsafe)
User described(const passwd& entry) {
  User user{entry.pw_name, entry.pw_uid, entry.pw_gid, {}};
  int count = 0;
  ::getgrouplist(entry.pw_name, entry.pw_gid, nullptr, &count);
  std::vector<gid_t> ids(static_cast<std::size_t>(count));
  if (::getgrouplist(entry.pw_name, entry.pw_gid, ids.data(), &count) < 0) {
    throw std::runtime_error("the groups of " + user.name + " cannot be told");
  }
  for (const gid_t id : ids) {
    const group* found = ::getgrgid(id);
    user.groups.push_back(found == nullptr ? std::to_string(id) : found->gr_name);
  }
  return user;
}

}  // namespace

User User::named(const std::string& name) {
  const passwd* entry = ::getpwnam(name.c_str());
  if (entry == nullptr) {
    throw std::invalid_argument("there is no user '" + name + "' on this machine");
  }
  return described(*entry);
}

User User::with_id(unsigned id) {
  const passwd* entry = ::getpwuid(id);
  if (entry == nullptr) {
    throw std::invalid_argument("there is no user with id " + std::to_string(id) + " on this machine");
  }
  return described(*entry);
}
// NOLINTEND(concurrency-mt-unsafe)

std::optional<std::string> become(const User& user) {
  if (::geteuid() == user.id) {
    return std::nullopt;
  }
  if (::geteuid() != 0) {
    return "only root can look at files as " + user.name + " would";
  }
  if (::initgroups(user.name.c_str(), user.group) != 0 || ::setgid(user.group) != 0 || ::setuid(user.id) != 0) {
    return "cannot become " + user.name + ": " + std::error_code(errno, std::generic_category()).message();
  }
  return std::nullopt;
}

}  // namespace sitepolicy
