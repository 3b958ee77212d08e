# SPDX-License-Identifier: Apache-2.0
# cmake -DNM=nm -DLIBRARY=file -P check_exports.cmake: fails on any exported symbol that is not the device's interface.
execute_process(COMMAND "${NM}" -D --defined-only "${LIBRARY}" OUTPUT_VARIABLE listing COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^\n]+" lines "${listing}")
set(count 0)
foreach(line IN LISTS lines)
  string(REGEX REPLACE "^.* " "" symbol "${line}")
  if(NOT symbol MATCHES "^IQM_QDMI_device_[a-z_]+$")
    message(SEND_ERROR "${LIBRARY} exports ${symbol}")
  endif()
  math(EXPR count "${count} + 1")
endforeach()
# QDMI 1.4's 22 functions and IQM_QDMI_device_last_error.
if(NOT count EQUAL 23)
  message(SEND_ERROR "${LIBRARY} exports ${count} symbols, expected 23")
endif()
