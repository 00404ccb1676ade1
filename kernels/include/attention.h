// What the attention kernels share: their argument, a sequence's pages, the codes of the cache, and where a result goes.
//
// softmax(score(q · k)) · v over the tokens first … end - 1 of a sequence's cache; score(x) = scale x or cap tanh(scale x / cap).
// Scores are in units of log2(e) throughout, so that exponentials are powers of two.
//
// With splits, each block leaves of a head its sum of values, not divided, and {largest score, sum of exponentials}:
//     partials   FP32 [token][head][split][value_dimension], then FP32 [token][head][split]{largest, sum}
// and attention_combine makes the result. With one split a block writes the result itself and partials may be null.
// Nothing needs to be zero before a launch.
#pragma once
#include "weights.h"

struct AttentionArgs {
    const bf16_bits* q;       // of token 0, head 0; heads of `dimension` elements
    bf16_bits* out;           // of token 0, head 0; heads of `value_dimension` elements
    const u8* cache;          // the layer's page 0
    const int* contexts;      // [token] tokens in the cache, the new one included
    const int* block_tables;  // [token][max_blocks]
    const bf16_bits* sinks;   // [head]; null where there are none
    float* partials;          // see above; null where splits is 1
    u64 page_bytes;           // kv_heads parts
    int head_bytes;           // a head's part of a page
    int q_stride;             // elements from token to token
    int out_stride;
    int max_blocks;
    int block_pages_log2;     // blocks are 1, 2 or 4 pages
    int tokens;
    int heads;
    int kv_heads;
    int dimension;
    int value_dimension;
    int window;               // tokens that count, the new one included; 0: all
    int splits;
    float score_scale;
    float soft_cap;           // 0: none
    float key_scale;          // fp8: the layer's; else 1
    float value_scale;
};

constexpr int PAGE_TOKENS = 16;
constexpr float NO_SCORE = -__builtin_inff();

DEVICE int larger_int(int a, int b) { return a > b ? a : b; }
DEVICE int clamped(int value, int low, int high) { return larger_int(low, smaller(value, high)); }
DEVICE constexpr int divided_up(int a, int b) { return (a + b - 1) / b; }

// The tokens of a sequence that count, and the pages they lie in.
struct Span {
    int first;
    int end;
    int first_page;
    int last_page;
    const int* table;
};

DEVICE Span span_of(const AttentionArgs& a, int token) {
    Span s;
    s.end = a.contexts[token];
    s.first = a.window > 0 ? larger_int(0, s.end - a.window) : 0;
    s.first_page = s.first / PAGE_TOKENS;
    s.last_page = divided_up(s.end, PAGE_TOKENS) - 1;
    s.table = a.block_tables + (u64)token * a.max_blocks;
    return s;
}

// Where page `page` of a sequence lies, which must hold a token that counts.
DEVICE int cache_page(const AttentionArgs& a, const Span& s, int page) {
    int in_block = page & ((1 << a.block_pages_log2) - 1);
    return (s.table[page >> a.block_pages_log2] << a.block_pages_log2) + in_block;
}

// The steps that this block's split has of all that the span takes.
struct Steps {
    int begin;
    int end;
};

DEVICE Steps steps_of(const AttentionArgs& a, int all) {
    int split = block_x();
    return {(int)((i64)all * split / a.splits), (int)((i64)all * (split + 1) / a.splits)};
}
DEVICE int pages_of(const Span& s) { return s.last_page + 1 - s.first_page; }

#define INLINE __attribute__((always_inline))
// f(0), f(1) … f(N - 1) with numbers that the compiler knows.
template <int N>
struct Number {
    static constexpr int value = N;
};
template <int N, typename Function>
DEVICE void unrolled(Function f) {
    if constexpr (N > 0) {
        unrolled<N - 1>(f);
        f(Number<N - 1>());
    }
}

// What a product becomes. `factor` holds the scales of query and key.
struct Scoring {
    float factor;
    float cap;  // 0: none
    float cap_factor;
};

DEVICE Scoring scoring_of(const AttentionArgs& a) {
    float factor = a.score_scale * a.key_scale;
    if (a.soft_cap == 0.0f) return {factor * LOG2_E, 0.0f, 0.0f};
    return {factor / a.soft_cap, 1.0f, a.soft_cap * LOG2_E};
}

DEVICE float score_of(const Scoring& s, float product, float token_scale) {
    float score = product * (s.factor * token_scale);
    return s.cap == 0.0f ? score : s.cap_factor * tanh_of(score);
}

DEVICE constexpr int code_bytes(int format) { return format <= BF16 ? 2 : 1; }
DEVICE constexpr int codes_in_16(int format) { return 16 / code_bytes(format); }
DEVICE constexpr int pairs_in_16(int format) { return codes_in_16(format) / 2; }

#if defined(HAS_E4M3_TO_FP16) && !defined(E4M3_BECOMES_BF16)
#define E4M3_BECOMES_FP16
#endif

// Whether codes become binary16 for matrix instructions, and with them queries and weights: all others become bfloat16.
DEVICE constexpr bool becomes_fp16(int format) {
#ifdef E4M3_BECOMES_FP16
    return format == FP16 || format == FP8;
#else
    return format == FP16;
#endif
}

// Whether codes stay in order; else codes 1 and 3 of a word's four make the first pair and 0 and 2 the second.
DEVICE constexpr bool in_order(int format) { return code_bytes(format) == 2 || becomes_fp16(format); }

// 16 bytes of codes as pairs for matrix instructions, exact, without scales.
template <int F>
DEVICE void code_pairs(const u32x4& codes, u32 (&pairs)[pairs_in_16(F)]) {
    if constexpr (F == FP8 && becomes_fp16(F)) {
#ifdef E4M3_BECOMES_FP16
#pragma unroll
        for (int i = 0; i < 4; i++) {
            pairs[2 * i] = fp16_of_e4m3_pair(word_of(codes, i));
            pairs[2 * i + 1] = fp16_of_e4m3_pair(word_of(codes, i) >> 16);
        }
#endif
    } else {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            u32 even = word_of(codes, i);
            if constexpr (F == FP8) {
                constexpr u32 TWO_120 = 0x7b807b80, SIGNS = 0x80008000, SIZES = 0x07f007f0;
                u32 odd = even;
                even <<= 8;
                pairs[2 * i] = fma_bf16x2((odd & SIGNS) | ((odd >> 4) & SIZES), TWO_120, SIGNS);
                pairs[2 * i + 1] = fma_bf16x2((even & SIGNS) | ((even >> 4) & SIZES), TWO_120, SIGNS);
            } else if constexpr (F == INT8) {
                // A code c is (c & 0x7f) - (c & 0x80); 0x4300 + b is the bfloat16 number 128 + b for b < 128, 256 for b = 128.
                u32 odd = even >> 8;
                pairs[2 * i] = fma_bf16x2(masked_or(odd, 0x007f007f, 0x43004300), 0x3f803f80, masked_or(odd, 0x00800080, 0xc300c300));
                pairs[2 * i + 1] =
                    fma_bf16x2(masked_or(even, 0x007f007f, 0x43004300), 0x3f803f80, masked_or(even, 0x00800080, 0xc300c300));
            } else {
                pairs[i] = even;
            }
        }
    }
}

// The place of pair p's code `half` (0: low, 1: high) among the codes of 16 bytes.
template <int F>
DEVICE constexpr int place_in_16(int p, int half) {
    return in_order(F) ? 2 * p + half : 4 * (p / 2) + 1 - p % 2 + 2 * half;
}

template <int F>
DEVICE float code_value(u32 code) {
    return F == FP16 ? float_of_fp16(code)
         : F == BF16 ? float_of_bf16(code)
         : F == FP8  ? float_of_e4m3(code)
                     : (float)(i8)code;
}

// Code i of 16 bytes as FP32, without its scale.
template <int F>
DEVICE float value_in_16(const u32x4& codes, int i) {
    constexpr int in_word = 4 / code_bytes(F);
    u32 word = word_of(codes, i / in_word) >> (i % in_word * 8 * code_bytes(F));
    return code_value<F>(word & (code_bytes(F) == 2 ? 0xffff : 0xff));
}

// 8 elements of a query as pairs of the kind that the codes become.
template <int F>
DEVICE u32x4 query_pairs(u32x4 v) {
    if (becomes_fp16(F)) {
        v.x = pack_fp16(low_bf16(v.x), high_bf16(v.x));
        v.y = pack_fp16(low_bf16(v.y), high_bf16(v.y));
        v.z = pack_fp16(low_bf16(v.z), high_bf16(v.z));
        v.w = pack_fp16(low_bf16(v.w), high_bf16(v.w));
    }
    return v;
}

template <int F>
DEVICE u32 pack_weights(float low, float high) { return becomes_fp16(F) ? pack_fp16(low, high) : pack_bf16(low, high); }

// How many numbers a softmax weight is the sum of, so that what rounding leaves is small beside the result's rounding.
DEVICE constexpr int weight_parts(int format) { return becomes_fp16(format) ? 1 : 2; }

#ifdef HAS_MATRIX_INSTRUCTIONS
template <int F>
DEVICE void multiply(float (&c)[4], u32 a0, u32 a1, u32 a2, u32 a3, u32 b0, u32 b1) {
    if (becomes_fp16(F))
        matrix_multiply_fp16(c, a0, a1, a2, a3, b0, b1);
    else
        matrix_multiply_bf16(c, a0, a1, a2, a3, b0, b1);
}
#endif

// A head's result is its sum of values times this. Without tokens the result is zero.
DEVICE float result_factor(const AttentionArgs& a, int head, float largest, float sum) {
    if (a.sinks) {
        float sink = float_of_bf16(a.sinks[head]) * LOG2_E;
        float all = larger(largest, sink);
        float shrink = exp2_of(largest - all);
        return a.value_scale * shrink / (sum * shrink + exp2_of(sink - all));
    }
    return sum > 0.0f ? a.value_scale / sum : 0.0f;
}

DEVICE u64 partial_index(const AttentionArgs& a, int token, int head, int split) {
    return ((u64)token * a.heads + head) * a.splits + split;
}
DEVICE float* partial_sums(const AttentionArgs& a, u64 index) { return a.partials + index * a.value_dimension; }
DEVICE float* partial_softmax(const AttentionArgs& a, u64 index) {
    return a.partials + (u64)a.tokens * a.heads * a.splits * a.value_dimension + 2 * index;
}
DEVICE bf16_bits* result_of(const AttentionArgs& a, int token, int head) {
    return a.out + (u64)token * a.out_stride + (u64)head * a.value_dimension;
}
