#include "src/commands/shard_option.hpp"

#include <fmt/format.h>

#include <boost/program_options/value_semantic.hpp>
#include <charconv>

#include "overbuild/base/error.hpp"

namespace overbuild {

namespace po = boost::program_options;

void add_shard_option(po::options_description& options) {
  options.add_options()(
      "shard", po::value<std::string>()->value_name("I/N"),
      "run the I-th of N equal shards of the paths; `overbuild merge` puts them together");
}

void read_shard_option(const char* command, const Invocation& invocation, int& shard, int& shards) {
  if (!invocation.has("shard")) return;
  const std::string text = invocation.text("shard");
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, shard);
  const bool has_slash = first.ec == std::errc() && first.ptr != end && *first.ptr == '/';
  const auto second = std::from_chars(has_slash ? first.ptr + 1 : end, end, shards);
  if (second.ec != std::errc() || second.ptr != end || shard < 1 || shard > shards)
    throw Error(ExitCode::usage, fmt::format("{}: --shard: found \"{}\", expected I/N, the I-th of "
                                             "N shards, such as 3/8",
                                             command, text));
}

}  // namespace overbuild
