// How far two cores are from each other: the time of a cache line there and back, in nanoseconds. Cores that share a
// cache take some 50 to 80, those of different dies 300 and more, and then all that goes from one thread to the other is slow.
// A virtual machine's cores may be moved between the two while it runs.
#include <pthread.h>
#include <sched.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

static const int turns = 200000;

static void pin(int core) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(core, &set);
    pthread_setaffinity_np(pthread_self(), sizeof set, &set);
}

// distance [first second]: the numbers of the cores.
int main(int count, char **arguments) {
    int first = count > 2 ? std::atoi(arguments[1]) : 0, second = count > 2 ? std::atoi(arguments[2]) : 1;
    alignas(128) std::atomic<int> turn{0};
    pin(first);
    std::thread other([&] {
        pin(second);
        for (int i = 0; i < turns; i++) {
            while (turn.load(std::memory_order_acquire) != 1) {}
            turn.store(0, std::memory_order_release);
        }
    });
    auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < turns; i++) {
        turn.store(1, std::memory_order_release);
        while (turn.load(std::memory_order_acquire) != 0) {}
    }
    std::chrono::duration<double, std::nano> time = std::chrono::steady_clock::now() - begin;
    other.join();
    std::printf("%.0f\n", time.count() / turns);
}
