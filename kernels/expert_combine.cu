// The chosen experts' outputs put together: out[token][i] = shared[token][i] + sum over slots of weights[token][slot] *
// outputs[token * slots + slot][i].
//
// Shapes: weights bfloat16 [tokens][slots]; outputs, shared (null where there is none) and out in bfloat16 rows.
// Bytes: slots (+ 1) rows in and one out for each token. Bounded by memory, or latency for few tokens.
#include "include/rows.h"

struct ExpertCombineArgs {
    const bf16_bits* outputs;
    const bf16_bits* weights;
    const bf16_bits* shared;
    bf16_bits* y;
    int outputs_stride;
    int shared_stride;
    int y_stride;
    int width;
    int slots;
};

constexpr int COMBINE_THREADS = 128;
constexpr int COMBINE_LOADS = 4;

// A thread takes 8 elements. Blocks: a row's pieces by threads, tokens.
KERNEL MAX_THREADS(COMBINE_THREADS) void expert_combine(const ExpertCombineArgs a) {
    let_next_kernel_start();
    wait_for_earlier_kernels();
    int i = (block_x() * threads_in_block() + thread_index()) * PIECE;
    if (i >= a.width) return;
    int left = a.width - i;
    float sum[PIECE] = {};
    if (a.shared) load_piece(a.shared + (u64)block_y() * a.shared_stride + i, left, sum);
    u64 entry = (u64)block_y() * a.slots;
    for (int slot = 0; slot < a.slots; slot += COMBINE_LOADS) {
        u32x4 pieces[COMBINE_LOADS];
        float weights[COMBINE_LOADS];
#pragma unroll
        for (int s = 0; s < COMBINE_LOADS; s++) {
            bool exists = slot + s < a.slots;
            pieces[s] = load_bits(a.outputs + (entry + slot + s) * a.outputs_stride + i, exists ? left : 0);
            weights[s] = exists ? float_of_bf16(a.weights[entry + slot + s]) : 0.0f;
        }
#pragma unroll
        for (int s = 0; s < COMBINE_LOADS; s++) {
            float v[PIECE];
            unpack_piece(pieces[s], v);
#pragma unroll
            for (int j = 0; j < PIECE; j++) sum[j] += weights[s] * v[j];
        }
    }
    store_piece(a.y + (u64)block_y() * a.y_stride + i, left, sum);
}
