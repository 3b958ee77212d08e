// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "http/transport.hpp"

namespace iqm::test {

// Answers requests from a script instead of a network. Each route ("GET /api/v1/…", without the query) has a queue of
// answers; the last one is repeated. Every request is recorded.
class ScriptedTransport final : public http::Transport {
 public:
  using Answer = std::function<http::Response(const http::Request&, TimePoint deadline, const std::stop_token&)>;

  explicit ScriptedTransport(std::string base_url = "http://127.0.0.1:1") : base_url_(std::move(base_url)) {}

  void on(const std::string& route, Answer answer) {
    const std::scoped_lock lock(mutex_);
    answers_[route].push_back(std::move(answer));
  }

  void on(const std::string& route, long status, std::string body, http::Headers headers = {}) {
    on(route, [=](const http::Request&, TimePoint, const std::stop_token&) {
      return http::Response{.status = status, .headers = headers, .body = body};
    });
  }

  [[nodiscard]] http::Response perform(const http::Request& request, TimePoint deadline,
                                       const std::stop_token& stop) override {
    const std::string line =
        (request.method == http::Method::kPost ? "POST " : "GET ") + request.url.substr(base_url_.size());
    const std::string route = line.substr(0, line.find('?'));
    Answer answer;
    {
      const std::scoped_lock lock(mutex_);
      requests_.push_back(line);
      bodies_.push_back(request.body);
      headers_.push_back(request.headers);
      auto& queue = answers_[route];
      if (queue.empty()) {
        return {.status = 404, .headers = {}, .body = R"({"message": "no such route in this test"})"};
      }
      answer = queue.front();
      if (queue.size() > 1) {
        queue.pop_front();
      }
    }
    return answer(request, deadline, stop);
  }

  [[nodiscard]] std::vector<std::string> requests() const {
    const std::scoped_lock lock(mutex_);
    return requests_;
  }
  [[nodiscard]] std::size_t count(const std::string& prefix) const {
    std::size_t count = 0;
    for (const auto& line : requests()) {
      count += line.starts_with(prefix) ? 1U : 0U;
    }
    return count;
  }
  [[nodiscard]] std::string body_of(const std::string& prefix) const {
    const std::scoped_lock lock(mutex_);
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      if (requests_[i].starts_with(prefix)) {
        return bodies_[i];
      }
    }
    throw std::out_of_range("no request " + prefix);
  }
  [[nodiscard]] std::vector<http::Headers> headers() const {
    const std::scoped_lock lock(mutex_);
    return headers_;
  }

 private:
  std::string base_url_;
  mutable std::mutex mutex_;
  std::map<std::string, std::deque<Answer>> answers_;
  std::vector<std::string> requests_;
  std::vector<std::string> bodies_;
  std::vector<http::Headers> headers_;
};

}  // namespace iqm::test
