// SPDX-License-Identifier: Apache-2.0
#include <dlfcn.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include "module.hpp"
#include "symbols.hpp"

namespace qdmikit::detail {
namespace {

bool is_c_identifier(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return !text.empty() && is_letter(text.front()) &&
         std::ranges::all_of(text, [&](char c) { return is_letter(c) || is_digit(c); });
}

std::filesystem::path located(const std::filesystem::path& path) {
  if (!path.has_parent_path()) {
    fail<InvalidArgument>(Status::InvalidArgument,
                          "device library '" + path.string() +
                              "' is a bare name, and bare names are not searched for: write an absolute path, or './" +
                              path.string() + "' for the working directory");
  }
  return std::filesystem::absolute(path);
}

// Never unloaded: the device may have started threads, and other users of the module may be inside it.
void* load(const std::filesystem::path& path) {
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (handle == nullptr) {
    const char* reason = dlerror();  // NOLINT(concurrency-mt-unsafe): per thread in glibc
    fail<LoadError>(Status::LibraryNotFound,
                    "cannot load the device library " + path.string() + ": " +
                        (reason != nullptr ? reason : "the loader gives no reason"),
                    path);
  }
  return handle;
}

std::string join(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

void require_complete(const ResolvedSymbols& symbols, const std::filesystem::path& path, const std::string& prefix) {
  if (symbols.missing.empty()) {
    return;
  }
  const std::string file = path.string();
  if (!symbols.has_any) {
    fail<LoadError>(Status::LibraryNotFound,
                    file + " has no function whose name begins with " + prefix +
                        "_QDMI_device_: it is no QDMI device library, or its prefix is not '" + prefix + "'",
                    path);
  }
  if (symbols.is_qdmi_1_3) {
    fail<LoadError>(Status::LibraryNotFound,
                    file + " is a device library for QDMI 1.3; QDMI 1.4 is needed. Ask its vendor for a newer one. " +
                        "Missing symbols: " + join(symbols.missing),
                    path);
  }
  fail<LoadError>(Status::LibraryNotFound,
                  file + " is no complete QDMI 1.4 device library. Missing symbols: " + join(symbols.missing), path);
}

// A module and whether it was initialised. Its own mutex makes several threads that open the same library wait for one
// initialisation, and lets other libraries be opened meanwhile.
struct Entry {
  std::mutex mutex;
  std::shared_ptr<const Module> module;
};

// The loader gives one handle per file, whatever paths and links lead to it.
std::shared_ptr<Entry> entry_of(void* handle, const std::string& prefix) {
  static std::mutex mutex;
  // Not destroyed at exit: device libraries may still be in use by other threads then.
  static auto& entries = *new std::map<std::pair<void*, std::string>, std::shared_ptr<Entry>>;
  const std::scoped_lock lock(mutex);
  auto& entry = entries[{handle, prefix}];
  if (!entry) {
    entry = std::make_shared<Entry>();
  }
  return entry;
}

}  // namespace

std::shared_ptr<const Module> Module::open(const std::filesystem::path& path, std::string_view prefix) {
  if (!is_c_identifier(prefix)) {
    fail<InvalidArgument>(
        Status::InvalidArgument,
        "device prefix '" + std::string(prefix) + "' is no C identifier, for library " + path.string(), path);
  }
  const std::filesystem::path file = located(path);
  void* handle = load(file);
  const auto entry = entry_of(handle, std::string(prefix));

  const std::scoped_lock lock(entry->mutex);
  if (!entry->module) {
    const ResolvedSymbols symbols = resolve_symbols(handle, prefix);
    require_complete(symbols, file, std::string(prefix));
    auto module = std::make_shared<const Module>(file, std::string(prefix), symbols.functions);
    // Only a success is remembered, so that the next opening tries a failed initialisation again.
    module->require(symbols.functions.initialize(), {"device_initialize", "initialise the device library"});
    entry->module = std::move(module);
  }
  return entry->module;
}

}  // namespace qdmikit::detail
