// Lets HDF5 write to an OutputFile.
#pragma once

#include "src/results/hdf5.hpp"
#include "src/results/output_file.hpp"

namespace overbuild::hdf5 {

/// A new HDF5 file whose bytes go to `output`, which must outlive it. Closing it also closes
/// everything opened in it. A full disk shows in output.throw_if_failed(), not as a Failure.
Id create_file(OutputFile& output);

}  // namespace overbuild::hdf5
