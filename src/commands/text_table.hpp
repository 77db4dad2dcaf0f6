// Tables of aligned columns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace overbuild {

/// Columns that a text takes on a terminal: its UTF-8 characters (none of ours is double-width).
std::size_t display_width(std::string_view text);

/// The text with spaces before or after it, up to a width.
std::string pad_left(std::string_view text, std::size_t width);
std::string pad_right(std::string_view text, std::size_t width);

/// The text broken between words into lines of at most `width`; a longer word has its own line.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

class TextTable {
 public:
  enum class Align { left, right };
  struct Column {
    std::string title;
    Align align = Align::left;
  };

  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// One cell per column.
  void add_row(std::vector<std::string> cells);

  /// The table with each line indented by a space and the columns two spaces apart. With a `width`,
  /// the last column is wrapped so that lines are no longer; where little room is left for it, it
  /// has lines of its own below the others.
  std::string text(std::size_t width = 0) const;

 private:
  std::vector<std::string> column_titles() const;
  std::vector<std::size_t> column_widths() const;
  std::string stacked_text(std::size_t width) const;
  std::string wrapped(std::vector<std::string> cells, const std::vector<std::size_t>& widths) const;
  std::string line(const std::vector<std::string>& cells,
                   const std::vector<std::size_t>& widths) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace overbuild
