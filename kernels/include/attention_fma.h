// Attention by multiply-adds in FP32: for GPUs without matrix instructions, and for every head dimension.
//
// A block of 4 teams takes 8 heads that share keys, a split of the tokens, and 128 COLUMNS columns of the result; wider results take
// more blocks, which score again. Page by page: 8 lanes score a token, 16 lanes hold a head's softmax, each thread sums its
// columns' values.
#pragma once
#include "attention.h"

constexpr int FMA_THREADS = 128;
constexpr int FMA_HEADS = 8;

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
DEVICE void fma_products(const AttentionArgs& a, const u8* key, const bf16_bits* q, int rows, int lane, float (&sums)[FMA_HEADS]) {
    constexpr int CODES = codes_in_16(F);
    bool aligned = a.dimension % CODES == 0 && (u64)q % 16 == 0;
    for (int d = lane * CODES; d < a.dimension; d += 8 * CODES) {
        u32x4 codes = load_stream16(key + d * code_bytes(F));
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

template <int F, bool LATENT, int COLUMNS>
DEVICE void attention_fma(const AttentionArgs& args) {
    constexpr int BYTES = code_bytes(F);
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
    int first_column = block_y() % passes * FMA_THREADS * COLUMNS + thread;
    int head_chunk = block_y() / passes;
    int kv_head = head_chunk / head_chunks;
    int first_row = head_chunk % head_chunks * FMA_HEADS;
    int rows = smaller(FMA_HEADS, group - first_row);
    int first_head = kv_head * group + first_row;
    int token = block_z();

    Span span = span_of(a, token);
    Steps steps = steps_of(a, span, 1);
    Scoring scoring = scoring_of(a);
    const bf16_bits* q = a.q + (u64)token * a.q_stride + (u64)first_head * a.dimension;
    int key_row = divided_up(a.dimension * BYTES, 16) * 16;
    u64 values_at = LATENT ? 0 : (u64)PAGE_TOKENS * key_row;
    u64 scales_at = (u64)PAGE_TOKENS * key_row + (LATENT ? 0 : (u64)a.dimension * PAGE_TOKENS * BYTES);

    // Of the softmax a thread is token `thread % 16` of head `thread / 16`.
    float largest = NO_SCORE, sum = 0.0f;
    float columns[COLUMNS][FMA_HEADS] = {};
    for (int step = steps.begin; step < steps.end; step++) {
        int page = span.first_page + step;
        int low = larger_int(0, span.first - page * PAGE_TOKENS);
        int high = smaller(PAGE_TOKENS, span.end - page * PAGE_TOKENS);
        const u8* part = a.cache + cache_page(a, span, page) * a.page_bytes + (u64)kv_head * a.head_bytes;
        const u16* scales = (const u16*)(part + scales_at);

        int slot = thread / 8;
        float products[FMA_HEADS] = {};
        if (slot >= low && slot < high) fma_products<F>(a, part + slot * key_row, q, rows, thread % 8, products);
#pragma unroll
        for (int h = 0; h < FMA_HEADS; h++) {
            for (int mask = 1; mask < 8; mask *= 2) products[h] += shuffle_xor(products[h], mask);
            if (thread % 8 == h) scores[h * PAGE_TOKENS + slot] = products[h];
        }
        barrier();

        slot = thread % PAGE_TOKENS;
        bool counts = slot >= low && slot < high;
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
        for (int c = 0; c < COLUMNS; c++) {
            int d = first_column + c * FMA_THREADS;
            if (d >= a.value_dimension) break;
#pragma unroll
            for (int h = 0; h < FMA_HEADS; h++) columns[c][h] *= factors[h];
            u32x4 codes[BYTES];
#pragma unroll
            for (int i = 0; i < BYTES; i++) {
                codes[i] = {0, 0, 0, 0};
                bool counts = i * codes_in_16(F) < high && (i + 1) * codes_in_16(F) > low;
                if (!LATENT && counts) codes[i] = load_stream16(part + values_at + d * PAGE_TOKENS * BYTES + 16 * i);
            }
#pragma unroll
            for (int i = 0; i < PAGE_TOKENS; i++) {
                float value = value_in_16<F>(codes[i / codes_in_16(F)], i % codes_in_16(F));
                if (LATENT) {
                    const u8* code = part + clamped(i, low, high - 1) * key_row + d * BYTES;
                    value = code_value<F>(BYTES == 2 ? load_stream2(code) : load_stream1(code));
                }
                if (i < low || i >= high) value = 0.0f;
#pragma unroll
                for (int h = 0; h < FMA_HEADS; h++) columns[c][h] += weights[i * FMA_HEADS + h] * value;
            }
        }
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
            int d = first_column + c * FMA_THREADS;
            if (d >= a.value_dimension) break;
            if (a.splits == 1)
                result_of(a, token, head)[d] = bf16_of(columns[c][h] * factor);
            else
                partial_sums(a, index)[d] = columns[c][h];
        }
        if (a.splits > 1 && thread < 2) partial_softmax(a, index)[thread] = softmax[2 * h + thread];
    }
}
