#pragma once
// Signatures of native functions, written as Python writes them and bound as Python binds them.
//
// "self, request, *args, name=None, **kw": names, `/`, `*`, defaults. A default is None, True, False, a number, a
// quoted string, `()`, or `...`, which means "no default value: the body sees a null handle when it is not given".

#include <string>
#include <string_view>
#include <vector>

#include "engine/py/object.h"

namespace fastest::py {

enum class ParameterKind { kPositionalOnly, kPositional, kVarPositional, kKeywordOnly, kVarKeyword };

struct Parameter {
    std::string name;
    ParameterKind kind = ParameterKind::kPositional;
    bool optional = false;
    PyObject* interned = nullptr;       // the name as an interned str; kept for ever
    PyObject* default_value = nullptr;  // null for `...` and for required ones; kept for ever
    std::string default_text;
};

class Signature {
public:
    /// The text is read when somebody first asks: most functions of a run are never called.
    explicit Signature(std::string_view text) : text_(text) {}

    const std::vector<Parameter>& parameters() const {
        prepare();
        return parameters_;
    }
    std::size_t size() const {
        prepare();
        return parameters_.size();
    }
    /// Whether `count` plain positional arguments fill all parameters, so that no binding is needed.
    bool exact(std::size_t count) const {
        prepare();
        return simple_ && count == parameters_.size();
    }

    /// Binds a vectorcall's arguments to the parameters, in their order. `values` has size() places and is filled with
    /// borrowed references; tuples and dicts that binding makes are put into `owned`. Raises TypeError as Python does.
    void bind(const char* function, PyObject* const* args, std::size_t count, PyObject* keyword_names,
              PyObject** values, std::vector<object>& owned) const;

    /// The `inspect.Signature`.
    object inspect_signature() const;

private:
    void prepare() const {
        if (!read_) [[unlikely]]
            read();
    }
    void read() const;

    std::string text_;
    mutable std::vector<Parameter> parameters_;
    mutable std::size_t positional_ = 0;  // how many can be given by position
    mutable int var_positional_ = -1;
    mutable int var_keyword_ = -1;
    mutable bool simple_ = true;  // nothing but positional parameters
    mutable bool read_ = false;
};

}  // namespace fastest::py
