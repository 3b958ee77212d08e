// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "sitepolicy/site.hpp"

namespace sitepolicy {
namespace {

std::string problem(const std::string& text) {
  try {
    static_cast<void>(parse_site(text, "site.toml"));
  } catch (const SiteFileError& error) {
    return error.what();
  }
  return "";
}

TEST(SiteFile, EverythingThatCanBeSaid) {
  const Site site = parse_site(R"(
[devices.garnet]
url = "https://garnet.example.org"
tokens_file = "/etc/tokens.json"
id = "1-2"
alias = "garnet"
job_tag = "site"
partitions = ["quantum", "debug"]
groups = ["physics"]
license = "qpu_garnet"
locked = ["alias"]
default = ["url"]
[devices.garnet.env]
url = ["SERVER"]
tokens_file = ["TOKENS_FILE"]
token = ["TOKEN"]
id = ["ID"]
alias = ["ALIAS", "NAME"]
job_tag = ["TAG"]
[partitions.quantum]
default_device = "garnet"
)",
                               "site.toml");
  ASSERT_EQ(site.device_names(), std::vector<std::string>{"garnet"});
  const Device& garnet = *site.device("garnet");
  EXPECT_EQ(garnet.partitions, (std::vector<std::string>{"quantum", "debug"}));
  EXPECT_EQ(garnet.groups, std::vector<std::string>{"physics"});
  EXPECT_EQ(garnet.license, "qpu_garnet");
  EXPECT_EQ(garnet.token_variables, std::vector<std::string>{"TOKEN"});
  EXPECT_EQ(garnet.setting("url")->authority, Authority::Default);
  EXPECT_EQ(garnet.setting("alias")->authority, Authority::Locked);
  EXPECT_EQ(garnet.setting("tokens_file")->authority, Authority::Locked);
  EXPECT_EQ(garnet.setting("id")->authority, Authority::Default);
  EXPECT_EQ(site.default_devices.at("quantum"), "garnet");
  EXPECT_EQ(site.device("another"), nullptr);
}

TEST(SiteFile, QdmisOwnVariablesAreTheWeakest) {
  const Site site = parse_site(R"(
[devices.garnet]
url = "https://garnet.example.org"
[devices.garnet.env]
url = ["STRONG", "WEAK"]
alias = ["QDMI_BACKEND_ALIAS", "ALIAS"]
)",
                               "site.toml");
  const Device& garnet = *site.device("garnet");
  EXPECT_EQ(garnet.setting("url")->variables, (std::vector<std::string>{"STRONG", "WEAK", "QDMI_ENDPOINT"}));
  EXPECT_EQ(garnet.setting("tokens_file")->variables, std::vector<std::string>{"QDMI_AUTH_FILE"});
  EXPECT_EQ(garnet.setting("alias")->variables, (std::vector<std::string>{"QDMI_BACKEND_ALIAS", "ALIAS"}))
      << "the site knows better";
}

struct Mistake {
  const char* name;
  const char* text;
  const char* told;
};

class Mistakes : public ::testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, AreToldWithTheirLine) { EXPECT_EQ(problem(GetParam().text), GetParam().told); }

INSTANTIATE_TEST_SUITE_P(
    SiteFile, Mistakes,
    ::testing::Values(
        Mistake{"Empty", "", "site.toml:1: has no device: it needs a table [devices.NAME] for each"},
        Mistake{"UnknownTable", "[device.garnet]\nurl = \"x\"",
                "site.toml:1: the site file has no key 'device'; there are devices, partitions"},
        Mistake{"UnknownKey", "[devices.garnet]\nURL = \"x\"",
                "site.toml:2: device 'garnet' has no key 'URL'; there are url, tokens_file, id, alias, job_tag, "
                "partitions, groups, license, locked, default, env"},
        Mistake{"NoTable", "devices = 3", "site.toml:1: 'devices' of the site file must be a table"},
        Mistake{"DeviceIsNoTable", "[devices]\ngarnet = 3", "site.toml:2: device 'garnet' must be a table"},
        Mistake{"NoText", "[devices.garnet]\nurl = 3",
                "site.toml:2: 'url' of device 'garnet' must be a text that is not empty"},
        Mistake{"EmptyText", "[devices.garnet]\nurl = \"\"",
                "site.toml:2: 'url' of device 'garnet' must be a text that is not empty"},
        Mistake{"ControlCharacter", "[devices.garnet]\nurl = \"a\\nb\"",
                "site.toml:2: 'url' of device 'garnet' must not have control characters"},
        Mistake{"Nul", "[devices.garnet]\nurl = \"a\\u0000b\"",
                "site.toml:2: 'url' of device 'garnet' must not have control characters"},
        Mistake{"NoList", "[devices.garnet]\npartitions = \"quantum\"",
                "site.toml:2: 'partitions' of device 'garnet' must be a list of texts"},
        Mistake{"RelativePath", "[devices.garnet]\ntokens_file = \"tokens.json\"",
                "site.toml:2: 'tokens_file' of device 'garnet' must be an absolute path"},
        Mistake{"LockedAndDefault", "[devices.garnet]\nlocked = [\"url\"]\ndefault = [\"url\"]",
                "site.toml:3: device 'garnet' has 'url' both in 'locked' and in 'default'"},
        Mistake{"LocksNothing", "[devices.garnet]\nlocked = [\"uri\"]",
                "site.toml:2: 'locked' of device 'garnet': there is no setting 'uri'"},
        Mistake{"LocksWhatIsNotGiven", "[devices.garnet]\nlocked = [\"alias\"]",
                "site.toml:2: device 'garnet' locks 'alias' without giving it: users could set it"},
        Mistake{"NoName", "[devices.\"\"]\nurl = \"x\"",
                "site.toml:1: a device must have a name: nobody could ask for this one"},
        Mistake{"UnknownVariableKey", "[devices.garnet.env]\nuri = [\"X\"]",
                "site.toml:2: 'env' of device 'garnet' has no key 'uri'; there are url, tokens_file, token, id, alias, "
                "job_tag"},
        Mistake{"NoVariable", "[devices.garnet.env]\nurl = [\"MY URL\"]",
                "site.toml:2: 'MY URL' of 'url' of 'env' of device 'garnet' is no name of a variable"},
        Mistake{"Preload", "[devices.garnet.env]\nurl = [\"LD_PRELOAD\"]",
                "site.toml:2: 'LD_PRELOAD' of 'url' of 'env' of device 'garnet' is no variable of a device"},
        Mistake{"VariableTwice", "[devices.garnet]\n[devices.garnet.env]\nurl = [\"X\"]\nid = [\"X\"]",
                "site.toml:1: device 'garnet' has variable 'X' twice in 'env'"},
        Mistake{
            "ReachesNobody", "[devices.garnet]\nid = \"1\"",
            "site.toml:2: 'id' of device 'garnet' reaches no job: name the variables that the device reads it from, "
            "in 'env'"},
        Mistake{"UnknownDefault", "[devices.garnet]\n[partitions.quantum]\ndefault_device = \"emerald\"",
                "site.toml:2: 'default_device' of partition 'quantum': there is no device 'emerald'"},
        Mistake{"ForbiddenDefault",
                "[devices.garnet]\npartitions = [\"a\"]\n[partitions.b]\ndefault_device = \"garnet\"",
                "site.toml:3: 'default_device' of partition 'b': device 'garnet' may not be used from it; see its "
                "'partitions'"}),
    [](const auto& mistake) { return mistake.param.name; });

TEST(SiteFile, WhatIsNoTomlIsToldWithItsLine) {
  EXPECT_EQ(problem("[devices.garnet]\nurl = \n").find("site.toml:2: "), 0U);
}

TEST(SiteFile, TextThatBreaksAssumptionsOfTheParserIsAMistakeLikeOthers) {
  for (const char* text : {"[:evices]\n", "[devices.:]", "[devices.garnet"}) {
    EXPECT_EQ(problem(text).find("site.toml:1: "), 0U) << text;
  }
}

TEST(SiteFile, IsPlainText) {
  for (const char* text : {"[devices.\xd2\x8e]\n", "[\a]\n", "# \x7f"}) {
    EXPECT_EQ(problem(text), "site.toml:1: this line has characters that are not plain ASCII text") << text;
  }
  EXPECT_EQ(problem("[devices.garnet]\r\n\turl = \"x\"\r\n"), "");
}

class SiteFileOnDisk : public ::testing::Test {
 public:
  SiteFileOnDisk(const SiteFileOnDisk&) = delete;
  SiteFileOnDisk& operator=(const SiteFileOnDisk&) = delete;
  SiteFileOnDisk(SiteFileOnDisk&&) = delete;
  SiteFileOnDisk& operator=(SiteFileOnDisk&&) = delete;

 protected:
  SiteFileOnDisk() : path_(std::filesystem::temp_directory_path() / ("site-" + std::to_string(::getpid()) + ".toml")) {
    std::ofstream(path_) << "[devices.garnet]\nurl = \"https://garnet.example.org\"\n";
    ::chmod(path_.c_str(), 0644);
  }
  ~SiteFileOnDisk() override { std::filesystem::remove(path_); }

  [[nodiscard]] std::string problem() const {
    try {
      static_cast<void>(load_site(path_, ::getuid()));
    } catch (const SiteFileError& error) {
      return error.what();
    }
    return "";
  }

  std::filesystem::path path_;
};

TEST_F(SiteFileOnDisk, IsRead) { EXPECT_EQ(load_site(path_, ::getuid()).device_names().size(), 1U); }

TEST_F(SiteFileOnDisk, ThatOthersCanWriteIsRefused) {
  for (const mode_t mode : {0664U, 0646U, 0666U}) {
    ::chmod(path_.c_str(), mode);
    EXPECT_NE(problem().find("can be written by others"), std::string::npos) << mode;
  }
}

TEST_F(SiteFileOnDisk, ThatIsTooLargeIsRefused) {
  std::filesystem::resize_file(path_, kLargestSiteFile + 1);
  EXPECT_NE(problem().find("is larger than 1024 KiB"), std::string::npos);
}

TEST_F(SiteFileOnDisk, ThatIsNotThereIsTold) {
  std::filesystem::remove(path_);
  EXPECT_NE(problem().find("cannot be read: No such file or directory"), std::string::npos);
}

TEST_F(SiteFileOnDisk, ThatIsAPipeIsNotWaitedFor) {
  std::filesystem::remove(path_);
  ASSERT_EQ(::mkfifo(path_.c_str(), 0644), 0);
  EXPECT_NE(problem().find("is not a regular file"), std::string::npos);
}

}  // namespace
}  // namespace sitepolicy
