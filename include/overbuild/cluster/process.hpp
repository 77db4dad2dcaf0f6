// Runs another program and takes what it prints.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace overbuild {

struct ProcessOutcome {
  int code = 0;  ///< exit code, or 128 + the signal that ended the program
  std::string output, error;
};

/// Runs the program words[0], looked up in PATH, with the words after it as they are: no shell
/// reads them. Its working folder is `folder`, its standard input is empty. Variables of the
/// environment whose names begin with `without` (where that is not "") are kept from it.
///
/// Throws std::system_error when the program cannot be started; its code is
/// std::errc::no_such_file_or_directory when PATH has no such program or there is no such folder.
ProcessOutcome run_process(const std::vector<std::string>& words,
                           const std::filesystem::path& folder, const std::string& without = "");

}  // namespace overbuild
