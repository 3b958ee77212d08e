// SPDX-License-Identifier: Apache-2.0
#include "qdmikit/operation_property.hpp"

#include "device_core.hpp"
#include "qdmikit/operation.hpp"

namespace qdmikit {

template <OperationProperty P>
PropertyType<P> Operation::property(std::span<const Site> sites, std::span<const double> parameters) const {
  using enum OperationProperty;
  constexpr auto kProperty = static_cast<QDMI_Operation_Property>(P);
  const std::string action = "read " + std::string(to_string(P)) + " of operation ";
  const detail::Place where = place(sites, parameters);
  const auto read = [&]<typename T>(std::type_identity<T>) {
    return core_->operation_value<T>(*data_, kProperty, action, where);
  };
  if constexpr (P == Name) {
    return name();
  } else if constexpr (P == QubitsNum) {
    return qubits_num();
  } else if constexpr (P == ParametersNum) {
    return parameters_num();
  } else if constexpr (P == Duration) {
    return core_->seconds(read(std::type_identity<std::uint64_t>{}));
  } else if constexpr (P == Fidelity || P == IdlingFidelity) {
    return read(std::type_identity<double>{});
  } else if constexpr (P == InteractionRadius || P == BlockingRadius) {
    return core_->metres(read(std::type_identity<std::uint64_t>{}));
  } else if constexpr (P == MeanShuttlingSpeed) {
    return core_->metres_per_second(read(std::type_identity<std::uint64_t>{}));
  } else if constexpr (P == IsZoned) {
    return read(std::type_identity<bool>{});
  } else if constexpr (P == Sites) {
    return this->sites();
  } else {
    return detail::query_list<std::byte>(core_->module(), detail::DeviceCore::operation_attempt(action, data_->name),
                                         core_->operation_query(data_->handle, kProperty, where));
  }
}

// Everything that a caller can ask for.
template QDMIKIT_EXPORT PropertyType<OperationProperty::Name> Operation::property<OperationProperty::Name>(
    std::span<const Site>, std::span<const double>) const;
template QDMIKIT_EXPORT PropertyType<OperationProperty::QubitsNum> Operation::property<OperationProperty::QubitsNum>(
    std::span<const Site>, std::span<const double>) const;
template QDMIKIT_EXPORT PropertyType<OperationProperty::ParametersNum>
    Operation::property<OperationProperty::ParametersNum>(std::span<const Site>, std::span<const double>) const;
template QDMIKIT_EXPORT PropertyType<OperationProperty::Duration> Operation::property<OperationProperty::Duration>(
    std::span<const Site>, std::span<const double>) const;
template QDMIKIT_EXPORT PropertyType<OperationProperty::Fidelity> Operation::property<OperationProperty::Fidelity>(
    std::span<const Site>, std::span<const double>) const;
template QDMIKIT_EXPORT PropertyType<OperationProperty::InteractionRadius>
    Operation::property<OperationProperty::InteractionRadius>(std::span<const Site>, std::span<const double>) const;
template QDMIKIT_EXPORT PropertyType<OperationProperty::BlockingRadius>
    Operation::property<OperationProperty::BlockingRadius>(std::span<const Site>, std::span<const double>) const;
template QDMIKIT_EXPORT PropertyType<OperationProperty::IdlingFidelity>
    Operation::property<OperationProperty::IdlingFidelity>(std::span<const Site>, std::span<const double>) const;
template QDMIKIT_EXPORT PropertyType<OperationProperty::IsZoned> Operation::property<OperationProperty::IsZoned>(
    std::span<const Site>, std::span<const double>) const;
template QDMIKIT_EXPORT PropertyType<OperationProperty::Sites> Operation::property<OperationProperty::Sites>(
    std::span<const Site>, std::span<const double>) const;
template QDMIKIT_EXPORT PropertyType<OperationProperty::MeanShuttlingSpeed>
    Operation::property<OperationProperty::MeanShuttlingSpeed>(std::span<const Site>, std::span<const double>) const;
template QDMIKIT_EXPORT PropertyType<OperationProperty::Custom1> Operation::property<OperationProperty::Custom1>(
    std::span<const Site>, std::span<const double>) const;
template QDMIKIT_EXPORT PropertyType<OperationProperty::Custom2> Operation::property<OperationProperty::Custom2>(
    std::span<const Site>, std::span<const double>) const;
template QDMIKIT_EXPORT PropertyType<OperationProperty::Custom3> Operation::property<OperationProperty::Custom3>(
    std::span<const Site>, std::span<const double>) const;
template QDMIKIT_EXPORT PropertyType<OperationProperty::Custom4> Operation::property<OperationProperty::Custom4>(
    std::span<const Site>, std::span<const double>) const;
template QDMIKIT_EXPORT PropertyType<OperationProperty::Custom5> Operation::property<OperationProperty::Custom5>(
    std::span<const Site>, std::span<const double>) const;

}  // namespace qdmikit
