// Functions that are compiled for several instruction sets, of which each call takes the newest that may be used
// (strata_limit_instructions). Not by target_clones, among whose versions the dynamic linker chooses, before a program
// could limit anything.
#pragma once

#include "include/CKernels.h"

// STRATA_MULTIVERSIONED(static void, name, (int a, int b), (a, b)) { ... } is a function without a result.
#if defined(__x86_64__) && defined(__linux__)
// The instructions of x86-64-v3 and v4. With arch=x86-64-v4 clang would make vectors of 256 bits only.
#define STRATA_V3 "avx2,bmi,bmi2,f16c,fma,lzcnt,movbe"
#define STRATA_V4 STRATA_V3 ",avx512f,avx512bw,avx512cd,avx512dq,avx512vl"

#define STRATA_VERSION(name, parameters, arguments, level, instructions)                                   \
    __attribute__((target(instructions))) static void name##_##level parameters { name##_body arguments; }
#define STRATA_MULTIVERSIONED(kind, name, parameters, arguments)                                           \
    static inline __attribute__((always_inline)) void name##_body parameters;                              \
    STRATA_VERSION(name, parameters, arguments, v3, STRATA_V3)                                             \
    STRATA_VERSION(name, parameters, arguments, v4, STRATA_V4)                                             \
    kind name parameters {                                                                                 \
        int level = strata_instruction_level();                                                            \
        if (level >= 4)                                                                                    \
            name##_v4 arguments;                                                                           \
        else if (level == 3)                                                                               \
            name##_v3 arguments;                                                                           \
        else                                                                                               \
            name##_body arguments;                                                                         \
    }                                                                                                      \
    static inline __attribute__((always_inline)) void name##_body parameters
#else
#define STRATA_MULTIVERSIONED(kind, name, parameters, arguments) kind name parameters
#endif

// The same with the parameters that strata_parallel has.
#define STRATA_MULTIVERSIONED_LOOP(name)                                                                   \
    STRATA_MULTIVERSIONED(                                                                                 \
        static void, name, (void *context, int64_t begin, int64_t end), (context, begin, end))
