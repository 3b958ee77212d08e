// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace iqm::test {

// An HTTP proxy on a free port of the loopback interface, for one client at a time. It tunnels to ports of the loopback
// interface, whatever host it is asked for, and keeps all that the client sends.
class Tunnel {
 public:
  // With a refusal, that is its reply to everything.
  explicit Tunnel(std::string refusal = "")
      : refusal_(std::move(refusal)), listening_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = loopback(0);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof(address);
    constexpr int kBacklog = 16;
    if (listening_ < 0 || ::bind(listening_, generic, size) != 0 || ::listen(listening_, kBacklog) != 0 ||
        ::getsockname(listening_, generic, &size) != 0 || ::pipe(stop_) != 0) {
      throw std::runtime_error("cannot listen on the loopback interface");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  Tunnel(const Tunnel&) = delete;
  Tunnel& operator=(const Tunnel&) = delete;
  Tunnel(Tunnel&&) = delete;
  Tunnel& operator=(Tunnel&&) = delete;
  ~Tunnel() {
    ::close(stop_[1]);
    thread_.join();
    ::close(stop_[0]);
    ::close(listening_);
  }

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  // The head of each request to the proxy itself.
  [[nodiscard]] std::vector<std::string> requests() const {
    const std::scoped_lock lock(mutex_);
    return requests_;
  }
  // Everything that went through, in both directions.
  [[nodiscard]] std::string passed() const {
    const std::scoped_lock lock(mutex_);
    return passed_;
  }

 private:
  static sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    return address;
  }

  // False once the test is over.
  [[nodiscard]] bool readable(int socket) const {
    pollfd waiting[] = {{.fd = socket, .events = POLLIN, .revents = 0},
                        {.fd = stop_[0], .events = POLLIN, .revents = 0}};
    return ::poll(waiting, 2, -1) > 0 && waiting[1].revents == 0;
  }

  void serve() {
    while (readable(listening_)) {
      const int client = ::accept(listening_, nullptr, nullptr);
      talk(client);
      ::close(client);
    }
  }

  void talk(int client) {
    std::string head;
    while (head.find("\r\n\r\n") == std::string::npos) {
      if (!readable(client) || !receive(client, head)) {
        return;
      }
    }
    {
      const std::scoped_lock lock(mutex_);
      requests_.push_back(head);
    }
    if (!refusal_.empty()) {
      send(client, refusal_);
      return;
    }
    sockaddr_in address = loopback(std::stoi(head.substr(head.find(':') + 1)));
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(server, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) {
      send(client, "HTTP/1.1 200 Connection established\r\nX-Proxy: tunnel\r\n\r\n");
      pass(client, server);
    }
    ::close(server);
  }

  void pass(int client, int server) {
    for (;;) {
      pollfd waiting[] = {{.fd = client, .events = POLLIN, .revents = 0},
                          {.fd = server, .events = POLLIN, .revents = 0},
                          {.fd = stop_[0], .events = POLLIN, .revents = 0}};
      if (::poll(waiting, 3, -1) <= 0 || waiting[2].revents != 0) {
        return;
      }
      const bool from_client = waiting[0].revents != 0;
      std::string part;
      if (!receive(from_client ? client : server, part)) {
        return;
      }
      {
        const std::scoped_lock lock(mutex_);
        passed_ += part;
      }
      send(from_client ? server : client, part);
    }
  }

  static bool receive(int socket, std::string& received) {
    char buffer[4096];
    const ssize_t count = ::recv(socket, buffer, sizeof(buffer), 0);
    if (count <= 0) {
      return false;
    }
    received.append(buffer, static_cast<std::size_t>(count));
    return true;
  }

  // Its failure shows when the next part is received.
  static void send(int socket, std::string_view text) {
    while (!text.empty()) {
      const ssize_t count = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
      if (count <= 0) {
        return;
      }
      text.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  std::string refusal_;
  int listening_;
  int stop_[2] = {-1, -1};
  int port_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::string passed_;
  std::thread thread_;
};

}  // namespace iqm::test
