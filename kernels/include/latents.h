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

// What a thread carries of a step from the cache to shared memory: 16 bytes each of its latents and, behind them, of its scales.
template <int F>
struct Carried {
    static constexpr int CHUNKS = LATENT / codes_in_16(F);  // of a token
    static constexpr int CODES = STEP_TOKENS * CHUNKS;
    static constexpr int PAGE_SCALES = F == INT8 ? 2 : 0;
    static constexpr int WHOLE_LOADS = CODES / LATENT_THREADS;  // by all threads
    static constexpr int LOADS = (CODES + STEP_PAGES * PAGE_SCALES + LATENT_THREADS - 1) / LATENT_THREADS;
    u32x4 chunks[LOADS];
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
        const u8* from = (token < PAGE_TOKENS ? pages[0] : pages[1]) + token % PAGE_TOKENS * (LATENT * code_bytes(F)) +
                         16 * (index % Carried<F>::CHUNKS);
        bool counts = (i < Carried<F>::WHOLE_LOADS || token < STEP_TOKENS) && number >= span.first && number < span.end;
        if (F == INT8 && i >= Carried<F>::WHOLE_LOADS && index >= Carried<F>::CODES) {
            int scales = index - Carried<F>::CODES;
            from = (scales < 2 ? pages[0] : pages[1]) + PAGE_TOKENS * LATENT + 16 * (scales % 2);
            counts = scales < 2 * STEP_PAGES && first_page + scales / 2 <= span.last_page;
        }
        carried.chunks[i] = load_cached16_if(counts, from);
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
#pragma unroll
    for (int i = 0; i < Carried<F>::LOADS; i++) {
        int index = thread + i * LATENT_THREADS;
        int token = index / Carried<F>::CHUNKS, chunk = index % Carried<F>::CHUNKS;
        if (i >= Carried<F>::WHOLE_LOADS && token >= STEP_TOKENS) {
            int tokens = 8 * (index - Carried<F>::CODES);
            if (F == INT8 && tokens < STEP_TOKENS)
                store_scales(carried.chunks[i], span, first_page * PAGE_TOKENS + tokens, scales + tokens);
            break;
        }
        u32 pairs[pairs_in_16(F)];
        code_pairs<F>(carried.chunks[i], pairs);
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
}
#endif
