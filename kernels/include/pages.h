// The paged cache of keys and values, of one layer: pages of 16 tokens, [page][kv head][part of a head].
//
// A part: keys [16 tokens][row], a row of D elements filled up to 16 bytes; then values transposed, [D][16 tokens], filled up to
// memory's sectors of 32 bytes; then, for int8, 16 FP16 scales of the keys and 16 of the values. A latent has keys (and their
// scales) alone.
#pragma once
#include "gpu.h"

enum KvFormat { KV_FP16, KV_BF16, KV_FP8, KV_INT8 };

constexpr int PAGE_TOKENS = 16;

DEVICE constexpr int kv_bytes(int format) { return format <= KV_BF16 ? 2 : 1; }

struct PagePart {
    int row_bytes;     // of a token's key
    int values;        // where the values start
    int scales;        // where the scales start; behind the last byte where there are none
    int bytes;
};

template <int F>
DEVICE PagePart page_part(int dimension, bool latent) {
    PagePart p;
    p.row_bytes = (dimension * kv_bytes(F) + 15) & ~15;
    p.values = PAGE_TOKENS * p.row_bytes;
    p.scales = p.values + (latent ? 0 : (PAGE_TOKENS * dimension * kv_bytes(F) + 31) & ~31);
    p.bytes = p.scales + (F != KV_INT8 ? 0 : latent ? 2 * PAGE_TOKENS : 4 * PAGE_TOKENS);
    return p;
}
