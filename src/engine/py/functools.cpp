#include "engine/py/functools.h"

#include "engine/py/function.h"

namespace fastest::py {

namespace {

/// hits, misses, maxsize, currsize
object cache_info(Args a) { return call(lookup("functools", "_CacheInfo"_n), a[0], a[1], a[2], a[3]); }

object cache_parameters(Args a) {
    object parameters = new_dict();
    dict_set(parameters, "maxsize"_n, a.closure());
    dict_set(parameters, "typed"_n, Py_False);
    return parameters;
}

}  // namespace

void update_wrapper(handle wrapper, handle function) {
    if (version::kWrapperCopiesMore) {
        call(lookup("functools", "update_wrapper"_n), wrapper, function);
        return;
    }
    for (handle name : {"__module__"_n, "__name__"_n, "__qualname__"_n, "__doc__"_n, "__annotations__"_n})
        if (object value = try_get(function, name); value.is_valid()) set(wrapper, name, value);
    object attributes = get_or(function, "__dict__"_n, new_dict());
    if (length(attributes)) call_method(get(wrapper, "__dict__"_n), "update"_n, attributes);
    set(wrapper, "__wrapped__"_n, function);
}

object partial(handle function, std::initializer_list<Keyword> keywords) {
    return call_kw(lookup("_functools", "partial"_n), {function}, keywords);
}

object lru_cache(handle function, handle maxsize) {
    object info = make_function("_CacheInfo", "hits, misses, maxsize, currsize", cache_info);
    object wrapper = call(lookup("_functools", "_lru_cache_wrapper"_n), function, maxsize, handle(Py_False), info);
    set(wrapper, "cache_parameters"_n, make_function("cache_parameters", "", cache_parameters, maxsize));
    update_wrapper(wrapper, function);
    return wrapper;
}

}  // namespace fastest::py
