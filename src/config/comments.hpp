// What a config file says about its values in comments: for many the source of the figure.
#pragma once

#include <toml++/toml.h>

#include <span>
#include <string>

#include "overbuild/config/scenario.hpp"

namespace overbuild {

/// The comment on the value in a line (from 1 on): the one behind it, or else the lines of comment
/// above its paragraph of keys; a blank line or a section ends a paragraph. "" without one.
std::string comment_on(std::span<const std::string> lines, int line);

/// "unit · meaning ", with which the program's own comments on a parameter begin in a resolved
/// config.
std::string parameter_description(const ParameterSpec& spec);

/// Gives the parameters the comments that the document's files have on them. Values that an
/// override changed have none. Of a resolved config it is what followed the program's own words.
void read_comments(const toml::table& document, Scenario& scenario);

}  // namespace overbuild
