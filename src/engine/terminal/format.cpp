#include "engine/terminal/format.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "engine/py/system_path.h"
#include "engine/terminal/width.h"

namespace fastest::terminal {
namespace {

using namespace py;

std::string fixed(double value, int digits) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

struct DurationUnit {
    double scale;
    const char* name;
    int digits;
    double limit;  // what is shown stays below it
};

constexpr DurationUnit kUnits[] = {
    {1e6, "us", 3, 10},  {1e6, "us", 2, 100},  {1e6, "us", 1, 1000}, {1e3, "ms", 3, 10},
    {1e3, "ms", 2, 100}, {1e3, "ms", 1, 1000}, {1, "s", 3, 60},
};

std::string two_digits(long long value) { return value < 10 ? cat("0", value) : std::to_string(value); }

std::string noun_for(bool one, std::string noun) {
    if (noun != "error" && noun != "test" && noun != "warnings") return noun;
    if (noun == "warnings") noun.pop_back();
    return one ? noun : noun + "s";
}

/// `int(seconds)`, with Python's errors for what is no number of seconds.
long long whole_seconds(double seconds) { return to_int(check(PyLong_FromDouble(seconds))); }

/// The first line of a message, cut with "..." so that it fits beside `frame` columns; null if not even the dots do.
object cut_message(handle message, long long frame, long long width) {
    constexpr std::string_view dots = "...";
    std::string whole = text_of(message);
    object shown = str(std::string_view(whole).substr(0, whole.find('\n')));
    if (frame + static_cast<long long>(dots.size()) > width) return {};
    if (frame + display_width(shown) <= width) return shown;
    width -= static_cast<long long>(dots.size());
    Py_ssize_t size = std::min<Py_ssize_t>(length(shown), static_cast<Py_ssize_t>(width));
    shown = check(PyUnicode_Substring(shown.ptr(), 0, size));
    while (frame + display_width(shown) > width) shown = check(PyUnicode_Substring(shown.ptr(), 0, --size));
    return strcat(shown, dots);
}

object type_colors() { return facade("_pytest.terminal", "_color_for_type"_n); }

object py_format_session_duration(Args a) { return str(session_duration(to_double(a[0]))); }

object py_format_node_duration(Args a) { return str(node_duration(to_double(a[0]))); }

object py_pluralize(Args a) { return tuple_of(a[0], str(noun_for(equal(a[0], integer(1)), text(a[1])))); }

object py_get_node_id_with_markup(Args a) { return marked_nodeid(a[0], a[1], a[2]); }

object py_format_trimmed(Args a) {
    object frame = call_method(a[0], "format"_n, ""_n);
    object shown = cut_message(a[1], display_width(frame), to_int(a[2]));
    return shown.is_valid() ? call_method(a[0], "format"_n, shown) : none();
}

/// What a failure says in one line, or null.
object crash_message(handle report) {
    object longrepr = try_get(report, "longrepr"_n);
    if (!longrepr.is_valid() || is_str(longrepr)) return longrepr;
    object crash = try_get(longrepr, "reprcrash"_n);
    return crash.is_valid() ? try_get(crash, "message"_n) : object();
}

object py_get_line_with_reprcrash_message(Args a) {
    handle config = a[0], report = a[1], writer = a[2];
    object word = marked_word(writer, config, report, a[3]);
    object nodeid = call(facade("_pytest.terminal", "_get_node_id_with_markup"_n), writer, config, report);
    object line = strcat(word, " ", nodeid);
    object message = crash_message(report);
    if (!message.is_valid()) return line;
    object options = get(config, "option"_n);
    bool whole = truth(call(facade("_pytest.terminal", "running_on_ci"_n))) || to_int(get(options, "verbose"_n)) >= 2;
    if (whole && !truth(get(options, "force_short_summary"_n))) return strcat(line, " - ", message);
    object shown = trimmed(" - ", "", message, to_int(get(writer, "fullwidth"_n)) - display_width(line));
    return shown.is_valid() ? strcat(line, shown) : line;
}

object skip_key(handle startpath, handle report) {
    object longrepr = get(report, "longrepr"_n);
    if (!PyTuple_Check(longrepr.ptr()) || PyTuple_GET_SIZE(longrepr.ptr()) != 3)
        raise_exception(call(handle(PyExc_AssertionError), tuple_of(report, longrepr)));
    object path = call(system_path(), item(longrepr, integer(0)));
    path = call(lookup("_pytest.pathlib", "bestrelpath"_n), startpath, path);
    object line = item(longrepr, integer(1));
    // A `skip` mark on each function points to the same line: the decorator's.
    object keywords = get_or(report, "keywords"_n, new_dict());
    bool by_mark =
        equal(get(report, "when"_n), "setup"_n) && contains(keywords, "skip"_n) && !contains(keywords, "pytestmark"_n);
    return tuple_of(path, by_mark ? none() : line, item(longrepr, integer(2)));
}

object py_folded_skips(Args a) {
    object groups = new_dict();
    for (object report : each(a[1])) {
        object key = skip_key(a[0], report);
        object known = dict_get(groups, key);
        dict_set(groups, key, integer((known.is_valid() ? to_int(known) : 0) + 1));
    }
    object folded = new_list();
    for (object pair : each(call_method(groups, "items"_n))) {
        object count = item(pair, integer(1)), key = item(pair, integer(0));
        append(folded, check(PySequence_Concat(tuple_of(count).ptr(), key.ptr())));
    }
    return folded;
}

object py_plugin_nameversions(Args a) {
    object names = new_list();
    for (object pair : each(a[0])) {
        object distribution = item(pair, integer(1));
        std::string name = cat(get(distribution, "project_name"_n), "-", get(distribution, "version"_n));
        if (name.starts_with("pytest-")) name.erase(0, 7);
        object shown = str(name);
        if (!contains(names, shown)) append(names, shown);
    }
    return names;
}

object py_get_raw_skip_reason(Args a) { return raw_skip_reason(a[0]); }

object color_table() {
    object table = new_dict();
    for (auto [category, color] : {std::pair{"failed", "red"},
                                   {"error", "red"},
                                   {"warnings", "yellow"},
                                   {"passed", "green"},
                                   {"subtests passed", "green"},
                                   {"subtests failed", "red"}})
        dict_set(table, str(category), str(color));
    return table;
}

}  // namespace

std::string session_duration(double seconds) {
    std::string shown = fixed(seconds, 2) + "s";
    if (seconds < 60) return shown;
    long long whole = whole_seconds(seconds);
    std::string days;
    if (long long count = whole / 86400; count > 0) days = cat(count, count == 1 ? " day, " : " days, ");
    whole %= 86400;
    return cat(shown, " (", days, whole / 3600, ":", two_digits(whole / 60 % 60), ":", two_digits(whole % 60), ")");
}

std::string node_duration(double seconds) {
    for (const DurationUnit& unit : kUnits) {
        std::string shown = fixed(seconds * unit.scale, unit.digits);
        if (std::strtod(shown.c_str(), nullptr) < unit.limit) return cat(" ", shown, unit.name);
    }
    long long whole = whole_seconds(std::nearbyint(seconds));
    if (whole < 3600) return cat(" ", whole / 60, "m ", whole % 60, "s");
    return cat(" ", whole / 3600, "h ", whole % 3600 / 60, "m");
}

std::string counted(long long count, std::string_view noun) {
    return cat(count, " ", noun_for(count == 1, std::string(noun)));
}

py::object color_of(handle category) {
    object color = call_method(type_colors(), "get"_n, category);
    return is_none(color) ? facade("_pytest.terminal", "_color_for_type_default"_n) : color;
}

py::object marked_nodeid(handle writer, handle config, handle report) {
    object nodeid = call_method(config, "cwd_relative_nodeid"_n, get(report, "id"_n));
    object rest = get(nodeid, "rest"_n);
    if (is_none(rest)) return get(nodeid, "path"_n);
    object bold = call_method_kw(writer, "markup"_n, {rest}, {{"bold"_n, Py_True}});
    return strcat(get(nodeid, "path"_n), "::", bold);
}

py::object marked_word(handle writer, handle config, handle report, handle fallback) {
    object pair = to_tuple(call_method(report, "_get_verbose_word_with_markup"_n, config, fallback));
    return call_ex(get(writer, "markup"_n), tuple_of(item(pair, integer(0))), item(pair, integer(1)));
}

py::object trimmed(std::string_view before, std::string_view after, handle message, long long width) {
    object shown = cut_message(message, display_width(strcat(before, after)), width);
    return shown.is_valid() ? strcat(before, shown, after) : shown;
}

py::object raw_skip_reason(handle report) {
    object reason = try_get(report, "wasxfail"_n);
    if (reason.is_valid()) return call_method(reason, "removeprefix"_n, str("reason: "));
    object longrepr = get(report, "longrepr"_n);
    if (!truth(get(report, "skipped"_n)) || !PyTuple_Check(longrepr.ptr()))
        raise_exception(call(handle(PyExc_AssertionError)));
    reason = item(longrepr, integer(2));
    if (equal(reason, str("Skipped"))) return str("");
    return call_method(reason, "removeprefix"_n, str("Skipped: "));
}

FASTEST_MODULE(terminal_format, "_pytest.terminal") {
    m.attr("_color_for_type", color_table());
    m.attr("_color_for_type_default", str("yellow"));
    m.def("format_session_duration", "seconds", py_format_session_duration, "Seconds as the last line shows them.");
    m.def("format_node_duration", "seconds", py_format_node_duration, "Seconds as the progress shows them.");
    m.def("pluralize", "count, noun", py_pluralize);
    m.def("_get_node_id_with_markup", "tw, config, rep", py_get_node_id_with_markup);
    m.def("_format_trimmed", "format, msg, available_width", py_format_trimmed,
          "`format` with the first line of `msg`, cut to the width; None if even '...' has no room.");
    m.def("_get_line_with_reprcrash_message", "config, rep, tw, word_markup", py_get_line_with_reprcrash_message,
          "A line of the short summary, with what the failure says as far as there is room.");
    m.def("_folded_skips", "startpath, skipped", py_folded_skips);
    m.def("_plugin_nameversions", "plugininfo", py_plugin_nameversions);
    m.def("_get_raw_skip_reason", "report", py_get_raw_skip_reason, "The reason that the user gave.");
}

}  // namespace fastest::terminal
