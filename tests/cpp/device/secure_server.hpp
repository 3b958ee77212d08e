// SPDX-License-Identifier: Apache-2.0
#pragma once

// Before httplib.h: the library is built with it, and its class layouts depend on it.
#ifndef CPPHTTPLIB_OPENSSL_SUPPORT
#error "build with CPPHTTPLIB_OPENSSL_SUPPORT"
#endif
#include <httplib.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <thread>

namespace iqm::test {

// A certificate of its own authority, made anew for each test, for one host name.
class SelfSignedCertificate {
 public:
  explicit SelfSignedCertificate(const std::string& subject_alternative_name) {
    std::string folder = "/tmp/qdmikit-test-XXXXXX";
    if (mkdtemp(folder.data()) == nullptr) {
      throw std::runtime_error("cannot make a temporary folder");
    }
    folder_ = folder;
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=test "
        "-addext subjectAltName=" +
        subject_alternative_name + " -keyout " + key() + " -out " + certificate() + " 2>" + (folder_ / "log").string();
    if (std::system(command.c_str()) != 0) {  // NOLINT(concurrency-mt-unsafe,bugprone-command-processor): our own words
      throw std::runtime_error("openssl could not make a certificate: " + command);
    }
  }
  SelfSignedCertificate(const SelfSignedCertificate&) = delete;
  SelfSignedCertificate& operator=(const SelfSignedCertificate&) = delete;
  SelfSignedCertificate(SelfSignedCertificate&&) = delete;
  SelfSignedCertificate& operator=(SelfSignedCertificate&&) = delete;
  ~SelfSignedCertificate() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  [[nodiscard]] std::string certificate() const { return (folder_ / "certificate.pem").string(); }
  [[nodiscard]] std::string key() const { return (folder_ / "key.pem").string(); }

 private:
  std::filesystem::path folder_;
};

// A real HTTPS server on a free port of the loopback interface; GET / answers "secret".
class SecureServer {
 public:
  explicit SecureServer(const SelfSignedCertificate& certificate)
      : server_(certificate.certificate().c_str(), certificate.key().c_str()),
        port_(server_.bind_to_any_port("127.0.0.1")) {
    server_.Get("/", [](const httplib::Request&, httplib::Response& response) {
      response.set_content("secret", "text/plain");
    });
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) {
      std::this_thread::yield();
    }
  }
  SecureServer(const SecureServer&) = delete;
  SecureServer& operator=(const SecureServer&) = delete;
  SecureServer(SecureServer&&) = delete;
  SecureServer& operator=(SecureServer&&) = delete;
  ~SecureServer() {
    server_.stop();
    thread_.join();
  }

  [[nodiscard]] std::string url() const { return "https://127.0.0.1:" + std::to_string(port_) + "/"; }

 private:
  httplib::SSLServer server_;
  int port_;
  std::thread thread_;
};

}  // namespace iqm::test
