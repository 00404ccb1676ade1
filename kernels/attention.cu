// Attention of one new token of each sequence over its paged cache, query heads in groups that share keys and values.
//
// Shapes: q [token][heads][D] and out [token][heads][D] in bfloat16, the cache in one of four formats (README.md: its pages).
// Bytes: keys and values of the span once, where a group is not wider than a block's heads; q and out. Bounded by memory.
//
// A block takes up to 8 or 16 heads of a group, one token and a split of its span. Its 4 teams take turns at steps of 32 tokens
// (codes of 16 bits) or 64 (8 bits), and their sums meet in shared memory. Keys and values go from the cache to the registers where
// matrix instructions want them:
//   scores  S = K Q': 16 tokens are the rows. Lane 4g + t holds 16 bytes of a token's key, chunk t of every four, as the order
//     along D is free where queries follow it. Which token is row g of the step's 8-row group r is free as well; it is
//   values  O' = V' W': the token whose weight lane 4(g / 2) + g % 2 … wants: lane 4g + t holds 16 bytes of row d = g of the
//     transposed values, the step's 8 (or 16) tokens from 8t (16t). Transposing the 8 x 8 weights of each 8-row group r then gives
//     the weights of pair r of the lane's codes. See token_of().
// Weights are a sum of two bfloat16 numbers each, or one binary16: 16 or 11 bits. The second product costs nothing here. Codes become
// binary16 for fp16 and, from sm_90 on, fp8; queries beyond 65504 would overflow there.
// Largest scores and sums are of the heads 2t and 2t + 1, as are the columns of S and of O': nothing to exchange.
//
// Loads. The step's keys are KEY_UNITS pairs of 16-byte loads, its values VALUE_UNITS; they come in pieces of at most PIECE units into
// two register buffers in turn, each refilled as soon as it is used: 4 to 16 KiB in flight a team, 8 to 12 teams an SM.
// Bytes that do not count are not asked for: lanes whose token lies outside of the span read the nearest one inside of the same
// page, 8-token pieces likewise. Tokens outside get no score, and their values are set to zero, for they may be no numbers.
//
//   attention_mma_FORMAT_dD_h8 … h16: D = 64, 96, 128, 256; q on 16 bytes
//   attention_fma_FORMAT: any D (include/attention_fma.h)
// Launch: x splits, y KV heads x chunks of heads (fma: x passes of columns), z tokens; 128 threads.
#include "include/attention_fma.h"
#include "include/attention_mma.h"

#ifdef HAS_MATRIX_INSTRUCTIONS
template <int F, int D, int HEAD_TILES>
DEVICE void attention_mma(const AttentionArgs& args) {
    using S = Shape<F, D, HEAD_TILES>;
    constexpr int TEAMS_HERE = ATTENTION_TEAMS;
    SHARED static u32x4 queries[S::QUERIES * LANES];
    SHARED static float results[TEAMS_HERE * S::HEADS * S::RESULT_ROW];
    SHARED static float softmax[TEAMS_HERE * S::HEADS * 2];
    SHARED static float shares[TEAMS_HERE * S::HEADS];
    AttentionArgs a = args;
    let_next_kernel_start();
    wait_for_earlier_kernels();
    int lane = lane_index(), team = team_index();
    int g = lane >> 2, t = lane & 3;
    int token = block_z();
    int group = a.heads / a.kv_heads;
    int head_chunks = divided_up(group, S::HEADS);
    int kv_head = block_y() / head_chunks;
    int first_row = block_y() % head_chunks * S::HEADS;
    int first_head = kv_head * group + first_row;
    int rows = smaller(S::HEADS, group - first_row);

    Span span = span_of(a, token);
    Steps steps = steps_of(a, divided_up(pages_of(span), S::PAGES));
    Scoring scoring = scoring_of(a);
    const u8* cache = a.cache + (u64)kv_head * a.head_bytes;
    // The pages of a step that this lane's keys and values are in.
    int key_turn = S::BYTES == 2 ? g >> 2 : g >> 1;
    int value_turn = S::BYTES == 2 ? t >> 1 : t;

    u32x4 buffers[2][2 * S::PIECE] = {};
    Place place = {};
    int step = steps.begin + team;
    if (step < steps.end) {
        int key_number = smaller(span.first_page + step * S::PAGES + key_turn, span.last_page);
        int value_number = smaller(span.first_page + step * S::PAGES + value_turn, span.last_page);
        place = place_of<S>(a, span, cache, cache_page(a, span, key_number), key_number, cache_page(a, span, value_number),
                            value_number, lane);
        load_piece<F, S>(place, 0, lane, buffers[0]);
        load_piece<F, S>(place, 1, lane, buffers[1]);
    }

    for (int i = team; i < S::QUERIES; i += TEAMS_HERE) {
        int part = i % S::QUERY_PARTS, quad = i / S::QUERY_PARTS % S::QUADS, tile = i / S::QUERY_PARTS / S::QUADS;
        int row = 8 * tile + g;
        const bf16_bits* q = a.q + (u64)token * a.q_stride + (u64)(first_head + row) * D;
        queries[i * LANES + lane] = load_query_part<F, S>(q, quad, part, lane, row < rows);
    }
    barrier();

    float largest[HEAD_TILES][2], sums[HEAD_TILES][2];
#pragma unroll
    for (int h = 0; h < HEAD_TILES; h++)
#pragma unroll
        for (int j = 0; j < 2; j++) {
            largest[h][j] = NO_SCORE;
            sums[h][j] = 0.0f;
        }
    float outputs[HEAD_TILES][S::VALUE_UNITS][4] = {};

    for (; step < steps.end; step += TEAMS_HERE) {
        int first_token = (span.first_page + step * S::PAGES) * PAGE_TOKENS;
        bool whole = first_token >= span.first && first_token + S::TOKENS <= span.end;
        bool goes_on = step + TEAMS_HERE < steps.end;
        int next_first_page = span.first_page + (step + TEAMS_HERE) * S::PAGES;
        int key_number = smaller(next_first_page + key_turn, span.last_page);
        int value_number = smaller(next_first_page + value_turn, span.last_page);
        int key_page = 0, value_page = 0;
        if (goes_on) {
            key_page = cache_page(a, span, key_number);
            value_page = cache_page(a, span, value_number);
        }
        u32x4 scales;
        if (F == INT8) scales = load_token_scales(place.keys + S::SCALES_AT, t);
        Place next = place;

        float scores[HEAD_TILES][S::GROUPS / 2][4] = {};
        u32 weights[HEAD_TILES][S::WEIGHT_PARTS][S::GROUPS];
        unrolled<S::PIECES>([&](auto number) INLINE {
            constexpr int piece = decltype(number)::value;
            u32x4(&buffer)[2 * S::PIECE] = buffers[piece % 2];
            if constexpr (piece < S::KEY_PIECES) {
#pragma unroll
                for (int i = 0; i < S::PIECE; i++) {
                    int unit = piece * S::PIECE + i;
                    if (unit >= S::KEY_UNITS) break;
                    int pair = unit / S::QUADS, quad = unit % S::QUADS;
                    u32 even[S::GROUPS], odd[S::GROUPS];
                    code_pairs<F>(buffer[2 * i], even);
                    code_pairs<F>(buffer[2 * i + 1], odd);
#pragma unroll
                    for (int h = 0; h < HEAD_TILES; h++)
#pragma unroll
                        for (int part = 0; part < S::QUERY_PARTS; part++) {
                            u32x4 q = load_block_memory16(&queries[((h * S::QUADS + quad) * S::QUERY_PARTS + part) * LANES + lane]);
                            float(&score)[4] = scores[h][pair];
                            multiply<F>(score, even[4 * part], odd[4 * part], even[4 * part + 1], odd[4 * part + 1], q.x, q.y);
                            multiply<F>(score, even[4 * part + 2], odd[4 * part + 2], even[4 * part + 3], odd[4 * part + 3], q.z, q.w);
                        }
                }
            } else {
                if (!whole) {
                    int lanes_first = first_token + codes_in_16(F) * t;
                    u32 m0 = counting_codes<F>(span, lanes_first, 0), m1 = counting_codes<F>(span, lanes_first, 1);
                    u32 m2 = counting_codes<F>(span, lanes_first, 2), m3 = counting_codes<F>(span, lanes_first, 3);
#pragma unroll
                    for (int i = 0; i < 2 * S::PIECE; i++)
                        buffer[i] = {buffer[i].x & m0, buffer[i].y & m1, buffer[i].z & m2, buffer[i].w & m3};
                }
#pragma unroll
                for (int i = 0; i < S::PIECE; i++) {
                    int unit = (piece - S::KEY_PIECES) * S::PIECE + i;
                    if (unit >= S::VALUE_UNITS) break;
                    u32 low[S::GROUPS], high[S::GROUPS];
                    code_pairs<F>(buffer[2 * i], low);
                    code_pairs<F>(buffer[2 * i + 1], high);
#pragma unroll
                    for (int h = 0; h < HEAD_TILES; h++)
#pragma unroll
                        for (int p = 0; p < S::WEIGHT_PARTS; p++)
#pragma unroll
                            for (int r = 0; r < S::GROUPS; r += 2)
                                multiply<F>(outputs[h][unit], low[r], high[r], low[r + 1], high[r + 1], weights[h][p][r],
                                            weights[h][p][r + 1]);
                }
            }

            if constexpr (piece + 2 < S::PIECES) {
                load_piece<F, S>(place, piece + 2, lane, buffer);
            } else if (goes_on) {
                if (piece + 2 == S::PIECES)
                    next = place_of<S>(a, span, cache, key_page, key_number, value_page, value_number, lane);
                load_piece<F, S>(next, piece + 2 - S::PIECES, lane, buffer);
            }

            if constexpr (piece == S::KEY_PIECES - 1) {
                u32 key_scales[4], value_scales[4];
                if (F == INT8) {
                    TokenScales own = token_scales(scales, g);
                    exchange_scales(own, 0, g, key_scales);
                    exchange_scales(own, 1, g, value_scales);
                }
                // Scores of row g of each 8-row group for the heads 2t and 2t + 1.
#pragma unroll
                for (int h = 0; h < HEAD_TILES; h++) {
                    float all[2] = {largest[h][0], largest[h][1]};
#pragma unroll
                    for (int r = 0; r < S::GROUPS; r++) {
                        float scale = F == INT8 ? scale_of(key_scales, r) : 1.0f;
                        int number = first_token + token_of<F>(r, g);
                        bool counts = whole || (number >= span.first && number < span.end);
#pragma unroll
                        for (int j = 0; j < 2; j++) {
                            float& score = scores[h][r / 2][r % 2 * 2 + j];
                            score = counts ? score_of(scoring, score, scale) : NO_SCORE;
                            all[j] = larger(all[j], score);
                        }
                    }
                    float factor[2];
#pragma unroll
                    for (int j = 0; j < 2; j++) {
                        for (int mask = 4; mask < LANES; mask *= 2) all[j] = larger(all[j], shuffle_xor(all[j], mask));
                        factor[j] = exp2_of(largest[h][j] - all[j]);
                        largest[h][j] = all[j];
                        sums[h][j] *= factor[j];
                    }
#pragma unroll
                    for (int r = 0; r < S::GROUPS; r++) {
                        float weight[2];
#pragma unroll
                        for (int j = 0; j < 2; j++) {
                            weight[j] = exp2_of(scores[h][r / 2][r % 2 * 2 + j] - all[j]);
                            sums[h][j] += weight[j];
                            // A token outside has weight zero, and its scale may be no number.
                            if (F == INT8) weight[j] = weight[j] > 0.0f ? weight[j] * scale_of(value_scales, r) : 0.0f;
                        }
#pragma unroll
                        for (int p = 0; p < S::WEIGHT_PARTS; p++) {
                            u32 pair = pack_weights<F>(weight[0], weight[1]);
                            weights[h][p][r] = transposed(pair, lane);
                            weight[0] -= low_bf16(pair);
                            weight[1] -= high_bf16(pair);
                        }
                    }
#pragma unroll
                    for (int unit = 0; unit < S::VALUE_UNITS; unit++)
#pragma unroll
                        for (int j = 0; j < 4; j++) outputs[h][unit][j] *= factor[j % 2];
                }
            }
        });
        place = next;
    }

    float* mine = results + team * S::HEADS * S::RESULT_ROW;
#pragma unroll
    for (int h = 0; h < HEAD_TILES; h++)
#pragma unroll
        for (int j = 0; j < 2; j++) {
            int row = 8 * h + 2 * t + j;
            for (int mask = 4; mask < LANES; mask *= 2) sums[h][j] += shuffle_xor(sums[h][j], mask);
            if (g == 0) {
                softmax[2 * (team * S::HEADS + row)] = largest[h][j];
                softmax[2 * (team * S::HEADS + row) + 1] = sums[h][j];
            }
#pragma unroll
            for (int unit = 0; unit < S::VALUE_UNITS; unit++) {
                mine[row * S::RESULT_ROW + 16 * unit + g] = outputs[h][unit][j];
                mine[row * S::RESULT_ROW + 16 * unit + 8 + g] = outputs[h][unit][2 + j];
            }
        }
    barrier();

    int thread = thread_index();
    if (thread < rows) {
        int head = first_head + thread;
        float all = NO_SCORE, sum = 0.0f;
#pragma unroll
        for (int i = 0; i < TEAMS_HERE; i++) all = larger(all, softmax[2 * (i * S::HEADS + thread)]);
        float part[TEAMS_HERE];
#pragma unroll
        for (int i = 0; i < TEAMS_HERE; i++) {
            float total = softmax[2 * (i * S::HEADS + thread) + 1];
            part[i] = total > 0.0f ? exp2_of(softmax[2 * (i * S::HEADS + thread)] - all) : 0.0f;
            sum += part[i] * total;
        }
        float factor = 1.0f;
        if (a.splits == 1) {
            factor = result_factor(a, head, all, sum);
        } else {
            float* softmax_out = partial_softmax(a, partial_index(a, token, head, block_x()));
            softmax_out[0] = all;
            softmax_out[1] = sum;
        }
#pragma unroll
        for (int i = 0; i < TEAMS_HERE; i++) shares[i * S::HEADS + thread] = part[i] * factor;
    }
    barrier();

    for (int i = thread; i < rows * D; i += TEAMS_HERE * LANES) {
        int row = i / D, d = i % D;
        float value = 0.0f;
#pragma unroll
        for (int j = 0; j < TEAMS_HERE; j++) value += shares[j * S::HEADS + row] * results[(j * S::HEADS + row) * S::RESULT_ROW + d];
        if (a.splits == 1)
            result_of(a, token, first_head + row)[d] = bf16_of(value);
        else
            partial_sums(a, partial_index(a, token, first_head + row, block_x()))[d] = value;
    }
}
#endif

#ifdef HAS_MATRIX_INSTRUCTIONS
#define ATTENTION_MMA(name, format, d, heads)                                                                 \
    KERNEL MAX_THREADS(ATTENTION_TEAMS* LANES) void attention_mma_##name##_d##d##_h##heads(const AttentionArgs a) { \
        attention_mma<format, d, heads / 8>(a);                                                               \
    }
#else
#define ATTENTION_MMA(name, format, d, heads)
#endif
#define ATTENTION_FMA(name, format) \
    KERNEL MAX_THREADS(FMA_THREADS) void attention_fma_##name(const AttentionArgs a) { attention_fma<format, false, 2>(a); }
#define ATTENTION(name, format) ATTENTION_OF(name, format)
#define ATTENTION_OF(name, format)                                                                              \
    ATTENTION_MMA(name, format, 64, 8) ATTENTION_MMA(name, format, 96, 8) ATTENTION_MMA(name, format, 128, 8)    \
    ATTENTION_MMA(name, format, 128, 16) ATTENTION_MMA(name, format, 256, 8) ATTENTION_FMA(name, format)

// One module a format: a driver compiles only what a run needs.
ATTENTION(FORMAT_NAME, FORMAT)
