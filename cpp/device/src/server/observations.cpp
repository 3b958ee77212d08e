// SPDX-License-Identifier: Apache-2.0
// Quality metrics and calibration sets: which observation says what. Names are dotted, suffixes come after ':'.
#include <array>
#include <cmath>
#include <string_view>

#include "server/iqm_server.hpp"
#include "server/routes.hpp"
#include "support/error.hpp"
#include "support/log.hpp"

namespace iqm::server {
namespace {

std::vector<std::string> split(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) {
      return parts;
    }
    text.remove_prefix(end + separator.size());
  }
}

bool describes_method(const std::string& method) { return method == "rb" || method == "irb" || method == "ssro"; }

// The usable observations of a set: numbers that nobody has marked as invalid. One odd observation among hundreds must
// not cost the session.
template <typename File>
void for_each_observation(const JsonView& set, const std::string& source, File file) {
  std::size_t odd = 0;
  for (const Json& observation : set.field("observations").array().raw()) {
    if (!observation.is_object()) {
      ++odd;
      continue;
    }
    const auto invalid = observation.find("invalid");
    if (invalid != observation.end() && invalid->is_boolean() && invalid->get<bool>()) {
      continue;
    }
    const auto name = observation.find("dut_field");
    const auto value = observation.find("value");
    if (name == observation.end() || !name->is_string() || value == observation.end() || !value->is_number()) {
      ++odd;
      continue;
    }
    file(name->get_ref<const std::string&>(), value->get<double>());
  }
  if (odd > 0) {
    log::info("skipped " + std::to_string(odd) + " observations that are not numbers, from " + source);
  }
}

// Files one observation where it belongs; most of a real set is of no use here.
void file_metric(model::QualityMetrics& metrics, const std::string& name, double value) {
  const std::string path = name.substr(0, name.find(':'));
  const auto parts = split(path, ".");
  // characterization.model.{component}.t1_time
  if (parts.size() == 4 && parts[0] == "characterization" && parts[1] == "model") {
    if (std::isfinite(value) && value > 0) {
      if (parts[3] == "t1_time") {
        metrics.t1.emplace(parts[2], value);
      } else if (parts[3] == "t2_time") {
        metrics.t2.emplace(parts[2], value);
      }
    }
    return;
  }
  // metrics.{method}.{gate}.{implementation}.{locus}.fidelity[:par=d2]
  const bool fidelity =
      parts.size() == 6 && parts[0] == "metrics" && describes_method(parts[1]) && parts[5] == "fidelity";
  if (fidelity && value >= 0 && value <= 1) {
    metrics.fidelity.emplace(model::QualityMetrics::OperationKey{parts[2], parts[3], split(parts[4], "__")}, value);
  }
}

}  // namespace

std::optional<model::QualityMetrics> IqmServer::metrics(const std::string& computer, const std::string& set,
                                                        const Call& call) const {
  std::optional<Reply> reply;
  try {
    reply = exchange_.get(routes::metrics(computer, set), call);
  } catch (const NotFound&) {
    return std::nullopt;
  }
  const JsonDocument document = reply->json();
  const JsonView view = JsonView(document.value(), reply->source).object();
  model::QualityMetrics metrics;
  if (const auto describes = view.optional_field("describes_id"); describes && describes->raw().is_string()) {
    metrics.calibration_set_id = describes->string();
  }
  for_each_observation(view, reply->source,
                       [&metrics](const std::string& name, double value) { file_metric(metrics, name, value); });
  return metrics;
}

std::optional<model::OperationDurations> IqmServer::durations(const std::string& computer, const std::string& set,
                                                              const Call& call) const {
  std::optional<Reply> reply;
  try {
    reply = exchange_.get(routes::calibration_set(computer, set), call);
  } catch (const NotFound&) {
    return std::nullopt;
  }
  const JsonDocument document = reply->json();
  model::OperationDurations durations;
  for_each_observation(
      JsonView(document.value(), reply->source), reply->source, [&durations](const std::string& name, double value) {
        // gates.{gate}.{implementation}.{locus}.duration
        const auto parts = split(name.substr(0, name.find(':')), ".");
        if (parts.size() == 5 && parts[0] == "gates" && parts[4] == "duration" && value > 0) {
          durations.emplace(model::QualityMetrics::OperationKey{parts[1], parts[2], split(parts[3], "__")}, value);
        }
      });
  return durations;
}

}  // namespace iqm::server
