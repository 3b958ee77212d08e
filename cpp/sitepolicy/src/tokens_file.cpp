// SPDX-License-Identifier: Apache-2.0
#include "sitepolicy/tokens_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <string>

#include "regular_file.hpp"
#include "sitepolicy/jwt.hpp"

namespace sitepolicy {
namespace {

constexpr std::size_t kLargest = std::size_t{64} * 1024;
constexpr mode_t kEverybody = 0006;
constexpr mode_t kGroupWrites = 0020;

// Finds the text `access_token` of the outermost object, and keeps nothing else.
class TokenReader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  [[nodiscard]] const std::string& token() const { return token_; }

  bool null() override { return scalar(); }
  bool boolean(bool /*value*/) override { return scalar(); }
  bool number_integer(std::int64_t /*number*/) override { return scalar(); }
  bool number_unsigned(std::uint64_t /*number*/) override { return scalar(); }
  bool number_float(double /*number*/, const std::string& /*text*/) override { return scalar(); }
  bool string(std::string& text) override {
    if (wanted_ && depth_ == 1) {
      token_ = text;
    }
    return scalar();
  }
  bool binary(nlohmann::json::binary_t& /*bytes*/) override { return scalar(); }
  bool start_object(std::size_t /*size*/) override { return begin(); }
  bool start_array(std::size_t /*size*/) override { return depth_ > 0 && begin(); }
  bool end_object() override { return end(); }
  bool end_array() override { return end(); }
  bool key(std::string& name) override {
    wanted_ = depth_ == 1 && name == "access_token";
    return true;
  }
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::json::exception& /*error*/) override {
    return false;
  }

 private:
  [[nodiscard]] bool scalar() const { return depth_ > 0; }
  bool begin() {
    wanted_ = false;
    ++depth_;
    return true;
  }
  bool end() {
    --depth_;
    return true;
  }

  std::size_t depth_ = 0;
  bool wanted_ = false;
  std::string token_;
};

std::optional<Rejection> rejected(const std::string& path, const std::string& problem) {
  return Rejection{"the tokens file " + path + " " + problem};
}

}  // namespace

std::optional<Rejection> check_tokens_file(const std::string& path, std::int64_t now) {
  const RegularFile file = RegularFile::read(path, kLargest);
  if (!file.problem.empty()) {
    return rejected(
        path, file.problem + ". If it is yours, put one there that you can read; else tell the operators of this site");
  }
  if ((file.status.st_mode & kEverybody) != 0) {
    return rejected(
        path, "is open to everybody on this machine. Its tokens should be replaced and its mode changed: chmod o-rwx");
  }
  if ((file.status.st_mode & kGroupWrites) != 0) {
    return rejected(path, "can be written by its group, who could send jobs elsewhere: chmod g-w");
  }
  if (file.status.st_uid != 0 && file.status.st_uid != ::geteuid()) {
    return rejected(
        path,
        "belongs to neither root nor you, so another user decides about your token: it must be owned by one of you");
  }
  TokenReader reader;
  if (!nlohmann::json::sax_parse(file.text, &reader) || reader.token().empty()) {
    return rejected(path,
                    "is no JSON object with an 'access_token'. Write it anew with the tool that gives out tokens");
  }
  if (const auto expiry = jwt_expiry(reader.token()); expiry && *expiry <= now) {
    return rejected(path, "holds a token that expired " + std::to_string(now - *expiry) +
                              " s ago. Renew it, or tell the operators of this site");
  }
  return std::nullopt;
}

}  // namespace sitepolicy
