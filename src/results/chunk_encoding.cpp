#include "src/results/chunk_encoding.hpp"

#include <zlib.h>

#include <stdexcept>

namespace overbuild {

std::vector<std::byte> shuffled(std::span<const std::byte> data, std::size_t element_size) {
  const std::size_t elements = data.size() / element_size;
  std::vector<std::byte> result(data.size());
  for (std::size_t byte = 0; byte < element_size; ++byte)
    for (std::size_t i = 0; i < elements; ++i)
      result[byte * elements + i] = data[i * element_size + byte];
  return result;
}

std::vector<std::byte> deflated(std::span<const std::byte> data, int level) {
  uLongf size = compressBound(static_cast<uLong>(data.size()));
  std::vector<std::byte> result(size);
  const int code = compress2(reinterpret_cast<Bytef*>(result.data()), &size,
                             reinterpret_cast<const Bytef*>(data.data()),
                             static_cast<uLong>(data.size()), level);
  if (code != Z_OK) throw std::runtime_error("zlib cannot compress a chunk");
  result.resize(size);
  return result;
}

}  // namespace overbuild
