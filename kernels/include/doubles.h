// Double precision, where two values that nearly tie must not change places.
#pragma once
#include "gpu.h"

DEVICE double double_of(u64 bits) { return __builtin_bit_cast(double, bits); }
DEVICE u64 bits_of(double value) { return __builtin_bit_cast(u64, value); }

DEVICE double shuffle_xor(double value, int mask) {
    u64 bits = bits_of(value);
    u32 low = shuffle_xor((u32)bits, mask);
    u32 high = shuffle_xor((u32)(bits >> 32), mask);
    return double_of(((u64)high << 32) | low);
}

// 2^exponent, from -1022 to 1023.
DEVICE double power_of_two(int exponent) { return double_of((u64)(exponent + 1023) << 52); }

// e^x, within 0.6 of a last place: x = k ln 2 + r + r_low with |r| below 0.35, the series of e^r - 1 to its 14th term, and one
// rounding at the end.
DEVICE double exp_of(double x) {
    constexpr double LOG2_E_DOUBLE = 0x1.71547652b82fep+0;
    constexpr double LN2_HIGH = 0x1.62e42fefap-1;  // k LN2_HIGH is exact
    constexpr double LN2_LOW = 0x1.cf79abc9e3b3ap-40;
    constexpr double TO_INTEGER = 0x1.8p52;
    if (!(x < 709.8)) return x != x ? x : double_of(0x7ff0000000000000u);
    if (x < -745.2) return 0;
    double k = (x * LOG2_E_DOUBLE + TO_INTEGER) - TO_INTEGER;
    double high = x - k * LN2_HIGH;
    double low = k * LN2_LOW;
    double r = high - low;
    double r_low = (high - r) - low;
    double series = 1.0 / 87178291200.0;
    series = series * r + 1.0 / 6227020800.0;
    series = series * r + 1.0 / 479001600.0;
    series = series * r + 1.0 / 39916800.0;
    series = series * r + 1.0 / 3628800.0;
    series = series * r + 1.0 / 362880.0;
    series = series * r + 1.0 / 40320.0;
    series = series * r + 1.0 / 5040.0;
    series = series * r + 1.0 / 720.0;
    series = series * r + 1.0 / 120.0;
    series = series * r + 1.0 / 24.0;
    series = series * r + 1.0 / 6.0;
    series = series * r + 0.5;
    double rest = r * r * series + (r_low + r_low * r);
    double sum = 1.0 + r;
    double lost = (1.0 - sum) + r;
    double result = sum + (lost + rest);
    // In two steps, so that only the second can leave the normal numbers.
    int exponent = (int)k;
    int first = exponent < -1000 ? -1000 : exponent > 1000 ? 1000 : exponent;
    return result * power_of_two(first) * power_of_two(exponent - first);
}
