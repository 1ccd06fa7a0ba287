#include "engine/terminal/collected.h"

#include <map>

#include "engine/nodes/ours.h"
#include "engine/terminal/lines.h"
#include "engine/terminal/reporter.h"

namespace fastest::terminal {
namespace {

using namespace py;

void print_counts(handle writer, handle items) {
    std::map<std::string, long long> counts;
    for (object test : each(items)) ++counts[text_of(get(get(test, "id"_n), "path"_n))];
    Lines lines(writer);
    for (const auto& [path, count] : counts) lines.add(cat(path, ": ", count));
}

void print_ids(handle writer, handle items) {
    Lines lines(writer);
    for (object test : each(items)) lines.add(nodes::nodeid_text_of(test));
}

void print_docs(Lines& lines, handle node, std::string_view indent) {
    object target = get_or(node, "obj"_n, Py_None);
    if (!truth(target)) return;
    object doc = call(lookup("inspect", "getdoc"_n), target);
    if (!truth(doc)) return;
    for (object line : each(call_method(doc, "splitlines"_n))) lines.add(cat(indent, "  ", line));
}

/// The collectors above each item, indented; those that the item before had too are not repeated.
class Tree {
public:
    Tree(handle writer, bool with_docs) : lines_(writer), with_docs_(with_docs) {}

    void add(handle test) {
        if (is_sibling_of_last(test)) {
            if (!shown_.back().is(test)) show_at(shown_.size() - 1, borrow(test));
            return;
        }
        std::vector<object> chain = chain_of(test);
        std::size_t common = 0;
        while (common < shown_.size() && common < chain.size() && equal(shown_[common], chain[common])) ++common;
        for (std::size_t i = common; i < chain.size(); ++i) show_at(i, std::move(chain[i]));
    }

private:
    void show_at(std::size_t level, object node) {
        std::string indent(2 * level, ' ');
        shown_.resize(level);
        lines_.add(indent + shown_text(node));
        if (with_docs_) print_docs(lines_, node, indent);
        shown_.push_back(std::move(node));
    }

    bool is_sibling_of_last(handle test) {
        return shown_.size() > 1 && is_plain(test) &&
               nodes::field(nodes::as_node(test), nodes::kParent).is(shown_[shown_.size() - 2]);
    }

    /// Whether a node is shown as the engine shows it.
    bool is_plain(handle node) {
        PyTypeObject* type = Py_TYPE(node.ptr());
        if (type != type_) {
            type_ = type;
            plain_ = nodes::is_node(node) && nodes::shows_as_ours(type);
            if (plain_) type_name_ = text(get(handle(reinterpret_cast<PyObject*>(type)), "__name__"_n));
        }
        return plain_;
    }

    /// The nodes from below the session to this one.
    static std::vector<object> chain_of(handle test) {
        std::vector<object> chain;
        object nodes = to_list(call_method(test, "listchain"_n));
        for (Py_ssize_t i = 1; i < PyList_GET_SIZE(nodes.ptr()); ++i)
            chain.push_back(borrow(PyList_GET_ITEM(nodes.ptr(), i)));
        return chain;
    }

    std::string shown_text(handle node) {
        handle name = is_plain(node) ? nodes::field(nodes::as_node(node), nodes::kName) : handle();
        if (!name.is_valid() || !PyUnicode_CheckExact(name.ptr())) return text_of(node);
        return "<" + type_name_ + " " + text(name) + ">";
    }

    Lines lines_;
    bool with_docs_;
    std::vector<object> shown_;
    PyTypeObject* type_ = nullptr;  // the class that was asked about last
    std::string type_name_;
    bool plain_ = false;
};

}  // namespace

object print_collected_items(Args a) {
    object writer = writer_of(a[0]);
    long long verbosity = test_cases_verbosity(a[0]);
    if (verbosity < -1) {
        print_counts(writer, a[1]);
    } else if (verbosity < 0) {
        print_ids(writer, a[1]);
    } else {
        Tree tree(writer, verbosity >= 1);
        for (object test : each(a[1])) tree.add(test);
    }
    return none();
}

}  // namespace fastest::terminal
