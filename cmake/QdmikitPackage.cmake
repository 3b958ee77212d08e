# SPDX-License-Identifier: Apache-2.0
# find_package(qdmikit): qdmikit::client and qdmikit::iqm_device. Neither asks its user for a further package.
include(CMakePackageConfigHelpers)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/qdmikitConfigVersion.cmake"
                                 COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/qdmikitConfigVersion.cmake" DESTINATION "${QDMIKIT_CMAKEDIR}")
install(EXPORT qdmikit NAMESPACE qdmikit:: DESTINATION "${QDMIKIT_CMAKEDIR}" FILE qdmikitConfig.cmake)
