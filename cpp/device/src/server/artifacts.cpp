// SPDX-License-Identifier: Apache-2.0
// The results that a completed job leaves behind.
#include "server/counts_reader.hpp"
#include "server/iqm_server.hpp"
#include "server/measurements_reader.hpp"
#include "server/plain_results.hpp"
#include "server/routes.hpp"

namespace iqm::server {

std::vector<model::MeasurementCounts> IqmServer::measurement_counts(const std::string& id, const Call& call) const {
  const Reply reply = exchange_.get(routes::measurement_counts(id), call);
  if (auto counts = scan_counts(reply.body)) {
    return std::move(*counts);
  }
  CountsReader reader(reply.source);
  reply.stream_to(reader);
  return reader.take();
}

std::vector<model::MeasurementShots> IqmServer::measurements(const std::string& id, const Call& call) const {
  const Reply reply = exchange_.get(routes::measurements(id), call);
  if (auto shots = scan_measurements(reply.body)) {
    return std::move(*shots);
  }
  MeasurementsReader reader(reply.source);
  reply.stream_to(reader);
  return reader.take();
}

}  // namespace iqm::server
