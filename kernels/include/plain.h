// The plain C++ way of what not every GPU has as an instruction.
#pragma once

DEVICE int lane_index() { return thread_index() & (LANES - 1); }
DEVICE int team_index() { return thread_index() / LANES; }

DEVICE u32 bits_of(float value) { return __builtin_bit_cast(u32, value); }
DEVICE float float_of(u32 bits) { return __builtin_bit_cast(float, bits); }

DEVICE float shuffle(float value, int lane) { return float_of(shuffle(bits_of(value), lane)); }
DEVICE float shuffle_xor(float value, int mask) { return float_of(shuffle_xor(bits_of(value), mask)); }

// The sum over a team's lanes, in every lane.
DEVICE float team_sum(float value) {
    for (int mask = LANES / 2; mask > 0; mask /= 2) value += shuffle_xor(value, mask);
    return value;
}

// Of a power of two.
DEVICE int log2_of(int power) { return 31 - __builtin_clz((u32)power); }

DEVICE float larger(float a, float b) { return a > b ? a : b; }
DEVICE constexpr int smaller(int a, int b) { return a < b ? a : b; }

DEVICE float team_max(float value) {
    for (int mask = LANES / 2; mask > 0; mask /= 2) value = larger(value, shuffle_xor(value, mask));
    return value;
}

#ifndef HAS_CONDITIONAL_LOADS
DEVICE u32x4 load_stream16_if(bool exists, const void* address) {
    u32x4 none = {0, 0, 0, 0};
    return exists ? load_stream16(address) : none;
}
DEVICE void load_stream16_when(bool now, const void* address, u32x4& v) {
    if (now) v = load_stream16(address);
}
DEVICE void load_stream8_when(bool now, const void* address, u32x2& v) {
    if (now) v = load_stream8(address);
}
DEVICE void load_stream4_when(bool now, const void* address, u32& v) {
    if (now) v = load_stream4(address);
}
DEVICE u32x4 load_cached16_if(bool exists, const void* address) {
    u32x4 none = {0, 0, 0, 0};
    return exists ? load_cached16(address) : none;
}
#endif

#ifndef HAS_KEPT_ORDER
DEVICE void keep_order(float&) {}
#endif

#ifndef HAS_PACKED_CONVERSION
DEVICE u32 round_bf16(float value) {
    u32 bits = bits_of(value);
    if ((bits & 0x7fffffffu) > 0x7f800000u) return 0x7fff;
    return (bits + 0x7fffu + ((bits >> 16) & 1)) >> 16;
}
DEVICE u32 pack_bf16(float low, float high) { return round_bf16(low) | (round_bf16(high) << 16); }
#endif

#ifndef HAS_BYTE_PERMUTE
DEVICE u32 permute_bytes(u32 low, u32 high, u32 selector) {
    u64 bytes = ((u64)high << 32) | low;
    u32 d = 0;
    for (int i = 0; i < 4; i++) d |= (u32)((bytes >> (8 * ((selector >> (4 * i)) & 7))) & 0xff) << (8 * i);
    return d;
}
#endif

#ifndef HAS_BF16_ARITHMETIC
// Products and sums of bfloat16 that kernels form here are bfloat16 numbers: the upper halves of FP32's.
DEVICE u32 fma_bf16x2(u32 a, u32 b, u32 c) {
    float low = float_of(a << 16) * float_of(b << 16) + float_of(c << 16);
    float high = float_of(a & 0xffff0000u) * float_of(b & 0xffff0000u) + float_of(c & 0xffff0000u);
    return permute_bytes(bits_of(low), bits_of(high), 0x7632);
}
#endif

#ifndef HAS_MASKED_LOGIC
DEVICE u32 masked_or(u32 a, u32 mask, u32 bits) { return (a & mask) | bits; }
DEVICE u32 masked_xor(u32 a, u32 mask, u32 bits) { return (a & mask) ^ bits; }
#endif

#ifndef HAS_HALVES
DEVICE u32 same_halves(u32 pair, int half) { return half ? (pair >> 16) | (pair & 0xffff0000u) : (pair << 16) | (pair & 0xffff); }
#endif

#ifndef HAS_DIRECTED_ROUNDING
// For a >= 0 and b > 0. The sign of the remainder is exact.
DEVICE float divide_up(float a, float b) {
    float quotient = a / b;
    return __builtin_fmaf(quotient, b, -a) < 0 ? float_of(bits_of(quotient) + 1) : quotient;
}
// For x >= 0.
DEVICE u32 fp16_up(float x) {
    u32 code = __builtin_bit_cast(u16, (fp16_number)x);
    return (float)__builtin_bit_cast(fp16_number, (u16)code) < x ? code + 1 : code;
}
// For |x| below 2^22: the sum's last bit is worth 1.
DEVICE int nearest_int(float x) { return (int)(bits_of(x + 0x1.8p23f) - bits_of(0x1.8p23f)); }
#endif

#ifndef HAS_E4M3_CONVERSION
DEVICE u32 round_e4m3(float value) {
    u32 bits = bits_of(value);
    u32 sign = (bits >> 24) & 0x80;
    bits &= 0x7fffffffu;
    if (bits > 0x7f800000u) return 0x7f;
    if (bits > bits_of(448.0f)) return sign | 0x7e;
    // Below 2^-6 the last bit of a code is worth 2^-9, as that of 2^14 + x.
    if (bits < bits_of(0x1p-6f)) return sign | (bits_of(float_of(bits) + 0x1p14f) - bits_of(0x1p14f));
    return sign | (((bits + 0x7ffffu + ((bits >> 20) & 1)) >> 20) - (120 << 3));
}
DEVICE u32 pack_e4m3(float low, float high) { return round_e4m3(low) | (round_e4m3(high) << 8); }
#endif

#ifndef HAS_MATCH
DEVICE u32 lanes_with(u32 value) {
    u32 lanes = 0;
    for (int lane = 0; lane < LANES; lane++) lanes |= (u32)(shuffle(value, lane) == value) << lane;
    return lanes;
}
#endif
