#include "include/CKernels.h"

#if defined(__aarch64__) && defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

int strata_has_bfloat16(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512bf16") != 0;
#elif defined(__aarch64__) && defined(__linux__)
    return (getauxval(AT_HWCAP2) & HWCAP2_BF16) != 0;
#else
    return 0;
#endif
}

static int level_of_processor(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("x86-64-v4")) return 4;
    if (__builtin_cpu_supports("x86-64-v3")) return 3;
#endif
    return 1;
}

// 0 until it is asked for or limited.
static int level = 0;

int strata_instruction_level(void) {
    int known = __atomic_load_n(&level, __ATOMIC_RELAXED);
    if (known > 0) return known;
    int found = level_of_processor();
    // Another thread may have limited it meanwhile.
    return __atomic_compare_exchange_n(&level, &known, found, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED) ? found : known;
}

void strata_limit_instructions(int most) {
    int found = level_of_processor();
    __atomic_store_n(&level, most < found ? most : found, __ATOMIC_RELAXED);
}
