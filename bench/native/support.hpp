// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace qdmikit::bench {

// The arguments of a measurement, as NAME=VALUE.
class Arguments {
 public:
  explicit Arguments(std::span<char*> words);

  [[nodiscard]] const std::string& text(const std::string& name) const;
  [[nodiscard]] std::size_t number(const std::string& name) const;
  [[nodiscard]] bool has(const std::string& name) const { return values_.contains(name); }

 private:
  std::map<std::string, std::string> values_;
};

// What a program prints, as JSON: the milliseconds of each run, and by how much memory grew at most.
struct Figures {
  std::vector<double> milliseconds;
  std::size_t peak_bytes = 0;
};

void print(const Figures& figures);

[[nodiscard]] double milliseconds_of(const std::function<void()>& action);

// So many runs, after one that does not count.
[[nodiscard]] Figures repeated(std::size_t runs, const std::function<void()>& action);

// One run, with the growth of this process's memory at its peak.
[[nodiscard]] Figures once_with_memory(const std::function<void()>& action);

// So many threads do the same at once; each run takes as long as the last of them.
void in_threads(std::size_t threads, const std::function<void()>& action);

// A circuit as the server takes it: a few gates on each qubit, all of them measured.
[[nodiscard]] std::string circuit(std::size_t qubits);

}  // namespace qdmikit::bench
