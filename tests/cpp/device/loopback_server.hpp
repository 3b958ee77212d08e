// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <httplib.h>

#include <stdexcept>
#include <string>
#include <thread>

namespace iqm::test {

// httplib sets up statics in its first request, out of sight of the thread sanitizer, because the library is not
// instrumented. Afterwards its threads have nothing left to compete for.
inline void serve_a_first_request() {
  static const bool done = [] {
    httplib::Server server;
    const int port = server.bind_to_any_port("127.0.0.1");
    std::thread thread([&server] { server.listen_after_bind(); });
    while (!server.is_running()) {
      std::this_thread::yield();
    }
    const bool answered = static_cast<bool>(httplib::Client("127.0.0.1", port).Get("/"));
    server.stop();
    thread.join();
    return answered;
  }();
  if (!done) {
    throw std::runtime_error("the HTTP server of the tests does not answer");
  }
}

// A real HTTP server on a free port of the loopback interface.
class LoopbackServer {
 public:
  LoopbackServer() {
    serve_a_first_request();
    server_.set_tcp_nodelay(true);  // of the sockets that are made from now on
    port_ = server_.bind_to_any_port("127.0.0.1");
    if (port_ <= 0) {
      throw std::runtime_error("cannot bind a loopback port");
    }
    server_.set_keep_alive_max_count(1000);
    server_.new_task_queue = [] { return new httplib::ThreadPool(16); };
  }
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;
  LoopbackServer(LoopbackServer&&) = delete;
  LoopbackServer& operator=(LoopbackServer&&) = delete;
  ~LoopbackServer() {
    server_.stop();
    if (thread_.joinable()) {
      thread_.join();
    }
  }

  // Before start(): server().Get(…), server().Post(…).
  httplib::Server& server() { return server_; }
  void start() {
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) {
      std::this_thread::yield();
    }
  }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace iqm::test
