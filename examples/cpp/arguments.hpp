// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cctype>
#include <charconv>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

#include "qdmikit/qdmikit.hpp"

// What the examples take on their command line: the library, its prefix, what else they need, and session parameters as
// name=value or name=@FILE. None of it names a vendor.
namespace arguments {

inline std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw std::invalid_argument("cannot read " + path);
  }
  return {std::istreambuf_iterator<char>(file), {}};
}

// "baseurl" is BASEURL.
inline qdmikit::SessionParameter parameter_named(const std::string& name) {
  std::string upper = name;
  std::ranges::transform(upper, upper.begin(), [](unsigned char letter) { return std::toupper(letter); });
  for (const auto parameter : qdmikit::all_session_parameters()) {
    if (to_string(parameter) == upper) {
      return parameter;
    }
  }
  throw std::invalid_argument("there is no session parameter '" + name + "'; baseurl is one, custom1 is another");
}

inline bool is_secret(qdmikit::SessionParameter parameter) {
  return parameter == qdmikit::SessionParameter::Token || parameter == qdmikit::SessionParameter::Password;
}

inline qdmikit::SessionParameters session_parameters(char** begin, char** end) {
  qdmikit::SessionParameters parameters;
  for (char** argument = begin; argument != end; ++argument) {
    const std::string text = *argument;
    const auto equals = text.find('=');
    if (equals == std::string::npos) {
      throw std::invalid_argument("'" + text + "' is no session parameter: write name=value or name=@FILE");
    }
    const auto parameter = parameter_named(text.substr(0, equals));
    std::string value = text.substr(equals + 1);
    if (value.starts_with('@')) {
      value = content_of(value.substr(1));
      value.erase(value.find_last_not_of("\r\n") + 1);
    } else if (is_secret(parameter)) {
      // Everybody on this machine can read a command line.
      throw std::invalid_argument(text.substr(0, equals) + " is a secret: write it to a file of yours, and " +
                                  text.substr(0, equals) + "=@FILE");
    }
    parameters.emplace_back(parameter, value);
  }
  return parameters;
}

// "QASM3" or "iqmjson".
inline qdmikit::ProgramFormat format_named(const std::string& name) {
  for (const auto format : qdmikit::all_program_formats()) {
    if (std::ranges::equal(name, to_string(format),
                           [](unsigned char a, unsigned char b) { return std::toupper(a) == b; })) {
      return format;
    }
  }
  throw std::invalid_argument("there is no program format '" + name + "'");
}

// "1000", or "0.5" where a fraction makes sense.
template <typename Number>
Number number(std::string_view text) {
  Number value{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size() || !(value >= 0)) {
    throw std::invalid_argument("'" + std::string(text) + "' is no such number: it must be 0 or more");
  }
  return value;
}

// Open the device that the first two arguments name, with the session parameters behind the other `number`.
inline qdmikit::Device open(int argc, char** argv, int number, std::string_view usage) {
  if (argc < 3 + number) {
    throw std::invalid_argument("usage: " + std::string(usage) + " [parameter=value]...");
  }
  return qdmikit::open_device(argv[1], argv[2], session_parameters(argv + 3 + number, argv + argc));
}

}  // namespace arguments
