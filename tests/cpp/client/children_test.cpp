// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "opening.hpp"

namespace qdmikit::test {
namespace {

Device with_children(int number, const std::string& more = "") {
  return scripted(R"({"children": )" + std::to_string(number) + more + "}");
}

TEST(ChildDevices, AreDevicesOfTheirOwn) {
  const auto children = with_children(2).children();
  ASSERT_EQ(children.size(), 2U);
  EXPECT_EQ(children[0].name(), "First");
  EXPECT_EQ(children[1].name(), "Second");
  EXPECT_NE(children[0], children[1]);
  EXPECT_EQ(children[1].site(2).name(), "B");
  EXPECT_EQ(children[1].submit(any_program()).wait(), JobStatus::Done);
}

TEST(ChildDevices, AreNoneWhereTheDeviceHasNone) {
  const Device device = scripted();
  EXPECT_TRUE(device.children().empty());
  EXPECT_TRUE(with_children(1).children()[0].children().empty());
}

TEST(ChildDevices, GetTheirParentsSessionParameters) {
  const std::string script = R"({"children": 1})";
  const Device device = open_device(library("scripted-device"), "SCRIPTED",
                                    {{SessionParameter::Custom1, script},
                                     {SessionParameter::Token, "wrong"},
                                     {SessionParameter::BaseUrl, "http://a"},
                                     {SessionParameter::Token, "right"}});
  const auto given = nlohmann::json::parse(device.children()[0].custom_text(4).value());
  EXPECT_EQ(given, nlohmann::json::parse(device.custom_text(4).value()));
  EXPECT_TRUE(contains(given.dump(), "right"));
}

TEST(ChildDevices, AreOpenedOnceWhenTheyAreAskedFor) {
  const Device device = with_children(2);
  const int before = counted(device, "sessions");
  const auto children = device.children();
  EXPECT_EQ(counted(device, "sessions"), before + 2);
  EXPECT_EQ(device.children(), children);
  EXPECT_EQ(device.property<DeviceProperty::ChildDevices>(), children);
  EXPECT_EQ(counted(device, "sessions"), before + 2);
}

TEST(ChildDevices, KeepTheSessionOfTheirParentAndEndBeforeIt) {
  const Device observer = scripted();
  const int before = counted(observer, "sessions");
  std::optional<Job> job;
  {
    std::optional<Site> site;
    {
      std::optional<Device> child;
      {
        const Device parent = with_children(2);
        child = parent.children()[1];
      }
      EXPECT_EQ(counted(observer, "sessions"), before + 2) << "the parent's and the second child's";
      EXPECT_EQ(child->name(), "Second");
      site = child->site(0);
      job = child->submit(any_program());
    }
    EXPECT_DOUBLE_EQ(site->t1().value(), 34.7e-6);
  }
  EXPECT_EQ(job->wait(), JobStatus::Done);
  job.reset();
  EXPECT_EQ(counted(observer, "sessions"), before);
}

TEST(ChildDevices, TakeNoSitesOfTheirParent) {
  const Device parent = with_children(1);
  const std::vector<Site> foreign{parent.site(0)};
  EXPECT_THROW(static_cast<void>(parent.children()[0].operation("prx").fidelity(foreign)), InvalidArgument);
}

}  // namespace
}  // namespace qdmikit::test
