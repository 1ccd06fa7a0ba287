#pragma once
// The shape of an assert's expression: what is kept in the code object's constants so that a failing assert can be explained.
//
// A shape is a str, or a tuple (str, constant, ...) when there are constants that are better kept as objects. The str is in
// prefix notation; fields end with ';', a place is the number in `@py_assertN` or '-' for none:
//
//   n NAME;                    a name, looked up in the frame
//   m NAME; PLACE;             a name that was captured, as the frame does not give it (class bodies, mangled names)
//   x NAME; PLACE;             an assignment expression that is compared: shown as NAME, its value captured
//   v PLACE;                   a captured value
//   i DIGITS; / s LENGTH; UTF8 / c INDEX;   an int, a str, a constant of the tuple;  N T F  None True False
//   a PLACE; ATTRIBUTE; E      attribute
//   f PLACE; COUNT; E (p E | s E | k NAME; E | d E)*   call with positional, starred, keyword, double starred arguments
//   u PLACE; SYMBOL; E         unary operator
//   b PLACE; SYMBOL; E E       binary operator
//   q PLACE; COUNT; (SYMBOL; PLACE;)* E*   comparisons with the places of their results, then COUNT + 1 operands
//   & / o PLACE; COUNT; E*     and, or

#include <string>
#include <vector>

#include "engine/py/object.h"

namespace fastest::rewrite {

constexpr int kNoPlace = -1;

/// One node of a parsed shape.
struct ShapeNode {
    char kind = 0;
    int place = kNoPlace;
    std::string text;                  // name, attribute or symbol
    py::object constant;               // of i, s, c, N, T, F
    std::vector<std::string> symbols;  // of a comparison
    std::vector<int> results;          // of a comparison
    std::string roles;                 // of a call: p s k d for each argument
    std::vector<std::string> keywords;  // of a call: names for the k arguments, else empty
    std::vector<ShapeNode> children;
};

/// Parses what the rewriter wrote. ValueError for anything else.
ShapeNode parse_shape(py::handle shape);

/// `@py_assertN`, interned.
py::object place_name(int place);

/// The text of a field: decimal place or '-'.
std::string place_field(int place);

}  // namespace fastest::rewrite
