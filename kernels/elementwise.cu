// What treats each element alone.
//
// residual             hidden[i] += delta[i]
// gated_activation_*   y[i] = act(x[i], x[f + i]) of rows of 2 f elements, gate before up (include/gates.h)
// soft_cap             x[i] = cap tanh(x[i] / cap)
// copy_heads           target[token][head][i] = source[token][head][i], each with its own strides
//
// Bytes: each element in and out once. Bounded by memory, or latency for few tokens. A thread takes 8 elements; blocks: a row's pieces
// by threads, rows.
#include "include/gates.h"
#include "include/rows.h"

constexpr int ELEMENT_THREADS = 256;

// The first element of the thread's piece of the row.
DEVICE int first_element() { return (block_x() * threads_in_block() + thread_index()) * PIECE; }

struct ResidualArgs {
    bf16_bits* hidden;
    const bf16_bits* delta;
    int hidden_stride;
    int delta_stride;
    int width;
};

KERNEL MAX_THREADS(ELEMENT_THREADS) void residual(const ResidualArgs a) {
    let_next_kernel_start();
    wait_for_earlier_kernels();
    int i = first_element();
    if (i >= a.width) return;
    bf16_bits* hidden = a.hidden + (u64)block_y() * a.hidden_stride + i;
    float sum[PIECE], delta[PIECE];
    load_piece(hidden, a.width - i, sum);
    load_piece(a.delta + (u64)block_y() * a.delta_stride + i, a.width - i, delta);
#pragma unroll
    for (int j = 0; j < PIECE; j++) sum[j] += delta[j];
    store_piece(hidden, a.width - i, sum);
}

struct GatedActivationArgs {
    const bf16_bits* x;
    bf16_bits* y;
    int x_stride;
    int y_stride;
    int width;  // f
};

template <Gate G>
DEVICE void gated_activation(const GatedActivationArgs& a) {
    let_next_kernel_start();
    wait_for_earlier_kernels();
    int i = first_element();
    if (i >= a.width) return;
    const bf16_bits* x = a.x + (u64)block_y() * a.x_stride + i;
    float gate[PIECE], up[PIECE];
    load_piece(x, a.width - i, gate);
    load_piece(x + a.width, a.width - i, up);
#pragma unroll
    for (int j = 0; j < PIECE; j++) gate[j] = joined(G, gate[j], up[j]);
    store_piece(a.y + (u64)block_y() * a.y_stride + i, a.width - i, gate);
}

KERNEL MAX_THREADS(ELEMENT_THREADS) void gated_activation_silu(const GatedActivationArgs a) { gated_activation<SILU>(a); }
KERNEL MAX_THREADS(ELEMENT_THREADS) void gated_activation_gelu_tanh(const GatedActivationArgs a) { gated_activation<GELU_TANH>(a); }
KERNEL MAX_THREADS(ELEMENT_THREADS) void gated_activation_clamped_swiglu(const GatedActivationArgs a) {
    gated_activation<CLAMPED_SWIGLU>(a);
}

struct SoftCapArgs {
    bf16_bits* rows;
    float cap;
    int stride;
    int width;
};

KERNEL MAX_THREADS(ELEMENT_THREADS) void soft_cap(const SoftCapArgs a) {
    let_next_kernel_start();
    wait_for_earlier_kernels();
    int i = first_element();
    if (i >= a.width) return;
    bf16_bits* x = a.rows + (u64)block_y() * a.stride + i;
    float v[PIECE];
    load_piece(x, a.width - i, v);
#pragma unroll
    for (int j = 0; j < PIECE; j++) v[j] = a.cap * tanh_of(v[j] / a.cap);
    store_piece(x, a.width - i, v);
}

struct CopyHeadsArgs {
    const bf16_bits* source;
    bf16_bits* target;
    int source_stride;       // from token to token
    int target_stride;
    int source_head_stride;
    int target_head_stride;
    int source_offset;
    int target_offset;
    int columns;
    int heads;
};

// Blocks: heads x pieces of a head by threads, tokens.
KERNEL MAX_THREADS(ELEMENT_THREADS) void copy_heads(const CopyHeadsArgs a) {
    let_next_kernel_start();
    wait_for_earlier_kernels();
    int pieces = pieces_of(a.columns);
    int index = block_x() * threads_in_block() + thread_index();
    if (index >= a.heads * pieces) return;
    int head = index / pieces;
    int i = (index - head * pieces) * PIECE;
    const bf16_bits* source = a.source + (u64)block_y() * a.source_stride + (u64)head * a.source_head_stride + a.source_offset + i;
    bf16_bits* target = a.target + (u64)block_y() * a.target_stride + (u64)head * a.target_head_stride + a.target_offset + i;
    u32x4 piece = load_bits(source, a.columns - i);
    store_bits(target, a.columns - i, piece);
}
