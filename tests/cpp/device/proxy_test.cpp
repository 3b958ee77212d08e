// SPDX-License-Identifier: Apache-2.0
// Whether https goes through the proxies that the environment names, and shows them nothing.
#include <gtest/gtest.h>

#include <string>

#include "http/cpr_transport.hpp"
#include "scoped_environment.hpp"
#include "secure_server.hpp"
#include "support/error.hpp"
#include "tunnel.hpp"

namespace iqm::test {
namespace {

constexpr const char* kToken = "s3cret-token";

class Proxy : public ::testing::Test {
 protected:
  [[nodiscard]] static http::Response get(const std::string& url) {
    const auto clock = std::make_shared<SystemClock>();
    http::CprTransport transport(http::transport_settings_from_environment(), clock);
    return transport.perform({.method = http::Method::kGet,
                              .url = url,
                              .headers = {{"Authorization", std::string("Bearer ") + kToken}},
                              .body = {}},
                             clock->now() + std::chrono::seconds(10), {});
  }
  // "127.0.0.1:1234" of a URL.
  [[nodiscard]] static std::string host_and_port(const std::string& url) {
    const std::size_t begin = url.find("//") + 2;
    return url.substr(begin, url.find('/', begin) - begin);
  }

  void expect_tunnelled(const std::string& host) const {
    ASSERT_EQ(tunnel_.requests().size(), 1U);
    const std::string request = tunnel_.requests().front();
    EXPECT_TRUE(request.starts_with("CONNECT " + host + " HTTP/1.1\r\n")) << request;
    EXPECT_EQ(request.find("Authorization"), std::string::npos) << request;
    // What follows is TLS: a handshake record of the client to begin with, and neither question nor answer in clear.
    const std::string passed = tunnel_.passed();
    ASSERT_FALSE(passed.empty());
    EXPECT_EQ(passed.front(), '\x16');
    for (const char* text : {kToken, "Authorization", "GET /", "secret"}) {
      EXPECT_EQ((request + passed).find(text), std::string::npos) << text;
    }
  }

  ScopedEnvironment environment_{"IQM_CA_FILE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "http_proxy", "https_proxy",
                                 "HTTPS_PROXY", "ALL_PROXY",      "all_proxy",     "NO_PROXY",   "no_proxy"};
  SelfSignedCertificate certificate_{"IP:127.0.0.1"};
  SecureServer server_{certificate_};
  Tunnel tunnel_;
};

TEST_F(Proxy, HttpsGoesThroughATunnelUnderEachNameOfTheVariable) {
  environment_.set("IQM_CA_FILE", certificate_.certificate());
  for (const char* name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
    SCOPED_TRACE(name);
    const ScopedEnvironment only_this{name};
    const Tunnel tunnel;
    only_this.set(name, tunnel.url());
    EXPECT_EQ(get(server_.url()).body, "secret");
    EXPECT_EQ(tunnel.requests().size(), 1U);
  }
}

TEST_F(Proxy, TheProxySeesWhereToAndNothingElse) {
  environment_.set("IQM_CA_FILE", certificate_.certificate());
  environment_.set("https_proxy", tunnel_.url());
  const auto response = get(server_.url());
  EXPECT_EQ(response.body, "secret");
  EXPECT_FALSE(response.headers.contains("X-Proxy"));  // the server's headers, not the proxy's
  expect_tunnelled(host_and_port(server_.url()));
}

TEST_F(Proxy, TheServerBehindItMustProveWhoItIs) {
  environment_.set("https_proxy", tunnel_.url());
  try {
    (void)get(server_.url());
    FAIL() << "the certificate was accepted";
  } catch (const Unreachable& error) {
    EXPECT_NE(std::string(error.what()).find("certificate"), std::string::npos) << error.what();
  }
  expect_tunnelled(host_and_port(server_.url()));
}

// The name is the proxy's to resolve, and the certificate's to hold: this one is for 127.0.0.1.
TEST_F(Proxy, ItIsAskedForTheNameThatTheUrlHolds) {
  environment_.set("IQM_CA_FILE", certificate_.certificate());
  environment_.set("https_proxy", tunnel_.url());
  const std::string address = host_and_port(server_.url());
  const std::string elsewhere = "iqm.example" + address.substr(address.find(':'));
  EXPECT_THROW((void)get("https://" + elsewhere + "/"), Unreachable);
  expect_tunnelled(elsewhere);
}

TEST_F(Proxy, AnExemptedHostIsReachedDirectly) {
  environment_.set("IQM_CA_FILE", certificate_.certificate());
  environment_.set("https_proxy", tunnel_.url());
  environment_.set("ALL_PROXY", tunnel_.url());
  for (const char* exempt : {"127.0.0.1", "localhost,127.0.0.1", "*"}) {
    environment_.set("no_proxy", exempt);
    EXPECT_EQ(get(server_.url()).body, "secret") << exempt;
  }
  EXPECT_TRUE(tunnel_.requests().empty());
  environment_.set("no_proxy", "elsewhere.example");
  EXPECT_EQ(get(server_.url()).body, "secret");
  EXPECT_EQ(tunnel_.requests().size(), 1U);
}

TEST_F(Proxy, AProxyThatIsAwayIsSaidToBeUnreachable) {
  environment_.set("https_proxy", "http://127.0.0.1:1");
  EXPECT_THROW((void)get(server_.url()), Unreachable);
}

// Its answer is not the server's, and what was to be sent has not left this machine.
TEST_F(Proxy, ARefusalLeavesTheServerUnreachable) {
  environment_.set("IQM_CA_FILE", certificate_.certificate());
  const Tunnel refusing("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
  environment_.set("https_proxy", refusing.url());
  try {
    (void)get(server_.url());
    FAIL() << "the proxy's answer was taken for the server's";
  } catch (const Unreachable& error) {
    EXPECT_NE(std::string(error.what()).find("407"), std::string::npos) << error.what();
  }
  ASSERT_EQ(refusing.requests().size(), 1U);
  EXPECT_EQ(refusing.requests().front().find(kToken), std::string::npos);
}

TEST_F(Proxy, PlainHttpUsesNoneOfThem) {
  environment_.set("http_proxy", tunnel_.url());
  environment_.set("ALL_PROXY", tunnel_.url());
  EXPECT_THROW((void)get("http://127.0.0.1:1/"), Unreachable);
  EXPECT_TRUE(tunnel_.requests().empty());
}

// Which proxy a site trusts is not decided by the authority of its quantum computers' server.
TEST_F(Proxy, TheAuthorityOfTheServerDoesNotVouchForASecureProxy) {
  environment_.set("IQM_CA_FILE", certificate_.certificate());
  environment_.set("https_proxy", server_.url());
  try {
    (void)get("https://quantum.example/");
    FAIL() << "the proxy was trusted";
  } catch (const Unreachable& error) {
    EXPECT_NE(std::string(error.what()).find("certificate"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace iqm::test
