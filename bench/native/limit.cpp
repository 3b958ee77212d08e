// SPDX-License-Identifier: Apache-2.0
// The same work as bench_device with libcurl alone, in the fewest requests and round trips that the server's interface
// allows, and without looking at the replies further than needed: the limit. bench_limit MEASUREMENT url=URL ...
#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "support.hpp"

namespace qdmikit::bench {
namespace {

void require(CURLcode code) {
  if (code != CURLE_OK) {
    throw std::runtime_error(curl_easy_strerror(code));
  }
}

std::size_t keep(char* data, std::size_t size, std::size_t count, void* into) {
  static_cast<std::string*>(into)->append(data, size * count);
  return size * count;
}

// One connection, kept open.
class Connection {
 public:
  explicit Connection(const Arguments& arguments)
      : root_(arguments.text("url")), easy_(curl_easy_init(), &curl_easy_cleanup) {
    headers_.reset(curl_slist_append(nullptr, "Content-Type: application/json"));
    require(curl_easy_setopt(easy_.get(), CURLOPT_WRITEFUNCTION, &keep));
    require(curl_easy_setopt(easy_.get(), CURLOPT_WRITEDATA, &reply_));
    require(curl_easy_setopt(easy_.get(), CURLOPT_FAILONERROR, 1L));
    require(curl_easy_setopt(easy_.get(), CURLOPT_NOSIGNAL, 1L));
    if (arguments.has("authority")) {
      require(curl_easy_setopt(easy_.get(), CURLOPT_CAINFO, arguments.text("authority").c_str()));
    }
  }

  // The transfer is ready to be performed, alone or beside others.
  CURL* prepared(const std::string& path) {
    reply_.clear();
    require(curl_easy_setopt(easy_.get(), CURLOPT_URL, (root_ + path).c_str()));
    require(curl_easy_setopt(easy_.get(), CURLOPT_HTTPGET, 1L));
    return easy_.get();
  }

  const std::string& get(const std::string& path) {
    require(curl_easy_perform(prepared(path)));
    return reply_;
  }

  const std::string& post(const std::string& path, const std::string& body) {
    prepared(path);
    require(curl_easy_setopt(easy_.get(), CURLOPT_POSTFIELDS, body.c_str()));
    require(curl_easy_setopt(easy_.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size())));
    require(curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, headers_.get()));
    require(curl_easy_perform(easy_.get()));
    return reply_;
  }

  [[nodiscard]] const std::string& reply() const noexcept { return reply_; }

 private:
  std::string root_;
  std::string reply_;
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy_;
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers_{nullptr, &curl_slist_free_all};
};

// What opening a session has to know: which computers there are, then everything about one, at once.
void open_session(const Arguments& arguments, std::span<const std::string> about) {
  Connection first(arguments);
  first.get("/api/v1/quantum-computers");
  const std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> all(curl_multi_init(), &curl_multi_cleanup);
  std::vector<std::unique_ptr<Connection>> others;
  std::vector<CURL*> transfers;
  for (const std::string& path : about) {
    if (transfers.empty()) {
      transfers.push_back(first.prepared(path));
    } else {
      others.push_back(std::make_unique<Connection>(arguments));
      transfers.push_back(others.back()->prepared(path));
    }
    curl_multi_add_handle(all.get(), transfers.back());
  }
  int running = 1;
  while (running != 0) {
    if (curl_multi_perform(all.get(), &running) != CURLM_OK ||
        (running != 0 && curl_multi_poll(all.get(), nullptr, 0, 1000, nullptr) != CURLM_OK)) {
      throw std::runtime_error("the transfers at once failed");
    }
  }
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(all.get(), &left)) {
    require(message->data.result);
  }
  for (CURL* transfer : transfers) {
    curl_multi_remove_handle(all.get(), transfer);
  }
}

std::string submission(const Arguments& arguments) {
  const std::string program = circuit(arguments.number("qubits"));
  std::string body = R"({"circuits":[)";
  for (std::size_t i = 0; i < arguments.number("programs"); ++i) {
    body += (i == 0 ? "" : ",") + program;
  }
  return body + R"(],"shots":)" + arguments.text("shots") + "}";
}

// Submits and waits; returns the job's path.
std::string finished(Connection& server, const Arguments& arguments, const std::string& body) {
  const std::string reply = server.post("/api/v1/jobs/" + arguments.text("computer") + "/circuit", body);
  constexpr std::string_view kId = R"("id": ")";
  constexpr std::size_t kLength = 36;
  const std::string path = "/api/v1/jobs/" + reply.substr(reply.find(kId) + kId.size(), kLength);
  bool ended = reply.find(R"("completed")") != std::string::npos;
  while (!ended) {
    ended =
        server.get(path + "?wait_until_terminal=true&timeout_seconds=30").find(R"("completed")") != std::string::npos;
  }
  return path;
}

Figures measured(const std::string& what, const Arguments& arguments) {
  if (what == "init") {
    std::vector<std::string> about;
    std::string paths = arguments.text("about") + ",";
    for (std::size_t comma = paths.find(','); comma != std::string::npos; comma = paths.find(',')) {
      about.push_back(paths.substr(0, comma));
      paths.erase(0, comma + 1);
    }
    return repeated(arguments.number("runs"), [&] { open_session(arguments, about); });
  }
  const std::string body = submission(arguments);
  if (what == "threads") {
    const auto run = [&] {
      Connection server(arguments);
      server.get(finished(server, arguments, body) + "/artifacts/measurement_counts");
    };
    return repeated(arguments.number("runs"), [&] { in_threads(arguments.number("threads"), run); });
  }
  Connection server(arguments);
  if (what == "run") {
    return repeated(arguments.number("runs"),
                    [&] { server.get(finished(server, arguments, body) + "/artifacts/measurement_counts"); });
  }
  if (what == "counts" || what == "shots") {
    const std::string path = finished(server, arguments, body);
    return once_with_memory(
        [&] { server.get(path + (what == "counts" ? "/artifacts/measurement_counts" : "/artifacts/measurements")); });
  }
  throw std::invalid_argument("no such measurement: " + what);
}

}  // namespace
}  // namespace qdmikit::bench

int main(int count, char** words) {
  using namespace qdmikit::bench;
  try {
    require(curl_global_init(CURL_GLOBAL_DEFAULT));
    const std::span arguments(words, static_cast<std::size_t>(count));
    if (arguments.size() < 2) {
      throw std::invalid_argument("usage: bench_limit MEASUREMENT NAME=VALUE ...");
    }
    print(measured(arguments[1], Arguments(arguments.subspan(2))));
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::cerr << "bench_limit: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
