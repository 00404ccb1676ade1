// Rotary position embedding in place: elements i and i + dims / 2 of a head's rotated part turn together,
//     a' = a cos[i] - b sin[i],  b' = b cos[i] + a sin[i].
//
// Shapes: heads of head_stride elements in each token's row, the rotated part from offset on; the table FP32 [token][dims], dims / 2
// cosines, then dims / 2 sines, with the magnitude in them.
// Bytes: the rotated elements in and out, the table once a head from the cache. Bounded by latency.
#include "include/rotation.h"
#include "include/rows.h"

struct RopeArgs {
    bf16_bits* rows;
    const float* table;
    int stride;
    int heads;
    int head_stride;
    int offset;
    int dims;
};

constexpr int ROPE_THREADS = 128;

// A thread turns 8 pairs. Blocks: heads x pieces of half a rotated part by threads, tokens.
KERNEL MAX_THREADS(ROPE_THREADS) void rope(const RopeArgs a) {
    let_next_kernel_start();
    wait_for_earlier_kernels();
    int half = a.dims / 2;
    int pieces = pieces_of(half);
    int index = block_x() * threads_in_block() + thread_index();
    if (index >= a.heads * pieces) return;
    int head = index / pieces;
    int i = (index - head * pieces) * PIECE;
    int left = half - i;
    bf16_bits* first = a.rows + (u64)block_y() * a.stride + (u64)head * a.head_stride + a.offset + i;
    bf16_bits* second = first + half;
    const float* table = a.table + (u64)block_y() * a.dims + i;
    float x[PIECE], y[PIECE], cosines[PIECE], sines[PIECE];
    load_piece(first, left, x);
    load_piece(second, left, y);
    load_floats(table, left, cosines);
    load_floats(table + half, left, sines);
#pragma unroll
    for (int j = 0; j < PIECE; j++) turn(x[j], y[j], cosines[j], sines[j]);
    store_piece(first, left, x);
    store_piece(second, left, y);
}
