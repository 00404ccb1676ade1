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
// chunks; a chunk that is not full is filled with codes of zero (int4: its zero point). A last chunk that is at most half full is a
// tail: its first 4 or 8 bytes alone, all rows' together behind the tile's whole chunks, [row of 16][tail], filled up to 16 bytes. Lanes
// read the 16 bytes that theirs lies in. Within a chunk codes of 8 and 4 bits are ordered for decoding (below).
//
// Scales of fp8 and int8: FP32, [row]. The others by groups of 4 blocks (512 columns), for lane 4g + t and rows g and g + 8:
//
//     int4    scales [tile][group][lane] {fp16 of row g, fp16 of row g + 8} of block t of the group; zero points [tile][group][lane] a
//             byte, row g in the low nibble
//     mxfp4   scales [tile][group][lane][block of 4] {E8M0 of row g, of row g + 8} for the lane's chunk
//     nvfp4   scales [tile][group][lane][block of 4] {2 x E4M3 of row g, 2 x of row g + 8} for the lane's chunk; FP32 [matrix]
//
// So of whole groups of whole tiles. A last group with fewer chunks and the groups of a last tile with fewer rows have for mxfp4 and
// nvfp4 [half][block][row of the half][chunk] entries of a row alone, each where there is such a chunk. Of int4 entries of blocks
// and rows that do not exist are not read. A matrix's codes and scales are filled up to 16 bytes.
//
// Bytes: those of docs/formats.md, each once. Bounded by memory: a code is used once for each token.
//
// Width of the loads of a team and a group: 8 of 512 bytes for codes, and for scales 128 + 32 bytes (int4), 256 (mxfp4) or 512 (nvfp4).
// Each is whole sectors in one piece. Entries of 16 bytes a lane for int4 and mxfp4 would take 4 or 2 groups together, and save 3 of
// 20 or 1 of 18 requests; an H200's multiprocessor brings 21 bytes a clock, so a request of 512 bytes has 25 clocks, and requests are
// not what bounds. It would cost more than it gives: groups of one load belong to one team, so K = 4096 would be work for 2 teams a tile
// instead of 8.
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

// Bytes of a last chunk that is a tail; 0 where there is none.
template <int F>
DEVICE int tail_bytes(int columns) {
    constexpr int word_columns = chunk_columns(F) / 4;
    int left = columns % chunk_columns(F);
    return left == 0 || left > 2 * word_columns ? 0 : left > word_columns ? 8 : 4;
}

// What a team reads of a tile: behind the last tile there are no rows.
struct TileView {
    const u8* codes;
    const u8* scales;       // of the tile; int4, mxfp4 and nvfp4
    const u8* zero_points;  // of the tile; int4
    int rows;
    int chunks;      // of a row
    int whole;       // of them without a tail
    int tail;        // its bytes
    int tail_block;  // the block that it belongs to; -1 where there is none
};

DEVICE constexpr int scale_bytes(int format) { return format == MXFP4 ? 1 : 2; }  // of a row's chunk, mxfp4 and nvfp4

template <int F>
DEVICE TileView tile_view(const Matrices& w, u64 matrix, int tile) {
    TileView v;
    v.chunks = (w.columns + chunk_columns(F) - 1) / chunk_columns(F);
    v.tail = tail_bytes<F>(w.columns);
    v.whole = v.chunks - (v.tail != 0);
    v.tail_block = v.tail ? v.whole / BLOCK_CHUNKS : -1;
    v.rows = smaller(TILE_ROWS, w.rows - tile * TILE_ROWS);
    v.codes = w.codes + matrix * w.codes_bytes + (u64)tile * TILE_ROWS * ((u64)v.whole * CHUNK_BYTES + v.tail);
    v.scales = w.scales + matrix * w.scales_bytes;
    v.zero_points = w.zero_points + matrix * w.zero_points_bytes;
    if (F == INT4) {
        constexpr int group_chunks = GROUP_BLOCKS * BLOCK_CHUNKS;
        u64 before = (u64)tile * ((v.chunks + group_chunks - 1) / group_chunks) * LANES;
        v.scales += 4 * before;
        v.zero_points += before;
    } else if (F > INT4) {
        v.scales += (u64)tile * TILE_ROWS * v.chunks * scale_bytes(F);
    }
    return v;
}

// The lane's chunk of a block; zeros where there is none. A tail comes with those of other rows: take_tail() finds it.
DEVICE u32x4 load_chunk(const TileView& v, int block, int half, int lane) {
    int chunk = block * BLOCK_CHUNKS + (lane & 3);
    int row = half * HALF_ROWS + (lane >> 2);
    int here = smaller(BLOCK_CHUNKS, v.whole - block * BLOCK_CHUNKS);
    u64 before = (u64)(block * BLOCK_CHUNKS * v.rows + row * here + (lane & 3)) * CHUNK_BYTES;
    if (chunk == v.whole) before = (u64)v.rows * v.whole * CHUNK_BYTES + (row * v.tail & ~(CHUNK_BYTES - 1));
    return load_stream16_if(chunk < v.chunks && row < v.rows, v.codes + before);
}

DEVICE u32 word_of(const u32x4& v, int i) { return i == 0 ? v.x : i == 1 ? v.y : i == 2 ? v.z : v.w; }

// The words of b where all bits of the mask are set, of a where none is: no branch, so that both stay in registers.
DEVICE u32 either(u32 mask, u32 a, u32 b) { return a ^ ((a ^ b) & mask); }

// A chunk out of the 16 bytes that it came in, of which a tail has 4 or 8.
DEVICE u32x4 take_tail(const TileView& v, u32x4 loaded, int block, int lane) {
    if (block != v.tail_block) return loaded;
    bool is_tail = (lane & 3) == v.whole % BLOCK_CHUNKS;
    bool is_half = v.tail == 8;
    u32 row = lane >> 2;
    u32 upper = 0 - ((is_half ? row : row >> 1) & 1);
    u32 odd = is_half ? 0 : 0 - (row & 1);
    u32 first = either(upper, loaded.x, loaded.z);
    u32 second = either(upper, loaded.y, loaded.w);
    u32 others = is_tail ? 0 : ~0u;
    return {either(others, either(odd, first, second), loaded.x), either(others, is_half ? second : 0, loaded.y), loaded.z & others,
            loaded.w & others};
}

// The scales of a lane's chunks in one group of blocks: a word for each block, for mxfp4 half a word; and int4's zero points, a byte for
// each.
struct GroupScales {
    u32x4 words;
    u32 zero_points;

    // Member by member: the compiler copies a struct with room to spare by way of memory.
    MEMBER void set(const GroupScales& s) {
        words.x = s.words.x;
        words.y = s.words.y;
        words.z = s.words.z;
        words.w = s.words.w;
        zero_points = s.zero_points;
    }
};

// Where mxfp4's and nvfp4's scales of a row's chunk lie, in entries from the tile's first.
DEVICE u64 fp4_scale_place(int tile_rows, int chunks, int row, int chunk) {
    constexpr int group_chunks = GROUP_BLOCKS * BLOCK_CHUNKS;
    int group = chunk / group_chunks;
    int here = smaller(group_chunks, chunks - group * group_chunks);
    int block = chunk % group_chunks / BLOCK_CHUNKS;
    int t = chunk % BLOCK_CHUNKS;
    int half = row / HALF_ROWS;
    u64 before = (u64)tile_rows * group * group_chunks;
    if (here == group_chunks && tile_rows == TILE_ROWS) {
        int lane = row % HALF_ROWS * BLOCK_CHUNKS + t;
        return before + (lane * GROUP_BLOCKS + block) * 2 + half;
    }
    int half_rows = half ? tile_rows - HALF_ROWS : smaller(HALF_ROWS, tile_rows);
    int block_chunks = smaller(BLOCK_CHUNKS, here - block * BLOCK_CHUNKS);
    return before + half * HALF_ROWS * here + half_rows * block * BLOCK_CHUNKS + row % HALF_ROWS * block_chunks + t;
}

// A lane's share of the whole groups of a whole tile, where nothing is missing, so that places follow from the group alone.
template <int F>
struct WholeGroups {
    static constexpr int CHUNK_STRIDE = CHUNK_BYTES * LANES;  // of a half of a block
    static constexpr int GROUP_BYTES = 2 * GROUP_BLOCKS * CHUNK_STRIDE;

    const u8* codes;
    const u8* scales;
    const u8* zero_points;

    MEMBER void load_chunk_when(bool now, int group, int block, int half, u32x4& chunk) const {
        load_stream16_when(now, codes + (u64)(u32)group * GROUP_BYTES + (2 * block + half) * CHUNK_STRIDE, chunk);
    }

    MEMBER void load_scales_when(bool now, int group, GroupScales& s) const {
        if (F == INT4) {
            // The four lanes of a row read the same 16 bytes.
            load_stream16_when(now, scales + (u64)(u32)group * (4 * LANES), s.words);
            load_stream4_when(now, zero_points + (u64)(u32)group * LANES, s.zero_points);
        } else if (F == MXFP4) {
            u32x2 pairs = {s.words.x, s.words.y};
            load_stream8_when(now, scales + (u64)(u32)group * (8 * LANES), pairs);
            s.words.x = pairs.x;
            s.words.y = pairs.y;
        } else if (F == NVFP4) {
            load_stream16_when(now, scales + (u64)(u32)group * (16 * LANES), s.words);
        }
    }
};

#ifdef HAS_BULK_PREFETCH
// A whole group of a whole tile, its scales too, on its way to the second-level cache; any one lane asks for it.
template <int F>
DEVICE void prefetch_group(const TileView& v, int group) {
    constexpr int scales_bytes = F == INT4 ? 4 * LANES : 2 * GROUP_BLOCKS * scale_bytes(F) * LANES;
    start_prefetch(v.codes + (u64)(u32)group * WholeGroups<F>::GROUP_BYTES, WholeGroups<F>::GROUP_BYTES);
    if (F >= INT4) start_prefetch(v.scales + (u64)(u32)group * scales_bytes, scales_bytes);
    if (F == INT4) start_prefetch(v.zero_points + (u64)(u32)group * LANES, LANES);
}
#endif

template <int F>
DEVICE WholeGroups<F> whole_groups(const TileView& v, int lane) {
    constexpr int scales_bytes = F == INT4 ? 4 : 2 * GROUP_BLOCKS * scale_bytes(F);
    int first = F == INT4 ? lane & ~3 : lane;
    return {v.codes + CHUNK_BYTES * lane, v.scales + scales_bytes * first, v.zero_points + first};
}

// Zeros behind the last group and where there is no row.
template <int F>
DEVICE void load_scales(GroupScales& s, const TileView& v, int group, int lane) {
    constexpr int group_chunks = GROUP_BLOCKS * BLOCK_CHUNKS;
    s.words = {0, 0, 0, 0};
    s.zero_points = 0;
    int row = lane >> 2;
    int here = smaller(group_chunks, v.chunks - group * group_chunks);
    if (F <= INT8 || row >= v.rows || here <= 0) return;
    u32 words[GROUP_BLOCKS] = {};
    if (F == INT4) {
#pragma unroll
        for (int b = 0; b < GROUP_BLOCKS; b++) {
            if (b * BLOCK_CHUNKS >= here) continue;
            u64 index = (u64)group * LANES + (lane & ~3) + b;
            words[b] = load_stream4(v.scales + 4 * index);
            s.zero_points |= load_stream1(v.zero_points + index) << (8 * b);
        }
        s.words = {words[0], words[1], words[2], words[3]};
        return;
    }
    constexpr int bytes = scale_bytes(F);
    if (here == group_chunks && v.rows == TILE_ROWS) {
        WholeGroups<F> whole = whole_groups<F>(v, lane);
        whole.load_scales_when(true, group, s);
        return;
    }
    const u8* first = v.scales + bytes * ((u64)group * group_chunks * v.rows);
#pragma nounroll
    for (int half = 0; half < 2; half++) {
        int half_rows = smaller(HALF_ROWS, v.rows - half * HALF_ROWS);
        if (row >= half_rows) break;
#pragma unroll
        for (int b = 0; b < GROUP_BLOCKS; b++) {
            int before = b * BLOCK_CHUNKS;
            if (before + (lane & 3) >= here) continue;
            int entry = half * HALF_ROWS * here + half_rows * before + row * smaller(BLOCK_CHUNKS, here - before) + (lane & 3);
            const u8* mine = first + bytes * entry;
            u32 entry_bits = F == MXFP4 ? load_stream1(mine) : load_stream2(mine);
            words[F == MXFP4 ? b / 2 : b] |= entry_bits << (F == MXFP4 ? 16 * (b % 2) + 8 * half : 16 * half);
        }
    }
    s.words = {words[0], words[1], words[2], words[3]};
}

// int4: the FP32 scale of a block for one of the lane's rows.
DEVICE float int4_scale(const GroupScales& s, int block, int half) {
    u32 pair = word_of(s.words, block);
    return float_of_fp16(half ? pair >> 16 : pair & 0xffff);
}

// Codes whose fields decoding takes out of a word with few operations. The lower column of a pair is in the low half of each word
// that a mask leaves, the other in the high half.
//
// No rotations of such a mask cover a word without gaps. So the last pair's fields are in no single place: crossing() brings them
// together from bits above and below, of which one each time belongs to another pair; whoever packs the word solves for the other
// (fill.cu, CrossingWords.cs).
DEVICE u32 crossing(u32 word) { return (word << 4) ^ (word >> 4); }
DEVICE u32 rotate_right(u32 word, int bits) { return (word >> bits) | (word << (32 - bits)); }

// E4M3, 4 columns in a word: sign at 15, the rest at 10..4, which is the value times 2^-120 in bfloat16.
constexpr u32 E4M3_FIELDS = 0x87f087f0;
// E2M1, 8 columns in a word: sign at 15, the rest at 8..6. Pair 0 lies there, pair 1 a rotation by 6 to the right away, which takes its
// signs from the other half's bit 5, pair 2 six bits below, pair 3 in the crossing.
constexpr u32 E2M1_FIELDS = 0x81c081c0;
DEVICE void e2m1_pairs(u32 word, u32 (&pairs)[4]) {
    pairs[0] = word & E2M1_FIELDS;
    pairs[1] = rotate_right(word, 6) & E2M1_FIELDS;
    pairs[2] = (word << 6) & E2M1_FIELDS;
    pairs[3] = crossing(word) & E2M1_FIELDS;
}

// What decoding takes of a lane's scales for one block, for rows g and g + 8 in the low and the high half: int4's zero points,
// negated and as decode() makes codes; mxfp4's scales; nvfp4's of both halves of a chunk.
struct BlockScales {
    u32 pairs[2];
};

template <int F>
DEVICE BlockScales block_scales(const GroupScales& s, int block) {
    constexpr u32 MINUS_ZERO = 0x80008000;
    BlockScales c = {{0, 0}};
    if (F == INT4) {
        u32 zeros = permute_bytes(s.zero_points, 0, 0x4040 + 0x0101 * block) & 0x00f0000f;
        constexpr u32 MINUS_2_127_AND_123 = 0xfd00ff00;
        c.pairs[0] = fma_bf16x2(zeros, MINUS_2_127_AND_123, MINUS_ZERO);
    } else if (F == MXFP4) {
        u32 scales = permute_bytes(word_of(s.words, block / 2), 0, 0x4140 + 0x0202 * (block % 2));
        c.pairs[0] = c.pairs[1] = (scales + 0x005e005e) << 7;
    } else if (F == NVFP4) {
        // E4M3 without sign in the fields of bfloat16.
        u32 word = word_of(s.words, block);
        constexpr u32 SIZES = 0x07f007f0, TWO_107 = 0x75007500;
#pragma unroll
        for (int i = 0; i < 2; i++) {
            u32 fields = (i == 0 ? word << 4 : word >> 4) & SIZES;
            c.pairs[i] = fma_bf16x2(fma_bf16x2(fields, TWO_107, MINUS_ZERO), TWO_107, MINUS_ZERO);
        }
    }
    return c;
}

// Pairs of weights that decode() makes at a time, 8 columns.
constexpr int STEP_PAIRS = 4;

// Whole numbers of 8 bits in the low bits of bfloat16 are themselves times 2^-133, subnormal or of the next exponent, whose steps are the
// same. 2^127 is the largest power that can be a factor; the rest is the result's.
constexpr u32 BF16_2_127 = 0x7f007f00, BF16_2_123 = 0x7d007d00;
constexpr float WHOLE_RESULT_FACTOR = 0x1p6f;

// Four pairs of a chunk's weights, the lower column in the low half: binary16 for fp16, bfloat16 for the others. Without the scales
// of fp8, int8 and int4, which are applied to sums, and for int8 and int4 times 2^-6.
template <int F>
DEVICE void decode(const u32x4& chunk, const BlockScales& c, int half, int step, u32 (&pairs)[STEP_PAIRS]) {
    constexpr u32 MINUS_ZERO = 0x80008000;
    if (F <= BF16) {
#pragma unroll
        for (int i = 0; i < 4; i++) pairs[i] = word_of(chunk, i);
        return;
    }
    if (F == FP8) {
        constexpr u32 TWO_120 = 0x7b807b80;
#pragma unroll
        for (int i = 0; i < 2; i++) {
            u32 word = word_of(chunk, 2 * step + i);
            pairs[2 * i] = fma_bf16x2(word & E4M3_FIELDS, TWO_120, MINUS_ZERO);
            pairs[2 * i + 1] = fma_bf16x2(crossing(word) & E4M3_FIELDS, TWO_120, MINUS_ZERO);
        }
        return;
    }
    if (F == INT8) {
        // Columns 0 and 1 of a word's four are bytes 1 and 3, columns 2 and 3 bytes 0 and 2. A code with its sign turned round is 128 more.
        constexpr u32 BYTES = 0x00ff00ff, SIGNS = 0x00800080, MINUS_128 = 0xc000c000;
#pragma unroll
        for (int i = 0; i < 2; i++) {
            u32 even = word_of(chunk, 2 * step + i);
            pairs[2 * i] = fma_bf16x2(masked_xor(even >> 8, BYTES, SIGNS), BF16_2_127, MINUS_128);
            pairs[2 * i + 1] = fma_bf16x2(masked_xor(even, BYTES, SIGNS), BF16_2_127, MINUS_128);
        }
        return;
    }
    u32 word = word_of(chunk, step);
    if (F == INT4) {
        // Pair p of a word's eight columns is at bits 4p of each half.
        u32 zero = same_halves(c.pairs[0], half);
#pragma unroll
        for (int i = 0; i < 2; i++) {
            u32 two = word >> (8 * i);
            pairs[2 * i] = fma_bf16x2(two & 0x000f000f, BF16_2_127, zero);
            pairs[2 * i + 1] = fma_bf16x2(two & 0x00f000f0, BF16_2_123, zero);
        }
        return;
    }
    u32 scale = same_halves(c.pairs[step / 2], half);
    e2m1_pairs(word, pairs);
#pragma unroll
    for (int i = 0; i < 4; i++) pairs[i] = fma_bf16x2(pairs[i], scale, MINUS_ZERO);
}

// The factor of a row's sum.
template <int F>
DEVICE float row_factor(const Matrices& w, u64 matrix, int row) {
    if (F == FP8 || F == INT8) {
        float scale = *(const float*)(w.scales + matrix * w.scales_bytes + 4 * (u64)row);
        return F == INT8 ? scale * WHOLE_RESULT_FACTOR : scale;
    }
    if (F == INT4) return WHOLE_RESULT_FACTOR;
    if (F == MXFP4) return FP4_RESULT_FACTOR;
    if (F == NVFP4) return w.tensor_scales[matrix] * FP4_RESULT_FACTOR;
    return 1.0f;
}
