// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lazy.hpp"
#include "qdmikit/operation.hpp"
#include "qdmikit/program_format.hpp"
#include "qdmikit/site.hpp"
#include "query.hpp"
#include "session_core.hpp"
#include "si_unit.hpp"

namespace qdmikit::detail {

struct SiteData {
  QDMI_Site handle;
  std::size_t index;
  std::optional<std::string> name;
  std::string label;  // how messages name it
};

struct OperationData {
  QDMI_Operation handle;
  std::string name;
  std::optional<std::size_t> qubits_num;
  std::optional<std::size_t> parameters_num;
};

// Where an operation acts and with which parameters; both may be empty for "independent of them".
struct Place {
  std::vector<QDMI_Site> sites;
  std::vector<double> parameters;
};

// What an initialised session is known to be, and the questions about it. Sites and operations point into this.
class DeviceCore : public std::enable_shared_from_this<DeviceCore> {
 public:
  explicit DeviceCore(std::shared_ptr<const SessionCore> session);

  [[nodiscard]] const std::shared_ptr<const SessionCore>& session() const noexcept { return session_; }
  [[nodiscard]] const Module& module() const noexcept { return session_->module(); }

  // --- asked for once ------------------------------------------------------------------------------------------------
  [[nodiscard]] const std::string& name() const;
  [[nodiscard]] const std::string& version() const;
  [[nodiscard]] const std::optional<std::string>& library_version() const;
  [[nodiscard]] const std::optional<std::string>& id() const;
  [[nodiscard]] std::size_t qubits_num() const;
  [[nodiscard]] const std::vector<ProgramFormat>& formats() const;
  [[nodiscard]] const std::optional<std::string>& duration_unit_name() const;
  [[nodiscard]] const SiUnit& duration_unit() const;
  [[nodiscard]] const std::optional<std::string>& length_unit_name() const;
  [[nodiscard]] const SiUnit& length_unit() const;
  [[nodiscard]] const std::vector<SiteData>& sites() const;
  [[nodiscard]] const std::vector<OperationData>& operations() const;
  using Coupling = std::vector<std::pair<const SiteData*, const SiteData*>>;
  [[nodiscard]] const std::optional<Coupling>& coupling_map() const;
  // The child devices, each in a session of its own that this one outlives; none: not supported.
  using Children = std::vector<std::shared_ptr<const DeviceCore>>;
  [[nodiscard]] const std::optional<Children>& children() const;

  // The site of a handle that the device named in answer to the attempt.
  [[nodiscard]] const SiteData& site_of(QDMI_Site handle, const Attempt& attempt) const;

  [[nodiscard]] Site make_site(const SiteData& data) const { return {shared_from_this(), data}; }
  [[nodiscard]] Operation make_operation(const OperationData& data) const { return {shared_from_this(), data}; }

  // Where an operation can be applied: tuples of as many sites as it takes qubits. Each holds one site where it takes
  // any number, and one zone where it is zoned.
  using Tuples = std::vector<std::vector<const SiteData*>>;
  [[nodiscard]] std::optional<Tuples> tuples_of(const OperationData& operation, bool is_zoned) const;

  // --- raw numbers in seconds, metres, metres per second -------------------------------------------------------------
  template <typename Raw>
  [[nodiscard]] std::optional<double> seconds(std::optional<Raw> raw) const {
    return raw ? std::optional(duration_unit().in_base_units(*raw)) : std::nullopt;
  }
  template <typename Raw>
  [[nodiscard]] std::optional<double> metres(std::optional<Raw> raw) const {
    return raw ? std::optional(length_unit().in_base_units(*raw)) : std::nullopt;
  }
  template <typename Raw>
  [[nodiscard]] std::optional<double> metres_per_second(std::optional<Raw> raw) const {
    return raw ? std::optional(length_unit().in_base_units(*raw) / duration_unit().in_base_units(1)) : std::nullopt;
  }

  // --- one question each, for query_value and its like ---------------------------------------------------------------
  [[nodiscard]] auto device_query(QDMI_Device_Property property) const {
    return [this, property](std::size_t size, void* value, std::size_t* size_ret) {
      return session_->functions().session_query_device_property(session_->handle(), property, size, value, size_ret);
    };
  }
  [[nodiscard]] auto site_query(QDMI_Site site, QDMI_Site_Property property) const {
    return [this, site, property](std::size_t size, void* value, std::size_t* size_ret) {
      return session_->functions().session_query_site_property(session_->handle(), site, property, size, value,
                                                               size_ret);
    };
  }
  [[nodiscard]] auto operation_query(QDMI_Operation operation, QDMI_Operation_Property property,
                                     const Place& place) const {
    return [this, operation, property, &place](std::size_t size, void* value, std::size_t* size_ret) {
      return session_->functions().session_query_operation_property(
          session_->handle(), operation, place.sites.size(), place.sites.empty() ? nullptr : place.sites.data(),
          place.parameters.size(), place.parameters.empty() ? nullptr : place.parameters.data(), property, size, value,
          size_ret);
    };
  }

  // --- asked every time ----------------------------------------------------------------------------------------------
  template <typename T>
  std::optional<T> device_value(QDMI_Device_Property property, std::string_view what) const {
    return query_value<T>(module(), device_attempt(what), device_query(property));
  }
  template <typename T>
  std::optional<std::vector<T>> device_list(QDMI_Device_Property property, std::string_view what) const {
    return query_list<T>(module(), device_attempt(what), device_query(property));
  }
  std::optional<std::string> device_text(QDMI_Device_Property property, std::string_view what) const {
    return query_text(module(), device_attempt(what), device_query(property));
  }

  template <typename T>
  std::optional<T> site_value(const SiteData& site, QDMI_Site_Property property, std::string_view action) const {
    return query_value<T>(module(), site_attempt(action, site.label), site_query(site.handle, property));
  }

  template <typename T>
  std::optional<T> operation_value(const OperationData& operation, QDMI_Operation_Property property,
                                   std::string_view action, const Place& place = {{}, {}}) const {
    return query_value<T>(module(), operation_attempt(action, operation.name),
                          operation_query(operation.handle, property, place));
  }
  template <typename T>
  std::optional<std::vector<T>> operation_list(const OperationData& operation, QDMI_Operation_Property property,
                                               std::string_view action) const {
    const Place anywhere;
    return query_list<T>(module(), operation_attempt(action, operation.name),
                         operation_query(operation.handle, property, anywhere));
  }

  static Attempt device_attempt(std::string_view what) {
    return {"device_session_query_device_property", "read the device's ", what};
  }
  static Attempt site_attempt(std::string_view action, std::string_view subject) {
    return {"device_session_query_site_property", action, subject};
  }
  static Attempt operation_attempt(std::string_view action, std::string_view subject) {
    return {"device_session_query_operation_property", action, subject};
  }

 private:
  [[nodiscard]] std::vector<SiteData> fetch_sites() const;
  [[nodiscard]] std::vector<OperationData> fetch_operations() const;
  [[nodiscard]] std::optional<Coupling> fetch_coupling_map() const;
  [[nodiscard]] std::vector<ProgramFormat> fetch_formats() const;
  [[nodiscard]] std::optional<Children> fetch_children() const;
  [[nodiscard]] SiUnit fetch_unit(std::string_view quantity, const std::optional<std::string>& name,
                                  std::optional<double> (*per_base)(std::string_view),
                                  QDMI_Device_Property scale_factor) const;
  [[nodiscard]] const std::unordered_map<QDMI_Site, const SiteData*>& sites_by_handle() const;

  std::shared_ptr<const SessionCore> session_;

  Lazy<std::string> name_;
  Lazy<std::string> version_;
  Lazy<std::optional<std::string>> library_version_;
  Lazy<std::optional<std::string>> id_;
  Lazy<std::size_t> qubits_num_;
  Lazy<std::vector<ProgramFormat>> formats_;
  Lazy<std::optional<std::string>> duration_unit_name_;
  Lazy<SiUnit> duration_unit_;
  Lazy<std::optional<std::string>> length_unit_name_;
  Lazy<SiUnit> length_unit_;
  Lazy<std::vector<SiteData>> sites_;
  Lazy<std::vector<OperationData>> operations_;
  Lazy<std::optional<Coupling>> coupling_map_;
  Lazy<std::unordered_map<QDMI_Site, const SiteData*>> sites_by_handle_;
  Lazy<std::optional<Children>> children_;
};

}  // namespace qdmikit::detail
