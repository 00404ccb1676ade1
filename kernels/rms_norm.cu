// RMS norm: y[i] = x[i] / sqrt(mean(x^2) + epsilon) * weight[i].
//
// rms_norm: a part of each token's row, from x_offset on, to another row or in place; any width.
// residual_norm: hidden += delta, and the norm of the sum to another row; delta itself is normed first where there is a weight for it.
//   Each of the three results is rounded to bfloat16, as those of separate kernels are. Up to 16 x threads elements.
// head_norm: each query head and each key head of a token's row in place; queries have one weight of D elements, keys another.
//
// Bytes: the elements in and out and the weight. Bounded by the latency of one pass: a row's elements stay in registers between the sum
// and the product (up to KEPT pieces a thread; what is beyond is read twice), and the weight is loaded before earlier kernels end.
#include "include/norms.h"

struct RmsNormArgs {
    const bf16_bits* x;
    bf16_bits* y;
    const bf16_bits* weight;
    float epsilon;
    int width;
    int x_stride;
    int y_stride;
    int x_offset;
    int y_offset;
};

constexpr int NORM_KEPT = 2;

// A row is a block's; threads: any multiple of 32 up to NORM_THREADS.
KERNEL MAX_THREADS(NORM_THREADS) void rms_norm(const RmsNormArgs a) {
    SHARED static float sums[NORM_THREADS / LANES];
    let_next_kernel_start();
    const bf16_bits* x = a.x + (u64)block_x() * a.x_stride + a.x_offset;
    bf16_bits* y = a.y + (u64)block_x() * a.y_stride + a.y_offset;
    int step = threads_in_block() * PIECE;
    int first = thread_index() * PIECE;
    u32x4 weights[NORM_KEPT], pieces[NORM_KEPT];
#pragma unroll
    for (int p = 0; p < NORM_KEPT; p++) weights[p] = load_bits(a.weight + first + p * step, a.width - first - p * step);
    wait_for_earlier_kernels();
#pragma unroll
    for (int p = 0; p < NORM_KEPT; p++) pieces[p] = load_bits(x + first + p * step, a.width - first - p * step);
    float sum = 0;
#pragma unroll
    for (int p = 0; p < NORM_KEPT; p++) sum += square_sum(pieces[p]);
    for (int i = first + NORM_KEPT * step; i < a.width; i += step) sum += square_sum(load_bits(x + i, a.width - i));
    float factor = norm_factor(block_sum(sum, sums), a.width, a.epsilon);
#pragma unroll
    for (int p = 0; p < NORM_KEPT; p++)
        store_bits(y + first + p * step, a.width - first - p * step, normed(pieces[p], factor, weights[p]));
    for (int i = first + NORM_KEPT * step; i < a.width; i += step)
        store_bits(y + i, a.width - i, normed(load_bits(x + i, a.width - i), factor, load_bits(a.weight + i, a.width - i)));
}

struct ResidualNormArgs {
    bf16_bits* hidden;
    const bf16_bits* delta;
    bf16_bits* y;
    const bf16_bits* weight;
    const bf16_bits* delta_weight;  // null where delta is added as it is
    bf16_bits* normed_delta;        // null, or rows as delta's: what is added, to be looked at
    float epsilon;
    int width;
    int hidden_stride;
    int delta_stride;
    int y_stride;
};

DEVICE u32x4 sum_of(u32x4 a, u32x4 b) {
    float v[PIECE], w[PIECE];
    unpack_piece(a, v);
    unpack_piece(b, w);
#pragma unroll
    for (int i = 0; i < PIECE; i++) v[i] += w[i];
    return pack_piece(v);
}

// A row is a block's, as above.
KERNEL MAX_THREADS(NORM_THREADS) void residual_norm(const ResidualNormArgs a) {
    SHARED static float delta_sums[NORM_THREADS / LANES];
    SHARED static float sums[NORM_THREADS / LANES];
    let_next_kernel_start();
    bf16_bits* hidden = a.hidden + (u64)block_x() * a.hidden_stride;
    const bf16_bits* delta = a.delta + (u64)block_x() * a.delta_stride;
    bf16_bits* y = a.y + (u64)block_x() * a.y_stride;
    int step = threads_in_block() * PIECE;
    int first = thread_index() * PIECE;
    u32x4 weights[NORM_KEPT], delta_weights[NORM_KEPT], pieces[NORM_KEPT], deltas[NORM_KEPT];
#pragma unroll
    for (int p = 0; p < NORM_KEPT; p++) {
        weights[p] = load_bits(a.weight + first + p * step, a.width - first - p * step);
        delta_weights[p] = a.delta_weight ? load_bits(a.delta_weight + first + p * step, a.width - first - p * step) : weights[p];
    }
    wait_for_earlier_kernels();
#pragma unroll
    for (int p = 0; p < NORM_KEPT; p++) {
        deltas[p] = load_bits(delta + first + p * step, a.width - first - p * step);
        pieces[p] = load_bits(hidden + first + p * step, a.width - first - p * step);
    }
    if (a.delta_weight) {
        float sum = 0;
#pragma unroll
        for (int p = 0; p < NORM_KEPT; p++) sum += square_sum(deltas[p]);
        float factor = norm_factor(block_sum(sum, delta_sums), a.width, a.epsilon);
#pragma unroll
        for (int p = 0; p < NORM_KEPT; p++) {
            deltas[p] = normed(deltas[p], factor, delta_weights[p]);
            if (a.normed_delta)
                store_bits(a.normed_delta + (u64)block_x() * a.delta_stride + first + p * step, a.width - first - p * step, deltas[p]);
        }
    }
    float sum = 0;
#pragma unroll
    for (int p = 0; p < NORM_KEPT; p++) {
        pieces[p] = sum_of(pieces[p], deltas[p]);
        store_bits(hidden + first + p * step, a.width - first - p * step, pieces[p]);
        sum += square_sum(pieces[p]);
    }
    float factor = norm_factor(block_sum(sum, sums), a.width, a.epsilon);
#pragma unroll
    for (int p = 0; p < NORM_KEPT; p++)
        store_bits(y + first + p * step, a.width - first - p * step, normed(pieces[p], factor, weights[p]));
}

struct HeadNormArgs {
    bf16_bits* rows;
    const bf16_bits* query_weight;
    const bf16_bits* key_weight;
    float epsilon;
    int stride;
    int heads;        // queries, then keys
    int query_heads;
    int dimension;
};

constexpr int HEAD_NORM_THREADS = 128;
constexpr int HEAD_NORM_KEPT = 2;

// A head is a team's. Blocks: heads by teams, tokens.
KERNEL MAX_THREADS(HEAD_NORM_THREADS) void head_norm(const HeadNormArgs a) {
    let_next_kernel_start();
    int head = block_x() * (threads_in_block() / LANES) + team_index();
    bool exists = head < a.heads;
    int width = exists ? a.dimension : 0;
    constexpr int step = LANES * PIECE;
    int first = lane_index() * PIECE;
    const bf16_bits* weight = head < a.query_heads ? a.query_weight : a.key_weight;
    bf16_bits* x = a.rows + (u64)block_y() * a.stride + (u64)head * a.dimension;
    u32x4 weights[HEAD_NORM_KEPT], pieces[HEAD_NORM_KEPT];
#pragma unroll
    for (int p = 0; p < HEAD_NORM_KEPT; p++) weights[p] = load_bits(weight + first + p * step, width - first - p * step);
    wait_for_earlier_kernels();
#pragma unroll
    for (int p = 0; p < HEAD_NORM_KEPT; p++) pieces[p] = load_bits(x + first + p * step, width - first - p * step);
    float sum = 0;
#pragma unroll
    for (int p = 0; p < HEAD_NORM_KEPT; p++) sum += square_sum(pieces[p]);
    for (int i = first + HEAD_NORM_KEPT * step; i < width; i += step) sum += square_sum(load_bits(x + i, width - i));
    float factor = norm_factor(team_sum(sum), a.dimension, a.epsilon);
#pragma unroll
    for (int p = 0; p < HEAD_NORM_KEPT; p++)
        store_bits(x + first + p * step, width - first - p * step, normed(pieces[p], factor, weights[p]));
    for (int i = first + HEAD_NORM_KEPT * step; i < width; i += step)
        store_bits(x + i, width - i, normed(load_bits(x + i, width - i), factor, load_bits(weight + i, width - i)));
}
