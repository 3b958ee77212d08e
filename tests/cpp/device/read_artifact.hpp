// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "server/exchange.hpp"

namespace iqm::test {

// What a reader makes of the body of a reply.
template <typename Reader>
auto read_artifact(const std::string& body) {
  const server::Reply reply{.source = "GET /artifact", .headers = {}, .body = body};
  Reader reader(reply.source);
  reply.stream_to(reader);
  return reader.take();
}

}  // namespace iqm::test
