// The embedding: y[b][i] = scale * W[tokens[b]][i].
//
// Shapes: W vocabulary x K in one of seven formats, tiled (include/weights.h); tokens int [batch]; y in bfloat16 rows, rounded once.
// Bytes: one row of codes and scales for each token; a chunk of 16 bytes is a lane's. Bounded by latency.
#include "include/rows.h"
#include "include/weights.h"

struct EmbeddingArgs {
    Matrices table;
    const int* tokens;
    bf16_bits* y;
    float scale;
    int y_stride;
};

constexpr int EMBEDDING_THREADS = 128;

// The scales of one chunk as those of a group's first block. int4 has its factor apart.
template <int F>
DEVICE float load_row_scales(GroupScales& s, const TileView& v, int row, int chunk) {
    s.words = {0, 0, 0, 0};
    s.zero_points = 0;
    if (F <= INT8) return 1.0f;
    int half = row / HALF_ROWS;
    if (F == INT4) {
        int block = chunk / BLOCK_CHUNKS;
        int lane = row % HALF_ROWS * BLOCK_CHUNKS + block % GROUP_BLOCKS;
        u64 index = (u64)(block / GROUP_BLOCKS) * LANES + lane;
        s.zero_points = load_stream1(v.zero_points + index);
        return float_of_fp16(load_stream2(v.scales + 4 * index + 2 * half));
    }
    constexpr int bytes = scale_bytes(F);
    const u8* first = v.scales + bytes * fp4_scale_place(v.rows, v.chunks, row, chunk);
    s.words.x = (F == MXFP4 ? load_stream1(first) : load_stream2(first)) << (8 * bytes * half);
    return 1.0f;
}

// Blocks: a row's chunks by threads, tokens.
template <int F>
DEVICE void embedding(const EmbeddingArgs& args) {
    EmbeddingArgs a = args;
    let_next_kernel_start();
    wait_for_earlier_kernels();
    int row = a.tokens[block_y()];
    TileView view = tile_view<F>(a.table, 0, row / TILE_ROWS);
    int chunk = block_x() * threads_in_block() + thread_index();
    bool exists = chunk < view.chunks;
    int block = exists ? chunk / BLOCK_CHUNKS : 0;
    int half = row % TILE_ROWS / HALF_ROWS;
    // A lane looks up the chunk that a product's lane of this row would.
    int lane = row % HALF_ROWS * BLOCK_CHUNKS + chunk % BLOCK_CHUNKS;
    u32x4 codes = {0, 0, 0, 0};
    GroupScales s = {{0, 0, 0, 0}, 0};
    float factor = 1.0f;
    if (exists) {
        codes = take_tail(view, load_chunk(view, block, half, lane), block, lane);
        factor = load_row_scales<F>(s, view, row % TILE_ROWS, chunk);
    }
    factor *= row_factor<F>(a.table, 0, row) * a.scale;
    BlockScales scales = block_scales<F>(s, 0);
    if (!exists) return;
    bf16_bits* y = a.y + (u64)block_y() * a.y_stride;
    int first = chunk * chunk_columns(F);
#pragma unroll
    for (int i = 0; i < chunk_pairs(F); i += STEP_PAIRS) {
        u32 pairs[STEP_PAIRS];
        decode<F>(codes, scales, half, i / STEP_PAIRS, pairs);
        float values[PIECE];
#pragma unroll
        for (int j = 0; j < STEP_PAIRS; j++) {
            u32 pair = pairs[j];
            values[2 * j] = factor * (decodes_to_fp16(F) ? low_fp16(pair) : low_bf16(pair));
            values[2 * j + 1] = factor * (decodes_to_fp16(F) ? high_fp16(pair) : high_bf16(pair));
        }
        store_piece(y + first + 2 * i, a.table.columns - first - 2 * i, values);
    }
}

#define EMBEDDING(name, format) EMBEDDING_OF(name, format)
#define EMBEDDING_OF(name, format) \
    KERNEL MAX_THREADS(EMBEDDING_THREADS) void embedding_##name(const EmbeddingArgs a) { embedding<format>(a); }

EMBEDDING(fp16, FP16)
EMBEDDING(bf16, BF16)
EMBEDDING(fp8, FP8)
EMBEDDING(int8, INT8)
EMBEDDING(int4, INT4)
EMBEDDING(mxfp4, MXFP4)
EMBEDDING(nvfp4, NVFP4)
