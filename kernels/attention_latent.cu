// Multi-head latent attention of one new token of each sequence, as it is decoded: all heads attend to one cached latent a token,
// whose first elements are the values.
//
// Shapes: q [token][heads][576] and out [token][heads][512] in bfloat16, the cache of latents in one of four formats (README.md), row
// by row. Bytes: the latents of the span once for each block of heads: 128 heads are two blocks of 64, which run together, so that the
// second reads from the second-level cache; q and out.
//
// A block takes 16, 32 or 64 heads. 128 heads with 512 sums each are 65536 FP32 numbers: all registers of an SM; 64 are 128 of each of
// 8 teams' lanes. A step is 32 tokens: their latents go by way of registers, asked for a step ahead, as 16-bit numbers to shared
// memory, where chunks of 16 bytes are swizzled so that both readers below are free of conflicts. A thread has every eighth chunk of one
// token, so that all of its addresses are one and fixed distances, and its page is found another step ahead. Then
//   scores   a team takes 16 heads, all or half of the tokens and a half or a quarter of the 576 elements (Division). Queries stay
//            in registers for 16 and 32 heads. For 64 their place is taken by sums: 72 KiB of them come from the first-level cache
//            in each step; shared memory, which has the same 128 bytes a clock, would give nothing for the place they took.
//            Keys are operand B just as they lie. The parts of a score meet in shared memory;
//   softmax  one team for 16 heads; weights go to shared memory as fragments of operand A;
//   values   a team takes 64 columns for all heads, operand B by transposing loads.
//
// What bounds it, in clocks of an SM for a step, worked out for an H200 (132 SMs at 1.98 GHz: 4.8 TB/s are 18.4 bytes a clock; of
// the 790 TFLOP/s of large bfloat16 products 60 % with mma.sync are 1810 a clock; shared memory and first-level cache 128 bytes):
//   heads  read 16-bit (8-bit) latents   multiply, one part of weights (two)   shared memory and queries, one part (two)
//   16     2003 (1002)                    614 (905)                            1024 (1088)
//   32     2003 (1002)                   1231 (1810)                           1376 (1504)
//   64     2003 (1002)                   2462 (3621)                           2656 (2912)
//   128    as 64 twice, half of its reads from the second-level cache
// So memory is the bound up to 32 heads on a device, for 8-bit codes up to 16, and there weights are a sum of two bfloat16 numbers (or
// one binary16 for fp16): 16 or 11 bits, at little cost. Above, a second part would cost up to half as much again: one number, 8 bits.
//
//   attention_latent_mma_FORMAT_d576_h16, _h32, _h64: 256 threads
//   attention_latent_fma_FORMAT: any dimensions, 128 threads (include/attention_fma.h)
// Launch: x splits, y chunks of heads (fma: x passes of columns), z tokens.
//
// Queries are used as they lie: E4M3 stays with bfloat16, as converting 64 heads' queries in each step would cost more than it saves.
#define E4M3_BECOMES_BF16
#include "include/attention_fma.h"
#include "include/latents.h"

#ifdef HAS_MATRIX_INSTRUCTIONS
template <int F>
DEVICE u32x4 latent_query(const bf16_bits* q, int quad, int t) {
    return query_pairs<F>(load_shared_by_blocks16(q + (4 * quad + t) * 8));
}

// A word that the assembler does not know to be a copy. It would gather the four registers of operand A from two loads anew for each
// instruction that uses them; so it does once. Converted queries are no copies.
template <int F>
DEVICE u32 unseen(u32 word, u32 as_it_is) { return becomes_fp16(F) ? word : permute_bytes(word, word, as_it_is); }

// How many numbers a weight is the sum of for so many tiles of 16 heads.
template <int F, int HEAD_TILES>
DEVICE constexpr int latent_weight_parts() { return HEAD_TILES > code_bytes(F) ? 1 : weight_parts(F); }

template <int F>
DEVICE float weight_low(u32 pair) { return becomes_fp16(F) ? low_fp16(pair) : low_bf16(pair); }
template <int F>
DEVICE float weight_high(u32 pair) { return becomes_fp16(F) ? high_fp16(pair) : high_bf16(pair); }

// The softmax of 16 heads, of which a lane has g and g + 8, so far.
struct Softmax {
    float largest[2];
    float sum[2];
};

// Scores of 16 heads x 32 tokens become weights, as operand A of the product with values: [part][16 tokens][lane].
template <int F, int PARTS>
DEVICE void weigh(float (&scores)[TOKEN_TILES][4], const Scoring& scoring, const Span& span, int first_token, const float* scales,
                  int lane, Softmax& s, u32x4* weights, float* factors) {
    int g = lane >> 2, t = lane & 3;
#pragma unroll
    for (int i = 0; i < TOKEN_TILES; i++)
#pragma unroll
        for (int j = 0; j < 4; j++)
            scores[i][j] *= F == INT8 ? scoring.factor * scales[8 * i + 2 * t + j % 2] : scoring.factor;
    if (scoring.cap != 0.0f)
#pragma unroll
        for (int i = 0; i < TOKEN_TILES; i++)
#pragma unroll
            for (int j = 0; j < 4; j++) scores[i][j] = scoring.cap_factor * tanh_of(scores[i][j]);
    if (first_token < span.first || first_token + STEP_TOKENS > span.end)
#pragma unroll
        for (int i = 0; i < TOKEN_TILES; i++)
#pragma unroll
            for (int j = 0; j < 4; j++) {
                int number = first_token + 8 * i + 2 * t + j % 2;
                if (number < span.first || number >= span.end) scores[i][j] = NO_SCORE;
            }
    float all[2] = {s.largest[0], s.largest[1]};
#pragma unroll
    for (int i = 0; i < TOKEN_TILES; i++)
#pragma unroll
        for (int j = 0; j < 2; j++) all[j] = larger(all[j], larger(scores[i][2 * j], scores[i][2 * j + 1]));
#pragma unroll
    for (int j = 0; j < 2; j++) {
        for (int mask = 1; mask < 4; mask *= 2) all[j] = larger(all[j], shuffle_xor(all[j], mask));
        float factor = exp2_of(s.largest[j] - all[j]);
        s.largest[j] = all[j];
        s.sum[j] *= factor;
        if (t == 0) factors[8 * j + g] = factor;
    }
    u32 pairs[PARTS][TOKEN_TILES][2];
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
            // What is divided by is the sum of what values are multiplied with: rounding alike, it stays out of means of few.
            float used_low = 0.0f, used_high = 0.0f;
#pragma unroll
            for (int p = 0; p < PARTS; p++) {
                u32 pair = pack_weights<F>(low - used_low, high - used_high);
                used_low += weight_low<F>(pair);
                used_high += weight_high<F>(pair);
                pairs[p][i][j] = pair;
            }
            if (F == INT8) {
                used_low *= scales[STEP_TOKENS + slot];
                used_high *= scales[STEP_TOKENS + slot + 1];
            }
            s.sum[j] += used_low + used_high;
        }
#pragma unroll
    for (int p = 0; p < PARTS; p++)
#pragma unroll
        for (int i = 0; i < STEP_TOKENS / 16; i++) {
            const u32(&even)[2] = pairs[p][2 * i];
            const u32(&odd)[2] = pairs[p][2 * i + 1];
            weights[(p * (STEP_TOKENS / 16) + i) * LANES + lane] = {even[0], even[1], odd[0], odd[1]};
        }
}

// How teams divide the scores of a step: tiles of 16 heads x parts of its tokens x ranges of the 576 elements.
template <int HEAD_TILES>
struct Division {
    static_assert(HEAD_TILES == 1 || HEAD_TILES == 2 || HEAD_TILES == 4, "teams divide scores for these alone");
    static constexpr int TOKEN_PARTS = HEAD_TILES < 4 ? 2 : 1;
    static constexpr int RANGES = LATENT_TEAMS / HEAD_TILES / TOKEN_PARTS;
    // With 64 heads the queries' registers are taken by sums.
    static constexpr bool QUERIES_STAY = HEAD_TILES < 4;
    // A tile's weights take the place of its parts of scores.
    static constexpr int EXCHANGE = 512 / HEAD_TILES;
};

// Asks for the first step's latents, and finds the page of the next.
template <int F>
DEVICE int begin_latents(const AttentionArgs& a, const Span& span, const Steps& steps, int thread, Carried<F>& carried) {
    if (steps.begin >= steps.end) return 0;
    int first_page = span.first_page + steps.begin * STEP_PAGES;
    load_latents<F>(a, span, first_page, latent_page(a, span, first_page, thread), thread, carried);
    return latent_page(a, span, first_page + STEP_PAGES, thread);
}

template <int F, int HEAD_TILES>
DEVICE void attention_latent_mma(const AttentionArgs& args) {
    using D = Division<HEAD_TILES>;
    constexpr int HEADS = 16 * HEAD_TILES;
    constexpr int PART_QUADS = divided_up(QUADS, D::RANGES);
    constexpr int PART_TILES = TOKEN_TILES / D::TOKEN_PARTS;
    constexpr int PARTS = latent_weight_parts<F, HEAD_TILES>();
    SHARED static u32x4 latents[STEP_TOKENS * ROW_CHUNKS];
    SHARED static u32x4 exchange[D::EXCHANGE * HEAD_TILES];
    SHARED static float scales[2 * STEP_TOKENS];  // and what they are one over
    SHARED static float factors[HEADS];
    SHARED static float softmax[2 * HEADS];
    AttentionArgs a = args;
    let_next_kernel_start();
    int thread = thread_index(), lane = lane_index(), team = team_index();
    int g = lane >> 2, t = lane & 3;
    int token = block_z();
    int first_head = block_y() * HEADS;
    int heads = smaller(HEADS, a.heads - first_head);
    Span span = span_of(a, token);
    Steps steps = steps_of(a, divided_up(pages_of(span), STEP_PAGES));
    Scoring scoring = scoring_of(a);
    Carried<F> carried = {};
    int page = 0;
    // Kernels of a step write the newest token alone, so that only the step with its page must wait for them. Two places, not one in a loop: the
    // assembler would wait for registers that are on their way before it loads them again.
    bool is_early = span.first_page + (steps.begin + 1) * STEP_PAGES <= span.last_page;
    if (is_early) page = begin_latents<F>(a, span, steps, thread, carried);
    wait_for_earlier_kernels();
    if (!is_early) page = begin_latents<F>(a, span, steps, thread, carried);

    int head_tile = team % HEAD_TILES;
    int first_tile = team / HEAD_TILES % D::TOKEN_PARTS * PART_TILES;
    int range = team / (HEAD_TILES * D::TOKEN_PARTS);
    int first_quad = QUADS * range / D::RANGES;
    int end_quad = QUADS * (range + 1) / D::RANGES;
    bool weighs = team < HEAD_TILES;
    int head_low = 16 * head_tile + g, head_high = head_low + 8;
    // Results of heads that do not exist are not written, so queries that are read in each step may be another head's.
    const bf16_bits* q_low = a.q + (u64)token * a.q_stride + (u64)(first_head + smaller(head_low, heads - 1)) * LATENT;
    const bf16_bits* q_high = a.q + (u64)token * a.q_stride + (u64)(first_head + smaller(head_high, heads - 1)) * LATENT;
    u32 as_it_is = 0x3210 | (a.heads < 0);
    u32x4 queries[D::QUERIES_STAY ? PART_QUADS : 1][2] = {};
    if constexpr (D::QUERIES_STAY) {
#pragma unroll
        for (int i = 0; i < PART_QUADS; i++) {
            if (first_quad + i >= end_quad) continue;
            u32x4 low = latent_query<F>(q_low, first_quad + i, t), high = latent_query<F>(q_high, first_quad + i, t);
            queries[i][0] = {low.x, high.x, low.y, high.y};
            queries[i][1] = {low.z, high.z, low.w, high.w};
        }
    }

    // Where a lane's keys of two quads in a row lie; those of the next two are 128 bytes behind them, as swizzling changes the last
    // three bits of a chunk's number alone. Ranges of 4 and 5 quads: the query of a fifth that is not there is zero, whatever the key.
    u32 keys_at = block_memory_address(latents);
    u32 quad_at[2], last_quad_at;
#pragma unroll
    for (int i = 0; i < 2; i++) quad_at[i] = keys_at + 16 * latent_index(8 * first_tile + g, 4 * (first_quad + i) + t);
    last_quad_at = keys_at + 16 * latent_index(8 * first_tile + g, 4 * smaller(first_quad + PART_QUADS - 1, QUADS - 1) + t);

    Softmax state = {{NO_SCORE, NO_SCORE}, {0.0f, 0.0f}};
    float outputs[HEAD_TILES][COLUMN_TILES][4] = {};
    for (int step = steps.begin; step < steps.end; step++) {
        int first_page = span.first_page + step * STEP_PAGES;
        store_latents<F>(carried, span, first_page, thread, latents, scales);
        barrier();
        if (step + 1 < steps.end) {
            load_latents<F>(a, span, first_page + STEP_PAGES, page, thread, carried);
            page = latent_page(a, span, first_page + 2 * STEP_PAGES, thread);
        }

        float scores[TOKEN_TILES][4] = {};
#pragma unroll
        for (int i = 0; i < PART_QUADS; i++) {
            u32x4 first, second;
            if constexpr (D::QUERIES_STAY) {
                first = queries[i][0];
                second = queries[i][1];
            } else {
                u32x4 low = latent_query<F>(q_low, first_quad + i, t), high = latent_query<F>(q_high, first_quad + i, t);
                first = {unseen<F>(low.x, as_it_is), unseen<F>(high.x, as_it_is), unseen<F>(low.y, as_it_is),
                         unseen<F>(high.y, as_it_is)};
                second = {unseen<F>(low.z, as_it_is), unseen<F>(high.z, as_it_is), unseen<F>(low.w, as_it_is),
                          unseen<F>(high.w, as_it_is)};
            }
            u32 at = quad_at[i % 2] + i / 2 * 128;
            if (QUADS % D::RANGES != 0 && i == PART_QUADS - 1) at = last_quad_at;
            u32x4 keys[PART_TILES];
#pragma unroll
            for (int j = 0; j < PART_TILES; j++) keys[j] = load_block_memory16(at + 16 * (8 * ROW_CHUNKS * j));
#pragma unroll
            for (int j = 0; j < PART_TILES; j++)
                multiply<F>(scores[j], first.x, first.y, first.z, first.w, keys[j].x, keys[j].y);
#pragma unroll
            for (int j = 0; j < PART_TILES; j++)
                multiply<F>(scores[j], second.x, second.y, second.z, second.w, keys[j].z, keys[j].w);
        }
        // Parts of scores, [tile of heads][tile of tokens][range][lane]; with 64 heads the first range's stay with their team.
        u32x4* mine = exchange + D::EXCHANGE * head_tile;
        constexpr int LEFT = D::RANGES - HEAD_TILES / 4;
        if (HEAD_TILES < 4 || !weighs)
#pragma unroll
            for (int j = 0; j < PART_TILES; j++)
                mine[(LEFT * (first_tile + j) + range + LEFT - D::RANGES) * LANES + lane] = {
                    bits_of(scores[j][0]), bits_of(scores[j][1]), bits_of(scores[j][2]), bits_of(scores[j][3])};
        barrier();
        if (weighs) {
#pragma unroll
            for (int j = 0; j < TOKEN_TILES; j++) {
                if (HEAD_TILES < 4) scores[j][0] = scores[j][1] = scores[j][2] = scores[j][3] = 0.0f;
#pragma unroll
                for (int r = 0; r < LEFT; r++) {
                    u32x4 part = mine[(LEFT * j + r) * LANES + lane];
#pragma unroll
                    for (int n = 0; n < 4; n++) scores[j][n] += float_of(word_of(part, n));
                }
            }
            // A team's weights take the place of parts that it alone has read.
            team_barrier();
            weigh<F, PARTS>(scores, scoring, span, first_page * PAGE_TOKENS, scales, lane, state, mine,
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
            u32x4 weights[HEAD_TILES][PARTS];
#pragma unroll
            for (int m = 0; m < HEAD_TILES; m++)
#pragma unroll
                for (int p = 0; p < PARTS; p++)
                    weights[m][p] = exchange[D::EXCHANGE * m + (p * (STEP_TOKENS / 16) + k) * LANES + lane];
#pragma unroll
            for (int n = 0; n < COLUMN_TILES; n += 2) {
                int chunk = COLUMN_TILES * team + n + (lane >> 4);
                u32x4 values = load_transposed_matrices(&latents[latent_index(16 * k + (lane & 15), chunk)]);
#pragma unroll
                for (int m = 0; m < HEAD_TILES; m++)
#pragma unroll
                    for (int p = 0; p < PARTS; p++) {
                        const u32x4& w = weights[m][p];
                        multiply<F>(outputs[m][n], w.x, w.y, w.z, w.w, values.x, values.y);
                        multiply<F>(outputs[m][n + 1], w.x, w.y, w.z, w.w, values.z, values.w);
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
// Two blocks of 16 heads: while the one waits for its softmax, which one team does, the other multiplies.
#define LATENT_MMA(name, format, heads)                                                 \
    KERNEL MAX_THREADS_MIN_BLOCKS(LATENT_THREADS, heads == 16 ? 2 : 1)                  \
    void attention_latent_mma_##name##_d576_h##heads(const AttentionArgs a) {           \
        attention_latent_mma<format, heads / 16>(a);                                    \
    }
#else
#define LATENT_MMA(name, format, heads)
#endif

#define ATTENTION_LATENT(name, format) ATTENTION_LATENT_OF(name, format)
#define ATTENTION_LATENT_OF(name, format)                                         \
    LATENT_MMA(name, format, 16) LATENT_MMA(name, format, 32) LATENT_MMA(name, format, 64) \
    KERNEL MAX_THREADS(FMA_THREADS) void attention_latent_fma_##name(const AttentionArgs a) { attention_fma<format, true, 4>(a); }

ATTENTION_LATENT(FORMAT_NAME, FORMAT)
