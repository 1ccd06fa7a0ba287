// Projects that bring a fixture, or a module of another name.

#include <utility>

#include "engine/extras/hints.h"

namespace fastest::extras {
namespace {

using Entry = std::pair<std::string_view, std::string_view>;

// clang-format off
constexpr Entry kFixtures[] = {
    {"mocker", "pytest-mock"}, {"class_mocker", "pytest-mock"}, {"module_mocker", "pytest-mock"},
    {"package_mocker", "pytest-mock"}, {"session_mocker", "pytest-mock"},
    {"db", "pytest-django"}, {"transactional_db", "pytest-django"}, {"client", "pytest-django or pytest-flask"},
    {"admin_client", "pytest-django"}, {"admin_user", "pytest-django"}, {"async_client", "pytest-django"},
    {"rf", "pytest-django"}, {"settings", "pytest-django"}, {"mailoutbox", "pytest-django"}, {"live_server", "pytest-django"},
    {"benchmark", "pytest-benchmark"}, {"httpx_mock", "pytest-httpx"}, {"requests_mock", "requests-mock"},
    {"respx_mock", "respx"}, {"snapshot", "syrupy"}, {"faker", "faker"}, {"freezer", "pytest-freezer"},
    {"time_machine", "time-machine"}, {"event_loop", "pytest-asyncio (before 1.0)"}, {"event_loop_policy", "pytest-asyncio"},
    {"unused_tcp_port", "pytest-asyncio"}, {"anyio_backend", "anyio"}, {"nursery", "pytest-trio"},
    {"aiohttp_client", "pytest-aiohttp"}, {"aiohttp_server", "pytest-aiohttp"},
    {"page", "pytest-playwright"}, {"browser", "pytest-playwright"}, {"selenium", "pytest-selenium"},
    {"httpserver", "pytest-httpserver"}, {"qtbot", "pytest-qt"}, {"cov", "pytest-cov"},
    {"worker_id", "pytest-xdist"}, {"testrun_uid", "pytest-xdist"}, {"datadir", "pytest-datadir"},
    {"shared_datadir", "pytest-datadir"}, {"data_regression", "pytest-regressions"}, {"file_regression", "pytest-regressions"},
    {"num_regression", "pytest-regressions"}, {"postgresql", "pytest-postgresql"}, {"redisdb", "pytest-redis"}, {"fs", "pyfakefs"},
    {"subprocess", "pytest-subprocess"}, {"fp", "pytest-subprocess"}, {"vcr", "pytest-recording or pytest-vcr"},
    {"celery_app", "celery"}, {"celery_worker", "celery"},
    {"socket_disabled", "pytest-socket"}, {"socket_enabled", "pytest-socket"}, {"docker_services", "pytest-docker"},
    {"console_scripts", "pytest-console-scripts"}, {"script_runner", "pytest-console-scripts"}, {"check", "pytest-check"},
};
constexpr Entry kModules[] = {
    {"yaml", "PyYAML"}, {"PIL", "Pillow"}, {"cv2", "opencv-python"}, {"sklearn", "scikit-learn"}, {"bs4", "beautifulsoup4"},
    {"dotenv", "python-dotenv"}, {"dateutil", "python-dateutil"}, {"attr", "attrs"}, {"jwt", "PyJWT"}, {"serial", "pyserial"},
    {"skimage", "scikit-image"}, {"Crypto", "pycryptodome"}, {"OpenSSL", "pyOpenSSL"}, {"psycopg2", "psycopg2-binary"},
    {"MySQLdb", "mysqlclient"}, {"magic", "python-magic"}, {"docx", "python-docx"}, {"git", "GitPython"}, {"github", "PyGithub"},
    {"jose", "python-jose"}, {"slugify", "python-slugify"}, {"multipart", "python-multipart"}, {"google.protobuf", "protobuf"},
    {"usb", "pyusb"}, {"zmq", "pyzmq"}, {"ldap", "python-ldap"}, {"Levenshtein", "python-Levenshtein"}, {"nacl", "PyNaCl"},
    {"pkg_resources", "setuptools"}, {"win32api", "pywin32"}, {"rest_framework", "djangorestframework"},
    {"pytest_mock", "pytest-mock"}, {"pytest_asyncio", "pytest-asyncio"}, {"xdist", "pytest-xdist"}, {"pytest_cov", "pytest-cov"},
    {"freezegun", "freezegun"}, {"factory", "factory-boy"}, {"faker", "Faker"},
};
// clang-format on

template <std::size_t N>
std::string_view find(const Entry (&table)[N], std::string_view name) {
    for (const auto& [key, value] : table)
        if (key == name) return value;
    return {};
}

}  // namespace

std::string plugin_with_fixture(std::string_view name) {
    if (name == "pytester" || name == "testdir") return "the plugin pytester: run with -p pytester";
    std::string_view project = find(kFixtures, name);
    if (project.empty() && name.starts_with("django_")) project = "pytest-django";
    return project.empty() ? std::string() : cat(project, ": is it installed?");
}

std::string project_with_module(std::string_view name) { return std::string(find(kModules, name)); }

}  // namespace fastest::extras
