// SPDX-License-Identifier: Apache-2.0
// Tells what a site file does to a job, by the code that does it: qdmikit-site-check --help.
#include <getopt.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "sitepolicy/policy.hpp"
#include "sitepolicy/site.hpp"
#include "sitepolicy/tokens_file.hpp"
#include "sitepolicy/user.hpp"

namespace sitepolicy {
namespace {

enum Exit : int { kAccepted = 0, kRejected = 1, kBroken = 2 };

constexpr const char* kUsage =
    R"(usage: qdmikit-site-check FILE [--as USER] [--partition P] [--device D] [--licenses L] [--json]

Tell what a site file does to a job: for each device, or for one, whether it may be used and what is exported.

  --as USER       judge groups and the tokens file as this user's job would; only root can look at files as others
  --partition P   the job's partition; its default device is taken if no device is given
  --device D      the device that the job asks for
  --licenses L    the licences that the job holds, as Slurm writes them: a:1,b:2
  --json          print JSON

Exit codes: 0 accepted, 1 something is rejected, 2 the file or the command is no good.
)";

struct Arguments {
  std::string file;
  std::optional<std::string> user;
  Job job;
  bool json = false;
  bool help = false;
};

Arguments parsed(int count, char* const* words) {
  const std::array<option, 7> options = {{{"as", required_argument, nullptr, 'a'},
                                          {"partition", required_argument, nullptr, 'p'},
                                          {"device", required_argument, nullptr, 'd'},
                                          {"licenses", required_argument, nullptr, 'l'},
                                          {"json", no_argument, nullptr, 'j'},
                                          {"help", no_argument, nullptr, 'h'},
                                          {nullptr, 0, nullptr, 0}}};
  Arguments arguments;
  for (;;) {
    const int found =
        ::getopt_long(count, words, "", options.data(), nullptr);  // NOLINT(concurrency-mt-unsafe): one thread
    switch (found) {
      case -1:
        if (!arguments.help && optind != count - 1) {
          throw std::invalid_argument("one site file must be named");
        }
        arguments.file =
            arguments.help ? "" : words[optind];  // NOLINT(cppcoreguidelines-pro-bounds-pointer-arithmetic)
        return arguments;
      case 'a':
        arguments.user = optarg;
        break;
      case 'p':
        arguments.job.partition = optarg;
        break;
      case 'd':
        arguments.job.device = optarg;
        break;
      case 'l':
        arguments.job.licenses = optarg;
        break;
      case 'j':
        arguments.json = true;
        break;
      case 'h':
        arguments.help = true;
        break;
      default:
        throw std::invalid_argument("see qdmikit-site-check --help");
    }
  }
}

std::int64_t now() {
  using namespace std::chrono;
  return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

struct Verdict {
  std::string device;
  std::optional<std::string> reason;
  std::optional<std::string> unchecked;  // why the tokens file was not looked at
  std::optional<std::string> tokens_file;
  std::vector<Change> changes;
};

Verdict judge(const Site& site, const Job& job, const std::optional<std::string>& unchecked) {
  Verdict verdict;
  verdict.device = job.device.value_or("");
  const Decision decision = decide(site, job);
  if (decision.rejection) {
    verdict.reason = decision.rejection->reason;
    return verdict;
  }
  // A user who has set nothing: what they set is only known in their job.
  const Lookup nothing = [](const std::string&) { return std::nullopt; };
  verdict.changes = environment_changes(site, *decision.device, job, nothing);
  verdict.tokens_file = tokens_file_in_use(*decision.device, nothing);
  if (verdict.tokens_file && !unchecked) {
    if (const auto rejection = check_tokens_file(*verdict.tokens_file, now())) {
      verdict.reason = rejection->reason;
    }
  }
  if (verdict.tokens_file) {
    verdict.unchecked = unchecked;
  }
  return verdict;
}

void print_json(const Arguments& arguments, const Site& site, const std::vector<Verdict>& verdicts) {
  using nlohmann::json;
  json devices = json::array();
  for (const Verdict& verdict : verdicts) {
    json environment = json::object();
    for (const Change& change : verdict.changes) {
      environment[change.variable] = change.value ? json(*change.value) : json(nullptr);
    }
    const auto optional = [](const std::optional<std::string>& text) { return text ? json(*text) : json(nullptr); };
    devices.push_back({{"device", verdict.device},
                       {"accepted", !verdict.reason},
                       {"reason", optional(verdict.reason)},
                       {"tokens_file", optional(verdict.tokens_file)},
                       {"tokens_file_unchecked", optional(verdict.unchecked)},
                       {"environment", environment}});
  }
  std::cout << json{{"file", arguments.file}, {"default_devices", site.default_devices}, {"devices", devices}}.dump(2)
            << '\n';
}

void print_text(const std::vector<Verdict>& verdicts) {
  for (const Verdict& verdict : verdicts) {
    std::cout << verdict.device << ": " << (verdict.reason ? "rejected: " + *verdict.reason : "accepted") << '\n';
    for (const Change& change : verdict.changes) {
      std::cout << "  "
                << (change.value ? "sets   " + change.variable + "=" + *change.value : "unsets " + change.variable)
                << '\n';
    }
    if (const auto& why = verdict.unchecked) {
      std::cout << "  not checked: " << verdict.tokens_file.value_or("") << ": " << *why << '\n';
    }
  }
}

int run(const Arguments& arguments) {
  const Site site = load_site(arguments.file, ::geteuid());
  Job job = arguments.job;
  if (!job.device && job.partition && site.default_devices.count(*job.partition) != 0) {
    job.device = site.default_devices.at(*job.partition);
  }
  std::optional<std::string> unchecked;
  const User user = arguments.user ? User::named(*arguments.user) : User::with_id(::geteuid());
  job.groups = user.groups;
  unchecked = become(user);

  std::vector<Verdict> verdicts;
  for (const std::string& name : job.device ? std::vector{*job.device} : site.device_names()) {
    Job one = job;
    one.device = name;
    verdicts.push_back(judge(site, one, unchecked));
  }
  if (arguments.json) {
    print_json(arguments, site, verdicts);
  } else {
    print_text(verdicts);
  }
  for (const Verdict& verdict : verdicts) {
    if (verdict.reason) {
      return kRejected;
    }
  }
  return kAccepted;
}

}  // namespace
}  // namespace sitepolicy

int main(int count, char* const* words) {
  try {
    const auto arguments = sitepolicy::parsed(count, words);
    if (arguments.help) {
      std::cout << sitepolicy::kUsage;
      return EXIT_SUCCESS;
    }
    return sitepolicy::run(arguments);
  } catch (const std::exception& error) {
    std::cerr << "qdmikit-site-check: " << error.what() << '\n';
    return sitepolicy::kBroken;
  }
}
