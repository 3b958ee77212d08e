// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

namespace iqm::http {

// The certificate authorities of a file, or libcurl's own ones, read once for all TLS connections of the process and
// again when the file has changed. libcurl reads them anew for each connection: 30 to 50 ms for those of a system.
class TrustStore {
 public:
  // Empty where libcurl must read them by itself: it uses another TLS library than this one is linked with, the
  // environment names a secure proxy, or they cannot be read, which libcurl says best.
  static TrustStore of(const std::string& ca_file);

  // Lets an easy handle of libcurl use them, which must not outlive this object. Does nothing when empty.
  void apply_to(void* easy) const;

 private:
  std::shared_ptr<void> store_;
};

}  // namespace iqm::http
