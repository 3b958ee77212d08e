// SPDX-License-Identifier: Apache-2.0
#include "core/handles.hpp"

#include <gtest/gtest.h>

#include <set>

#include "core/identities.hpp"

namespace iqm::test {
namespace {

TEST(Handles, AreNeverGivenOutTwice) {
  core::HandleTable<int> table;
  std::set<core::Handle> seen;
  for (int i = 0; i < 1000; ++i) {
    const core::Handle handle = table.insert(std::make_shared<int>(i));
    EXPECT_TRUE(seen.insert(handle).second);
    (void)table.remove(handle);
  }
}

TEST(Handles, AFreedOneIsNotFound) {
  core::HandleTable<int> table;
  const core::Handle handle = table.insert(std::make_shared<int>(7));
  EXPECT_EQ(*table.find(handle), 7);
  EXPECT_EQ(*table.remove(handle), 7);
  EXPECT_EQ(table.find(handle), nullptr);
  EXPECT_EQ(table.remove(handle), nullptr);
  EXPECT_EQ(table.find(0), nullptr);
}

TEST(Handles, AnObjectOutlivesItsRemovalWhileInUse) {
  core::HandleTable<int> table;
  const core::Handle handle = table.insert(std::make_shared<int>(7));
  const auto in_use = table.find(handle);
  table.clear();
  EXPECT_EQ(*in_use, 7);
  EXPECT_EQ(table.find(handle), nullptr);
}

TEST(Identities, ANameKeepsItsHandleAndIndex) {
  core::IdentityTable table;
  const core::Handle first = table.intern("QB1").handle;
  const core::Handle second = table.intern("QB2").handle;
  EXPECT_NE(first, second);
  EXPECT_EQ(table.intern("QB1").handle, first);
  EXPECT_EQ(table.find(second)->name, "QB2");
  EXPECT_EQ(table.find(second)->index, 1U);
  EXPECT_EQ(table.find(second + 1000), nullptr);
}

}  // namespace
}  // namespace iqm::test
