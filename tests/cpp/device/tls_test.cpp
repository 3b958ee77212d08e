// SPDX-License-Identifier: Apache-2.0
// Whether the transport talks only to servers that prove who they are.
#include <gtest/gtest.h>

#include <string>

#include "http/cpr_transport.hpp"
#include "scoped_environment.hpp"
#include "secure_server.hpp"
#include "support/error.hpp"

namespace iqm::test {
namespace {

class Tls : public ::testing::Test {
 protected:
  // GET / with the certificate authorities that the environment names.
  [[nodiscard]] static http::Response get(const std::string& url) {
    const auto clock = std::make_shared<SystemClock>();
    http::CprTransport transport(http::transport_settings_from_environment(), clock);
    return transport.perform({.method = http::Method::kGet, .url = url, .headers = {}, .body = {}},
                             clock->now() + std::chrono::seconds(10), {});
  }

  ScopedEnvironment environment_{"IQM_CA_FILE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "https_proxy", "HTTPS_PROXY",
                                 "ALL_PROXY",   "all_proxy",      "NO_PROXY",      "no_proxy"};
};

TEST_F(Tls, AServerOfAnUnknownAuthorityIsRefusedBeforeARequestIsSent) {
  const SelfSignedCertificate certificate("IP:127.0.0.1");
  const SecureServer server(certificate);
  try {
    (void)get(server.url());
    FAIL() << "the certificate was accepted";
  } catch (const Unreachable& error) {
    EXPECT_NE(std::string(error.what()).find("certificate"), std::string::npos) << error.what();
  }
}

TEST_F(Tls, AServerOfTheAuthorityThatIsNamedIsTrusted) {
  const SelfSignedCertificate certificate("IP:127.0.0.1");
  const SecureServer server(certificate);
  for (const char* name : {"SSL_CERT_FILE", "CURL_CA_BUNDLE", "IQM_CA_FILE"}) {
    environment_.set(name, certificate.certificate());
    EXPECT_EQ(get(server.url()).body, "secret") << name;
    environment_.set(name, "");
  }
}

TEST_F(Tls, TheDevicesOwnVariableIsTheStrongest) {
  const SelfSignedCertificate certificate("IP:127.0.0.1");
  const SelfSignedCertificate other("IP:127.0.0.1");
  const SecureServer server(certificate);
  environment_.set("SSL_CERT_FILE", certificate.certificate());
  environment_.set("IQM_CA_FILE", other.certificate());
  EXPECT_THROW((void)get(server.url()), Unreachable);
}

TEST_F(Tls, ACertificateForAnotherHostIsRefused) {
  const SelfSignedCertificate certificate("DNS:elsewhere.example");
  const SecureServer server(certificate);
  environment_.set("IQM_CA_FILE", certificate.certificate());
  EXPECT_THROW((void)get(server.url()), Unreachable);
}

TEST_F(Tls, AMissingAuthorityFileIsAnErrorAndNoFallBack) {
  const SelfSignedCertificate certificate("IP:127.0.0.1");
  const SecureServer server(certificate);
  environment_.set("IQM_CA_FILE", "/nowhere/ca.pem");
  try {
    (void)get(server.url());
    FAIL() << "the certificate was accepted";
  } catch (const Unreachable& error) {
    EXPECT_NE(std::string(error.what()).find("/nowhere/ca.pem"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace iqm::test
