// Rows of bfloat16 in pieces of 8 elements: one load or store of 16 bytes where the piece is whole and starts on 16 bytes, element by
// element elsewhere. What lies behind a row's last element is neither used nor changed.
#pragma once
#include "gpu.h"

constexpr int PIECE = 8;

DEVICE int pieces_of(int elements) { return (elements + PIECE - 1) / PIECE; }

DEVICE bool on_16_bytes(const void* address) { return ((u64)address & 15) == 0; }

// The first `left` elements of a piece as bits, two in a word; zeros behind them.
DEVICE u32x4 load_bits(const bf16_bits* from, int left) {
    if (left >= PIECE && on_16_bytes(from)) return load_shared_by_blocks16(from);
    u32 words[4];
#pragma unroll
    for (int i = 0; i < 4; i++) {
        u32 low = 2 * i < left ? from[2 * i] : 0;
        u32 high = 2 * i + 1 < left ? from[2 * i + 1] : 0;
        words[i] = low | (high << 16);
    }
    return {words[0], words[1], words[2], words[3]};
}

DEVICE void store_bits(bf16_bits* to, int left, u32x4 v) {
    if (left >= PIECE && on_16_bytes(to)) {
        store16(to, v);
        return;
    }
    u32 words[4] = {v.x, v.y, v.z, v.w};
#pragma unroll
    for (int i = 0; i < PIECE; i++)
        if (i < left) to[i] = (bf16_bits)(words[i / 2] >> (16 * (i % 2)));
}

DEVICE void unpack_piece(u32x4 v, float (&values)[PIECE]) {
    u32 words[4] = {v.x, v.y, v.z, v.w};
#pragma unroll
    for (int i = 0; i < 4; i++) {
        values[2 * i] = low_bf16(words[i]);
        values[2 * i + 1] = high_bf16(words[i]);
    }
}

DEVICE u32x4 pack_piece(const float (&values)[PIECE]) {
    return {pack_bf16(values[0], values[1]), pack_bf16(values[2], values[3]), pack_bf16(values[4], values[5]),
            pack_bf16(values[6], values[7])};
}

DEVICE void load_piece(const bf16_bits* from, int left, float (&values)[PIECE]) { unpack_piece(load_bits(from, left), values); }
DEVICE void store_piece(bf16_bits* to, int left, const float (&values)[PIECE]) { store_bits(to, left, pack_piece(values)); }

// The same of FP32.
DEVICE void load_floats(const float* from, int left, float (&values)[PIECE]) {
    if (left >= PIECE && on_16_bytes(from)) {
        u32x4 a = load_shared_by_blocks16(from);
        u32x4 b = load_shared_by_blocks16(from + 4);
        u32 words[PIECE] = {a.x, a.y, a.z, a.w, b.x, b.y, b.z, b.w};
#pragma unroll
        for (int i = 0; i < PIECE; i++) values[i] = float_of(words[i]);
        return;
    }
#pragma unroll
    for (int i = 0; i < PIECE; i++) values[i] = i < left ? from[i] : 0.0f;
}
