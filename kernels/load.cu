// Work that keeps a GPU busy for as long as it is told, to see how it does under load and where its cache ends.
//
// read_again     a working set, round after round; each team writes the sum of the words that it read, so that no load can be left out.
//                In each round a block takes the tiles of another, so that no first-level cache serves it
// sustained_multiply_adds  x = x f + g, eight independent x in each thread; each team writes the sum of its own
//
// Bytes: rounds x the working set; none. Bounded by the last-level cache or memory; by FP32 arithmetic.
#include "include/gpu.h"

struct ReadAgainArgs {
    const u8* source;
    u32* sums;   // [blocks x teams of a block]
    u64 chunks;  // of 16 bytes
    u64 rounds;
};

struct MultiplyAddsArgs {
    float* sums;  // [blocks x teams of a block]
    u64 rounds;   // of 64 multiply-adds in each thread
    float factor;
    float addend;
};

constexpr int LOAD_THREADS = 256;

KERNEL MAX_THREADS(LOAD_THREADS) void read_again(const ReadAgainArgs a) {
    constexpr int LOADS = 4;
    constexpr u32 NEXT_BLOCK = 61;
    wait_for_earlier_kernels();
    u64 tile = (u64)LOADS * threads_in_block();
    u32 sum = 0;
    u32 block = block_x();
    for (u64 round = 0; round < a.rounds; round++) {
        for (u64 first = block * tile; first < a.chunks; first += blocks_x() * tile) {
            u32x4 v[LOADS];
            u64 mine = first + thread_index();
#pragma unroll
            for (int i = 0; i < LOADS; i++) {
                u64 chunk = mine + (u64)i * threads_in_block();
                v[i] = {0, 0, 0, 0};
                if (chunk < a.chunks) v[i] = load_stream16(a.source + 16 * chunk);
            }
#pragma unroll
            for (int i = 0; i < LOADS; i++) sum += v[i].x + v[i].y + v[i].z + v[i].w;
        }
        block = (block + NEXT_BLOCK) % (u32)blocks_x();
    }
    for (int mask = LANES / 2; mask > 0; mask /= 2) sum += shuffle_xor(sum, mask);
    if (lane_index() == 0) a.sums[block_x() * (threads_in_block() / LANES) + team_index()] = sum;
}

KERNEL MAX_THREADS(LOAD_THREADS) void sustained_multiply_adds(const MultiplyAddsArgs a) {
    constexpr int SUMS = 8;
    constexpr int TIMES = 8;
    wait_for_earlier_kernels();
    float x[SUMS];
#pragma unroll
    for (int i = 0; i < SUMS; i++) x[i] = (float)(thread_index() + i);
    for (u64 round = 0; round < a.rounds; round++) {
#pragma unroll
        for (int time = 0; time < TIMES; time++) {
#pragma unroll
            for (int i = 0; i < SUMS; i++) x[i] = __builtin_fmaf(x[i], a.factor, a.addend);
        }
    }
    float sum = 0;
#pragma unroll
    for (int i = 0; i < SUMS; i++) sum += x[i];
    sum = team_sum(sum);
    if (lane_index() == 0) a.sums[block_x() * (threads_in_block() / LANES) + team_index()] = sum;
}
