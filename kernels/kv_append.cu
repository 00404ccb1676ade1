// The new tokens' keys and values, or latents, encoded (docs/formats.md, "Keys and values") and put into the paged cache
// (include/pages.h).
//
// Shapes: in each token's row in bfloat16 the keys [heads][D] from key_offset on and the values [heads][D] from value_offset on; a
// latent is a key that is its value too. slots[token] = page * 16 + place in the page.
// Bytes: heads x D elements in twice (once for latents), and their codes out; a value's codes go to D places. Bounded by latency.
#include "include/pages.h"
#include "include/rows.h"

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
constexpr float INT8_LARGEST = 127;

// Elements whose codes are 16 bytes.
DEVICE constexpr int elements_in_16_bytes(int format) { return 16 / kv_bytes(format); }

template <int N>
DEVICE void load_values(const bf16_bits* from, int left, float (&values)[N]) {
#pragma unroll
    for (int i = 0; i < N; i += PIECE) {
        float piece[PIECE];
        load_piece(from + i, left - i, piece);
#pragma unroll
        for (int j = 0; j < PIECE; j++) values[i + j] = piece[j];
    }
}

// The FP16 scale of a head whose largest magnitude is given: the quotient by 127 rounded up.
DEVICE u32 int8_scale(float largest) {
    if (largest == 0) return 0x3c00;
    u32 code = fp16_up(divide_up(largest, INT8_LARGEST));
    return code < 0x7bff ? code : 0x7bff;
}

DEVICE u32 int8_code(float quotient) {
    quotient = quotient > INT8_LARGEST ? INT8_LARGEST : quotient < -INT8_LARGEST ? -INT8_LARGEST : quotient;
    return nearest_int(quotient) & 0xff;
}

// 16 bytes of codes.
template <int F>
DEVICE void encode(const float (&v)[elements_in_16_bytes(F)], float scale, u32 (&words)[4]) {
#pragma unroll
    for (int i = 0; i < 4; i++) {
        if (F == KV_FP16) words[i] = pack_fp16(v[2 * i], v[2 * i + 1]);
        if (F == KV_BF16) words[i] = pack_bf16(v[2 * i], v[2 * i + 1]);
        if (F == KV_FP8)
            words[i] = pack_e4m3(v[4 * i] / scale, v[4 * i + 1] / scale) |
                       (pack_e4m3(v[4 * i + 2] / scale, v[4 * i + 3] / scale) << 16);
        if (F == KV_INT8)
            words[i] = int8_code(v[4 * i] / scale) | (int8_code(v[4 * i + 1] / scale) << 8) |
                       (int8_code(v[4 * i + 2] / scale) << 16) | (int8_code(v[4 * i + 3] / scale) << 24);
    }
}

// A key or value is a team's, 16 bytes of codes a lane's. Blocks: heads x (1 or 2) by teams, tokens.
template <int F>
DEVICE void kv_append(const KvAppendArgs& a) {
    constexpr int N = elements_in_16_bytes(F);
    wait_for_earlier_kernels();
    int vector = block_x() * (threads_in_block() / LANES) + team_index();
    if (vector >= (a.latent ? 1 : 2) * a.heads) return;
    bool is_value = vector >= a.heads;
    int head = is_value ? vector - a.heads : vector;
    const bf16_bits* source =
        a.rows + (u64)block_y() * a.stride + (is_value ? a.value_offset : a.key_offset) + (u64)head * a.dimension;
    PagePart part = page_part<F>(a.dimension, a.latent);
    int slot = a.slots[block_y()];
    int place = slot % PAGE_TOKENS;
    u8* target = a.cache + ((u64)(slot / PAGE_TOKENS) * a.heads + head) * part.bytes;

    float scale = is_value ? a.value_scale : a.key_scale;
    if (F == KV_INT8) {
        float largest = 0;
        for (int i = lane_index() * N; i < a.dimension; i += LANES * N) {
            float v[N];
            load_values(source + i, a.dimension - i, v);
#pragma unroll
            for (int j = 0; j < N; j++) largest = larger(largest, v[j] < 0 ? -v[j] : v[j]);
        }
        u32 code = int8_scale(team_max(largest));
        scale = float_of_fp16(code);
        if (lane_index() == 0) ((fp16_bits*)(target + part.scales))[(is_value ? PAGE_TOKENS : 0) + place] = (fp16_bits)code;
    }
    for (int i = lane_index() * N; i < a.dimension; i += LANES * N) {
        float v[N];
        u32 words[4];
        load_values(source + i, a.dimension - i, v);
        encode<F>(v, scale, words);
        if (!is_value) {
            store16(target + place * part.row_bytes + i * kv_bytes(F), {words[0], words[1], words[2], words[3]});
            continue;
        }
        u8* column = target + part.values + (i * PAGE_TOKENS + place) * kv_bytes(F);
#pragma unroll
        for (int j = 0; j < N; j++) {
            if (i + j >= a.dimension) continue;
            if (kv_bytes(F) == 2)
                *(u16*)(column + j * PAGE_TOKENS * 2) = (u16)(words[j / 2] >> (16 * (j % 2)));
            else
                column[j * PAGE_TOKENS] = (u8)(words[j / 4] >> (8 * (j % 4)));
        }
    }
    let_next_kernel_start();
}

#define KV_APPEND(name, format) \
    KERNEL MAX_THREADS(APPEND_THREADS) void kv_append_##name(const KvAppendArgs a) { kv_append<format>(a); }

KV_APPEND(fp16, KV_FP16)
KV_APPEND(bf16, KV_BF16)
KV_APPEND(fp8, KV_FP8)
KV_APPEND(int8, KV_INT8)
