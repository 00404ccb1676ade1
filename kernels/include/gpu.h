// What kernels use of a GPU, under names of our own. The instructions of one vendor stand in that vendor's header alone, each
// with a plain C++ fallback in plain.h; kernels include only this file.
//
// Lanes and teams. Work is written for teams of 32 lanes that exchange values with shuffle(). On NVIDIA a team is a warp. On a GPU
// with 64 lanes in a wave two teams share one: shuffles stay inside 32 lanes, and nothing assumes that a wave ends where a team does.
#pragma once

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed char i8;
typedef long long i64;
typedef u16 bf16_bits;
typedef u16 fp16_bits;

struct alignas(16) u32x4 {
    u32 x, y, z, w;
};
struct alignas(8) u32x2 {
    u32 x, y;
};

#define DEVICE static __attribute__((device)) __attribute__((always_inline)) inline
#define MEMBER __attribute__((device)) __attribute__((always_inline)) inline
#define KERNEL extern "C" __attribute__((global))
#define SHARED __attribute__((shared))
// At most this many threads in a block: the compiler may then use more registers for each.
#define MAX_THREADS(n) __attribute__((launch_bounds(n)))
// The same, and registers for at least this many such blocks on a multiprocessor.
#define MAX_THREADS_MIN_BLOCKS(n, blocks) __attribute__((launch_bounds(n, blocks)))

constexpr int LANES = 32;

#if defined(__NVCC__)
#include "nvcc.h"
#else
typedef _Float16 fp16_number;
#endif
#if defined(__NVPTX__) || defined(__NVCC__)
#include "nvidia.h"
#else
#include "amd.h"
#endif
#include "plain.h"
#include "numbers.h"
