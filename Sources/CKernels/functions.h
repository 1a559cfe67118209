// Elementary functions in a form that the compiler vectorizes.
#pragma once

#include "bits.h"

#include <math.h>

#pragma clang fp contract(fast)

// eˣ as 2ⁿ · e^r with |r| ≤ ln 2 / 2; the polynomial is the Taylor series to r⁷ (error below 1 ulp).
static inline float fast_exp(float x) {
    // In an order in which NaN becomes -104: it has no whole number.
    float high = x > -104.0f ? x : -104.0f, clamped = high < 89.0f ? high : 89.0f;
    float n = rintf(clamped * 1.44269504088896341f);
    float r = fmaf(n, -0.693145751953125f, clamped);
    r = fmaf(n, -1.42860682030941723e-6f, r);
    float p = 1.0f / 5040.0f;
    p = fmaf(p, r, 1.0f / 720.0f);
    p = fmaf(p, r, 1.0f / 120.0f);
    p = fmaf(p, r, 1.0f / 24.0f);
    p = fmaf(p, r, 1.0f / 6.0f);
    p = fmaf(p, r, 0.5f);
    p = fmaf(p, r, 1.0f);
    p = fmaf(p, r, 1.0f);
    // 2ⁿ in two factors, so that neither is subnormal or overflows.
    int whole = (int)n, half = whole >> 1;
    float y = p * bits_to_float((uint32_t)(half + 127) << 23)
        * bits_to_float((uint32_t)(whole - half + 127) << 23);
    return x != x ? x : y;
}

// log x = n · ln 2 + log m with m in [√½, √2); log m by 2 · atanh((m − 1) / (m + 1)).
static inline float fast_log(float x) {
    float scaled = x < 1.17549435e-38f ? x * 8388608.0f : x;
    float shift = x < 1.17549435e-38f ? -23.0f : 0.0f;
    uint32_t bits = float_to_bits(scaled) + 0x3f800000u - 0x3f3504f3u;
    float n = (float)((int)(bits >> 23) - 127) + shift;
    float m = bits_to_float((bits & 0x007fffffu) + 0x3f3504f3u);
    float s = (m - 1.0f) / (m + 1.0f), z = s * s;
    float p = 1.0f / 11.0f;
    p = fmaf(p, z, 1.0f / 9.0f);
    p = fmaf(p, z, 1.0f / 7.0f);
    p = fmaf(p, z, 1.0f / 5.0f);
    p = fmaf(p, z, 1.0f / 3.0f);
    float tail = fmaf(2.0f * s * z, p, n * 1.42860682030941723e-6f);
    float y = fmaf(n, 0.693145751953125f, 2.0f * s + tail);
    y = x == 0.0f ? -INFINITY : y;
    y = x < 0.0f || x != x ? NAN : y;
    return x == INFINITY ? x : y;
}

// A rational approximation with a relative error of 2e-8 up to 9, beyond which tanh rounds to 1; with the roundings
// 3e-7 (tanh by eˣ is more accurate, and takes three times as long).
static inline float fast_tanh(float x) {
    float c = x > 9.0f ? 9.0f : (x < -9.0f ? -9.0f : x), z = c * c;
    float p = 1.335424932e-8f;
    p = fmaf(p, z, 2.060885294e-5f);
    p = fmaf(p, z, 3.495577850e-3f);
    p = fmaf(p, z, 1.338101840e-1f);
    p = fmaf(p, z, 1.0f);
    float q = 7.776408563e-7f;
    q = fmaf(q, z, 3.285615289e-4f);
    q = fmaf(q, z, 2.587694742e-2f);
    q = fmaf(q, z, 4.671433404e-1f);
    q = fmaf(q, z, 1.0f);
    float y = c * p / q;
    y = x > 9.0f || y > 1.0f ? 1.0f : y;
    return x < -9.0f || y < -1.0f ? -1.0f : y;
}

static inline float fast_sigmoid(float x) { return 1.0f / (1.0f + fast_exp(-x)); }
