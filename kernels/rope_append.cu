// Rotary position embedding of queries and keys (rope.cu), behind their norms where the model has them (rms_norm.cu, head_norm), and
// the new keys and values put into the cache (kv_append.cu), at once. Each result is rounded to bfloat16 as by the separate kernels.
//
// Shapes: query parts of query_width elements, of which the first `dims` turn, each query_head_stride from the last; keys of D
// elements, of which `dims` turn from key_rotated on; values of D elements, or a latent, a key that is its value too. D and query_width
// up to MOST_ELEMENTS; norms only where a query part is a whole head and keys follow the queries in the same rows. The others as
// in the separate kernels.
// Bytes: a row of queries, keys and values in, its turned elements and the codes out. Bounded by latency: one pass through shared
// memory, where a lane turns pairs that lie side by side; the rotations are loaded before earlier kernels end.
#include "include/kv_codes.h"
#include "include/norms.h"
#include "include/rotation.h"

struct RopeAppendArgs {
    bf16_bits* queries;
    bf16_bits* rows;                // of keys and values
    u8* cache;                      // of the layer
    const int* slots;
    const float* table;             // FP32 [token][dims]
    const bf16_bits* query_weight;  // null where heads are not normed
    const bf16_bits* key_weight;
    bf16_bits* normed;              // null, or rows as the queries': normed heads that have not turned, to be looked at
    float epsilon;
    float key_scale;                // of the layer, fp8 only
    float value_scale;
    int query_stride;
    int query_heads;
    int query_head_stride;
    int query_offset;
    int query_width;
    int stride;
    int key_offset;
    int value_offset;
    int heads;                      // of keys
    int dimension;
    int key_rotated;
    int dims;
    int latent;                     // 1: keys alone
};

constexpr int ROPE_APPEND_THREADS = 128;
constexpr int ROPE_APPEND_TEAMS = ROPE_APPEND_THREADS / LANES;
constexpr int MOST_ELEMENTS = 1024;
constexpr int KEPT_PAIRS = 2;

// A vector in shared memory, zeros behind its last element up to a multiple of 16.
struct SharedElements {
    const u32x4* pieces;

    template <int N>
    __attribute__((device)) void load(int first, float (&values)[N]) const {
#pragma unroll
        for (int i = 0; i < N; i += PIECE) {
            float piece[PIECE];
            unpack_piece(pieces[(first + i) / PIECE], piece);
#pragma unroll
            for (int j = 0; j < PIECE; j++) values[i + j] = piece[j];
        }
    }
};

DEVICE void turn_pair(bf16_bits* elements, int i, int half, float cosine, float sine) {
    float first = float_of_bf16(elements[i]);
    float second = float_of_bf16(elements[half + i]);
    turn(first, second, cosine, sine);
    elements[i] = bf16_of(first);
    elements[half + i] = bf16_of(second);
}

// A query, key or value is a team's. Blocks: (query heads + heads x (1 or 2)) by teams, tokens.
template <int F>
DEVICE void rope_append(const RopeAppendArgs& a) {
    SHARED static u32x4 pieces_of_teams[ROPE_APPEND_TEAMS][MOST_ELEMENTS / PIECE];
    let_next_kernel_start();
    int token = block_y();
    int vector = block_x() * ROPE_APPEND_TEAMS + team_index();
    bool exists = vector < a.query_heads + (a.latent ? 1 : 2) * a.heads;
    bool is_query = vector < a.query_heads;
    bool is_value = vector >= a.query_heads + a.heads;
    int lane = lane_index();
    int width = !exists ? 0 : is_query ? a.query_width : a.dimension;
    int half = is_value ? 0 : a.dims / 2;
    const bf16_bits* weight = is_value ? nullptr : is_query ? a.query_weight : a.key_weight;
    const float* table = a.table + (u64)token * a.dims;
    float cosines[KEPT_PAIRS], sines[KEPT_PAIRS];
#pragma unroll
    for (int p = 0; p < KEPT_PAIRS; p++) {
        int i = lane + p * LANES;
        cosines[p] = i < half ? table[i] : 0.0f;
        sines[p] = i < half ? table[half + i] : 0.0f;
    }
    int slot = a.slots[token];
    u32x4 first_weight = load_bits(weight + lane * PIECE, weight ? width - lane * PIECE : 0);
    wait_for_earlier_kernels();
    if (!exists) return;

    int head = is_query ? vector : vector - a.query_heads - (is_value ? a.heads : 0);
    bf16_bits* source = is_query ? a.queries + (u64)token * a.query_stride + a.query_offset + (u64)head * a.query_head_stride
                                 : a.rows + (u64)token * a.stride + (is_value ? a.value_offset : a.key_offset) + (u64)head * a.dimension;
    u32x4* pieces = pieces_of_teams[team_index()];
    constexpr int step = LANES * PIECE;
    float sum = 0;
    for (int i = lane * PIECE; i < ((width + 15) & ~15); i += step) {
        u32x4 piece = load_bits(source + i, width - i);
        pieces[i / PIECE] = piece;
        sum += square_sum(piece);
    }
    if (weight) {
        float factor = norm_factor(team_sum(sum), width, a.epsilon);
        for (int i = lane * PIECE; i < width; i += step) {
            u32x4 piece = normed(pieces[i / PIECE], factor, i < step ? first_weight : load_bits(weight + i, width - i));
            pieces[i / PIECE] = piece;
            if (a.normed) store_bits(a.normed + (u64)token * a.query_stride + (u64)vector * width + i, width - i, piece);
        }
    }
    team_barrier();
    if (!is_value) {
        int rotated = is_query ? 0 : a.key_rotated;
        bf16_bits* elements = (bf16_bits*)pieces + rotated;
#pragma unroll
        for (int p = 0; p < KEPT_PAIRS; p++)
            if (lane + p * LANES < half) turn_pair(elements, lane + p * LANES, half, cosines[p], sines[p]);
        for (int i = lane + KEPT_PAIRS * LANES; i < half; i += LANES) turn_pair(elements, i, half, table[i], table[half + i]);
        team_barrier();
        for (int i = lane * PIECE; i < width; i += step)
            if (weight || (i + PIECE > rotated && i < rotated + 2 * half)) store_bits(source + i, width - i, pieces[i / PIECE]);
    }
    if (is_query) return;
    PagePart part = page_part<F>(a.dimension, a.latent);
    NewVector to = {a.cache + ((u64)(slot / PAGE_TOKENS) * a.heads + head) * part.bytes,
                    slot % PAGE_TOKENS,
                    a.dimension,
                    is_value,
                    a.latent != 0,
                    is_value ? a.value_scale : a.key_scale};
    append_vector<F>(to, SharedElements{pieces});
}

#define ROPE_APPEND(name, format) \
    KERNEL MAX_THREADS(ROPE_APPEND_THREADS) void rope_append_##name(const RopeAppendArgs a) { rope_append<format>(a); }

ROPE_APPEND(fp16, KV_FP16)
ROPE_APPEND(bf16, KV_BF16)
ROPE_APPEND(fp8, KV_FP8)
ROPE_APPEND(int8, KV_INT8)
