// Attributes of the group /provenance; shared by writing and reading.
#pragma once

#include <string>

#include "overbuild/results/provenance.hpp"

namespace overbuild {

struct ProvenanceText {
  const char* name;
  std::string Provenance::*member;
};
inline constexpr ProvenanceText provenance_texts[] = {
    {"config_file", &Provenance::config_file},
    {"command", &Provenance::command},
    {"program_version", &Provenance::program_version},
    {"git_revision", &Provenance::git_revision},
    {"build_type", &Provenance::build_type},
    {"compiler", &Provenance::compiler},
    {"libraries", &Provenance::libraries},
    {"instruction_set", &Provenance::instruction_set},
    {"host", &Provenance::host},
    {"started", &Provenance::started},
    {"finished", &Provenance::finished}};

struct ProvenanceCount {
  const char* name;
  int Provenance::*member;
};
inline constexpr ProvenanceCount provenance_counts[] = {{"host_threads", &Provenance::host_threads},
                                                        {"threads", &Provenance::threads}};

}  // namespace overbuild
