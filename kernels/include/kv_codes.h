// New keys and values as codes of the cache (docs/formats.md, "Keys and values") and their places in a page.
#pragma once
#include "pages.h"
#include "rows.h"

constexpr float INT8_LARGEST = 127;

// Elements whose codes are 16 bytes.
DEVICE constexpr int elements_in_16_bytes(int format) { return 16 / kv_bytes(format); }

// The FP16 scale of a head whose largest magnitude is given: the quotient by 127 rounded up.
DEVICE u32 int8_scale(float largest) {
    if (largest == 0) return 0x3c00;
    u32 code = fp16_up(divide_up(largest, INT8_LARGEST));
    return code < 0x7bff ? code : 0x7bff;
}

DEVICE u32 int8_code(float quotient) {
    quotient = quotient > INT8_LARGEST ? INT8_LARGEST : quotient < -INT8_LARGEST ? -INT8_LARGEST : quotient;
    return nearest_int(quotient) & 0xff;
}

// 16 bytes of codes.
template <int F>
DEVICE void encode(const float (&v)[elements_in_16_bytes(F)], float scale, u32 (&words)[4]) {
#pragma unroll
    for (int i = 0; i < 4; i++) {
        if (F == KV_FP16) words[i] = pack_fp16(v[2 * i], v[2 * i + 1]);
        if (F == KV_BF16) words[i] = pack_bf16(v[2 * i], v[2 * i + 1]);
        if (F == KV_FP8)
            words[i] = pack_e4m3(v[4 * i] / scale, v[4 * i + 1] / scale) |
                       (pack_e4m3(v[4 * i + 2] / scale, v[4 * i + 3] / scale) << 16);
        if (F == KV_INT8)
            words[i] = int8_code(v[4 * i] / scale) | (int8_code(v[4 * i + 1] / scale) << 8) |
                       (int8_code(v[4 * i + 2] / scale) << 16) | (int8_code(v[4 * i + 3] / scale) << 24);
    }
}

// Where a key or value goes.
struct NewVector {
    u8* part;         // of its head in its page
    int place;        // in the page
    int dimension;
    bool is_value;
    bool is_latent;
    float scale;      // of the layer, fp8 only
};

// Encodes a team's key or value, 16 bytes of codes a lane's. elements.load(i, v) gives those from i on, zeros behind the last.
template <int F, typename Elements>
DEVICE void append_vector(const NewVector& to, const Elements& elements) {
    constexpr int N = elements_in_16_bytes(F);
    PagePart part = page_part<F>(to.dimension, to.is_latent);
    float scale = to.scale;
    if (F == KV_INT8) {
        float largest = 0;
        for (int i = lane_index() * N; i < to.dimension; i += LANES * N) {
            float v[N];
            elements.load(i, v);
#pragma unroll
            for (int j = 0; j < N; j++) largest = larger(largest, v[j] < 0 ? -v[j] : v[j]);
        }
        u32 code = int8_scale(team_max(largest));
        scale = float_of_fp16(code);
        if (lane_index() == 0)
            ((fp16_bits*)(to.part + part.scales))[(to.is_value ? PAGE_TOKENS : 0) + to.place] = (fp16_bits)code;
    }
    for (int i = lane_index() * N; i < to.dimension; i += LANES * N) {
        float v[N];
        u32 words[4];
        elements.load(i, v);
        encode<F>(v, scale, words);
        if (!to.is_value) {
            store16(to.part + to.place * part.row_bytes + i * kv_bytes(F), {words[0], words[1], words[2], words[3]});
            continue;
        }
        u8* column = to.part + part.values + (i * PAGE_TOKENS + to.place) * kv_bytes(F);
#pragma unroll
        for (int j = 0; j < N; j++) {
            if (i + j >= to.dimension) continue;
            if (kv_bytes(F) == 2)
                *(u16*)(column + j * PAGE_TOKENS * 2) = (u16)(words[j / 2] >> (16 * (j % 2)));
            else
                column[j * PAGE_TOKENS] = (u8)(words[j / 4] >> (8 * (j % 4)));
        }
    }
}
