// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "qdmikit/qdmikit.hpp"

namespace qdmikit::test {

// A library of the folder scripted_device, by its target's name.
[[nodiscard]] std::filesystem::path library(const std::string& name);

// A session on the scripted device; see scripted_device/script.hpp for what the script can say.
[[nodiscard]] Device scripted(const std::string& script = "{}");

// One program that the scripted device accepts.
[[nodiscard]] JobRequest any_program();

// Whether a text holds a part; says both when it does not.
[[nodiscard]] ::testing::AssertionResult contains(std::string_view text, std::string_view part);

// How often something happened in the scripted device of this process.
[[nodiscard]] int counted(const Device& device, const std::string& event);

}  // namespace qdmikit::test
