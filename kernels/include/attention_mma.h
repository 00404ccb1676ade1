// How keys and values come from the cache to the registers of matrix instructions, and with them queries and int8's scales:
// attention.cu says why they lie so.
#pragma once
#include "attention.h"

#ifdef HAS_MATRIX_INSTRUCTIONS
constexpr int ATTENTION_TEAMS = 4;
constexpr int COPY_BYTES = 16 * LANES;  // a load of 16 bytes by a team
constexpr int BLOCK_MEMORY = 48 * 1024;

template <int F, int D, int HEAD_HALVES>
struct Shape {
    static constexpr int BYTES = code_bytes(F);
    static constexpr int HEADS = 8 * HEAD_HALVES;
    static constexpr int TILES = pairs_in_16(F);              // of 8 tokens, in a step; pairs in 16 bytes
    static constexpr int TOKENS = 8 * TILES;
    static constexpr int PAGES = TOKENS / PAGE_TOKENS;
    static constexpr int KEY_ROW = D * BYTES;
    static constexpr int CHUNKS = KEY_ROW / 16;
    static constexpr int QUADS = (CHUNKS + 3) / 4;
    static constexpr int VALUE_ROW = PAGE_TOKENS * BYTES;
    static constexpr int VALUES_AT = PAGE_TOKENS * KEY_ROW;
    static constexpr int SCALES_AT = 2 * VALUES_AT;
    static constexpr int QUERY_PARTS = 2 / BYTES;             // of 8 elements in a chunk
    static constexpr int PRODUCTS = 2 * QUERY_PARTS;          // matrix instructions for a chunk
    static constexpr int QUERIES = QUADS * QUERY_PARTS;
    static constexpr int COLUMN_TILES = D / 8;                // of values
    static constexpr int WEIGHT_PARTS = weight_parts(F);
    // Rows 8 to 15 of a product are heads 8 to 15, or of the first 8 the weights' second parts, or nothing.
    static constexpr bool SECOND_ROWS = HEAD_HALVES == 2 || WEIGHT_PARTS == 2;
    static constexpr int WEIGHTS = HEAD_HALVES == 2 ? WEIGHT_PARTS : 1;

    static constexpr int PIECE = 4;                           // loads
    static constexpr int PIECE_BYTES = PIECE * COPY_BYTES;
    static constexpr int KEY_PIECES = TILES * QUADS / PIECE;
    static constexpr int VALUE_PIECES = COLUMN_TILES / PIECE;
    static constexpr int PIECES = KEY_PIECES + VALUE_PIECES;
    static constexpr int SLOTS = D > 128 ? 4 : PIECES < 5 ? PIECES : 5;  // pieces on their way
    static constexpr int SCALE_BYTES = F == INT8 ? 64 * PAGES : 0;  // of a step

    static constexpr int RESULT_ROW = D + 4;
    static constexpr int RING_BYTES = SLOTS * PIECE_BYTES + 2 * SCALE_BYTES;
    static constexpr int RESULT_BYTES = HEADS * RESULT_ROW * 4;
    static constexpr int TEAM_BYTES = RING_BYTES > RESULT_BYTES ? RING_BYTES : RESULT_BYTES;
    static_assert(D % 32 == 0 && SLOTS <= PIECES, "a shape that the kernel's loops do not fit");
};

// The token of a step that lane 4g + t holds in row g of tile r of its keys.
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

// Starts the copies of a piece of a step into the lane's places of a slot.
template <int F, typename S>
DEVICE void start_piece(const Place& p, int piece, int lane, u32 slot) {
    int g = lane >> 2, t = lane & 3;
#pragma unroll
    for (int i = 0; i < S::PIECE; i++) {
        if (piece < S::KEY_PIECES) {
            int load = piece * S::PIECE + i;
            int quad = load / S::TILES, tile = load % S::TILES;
            // Where the last four chunks are not four, lanes read one twice; the query is zero there.
            int chunk = 4 * quad + 3 < S::CHUNKS ? 4 * quad + t : smaller(4 * quad + t, S::CHUNKS - 1);
            int row = clamped(token_of<F>(tile, g) % PAGE_TOKENS, p.low, p.high);
            start_copy16(slot + i * COPY_BYTES, p.keys + row * S::KEY_ROW + 16 * chunk);
        } else {
            int tile = (piece - S::KEY_PIECES) * S::PIECE + i;
            start_copy16(slot + i * COPY_BYTES, p.values + 8 * tile * S::VALUE_ROW);
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

// The FP16 scales of int8, 64 bytes of each of the step's four pages: lane 4g + t starts the copy of 16 of them of page g / 2, as one
// whole request of the team. Lane 4g + t then wants all of page t.
DEVICE void start_token_scales(const u8* scales, int lane, u32 to) {
    if ((lane & 4) == 0) start_copy16(to + 64 * (lane >> 3) + 16 * (lane & 3), scales + 16 * (lane & 3));
}
// Those of keys (kind 0) or values (1) of the lane's 16 tokens.
DEVICE void load_token_scales(u32 scales, int kind, int t, u32x4 (&words)[2]) {
    words[0] = load_block_memory16(scales + 64 * t + 32 * kind);
    words[1] = load_block_memory16(scales + 64 * t + 32 * kind + 16);
}
DEVICE float scale_of(const u32x4 (&words)[2], int token) {
    u32 word = word_of(words[token / 8], token % 8 / 2);
    return token % 2 ? high_fp16(word) : low_fp16(word);
}

// A step's products become weights, operand A of the product with values: rows and columns of a product's result lie as its rows and
// columns do. What was summed so far is scaled to the new largest scores.
template <int F, typename S, int HALVES>
DEVICE void weigh(float (&scores)[S::TILES][4], const Scoring& scoring, const Span& span, int first_token, bool whole, u32 scales,
                  int t, float (&largest)[HALVES], float (&sums)[HALVES], float (&outputs)[S::COLUMN_TILES][4],
                  u32x4 (&weights)[S::TILES / 2][S::WEIGHTS]) {
    constexpr int NUMBERS = 2 * HALVES;  // of a lane in a tile: tokens 2t and 2t + 1 of head g, then of head g + 8
    u32x4 key_scales[2], value_scales[2];
    if (F == INT8) {
        load_token_scales(scales, 0, t, key_scales);
        load_token_scales(scales, 1, t, value_scales);
    }
#pragma unroll
    for (int r = 0; r < S::TILES; r++)
#pragma unroll
        for (int j = 0; j < NUMBERS; j++)
            scores[r][j] *= F == INT8 ? scoring.factor * scale_of(key_scales, place_in_16<F>(r, j % 2)) : scoring.factor;
    if (scoring.cap != 0.0f)
#pragma unroll
        for (int r = 0; r < S::TILES; r++)
#pragma unroll
            for (int j = 0; j < NUMBERS; j++) scores[r][j] = scoring.cap_factor * tanh_of(scores[r][j]);
    if (!whole)
#pragma unroll
        for (int r = 0; r < S::TILES; r++)
#pragma unroll
            for (int j = 0; j < NUMBERS; j++) {
                int number = first_token + codes_in_16(F) * t + place_in_16<F>(r, j % 2);
                if (number < span.first || number >= span.end) scores[r][j] = NO_SCORE;
            }

    u32 parts[HALVES][S::WEIGHT_PARTS][S::TILES];
#pragma unroll
    for (int h = 0; h < HALVES; h++) {
        float all = largest[h];
#pragma unroll
        for (int r = 0; r < S::TILES; r++) all = larger(all, larger(scores[r][2 * h], scores[r][2 * h + 1]));
        for (int mask = 1; mask < 4; mask *= 2) all = larger(all, shuffle_xor(all, mask));
        float factor = exp2_of(largest[h] - all);
        largest[h] = all;
        sums[h] *= factor;
#pragma unroll
        for (int r = 0; r < S::TILES; r++) {
            float weight[2];
#pragma unroll
            for (int j = 0; j < 2; j++) {
                weight[j] = exp2_of(scores[r][2 * h + j] - all);
                sums[h] += weight[j];
                // A token outside has weight zero, and its scale may be no number.
                if (F == INT8) weight[j] = weight[j] > 0.0f ? weight[j] * scale_of(value_scales, place_in_16<F>(r, j)) : 0.0f;
            }
#pragma unroll
            for (int p = 0; p < S::WEIGHT_PARTS; p++) {
                parts[h][p][r] = pack_weights<F>(weight[0], weight[1]);
                weight[0] -= low_bf16(parts[h][p][r]);
                weight[1] -= high_bf16(parts[h][p][r]);
            }
        }
#pragma unroll
        for (int tile = 0; tile < S::COLUMN_TILES; tile++)
#pragma unroll
            for (int j = 0; j < 2; j++) {
                outputs[tile][2 * h + j] *= factor;
                if (HALVES == 1 && S::SECOND_ROWS) outputs[tile][2 + j] *= factor;
            }
    }
#pragma unroll
    for (int k = 0; k < S::TILES / 2; k++)
#pragma unroll
        for (int p = 0; p < S::WEIGHTS; p++) {
            u32 second[2];
#pragma unroll
            for (int j = 0; j < 2; j++)
                second[j] = HALVES == 2        ? parts[HALVES - 1][p][2 * k + j]
                            : S::SECOND_ROWS ? parts[0][S::WEIGHT_PARTS - 1][2 * k + j]
                                             : 0;
            weights[k][p] = {parts[0][p][2 * k], second[0], parts[0][p][2 * k + 1], second[1]};
        }
}

// Blocks of a multiprocessor that registers are to leave place for: as many as do without spills.
constexpr int attention_blocks(int format, int dimension, int heads) {
    if (dimension > 128 || (heads > 8 && code_bytes(format) == 1)) return 2;
    return dimension == 64 && code_bytes(format) == 2 ? 4 : 3;
}
#endif
