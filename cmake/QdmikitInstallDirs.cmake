# SPDX-License-Identifier: Apache-2.0
# Where each part is installed. In a wheel every part lives inside the Python package that owns it;
# `cmake --install` follows the system's own layout.
if(DEFINED SKBUILD)
  set(QDMIKIT_CLIENT_LIBDIR qdmikit/lib)
  set(QDMIKIT_CLIENT_INCLUDEDIR qdmikit/include)
  set(QDMIKIT_DEVICE_LIBDIR qdmikit_iqm/lib)
  set(QDMIKIT_DEVICE_INCLUDEDIR qdmikit_iqm/include)
  set(QDMIKIT_CMAKEDIR qdmikit/share/cmake/qdmikit)
  set(QDMIKIT_PROGRAMDIR qdmikit/bin)
else()
  set(QDMIKIT_CLIENT_LIBDIR "${CMAKE_INSTALL_LIBDIR}")
  set(QDMIKIT_CLIENT_INCLUDEDIR "${CMAKE_INSTALL_INCLUDEDIR}")
  set(QDMIKIT_DEVICE_LIBDIR "${CMAKE_INSTALL_LIBDIR}")
  set(QDMIKIT_DEVICE_INCLUDEDIR "${CMAKE_INSTALL_INCLUDEDIR}")
  set(QDMIKIT_CMAKEDIR "${CMAKE_INSTALL_LIBDIR}/cmake/qdmikit")
  set(QDMIKIT_PROGRAMDIR "${CMAKE_INSTALL_BINDIR}")
endif()
