// The new tokens' keys and values, or latents, encoded (docs/formats.md, "Keys and values") and put into the paged cache
// (include/pages.h). rope_append.cu does the same behind a rotation.
//
// Shapes: in each token's row in bfloat16 the keys [heads][D] from key_offset on and the values [heads][D] from value_offset on; a
// latent is a key that is its value too. slots[token] = page * 16 + place in the page.
// Bytes: heads x D elements in twice (once for latents), and their codes out; a value's codes go to D places. Bounded by latency.
#include "include/kv_codes.h"

struct KvAppendArgs {
    const bf16_bits* rows;
    u8* cache;         // of the layer
    const int* slots;
    float key_scale;   // of the layer, fp8 only
    float value_scale;
    int stride;
    int key_offset;
    int value_offset;
    int heads;
    int dimension;
    int latent;        // 1: keys alone
};

constexpr int APPEND_THREADS = 128;

struct RowElements {
    const bf16_bits* from;
    int count;

    template <int N>
    __attribute__((device)) void load(int first, float (&values)[N]) const {
#pragma unroll
        for (int i = 0; i < N; i += PIECE) {
            float piece[PIECE];
            load_piece(from + first + i, count - first - i, piece);
#pragma unroll
            for (int j = 0; j < PIECE; j++) values[i + j] = piece[j];
        }
    }
};

// A key or value is a team's. Blocks: heads x (1 or 2) by teams, tokens.
template <int F>
DEVICE void kv_append(const KvAppendArgs& a) {
    let_next_kernel_start();
    int slot = a.slots[block_y()];
    wait_for_earlier_kernels();
    int vector = block_x() * (threads_in_block() / LANES) + team_index();
    if (vector >= (a.latent ? 1 : 2) * a.heads) return;
    bool is_value = vector >= a.heads;
    int head = is_value ? vector - a.heads : vector;
    PagePart part = page_part<F>(a.dimension, a.latent);
    RowElements elements = {
        a.rows + (u64)block_y() * a.stride + (is_value ? a.value_offset : a.key_offset) + (u64)head * a.dimension, a.dimension};
    NewVector to = {a.cache + ((u64)(slot / PAGE_TOKENS) * a.heads + head) * part.bytes,
                    slot % PAGE_TOKENS,
                    a.dimension,
                    is_value,
                    a.latent != 0,
                    is_value ? a.value_scale : a.key_scale};
    append_vector<F>(to, elements);
}

#define KV_APPEND(name, format) \
    KERNEL MAX_THREADS(APPEND_THREADS) void kv_append_##name(const KvAppendArgs a) { kv_append<format>(a); }

KV_APPEND(fp16, KV_FP16)
KV_APPEND(bf16, KV_BF16)
KV_APPEND(fp8, KV_FP8)
KV_APPEND(int8, KV_INT8)
