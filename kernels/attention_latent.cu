// Multi-head latent attention of one new token of each sequence, as it is decoded: all heads attend to one cached latent a token,
// whose first elements are the values.
//
// Shapes: q [token][heads][576] and out [token][heads][512] in bfloat16, the cache of latents in one of four formats (README.md), row
// by row. Bytes: the latents of the span once for each block of heads, so once from memory where the blocks of a sequence run
// together and share the second-level cache; q and out. Bounded by arithmetic from some 100 heads on, by memory at 16.
//
// 128 heads with 512 sums each are 65536 FP32 numbers: all registers of an SM. So a block takes 64 heads (8 teams with 128
// registers of sums a lane), and two blocks read the latents, the second from the second-level cache; splitting the values in two instead would
// score twice, which is half of the arithmetic. Up to 16 heads (a share of 8 devices) have a block of their own.
//
// A step is 32 tokens: their latents go by way of registers, asked for a step ahead, as 16-bit numbers to shared memory, where chunks of 16
// bytes are swizzled so that both readers below are free of conflicts. Then
//   scores   h64: a team takes 16 heads and half of the 576 elements, queries from the first-level cache;
//            h16: a team takes 16 tokens and a quarter of the elements, queries from registers.
//            Keys are operand B just as they lie. The parts of a score meet in shared memory;
//   softmax  one team for 16 heads; weights go to shared memory as fragments of operand A;
//   values   a team takes 64 columns for all heads, operand B by transposing loads.
//
//   attention_latent_mma_FORMAT_d576_h16, _h64: 256 threads
//   attention_latent_fma_FORMAT: any dimensions, 128 threads (include/attention_fma.h)
// Launch: x splits, y chunks of heads (fma: x passes of columns), z tokens.
//
// Queries are used as they lie: E4M3 stays with bfloat16, as converting 64 queries for each step would cost more than it saves.
#define E4M3_BECOMES_BF16
#include "include/attention_fma.h"

#ifdef HAS_MATRIX_INSTRUCTIONS
constexpr int LATENT = 576;
constexpr int LATENT_VALUES = 512;
constexpr int LATENT_TEAMS = 8;
constexpr int LATENT_THREADS = LATENT_TEAMS * LANES;
constexpr int STEP_TOKENS = 32;
constexpr int STEP_PAGES = STEP_TOKENS / PAGE_TOKENS;
constexpr int ROW_CHUNKS = LATENT / 8;         // of 16 bytes, in shared memory
constexpr int QUADS = ROW_CHUNKS / 4;
constexpr int TOKEN_TILES = STEP_TOKENS / 8;
constexpr int COLUMN_TILES = LATENT_VALUES / LATENT_TEAMS / 8;

DEVICE int latent_index(int token, int chunk) { return token * ROW_CHUNKS + (chunk ^ ((token & 1) << 2 | (token >> 1 & 3))); }

// What a thread carries of a step from the cache to shared memory.
template <int F>
struct Carried {
    static constexpr int CHUNKS = LATENT / codes_in_16(F);  // of a token
    static constexpr int LOADS = (STEP_TOKENS * CHUNKS + LATENT_THREADS - 1) / LATENT_THREADS;
    u32x4 codes[LOADS];
    u32 scale;
};

template <int F>
DEVICE void load_latents(const AttentionArgs& a, const Span& span, int first_page, int thread, Carried<F>& carried) {
    const u8* pages[STEP_PAGES];
#pragma unroll
    for (int i = 0; i < STEP_PAGES; i++)
        pages[i] = a.cache + cache_page(a, span, smaller(first_page + i, span.last_page)) * a.page_bytes;
#pragma unroll
    for (int i = 0; i < Carried<F>::LOADS; i++) {
        int index = thread + i * LATENT_THREADS;
        int token = index / Carried<F>::CHUNKS;
        int number = first_page * PAGE_TOKENS + token;
        const u8* row = (token < PAGE_TOKENS ? pages[0] : pages[1]) + token % PAGE_TOKENS * (LATENT * code_bytes(F));
        carried.codes[i] = {0, 0, 0, 0};
        if (token < STEP_TOKENS && number >= span.first && number < span.end)
            carried.codes[i] = load_stream16(row + 16 * (index % Carried<F>::CHUNKS));
    }
    carried.scale = 0;
    if (F == INT8 && thread < STEP_TOKENS) {
        int number = first_page * PAGE_TOKENS + thread;
        const u8* scales = (thread < PAGE_TOKENS ? pages[0] : pages[1]) + PAGE_TOKENS * LATENT * code_bytes(F);
        if (number >= span.first && number < span.end) carried.scale = load_stream2(scales + 2 * (thread % PAGE_TOKENS));
    }
}

template <int F>
DEVICE void store_latents(const Carried<F>& carried, int thread, u32x4* latents, float* scales) {
#pragma unroll
    for (int i = 0; i < Carried<F>::LOADS; i++) {
        int index = thread + i * LATENT_THREADS;
        int token = index / Carried<F>::CHUNKS, chunk = index % Carried<F>::CHUNKS;
        if (STEP_TOKENS * Carried<F>::CHUNKS % LATENT_THREADS != 0 && token >= STEP_TOKENS) break;
        u32 pairs[pairs_in_16(F)];
        code_pairs<F>(carried.codes[i], pairs);
        if constexpr (code_bytes(F) == 2) {
            latents[latent_index(token, chunk)] = {pairs[0], pairs[1], pairs[2], pairs[3]};
        } else {
            // Codes 1 and 3, 0 and 2 of each word, back in order.
#pragma unroll
            for (int half = 0; half < 2; half++) {
                const u32* p = pairs + 4 * half;
                if constexpr (in_order(F)) {
                    latents[latent_index(token, 2 * chunk + half)] = {p[0], p[1], p[2], p[3]};
                    continue;
                }
                latents[latent_index(token, 2 * chunk + half)] = {
                    permute_bytes(p[1], p[0], 0x5410), permute_bytes(p[1], p[0], 0x7632), permute_bytes(p[3], p[2], 0x5410),
                    permute_bytes(p[3], p[2], 0x7632)};
            }
        }
    }
    if (F == INT8 && thread < STEP_TOKENS) {
        float scale = float_of_fp16(carried.scale);
        scales[thread] = scale;
        scales[STEP_TOKENS + thread] = scale > 0.0f ? 1.0f / scale : 0.0f;
    }
}

template <int F>
DEVICE u32x4 latent_query(const bf16_bits* q, int quad, int t, bool exists) {
    u32x4 v = {0, 0, 0, 0};
    if (exists) v = query_pairs<F>(load_shared_by_blocks16(q + (4 * quad + t) * 8));
    return v;
}

// 16 heads x 8 tokens from four chunks of a lane's heads g and g + 8 and of its token g.
template <int F>
DEVICE void add_products(float (&scores)[4], const u32x4& low, const u32x4& high, const u32x4& key) {
    multiply<F>(scores, low.x, high.x, low.y, high.y, key.x, key.y);
    multiply<F>(scores, low.z, high.z, low.w, high.w, key.z, key.w);
}

template <int F>
DEVICE float weight_low(u32 pair) { return becomes_fp16(F) ? low_fp16(pair) : low_bf16(pair); }
template <int F>
DEVICE float weight_high(u32 pair) { return becomes_fp16(F) ? high_fp16(pair) : high_bf16(pair); }

// The softmax of 16 heads, of which a lane has g and g + 8, so far.
struct Softmax {
    float largest[2];
    float sum[2];
};

// Scores of 16 heads x 32 tokens become weights, as operand A of the product with values.
template <int F>
DEVICE void weigh(float (&scores)[TOKEN_TILES][4], const Scoring& scoring, const Span& span, int first_token, const float* scales,
                  int lane, Softmax& s, u32x4* weights, float* factors) {
    int g = lane >> 2, t = lane & 3;
    float all[2] = {s.largest[0], s.largest[1]};
#pragma unroll
    for (int i = 0; i < TOKEN_TILES; i++)
#pragma unroll
        for (int j = 0; j < 4; j++) {
            int slot = 8 * i + 2 * t + j % 2;
            int number = first_token + slot;
            float score = score_of(scoring, scores[i][j], F == INT8 ? scales[slot] : 1.0f);
            scores[i][j] = number >= span.first && number < span.end ? score : NO_SCORE;
            all[j / 2] = larger(all[j / 2], scores[i][j]);
        }
#pragma unroll
    for (int j = 0; j < 2; j++) {
        for (int mask = 1; mask < 4; mask *= 2) all[j] = larger(all[j], shuffle_xor(all[j], mask));
        float factor = exp2_of(s.largest[j] - all[j]);
        s.largest[j] = all[j];
        s.sum[j] *= factor;
        if (t == 0) factors[8 * j + g] = factor;
    }
    u32 pairs[TOKEN_TILES][2];
#pragma unroll
    for (int i = 0; i < TOKEN_TILES; i++)
#pragma unroll
        for (int j = 0; j < 2; j++) {
            float low = exp2_of(scores[i][2 * j] - all[j]), high = exp2_of(scores[i][2 * j + 1] - all[j]);
            int slot = 8 * i + 2 * t;
            if (F == INT8) {
                low *= scales[slot];
                high *= scales[slot + 1];
            }
            u32 pair = pack_weights<F>(low, high);
            // What is divided by is the sum of what values are multiplied with: rounding alike, it stays out of means of few.
            low = weight_low<F>(pair);
            high = weight_high<F>(pair);
            if (F == INT8) {
                low *= scales[STEP_TOKENS + slot];
                high *= scales[STEP_TOKENS + slot + 1];
            }
            s.sum[j] += low + high;
            pairs[i][j] = pair;
        }
#pragma unroll
    for (int i = 0; i < TOKEN_TILES / 2; i++)
        weights[i * LANES + lane] = {pairs[2 * i][0], pairs[2 * i][1], pairs[2 * i + 1][0], pairs[2 * i + 1][1]};
}

template <int F, int HEAD_TILES>
DEVICE void attention_latent_mma(const AttentionArgs& args) {
    static_assert(HEAD_TILES == 1 || HEAD_TILES == 4, "teams divide scores for these alone");
    constexpr int HEADS = 16 * HEAD_TILES;
    constexpr bool ONE = HEAD_TILES == 1;
    constexpr int PART_QUADS = ONE ? 5 : QUADS / 2;
    constexpr int PART_TILES = ONE ? 2 : TOKEN_TILES;
    SHARED static u32x4 latents[STEP_TOKENS * ROW_CHUNKS];
    SHARED static u32x4 exchange[512];
    SHARED static float scales[2 * STEP_TOKENS];  // and what they are one over
    SHARED static float factors[HEADS];
    SHARED static float softmax[2 * HEADS];
    AttentionArgs a = args;
    let_next_kernel_start();
    wait_for_earlier_kernels();
    int thread = thread_index(), lane = lane_index(), team = team_index();
    int g = lane >> 2, t = lane & 3;
    int token = block_z();
    int first_head = block_y() * HEADS;
    int heads = smaller(HEADS, a.heads - first_head);
    Span span = span_of(a, token);
    Steps steps = steps_of(a, span, STEP_PAGES);
    Scoring scoring = scoring_of(a);
    Carried<F> carried = {};
    if (steps.begin < steps.end) load_latents<F>(a, span, span.first_page + steps.begin * STEP_PAGES, thread, carried);

    // h64: team = 4 half + tile of heads. h16: team = 4 half of the tokens + quarter.
    int head_tile = ONE ? 0 : team & 3;
    int first_tile = ONE ? 2 * (team >> 2) : 0;
    int first_quad = ONE ? QUADS * (team & 3) / 4 : QUADS / 2 * (team >> 2);
    int end_quad = ONE ? QUADS * ((team & 3) + 1) / 4 : first_quad + QUADS / 2;
    bool weighs = ONE ? team == 0 : team < 4;
    int head_low = 16 * head_tile + g, head_high = head_low + 8;
    const bf16_bits* q_low = a.q + (u64)token * a.q_stride + (u64)(first_head + head_low) * LATENT;
    const bf16_bits* q_high = q_low + 8 * LATENT;
    u32x4 queries[ONE ? PART_QUADS : 1][2] = {};
    if (ONE) {
#pragma unroll
        for (int i = 0; i < (ONE ? PART_QUADS : 1); i++) {
            queries[i][0] = latent_query<F>(q_low, first_quad + i, t, head_low < heads && first_quad + i < end_quad);
            queries[i][1] = latent_query<F>(q_high, first_quad + i, t, head_high < heads && first_quad + i < end_quad);
        }
    }

    Softmax state = {{NO_SCORE, NO_SCORE}, {0.0f, 0.0f}};
    float outputs[HEAD_TILES][COLUMN_TILES][4] = {};
    float* parts = (float*)exchange;
    for (int step = steps.begin; step < steps.end; step++) {
        int first_page = span.first_page + step * STEP_PAGES;
        store_latents<F>(carried, thread, latents, scales);
        barrier();
        if (step + 1 < steps.end) load_latents<F>(a, span, first_page + STEP_PAGES, thread, carried);

        float scores[TOKEN_TILES][4] = {};
#pragma unroll
        for (int i = 0; i < PART_QUADS; i++) {
            int quad = ONE ? smaller(first_quad + i, QUADS - 1) : first_quad + i;
            u32x4 low, high;
            if constexpr (ONE) {
                low = queries[i][0];
                high = queries[i][1];
            } else {
                low = latent_query<F>(q_low, quad, t, head_low < heads);
                high = latent_query<F>(q_high, quad, t, head_high < heads);
            }
#pragma unroll
            for (int j = 0; j < PART_TILES; j++)
                add_products<F>(scores[j], low, high, latents[latent_index(8 * (first_tile + j) + g, 4 * quad + t)]);
        }
        // h64: the second half's parts, [tile of heads][number][lane]. h16: everyone's, [tile of tokens][quarter][number][lane].
        if (ONE) {
#pragma unroll
            for (int j = 0; j < PART_TILES; j++)
#pragma unroll
                for (int n = 0; n < 4; n++) parts[((4 * (first_tile + j) + (team & 3)) * 4 + n) * LANES + lane] = scores[j][n];
        } else if (!weighs) {
#pragma unroll
            for (int j = 0; j < TOKEN_TILES; j++)
#pragma unroll
                for (int n = 0; n < 4; n++) parts[(16 * head_tile + 4 * j + n) * LANES + lane] = scores[j][n];
        }
        barrier();
        if (weighs) {
#pragma unroll
            for (int j = 0; j < TOKEN_TILES; j++)
#pragma unroll
                for (int n = 0; n < 4; n++) {
                    if (ONE) {
                        scores[j][n] = 0.0f;
#pragma unroll
                        for (int quarter = 0; quarter < 4; quarter++) scores[j][n] += parts[((4 * j + quarter) * 4 + n) * LANES + lane];
                    } else {
                        scores[j][n] += parts[(16 * head_tile + 4 * j + n) * LANES + lane];
                    }
                }
            // A team's weights take the place of parts that it alone has read.
            team_barrier();
            weigh<F>(scores, scoring, span, first_page * PAGE_TOKENS, scales, lane, state, exchange + 4 * head_tile * LANES,
                     factors + 16 * head_tile);
        }
        barrier();

#pragma unroll
        for (int m = 0; m < HEAD_TILES; m++) {
            float low = factors[16 * m + g], high = factors[16 * m + 8 + g];
#pragma unroll
            for (int n = 0; n < COLUMN_TILES; n++) {
                outputs[m][n][0] *= low;
                outputs[m][n][1] *= low;
                outputs[m][n][2] *= high;
                outputs[m][n][3] *= high;
            }
        }
#pragma unroll
        for (int k = 0; k < STEP_TOKENS / 16; k++) {
            u32x4 weights[HEAD_TILES];
#pragma unroll
            for (int m = 0; m < HEAD_TILES; m++) weights[m] = exchange[(4 * m + k) * LANES + lane];
#pragma unroll
            for (int n = 0; n < COLUMN_TILES; n += 2) {
                int chunk = COLUMN_TILES * team + n + (lane >> 4);
                u32x4 values = load_transposed_matrices(&latents[latent_index(16 * k + (lane & 15), chunk)]);
#pragma unroll
                for (int m = 0; m < HEAD_TILES; m++) {
                    multiply<F>(outputs[m][n], weights[m].x, weights[m].y, weights[m].z, weights[m].w, values.x, values.y);
                    multiply<F>(outputs[m][n + 1], weights[m].x, weights[m].y, weights[m].z, weights[m].w, values.z, values.w);
                }
            }
        }
        barrier();
    }

    if (weighs) {
#pragma unroll
        for (int j = 0; j < 2; j++) {
            for (int mask = 1; mask < 4; mask *= 2) state.sum[j] += shuffle_xor(state.sum[j], mask);
            int row = 16 * head_tile + 8 * j + g;
            if (t == 0) {
                softmax[2 * row] = state.largest[j];
                softmax[2 * row + 1] = state.sum[j];
            }
        }
    }
    barrier();
#pragma unroll
    for (int m = 0; m < HEAD_TILES; m++)
#pragma unroll
        for (int half = 0; half < 2; half++) {
            int row = 16 * m + 8 * half + g;
            if (row >= heads) continue;
            int head = first_head + row;
            int column = 8 * COLUMN_TILES * team + 2 * t;
            if (a.splits == 1) {
                float factor = result_factor(a, head, softmax[2 * row], softmax[2 * row + 1]);
                u32* result = (u32*)(result_of(a, token, head) + column);
#pragma unroll
                for (int n = 0; n < COLUMN_TILES; n++)
                    result[4 * n] = pack_bf16(outputs[m][n][2 * half] * factor, outputs[m][n][2 * half + 1] * factor);
            } else {
                u64 index = partial_index(a, token, head, block_x());
                float* sums = partial_sums(a, index) + column;
#pragma unroll
                for (int n = 0; n < COLUMN_TILES; n++) {
                    sums[8 * n] = outputs[m][n][2 * half];
                    sums[8 * n + 1] = outputs[m][n][2 * half + 1];
                }
                if (team == 0 && t < 2) partial_softmax(a, index)[t] = softmax[2 * row + t];
            }
        }
}
#define LATENT_MMA(name, format, heads)                                                                                     \
    KERNEL MAX_THREADS(LATENT_THREADS) void attention_latent_mma_##name##_d576_h##heads(const AttentionArgs a) {            \
        attention_latent_mma<format, heads / 16>(a);                                                                        \
    }
#else
#define LATENT_MMA(name, format, heads)
#endif

#define ATTENTION_LATENT(name, format) ATTENTION_LATENT_OF(name, format)
#define ATTENTION_LATENT_OF(name, format)                                         \
    LATENT_MMA(name, format, 16) LATENT_MMA(name, format, 64)                     \
    KERNEL MAX_THREADS(FMA_THREADS) void attention_latent_fma_##name(const AttentionArgs a) { attention_fma<format, true, 4>(a); }

ATTENTION_LATENT(FORMAT_NAME, FORMAT)
