# SPDX-License-Identifier: Apache-2.0
# find_package(qdmikit): qdmikit::client and qdmikit::iqm_device. Neither asks its user for a further package.
include(CMakePackageConfigHelpers)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/qdmikitConfigVersion.cmake"
                                 COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/qdmikitConfigVersion.cmake" DESTINATION "${QDMIKIT_CMAKEDIR}")
install(EXPORT qdmikit NAMESPACE qdmikit:: DESTINATION "${QDMIKIT_CMAKEDIR}" FILE qdmikitConfig.cmake)

# pkg-config qdmikit-client, for everything that is not CMake.
set(qdmikit_pc_dir "${QDMIKIT_CLIENT_LIBDIR}/pkgconfig")
function(configure_pkg_config)
  # Both sides as they are below some prefix, which need not be the one that is installed to.
  foreach(path IN ITEMS qdmikit_pc_dir QDMIKIT_CLIENT_LIBDIR QDMIKIT_CLIENT_INCLUDEDIR)
    cmake_path(ABSOLUTE_PATH ${path} BASE_DIRECTORY "${CMAKE_INSTALL_PREFIX}" NORMALIZE)
  endforeach()
  set(qdmikit_pc_prefix "${CMAKE_INSTALL_PREFIX}")
  cmake_path(RELATIVE_PATH qdmikit_pc_prefix BASE_DIRECTORY "${qdmikit_pc_dir}")
  foreach(part IN ITEMS libdir includedir)
    string(TOUPPER "QDMIKIT_CLIENT_${part}" path)
    cmake_path(RELATIVE_PATH ${path} BASE_DIRECTORY "${CMAKE_INSTALL_PREFIX}" OUTPUT_VARIABLE qdmikit_pc_${part})
  endforeach()
  configure_file("${PROJECT_SOURCE_DIR}/cmake/qdmikit-client.pc.in" "${PROJECT_BINARY_DIR}/qdmikit-client.pc" @ONLY)
endfunction()
configure_pkg_config()
install(FILES "${PROJECT_BINARY_DIR}/qdmikit-client.pc" DESTINATION "${qdmikit_pc_dir}")
