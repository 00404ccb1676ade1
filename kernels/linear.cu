// Matrix products with weights that are read once: y[token][row] = sum over k of W[row][k] x[token][k] (+ bias[row]).
//
// Shapes: W N x K in one of seven formats (include/weights.h says how it lies), x tokens x K and y tokens x N in bfloat16, sums in
// FP32, one rounding at the end. One matrix for all tokens; or one for each head, with its own part of x and y; or one for each
// expert that has tokens, with lists of whose they are.
// Bytes: the matrix once, x and y. Bounded by memory up to some hundred tokens.
//
// A team of 32 lanes takes a tile of 16 rows and every teams_per_tile-th group of 4 blocks along K; the teams' sums meet in shared
// memory. Inputs are read through the first-level cache, weights past it. Two ways:
//   linear_mma_*_t8 … t64: matrix instructions, the weights as the 16-row operand and 8 tokens as the other, so that decoded weights
//     never leave the registers they are decoded in; for up to 64 tokens, more in turns;
//   linear_fma_*_t1 … t4: multiply-adds in FP32, for GPUs without those instructions and for few tokens.
//
// A team's first weights are on their way before earlier kernels end, unless the choice of experts says which; each later group's
// follow as soon as the registers of the one before are decoded.
//
// Gates and ups may be joined here: a block takes tiles of gates
// and the tiles of the same ups in turn, and writes act(gate, up) of the rounded results, so that these need not be written.
#include "include/gates.h"
#include "include/weights.h"

struct LinearArgs {
    Matrices weights;
    const bf16_bits* bias;  // [matrix][row]; null where there is none
    const bf16_bits* x;
    bf16_bits* y;
    const int* groups;      // experts: {how many, experts[g], first entry of g[g + 1]}; null where all tokens take matrix block_y
    const int* entries;     // experts: the rows of y by expert; row of x = entry / x_divisor
    int group_capacity;
    int x_divisor;
    int tokens;
    int x_stride;           // elements from token to token
    int y_stride;
    int x_matrix_stride;    // elements from matrix to matrix, heads only
    int y_matrix_stride;
    int teams_per_tile;     // divides the block's teams
    int gate;               // of gated: include/gates.h
    int gated_stride;       // elements from row to row
    bf16_bits* gated;       // null, or act(gate, up) of rows of y: half the matrix's rows are gates, a multiple of 16, the others
                            // ups; y may then be null, and teams_per_tile is at most half the block's teams
};

constexpr int TEAMS = 8;

// Which tokens a block computes, and for which matrix.
struct Job {
    u64 matrix;
    const int* entries;  // null: token n is row n
    int tokens;
    int divisor;
};

DEVICE Job job_of(const LinearArgs& a, int first, int capacity) {
    Job job = {(u64)block_y(), nullptr, a.tokens, 1};
    if (a.groups) {
        int group = block_y();
        const int* experts = a.groups + 1;
        const int* offsets = experts + a.group_capacity;
        bool exists = group < a.groups[0];
        job.matrix = exists ? experts[group] : 0;
        job.entries = a.entries + (exists ? offsets[group] : 0);
        job.tokens = exists ? offsets[group + 1] - offsets[group] : 0;
        job.divisor = a.x_divisor;
    }
    job.tokens = smaller(job.tokens - first, capacity);
    if (job.entries) job.entries += first;
    return job;
}

// The inputs of a token that belong to a lane's chunk, as pairs of the weights' kind. Rows of x start on 16 bytes, and what lies
// between the last column and the end of its chunk is finite: weights are zero there.
template <int PAIRS, bool AS_FP16>
DEVICE void load_inputs(const bf16_bits* x, bool exists, u32 (&pairs)[PAIRS]) {
#pragma unroll
    for (int i = 0; i < PAIRS / 4; i++) {
        u32x4 v = load_shared_by_blocks16_if(exists, x + 8 * i);
#pragma unroll
        for (int j = 0; j < 4; j++) {
            u32 pair = word_of(v, j);
            pairs[4 * i + j] = AS_FP16 ? pack_fp16(low_bf16(pair), high_bf16(pair)) : pair;
        }
    }
}

// The tile of a team, by its number among the block's; behind the last where there is none.
DEVICE int tile_of(const LinearArgs& a, int number) {
    int tiles = TEAMS / a.teams_per_tile;
    if (!a.gated) return block_x() * tiles + number;
    int pair = block_x() * (tiles / 2) + number / 2;
    int pairs = a.weights.rows / (2 * TILE_ROWS);
    return pair >= pairs ? 2 * pairs : pair + number % 2 * pairs;
}

// What a team reads of a matrix.
template <int F>
struct TeamTile {
    TileView view;
    const u8* scales;
    const u8* zero_points;
    int tile;
    int blocks;
    int groups;  // none where the team has no tile
};

template <int F>
DEVICE TeamTile<F> team_tile(const LinearArgs& a, u64 matrix) {
    TeamTile<F> t;
    t.tile = tile_of(a, team_index() / a.teams_per_tile);
    t.view = tile_view<F>(a.weights, matrix, t.tile);
    t.scales = a.weights.scales + matrix * a.weights.scales_bytes;
    t.zero_points = a.weights.zero_points + matrix * a.weights.zero_points_bytes;
    t.blocks = (t.view.chunks + BLOCK_CHUNKS - 1) / BLOCK_CHUNKS;
    t.groups = t.view.rows > 0 ? (t.blocks + GROUP_BLOCKS - 1) / GROUP_BLOCKS : 0;
    return t;
}

// Zeros behind the last group.
template <int F>
DEVICE void load_group_scales(const TeamTile<F>& t, int group, GroupScales& s) {
    load_scales<F>(s, t.scales, t.zero_points, t.tile, group, t.groups, t.blocks, lane_index(),
                   lane_index() / BLOCK_CHUNKS < t.view.rows && group < t.groups);
}

template <int F>
DEVICE void load_block(const TeamTile<F>& t, int group, int b, u32x4 (&chunks)[GROUP_BLOCKS][2]) {
#pragma unroll
    for (int half = 0; half < 2; half++) chunks[b][half] = load_chunk(t.view, group * GROUP_BLOCKS + b, half, lane_index());
}

template <int F>
DEVICE void load_group(const TeamTile<F>& t, int group, u32x4 (&chunks)[GROUP_BLOCKS][2], GroupScales& s) {
#pragma unroll
    for (int b = 0; b < GROUP_BLOCKS; b++) load_block<F>(t, group, b, chunks);
    load_group_scales<F>(t, group, s);
}

// A row of a token: the sum of the teams' parts [team][row][token] with the row's factor and bias.
template <int F>
DEVICE float result_of(const LinearArgs& a, const Job& job, int row, const float* parts, int first_team, int token, int capacity) {
    float sum = 0;
    for (int team = first_team; team < first_team + a.teams_per_tile; team++)
        sum += parts[(team * TILE_ROWS + row % TILE_ROWS) * capacity + token];
    sum *= row_factor<F>(a.weights, job.matrix, row);
    if (a.bias) sum += float_of_bf16(a.bias[job.matrix * a.weights.rows + row]);
    return sum;
}

// Stores the block's tiles.
template <int F>
DEVICE void finish(const LinearArgs& a, const Job& job, int first_token, const float* parts, int capacity) {
    barrier();
    int tiles = TEAMS / a.teams_per_tile;
    int together = a.gated ? 2 : 1;
    for (int i = thread_index(); i < tiles / together * TILE_ROWS * job.tokens; i += TEAMS * LANES) {
        int token = i / TILE_ROWS % job.tokens;
        int number = i / (TILE_ROWS * job.tokens) * together;
        int row = tile_of(a, number) * TILE_ROWS + i % TILE_ROWS;
        if (row >= a.weights.rows) continue;
        int y_row = job.entries ? job.entries[token] : first_token + token;
        bf16_bits* y = a.y + (u64)y_row * a.y_stride + (job.entries ? 0 : job.matrix * a.y_matrix_stride);
        bf16_bits result = bf16_of(result_of<F>(a, job, row, parts, number * a.teams_per_tile, token, capacity));
        if (!a.gated) {
            y[row] = result;
            continue;
        }
        int up_row = row + a.weights.rows / 2;
        bf16_bits up = bf16_of(result_of<F>(a, job, up_row, parts, (number + 1) * a.teams_per_tile, token, capacity));
        if (a.y) {
            y[row] = result;
            y[up_row] = up;
        }
        a.gated[(u64)y_row * a.gated_stride + row] = bf16_of(joined(a.gate, float_of_bf16(result), float_of_bf16(up)));
    }
}

#ifdef HAS_MATRIX_INSTRUCTIONS
template <int F, int TOKEN_TILES>
DEVICE void linear_mma(const LinearArgs& args) {
    constexpr int CAPACITY = 8 * TOKEN_TILES;
    constexpr int PAIRS = chunk_pairs(F);
    SHARED static float parts[TEAMS * TILE_ROWS * CAPACITY];
    LinearArgs a = args;
    let_next_kernel_start();
    int lane = lane_index();
    int row = lane >> 2;
    int group = team_index() % a.teams_per_tile;
    u32x4 chunks[GROUP_BLOCKS][2];
    GroupScales s;
    TeamTile<F> tile = team_tile<F>(a, block_y());
    if (!a.groups) load_group<F>(tile, group, chunks, s);
    wait_for_earlier_kernels();
    int first_token = block_z() * CAPACITY;
    Job job = job_of(a, first_token, CAPACITY);
    if (job.tokens <= 0) return;
    if (a.groups) {
        tile = team_tile<F>(a, job.matrix);
        load_group<F>(tile, group, chunks, s);
    }

    float sums[TOKEN_TILES][4] = {};
    if (group < tile.groups) {
        const bf16_bits* x[TOKEN_TILES];
#pragma unroll
        for (int j = 0; j < TOKEN_TILES; j++) {
            int token = 8 * j + row;
            int x_row = job.entries ? (token < job.tokens ? job.entries[token] / job.divisor : 0) : first_token + token;
            x[j] = a.x + (u64)x_row * a.x_stride + (job.entries ? 0 : job.matrix * a.x_matrix_stride);
        }
        for (; group < tile.groups; group += a.teams_per_tile) {
            int next = group + a.teams_per_tile;
            GroupScales next_scales;
            load_group_scales<F>(tile, next, next_scales);
#pragma unroll
            for (int b = 0; b < GROUP_BLOCKS; b++) {
                int chunk = (group * GROUP_BLOCKS + b) * BLOCK_CHUNKS + (lane & 3);
                int first = chunk * chunk_columns(F);
                u32 low[PAIRS], high[PAIRS];
                decode<F>(chunks[b][0], s, b, 0, lane, low);
                decode<F>(chunks[b][1], s, b, 1, lane, high);
                load_block<F>(tile, next, b, chunks);
                float scale_low = 1, scale_high = 1;
                if (F == INT4) {
                    scale_low = int4_scale(s, b, 0, lane);
                    scale_high = int4_scale(s, b, 1, lane);
                }
#pragma unroll
                for (int j = 0; j < TOKEN_TILES; j++) {
                    u32 in[PAIRS];
                    load_inputs<PAIRS, decodes_to_fp16(F)>(x[j] + first, 8 * j + row < job.tokens && chunk < tile.view.chunks, in);
                    float part[4] = {};
#pragma unroll
                    for (int i = 0; i < PAIRS; i += 2) {
                        float(&sum)[4] = F == INT4 ? part : sums[j];
                        if (decodes_to_fp16(F))
                            matrix_multiply_fp16(sum, low[i], high[i], low[i + 1], high[i + 1], in[i], in[i + 1]);
                        else
                            matrix_multiply_bf16(sum, low[i], high[i], low[i + 1], high[i + 1], in[i], in[i + 1]);
                    }
                    if (F == INT4) {
                        sums[j][0] += scale_low * part[0];
                        sums[j][1] += scale_low * part[1];
                        sums[j][2] += scale_high * part[2];
                        sums[j][3] += scale_high * part[3];
                    }
                }
            }
            s = next_scales;
        }
    }
    float* mine = parts + team_index() * TILE_ROWS * CAPACITY;
#pragma unroll
    for (int j = 0; j < TOKEN_TILES; j++)
#pragma unroll
        for (int i = 0; i < 4; i++)
            mine[(row + HALF_ROWS * (i / 2)) * CAPACITY + 8 * j + 2 * (lane & 3) + i % 2] = sums[j][i];
    finish<F>(a, job, first_token, parts, CAPACITY);
}
#endif

template <int F>
DEVICE float low_of(u32 pair) { return decodes_to_fp16(F) ? low_fp16(pair) : low_bf16(pair); }
template <int F>
DEVICE float high_of(u32 pair) { return decodes_to_fp16(F) ? high_fp16(pair) : high_bf16(pair); }

template <int F, int TOKENS>
DEVICE void linear_fma(const LinearArgs& args) {
    constexpr int PAIRS = chunk_pairs(F);
    SHARED static float parts[TEAMS * TILE_ROWS * TOKENS];
    LinearArgs a = args;
    let_next_kernel_start();
    int lane = lane_index();
    int row = lane >> 2;
    int group = team_index() % a.teams_per_tile;
    u32x4 chunks[GROUP_BLOCKS][2];
    GroupScales s;
    TeamTile<F> tile = team_tile<F>(a, block_y());
    if (!a.groups) load_group<F>(tile, group, chunks, s);
    wait_for_earlier_kernels();
    int first_token = block_z() * TOKENS;
    Job job = job_of(a, first_token, TOKENS);
    if (job.tokens <= 0) return;
    if (a.groups) {
        tile = team_tile<F>(a, job.matrix);
        load_group<F>(tile, group, chunks, s);
    }

    float sums[TOKENS][2] = {};
    if (group < tile.groups) {
        const bf16_bits* x[TOKENS];
#pragma unroll
        for (int j = 0; j < TOKENS; j++) {
            int x_row = job.entries ? (j < job.tokens ? job.entries[j] / job.divisor : 0) : first_token + j;
            x[j] = a.x + (u64)x_row * a.x_stride + (job.entries ? 0 : job.matrix * a.x_matrix_stride);
        }
        for (; group < tile.groups; group += a.teams_per_tile) {
            int next = group + a.teams_per_tile;
            GroupScales next_scales;
            load_group_scales<F>(tile, next, next_scales);
#pragma unroll
            for (int b = 0; b < GROUP_BLOCKS; b++) {
                int chunk = (group * GROUP_BLOCKS + b) * BLOCK_CHUNKS + (lane & 3);
                int first = chunk * chunk_columns(F);
#pragma unroll
                for (int half = 0; half < 2; half++) {
                    u32 pairs[PAIRS];
                    decode<F>(chunks[b][half], s, b, half, lane, pairs);
                    chunks[b][half] = load_chunk(tile.view, next * GROUP_BLOCKS + b, half, lane);
                    float scale = F == INT4 ? int4_scale(s, b, half, lane) : 1.0f;
#pragma unroll
                    for (int j = 0; j < TOKENS; j++) {
                        u32 in[PAIRS];
                        load_inputs<PAIRS, false>(x[j] + first, j < job.tokens && chunk < tile.view.chunks, in);
                        float part = 0;
#pragma unroll
                        for (int i = 0; i < PAIRS; i++) {
                            part += low_of<F>(pairs[i]) * low_bf16(in[i]);
                            part += high_of<F>(pairs[i]) * high_bf16(in[i]);
                        }
                        sums[j][half] += F == INT4 ? scale * part : part;
                    }
                }
            }
            s = next_scales;
        }
    }
    float* mine = parts + team_index() * TILE_ROWS * TOKENS;
#pragma unroll
    for (int j = 0; j < TOKENS; j++)
#pragma unroll
        for (int half = 0; half < 2; half++) {
            float sum = sums[j][half];
            sum += shuffle_xor(sum, 1);
            sum += shuffle_xor(sum, 2);
            if ((lane & 3) == 0) mine[(half * HALF_ROWS + row) * TOKENS + j] = sum;
        }
    finish<F>(a, job, first_token, parts, TOKENS);
}

#define LINEAR_FMA(name, format, tokens) \
    KERNEL MAX_THREADS(TEAMS* LANES) void linear_fma_##name##_t##tokens(const LinearArgs a) { linear_fma<format, tokens>(a); }
#ifdef HAS_MATRIX_INSTRUCTIONS
#define LINEAR_MMA(name, format, tokens) \
    KERNEL MAX_THREADS(TEAMS* LANES) void linear_mma_##name##_t##tokens(const LinearArgs a) { linear_mma<format, tokens / 8>(a); }
#else
#define LINEAR_MMA(name, format, tokens)
#endif
#define LINEAR(name, format) LINEAR_OF(name, format)
#define LINEAR_OF(name, format)                                                                             \
    LINEAR_FMA(name, format, 1) LINEAR_FMA(name, format, 4)                   \
    LINEAR_MMA(name, format, 8) LINEAR_MMA(name, format, 16) LINEAR_MMA(name, format, 32) LINEAR_MMA(name, format, 64)

// One module a format: a driver compiles only what a run needs.
LINEAR(FORMAT_NAME, FORMAT)
