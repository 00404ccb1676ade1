// Gated activations, act(gate, up):
//     silu            g / (1 + e^-g) u
//     gelu_tanh       g / 2 (1 + tanh(z)) u = g / (1 + e^-2z) u,  z = sqrt(2 / pi) (g + 0.044715 g^3)
//     clamped_swiglu  g = min(g, 7), u = clamp(u, -7, 7):  g / (1 + e^-1.702g) (u + 1)
#pragma once
#include "gpu.h"

enum Gate { SILU, GELU_TANH, CLAMPED_SWIGLU };

DEVICE float joined(int kind, float gate, float up) {
    if (kind == SILU) return gate / (1.0f + exp_of(-gate)) * up;
    if (kind == GELU_TANH) {
        constexpr float SLOPE = 1.5957691216057308f;  // 2 sqrt(2 / pi)
        return gate / (1.0f + exp_of(-gate * (SLOPE + SLOPE * 0.044715f * gate * gate))) * up;
    }
    gate = gate > 7.0f ? 7.0f : gate;
    up = up > 7.0f ? 7.0f : up < -7.0f ? -7.0f : up;
    return gate / (1.0f + exp_of(-1.702f * gate)) * (up + 1.0f);
}
