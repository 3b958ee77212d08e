// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "qdmikit/export.hpp"
#include "qdmikit/program_format.hpp"
#include "qdmikit/property.hpp"

namespace qdmikit {

/// What can be asked about a job. The values are those of `QDMI_Device_Job_Property`.
enum class JobProperty : int {
  Id = 0,
  ProgramFormat = 1,
  ShotsNum = 3,
  QueuePosition = 4,
  ProgramsNum = 5,
  Custom1 = 999999995,
  Custom2 = 999999996,
  Custom3 = 999999997,
  Custom4 = 999999998,
  Custom5 = 999999999,
};

/// QDMI's own name without its prefix, for example "PROGRAMSNUM".
[[nodiscard]] QDMIKIT_EXPORT std::string_view to_string(JobProperty property) noexcept;

/// Every value, in QDMI's order.
[[nodiscard]] QDMIKIT_EXPORT std::span<const JobProperty> all_job_properties() noexcept;

namespace detail {

template <JobProperty P>
consteval auto property_type() {
  using enum JobProperty;
  if constexpr (P == Id) {
    return std::type_identity<std::string>{};
  } else if constexpr (P == ProgramFormat) {
    return std::type_identity<std::optional<qdmikit::ProgramFormat>>{};
  } else if constexpr (P == ShotsNum || P == QueuePosition || P == ProgramsNum) {
    return std::type_identity<std::optional<std::size_t>>{};
  } else {
    return std::type_identity<std::optional<std::vector<std::byte>>>{};  // the device's own
  }
}

}  // namespace detail

template <JobProperty P>
struct PropertyTrait<P> : decltype(detail::property_type<P>()) {};

}  // namespace qdmikit
