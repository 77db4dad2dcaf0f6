// Encodes chunks as HDF5's filters do, so that many threads can compress at once and the library,
// which has one lock, only stores the bytes.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace overbuild {

/// All first bytes of the elements, then all second bytes, and so on: HDF5's shuffle filter.
std::vector<std::byte> shuffled(std::span<const std::byte> data, std::size_t element_size);

/// zlib's format at `level` 1-9: HDF5's deflate filter.
std::vector<std::byte> deflated(std::span<const std::byte> data, int level);

}  // namespace overbuild
