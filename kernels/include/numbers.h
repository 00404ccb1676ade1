// Number formats: docs/formats.md gives each to the bit.
#pragma once

DEVICE float float_of_bf16(u32 bits) { return float_of(bits << 16); }
DEVICE float low_bf16(u32 pair) { return float_of(pair << 16); }
DEVICE float high_bf16(u32 pair) { return float_of(pair & 0xffff0000u); }
DEVICE bf16_bits bf16_of(float value) { return (bf16_bits)pack_bf16(value, 0.0f); }
DEVICE float float_of_fp16(u32 bits) { return (float)__builtin_bit_cast(fp16_number, (u16)bits); }
DEVICE float low_fp16(u32 pair) { return float_of_fp16(pair & 0xffff); }
DEVICE float high_fp16(u32 pair) { return float_of_fp16(pair >> 16); }
DEVICE fp16_bits fp16_of(float value) { return __builtin_bit_cast(u16, (fp16_number)value); }
#ifndef HAS_PACKED_FP16_CONVERSION
DEVICE u32 pack_fp16(float low, float high) { return fp16_of(low) | ((u32)fp16_of(high) << 16); }
#endif

// E4M3: sign, 4 bits of exponent with bias 7, 3 of mantissa. Its fields moved to binary32's are the value times 2^-120,
// subnormals included; the product with 2^120 is exact.
DEVICE float float_of_e4m3(u32 code) {
    return float_of(((code & 0x80) << 24) | ((code & 0x7f) << 20)) * 0x1p120f;
}

constexpr float LOG2_E = 1.4426950408889634f;

// e^x.
DEVICE float exp_of(float x) { return exp2_of(x * LOG2_E); }

// tanh by way of e^-2|x|: no cancellation but near zero, where the series takes over.
DEVICE float tanh_of(float x) {
    float size = x < 0 ? -x : x;
    if (size < 0.05f) {
        float square = x * x;
        return x * (1.0f + square * (-0.33333333f + square * 0.13333333f));
    }
    float e = exp_of(-2.0f * size);
    float t = (1.0f - e) / (1.0f + e);
    return x < 0 ? -t : t;
}
