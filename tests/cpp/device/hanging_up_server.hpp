// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace iqm::test {

// Answers every GET and keeps the connection open; reads a POST to its end, then hangs up without a word, as a server
// does that dies with a job in its hands.
class HangingUpServer {
 public:
  HangingUpServer() : listening_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    constexpr int kBacklog = 16;
    if (listening_ < 0 || ::bind(listening_, generic, size) != 0 || ::listen(listening_, kBacklog) != 0 ||
        ::getsockname(listening_, generic, &size) != 0) {
      throw std::runtime_error("cannot listen on the loopback interface");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  HangingUpServer(const HangingUpServer&) = delete;
  HangingUpServer& operator=(const HangingUpServer&) = delete;
  HangingUpServer(HangingUpServer&&) = delete;
  HangingUpServer& operator=(HangingUpServer&&) = delete;
  ~HangingUpServer() {
    ::shutdown(listening_, SHUT_RDWR);
    {
      const std::scoped_lock lock(mutex_);
      if (connection_ >= 0) {
        ::shutdown(connection_, SHUT_RDWR);
      }
    }
    thread_.join();
    ::close(listening_);
  }

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::vector<std::string> posts() const {
    const std::scoped_lock lock(mutex_);
    return posts_;
  }

 private:
  void serve() {
    for (;;) {
      const int connection = ::accept(listening_, nullptr, nullptr);
      if (connection < 0) {
        return;
      }
      {
        const std::scoped_lock lock(mutex_);
        connection_ = connection;
      }
      talk(connection);
      const std::scoped_lock lock(mutex_);
      connection_ = -1;
      ::close(connection);
    }
  }

  void talk(int connection) {
    std::string received;
    for (;;) {
      const std::size_t head = read_until(connection, received, "\r\n\r\n");
      if (head == std::string::npos) {
        return;
      }
      const bool post = received.starts_with("POST");
      std::size_t length = 0;
      if (const auto at = received.find("Content-Length: "); post && at < head) {
        length = std::stoul(received.substr(at + 16));
      }
      while (received.size() < head + length) {
        if (!read_more(connection, received)) {
          return;
        }
      }
      if (post) {
        const std::scoped_lock lock(mutex_);
        posts_.push_back(received.substr(head, length));
        return;
      }
      received.erase(0, head);
      const std::string reply = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
      if (::send(connection, reply.data(), reply.size(), MSG_NOSIGNAL) < 0) {
        return;
      }
    }
  }

  // The position behind the mark; npos when the connection ended before it came.
  static std::size_t read_until(int connection, std::string& received, const std::string& mark) {
    for (;;) {
      if (const auto at = received.find(mark); at != std::string::npos) {
        return at + mark.size();
      }
      if (!read_more(connection, received)) {
        return std::string::npos;
      }
    }
  }

  static bool read_more(int connection, std::string& received) {
    char buffer[4096];
    const ssize_t count = ::recv(connection, buffer, sizeof(buffer), 0);
    if (count <= 0) {
      return false;
    }
    received.append(buffer, static_cast<std::size_t>(count));
    return true;
  }

  int listening_;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> posts_;
  int connection_ = -1;
  std::thread thread_;
};

}  // namespace iqm::test
