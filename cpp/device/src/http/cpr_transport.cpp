// SPDX-License-Identifier: Apache-2.0
#include "http/cpr_transport.hpp"

#include <cpr/cpr.h>
#include <curl/curl.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <new>
#include <optional>
#include <string_view>
#include <utility>

#include "http/trust_store.hpp"
#include "support/environment.hpp"
#include "support/error.hpp"

namespace iqm::http {

// A cpr session on a multi handle of its own. cpr alone notices a cancellation only when libcurl's once-a-second
// progress callback comes round; curl_multi_wakeup() ends the wait at once.
class CprTransport::Connection {
 public:
  Connection(const TransportSettings& settings, const TlsSessions& tls_sessions)
      : multi_(curl_multi_init()), ca_file_(settings.ca_file), max_response_bytes_(settings.max_response_bytes) {
    if (!multi_) {
      throw std::bad_alloc();
    }
    session_.SetRedirect(cpr::Redirect(false));  // a redirect would carry the token to another host
    session_.SetConnectTimeout(cpr::ConnectTimeout(settings.connect_timeout));
    session_.SetAcceptEncoding(cpr::AcceptEncoding({"gzip", "deflate"}));
    session_.SetUserAgent(cpr::UserAgent("qdmikit-iqm/" QDMIKIT_VERSION));
    session_.SetWriteCallback(cpr::WriteCallback(
        [this](std::string_view data, intptr_t /*userdata*/) { return received([&] { return append(data); }); }));
    session_.SetHeaderCallback(cpr::HeaderCallback([this](std::string_view line, intptr_t /*userdata*/) {
      return received([&] { return append_header(line); });
    }));
    if (!settings.ca_file.empty()) {
      session_.SetSslOptions(cpr::Ssl(cpr::ssl::CaInfo{std::string(settings.ca_file)}));
    }
    CURL* easy = handle();
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");  // libcurl would also read file:// URLs
    curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
    tls_sessions.apply_to(easy);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, this);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, &Connection::note_connected);
  }

  Response perform(const Request& request, const Clock& clock, TimePoint deadline, const std::stop_token& stop) {
    prepare(request);
    try {
      const CURLcode code = run(request, clock, deadline, stop);
      return finish(request, code);
    } catch (const std::bad_alloc&) {
      if (request_was_sent()) {
        throw OutOfMemoryOnceSent();
      }
      throw;
    }
  }

 private:
  [[nodiscard]] CURL* handle() { return session_.GetCurlHolder()->handle; }

  // Libcurl calls this library back, and knows no exceptions.
  template <typename Take>
  bool received(Take take) noexcept {
    try {
      return take();
    } catch (const std::bad_alloc&) {
      out_of_memory_ = true;
      return false;
    }
  }

  bool append_header(std::string_view line) {
    if (line.starts_with("HTTP/")) {
      headers_.clear();  // of a proxy, or of an interim reply
      return true;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
      return true;
    }
    const std::string_view value = trimmed(line.substr(colon + 1));
    headers_.insert_or_assign(std::string(line.substr(0, colon)), std::string(value));
    return true;
  }

  static std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r\n";
    const std::size_t first = text.find_first_not_of(kBlank);
    return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(kBlank) - first + 1);
  }

  bool append(std::string_view data) {
    if (data.size() > max_response_bytes_ - body_.size()) {
      too_large_ = true;
      return false;
    }
    body_.append(data);
    return true;
  }

  void prepare(const Request& request) {
    body_.clear();
    headers_.clear();
    too_large_ = false;
    out_of_memory_ = false;
    bytes_before_request_.reset();
    is_repeatable_ = request.body.empty();  // without a body nothing is submitted
    session_.SetUrl(cpr::Url(request.url));
    const bool is_secure = request.url.starts_with("https:");
    // A token or a result must not pass through a proxy in clear text.
    curl_easy_setopt(handle(), CURLOPT_NOPROXY, is_secure ? nullptr : "*");
    if (is_secure && !trust_) {
      trust_ = TrustStore::of(ca_file_);
      trust_->apply_to(handle());
    }
    if (request.method == Method::kPost) {
      session_.SetBodyView(cpr::BodyView(request.body));
      session_.PreparePost();
    } else {
      session_.RemoveContent();  // otherwise libcurl sends the last POST's body again
      session_.PrepareGet();
    }
    set_headers(request.headers);
  }

  // Without cpr, which loses its list when memory runs out before it is complete.
  void set_headers(const Headers& headers) {
    sent_headers_.reset(curl_slist_append(nullptr, "Expect:"));  // a body is sent at once
    const auto require = [](const void* list) {
      if (list == nullptr) {
        throw std::bad_alloc();
      }
    };
    require(sent_headers_.get());
    for (const auto& [name, value] : headers) {
      const std::string line = std::string(name).append(": ").append(value);
      require(curl_slist_append(sent_headers_.get(), line.c_str()));
    }
    curl_easy_setopt(handle(), CURLOPT_HTTPHEADER, sent_headers_.get());
  }

  CURLcode run(const Request& request, const Clock& clock, TimePoint deadline, const std::stop_token& stop) {
    CURLM* multi = multi_.get();
    CURL* easy = handle();
    if (curl_multi_add_handle(multi, easy) != CURLM_OK) {
      throw std::bad_alloc();
    }
    const auto remove = [multi](CURL* added) { curl_multi_remove_handle(multi, added); };
    const std::unique_ptr<CURL, decltype(remove)> added(easy, remove);
    const std::stop_callback wake(stop, [multi] { curl_multi_wakeup(multi); });

    for (;;) {
      int running = 0;
      if (const CURLMcode code = curl_multi_perform(multi, &running); code != CURLM_OK) {
        throw ConnectionLost(describe(request) + " failed: " + curl_multi_strerror(code));
      }
      if (running == 0) {
        int left = 0;
        const CURLMsg* message = curl_multi_info_read(multi, &left);
        return message != nullptr ? message->data.result : CURLE_FAILED_INIT;
      }
      if (stop.stop_requested()) {
        throw Interrupted(describe(request) + " was ended before the reply came");
      }
      const auto left = deadline - clock.now();
      if (left <= Duration::zero()) {
        throw_timed_out(request);
      }
      // Rounded up, so that the last millisecond is waited for and not spun through.
      const auto wait =
          std::chrono::ceil<std::chrono::milliseconds>(std::min<Duration>(left, std::chrono::seconds(60)));
      curl_multi_poll(multi, nullptr, 0, static_cast<int>(wait.count()), nullptr);
    }
  }

  Response finish(const Request& request, CURLcode code) {
    if (out_of_memory_) {
      throw std::bad_alloc();
    }
    const cpr::Response reply = session_.Complete(code);
    if (code == CURLE_OK) {
      Response response{.status = reply.status_code, .headers = std::move(headers_), .body = std::move(body_)};
      headers_ = {};
      body_ = {};
      return response;
    }
    const std::string reason = reply.error.message.empty() ? curl_easy_strerror(code) : reply.error.message;
    if (too_large_) {
      throw ProtocolError("the reply to " + describe(request) + " is larger than " +
                          std::to_string(max_response_bytes_) + " bytes");
    }
    if (!request_was_sent()) {
      throw Unreachable("cannot reach the server for " + describe(request) + ": " + reason);
    }
    if (code == CURLE_OPERATION_TIMEDOUT) {
      throw_timed_out(request);
    }
    if (code == CURLE_BAD_CONTENT_ENCODING || code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_UNSUPPORTED_PROTOCOL) {
      throw ProtocolError("the reply to " + describe(request) + " cannot be read: " + reason);
    }
    throw ConnectionLost("the connection broke during " + describe(request) + ": " + reason);
  }

  [[noreturn]] void throw_timed_out(const Request& request) {
    if (!request_was_sent()) {
      throw Unreachable("cannot reach the server for " + describe(request) + ": no connection within the time allowed");
    }
    throw RequestTimedOut("no reply to " + describe(request) + " within the time allowed");
  }

  [[nodiscard]] bool request_was_sent() {
    return bytes_sent() > bytes_before_request_.value_or(std::numeric_limits<long>::max());
  }

  // Includes what was said to a proxy to get through it.
  [[nodiscard]] long bytes_sent() {
    long bytes = 0;
    curl_easy_getinfo(handle(), CURLINFO_REQUEST_SIZE, &bytes);
    return bytes;
  }

  static int note_connected(void* connection, char* /*address*/, char* /*own_address*/, int /*port*/,
                            int /*own_port*/) {
    auto* self = static_cast<Connection*>(connection);
    if (!self->bytes_before_request_) {
      self->bytes_before_request_ = self->bytes_sent();
      return CURL_PREREQFUNC_OK;
    }
    // The second time: a kept connection ended before a byte of the reply, and libcurl would send the request again on
    // a new one, although the server may have acted on it.
    return self->is_repeatable_ ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
  }

  static std::string describe(const Request& request) {
    return (request.method == Method::kPost ? "POST " : "GET ") + request.url;
  }

  struct Cleanup {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  // The multi handle owns the live connections. It and the headers must outlast the session's easy handle.
  std::unique_ptr<CURLM, Cleanup> multi_;
  std::string ca_file_;
  std::optional<TrustStore> trust_;  // none until a secure request needs it; outlasts the session as well
  std::unique_ptr<curl_slist, Cleanup> sent_headers_;
  cpr::Session session_;
  std::size_t max_response_bytes_;
  std::string body_;
  Headers headers_;
  bool is_repeatable_ = false;
  bool too_large_ = false;
  bool out_of_memory_ = false;
  std::optional<long> bytes_before_request_;  // none while the connection is not made
};

CprTransport::CprTransport(TransportSettings settings, std::shared_ptr<const Clock> clock)
    : settings_(std::move(settings)), clock_(std::move(clock)) {}

CprTransport::~CprTransport() = default;

std::unique_ptr<CprTransport::Connection> CprTransport::take() {
  {
    const std::scoped_lock lock(mutex_);
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  return std::make_unique<Connection>(settings_, tls_sessions_);
}

void CprTransport::give_back(std::unique_ptr<Connection> connection) {
  const std::scoped_lock lock(mutex_);
  idle_.push_back(std::move(connection));
}

Response CprTransport::perform(const Request& request, TimePoint deadline, const std::stop_token& stop) {
  auto connection = take();
  // A connection whose request was thrown out of is in an unknown state and is dropped here, not given back.
  Response response = connection->perform(request, *clock_, deadline, stop);
  give_back(std::move(connection));
  return response;
}

TransportSettings transport_settings_from_environment() {
  TransportSettings settings;
  for (const char* name : {"IQM_CA_FILE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
    if (auto file = environment_variable(name)) {
      settings.ca_file = std::move(*file);
      break;
    }
  }
  return settings;
}

}  // namespace iqm::http
