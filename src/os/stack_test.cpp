#include "os/stack.h"

#include <gtest/gtest.h>
#include <pthread.h>

namespace fastest::os {
namespace {

constexpr std::size_t kSize = 1 << 20;

/// How many bytes of the stack were used when it was low.
[[gnu::noinline]] std::size_t used_until_low(const char* begin) {
    volatile char frame[1024] = {};
    std::size_t used = begin - const_cast<const char*>(frame);
    if (stack_is_low() || used > kSize) return used;
    return used_until_low(begin) + frame[0];
}

void* go_down(void* result) {
    char here = 0;
    *static_cast<std::size_t*>(result) = used_until_low(&here);
    return nullptr;
}

TEST(Stack, IsNotLowInTheBeginning) { EXPECT_FALSE(stack_is_low()); }

TEST(Stack, IsLowBeforeItEnds) {
    pthread_attr_t attributes;
    ASSERT_EQ(pthread_attr_init(&attributes), 0);
    ASSERT_EQ(pthread_attr_setstacksize(&attributes, kSize), 0);
    pthread_t thread;
    std::size_t used = 0;
    ASSERT_EQ(pthread_create(&thread, &attributes, go_down, &used), 0);
    pthread_join(thread, nullptr);
    pthread_attr_destroy(&attributes);
    EXPECT_GT(used, kSize / 2);
    EXPECT_LT(used, kSize);
}

}  // namespace
}  // namespace fastest::os
