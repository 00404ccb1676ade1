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

// The scales of one chunk, as decode() wants them of a lane: FP4 scales as of block 0, an int4 zero point as of the lane's own t. int4
// has its factor apart.
template <int F>
DEVICE float load_chunk_scales(GroupScales& s, const Matrices& w, int row, int block, int t) {
    s.words = {0, 0, 0, 0};
    s.zero_points = 0;
    if (F <= INT8) return 1.0f;
    int half = row % TILE_ROWS / HALF_ROWS;
    int first_lane = row % HALF_ROWS * BLOCK_CHUNKS;
    int chunks = (w.columns + chunk_columns(F) - 1) / chunk_columns(F);
    int blocks = (chunks + BLOCK_CHUNKS - 1) / BLOCK_CHUNKS;
    int group = block / GROUP_BLOCKS;
    u64 tile = row / TILE_ROWS;
    if (F == INT4) {
        int groups = (blocks + GROUP_BLOCKS - 1) / GROUP_BLOCKS;
        u64 index = (tile * groups + group) * LANES + first_lane + block % GROUP_BLOCKS;
        s.zero_points = load_stream1(w.zero_points + index);
        return float_of_fp16(load_stream2(w.scales + 4 * index + 2 * half));
    }
    constexpr int bytes = F == MXFP4 ? 2 : 4;
    int here = smaller(GROUP_BLOCKS, blocks - group * GROUP_BLOCKS);
    u64 index = LANES * (tile * blocks + group * GROUP_BLOCKS) + (u64)(first_lane + t) * here + block % GROUP_BLOCKS;
    s.words.x = F == MXFP4 ? load_stream2(w.scales + bytes * index) : load_stream4(w.scales + bytes * index);
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
    int t = chunk % BLOCK_CHUNKS;
    int half = row % TILE_ROWS / HALF_ROWS;
    // A lane looks up the chunk that a product's lane of this row would.
    int lane = row % HALF_ROWS * BLOCK_CHUNKS + t;
    u32x4 codes = {0, 0, 0, 0};
    GroupScales s = {{0, 0, 0, 0}, 0};
    float factor = 1.0f;
    if (exists) {
        codes = load_chunk(view, block, half, lane);
        factor = load_chunk_scales<F>(s, a.table, row, block, t);
    }
    factor *= row_factor<F>(a.table, 0, row) * a.scale;
    u32 pairs[chunk_pairs(F)];
    decode<F>(codes, s, F == INT4 ? lane_index() % BLOCK_CHUNKS : 0, half, lane_index(), pairs);
    if (!exists) return;
    bf16_bits* y = a.y + (u64)block_y() * a.y_stride;
    int first = chunk * chunk_columns(F);
#pragma unroll
    for (int i = 0; i < chunk_pairs(F); i += 4) {
        float values[PIECE];
#pragma unroll
        for (int j = 0; j < 4; j++) {
            u32 pair = pairs[i + j];
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
