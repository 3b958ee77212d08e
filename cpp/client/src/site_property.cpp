// SPDX-License-Identifier: Apache-2.0
#include "qdmikit/site_property.hpp"

#include "device_core.hpp"
#include "qdmikit/site.hpp"

namespace qdmikit {

template <SiteProperty P>
PropertyType<P> Site::property() const {
  using enum SiteProperty;
  constexpr auto kProperty = static_cast<QDMI_Site_Property>(P);
  const std::string action = "read " + std::string(to_string(P)) + " of site ";
  if constexpr (P == Index) {
    return index();
  } else if constexpr (P == Name) {
    return name();
  } else if constexpr (P == T1 || P == T2) {
    return core_->seconds(core_->site_value<std::uint64_t>(*data_, kProperty, action));
  } else if constexpr (P == XCoordinate || P == YCoordinate || P == ZCoordinate) {
    return core_->metres(core_->site_value<std::int64_t>(*data_, kProperty, action));
  } else if constexpr (P == XExtent || P == YExtent || P == ZExtent) {
    return core_->metres(core_->site_value<std::uint64_t>(*data_, kProperty, action));
  } else if constexpr (P == IsZone) {
    return core_->site_value<bool>(*data_, kProperty, action);
  } else if constexpr (P == ModuleIndex || P == SubmoduleIndex) {
    return core_->site_value<std::uint64_t>(*data_, kProperty, action);
  } else {
    return detail::query_list<std::byte>(core_->module(), detail::DeviceCore::site_attempt(action, data_->label),
                                         core_->site_query(data_->handle, kProperty));
  }
}

// Everything that a caller can ask for.
template QDMIKIT_EXPORT PropertyType<SiteProperty::Index> Site::property<SiteProperty::Index>() const;
template QDMIKIT_EXPORT PropertyType<SiteProperty::T1> Site::property<SiteProperty::T1>() const;
template QDMIKIT_EXPORT PropertyType<SiteProperty::T2> Site::property<SiteProperty::T2>() const;
template QDMIKIT_EXPORT PropertyType<SiteProperty::Name> Site::property<SiteProperty::Name>() const;
template QDMIKIT_EXPORT PropertyType<SiteProperty::XCoordinate> Site::property<SiteProperty::XCoordinate>() const;
template QDMIKIT_EXPORT PropertyType<SiteProperty::YCoordinate> Site::property<SiteProperty::YCoordinate>() const;
template QDMIKIT_EXPORT PropertyType<SiteProperty::ZCoordinate> Site::property<SiteProperty::ZCoordinate>() const;
template QDMIKIT_EXPORT PropertyType<SiteProperty::IsZone> Site::property<SiteProperty::IsZone>() const;
template QDMIKIT_EXPORT PropertyType<SiteProperty::XExtent> Site::property<SiteProperty::XExtent>() const;
template QDMIKIT_EXPORT PropertyType<SiteProperty::YExtent> Site::property<SiteProperty::YExtent>() const;
template QDMIKIT_EXPORT PropertyType<SiteProperty::ZExtent> Site::property<SiteProperty::ZExtent>() const;
template QDMIKIT_EXPORT PropertyType<SiteProperty::ModuleIndex> Site::property<SiteProperty::ModuleIndex>() const;
template QDMIKIT_EXPORT PropertyType<SiteProperty::SubmoduleIndex> Site::property<SiteProperty::SubmoduleIndex>() const;
template QDMIKIT_EXPORT PropertyType<SiteProperty::Custom1> Site::property<SiteProperty::Custom1>() const;
template QDMIKIT_EXPORT PropertyType<SiteProperty::Custom2> Site::property<SiteProperty::Custom2>() const;
template QDMIKIT_EXPORT PropertyType<SiteProperty::Custom3> Site::property<SiteProperty::Custom3>() const;
template QDMIKIT_EXPORT PropertyType<SiteProperty::Custom4> Site::property<SiteProperty::Custom4>() const;
template QDMIKIT_EXPORT PropertyType<SiteProperty::Custom5> Site::property<SiteProperty::Custom5>() const;

}  // namespace qdmikit
