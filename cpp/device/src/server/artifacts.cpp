// SPDX-License-Identifier: Apache-2.0
// The results that a completed job leaves behind.
#include "server/counts_reader.hpp"
#include "server/iqm_server.hpp"
#include "server/measurements_reader.hpp"
#include "server/routes.hpp"

namespace iqm::server {

std::vector<model::MeasurementCounts> IqmServer::measurement_counts(const std::string& id, const Call& call) const {
  const Reply reply = exchange_.get(routes::measurement_counts(id), call);
  CountsReader reader(reply.source);
  reply.stream_to(reader);
  return reader.take();
}

std::vector<model::MeasurementShots> IqmServer::measurements(const std::string& id, const Call& call) const {
  const Reply reply = exchange_.get(routes::measurements(id), call);
  MeasurementsReader reader(reply.source);
  reply.stream_to(reader);
  return reader.take();
}

}  // namespace iqm::server
