// A step's latents on their way from the cache to shared memory, as 16-bit numbers for matrix instructions: attention_latent.cu says why.
#pragma once
#include "attention.h"

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

// What a thread carries of a step from the cache to shared memory: of one token's latent every eighth 16 bytes, so that eight threads
// ask for 128 bytes in a row and all loads are at fixed distances. 36 chunks of 8-bit codes leave four threads of eight without a last
// one: the fifth of those of a page's first tokens takes 16 bytes of its scales.
template <int F>
struct Carried {
    static constexpr int CHUNKS = LATENT / codes_in_16(F);  // of a token
    static constexpr int WHOLE_LOADS = CHUNKS / 8;
    static constexpr int LOADS = divided_up(CHUNKS, 8);
    static constexpr int PAGE_SCALES = 2;  // of int8
    u32x4 chunks[LOADS];
};
static_assert(LATENT_THREADS == 8 * STEP_TOKENS, "a thread has one token's chunks");

// Which chunk of the step's scales a thread carries, of the page that its token is in; negative: none.
DEVICE int scales_of(int thread) {
    int token = thread / 8, chunk = token % PAGE_TOKENS;
    return thread % 8 == 4 && chunk < Carried<INT8>::PAGE_SCALES ? token / PAGE_TOKENS * Carried<INT8>::PAGE_SCALES + chunk : -1;
}

// The page of a step that a thread reads, found a step ahead, so that nothing waits for the table.
DEVICE int latent_page(const AttentionArgs& a, const Span& span, int first_page, int thread) {
    return cache_page(a, span, smaller(first_page + thread / 8 / PAGE_TOKENS, span.last_page));
}

template <int F>
DEVICE void load_latents(const AttentionArgs& a, const Span& span, int first_page, int page, int thread, Carried<F>& carried) {
    using C = Carried<F>;
    int token = thread / 8, number = first_page * PAGE_TOKENS + token;
    bool counts = number >= span.first && number < span.end;
    const u8* at = a.cache + page * a.page_bytes;
    const u8* from = at + token % PAGE_TOKENS * (LATENT * code_bytes(F)) + 16 * (thread % 8);
#pragma unroll
    for (int i = 0; i < C::WHOLE_LOADS; i++) carried.chunks[i] = load_cached16_if(counts, from + 128 * i);
    if (C::WHOLE_LOADS < C::LOADS) {
        counts = counts && thread % 8 < C::CHUNKS % 8;
        from += 128 * C::WHOLE_LOADS;
        if (F == INT8 && scales_of(thread) >= 0) {
            from = at + PAGE_TOKENS * LATENT + 16 * (scales_of(thread) % C::PAGE_SCALES);
            counts = first_page + scales_of(thread) / C::PAGE_SCALES <= span.last_page;
        }
        carried.chunks[C::LOADS - 1] = load_cached16_if(counts, from);
    }
}

// The FP16 scales of 8 tokens and what they are one over; zero where the token does not count, as its scale may be no number.
DEVICE void store_scales(const u32x4& chunk, const Span& span, int first_token, float* scales) {
#pragma unroll
    for (int i = 0; i < 8; i++) {
        float scale = i % 2 ? high_fp16(word_of(chunk, i / 2)) : low_fp16(word_of(chunk, i / 2));
        if (first_token + i < span.first || first_token + i >= span.end) scale = 0.0f;
        scales[i] = scale;
        scales[STEP_TOKENS + i] = scale > 0.0f ? 1.0f / scale : 0.0f;
    }
}

template <int F>
DEVICE void store_latents(const Carried<F>& carried, const Span& span, int first_page, int thread, u32x4* latents, float* scales) {
    using C = Carried<F>;
    int token = thread / 8;
    // Swizzling changes the last three bits of a chunk's number alone. Of 8-bit codes a thread fills two chunks, the upper half of a token's
    // threads the second first: else four of them would write where the others do, in the same banks.
    bool turned = code_bytes(F) == 1 && thread % 8 >= 4;
    u32x4* first = latents + latent_index(token, code_bytes(F) == 2 ? thread % 8 : 2 * (thread % 8) + turned);
    u32x4* second = latents + latent_index(token, 2 * (thread % 8) + !turned);
#pragma unroll
    for (int i = 0; i < C::LOADS; i++) {
        if (i >= C::WHOLE_LOADS && thread % 8 >= C::CHUNKS % 8) {
            if (F == INT8 && scales_of(thread) >= 0)
                store_scales(carried.chunks[i], span, first_page * PAGE_TOKENS + 8 * scales_of(thread),
                             scales + 8 * scales_of(thread));
            break;
        }
        u32 pairs[pairs_in_16(F)];
        u32x4 codes = carried.chunks[i];
        if (turned) codes = {codes.z, codes.w, codes.x, codes.y};
        code_pairs<F>(codes, pairs);
        if constexpr (code_bytes(F) == 2) {
            first[8 * i] = {pairs[0], pairs[1], pairs[2], pairs[3]};
        } else {
#pragma unroll
            for (int half = 0; half < 2; half++) {
                const u32* p = pairs + 4 * half;
                u32x4& to = half ? second[16 * i] : first[16 * i];
                if constexpr (in_order(F))
                    to = {p[0], p[1], p[2], p[3]};
                else  // Codes 1 and 3, 0 and 2 of each word, back in order.
                    to = {permute_bytes(p[1], p[0], 0x5410), permute_bytes(p[1], p[0], 0x7632), permute_bytes(p[3], p[2], 0x5410),
                          permute_bytes(p[3], p[2], 0x7632)};
            }
        }
    }
}
#endif
