// Weight matrices as kernels read them, and the decoding of their codes.
//
// Layout. A matrix has N rows (outputs) and K columns (inputs). 16 rows make a tile. A chunk is 16 bytes of one row: 8, 16 or 32
// columns for codes of 16, 8 or 4 bits; 4 chunks of each row of a tile make a block: 32, 64 or 128 columns. Blocks of a tile follow
// each other along K, tiles along N:
//
//     codes   [tile][block][half][row g of 8][chunk t of 4][16 bytes]          half 0: rows 0..7, half 1: rows 8..15 of the tile
//
// so lane 4g + t of a team reads chunk t of rows g and g + 8, a team reads 512 bytes in one piece with each load, and what a
// lane holds is a row's columns in order: the fragments of matrix_multiply, with the same freedom of order along K for the input,
// whose lane t reads the same columns. Only what exists is stored: the last tile may have fewer rows, the last block fewer
// chunks; a chunk that is not full is filled with codes of zero (int4: its zero point). Within a chunk codes of 8 and 4 bits are ordered for decoding (below).
//
// Scales of fp8 and int8: FP32, [row]. The others by groups of 4 blocks (512 columns), for lane 4g + t and rows g and g + 8:
//
//     int4    scales [tile][group][lane] {fp16 of row g, fp16 of row g + 8} of block t of the group; zero points [tile][group][lane] a
//             byte, row g in the low nibble
//     mxfp4   scales [tile][group][lane][block of 4] {E8M0 of row g, of row g + 8} for the lane's chunk
//     nvfp4   scales [tile][group][lane][block of 4] {2 x E4M3 of row g, 2 x of row g + 8} for the lane's chunk; FP32 [matrix]
//
// A last group of fewer blocks has as many entries a lane as it has blocks; rows that a last tile does not have are not read.
//
// Bytes: those of docs/formats.md, each once. Bounded by memory: a code is used once for each token.
#pragma once
#include "gpu.h"

enum WeightFormat { FP16, BF16, FP8, INT8, INT4, MXFP4, NVFP4 };

constexpr int TILE_ROWS = 16;
constexpr int HALF_ROWS = 8;
constexpr int CHUNK_BYTES = 16;
constexpr int BLOCK_CHUNKS = 4;
constexpr int GROUP_BLOCKS = 4;

DEVICE constexpr int chunk_columns(int format) { return format <= BF16 ? 8 : format <= INT8 ? 16 : 32; }
// Pairs of weights in a chunk; two pairs of each half are one matrix instruction's share of a lane.
DEVICE constexpr int chunk_pairs(int format) { return chunk_columns(format) / 2; }
// Whether decoded pairs are binary16; all others are exact in bfloat16.
DEVICE constexpr bool decodes_to_fp16(int format) { return format == FP16; }

// E2M1 in the fields of bfloat16 is the value times 2^-126. The scale brings back 2^(126 - 32), and the result's factor 2^32, so
// that neither leaves bfloat16's range for scales from 2^-93 to 2^33.
constexpr float FP4_RESULT_FACTOR = 0x1p32f;

// Matrices of one shape behind each other; one unless there is one for each expert or head.
struct Matrices {
    const u8* codes;
    const u8* scales;
    const u8* zero_points;
    const float* tensor_scales;  // [matrix], nvfp4 only
    u64 codes_bytes;             // from one matrix to the next
    u64 scales_bytes;
    u64 zero_points_bytes;
    int rows;
    int columns;
};

// The scales of a lane's chunks in one group of blocks.
struct GroupScales {
    u32x4 words;
    u32 zero_points;
};

template <int F>
DEVICE void load_scales(GroupScales& s, const u8* scales, const u8* zero_points, int tile, int group, int groups, int blocks,
                        int lane, bool has_row) {
    s.words = {0, 0, 0, 0};
    s.zero_points = 0;
    if (!has_row || F <= INT8) return;
    int here = smaller(GROUP_BLOCKS, blocks - group * GROUP_BLOCKS);
    if (F == INT4) {
        if ((lane & 3) < here) {
            u64 index = ((u64)tile * groups + group) * LANES + lane;
            s.words.x = load_stream4(scales + 4 * index);
            s.zero_points = load_stream1(zero_points + index);
        }
        return;
    }
    constexpr int bytes = F == MXFP4 ? 2 : 4;
    const u8* first = scales + bytes * (LANES * ((u64)tile * blocks + group * GROUP_BLOCKS) + (u64)lane * here);
    if (here == GROUP_BLOCKS) {
        if (F == MXFP4) {
            u32x2 v = load_stream8(first);
            s.words.x = v.x & 0xffff;
            s.words.y = v.x >> 16;
            s.words.z = v.y & 0xffff;
            s.words.w = v.y >> 16;
        } else {
            s.words = load_stream16(first);
        }
    } else {
        s.words.x = F == MXFP4 ? load_stream2(first) : load_stream4(first);
        if (here > 1) s.words.y = F == MXFP4 ? load_stream2(first + bytes) : load_stream4(first + bytes);
        if (here > 2) s.words.z = F == MXFP4 ? load_stream2(first + 2 * bytes) : load_stream4(first + 2 * bytes);
    }
}

DEVICE u32 word_of(const u32x4& v, int i) { return i == 0 ? v.x : i == 1 ? v.y : i == 2 ? v.z : v.w; }

// int4: the FP32 scale of a block for one of the lane's rows; lane t of the row's four has block t's.
DEVICE float int4_scale(const GroupScales& s, int block, int half, int lane) {
    u32 pair = shuffle(s.words.x, (lane & ~3) | block);
    return float_of_fp16(half ? pair >> 16 : pair & 0xffff);
}

DEVICE u32 twice(u32 low) { return low | (low << 16); }

// E2M1 of 8 columns in a word, two to a 16-bit half each: pair p has its sign at bits 15, 12, 9, 14 of the half and its three other
// bits at 8..6, 5..3, 2..0 and {13, 11, 10}, so that a shift and a mask move it into bfloat16's fields.
DEVICE void decode_fp4(u32 word, u32 scale, u32 (&pairs)[4]) {
    constexpr u32 FIELDS = 0x81c081c0;
    u32 last = ((word << 1) & 0x80008000) | ((word >> 5) & 0x01000100) | ((word >> 4) & 0x00c000c0);
    constexpr u32 MINUS_ZERO = 0x80008000;
    pairs[0] = fma_bf16x2(word & FIELDS, scale, MINUS_ZERO);
    pairs[1] = fma_bf16x2((word << 3) & FIELDS, scale, MINUS_ZERO);
    pairs[2] = fma_bf16x2((word << 6) & FIELDS, scale, MINUS_ZERO);
    pairs[3] = fma_bf16x2(last, scale, MINUS_ZERO);
}

// A chunk's weights as pairs, the lower column in the low half: binary16 for fp16, bfloat16 for the others. Without the scales
// of fp8, int8 and int4, which are applied to sums.
template <int F>
DEVICE void decode(const u32x4& chunk, const GroupScales& s, int block, int half, int lane, u32 (&pairs)[chunk_pairs(F)]) {
    if (F <= BF16) {
#pragma unroll
        for (int i = 0; i < 4; i++) pairs[i] = word_of(chunk, i);
        return;
    }
    if (F == FP8) {
        // Columns 0 and 1 of a word's four are bytes 1 and 3, columns 2 and 3 bytes 0 and 2.
        constexpr u32 TWO_120 = 0x7b807b80;
#pragma unroll
        for (int i = 0; i < 4; i++) {
            u32 odd = word_of(chunk, i);
            u32 even = odd << 8;
            pairs[2 * i] = fma_bf16x2((odd & 0x80008000) | ((odd >> 4) & 0x07f007f0), TWO_120, 0x80008000);
            pairs[2 * i + 1] = fma_bf16x2((even & 0x80008000) | ((even >> 4) & 0x07f007f0), TWO_120, 0x80008000);
        }
        return;
    }
    if (F == INT8) {
        // In the order of fp8. A code c is (c & 0x7f) - (c & 0x80); 0x4300 + b is the bfloat16 number 128 + b for b < 128, 256 for
        // b = 128.
#pragma unroll
        for (int i = 0; i < 4; i++) {
            u32 even = word_of(chunk, i);
            u32 odd = even >> 8;
            pairs[2 * i] = fma_bf16x2((odd & 0x007f007f) | 0x43004300, 0x3f803f80, (odd & 0x00800080) | 0xc300c300);
            pairs[2 * i + 1] = fma_bf16x2((even & 0x007f007f) | 0x43004300, 0x3f803f80, (even & 0x00800080) | 0xc300c300);
        }
        return;
    }
    if (F == INT4) {
        // Pair p of a word's eight columns is at bits 4p of each half. 0x4300 + q is the bfloat16 number 128 + q.
        u32 zero = shuffle(s.zero_points, (lane & ~3) | block);
        u32 minus = twice(0xc300 | (half ? zero >> 4 : zero & 15));
#pragma unroll
        for (int i = 0; i < 4; i++) {
            u32 word = word_of(chunk, i);
#pragma unroll
            for (int p = 0; p < 4; p++)
                pairs[4 * i + p] = fma_bf16x2(((word >> (4 * p)) & 0x000f000f) | 0x43004300, 0x3f803f80, minus);
        }
        return;
    }
    u32 word = word_of(s.words, block);
    u32 scale[2];
    if (F == MXFP4) {
        scale[0] = scale[1] = twice(((half ? word >> 8 : word & 0xff) + 94) << 7);
    } else {
#pragma unroll
        for (int i = 0; i < 2; i++)
            scale[i] = twice(bits_of(float_of_e4m3((word >> (16 * half + 8 * i)) & 0xff) * 0x1p94f) >> 16);
    }
#pragma unroll
    for (int i = 0; i < 4; i++) {
        u32 four[4];
        decode_fp4(word_of(chunk, i), scale[i / 2], four);
#pragma unroll
        for (int p = 0; p < 4; p++) pairs[4 * i + p] = four[p];
    }
}

// The factor of a row's sum.
template <int F>
DEVICE float row_factor(const Matrices& w, u64 matrix, int row) {
    if (F == FP8 || F == INT8) return *(const float*)(w.scales + matrix * w.scales_bytes + 4 * (u64)row);
    if (F == MXFP4) return FP4_RESULT_FACTOR;
    if (F == NVFP4) return w.tensor_scales[matrix] * FP4_RESULT_FACTOR;
    return 1.0f;
}

// Where a lane's chunk of a block lies; a last block has fewer chunks, a last tile fewer rows.
struct TileView {
    const u8* codes;  // of the tile
    int rows;
    int chunks;       // of a row
};

template <int F>
DEVICE TileView tile_view(const Matrices& w, u64 matrix, int tile) {
    TileView v;
    v.chunks = (w.columns + chunk_columns(F) - 1) / chunk_columns(F);
    v.rows = smaller(TILE_ROWS, w.rows - tile * TILE_ROWS);
    v.codes = w.codes + matrix * w.codes_bytes + (u64)tile * TILE_ROWS * v.chunks * CHUNK_BYTES;
    return v;
}

DEVICE u32x4 load_chunk(const TileView& v, int block, int half, int lane) {
    int here = smaller(BLOCK_CHUNKS, v.chunks - block * BLOCK_CHUNKS);
    int row = lane >> 2;
    bool exists = (lane & 3) < here && half * HALF_ROWS + row < v.rows;
    u64 before = (u64)block * BLOCK_CHUNKS * v.rows + half * HALF_ROWS * here + row * here + (lane & 3);
    return load_stream16_if(exists, v.codes + before * CHUNK_BYTES);
}
