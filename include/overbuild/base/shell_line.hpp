// Words quoted for a POSIX shell.
#pragma once

#include <string>
#include <vector>

namespace overbuild {

/// A word that a POSIX shell reads as `word`: as it is where it has plain characters only, else in
/// single quotes.
std::string shell_word(const std::string& word);

/// The words as a line that a POSIX shell splits into the same words.
std::string shell_line(const std::vector<std::string>& words);

}  // namespace overbuild
