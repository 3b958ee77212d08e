# SPDX-License-Identifier: Apache-2.0
# What the C++ parts are built with. Each is looked for where it is installed, then where the build's own
# Python keeps it, then, if QDMIKIT_FETCH_DEPENDENCIES allows, cloned.

# locate_python_distribution(<distribution> <path> <variable>): the directory <path> inside an installed
# Python distribution, empty when there is none. Imports nothing.
function(locate_python_distribution distribution path out)
  set(${out} "" PARENT_SCOPE)
  if(NOT Python_EXECUTABLE)
    find_package(Python 3.11 QUIET COMPONENTS Interpreter)
  endif()
  if(NOT Python_EXECUTABLE)
    return()
  endif()
  execute_process(
    COMMAND "${Python_EXECUTABLE}" -c
            "import importlib.metadata as m, sys; print(m.distribution(sys.argv[1]).locate_file(sys.argv[2]))"
            "${distribution}" "${path}"
    RESULT_VARIABLE failed OUTPUT_VARIABLE found OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(NOT failed AND IS_DIRECTORY "${found}")
    set(${out} "${found}" PARENT_SCOPE)
  endif()
endfunction()

# --- QDMI: headers and CMake helpers; the mqt-core wheel carries them --------------------------------
find_package(qdmi 1.4 CONFIG QUIET)
if(NOT qdmi_FOUND)
  locate_python_distribution(mqt-core mqt/core/share/cmake/qdmi qdmi_wheel_dir)
  find_package(qdmi 1.4 CONFIG QUIET PATHS "${qdmi_wheel_dir}" NO_DEFAULT_PATH)
endif()
if(NOT qdmi_FOUND)
  message(FATAL_ERROR "QDMI 1.4 was not found. Install it for the build's Python "
                      "(${Python_EXECUTABLE} -m pip install 'mqt-core~=4.1.1'), "
                      "or name its CMake package with -Dqdmi_DIR=...")
endif()

# --- nlohmann-json -----------------------------------------------------------------------------------
find_package(nlohmann_json 3.11 CONFIG QUIET)
if(NOT nlohmann_json_FOUND)
  locate_python_distribution(nlohmann-json nlohmann_json/include nlohmann_wheel_dir)
  if(nlohmann_wheel_dir)
    add_library(nlohmann_json::nlohmann_json INTERFACE IMPORTED)
    target_include_directories(nlohmann_json::nlohmann_json SYSTEM INTERFACE "${nlohmann_wheel_dir}")
  else()
    message(FATAL_ERROR "nlohmann-json 3.11 or newer was not found: apt-get install nlohmann-json3-dev, "
                        "or pip install nlohmann-json")
  endif()
endif()

# --- toml++, as headers: Debian's own target would link a library of it -----------------------------------
find_path(QDMIKIT_TOMLPLUSPLUS_INCLUDE_DIR toml++/toml.h)
if(NOT QDMIKIT_TOMLPLUSPLUS_INCLUDE_DIR)
  if(NOT QDMIKIT_FETCH_DEPENDENCIES)
    message(FATAL_ERROR "toml++ was not found and QDMIKIT_FETCH_DEPENDENCIES is OFF: apt-get install libtomlplusplus-dev, "
                        "or name the folder of its headers with -DQDMIKIT_TOMLPLUSPLUS_INCLUDE_DIR=...")
  endif()
  function(fetch_tomlplusplus)
    include(FetchContent)
    FetchContent_Declare(tomlplusplus GIT_REPOSITORY https://github.com/marzer/tomlplusplus.git GIT_TAG v3.4.0
                         GIT_SHALLOW ON SOURCE_SUBDIR only-download) # no such folder: only the download is made available
    FetchContent_MakeAvailable(tomlplusplus)
    set(QDMIKIT_TOMLPLUSPLUS_INCLUDE_DIR "${tomlplusplus_SOURCE_DIR}/include" PARENT_SCOPE)
  endfunction()
  fetch_tomlplusplus()
endif()
add_library(qdmikit_tomlplusplus INTERFACE)
target_include_directories(qdmikit_tomlplusplus SYSTEM INTERFACE "${QDMIKIT_TOMLPLUSPLUS_INCLUDE_DIR}")

# --- cpr, over the system's libcurl --------------------------------------------------------------------
find_package(OpenSSL REQUIRED) # a static cpr links it as well, but its package does not look for it
find_package(cpr CONFIG QUIET HINTS "${PROJECT_SOURCE_DIR}/.deps/cpr")
if(NOT cpr_FOUND)
  if(NOT QDMIKIT_FETCH_DEPENDENCIES)
    message(FATAL_ERROR "cpr was not found and QDMIKIT_FETCH_DEPENDENCIES is OFF. "
                        "Run tools/cpr-from-debian.sh .deps/cpr, or name an install with cpr_ROOT")
  endif()
  function(fetch_cpr)
    include(FetchContent)
    set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)
    set(CPR_USE_SYSTEM_CURL ON)
    set(CPR_CURL_NOSIGNAL ON)
    set(CPR_BUILD_TESTS OFF)
    set(BUILD_SHARED_LIBS OFF)
    FetchContent_Declare(cpr GIT_REPOSITORY https://github.com/libcpr/cpr.git GIT_TAG 1.12.0 GIT_SHALLOW ON
                         SOURCE_SUBDIR only-download) # no such folder: only the download is made available
    FetchContent_MakeAvailable(cpr)
    add_subdirectory("${cpr_SOURCE_DIR}" "${cpr_BINARY_DIR}" EXCLUDE_FROM_ALL)
  endfunction()
  fetch_cpr()
endif()
find_package(CURL REQUIRED)
find_package(Threads REQUIRED)
