#pragma once
// File descriptors. Functions give a negative errno when the system refuses, unless they say otherwise.

#include <string>
#include <string_view>

namespace fastest::os {

bool is_open(int fd);
bool is_terminal(int fd);
/// Which file a descriptor refers to, and how long that is. All zero for a closed one.
struct OpenFile {
    unsigned long long device = 0, number = 0;
    long long size = 0;

    bool same_file(const OpenFile& other) const { return device == other.device && number == other.number; }
};
OpenFile open_file(int fd);
/// Goes to the end of an open file and says how far that is, in bytes; a negated errno when it cannot.
long long seek_to_end(int fd);
/// A new descriptor of the same open file, not inherited by child processes.
int duplicate(int fd);
/// Makes `to` refer to the open file of `from`, inherited by child processes.
int duplicate_to(int from, int to);
/// `/dev/null` for reading and writing, not inherited.
int open_null();
/// An empty file without a name, for reading and writing, not inherited.
int unnamed_file();
enum class Contents { kKept, kDropped };
/// Makes `fd` refer to an unnamed file that no other descriptor or process has, not inherited, with a copy of the contents and offset
/// of the file that it referred to, or empty. 0, or a negative errno.
int replace_by_own(int fd, Contents contents);
int close(int fd);
/// Reads an open file from its start, then empties it and goes back to the start. The offset is the open file's, shared
/// with every descriptor and process that has it. 0, or a negative errno.
int take_all(int fd, std::string& bytes);
/// Writes everything; 0, or a negative errno.
int write_all(int fd, std::string_view bytes);

}  // namespace fastest::os
