// Lets HDF5 write to an OutputFile.
#pragma once

#include "overbuild/base/error.hpp"
#include "src/hdf5/hdf5.hpp"
#include "src/results/output_file.hpp"

namespace overbuild::hdf5 {

/// A new HDF5 file whose bytes go to `output`, which must outlive it. Closing it also closes
/// everything opened in it. A full disk shows in output.throw_if_failed(), not as a Failure.
Id create_file(OutputFile& output);

}  // namespace overbuild::hdf5

namespace overbuild {

/// Runs `action` and turns the library's failures into errors that name the result. A failure of
/// the disk is the cause of any other.
template <class Action>
void in_writing_terms(const OutputFile& output, const Action& action) {
  try {
    action();
  } catch (const hdf5::Failure& failure) {
    output.throw_if_failed();
    throw Error(ExitCode::file,
                "cannot write result " + output.target().string() + ": " + failure.what());
  }
}

}  // namespace overbuild
