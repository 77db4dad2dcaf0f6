#include "overbuild/commands/program.hpp"

int main(int count, char** arguments) {
  return overbuild::run_program({arguments + (count > 0 ? 1 : 0), arguments + count});
}
