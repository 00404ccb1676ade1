// The next tokens: y[b] = the lowest index of the largest logit of a token's row; the first logit where it is not a number, else those
// that are not numbers are passed over.
//
// Shapes: logits in bfloat16 rows, y int [batch].
// Bytes: the logits once. Bounded by memory, or latency for few tokens: several blocks share a row. Each keeps its best as a number
// whose upper half orders as the logits and whose lower half is larger for a lower index; the maximum of those needs no order, so the
// result is the same each time. The last block of a row writes it and leaves the scratch as it was, so a graph is launched again as it is.
#include "include/rows.h"

struct ArgmaxScratch {
    u64 best;
    u64 blocks_done;
};

struct ArgmaxArgs {
    const bf16_bits* logits;
    int* y;
    ArgmaxScratch* scratch;  // [batch], zeros before the first launch
    int stride;
    int width;
};

constexpr int ARGMAX_THREADS = 256;

// Larger for larger logits, equal for both zeros, 0 for what is not a number.
DEVICE u32 order_of(u32 bits) {
    if ((bits & 0x7fff) > 0x7f80) return 0;
    if ((bits & 0x7fff) == 0) return 0x8000;
    return bits & 0x8000 ? 0xffff - bits : bits | 0x8000;
}

DEVICE u64 larger(u64 a, u64 b) { return a > b ? a : b; }

DEVICE u64 team_largest(u64 value) {
    for (int mask = LANES / 2; mask > 0; mask /= 2) {
        u32 low = shuffle_xor((u32)value, mask);
        u32 high = shuffle_xor((u32)(value >> 32), mask);
        value = larger(value, ((u64)high << 32) | low);
    }
    return value;
}

// Blocks: any number for a row, tokens. Threads: a multiple of 32.
KERNEL MAX_THREADS(ARGMAX_THREADS) void argmax(const ArgmaxArgs a) {
    SHARED static u64 bests[ARGMAX_THREADS / LANES];
    let_next_kernel_start();
    wait_for_earlier_kernels();
    const bf16_bits* logits = a.logits + (u64)block_y() * a.stride;
    u32 best_order = 0;
    u32 best_index = 0xffffffffu;
    int step = blocks_x() * threads_in_block() * PIECE;
    for (int i = (block_x() * threads_in_block() + thread_index()) * PIECE; i < a.width; i += step) {
        u32x4 v = load_bits(logits + i, a.width - i);
        u32 words[4] = {v.x, v.y, v.z, v.w};
#pragma unroll
        for (int j = 0; j < PIECE; j++) {
            u32 order = order_of((words[j / 2] >> (16 * (j % 2))) & 0xffff);
            if (i + j == 0 && order == 0) order = 0x10000;
            // Indices ascend: a later one must be larger to be better.
            if (i + j < a.width && (order > best_order || best_index == 0xffffffffu)) {
                best_order = order;
                best_index = i + j;
            }
        }
    }
    u64 best = team_largest(((u64)best_order << 32) | (0xffffffffu - best_index));
    if (lane_index() == 0) bests[team_index()] = best;
    barrier();
    if (thread_index() != 0) return;
    for (int team = 1; team < threads_in_block() / LANES; team++) best = larger(best, bests[team]);
    ArgmaxScratch* scratch = a.scratch + block_y();
    atomic_max(&scratch->best, best);
    fence_gpu();
    if (atomic_add((u32*)&scratch->blocks_done, 1) != (u32)blocks_x() - 1) return;
    fence_gpu();
    best = atomic_max(&scratch->best, 0);
    a.y[block_y()] = (int)(0xffffffffu - (u32)best);
    scratch->best = 0;
    scratch->blocks_done = 0;
}
