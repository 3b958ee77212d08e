// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "qdmikit/device_property.hpp"
#include "qdmikit/device_status.hpp"
#include "qdmikit/export.hpp"
#include "qdmikit/job.hpp"
#include "qdmikit/operation.hpp"
#include "qdmikit/program_format.hpp"
#include "qdmikit/site.hpp"
#include "qdmikit/snapshot.hpp"

namespace qdmikit {

namespace detail {
class DeviceCore;
}

// Without these initialisers g++ warns of every member that a designated initialisation leaves out.
// NOLINTBEGIN(readability-redundant-member-init)

/// What to run: programs in one format, with one number of shots for all of them.
struct JobRequest {
  ProgramFormat format = ProgramFormat::Qasm3;
  std::vector<std::string> programs = {};
  std::optional<std::size_t> shots = {};                  ///< none: the device's default
  std::array<std::optional<std::string>, 5> custom = {};  ///< the device's own job parameters CUSTOM1 to CUSTOM5
};

// NOLINTEND(readability-redundant-member-init)

/// An open device: a cheap handle that shares the session with its copies, sites, operations and jobs.
///
/// What a device is (names, sites, operations, coupling map, formats, units) is asked for once and kept. What changes
/// (status, queue, T1, T2, fidelities, durations, operation sites) is asked for at every call. As thread-safe as the
/// device library is; this class adds no lock, so a slow call never holds up another.
class QDMIKIT_EXPORT Device {
 public:
  [[nodiscard]] const std::filesystem::path& library_path() const noexcept;
  [[nodiscard]] const std::string& name() const;
  [[nodiscard]] const std::string& version() const;
  /// The version of QDMI that the library implements.
  [[nodiscard]] const std::optional<std::string>& library_version() const;
  /// The device's own stable id, if it has one.
  [[nodiscard]] const std::optional<std::string>& id() const;
  [[nodiscard]] std::size_t qubits_num() const;

  /// All sites, zones included, in the device's order: `q[i]` of an OpenQASM program is the i-th of them.
  [[nodiscard]] std::vector<Site> sites() const;
  /// @param index the site's own index, which may differ from its position.
  /// @throws OutOfRange if no site has it.
  [[nodiscard]] Site site(std::size_t index) const;

  [[nodiscard]] std::vector<Operation> operations() const;
  /// @throws NotFound if no operation has that name; says which exist.
  [[nodiscard]] Operation operation(std::string_view name) const;

  /// Ordered pairs of sites that two-qubit operations can act on; none: the device knows no such limit.
  [[nodiscard]] std::optional<std::vector<std::pair<Site, Site>>> coupling_map() const;

  /// What submit() takes. Formats that this version of the client does not know are left out.
  [[nodiscard]] const std::vector<ProgramFormat>& supported_program_formats() const;

  /// The unit in which the device counts durations. Everything here is in seconds already.
  [[nodiscard]] const std::optional<std::string>& duration_unit() const;

  [[nodiscard]] std::optional<DeviceStatus> status() const;
  /// Jobs that wait in the device's queues.
  [[nodiscard]] std::optional<std::size_t> queue_length() const;

  /// The bytes of a property that the device defines itself; none: not supported.
  /// @param number 1 to 5.
  [[nodiscard]] std::optional<std::vector<std::byte>> custom(int number) const;
  /// The same for a property that is known to be text.
  [[nodiscard]] std::optional<std::string> custom_text(int number) const;

  /// Any property, by QDMI's own list. See PropertyType for what it returns.
  template <DeviceProperty P>
  [[nodiscard]] PropertyType<P> property() const;

  /// Everything that the device tells about itself, its sites and its operations, read once and kept as plain values.
  ///
  /// What a device is comes from where this object keeps it, what changes is asked for once each. QDMI answers one
  /// question at a time, so a device whose figures change meanwhile, by a calibration for example, may answer the later
  /// ones anew. Where the device has a custom property that changes whenever its figures do, name it: then a snapshot
  /// during which it changed is thrown away and read again, so that none mixes two states. Status and queue are those
  /// of the moment in any case.
  ///
  /// @param marker the number of that custom property, 1 to 5; none: nothing is checked.
  /// @throws NotSupported if the device has no such custom property.
  /// @throws BadState if it changed during each of three attempts.
  [[nodiscard]] Snapshot snapshot(std::optional<int> marker = std::nullopt) const;

  /// The devices that this one manages, each opened in a session of its own with this one's session parameters when
  /// they are first asked for. A child keeps the session of its parent alive. Empty: it manages none.
  [[nodiscard]] std::vector<Device> children() const;

  /// A job to be filled and submitted step by step. submit() is the short way.
  [[nodiscard]] Job create_job() const;
  [[nodiscard]] Job submit(const JobRequest& request) const;
  /// Submit a calibration instead of circuits: the program is the device's calibration configuration.
  /// @throws NotSupported if the device library has no such extension.
  [[nodiscard]] Job submit_calibration(const JobRequest& request) const;
  /// A job that was submitted earlier, maybe by another process.
  /// @throws NotFound if the device does not know the id, NotSupported if it retrieves no jobs.
  [[nodiscard]] Job retrieve_job(const std::string& id) const;

  /// Whether the session ends with this object, which may block. For callers who hold a lock of their own, such as an
  /// interpreter's, and should let go of it first.
  [[nodiscard]] bool is_last_owner() const noexcept;

  /// Two devices are equal when they are the same session.
  friend bool operator==(const Device& a, const Device& b) noexcept { return a.core_ == b.core_; }

 private:
  friend class Session;
  explicit Device(std::shared_ptr<const detail::DeviceCore> core) noexcept;

  std::shared_ptr<const detail::DeviceCore> core_;
};

}  // namespace qdmikit
