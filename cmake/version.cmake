# Version, git revision and compiler, for `overbuild --version` and the provenance of results.
# The revision is looked up at every build, so that it is never that of an older configure run.
set(version_source ${PROJECT_BINARY_DIR}/generated/version.cpp)
add_custom_target(overbuild_version
  COMMAND ${CMAKE_COMMAND} -DSOURCE=${PROJECT_SOURCE_DIR}/cmake/version.cpp.in
          -DOUTPUT=${version_source} -DPROJECT_VERSION=${PROJECT_VERSION}
          -DROOT=${PROJECT_SOURCE_DIR} "-DBUILD=${CMAKE_BUILD_TYPE}"
          -P ${PROJECT_SOURCE_DIR}/cmake/write_version.cmake
  BYPRODUCTS ${version_source} COMMENT "" VERBATIM)
list(APPEND generated_sources ${version_source})
