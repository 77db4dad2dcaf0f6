// The parts of a result that is not finished yet, kept in a folder beside it.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "overbuild/results/part_file.hpp"

namespace overbuild {

/// The folder RESULT.parts. A part appears in it whole or not at all and is never changed, so that
/// whatever ends the program leaves what earlier checkpoints hold.
class PartFolder {
 public:
  explicit PartFolder(const std::filesystem::path& result);

  const std::filesystem::path& folder() const { return folder_; }

  /// The parts that follow one another from path `begin` on; an incomplete RESULT may be one of
  /// them. Throws Error(file) when a part cannot be read.
  std::vector<Part> parts_from(std::uint64_t begin) const;

  /// All parts, by their first path.
  std::vector<Part> all_parts() const;

  /// The part that begins last, an incomplete RESULT where the folder has none, or nothing. Reads
  /// one file, however many there are.
  std::optional<Part> last_part() const;

  /// Makes the folder where there is none; the name for a part that begins with path `begin`.
  std::filesystem::path new_part(std::uint64_t begin) const;

  /// Removes parts and what killed processes left of parts, and the folder if nothing else is in
  /// it.
  void remove() const;

 private:
  std::filesystem::path result_, folder_;
};

}  // namespace overbuild
