// SPDX-License-Identifier: Apache-2.0
#include "qdmikit/device.hpp"

#include <algorithm>
#include <utility>

#include "custom_number.hpp"
#include "device_core.hpp"
#include "job_core.hpp"

namespace qdmikit {
namespace {

Job filled(Job job, const JobRequest& request) {
  for (int number = 1; const auto& value : request.custom) {
    if (value) {
      job.set_custom(number, *value);
    }
    ++number;
  }
  job.set_programs(request.format, request.programs);
  if (request.shots) {
    job.set_shots(*request.shots);
  }
  return job;
}

}  // namespace

Device::Device(std::shared_ptr<const detail::DeviceCore> core) noexcept : core_(std::move(core)) {}

const std::filesystem::path& Device::library_path() const noexcept { return core_->module().path(); }
const std::string& Device::name() const { return core_->name(); }
const std::string& Device::version() const { return core_->version(); }
const std::optional<std::string>& Device::library_version() const { return core_->library_version(); }
const std::optional<std::string>& Device::id() const { return core_->id(); }
std::size_t Device::qubits_num() const { return core_->qubits_num(); }
const std::vector<ProgramFormat>& Device::supported_program_formats() const { return core_->formats(); }
const std::optional<std::string>& Device::duration_unit() const { return core_->duration_unit_name(); }

std::vector<Site> Device::sites() const {
  std::vector<Site> sites;
  sites.reserve(core_->sites().size());
  for (const detail::SiteData& data : core_->sites()) {
    sites.push_back(core_->make_site(data));
  }
  return sites;
}

Site Device::site(std::size_t index) const {
  const auto& sites = core_->sites();
  const auto found = std::ranges::find(sites, index, &detail::SiteData::index);
  if (found == sites.end()) {
    detail::fail<OutOfRange>(Status::OutOfRange,
                             "device " + name() + " has no site with index " + std::to_string(index) + "; it has " +
                                 std::to_string(sites.size()) + " sites",
                             library_path());
  }
  return core_->make_site(*found);
}

std::vector<Operation> Device::operations() const {
  std::vector<Operation> operations;
  operations.reserve(core_->operations().size());
  for (const detail::OperationData& data : core_->operations()) {
    operations.push_back(core_->make_operation(data));
  }
  return operations;
}

Operation Device::operation(std::string_view name) const {
  const auto& operations = core_->operations();
  const auto found = std::ranges::find(operations, name, &detail::OperationData::name);
  if (found == operations.end()) {
    std::string known;
    for (const detail::OperationData& data : operations) {
      known += (known.empty() ? "" : ", ") + data.name;
    }
    detail::fail<NotFound>(Status::NotFound,
                           "device " + this->name() + " has no operation '" + std::string(name) + "'; it has " + known,
                           library_path());
  }
  return core_->make_operation(*found);
}

std::optional<std::vector<std::pair<Site, Site>>> Device::coupling_map() const {
  const auto& coupling = core_->coupling_map();
  if (!coupling) {
    return std::nullopt;
  }
  std::vector<std::pair<Site, Site>> pairs;
  pairs.reserve(coupling->size());
  for (const auto& [first, second] : *coupling) {
    pairs.emplace_back(core_->make_site(*first), core_->make_site(*second));
  }
  return pairs;
}

std::optional<DeviceStatus> Device::status() const {
  const auto value = core_->device_value<int>(QDMI_DEVICE_PROPERTY_STATUS, "status");
  if (!value) {
    return std::nullopt;
  }
  if (*value < 0 || *value >= QDMI_DEVICE_STATUS_MAX) {
    core_->module().throw_broken_contract(detail::DeviceCore::device_attempt("status"),
                                          std::to_string(*value) + " is no device status");
  }
  return static_cast<DeviceStatus>(*value);
}

std::optional<std::size_t> Device::queue_length() const {
  return core_->device_value<std::size_t>(QDMI_DEVICE_PROPERTY_QUEUELENGTH, "queue length");
}

std::optional<std::vector<std::byte>> Device::custom(int number) const {
  const auto property = detail::custom_value<QDMI_Device_Property>(QDMI_DEVICE_PROPERTY_CUSTOM1, number);
  return core_->device_list<std::byte>(property, "custom property " + std::to_string(number));
}

std::optional<std::string> Device::custom_text(int number) const {
  const auto property = detail::custom_value<QDMI_Device_Property>(QDMI_DEVICE_PROPERTY_CUSTOM1, number);
  return core_->device_text(property, "custom property " + std::to_string(number));
}

std::vector<Device> Device::children() const {
  return property<DeviceProperty::ChildDevices>().value_or(std::vector<Device>{});
}

Job Device::create_job() const { return Job(detail::JobCore::create(core_->session())); }

Job Device::submit(const JobRequest& request) const {
  Job job = filled(create_job(), request);
  job.submit();
  return job;
}

Job Device::submit_calibration(const JobRequest& request) const {
  Job job = filled(create_job(), request);
  job.submit_calibration();
  return job;
}

Job Device::retrieve_job(const std::string& id) const { return Job(detail::JobCore::retrieve(core_->session(), id)); }

bool Device::is_last_owner() const noexcept { return core_.use_count() == 1; }

}  // namespace qdmikit
