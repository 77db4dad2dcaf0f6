# Options every part of Overbuild is compiled with.
add_library(overbuild_options INTERFACE)

# One portable x86-64 binary: the baseline is x86-64-v2, Highway adds the v3 and v4 code paths and
# chooses at run time. Contraction of a*b+c into fused operations is off because it would make the
# last bits depend on the code path (docs/decisions/0002-same-bits.md).
target_compile_options(overbuild_options INTERFACE -ffp-contract=off)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  target_compile_options(overbuild_options INTERFACE -march=x86-64-v2)
endif()
# x86-64-v2 lacks the AES and carry-less multiply instructions that Highway counts to SSE4. Under a
# sanitizer the narrowest and the widest code path have to do: the compiler needs long for each.
set(disabled_targets "HWY_AVX3_DL|HWY_SSSE3")
if(OVERBUILD_SANITIZE)
  string(APPEND disabled_targets "|HWY_AVX2")
endif()
target_compile_definitions(overbuild_options INTERFACE
  HWY_DISABLE_PCLMUL_AES "HWY_DISABLED_TARGETS=(${disabled_targets})")

target_compile_options(overbuild_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                                   -Wno-sign-conversion)
if(OVERBUILD_WARNINGS_AS_ERRORS)
  target_compile_options(overbuild_options INTERFACE -Werror)
endif()
if(OVERBUILD_SANITIZE)
  target_compile_options(overbuild_options INTERFACE -fsanitize=${OVERBUILD_SANITIZE}
                         -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(overbuild_options INTERFACE -fsanitize=${OVERBUILD_SANITIZE})
endif()
