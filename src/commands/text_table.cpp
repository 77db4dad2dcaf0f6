#include "src/commands/text_table.hpp"

#include <algorithm>

namespace overbuild {
namespace {

constexpr std::size_t least_wrap_width = 30;  // narrower columns are hard to read
constexpr std::string_view gap = "  ", indent = "     ";

}  // namespace

std::size_t display_width(std::string_view text) {
  // Every byte but the second and later ones of a UTF-8 sequence (10xxxxxx) begins a character.
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
  }));
}

std::string pad_left(std::string_view text, std::size_t width) {
  const std::size_t used = display_width(text);
  return std::string(width > used ? width - used : 0, ' ').append(text);
}

std::string pad_right(std::string_view text, std::size_t width) {
  const std::size_t used = display_width(text);
  return std::string(text).append(width > used ? width - used : 0, ' ');
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    std::string& last = lines.back();
    if (last.empty())
      last = word;
    else if (display_width(last) + 1 + display_width(word) <= width)
      last.append(" ").append(word);
    else
      lines.emplace_back(word);
  }
  return lines;
}

void TextTable::add_row(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  rows_.push_back(std::move(cells));
}

std::string TextTable::line(const std::vector<std::string>& cells,
                            const std::vector<std::size_t>& widths) const {
  std::string text = " ";
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    if (c > 0) text += gap;
    text += columns_[c].align == Align::right ? pad_left(cells[c], widths[c])
                                              : pad_right(cells[c], widths[c]);
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text + '\n';
}

std::vector<std::size_t> TextTable::column_widths() const {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    widths.push_back(display_width(columns_[c].title));
    for (const auto& row : rows_) widths[c] = std::max(widths[c], display_width(row[c]));
  }
  return widths;
}

std::vector<std::string> TextTable::column_titles() const {
  std::vector<std::string> titles;
  for (const Column& column : columns_) titles.push_back(column.title);
  return titles;
}

std::string TextTable::text(std::size_t width) const {
  std::vector<std::size_t> widths = column_widths();
  if (width > 0) {
    std::size_t before_last = 1;
    for (std::size_t c = 0; c + 1 < columns_.size(); ++c) before_last += widths[c] + gap.size();
    const std::size_t room = width > before_last ? width - before_last : 0;
    if (room < std::min(widths.back(), least_wrap_width)) return stacked_text(width);
    widths.back() = std::min(widths.back(), room);
  }
  std::string text = wrapped(column_titles(), widths);
  for (const auto& row : rows_) text += wrapped(row, widths);
  return text;
}

std::string TextTable::wrapped(std::vector<std::string> cells,
                               const std::vector<std::size_t>& widths) const {
  std::string text;
  for (const std::string& part : wrap(cells.back(), widths.back())) {
    cells.back() = part;
    text += line(cells, widths);
    cells.assign(columns_.size(), "");
  }
  return text;
}

std::string TextTable::stacked_text(std::size_t width) const {
  std::vector<std::size_t> widths = column_widths();
  widths.back() = 0;
  const auto under = [&](const std::string& cell) {
    std::string lines;
    for (const std::string& part : wrap(cell, width - indent.size()))
      lines.append(indent).append(part) += '\n';
    return lines;
  };
  const auto above = [&](std::vector<std::string> cells) {
    cells.back().clear();
    return line(cells, widths);
  };
  std::string text = above(column_titles()) + under(columns_.back().title);
  for (const auto& row : rows_) text += above(row) + under(row.back());
  return text;
}

}  // namespace overbuild
