// The last line, and the colour that the results so far give to it and to the progress.

#include "engine/py/frame.h"
#include "engine/terminal/format.h"
#include "engine/terminal/reporter.h"
#include "engine/terminal/results.h"

namespace fastest::terminal {
namespace {

using namespace py;

// --- colour -----------------------------------------------------------------------------------

object reporter_get_main_color(Args a) {
    handle self = a[0];
    if (is_none(get(self, "_main_color"_n)) || is_none(get(self, "_known_types"_n)) ||
        truth(get(self, "_is_last_item"_n)))
        call_method(self, "_set_main_color"_n);
    return tuple_of(get(self, "_main_color"_n), get(self, "_known_types"_n));
}

object reporter_determine_main_color(Args a) {
    object stats = settled_stats(a[0]);
    auto has_any = [&](std::initializer_list<handle> categories) {
        for (handle category : categories)
            if (contains(stats, category)) return true;
        return false;
    };
    if (has_any({"failed"_n, "error"_n})) return str("red");
    if (has_any({"warnings"_n, "xpassed"_n}) || truth(a[1])) return str("yellow");
    if (has_any({"passed"_n}) || !truth(get(a[0], "_is_last_item"_n))) return str("green");
    return str("yellow");
}

object reporter_set_main_color(Args a) {
    object known = facade("_pytest.terminal", "KNOWN_TYPES"_n);
    object types = to_list(known);
    for (object category : each(settled_stats(a[0])))
        if (truth(category) && !contains(types, category)) append(types, category);
    set(a[0], "_known_types"_n, types);
    bool unknown_seen = length(types) > length(known);
    set(a[0], "_main_color"_n, call_method(a[0], "_determine_main_color"_n, boolean(unknown_seen)));
    return none();
}

// --- counts -----------------------------------------------------------------------------------

object reporter_build_summary_stats_line(Args a) {
    bool collect_only = truth(call_method(get(a[0], "config"_n), "getoption"_n, str("collectonly")));
    return call_method(a[0], collect_only ? "_build_collect_only_summary_stats_line"_n
                                          : "_build_normal_summary_stats_line"_n);
}

object reporter_get_reports_to_display(Args a) {
    object found = new_list();
    object reports = reports_of(a[0], a[1]);
    if (!reports.is_valid()) return found;
    for (object report : each(reports))
        if (truth(get_or(report, "count_towards_summary"_n, Py_True))) append(found, report);
    return found;
}

long long shown_count(handle self, handle category) {
    Py_ssize_t pending = pending_passes(self, category);
    if (!pending) return length(call_method(self, "_get_reports_to_display"_n, category));
    object settled = call_method(settled_stats(self), "get"_n, category);  // what is pending counts
    for (object report : each(settled)) pending += truth(get_or(report, "count_towards_summary"_n, Py_True));
    return pending;
}

object reporter_build_normal_line(Args a) {
    object colors = to_tuple(call_method(a[0], "_get_main_color"_n));
    object main_color = item(colors, integer(0));
    object parts = new_list();
    for (object category : each(item(colors, integer(1)))) {
        long long count = shown_count(a[0], category);
        if (!count) continue;
        object color = color_of(category);
        object markup = styles({color});
        dict_set(markup, "bold"_n, boolean(equal(color, main_color)));
        append(parts, tuple_of(str(counted(count, text_of(category))), markup));
    }
    if (!length(parts)) {
        object color = facade("_pytest.terminal", "_color_for_type_default"_n);
        append(parts, tuple_of(str("no tests ran"), styles({color})));
    }
    return tuple_of(parts, main_color);
}

object reporter_build_collect_only_line(Args a) {
    long long found = to_int(get(a[0], "_numcollected"_n));
    long long deselected = shown_count(a[0], "deselected"_n), errors = shown_count(a[0], "error"_n);
    object color = str("green");
    std::string text;
    if (found == 0) {
        color = str("yellow");
        text = "no tests collected";
    } else if (deselected == 0) {
        text = cat(counted(found, "test"), " collected");
    } else if (found == deselected) {
        color = str("yellow");
        text = cat("no tests collected (", deselected, " deselected)");
    } else {
        text = cat(found - deselected, "/", found, " tests collected (", deselected, " deselected)");
    }
    object parts = list_of(tuple_of(str(text), styles({color})));
    if (errors) {
        color = item(facade("_pytest.terminal", "_color_for_type"_n), "error"_n);
        append(parts, tuple_of(str(counted(errors, "error")), styles({color})));
    }
    return tuple_of(parts, color);
}

// --- the line ---------------------------------------------------------------------------------

/// A line of marked texts that knows how many of its characters are escapes, which take no columns.
struct MarkedLine {
    object writer;
    std::string text;
    long long escapes = 0;

    void add(handle plain, handle markup) {
        object marked = call_ex(get(writer, "markup"_n), tuple_of(plain), markup);
        escapes += length(marked) - length(plain);
        text += text_of(marked);
    }
};

object reporter_summary_stats(Args a) {
    handle self = a[0];
    long long verbosity = to_int(get(self, "verbosity"_n));
    if (verbosity < -1) return none();
    object elapsed = call_timing("_pytest.terminal", get(get(self, "_session_start"_n), "elapsed"_n));
    object built = to_tuple(call_method(self, "build_summary_stats_line"_n));
    object main_markup = styles({item(built, integer(1))});
    MarkedLine line{writer_of(self)};
    bool first = true;
    for (object part : each(item(built, integer(0)))) {
        if (!first) line.text += ", ";
        first = false;
        line.add(item(part, integer(0)), item(part, integer(1)));
    }
    line.add(strcat(" in ", session_duration(to_double(get(elapsed, "seconds"_n)))), main_markup);
    if (verbosity < 0) {
        call_styled(self, "write_line"_n, {str(line.text)}, main_markup);
        return none();
    }
    // The rule after the text has its colour again.
    object begin = call_ex(get(line.writer, "markup"_n), tuple_of(str("")), main_markup);
    begin = call_method(begin, "removesuffix"_n, str("\x1b[0m"));
    line.text += text(begin);
    line.escapes += length(begin);
    object width = integer(to_int(get(line.writer, "fullwidth"_n)) + line.escapes);
    object keywords = check(PyDict_Copy(main_markup.ptr()));
    dict_set(keywords, "fullwidth"_n, width);
    call_styled(self, "write_sep"_n, {str("="), str(line.text)}, keywords);
    return none();
}

}  // namespace

void define_totals(ClassBuilder& reporter) {
    reporter.def("_get_main_color", "self", reporter_get_main_color)
        .def("_determine_main_color", "self, unknown_type_seen", reporter_determine_main_color)
        .def("_set_main_color", "self", reporter_set_main_color)
        .def("build_summary_stats_line", "self", reporter_build_summary_stats_line,
             "The parts of the last line and its colour: ``([(\"12 passed\", {\"green\": True}), ...], \"green\")``.")
        .def("_get_reports_to_display", "self, key", reporter_get_reports_to_display,
             "The reports of a category that the last line counts.")
        .def("_build_normal_summary_stats_line", "self", reporter_build_normal_line)
        .def("_build_collect_only_summary_stats_line", "self", reporter_build_collect_only_line)
        .def("summary_stats", "self", reporter_summary_stats);
}

}  // namespace fastest::terminal
