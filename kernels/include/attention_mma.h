// How keys and values come from the cache to the registers of matrix instructions, and with them queries, weights and int8's scales:
// attention.cu says why they lie so.
#pragma once
#include "attention.h"

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
    even = load_cached16(p.keys + row_even * S::KEY_ROW + 16 * chunk);
    odd = load_cached16(p.keys + row_odd * S::KEY_ROW + 16 * chunk);
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
                buffer[2 * i] = load_cached16(p.values + 16 * unit * S::VALUE_ROW);
                buffer[2 * i + 1] = load_cached16(p.values + (16 * unit + 8) * S::VALUE_ROW);
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

// The FP16 scales of int8: lane 4g + t loads 16 bytes, those of tokens 8 (t % 2) … + 7 of its page's keys (t < 2) or values, so that the
// team's request is the 64 bytes of each page. Lanes of one g have tokens 4j + 2e and 4j + 2e + 1, e = g % 2, of one page: word j of
// either kind is word 2 (j % 2) + e of the lane that has chunk j / 2.
struct TokenScales {
    u32 even;  // word e of the lane's chunk
    u32 odd;   // word 2 + e
};

DEVICE u32x4 load_token_scales(const u8* scales, int t) { return load_cached16(scales + 16 * t); }
DEVICE TokenScales token_scales(const u32x4& chunk, int g) {
    return g & 1 ? TokenScales{chunk.y, chunk.w} : TokenScales{chunk.x, chunk.z};
}
// The lane's scales of keys (kind 0) or values (1): the token of 8-row group r has half 1 - r % 2 of word r / 2.
DEVICE void exchange_scales(const TokenScales& s, int kind, int g, u32 (&words)[4]) {
#pragma unroll
    for (int j = 0; j < 4; j++) words[j] = shuffle(j % 2 ? s.odd : s.even, 4 * g + 2 * kind + j / 2);
}
DEVICE float scale_of(const u32 (&words)[4], int r) {
    return float_of_fp16(r % 2 ? words[r / 2] & 0xffff : words[r / 2] >> 16);
}
#endif
