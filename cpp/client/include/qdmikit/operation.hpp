// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "qdmikit/export.hpp"
#include "qdmikit/operation_property.hpp"
#include "qdmikit/site.hpp"

namespace qdmikit {

namespace detail {
class DeviceCore;
struct OperationData;
struct Place;
}  // namespace detail

/// Something a device can do to its sites. A cheap value; it keeps its session alive.
class QDMIKIT_EXPORT Operation {
 public:
  [[nodiscard]] const std::string& name() const noexcept;
  /// None: it takes any number of qubits.
  [[nodiscard]] std::optional<std::size_t> qubits_num() const noexcept;
  [[nodiscard]] std::optional<std::size_t> parameters_num() const noexcept;
  /// Whether it acts on a zone as a whole.
  [[nodiscard]] bool is_zoned() const;

  /// Where it can be applied, as of now: tuples of qubits_num() sites. For a zoned operation, and for one that takes
  /// any number of qubits, each tuple holds one site. None: the device does not say.
  [[nodiscard]] std::optional<std::vector<std::vector<Site>>> sites() const;

  /// The probability of success, in [0, 1], as of now; without sites the device's figure for all of them.
  /// @throws InvalidArgument if a site belongs to another session.
  [[nodiscard]] std::optional<double> fidelity(std::span<const Site> sites = {},
                                               std::span<const double> parameters = {}) const;
  /// The time it takes in seconds, as of now; without sites the device's figure for all of them.
  /// @throws InvalidArgument if a site belongs to another session.
  [[nodiscard]] std::optional<double> duration(std::span<const Site> sites = {},
                                               std::span<const double> parameters = {}) const;

  /// Any property, by QDMI's own list, as of now; without sites the device's figure for all of them. See PropertyType
  /// for what it returns. Name, QubitsNum, ParametersNum and Sites do not depend on sites and parameters.
  /// @throws InvalidArgument if a site belongs to another session.
  template <OperationProperty P>
  [[nodiscard]] PropertyType<P> property(std::span<const Site> sites = {},
                                         std::span<const double> parameters = {}) const;

  /// See Device::is_last_owner().
  [[nodiscard]] bool is_last_owner() const noexcept;

  /// Operations are equal when they are the same operation of the same session.
  friend bool operator==(const Operation& a, const Operation& b) noexcept { return a.data_ == b.data_; }

 private:
  friend class detail::DeviceCore;
  friend struct std::hash<Operation>;
  Operation(std::shared_ptr<const detail::DeviceCore> core, const detail::OperationData& data) noexcept;

  [[nodiscard]] detail::Place place(std::span<const Site> sites, std::span<const double> parameters) const;

  std::shared_ptr<const detail::DeviceCore> core_;
  const detail::OperationData* data_;  // lives in the core
};

}  // namespace qdmikit

template <>
struct std::hash<qdmikit::Operation> {
  std::size_t operator()(const qdmikit::Operation& operation) const noexcept {
    return std::hash<const void*>{}(operation.data_);
  }
};
