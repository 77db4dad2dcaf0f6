// The words of an expression, and complaints that point at one.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace overbuild {

struct ExpressionToken {
  enum class Kind { name, number, symbol, end };
  Kind kind = Kind::end;
  std::string_view text;  ///< into the expression
  std::size_t begin = 0;  ///< place in the expression
  double number = 0;
};

/// An expression word by word, from the first.
class ExpressionTokens {
 public:
  /// Throws Error(usage) for a character that belongs to no word. `text` must outlive this.
  ExpressionTokens(std::string_view text, std::string what);

  const ExpressionToken& next() const { return tokens_[at_]; }
  const ExpressionToken& after_next() const;
  ExpressionToken take();
  /// Takes the next word when it is this one.
  bool take_if(std::string_view word);
  /// Takes the next word, which must be this one; `after` says what it has to follow.
  void expect(std::string_view word, std::string_view after);

  /// The text from a place up to the end of the last word taken.
  std::string text_since(std::size_t begin) const;

  /// Throws Error(usage): where, what is wrong, and a line that points at the word.
  [[noreturn]] void fail_at(const ExpressionToken& token, const std::string& message) const;
  /// Says that the word was found and what is expected in its place.
  [[noreturn]] void fail_expected(const ExpressionToken& token, std::string_view expected) const;

 private:
  void read_tokens();

  std::string_view text_;
  std::string what_;
  std::vector<ExpressionToken> tokens_;
  std::size_t at_ = 0;
};

}  // namespace overbuild
