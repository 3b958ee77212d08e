// SPDX-License-Identifier: Apache-2.0
#include "sitepolicy/policy.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sitepolicy {
namespace {

using Variables = std::map<std::string, std::string>;

Site site() {
  return parse_site(R"(
[devices.garnet]
url = "https://garnet"
tokens_file = "/etc/tokens.json"
alias = "garnet"
partitions = ["quantum"]
groups = ["physics", "chemistry"]
license = "qpu_garnet"
[devices.garnet.env]
url = ["SERVER", "BASE"]
tokens_file = ["TOKENS_FILE"]
token = ["TOKEN"]
alias = ["ALIAS"]
job_tag = ["TAG"]
[devices.open]
url = "https://open"
tokens_file = "/etc/open.json"
default = ["url", "tokens_file"]
[devices.open.env]
url = ["SERVER"]
token = ["TOKEN"]
[partitions.quantum]
default_device = "garnet"
)",
                    "site.toml");
}

Job job(const std::optional<std::string>& device) {
  Job asked;
  asked.id = "17";
  asked.device = device;
  return asked;
}

std::string reason(const Job& asked) {
  const Site all = site();
  const Decision decision = decide(all, asked);
  EXPECT_EQ(decision.device == nullptr, decision.rejection.has_value());
  return decision.rejection ? decision.rejection->reason : "";
}

Lookup in(const Variables& variables) {
  return [variables](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

// What a job's environment becomes.
Variables changed(const std::string& device, Variables variables) {
  const Site all = site();
  for (const Change& change : environment_changes(all, *all.device(device), job(device), in(variables))) {
    if (change.value) {
      variables[change.variable] = *change.value;
    } else {
      variables.erase(change.variable);
    }
  }
  return variables;
}

TEST(Policy, AJobThatAsksForNothingGetsNothing) {
  const Site all = site();
  Job asked = job(std::nullopt);
  EXPECT_EQ(decide(all, asked).device, nullptr);
  EXPECT_FALSE(decide(all, asked).rejection);
  asked.partition = "classical";
  EXPECT_EQ(decide(all, asked).device, nullptr);
  EXPECT_FALSE(decide(all, asked).rejection);
}

TEST(Policy, APartitionHasADevice) {
  const Site all = site();
  Job asked = job(std::nullopt);
  asked.partition = "quantum";
  ASSERT_NE(decide(all, asked).device, nullptr);
  EXPECT_EQ(decide(all, asked).device->name, "garnet");
}

TEST(Policy, WhatIsNotKnownYetIsNotDecidedYet) { EXPECT_EQ(reason(job("garnet")), ""); }

TEST(Policy, UnknownDevicesAreRefusedWithTheKnownOnes) {
  EXPECT_EQ(reason(job("aurora")), "there is no quantum device 'aurora' at this site. Ask for one of: garnet, open");
}

TEST(Policy, PartitionsGroupsAndLicences) {
  Job asked = job("garnet");
  asked.partition = "classical";
  EXPECT_NE(reason(asked).find("cannot be used from partition 'classical'. Submit to: --partition=quantum"),
            std::string::npos);
  asked.partition = "quantum";
  asked.groups = std::vector<std::string>{"biology"};
  EXPECT_NE(reason(asked).find("is for members of these groups: physics, chemistry"), std::string::npos);
  asked.groups = std::vector<std::string>{"biology", "chemistry"};
  asked.licenses = "";
  EXPECT_NE(reason(asked).find("Submit with: --licenses=qpu_garnet:1"), std::string::npos);
  asked.licenses = "other:2,qpu_garnet:1";
  EXPECT_EQ(reason(asked), "");
}

TEST(Policy, ADeviceWithoutRulesIsForEverybody) {
  Job asked = job("open");
  asked.partition = "classical";
  asked.groups = std::vector<std::string>{};
  asked.licenses = "";
  EXPECT_EQ(reason(asked), "");
}

TEST(Licences, AreHeldByNameAndCount) {
  EXPECT_TRUE(holds_license("a", "a"));
  EXPECT_TRUE(holds_license("b:3,a:2", "a"));
  EXPECT_TRUE(holds_license("b;a", "a"));
  for (const char* other : {"", "b", "aa", "a:0", "a:", "b,c:1", "a|b", "b|a", "a@server", ":1", ","}) {
    EXPECT_FALSE(holds_license(other, "a")) << other;
  }
}

TEST(Environment, LockedSettingsReplaceTheUsers) {
  const Variables expected = {{"SERVER", "https://garnet"},        {"QDMI_ENDPOINT", "https://garnet"},
                              {"TOKENS_FILE", "/etc/tokens.json"}, {"QDMI_AUTH_FILE", "/etc/tokens.json"},
                              {"QDMI_BACKEND_ALIAS", "garnet"},    {"TAG", "slurm-17"}};
  EXPECT_EQ(changed("garnet", {}), expected);
  EXPECT_EQ(changed("garnet", {{"SERVER", "evil"},
                               {"BASE", "evil"},
                               {"QDMI_ENDPOINT", "evil"},
                               {"TOKEN", "mine"},
                               {"TOKENS_FILE", "mine"}}),
            expected);
}

TEST(Environment, DefaultsAreForThoseWhoSetNone) {
  const Variables defaults = {{"QDMI_ENDPOINT", "https://open"}, {"QDMI_AUTH_FILE", "/etc/open.json"}};
  EXPECT_EQ(changed("open", {}), defaults);
  const Variables own = {{"SERVER", "mine"}, {"QDMI_AUTH_FILE", "/mine"}};
  EXPECT_EQ(changed("open", own), own);
  const Variables empty = {{"SERVER", ""}, {"QDMI_AUTH_FILE", "/etc/open.json"}, {"QDMI_ENDPOINT", "https://open"}};
  EXPECT_EQ(changed("open", {{"SERVER", ""}}), empty) << "set to nothing is unset";
}

TEST(Environment, AUsersOwnTokenNeedsNoTokensFile) {
  const Variables own = {{"TOKEN", "mine"}, {"QDMI_ENDPOINT", "https://open"}};
  EXPECT_EQ(changed("open", {{"TOKEN", "mine"}}), own);
  const Site all = site();
  EXPECT_EQ(tokens_file_in_use(*all.device("open"), in({{"TOKEN", "mine"}})), std::nullopt);
  EXPECT_EQ(tokens_file_in_use(*all.device("open"), in({})), "/etc/open.json");
  EXPECT_EQ(tokens_file_in_use(*all.device("open"), in({{"QDMI_AUTH_FILE", "/mine"}})), "/mine");
  EXPECT_EQ(tokens_file_in_use(*all.device("garnet"), in({{"TOKEN", "mine"}, {"TOKENS_FILE", "/mine"}})),
            "/etc/tokens.json");
}

TEST(Environment, WhatAnotherDeviceWasGivenIsNotTheUsers) {
  const Variables of_garnet = changed("garnet", {});
  const Variables of_open = {{"QDMI_ENDPOINT", "https://open"}, {"QDMI_AUTH_FILE", "/etc/open.json"}};
  Variables inside = changed("open", of_garnet);
  EXPECT_EQ(inside, of_open) << "garnet's tokens file would reach another server";
  EXPECT_EQ(changed("garnet", inside), of_garnet);
  inside["QDMI_AUTH_FILE"] = "/mine";
  EXPECT_EQ(changed("open", inside).at("QDMI_AUTH_FILE"), "/mine") << "what the user changed since is theirs";
}

TEST(Environment, TheTagOfAnOuterJobIsNotTheUsers) {
  EXPECT_EQ(changed("garnet", {{"TAG", "slurm-16"}}).at("TAG"), "slurm-17");
  EXPECT_EQ(changed("garnet", {{"TAG", "slurm-16-mine"}}).at("TAG"), "slurm-16-mine");
  EXPECT_EQ(changed("garnet", {{"TAG", "slurm-"}}).at("TAG"), "slurm-");
}

TEST(Environment, AUsersOwnTagStays) { EXPECT_EQ(changed("garnet", {{"TAG", "mine"}}).at("TAG"), "mine"); }

}  // namespace
}  // namespace sitepolicy
