// Puts the parts of attention that several blocks left for a head together: sum over splits of 2^(m_s - m) o_s, divided by
// sum over splits of 2^(m_s - m) l_s, plus the sink's exponential.
//
// Shapes: include/attention.h. One block of 128 threads for each head (x) and token (y).
// Bytes: 4 (value_dimension + 2) a split and head, from the second-level cache; 2 value_dimension out.
#include "include/attention.h"

constexpr int AT_A_TIME = 8;

KERNEL MAX_THREADS(128) void attention_combine(const AttentionArgs args) {
    AttentionArgs a = args;
    let_next_kernel_start();
    wait_for_earlier_kernels();
    int head = block_x();
    int token = block_y();
    u64 first = partial_index(a, token, head, 0);
    const float* softmax = partial_softmax(a, first);
    float largest = NO_SCORE;
    for (int s = lane_index(); s < a.splits; s += LANES) largest = larger(largest, softmax[2 * s]);
    largest = team_max(largest);
    float sum = 0.0f;
    for (int s = lane_index(); s < a.splits; s += LANES)
        if (softmax[2 * s + 1] > 0.0f) sum += softmax[2 * s + 1] * exp2_of(softmax[2 * s] - largest);
    sum = team_sum(sum);
    float factor = result_factor(a, head, largest, sum);
    for (int d = thread_index(); d < a.value_dimension; d += threads_in_block()) {
        const float* sums = partial_sums(a, first) + d;
        float value = 0.0f;
        // Several loads on their way at a time, none of them behind a condition: with many splits their latencies would add up. A
        // split without tokens has left zeros.
        for (int s = 0; s < a.splits; s += AT_A_TIME) {
            float parts[AT_A_TIME], weights[AT_A_TIME];
#pragma unroll
            for (int i = 0; i < AT_A_TIME; i++) {
                int split = smaller(s + i, a.splits - 1);
                parts[i] = sums[(u64)split * a.value_dimension];
                float weight = exp2_of(softmax[2 * split] - largest), all = softmax[2 * split + 1];
                weights[i] = s + i < a.splits && all > 0.0f ? weight : 0.0f;
            }
#pragma unroll
            for (int i = 0; i < AT_A_TIME; i++) value += weights[i] * parts[i];
        }
        result_of(a, token, head)[d] = bf16_of(value * factor);
    }
}
