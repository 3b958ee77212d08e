// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace qdmikit {

/// Which C++ type a property has; specialised beside each enumeration of properties.
template <auto Property>
struct PropertyTrait;

/// What `property<P>()` returns. Quantities are doubles in seconds, metres or metres per second, whatever unit the
/// device counts in. A `std::optional` without a value is the device's answer NOTSUPPORTED; properties without one are
/// those that every device must have.
template <auto Property>
using PropertyType = typename PropertyTrait<Property>::type;  // NOLINT(readability-redundant-typename): clang 14

}  // namespace qdmikit
