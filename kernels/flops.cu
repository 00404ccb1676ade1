// The rate of arithmetic with nothing else to do: the compute ceiling of the kernels here.
//
// matrix_products_bf16   D_ij += A_i B_j, then D_ij -= A_i B_j, rounds times, by the matrix instructions that products with weights
//                        use (bfloat16, FP32 sums); i < 4, j < 2: eight sums of 16 x 8 a team, which do not depend on each other
// multiply_adds          d_ij += a_i b_j, then d_ij -= a_i b_j, in FP32; i, j < 4: sixteen sums a thread
// Both give the sum of a thread's d after one more += .
//
// Shapes: operands 16 bytes [OPERANDS][threads of a block] in a thread's own order, random and not zero: what is multiplied decides what
// power it takes, and power the clock. Every block has the same ones. results FP32 [blocks x threads].
// FLOPs: (2 rounds + 1) x 8 x 2 x 16 x 8 x 16 a team, (2 rounds + 1) x 16 x 2 a thread. Sums come back to where they began, so that any
// number of rounds stays among ordinary numbers.
// Bytes: OPERANDS x 16 in and 4 out a thread, once. Bounded by the matrix units, or the FP32 units: operands stay in registers, and
// eight independent instructions of a team times the teams of a block are more than the units' latency needs.
#include "include/gpu.h"

struct FlopsArgs {
    const u32x4* operands;
    float* results;
    u32 rounds;
};

constexpr int FLOPS_THREADS = 256;
constexpr int A_TILES = 4;
constexpr int OPERANDS = 6;  // A_TILES of A, then one of both B's, then one of where sums begin

DEVICE u32x4 operand(const FlopsArgs& a, int index) { return a.operands[index * threads_in_block() + thread_index()]; }

DEVICE void write_result(const FlopsArgs& a, float value) {
    a.results[(u64)block_x() * threads_in_block() + thread_index()] = value;
}

#ifdef HAS_MATRIX_INSTRUCTIONS
constexpr int B_TILES = 2;
constexpr u32 SIGNS = 0x80008000u;

DEVICE void multiply_all(float (&d)[A_TILES * B_TILES][4], const u32x4 (&a)[A_TILES], const u32 (&b)[2 * B_TILES]) {
#pragma unroll
    for (int j = 0; j < B_TILES; j++) {
#pragma unroll
        for (int i = 0; i < A_TILES; i++)
            matrix_multiply_bf16(d[j * A_TILES + i], a[i].x, a[i].y, a[i].z, a[i].w, b[2 * j], b[2 * j + 1]);
    }
}

KERNEL MAX_THREADS(FLOPS_THREADS) void matrix_products_bf16(const FlopsArgs args) {
    u32x4 a[A_TILES];
#pragma unroll
    for (int i = 0; i < A_TILES; i++) a[i] = operand(args, i);
    u32x4 both = operand(args, A_TILES);
    u32x4 begin = operand(args, OPERANDS - 1);
    u32 plus[2 * B_TILES] = {both.x, both.y, both.z, both.w};
    u32 minus[2 * B_TILES] = {both.x ^ SIGNS, both.y ^ SIGNS, both.z ^ SIGNS, both.w ^ SIGNS};
    float d[A_TILES * B_TILES][4];
#pragma unroll
    for (int i = 0; i < A_TILES * B_TILES; i++) {
        d[i][0] = float_of(begin.x & 0xffff0000u);
        d[i][1] = float_of(begin.y & 0xffff0000u);
        d[i][2] = float_of(begin.z & 0xffff0000u);
        d[i][3] = float_of(begin.w & 0xffff0000u);
    }
#pragma unroll 1
    for (u32 round = 0; round < args.rounds; round++) {
        multiply_all(d, a, plus);
        multiply_all(d, a, minus);
    }
    multiply_all(d, a, plus);
    float sum = 0.0f;
#pragma unroll
    for (int i = 0; i < A_TILES * B_TILES; i++) sum += d[i][0] + d[i][1] + d[i][2] + d[i][3];
    write_result(args, sum);
}
#endif

constexpr int FACTORS = 4;

DEVICE void multiply_add_all(float (&d)[FACTORS * FACTORS], const float (&a)[FACTORS], const float (&b)[FACTORS]) {
#pragma unroll
    for (int i = 0; i < FACTORS * FACTORS; i++) d[i] = __builtin_fmaf(a[i % FACTORS], b[i / FACTORS], d[i]);
}

// Of each 16 bytes of operands the upper bfloat16 of every word.
KERNEL MAX_THREADS(FLOPS_THREADS) void multiply_adds(const FlopsArgs args) {
    u32x4 first = operand(args, 0);
    u32x4 second = operand(args, A_TILES);
    u32x4 begin = operand(args, OPERANDS - 1);
    u32 words[] = {first.x,  first.y,  first.z,  first.w,  second.x, second.y,
                   second.z, second.w, begin.x,  begin.y,  begin.z,  begin.w};
    float a[FACTORS];
    float plus[FACTORS];
    float minus[FACTORS];
    float d[FACTORS * FACTORS];
#pragma unroll
    for (int i = 0; i < FACTORS; i++) {
        a[i] = float_of(words[i] & 0xffff0000u);
        plus[i] = float_of(words[FACTORS + i] & 0xffff0000u);
        minus[i] = -plus[i];
    }
#pragma unroll
    for (int i = 0; i < FACTORS * FACTORS; i++) d[i] = float_of(words[2 * FACTORS + i % FACTORS] & 0xffff0000u);
#pragma unroll 1
    for (u32 round = 0; round < args.rounds; round++) {
        multiply_add_all(d, a, plus);
        multiply_add_all(d, a, minus);
    }
    multiply_add_all(d, a, plus);
    float sum = 0.0f;
#pragma unroll
    for (int i = 0; i < FACTORS * FACTORS; i++) sum += d[i];
    write_result(args, sum);
}
