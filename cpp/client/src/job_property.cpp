// SPDX-License-Identifier: Apache-2.0
#include "qdmikit/job_property.hpp"

#include "job_core.hpp"
#include "qdmikit/job.hpp"

namespace qdmikit {

template <JobProperty P>
PropertyType<P> Job::property() const {
  using enum JobProperty;
  if constexpr (P == Id) {
    return id();
  } else if constexpr (P == ProgramFormat) {
    return program_format();
  } else if constexpr (P == ShotsNum) {
    return shots();
  } else if constexpr (P == QueuePosition) {
    return queue_position();
  } else if constexpr (P == ProgramsNum) {
    return programs_num();
  } else {
    return custom(static_cast<int>(P) - static_cast<int>(Custom1) + 1);
  }
}

// Everything that a caller can ask for.
template QDMIKIT_EXPORT PropertyType<JobProperty::Id> Job::property<JobProperty::Id>() const;
template QDMIKIT_EXPORT PropertyType<JobProperty::ProgramFormat> Job::property<JobProperty::ProgramFormat>() const;
template QDMIKIT_EXPORT PropertyType<JobProperty::ShotsNum> Job::property<JobProperty::ShotsNum>() const;
template QDMIKIT_EXPORT PropertyType<JobProperty::QueuePosition> Job::property<JobProperty::QueuePosition>() const;
template QDMIKIT_EXPORT PropertyType<JobProperty::ProgramsNum> Job::property<JobProperty::ProgramsNum>() const;
template QDMIKIT_EXPORT PropertyType<JobProperty::Custom1> Job::property<JobProperty::Custom1>() const;
template QDMIKIT_EXPORT PropertyType<JobProperty::Custom2> Job::property<JobProperty::Custom2>() const;
template QDMIKIT_EXPORT PropertyType<JobProperty::Custom3> Job::property<JobProperty::Custom3>() const;
template QDMIKIT_EXPORT PropertyType<JobProperty::Custom4> Job::property<JobProperty::Custom4>() const;
template QDMIKIT_EXPORT PropertyType<JobProperty::Custom5> Job::property<JobProperty::Custom5>() const;

}  // namespace qdmikit
