// Attention of one new token of each sequence over its paged cache, query heads in groups that share keys and values.
//
// Shapes: q [token][heads][D] and out [token][heads][D] in bfloat16, the cache in one of four formats (README.md: its pages).
// Bytes: keys and values of the span once, where a group is not wider than a block's heads; q and out. Bounded by memory.
//
// A block takes up to 8 or 16 heads of a group, one token and a split of its span. Its 4 teams take turns at steps of 32 tokens
// (codes of 16 bits) or 64 (8 bits), and their sums meet in shared memory. Keys and values lie in the cache as matrix instructions
// want operand B, so that 16 bytes of a lane go to them as they are, two words each time:
//   scores  S = Q K': 8 tokens are the columns. Lane 4g + t holds 16 bytes of a token's key, chunk t of every four, as the order
//     along D is free where queries follow it. Which token is column g of tile r is free as well; it is
//   values  O = W V: the token whose weight lane 4g + t has there: it holds 16 bytes of column d = g of the transposed values, the
//     step's 8 (or 16) tokens from 8t (16t). So columns 2t and 2t + 1 of S's tile r are the tokens of pair r of those codes, and
//     what a lane has of S becomes operand A where it lies. See token_of().
// Rows are heads, 8 to 15 too with 16 of them. Weights are a sum of two bfloat16 numbers each, or one binary16: 16 or 11 bits. With 8
// heads the second numbers are rows 8 to 15. Codes become binary16 for fp16 and, from sm_90 on, fp8; queries beyond 65504 would
// overflow there. A lane has one head's scores (two of 16 heads): largest scores and sums meet over its four neighbours alone.
//
// Loads. A step's keys and values are pieces of four loads of 16 bytes a lane, which go to shared memory without the registers'
// help: to places of the lane that reads them, so that nobody waits but for its own. SLOTS pieces are on their way or read at a
// time, 6 to 10 KiB a team; registers for 3 blocks (2 and 4: attention_blocks()) make that 12 teams of an SM.
// The first pieces are asked for before earlier kernels end, unless the newest token's page is among them.
// Bytes that do not count are not asked for: lanes whose token lies outside of the span read the nearest one inside of the same
// page, 8-token pieces likewise. Tokens outside get no score, and their values are set to zero, for they may be no numbers.
//
//   attention_mma_FORMAT_dD_h8 … h16: D = 64, 96, 128, 256; q on 16 bytes
//   attention_fma_FORMAT: any D (include/attention_fma.h)
// Launch: x splits, y KV heads x chunks of heads (fma: x passes of columns), z tokens; 128 threads.
#include "include/attention_fma.h"
#include "include/attention_mma.h"

#ifdef HAS_MATRIX_INSTRUCTIONS
template <int F, int D, int HEAD_HALVES>
DEVICE void attention_mma(const AttentionArgs& args) {
    using S = Shape<F, D, HEAD_HALVES>;
    constexpr int TEAMS_HERE = ATTENTION_TEAMS;
    SHARED static u32x4 team_memory[TEAMS_HERE * S::TEAM_BYTES / 16];
    SHARED static u32x4 queries[2 * S::QUERIES * LANES];
    SHARED static float softmax[TEAMS_HERE * S::HEADS * 2];
    SHARED static float shares[TEAMS_HERE * S::HEADS];
    static_assert(sizeof(team_memory) + sizeof(queries) + sizeof(softmax) + sizeof(shares) <= BLOCK_MEMORY, "too much memory");
    AttentionArgs a = args;
    let_next_kernel_start();
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

    u32 ring = block_memory_address(team_memory) + team * S::TEAM_BYTES;
    u32 scales = ring + S::SLOTS * S::PIECE_BYTES;
    u32 scales_turn = 0;
    u32 slot = ring + 16 * lane;
    Place place = {};
    int step = steps.begin + team;
    // Kernels of a step write the newest token alone, so that only the step with its page must wait for them.
    bool is_early = span.first_page + (step + 1) * S::PAGES <= span.last_page;
#pragma nounroll
    for (int turn = 0; turn < 2; turn++) {
        if (turn == 1) wait_for_earlier_kernels();
        if (step >= steps.end || is_early != (turn == 0)) continue;
        int key_number = smaller(span.first_page + step * S::PAGES + key_turn, span.last_page);
        int value_number = smaller(span.first_page + step * S::PAGES + value_turn, span.last_page);
        place = place_of<S>(a, span, cache, cache_page(a, span, key_number), key_number, cache_page(a, span, value_number),
                            value_number, lane);
        if (F == INT8) start_token_scales(place.keys + S::SCALES_AT, lane, scales);
#pragma unroll
        for (int i = 0; i < S::SLOTS; i++) {
            start_piece<F, S>(place, i, lane, slot + i * S::PIECE_BYTES);
            end_group_of_copies();
        }
    }

    for (int i = team; i < S::QUERIES; i += TEAMS_HERE) {
        int part = i % S::QUERY_PARTS, quad = i / S::QUERY_PARTS;
        const bf16_bits* q = a.q + (u64)token * a.q_stride + (u64)(first_head + g) * D;
        u32x4 low = load_query_part<F, S>(q, quad, part, lane, g < rows), high = {0, 0, 0, 0};
        if (HEAD_HALVES == 2) high = load_query_part<F, S>(q + 8 * D, quad, part, lane, g + 8 < rows);
        queries[2 * i * LANES + lane] = {low.x, high.x, low.y, high.y};
        queries[(2 * i + 1) * LANES + lane] = {low.z, high.z, low.w, high.w};
    }
    barrier();

    float largest[HEAD_HALVES], sums[HEAD_HALVES];
#pragma unroll
    for (int h = 0; h < HEAD_HALVES; h++) {
        largest[h] = NO_SCORE;
        sums[h] = 0.0f;
    }
    float outputs[S::COLUMN_TILES][4] = {};

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
        Place next = place;

        float scores[S::TILES][4] = {};
        u32x4 weights[S::TILES / 2][S::WEIGHTS];
        u32 counting[4];
        unrolled<S::PIECES>([&](auto number) INLINE {
            constexpr int piece = decltype(number)::value;
            wait_for_copies<S::SLOTS - 1>();
            if constexpr (piece < S::KEY_PIECES) {
                constexpr int quad = piece * S::PIECE / S::TILES, first_tile = piece * S::PIECE % S::TILES;
                u32x4 q[S::PRODUCTS];
#pragma unroll
                for (int i = 0; i < S::PRODUCTS; i++)
                    q[i] = load_block_memory16(&queries[(quad * S::PRODUCTS + i) * LANES + lane]);
#pragma unroll
                for (int i = 0; i < S::PIECE; i++) {
                    u32 pairs[S::TILES];
                    code_pairs<F>(load_block_memory16(slot + i * COPY_BYTES), pairs);
#pragma unroll
                    for (int j = 0; j < S::PRODUCTS; j++)
                        multiply<F>(scores[first_tile + i], q[j].x, q[j].y, q[j].z, q[j].w, pairs[2 * j], pairs[2 * j + 1]);
                }
            } else {
                constexpr int first_tile = (piece - S::KEY_PIECES) * S::PIECE;
                u32x4 codes[S::PIECE];
#pragma unroll
                for (int i = 0; i < S::PIECE; i++) codes[i] = load_block_memory16(slot + i * COPY_BYTES);
                if (!whole) {
#pragma unroll
                    for (int i = 0; i < S::PIECE; i++)
                        codes[i] = {codes[i].x & counting[0], codes[i].y & counting[1], codes[i].z & counting[2],
                                    codes[i].w & counting[3]};
                }
#pragma unroll
                for (int i = 0; i < S::PIECE; i++) {
                    u32 pairs[S::TILES];
                    code_pairs<F>(codes[i], pairs);
#pragma unroll
                    for (int r = 0; r < S::TILES; r += 2)
#pragma unroll
                        for (int p = 0; p < S::WEIGHTS; p++) {
                            const u32x4& w = weights[r / 2][p];
                            multiply<F>(outputs[first_tile + i], w.x, w.y, w.z, w.w, pairs[r], pairs[r + 1]);
                        }
                }
            }

            // The slot has been read before it is written anew.
            team_barrier();
            constexpr int ahead = piece + S::SLOTS;
            if constexpr (ahead < S::PIECES) {
                start_piece<F, S>(place, ahead, lane, slot);
            } else if (goes_on) {
                if constexpr (ahead == S::PIECES) {
                    next = place_of<S>(a, span, cache, key_page, key_number, value_page, value_number, lane);
                    if (F == INT8) start_token_scales(next.keys + S::SCALES_AT, lane, scales + S::SCALE_BYTES - scales_turn);
                }
                start_piece<F, S>(next, ahead - S::PIECES, lane, slot);
            }
            end_group_of_copies();
            if constexpr (S::PIECES % S::SLOTS == 0) {
                slot = ring + 16 * lane + (piece + 1) % S::SLOTS * S::PIECE_BYTES;
            } else {
                slot += S::PIECE_BYTES;
                if (slot >= ring + S::SLOTS * S::PIECE_BYTES) slot -= S::SLOTS * S::PIECE_BYTES;
            }

            if constexpr (piece == S::KEY_PIECES - 1) {
                if (!whole)
#pragma unroll
                    for (int i = 0; i < 4; i++)
                        counting[i] = counting_codes<F>(span, first_token + codes_in_16(F) * t, i);
                weigh<F, S>(scores, scoring, span, first_token, whole, scales + scales_turn, t, largest, sums, outputs, weights);
            }
        });
        place = next;
        scales_turn = S::SCALE_BYTES - scales_turn;
    }

    // What the team's lanes have read makes place for its results.
    team_barrier();
    float* results = (float*)team_memory;
    float* mine = results + team * S::TEAM_BYTES / 4;
#pragma unroll
    for (int h = 0; h < HEAD_HALVES; h++) {
        int row = 8 * h + g;
        for (int mask = 1; mask < 4; mask *= 2) sums[h] += shuffle_xor(sums[h], mask);
        if (t == 0) {
            softmax[2 * (team * S::HEADS + row)] = largest[h];
            softmax[2 * (team * S::HEADS + row) + 1] = sums[h];
        }
#pragma unroll
        for (int tile = 0; tile < S::COLUMN_TILES; tile++)
#pragma unroll
            for (int j = 0; j < 2; j++) {
                float value = outputs[tile][2 * h + j];
                if (HEAD_HALVES == 1 && S::SECOND_ROWS) value += outputs[tile][2 + j];
                mine[row * S::RESULT_ROW + 8 * tile + 2 * t + j] = value;
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
        for (int j = 0; j < TEAMS_HERE; j++)
            value += shares[j * S::HEADS + row] * results[j * (S::TEAM_BYTES / 4) + row * S::RESULT_ROW + d];
        if (a.splits == 1)
            result_of(a, token, first_head + row)[d] = bf16_of(value);
        else
            partial_sums(a, partial_index(a, token, first_head + row, block_x()))[d] = value;
    }
}
#endif

#ifdef HAS_MATRIX_INSTRUCTIONS
#define ATTENTION_MMA(name, format, d, heads)                                                               \
    KERNEL MAX_THREADS_MIN_BLOCKS(ATTENTION_TEAMS* LANES, attention_blocks(format, d, heads))               \
    void attention_mma_##name##_d##d##_h##heads(const AttentionArgs a) {                                    \
        attention_mma<format, d, heads / 8>(a);                                                             \
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
