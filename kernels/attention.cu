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

#ifdef HAS_MATRIX_INSTRUCTIONS
constexpr int ATTENTION_TEAMS = 4;

template <int F, int D, int HEAD_TILES>
struct Shape {
    static constexpr int BYTES = code_bytes(F);
    static constexpr int HEADS = 8 * HEAD_TILES;
    static constexpr int GROUPS = pairs_in_16(F);             // 8-row groups of a step; pairs in 16 bytes
    static constexpr int TOKENS = 8 * GROUPS;
    static constexpr int PAGES = TOKENS / PAGE_TOKENS;
    static constexpr int KEY_ROW = D * BYTES;
    static constexpr int CHUNKS = KEY_ROW / 16;
    static constexpr int QUADS = (CHUNKS + 3) / 4;
    static constexpr int VALUE_ROW = PAGE_TOKENS * BYTES;
    static constexpr int VALUES_AT = PAGE_TOKENS * KEY_ROW;
    static constexpr int SCALES_AT = 2 * VALUES_AT;
    static constexpr int KEY_UNITS = GROUPS / 2 * QUADS;
    static constexpr int VALUE_UNITS = D / 16;
    static constexpr int PIECE = HEAD_TILES > 1 ? 4 : D > 128 ? 6 : 8;
    static constexpr int KEY_PIECES = (KEY_UNITS + PIECE - 1) / PIECE;
    static constexpr int VALUE_PIECES = (VALUE_UNITS + PIECE - 1) / PIECE;
    static constexpr int PIECES = KEY_PIECES + VALUE_PIECES;
    static constexpr int QUERY_PARTS = 2 / BYTES;             // of 8 elements in a chunk
    static constexpr int QUERIES = HEAD_TILES * QUADS * QUERY_PARTS;
    static constexpr int RESULT_ROW = D + 4;
    static constexpr int WEIGHT_PARTS = weight_parts(F);
    static_assert(D % 16 == 0 && PIECES % 2 == 0, "a shape that the kernel's loops do not fit");
};

// Row g of 8-row group r is this token of a step.
template <int F>
DEVICE int token_of(int r, int g) {
    int first = codes_in_16(F) * (g >> 1);
    return g & 1 ? first + place_in_16<F>(r, 1) : first + place_in_16<F>(r, 0);
}

// What a lane reads in a step.
struct Place {
    const u8* keys;    // of its page, from its chunk
    const u8* values;  // of its page and its tokens, from its row
    int low;           // tokens of the page that it may read
    int high;
};

template <typename S>
DEVICE Place place_of(const AttentionArgs& a, const Span& span, const u8* cache, int key_page, int key_number, int value_page,
                      int value_number, int lane) {
    int t = lane & 3;
    Place p;
    p.low = key_number == span.first_page ? span.first % PAGE_TOKENS : 0;
    p.high = key_number == span.last_page ? (span.end - 1) % PAGE_TOKENS : PAGE_TOKENS - 1;
    p.keys = cache + key_page * a.page_bytes;
    p.values = cache + value_page * a.page_bytes + S::VALUES_AT + (lane >> 2) * S::VALUE_ROW;
    if (S::BYTES == 2) {
        int first = value_number == span.first_page ? span.first % PAGE_TOKENS / 8 : 0;
        int last = value_number == span.last_page ? (span.end - 1) % PAGE_TOKENS / 8 : 1;
        p.values += 16 * clamped(t & 1, first, last);
    }
    return p;
}

template <int F, typename S>
DEVICE void load_key_unit(const Place& p, int unit, int lane, u32x4& even, u32x4& odd) {
    int pair = unit / S::QUADS, quad = unit % S::QUADS;
    int g = lane >> 2, t = lane & 3;
    // Where the last four chunks are not four, lanes read one twice; the query is zero there.
    int chunk = 4 * quad + 3 < S::CHUNKS ? 4 * quad + t : smaller(4 * quad + t, S::CHUNKS - 1);
    int row_even = clamped(token_of<F>(2 * pair, g) % PAGE_TOKENS, p.low, p.high);
    int row_odd = clamped(token_of<F>(2 * pair + 1, g) % PAGE_TOKENS, p.low, p.high);
    even = load_stream16(p.keys + row_even * S::KEY_ROW + 16 * chunk);
    odd = load_stream16(p.keys + row_odd * S::KEY_ROW + 16 * chunk);
}

template <int F, typename S>
DEVICE void load_piece(const Place& p, int piece, int lane, u32x4 (&buffer)[2 * S::PIECE]) {
#pragma unroll
    for (int i = 0; i < S::PIECE; i++) {
        if (piece < S::KEY_PIECES) {
            int unit = piece * S::PIECE + i;
            if (unit < S::KEY_UNITS) load_key_unit<F, S>(p, unit, lane, buffer[2 * i], buffer[2 * i + 1]);
        } else {
            int unit = (piece - S::KEY_PIECES) * S::PIECE + i;
            if (unit < S::VALUE_UNITS) {
                buffer[2 * i] = load_stream16(p.values + 16 * unit * S::VALUE_ROW);
                buffer[2 * i + 1] = load_stream16(p.values + (16 * unit + 8) * S::VALUE_ROW);
            }
        }
    }
}

// Part `part` of the queries' chunk 4 quad + t, as pairs in the order of the codes' pairs.
template <int F, typename S>
DEVICE u32x4 load_query_part(const bf16_bits* q, int quad, int part, int lane, bool exists) {
    int chunk = 4 * quad + (lane & 3);
    u32x4 v = {0, 0, 0, 0};
    if (!exists || chunk >= S::CHUNKS) return v;
    v = query_pairs<F>(load_shared_by_blocks16(q + chunk * codes_in_16(F) + 8 * part));
    if (!in_order(F))
        v = {permute_bytes(v.x, v.y, 0x7632), permute_bytes(v.x, v.y, 0x5410), permute_bytes(v.z, v.w, 0x7632),
             permute_bytes(v.z, v.w, 0x5410)};
    return v;
}

// The 8 x 8 matrix of 16-bit numbers of which lane 4g + t holds row g, columns 2t and 2t + 1, the other way round.
DEVICE u32 transposed(u32 pair, int lane) {
    int source = 8 * (lane & 3) + (lane >> 3);
    return permute_bytes(shuffle(pair, source), shuffle(pair, source + 4), lane & 4 ? 0x7632 : 0x5410);
}

// Ones where the codes in word i of the lane's values are of tokens that count; `first` is the token of the lane's first code.
template <int F>
DEVICE u32 counting_codes(const Span& span, int first, int i) {
    constexpr int CODES = 4 / code_bytes(F);
    u32 mask = 0;
#pragma unroll
    for (int j = 0; j < CODES; j++) {
        int token = first + CODES * i + j;
        u32 ones = code_bytes(F) == 2 ? 0xffffu : 0xffu;
        if (token >= span.first && token < span.end) mask |= ones << (8 * code_bytes(F) * j);
    }
    return mask;
}

// Scales of int8: word j holds those of tokens 4j + 2e and 4j + 2e + 1 of the lane's page, where e = g % 2, so that the token
// of 8-row group r has half 1 - r % 2 of word r / 2.
struct TokenScales {
    u32 words[4];
};

DEVICE TokenScales load_token_scales(const u8* scales, int g) {
    TokenScales s;
#pragma unroll
    for (int j = 0; j < 4; j++) s.words[j] = load_stream4(scales + 8 * j + 4 * (g & 1));
    return s;
}
DEVICE float scale_of(const TokenScales& s, int r) {
    return float_of_fp16(r % 2 ? s.words[r / 2] & 0xffff : s.words[r / 2] >> 16);
}

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
    Steps steps = steps_of(a, span, S::PAGES);
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
        TokenScales key_scales, value_scales;
        if (F == INT8) {
            key_scales = load_token_scales(place.keys + S::SCALES_AT, g);
            value_scales = load_token_scales(place.keys + S::SCALES_AT + 2 * PAGE_TOKENS, g);
        }
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
