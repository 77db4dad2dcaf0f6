#include "expression_tokens.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "overbuild/base/error.hpp"

namespace overbuild {
namespace {

using Kind = ExpressionToken::Kind;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// Whether a byte of UTF-8 is the first of its character.
bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::string_view first_character(std::string_view text) {
  std::size_t length = 1;
  while (length < text.size() && !begins_character(text[length])) ++length;
  return text.substr(0, length);
}

/// Characters of the name at the front; quantiles ("q99.5") have a dot among them.
std::size_t name_length(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size() &&
         (is_letter(text[length]) || is_digit(text[length]) || text[length] == '.'))
    ++length;
  return length;
}

/// Characters of the number at the front, and the number; 0 where there is none.
std::size_t number_length(std::string_view text, double& number) {
  const bool plus = text.front() == '+';
  const char* begin = text.data() + plus;
  const auto read = std::from_chars(begin, text.data() + text.size(), number);
  const bool is_number =
      read.ec == std::errc() && (is_digit(*begin) || *begin == '-' || *begin == '.');
  return is_number ? static_cast<std::size_t>(read.ptr - text.data()) : 0;
}

bool is_number_beyond_range(std::string_view text) {
  double number = 0;
  text.remove_prefix(text.front() == '+');
  return std::from_chars(text.data(), text.data() + text.size(), number).ec ==
         std::errc::result_out_of_range;
}

std::size_t symbol_length(std::string_view text) {
  if (text.starts_with("<=") || text.starts_with(">=")) return 2;
  return std::string_view("()<>=").find(text.front()) != std::string_view::npos ? 1 : 0;
}

}  // namespace

ExpressionTokens::ExpressionTokens(std::string_view text, std::string what)
    : text_(text), what_(std::move(what)) {
  read_tokens();
}

void ExpressionTokens::read_tokens() {
  std::size_t at = 0;
  while (true) {
    while (at < text_.size() && is_blank(text_[at])) ++at;
    ExpressionToken token{Kind::end, text_.substr(at, 0), at, 0};
    if (at == text_.size()) {
      tokens_.push_back(token);
      return;
    }
    const std::string_view rest = text_.substr(at);
    std::size_t length = 0;
    if (is_letter(rest.front())) {
      token.kind = Kind::name;
      length = name_length(rest);
    } else if ((length = symbol_length(rest)) > 0) {
      token.kind = Kind::symbol;
    } else if ((length = number_length(rest, token.number)) > 0) {
      token.kind = Kind::number;
    }
    if (length == 0 && is_number_beyond_range(rest))
      fail_at(token, "the number is too large or too small for a double");
    if (length == 0) {
      token.kind = Kind::symbol;
      token.text = first_character(rest);
      fail_expected(token, "a name, a number, or one of ( ) < <= > >= =");
    }
    token.text = rest.substr(0, length);
    tokens_.push_back(token);
    at += length;
  }
}

const ExpressionToken& ExpressionTokens::after_next() const {
  return tokens_[std::min(at_ + 1, tokens_.size() - 1)];
}

ExpressionToken ExpressionTokens::take() {
  const ExpressionToken token = tokens_[at_];
  if (token.kind != Kind::end) ++at_;
  return token;
}

bool ExpressionTokens::take_if(std::string_view word) {
  if (next().kind == Kind::end || next().text != word) return false;
  take();
  return true;
}

void ExpressionTokens::expect(std::string_view word, std::string_view after) {
  if (!take_if(word)) fail_expected(next(), fmt::format("\"{}\" after {}", word, after));
}

std::string ExpressionTokens::text_since(std::size_t begin) const {
  const ExpressionToken& last = tokens_[at_ - 1];
  return std::string(text_.substr(begin, last.begin + last.text.size() - begin));
}

void ExpressionTokens::fail_at(const ExpressionToken& token, const std::string& message) const {
  std::string line(text_);  // control characters would move the mark away from its place
  std::ranges::replace_if(
      line, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  const auto column = static_cast<std::size_t>(
      std::ranges::count_if(text_.substr(0, token.begin), begins_character));
  throw Error(ExitCode::usage, fmt::format("{}: character {}: {}\n  {}\n  {:>{}}", what_,
                                           column + 1, message, line, "^", column + 1));
}

void ExpressionTokens::fail_expected(const ExpressionToken& token,
                                     std::string_view expected) const {
  const std::string found = token.kind == Kind::end ? "the end" : fmt::format("\"{}\"", token.text);
  fail_at(token, fmt::format("found {}, expected {}", found, expected));
}

}  // namespace overbuild
