// Attention by multiply-adds in FP32: for GPUs without matrix instructions, and for every head dimension.
//
// A block of 4 teams takes 8 heads that share keys, a split of the tokens, and 128 COLUMNS columns of the result; wider results take
// more blocks, which score again. Tile by tile: 8 lanes score a token, 16 lanes hold a head's softmax, each thread sums its
// columns' values. A tile is a page's 16 tokens, or 8, 4, … of them where their keys would not fit (beyond 1024 bytes each,
// 512 elements of 16 bits: then the two halves of a 16-bit value's sector come one after the other).
//
// Loads. A tile's keys, the columns' values and int8's scales come to shared memory in the order in which they lie, 16 bytes a
// thread: a team's requests are 512 bytes on end and touch each sector once. The first FMA_LOADS of each thread (8 KiB a block) are
// asked for while the tile before is used. What does not count is not asked for: keys outside of the span and values' pieces of 16
// bytes that have no token inside. Sectors that such a piece shares with one that counts are all that is fetched in vain.
#pragma once
#include "attention.h"

constexpr int FMA_THREADS = 128;
constexpr int FMA_HEADS = 8;
constexpr int FMA_LOADS = 4;

// Chunks of 16 bytes that a tile takes in shared memory: keys; values; scales.
template <int F, bool LATENT, int COLUMNS>
struct Stage {
    static constexpr int KEYS = LATENT ? PAGE_TOKENS * 576 * 2 / 16 : PAGE_TOKENS * 512 * 2 / 16;
    static constexpr int VALUES = LATENT ? 0 : FMA_THREADS * COLUMNS * code_bytes(F);
    static constexpr int SCALES = F != INT8 ? 0 : LATENT ? 2 : 4;
    static constexpr int SCALES_AT = KEYS + VALUES;
    u32x4 chunks[KEYS + VALUES + SCALES];
};

// A thread's columns: neighbours have neighbouring ones of transposed values, each its own few of a latent.
template <bool LATENT, int COLUMNS>
DEVICE int column_of(int first, int thread, int c) {
    return first + (LATENT ? thread * COLUMNS + c : thread + c * FMA_THREADS);
}

// Chunk i of the values in shared memory: the two of a 16-bit column change places in every other four columns, so that 8 lanes
// that read the same one of theirs meet in no bank.
template <int F>
DEVICE int value_place(int i) { return code_bytes(F) == 2 ? i ^ (i >> 3 & 1) : i; }

// Some tokens of a page, and the chunks of theirs that a block loads: keys, then values up to an even number, then scales.
struct Tile {
    const u8* keys;    // of the tile's first token
    const u8* values;  // of the block's first column
    const u8* scales;
    int slot;          // of the first token in its page
    int low;           // slots of the page that count
    int high;
};

// What all of a block's tiles share.
struct Tiles {
    int tokens;        // of a tile, a power of two
    int key_row;       // bytes
    int keys;          // chunks of a tile
    int values;
    int value_chunks;  // and those of them that are there
    u64 values_at;
    u64 scales_at;
};

template <int F, bool LATENT, int COLUMNS>
DEVICE Tiles tiles_of(const AttentionArgs& a, int first_column) {
    constexpr int BYTES = code_bytes(F);
    Tiles t;
    t.key_row = divided_up(a.dimension * BYTES, 16) * 16;
    t.tokens = PAGE_TOKENS;
    while (t.tokens > 1 && t.tokens * t.key_row > 16 * Stage<F, LATENT, COLUMNS>::KEYS) t.tokens /= 2;
    t.keys = t.tokens * t.key_row / 16;
    t.value_chunks = LATENT ? 0 : smaller(FMA_THREADS * COLUMNS, a.value_dimension - first_column) * BYTES;
    t.values = (t.value_chunks + 1) & ~1;
    u64 values = (u64)PAGE_TOKENS * t.key_row;
    t.values_at = values + (u64)first_column * PAGE_TOKENS * BYTES;
    t.scales_at = LATENT ? values : values + (((u64)a.dimension * PAGE_TOKENS * BYTES + 31) & ~31ull);
    return t;
}

DEVICE Tile tile_of(const AttentionArgs& a, const Span& span, const Tiles& tiles, const u8* cache, int number) {
    int first = number * tiles.tokens;
    int page = first / PAGE_TOKENS;
    const u8* part = cache + cache_page(a, span, page) * a.page_bytes;
    Tile t;
    t.slot = first % PAGE_TOKENS;
    t.keys = part + t.slot * tiles.key_row;
    t.values = part + tiles.values_at;
    t.scales = part + tiles.scales_at;
    t.low = larger_int(t.slot, span.first - page * PAGE_TOKENS);
    t.high = smaller(t.slot + tiles.tokens, span.end - page * PAGE_TOKENS);
    return t;
}

// A thread's loads number FMA_LOADS `batch` … of a tile.
template <int F, bool LATENT, int COLUMNS>
DEVICE void load_batch(const Tiles& tiles, const Tile& t, int batch, u32x4 (&loaded)[FMA_LOADS]) {
    int row = tiles.key_row / 16;
    int first_key = (t.low - t.slot) * row, end_key = (t.high - t.slot) * row;
#pragma unroll
    for (int i = 0; i < FMA_LOADS; i++) {
        int key = thread_index() + (batch * FMA_LOADS + i) * FMA_THREADS;
        int value = key - tiles.keys;
        int scale = value - tiles.values;
        const u8* from = t.keys + 16 * key;
        bool counts = key >= first_key && key < end_key;
        if (!LATENT && value >= 0) {
            from = t.values + 16 * value;
            int token = code_bytes(F) == 2 ? value % 2 * 8 : 0;
            counts = value < tiles.value_chunks && token < t.high && token + codes_in_16(F) > t.low;
        }
        if (F == INT8 && scale >= 0) {
            from = t.scales + 16 * scale;
            counts = scale < Stage<F, LATENT, COLUMNS>::SCALES;
        }
        loaded[i] = load_cached16_if(counts, from);
    }
}

template <int F, bool LATENT, int COLUMNS>
DEVICE void store_batch(const Tiles& tiles, int batch, const u32x4 (&loaded)[FMA_LOADS], Stage<F, LATENT, COLUMNS>& stage) {
    using S = Stage<F, LATENT, COLUMNS>;
#pragma unroll
    for (int i = 0; i < FMA_LOADS; i++) {
        int key = thread_index() + (batch * FMA_LOADS + i) * FMA_THREADS;
        int value = key - tiles.keys;
        int scale = value - tiles.values;
        int place = scale >= 0 ? S::SCALES_AT + scale : value >= 0 ? S::KEYS + value_place<F>(value) : key;
        if (scale < S::SCALES && (value < tiles.value_chunks || scale >= 0)) stage.chunks[place] = loaded[i];
    }
}

// 8 elements of a query from d, zero from its end; q need not lie on 16 bytes unless `aligned`.
DEVICE void load_query(const bf16_bits* q, int d, int dimension, bool aligned, float (&values)[8]) {
    if (aligned) {
        u32x4 v = load_shared_by_blocks16(q + d);
#pragma unroll
        for (int i = 0; i < 4; i++) {
            values[2 * i] = low_bf16(word_of(v, i));
            values[2 * i + 1] = high_bf16(word_of(v, i));
        }
        return;
    }
#pragma unroll
    for (int i = 0; i < 8; i++) values[i] = d + i < dimension ? float_of_bf16(q[d + i]) : 0.0f;
}

// The products of the lane's share of a token's key with the queries.
template <int F>
DEVICE void fma_products(const AttentionArgs& a, const u32x4* key, const bf16_bits* q, int rows, int lane, float (&sums)[FMA_HEADS]) {
    constexpr int CODES = codes_in_16(F);
    bool aligned = a.dimension % CODES == 0 && (u64)q % 16 == 0;
    for (int d = lane * CODES; d < a.dimension; d += 8 * CODES) {
        u32x4 codes = key[d / CODES];
        float k[CODES];
#pragma unroll
        for (int i = 0; i < CODES; i++) k[i] = d + i < a.dimension ? value_in_16<F>(codes, i) : 0.0f;
#pragma unroll
        for (int h = 0; h < FMA_HEADS; h++) {
            if (h >= rows) break;
#pragma unroll
            for (int part = 0; part < CODES / 8; part++) {
                float values[8];
                load_query(q + h * a.dimension, d + 8 * part, a.dimension, aligned, values);
#pragma unroll
                for (int i = 0; i < 8; i++) sums[h] += k[8 * part + i] * values[i];
            }
        }
    }
}

// What a tile's values add to a thread's columns. `weights` are of the page's tokens.
template <int F, int COLUMNS>
DEVICE void add_latent_values(const Tiles& tiles, const Tile& t, const u32x4* keys, int first_column, int thread, const float* weights,
                              float (&columns)[COLUMNS][FMA_HEADS]) {
    constexpr int BYTES = code_bytes(F);
    static_assert(COLUMNS == 4, "a thread's codes are one load of 4 or 8 bytes");
    const u8* row = (const u8*)keys + column_of<true, COLUMNS>(first_column, thread, 0) * BYTES;
    for (int i = t.low; i < t.high; i++) {
        const u32* words = (const u32*)(row + (i - t.slot) * tiles.key_row);
        u32 codes[BYTES];
#pragma unroll
        for (int j = 0; j < BYTES; j++) codes[j] = words[j];
#pragma unroll
        for (int c = 0; c < COLUMNS; c++) {
            float value = code_value<F>(codes[c * BYTES / 4] >> (8 * BYTES * c % 32) & (BYTES == 2 ? 0xffff : 0xff));
#pragma unroll
            for (int h = 0; h < FMA_HEADS; h++) columns[c][h] += weights[i * FMA_HEADS + h] * value;
        }
    }
}

template <int F, int COLUMNS>
DEVICE void add_values(const Tile& t, const u32x4* values, int count, int thread, const float* weights,
                       float (&columns)[COLUMNS][FMA_HEADS]) {
    constexpr int BYTES = code_bytes(F);
#pragma unroll
    for (int c = 0; c < COLUMNS; c++) {
        int d = column_of<false, COLUMNS>(0, thread, c);
        if (d * BYTES >= count) break;
        u32x4 codes[BYTES];
#pragma unroll
        for (int i = 0; i < BYTES; i++) codes[i] = values[value_place<F>(d * BYTES + i)];
#pragma unroll
        for (int i = 0; i < PAGE_TOKENS; i++) {
            float value = value_in_16<F>(codes[i / codes_in_16(F)], i % codes_in_16(F));
            if (i < t.low || i >= t.high) value = 0.0f;
#pragma unroll
            for (int h = 0; h < FMA_HEADS; h++) columns[c][h] += weights[i * FMA_HEADS + h] * value;
        }
    }
}

template <int F, bool LATENT, int COLUMNS>
DEVICE void attention_fma(const AttentionArgs& args) {
    using S = Stage<F, LATENT, COLUMNS>;
    SHARED static S stage;
    SHARED static float scores[PAGE_TOKENS * FMA_HEADS];
    SHARED static float weights[PAGE_TOKENS * FMA_HEADS];
    SHARED static float factors[FMA_HEADS];
    SHARED static float softmax[2 * FMA_HEADS];
    AttentionArgs a = args;
    let_next_kernel_start();
    wait_for_earlier_kernels();
    int thread = thread_index();
    int passes = divided_up(a.value_dimension, FMA_THREADS * COLUMNS);
    int group = a.heads / a.kv_heads;
    int head_chunks = divided_up(group, FMA_HEADS);
    int first_column = block_y() % passes * FMA_THREADS * COLUMNS;
    int head_chunk = block_y() / passes;
    int kv_head = head_chunk / head_chunks;
    int first_row = head_chunk % head_chunks * FMA_HEADS;
    int rows = smaller(FMA_HEADS, group - first_row);
    int first_head = kv_head * group + first_row;
    int token = block_z();

    Span span = span_of(a, token);
    Scoring scoring = scoring_of(a);
    const bf16_bits* q = a.q + (u64)token * a.q_stride + (u64)first_head * a.dimension;
    const u8* cache = a.cache + (u64)kv_head * a.head_bytes;
    Tiles tiles = tiles_of<F, LATENT, COLUMNS>(a, first_column);
    int chunks = tiles.keys + tiles.values + S::SCALES;
    int first_tile = span.first / tiles.tokens;
    Steps steps = steps_of(a, divided_up(span.end, tiles.tokens) - first_tile);

    // Of the softmax a thread is token `thread % 16` of head `thread / 16`.
    float largest = NO_SCORE, sum = 0.0f;
    float columns[COLUMNS][FMA_HEADS] = {};
    u32x4 loaded[FMA_LOADS];
    Tile tile = {};
    if (steps.begin < steps.end) {
        tile = tile_of(a, span, tiles, cache, first_tile + steps.begin);
        load_batch<F, LATENT, COLUMNS>(tiles, tile, 0, loaded);
    }
    for (int step = steps.begin; step < steps.end; step++) {
        Tile t = tile;
        store_batch<F, LATENT, COLUMNS>(tiles, 0, loaded, stage);
        for (int batch = 1; batch * FMA_LOADS * FMA_THREADS < chunks; batch++) {
            load_batch<F, LATENT, COLUMNS>(tiles, t, batch, loaded);
            store_batch<F, LATENT, COLUMNS>(tiles, batch, loaded, stage);
        }
        if (step + 1 < steps.end) {
            tile = tile_of(a, span, tiles, cache, first_tile + step + 1);
            load_batch<F, LATENT, COLUMNS>(tiles, tile, 0, loaded);
        }
        barrier();

        int slot = thread / 8;
        float products[FMA_HEADS] = {};
        if (slot >= t.low && slot < t.high)
            fma_products<F>(a, stage.chunks + (slot - t.slot) * (tiles.key_row / 16), q, rows, thread % 8, products);
#pragma unroll
        for (int h = 0; h < FMA_HEADS; h++) {
            for (int mask = 1; mask < 8; mask *= 2) products[h] += shuffle_xor(products[h], mask);
            if (thread % 8 == h) scores[h * PAGE_TOKENS + slot] = products[h];
        }
        barrier();

        slot = thread % PAGE_TOKENS;
        bool counts = slot >= t.low && slot < t.high;
        const u16* scales = (const u16*)(stage.chunks + S::SCALES_AT);
        float key_scale = F == INT8 && counts ? float_of_fp16(scales[slot]) : 1.0f;
        float value_scale = F == INT8 && counts ? float_of_fp16(scales[LATENT ? slot : PAGE_TOKENS + slot]) : 1.0f;
        float score = counts ? score_of(scoring, scores[thread], key_scale) : NO_SCORE;
        float all = score;
        for (int mask = 1; mask < PAGE_TOKENS; mask *= 2) all = larger(all, shuffle_xor(all, mask));
        all = larger(all, largest);
        float factor = exp2_of(largest - all);
        float weight = exp2_of(score - all);
        float page_sum = weight;
        for (int mask = 1; mask < PAGE_TOKENS; mask *= 2) page_sum += shuffle_xor(page_sum, mask);
        sum = sum * factor + page_sum;
        largest = all;
        weights[slot * FMA_HEADS + thread / PAGE_TOKENS] = counts ? weight * value_scale : 0.0f;
        if (slot == 0) factors[thread / PAGE_TOKENS] = factor;
        barrier();

#pragma unroll
        for (int c = 0; c < COLUMNS; c++)
#pragma unroll
            for (int h = 0; h < FMA_HEADS; h++) columns[c][h] *= factors[h];
        if constexpr (!LATENT)
            add_values<F, COLUMNS>(t, stage.chunks + S::KEYS, tiles.value_chunks, thread, weights, columns);
        else if (column_of<true, COLUMNS>(first_column, thread, 0) < a.value_dimension)
            add_latent_values<F, COLUMNS>(tiles, t, stage.chunks, first_column, thread, weights, columns);
        barrier();
    }

    if (thread % PAGE_TOKENS == 0) {
        softmax[2 * (thread / PAGE_TOKENS)] = largest;
        softmax[2 * (thread / PAGE_TOKENS) + 1] = sum;
    }
    barrier();
#pragma unroll
    for (int h = 0; h < FMA_HEADS; h++) {
        if (h >= rows) break;
        int head = first_head + h;
        u64 index = partial_index(a, token, head, block_x());
        float factor = a.splits == 1 ? result_factor(a, head, softmax[2 * h], softmax[2 * h + 1]) : 1.0f;
#pragma unroll
        for (int c = 0; c < COLUMNS; c++) {
            int d = column_of<LATENT, COLUMNS>(first_column, thread, c);
            if (d >= a.value_dimension) break;
            if (a.splits == 1)
                result_of(a, token, head)[d] = bf16_of(columns[c][h] * factor);
            else
                partial_sums(a, index)[d] = columns[c][h];
        }
        if (a.splits > 1 && thread < 2) partial_softmax(a, index)[thread] = softmax[2 * h + thread];
    }
}
