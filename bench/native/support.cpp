// SPDX-License-Identifier: Apache-2.0
#include "support.hpp"

#include <chrono>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

namespace qdmikit::bench {
namespace {

// A figure of this process from /proc/self/status, in bytes.
std::size_t memory(const std::string& what) {
  std::ifstream status("/proc/self/status");
  std::string name;
  std::string rest;
  while (status >> name && std::getline(status, rest)) {
    if (name == what + ":") {
      constexpr std::size_t kKilo = 1024;
      return kKilo * std::stoull(rest);
    }
  }
  throw std::runtime_error("this kernel does not tell " + what);
}

}  // namespace

Arguments::Arguments(std::span<char*> words) {
  for (const std::string word : words) {
    const auto equals = word.find('=');
    if (equals == std::string::npos) {
      throw std::invalid_argument("not of the form NAME=VALUE: " + word);
    }
    values_[word.substr(0, equals)] = word.substr(equals + 1);
  }
}

const std::string& Arguments::text(const std::string& name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) {
    throw std::invalid_argument("this measurement needs " + name + "=...");
  }
  return found->second;
}

std::size_t Arguments::number(const std::string& name) const { return std::stoull(text(name)); }

void print(const Figures& figures) {
  std::cout << nlohmann::json{{"ms", figures.milliseconds}, {"peak", figures.peak_bytes}} << '\n';
}

double milliseconds_of(const std::function<void()>& action) {
  const auto begin = std::chrono::steady_clock::now();
  action();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

Figures repeated(std::size_t runs, const std::function<void()>& action) {
  action();
  Figures figures;
  for (std::size_t run = 0; run < runs; ++run) {
    figures.milliseconds.push_back(milliseconds_of(action));
  }
  return figures;
}

Figures once_with_memory(const std::function<void()>& action) {
  const std::size_t before = memory("VmRSS");
  std::ofstream("/proc/self/clear_refs") << "5";  // the peak begins anew
  Figures figures;
  figures.milliseconds.push_back(milliseconds_of(action));
  const std::size_t peak = memory("VmHWM");
  figures.peak_bytes = peak > before ? peak - before : 0;
  return figures;
}

void in_threads(std::size_t threads, const std::function<void()>& action) {
  std::vector<std::jthread> running;
  running.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) {
    running.emplace_back(action);
  }
}

std::string circuit(std::size_t qubits) {
  using nlohmann::json;
  constexpr double kHalfTurn = 3.141592653589793;
  json instructions = json::array();
  for (std::size_t i = 0; i < qubits; ++i) {
    const json locus = {"QB" + std::to_string(i + 1)};
    instructions.push_back({{"name", "prx"}, {"locus", locus}, {"args", {{"angle", kHalfTurn}, {"phase", 0.0}}}});
  }
  for (std::size_t i = 0; i < qubits; ++i) {
    instructions.push_back({{"name", "measure"},
                            {"locus", {"QB" + std::to_string(i + 1)}},
                            {"args", {{"key", "c_" + std::to_string(qubits) + "_0_" + std::to_string(i)}}}});
  }
  return json{{"name", "bench"}, {"metadata", json::object()}, {"instructions", instructions}}.dump();
}

}  // namespace qdmikit::bench
