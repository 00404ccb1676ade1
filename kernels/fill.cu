// Synthetic weights, keys and values made where they are read, bit for bit as SyntheticMatrix and SyntheticKv make them on the host.
//
// A code is table[some bits of Mix(seed + 4 group Increment)]: four codes of 16 or 8 bits from 12 bits of each 16, or eight of 4 bits from
// 8 bits each. A row's seed is Derive(matrix seed, row), a head's Derive(Derive(layer seed, sequence and token), head and kind). The seed
// of a tensor's first matrix is the tensor's, that of matrix i Derive(it, 0x4D6174 + i).
//
// generate_codes_*   the codes of a tensor's matrices as include/weights.h orders them, a thread a chunk
// generate_scales_*  their scales (and int4's zero points)
// generate_kv_*      the pages of each sequence's tokens but its last, as include/pages.h orders them, and zeros behind each key's end
// Bytes: what is written, once. Bounded by the looks into the table, which is in shared memory.
#include "include/doubles.h"
#include "include/mix.h"
#include "include/pages.h"
#include "include/weights.h"

// From 0 to below 1.
DEVICE double unit(u64 counter) { return (double)(mix(counter) >> 11) * 0x1p-53; }
DEVICE u64 matrix_seed(u64 seed, int matrix) { return matrix == 0 ? seed : derive(seed, 0x4D6174u + (u64)matrix); }
DEVICE u64 group_bits(u64 seed, int group) { return mix(seed + 4 * (u64)group * INCREMENT); }

constexpr int FILL_THREADS = 256;
constexpr int TABLE_LENGTH = 4096;
constexpr int TABLE_LENGTH_4 = 256;

DEVICE void load_table(u8* shared, const u8* table, int bytes) {
    for (int i = thread_index() * 16; i < bytes; i += threads_in_block() * 16)
        *(u32x4*)(shared + i) = load_shared_by_blocks16(table + i);
    barrier();
}

struct GenerateCodesArgs {
    u64 seed;          // of the tensor
    const u8* table;   // 4096 codes of 16 bits, 4096 of 8, or 256 bytes with codes of 4
    u8* target;
    u64 matrix_bytes;  // from one matrix to the next
    int rows;
    int columns;
};

// A chunk by its place in memory: of each tile the whole chunks, then the tails.
struct ChunkPlace {
    int row;
    int column;
    u64 offset;
    int bytes;
};

template <int F>
DEVICE ChunkPlace chunk_place(u64 index, int rows, int columns) {
    int chunks = (columns + chunk_columns(F) - 1) / chunk_columns(F);
    int tail = tail_bytes<F>(columns);
    int whole = chunks - (tail != 0);
    u64 in_tile = TILE_ROWS * (u64)chunks;
    int tile = (int)(index / in_tile);
    int place = (int)(index - tile * in_tile);
    int first_row = tile * TILE_ROWS;
    int tile_rows = smaller(TILE_ROWS, rows - first_row);
    u64 before = (u64)first_row * ((u64)whole * CHUNK_BYTES + tail);
    int row = place - tile_rows * whole;
    if (row >= 0)
        return {first_row + row, whole * chunk_columns(F), before + (u64)tile_rows * whole * CHUNK_BYTES + row * tail, tail};
    int block = place / (BLOCK_CHUNKS * tile_rows);
    int in_block = place - block * BLOCK_CHUNKS * tile_rows;
    int here = smaller(BLOCK_CHUNKS, whole - block * BLOCK_CHUNKS);
    row = in_block / here;  // halves follow each other as their rows do
    int chunk = block * BLOCK_CHUNKS + in_block - row * here;
    return {first_row + row, chunk * chunk_columns(F), before + (u64)place * CHUNK_BYTES, CHUNK_BYTES};
}

enum CodeOrder { ORDER_16, ORDER_INT8, ORDER_FP8, ORDER_INT4, ORDER_FP4 };

// A format of an order.
DEVICE constexpr int format_of(int order) {
    return order == ORDER_16 ? BF16 : order == ORDER_INT8 ? INT8 : order == ORDER_FP8 ? FP8 : order == ORDER_INT4 ? INT4 : MXFP4;
}
DEVICE constexpr int order_columns(int order) { return chunk_columns(format_of(order)); }

// Where the code of a word's column has its lowest bit.
DEVICE constexpr int int8_shift(int column) { return column == 0 ? 8 : column == 1 ? 24 : column == 2 ? 0 : 16; }
DEVICE constexpr int int4_shift(int column) { return 4 * (column / 2) + 16 * (column % 2); }

// A code in the fields of bfloat16, of a column whose place in its pair is `half`.
DEVICE constexpr u32 e4m3_fields(u32 code, int half) { return (((code & 0x80) << 8) | ((code & 0x7f) << 4)) << (16 * half); }
DEVICE constexpr u32 e2m1_fields(u32 code, int half) { return (((code & 8) << 12) | ((code & 7) << 6)) << (16 * half); }

// The word with the bits given whose crossing (include/weights.h) has these fields. A bit of the crossing is one of the word four
// below and one four above: where one is given the other follows, and of the four at 31, 23, 15 and 7 each from the one before.
// `above`, `below`: those of the others that are made four above or below.
DEVICE u32 with_crossing(u32 given, u32 fields, u32 mask, u32 above, u32 below) {
    u32 missing = fields ^ (crossing(given) & mask);
    u32 chain = missing & 0x80808080;
    chain ^= chain >> 8;
    chain ^= chain >> 16;
    return given | (chain >> 4) | ((missing & above) << 4) | ((missing & below) >> 4);
}
DEVICE u32 e4m3_word(const u32 (&pairs)[2]) { return with_crossing(pairs[0], pairs[1], E4M3_FIELDS, 0x07000700, 0x00700070); }
DEVICE u32 e2m1_word(const u32 (&pairs)[4]) {
    u32 given = pairs[0] | rotate_right(pairs[1], 26) | (pairs[2] >> 6);
    return with_crossing(given, pairs[3], E2M1_FIELDS, 0x00400040, 0x01000100);
}

// The zero point of a row's group of 128 columns.
DEVICE u32 zero_point(u64 seed, int row, int index) {
    u64 bits = mix(derive(derive(seed, row), 2) + (u64)(index / 2) * INCREMENT);
    return 6 + (u32)(index % 2 ? (bits >> 2) & 3 : bits & 3);
}

// Columns that do not exist get the code of zero: 0, but for int4 the group's zero point.
template <int ORDER>
DEVICE u32x4 generated_chunk(const u8* table, u64 seed, int column, int columns, u32 none) {
    u32 words[4];
#pragma unroll
    for (int i = 0; i < 4; i++) {
        words[i] = 0;
        constexpr int in_word = order_columns(ORDER) / 4;
        int first = column + i * in_word;
        int left = columns - first;
        u64 bits = group_bits(seed, first / (ORDER >= ORDER_INT4 ? 8 : 4));
        u32 pairs[4] = {};
#pragma unroll
        for (int j = 0; j < in_word; j++) {
            u32 code = none;
            if (ORDER == ORDER_16) {
                // Two words share a group of four codes.
                if (j < left) code = ((const u16*)table)[(bits >> (16 * (j + 2 * (i % 2)))) & (TABLE_LENGTH - 1)];
                words[i] |= code << (16 * j);
            } else if (ORDER == ORDER_INT8 || ORDER == ORDER_FP8) {
                if (j < left) code = table[(bits >> (16 * j)) & (TABLE_LENGTH - 1)];
                if (ORDER == ORDER_INT8) words[i] |= code << int8_shift(j);
                if (ORDER == ORDER_FP8) pairs[j / 2] |= e4m3_fields(code, j % 2);
            } else {
                if (j < left) code = table[(bits >> (8 * j)) & (TABLE_LENGTH_4 - 1)];
                if (ORDER == ORDER_INT4) words[i] |= code << int4_shift(j);
                if (ORDER == ORDER_FP4) pairs[j / 2] |= e2m1_fields(code, j % 2);
            }
        }
        if (ORDER == ORDER_FP8) words[i] = e4m3_word({pairs[0], pairs[1]});
        if (ORDER == ORDER_FP4) words[i] = e2m1_word(pairs);
    }
    return {words[0], words[1], words[2], words[3]};
}

// Blocks: any number, matrices.
template <int ORDER>
DEVICE void generate_codes(const GenerateCodesArgs& a) {
    constexpr int bytes = ORDER == ORDER_16 ? 2 * TABLE_LENGTH : ORDER < ORDER_INT4 ? TABLE_LENGTH : TABLE_LENGTH_4;
    alignas(16) SHARED static u8 table[bytes];
    wait_for_earlier_kernels();
    load_table(table, a.table, bytes);
    int chunks = (a.columns + order_columns(ORDER) - 1) / order_columns(ORDER);
    u64 all = (u64)a.rows * chunks;
    u64 step = (u64)blocks_x() * threads_in_block();
    u64 seed = matrix_seed(a.seed, block_y());
    u8* target = a.target + block_y() * a.matrix_bytes;
    for (u64 i = (u64)block_x() * threads_in_block() + thread_index(); i < all; i += step) {
        ChunkPlace p = chunk_place<format_of(ORDER)>(i, a.rows, a.columns);
        u32 none = 0;
        if (ORDER == ORDER_INT4 && p.column + order_columns(ORDER) > a.columns) none = zero_point(seed, p.row, p.column / 128);
        u32x4 chunk = generated_chunk<ORDER>(table, derive(seed, p.row), p.column, a.columns, none);
        if (p.bytes == CHUNK_BYTES) {
            store16(target + p.offset, chunk);
            continue;
        }
        *(u32*)(target + p.offset) = chunk.x;
        if (p.bytes == 8) *(u32*)(target + p.offset + 4) = chunk.y;
        // The matrix's last tail, and what fills up to 16 bytes.
        if (p.row == a.rows - 1)
            for (u64 end = p.offset + p.bytes; end % CHUNK_BYTES != 0; end += 4) *(u32*)(target + end) = 0;
    }
}

#define GENERATE_CODES(name, order) \
    KERNEL MAX_THREADS(FILL_THREADS) void generate_codes_##name(const GenerateCodesArgs a) { generate_codes<order>(a); }

GENERATE_CODES(16, ORDER_16)
GENERATE_CODES(int8, ORDER_INT8)
GENERATE_CODES(fp8, ORDER_FP8)
GENERATE_CODES(int4, ORDER_INT4)
GENERATE_CODES(fp4, ORDER_FP4)

struct GenerateScalesArgs {
    u64 seed;             // of the tensor
    double factor;        // what the jitter multiplies; mxfp4: the exponent that it is added to, a whole number; nvfp4: not read
    u8* scales;
    u8* zero_points;      // int4 only
    u64 scales_bytes;     // from one matrix to the next
    u64 zero_points_bytes;
    int rows;
    int columns;
};

// From 0.75 to below 1.25.
DEVICE double jitter(u64 seed, int row, int index) {
    return 0.75 + 0.5 * unit(derive(derive(seed, row), 1) + (u64)index * INCREMENT);
}

// Blocks of all of them: as many as there are threads for, matrices.

// A thread a row: fp8 and int8.
KERNEL MAX_THREADS(FILL_THREADS) void generate_scales_row(const GenerateScalesArgs a) {
    wait_for_earlier_kernels();
    int row = block_x() * threads_in_block() + thread_index();
    float* scales = (float*)(a.scales + block_y() * a.scales_bytes);
    if (row < a.rows) scales[row] = (float)(a.factor * jitter(matrix_seed(a.seed, block_y()), row, 0));
}

// A thread a lane of a group of blocks. Entries of what does not exist are zero.
KERNEL MAX_THREADS(FILL_THREADS) void generate_scales_int4(const GenerateScalesArgs a) {
    wait_for_earlier_kernels();
    int blocks = (a.columns + 127) / 128;
    int groups = (blocks + GROUP_BLOCKS - 1) / GROUP_BLOCKS;
    u64 tiles = (a.rows + TILE_ROWS - 1) / TILE_ROWS;
    u64 index = (u64)block_x() * threads_in_block() + thread_index();
    if (index >= tiles * groups * LANES) return;
    int lane = index % LANES;
    int group = (int)(index / LANES % groups);
    int tile = (int)(index / LANES / groups);
    int block = group * GROUP_BLOCKS + lane % BLOCK_CHUNKS;
    u64 seed = matrix_seed(a.seed, block_y());
    u32 scales = 0, zeros = 0;
#pragma unroll
    for (int half = 0; half < 2; half++) {
        int row = tile * TILE_ROWS + half * HALF_ROWS + lane / BLOCK_CHUNKS;
        if (row >= a.rows || block >= blocks) continue;
        fp16_number scale = (fp16_number)(a.factor * jitter(seed, row, block));
        scales |= (u32)__builtin_bit_cast(u16, scale) << (16 * half);
        zeros |= zero_point(seed, row, block) << (4 * half);
    }
    ((u32*)(a.scales + block_y() * a.scales_bytes))[index] = scales;
    (a.zero_points + block_y() * a.zero_points_bytes)[index] = (u8)zeros;
}

// E8M0 of 2^(exponent - 1), 2^exponent or 2^(exponent + 1).
DEVICE u32 mxfp4_scale(u64 seed, double exponent, int row, int index) {
    int code = 127 + (int)exponent + (int)(6.0 * (jitter(seed, row, index) - 0.75)) - 1;
    return code < 0 ? 0 : code > 254 ? 254 : code;
}

// E4M3 of 256 times the jitter, 192 to 320: steps of 16 below 256, of 32 from there on.
DEVICE u32 nvfp4_scale(u64 seed, int row, int index) {
    double value = 256.0 * jitter(seed, row, index);
    constexpr double TO_INTEGER = 0x1.8p52;
    if (value < 256) return (13 << 3) + (u32)((value * 0.0625 + TO_INTEGER) - TO_INTEGER);
    return (14 << 3) + (u32)((value * 0.03125 + TO_INTEGER) - TO_INTEGER);
}

// A thread a row's chunk.
template <int F>
DEVICE void generate_fp4_scales(const GenerateScalesArgs& a) {
    wait_for_earlier_kernels();
    constexpr int each = scale_bytes(F);
    constexpr int columns_each = 32 / each;
    int chunks = (a.columns + 31) / 32;
    int scales_of_row = (a.columns + columns_each - 1) / columns_each;
    u64 index = (u64)block_x() * threads_in_block() + thread_index();
    u64 all = (u64)a.rows * chunks;
    if (index >= all) return;
    int row = (int)(index / chunks);
    int chunk = (int)(index - (u64)row * chunks);
    u64 seed = matrix_seed(a.seed, block_y());
    u8* target = a.scales + block_y() * a.scales_bytes;
    int first_row = row & ~(TILE_ROWS - 1);
    int tile_rows = smaller(TILE_ROWS, a.rows - first_row);
    u64 place = (u64)first_row * chunks + fp4_scale_place(tile_rows, chunks, row - first_row, chunk);
#pragma unroll
    for (int i = 0; i < each; i++) {
        int scale = chunk * each + i;
        u32 code = 0;
        if (scale < scales_of_row) code = F == MXFP4 ? mxfp4_scale(seed, a.factor, row, scale) : nvfp4_scale(seed, row, scale);
        target[place * each + i] = (u8)code;
    }
    // What fills up to 16 bytes.
    if (index == all - 1)
        for (u64 end = all * each; end % CHUNK_BYTES != 0; end++) target[end] = 0;
}

KERNEL MAX_THREADS(FILL_THREADS) void generate_scales_mxfp4(const GenerateScalesArgs a) { generate_fp4_scales<MXFP4>(a); }
KERNEL MAX_THREADS(FILL_THREADS) void generate_scales_nvfp4(const GenerateScalesArgs a) { generate_fp4_scales<NVFP4>(a); }

struct GenerateKvArgs {
    u64 seed;               // of the layer
    const u8* key_table;    // 4096 codes
    const u8* value_table;  // the same where one table serves both
    u8* cache;              // of the layer
    const int* blocks;      // [sequence][block_stride]: the cache blocks of its tokens in order
    const int* contexts;    // [sequence]: its tokens, the last of which is left for the step to write
    int block_stride;
    int pages_per_block;
    int heads;
    int dimension;
    int latent;
};

// What fills a key's row behind its last element, of a token that is not made: zeros, as behind those that are.
template <int F>
DEVICE void clear_row_end(u8* row, int group, int dimension) {
    for (int j = 0; j < 4; j++) {
        if (4 * group + j < dimension) continue;
        if (kv_bytes(F) == 2)
            ((u16*)row)[j] = 0;
        else
            row[j] = 0;
    }
}

// Blocks: pages of the longest sequence, heads x (1 or 2), sequences.
template <int F>
DEVICE void generate_kv(const GenerateKvArgs& a) {
    constexpr int bytes = kv_bytes(F);
    alignas(16) SHARED static u8 table[TABLE_LENGTH * bytes];
    wait_for_earlier_kernels();
    int sequence = block_z();
    int first_token = block_x() * PAGE_TOKENS;
    int tokens = smaller(PAGE_TOKENS, a.contexts[sequence] - 1 - first_token);
    if (tokens < 0) return;
    bool is_value = block_y() >= a.heads;
    int head = is_value ? block_y() - a.heads : block_y();
    load_table(table, is_value ? a.value_table : a.key_table, TABLE_LENGTH * bytes);
    PagePart part = page_part<F>(a.dimension, a.latent);
    int block = a.blocks[sequence * a.block_stride + block_x() / a.pages_per_block];
    u64 page = (u64)block * a.pages_per_block + block_x() % a.pages_per_block;
    u8* target = a.cache + (page * a.heads + head) * part.bytes;
    // A thread makes four codes of a token. Neighbours have neighbouring tokens for values, neighbouring codes for keys.
    int groups = is_value ? (a.dimension + 3) / 4 : part.row_bytes / (4 * bytes);
    for (int i = thread_index(); i < PAGE_TOKENS * groups; i += threads_in_block()) {
        int token = is_value ? i % PAGE_TOKENS : i / groups;
        int group = is_value ? i / PAGE_TOKENS : i - token * groups;
        u8* row = target + token * part.row_bytes + 4 * group * bytes;
        if (token >= tokens) {
            if (!is_value && 4 * group + 4 > a.dimension) clear_row_end<F>(row, group, a.dimension);
            continue;
        }
        u64 token_seed = derive(a.seed, (((u64)sequence << 32) | (u32)(first_token + token)) + 0x1000);
        u64 seed = derive(token_seed, ((u64)head << 1) | (is_value ? 1 : 0));
        u64 bits = group_bits(seed, group);
        u32 codes[4];
#pragma unroll
        for (int j = 0; j < 4; j++) {
            u32 index = (bits >> (16 * j)) & (TABLE_LENGTH - 1);
            codes[j] = 4 * group + j >= a.dimension ? 0 : bytes == 2 ? ((const u16*)table)[index] : table[index];
        }
        if (F == KV_INT8 && group == 0) {
            double scale = (0.75 + 0.5 * unit(derive(seed, 1))) * 0.03125;
            ((fp16_bits*)(target + part.scales))[(is_value ? PAGE_TOKENS : 0) + token] = __builtin_bit_cast(u16, (fp16_number)scale);
        }
        if (!is_value) {
            if (bytes == 2)
                *(u32x2*)row = {codes[0] | (codes[1] << 16), codes[2] | (codes[3] << 16)};
            else
                *(u32*)row = codes[0] | (codes[1] << 8) | (codes[2] << 16) | (codes[3] << 24);
            continue;
        }
        u8* column = target + part.values + (4 * group * PAGE_TOKENS + token) * bytes;
#pragma unroll
        for (int j = 0; j < 4; j++) {
            if (4 * group + j >= a.dimension) continue;
            if (bytes == 2)
                *(u16*)(column + j * PAGE_TOKENS * 2) = (u16)codes[j];
            else
                column[j * PAGE_TOKENS] = (u8)codes[j];
        }
    }
}

KERNEL MAX_THREADS(FILL_THREADS) void generate_kv_16(const GenerateKvArgs a) { generate_kv<KV_FP16>(a); }
KERNEL MAX_THREADS(FILL_THREADS) void generate_kv_fp8(const GenerateKvArgs a) { generate_kv<KV_FP8>(a); }
KERNEL MAX_THREADS(FILL_THREADS) void generate_kv_int8(const GenerateKvArgs a) { generate_kv<KV_INT8>(a); }
