# SPDX-License-Identifier: Apache-2.0
# qdmikit_configure(<target>): warnings and sanitizers, alike for every target of ours.
function(qdmikit_configure target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
  if(QDMIKIT_SANITIZER STREQUAL "address")
    set(flags -fsanitize=address,undefined -fno-omit-frame-pointer)
    if(QDMIKIT_TEST_CODE)
      # Asserting whether every reference is one doubles the time that tests take to compile.
      set(own_flags -fno-sanitize=undefined)
    endif()
  elseif(QDMIKIT_SANITIZER STREQUAL "thread")
    set(flags -fsanitize=thread -fno-omit-frame-pointer)
  elseif(QDMIKIT_FUZZ)
    # A cast that overflows is no crash by itself, but a number made up by whoever wrote the input.
    set(flags -fsanitize=fuzzer-no-link,address,undefined,float-cast-overflow -fno-sanitize-recover=all
              -fno-omit-frame-pointer)
  elseif(QDMIKIT_SANITIZER)
    message(FATAL_ERROR "QDMIKIT_SANITIZER is '${QDMIKIT_SANITIZER}': use address, thread or nothing")
  endif()
  if(flags)
    target_compile_options(${target} PRIVATE ${flags} ${own_flags})
    target_link_options(${target} PRIVATE ${flags})
  endif()
endfunction()
