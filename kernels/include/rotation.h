// A pair of elements turned: a' = a cos - b sin, b' = b cos + a sin.
#pragma once
#include "gpu.h"

DEVICE void turn(float& a, float& b, float cosine, float sine) {
    float turned = __builtin_fmaf(a, cosine, -(b * sine));
    b = __builtin_fmaf(b, cosine, a * sine);
    a = turned;
}
