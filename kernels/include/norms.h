// What kernels with an RMS norm in them share, so that each gives the same bits.
#pragma once
#include "rows.h"

constexpr int NORM_THREADS = 1024;

DEVICE float square_sum(u32x4 piece) {
    float v[PIECE];
    unpack_piece(piece, v);
    float sum = 0;
#pragma unroll
    for (int i = 0; i < PIECE; i++) sum += v[i] * v[i];
    return sum;
}

DEVICE u32x4 normed(u32x4 piece, float factor, u32x4 weight) {
    float v[PIECE], w[PIECE];
    unpack_piece(piece, v);
    unpack_piece(weight, w);
#pragma unroll
    for (int i = 0; i < PIECE; i++) v[i] = v[i] * factor * w[i];
    return pack_piece(v);
}

DEVICE float norm_factor(float square_sum, int width, float epsilon) {
    return 1.0f / square_root(square_sum / (float)width + epsilon);
}

// The sum over a block's threads, in every thread; `sums` has a place for each of up to 32 teams and is used once.
DEVICE float block_sum(float value, float* sums) {
    value = team_sum(value);
    if (lane_index() == 0) sums[team_index()] = value;
    barrier();
    return team_sum(lane_index() < threads_in_block() / LANES ? sums[lane_index()] : 0.0f);
}
