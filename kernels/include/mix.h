// Random bits by counting, as SyntheticRandom makes them on the host: different counters give different bits (SplitMix64, Steele et al. 2014).
#pragma once
#include "gpu.h"

constexpr u64 INCREMENT = 0x9E3779B97F4A7C15u;

DEVICE u64 mix(u64 counter) {
    u64 z = counter + INCREMENT;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}
DEVICE u64 derive(u64 seed, u64 index) { return mix(mix(seed) ^ (index * INCREMENT)); }
