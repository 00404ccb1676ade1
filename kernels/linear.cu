// Matrix products with weights that are read once: y[token][row] = sum over k of W[row][k] x[token][k] (+ bias[row]).
//
// Shapes: W N x K in one of seven formats (include/weights.h says how it lies), x tokens x K and y tokens x N in bfloat16, sums in
// FP32, one rounding at the end. One matrix for all tokens; or one for each head, with its own part of x and y; or one for each
// expert that has tokens, with lists of whose they are.
//
// Work. A team of 32 lanes takes R tiles of 16 rows and every (teams_per_tile x splits)-th group of 4 blocks along K; inputs that a
// lane has loaded serve all R tiles. The teams' sums meet in shared memory, and those of `splits` blocks in FP32 scratch: the last block to
// arrive adds them in the order of the splits, whoever came first, and leaves the counter at zero for the next launch. Two ways:
//   linear_mma_*_t8 … t128: matrix instructions, the weights as the 16-row operand and 8 tokens as the other, so that decoded weights
//     never leave the registers they are decoded in; R = 1, and R = 2 as ..._r2 for 32 and 64 tokens;
//   linear_fma_*_t1, t4: multiply-adds in FP32, for GPUs without those instructions and for few tokens; R = 1.
// More tokens than a block takes are chunks, the fastest index of the grid: blocks that read the same weights run at the same time.
//
// A grid may have fewer blocks than there are sets of tiles: a block takes them in turn, and with the last group of one a team turns to
// the first of the next, whose weights come while the sums are written.
//
// A team's first weights are on their way before earlier kernels end, unless the choice of experts says which; each later group's
// follow block by block as soon as registers are free; some of them may be on their way to the second-level cache before. Inputs are read
// through the first-level cache, weights past it, and with no wish about the second: where tokens have several chunks the others find them
// there.
//
// Gates and ups may be joined here: a block takes tiles of gates and the tiles of the same ups in turn, and writes act(gate, up) of the
// rounded results, so that these need not be written.
//
// Bytes. W: a matrix's; T: tokens of a block, C = tokens / T chunks; b: bytes of a weight; S: splits; P: teams_per_tile.
//   memory             W
//   second-level cache C W + C W 2 T / (b 128 R / P): a block's 128 R / P rows read x once     + 8 S N tokens where S > 1
//   first-level cache  C W + C W 2 T / (b 16 R): each team reads x for its 16 R rows
// An H200 has 4.8 TB/s of memory, 5.5 (x 1.15) from the second-level cache, 132 x 128 B x 1.755 GHz = 29.7 (x 6.2) from the first. With
// C = P = S = 1 what a product takes at best, in times of its weights from memory (second-level, first-level cache; the larger counts):
//                  t16          t32          t32_r2       t64          t64_r2       t128
//   bf16  b 2      0.98, 0.32   1.09, 0.49   0.98, 0.32   1.31, 0.81   1.09, 0.49   1.75, 1.46
//   fp8   b 1      1.09, 0.49   1.31, 0.81   1.09, 0.49   1.75, 1.46   1.31, 0.81   2.62, 2.75
//   int4  b 0.52   1.29, 0.79   1.71, 1.41   1.29, 0.79   2.55, 2.65   1.71, 1.41   4.23, 5.15
// Below 1 memory bounds: bf16 up to 16 tokens, and with R = 2 within a tenth up to 64; int4 up to some 8. Beyond, inputs from the
// second-level cache bound, and R = 2 halves them. P = 1 matters as much: few tiles are better spread by splits than by teams. For
// 128 tokens of bf16 t128 takes 1.75 and two chunks of t64_r2 2.18; of int4 5.15 and 3.43. R = 4 has no room: its sums for 64 tokens are 128
// registers and its codes on their way as many. The arithmetic is LinearCost.cs's too, which guesses by it; nothing of it is measured.
#include "include/linear_results.h"
#include "include/linear_tiles.h"

// Eight inputs of a token as pairs of the weights' kind. Rows of x start on 16 bytes, and what lies behind the last column up to a
// multiple of 32 is finite: weights are zero there.
template <bool AS_FP16>
DEVICE void load_inputs(const bf16_bits* x, u32 (&pairs)[STEP_PAIRS]) {
    u32x4 v = load_shared_by_blocks16(x);
#pragma unroll
    for (int i = 0; i < STEP_PAIRS; i++) {
        u32 pair = word_of(v, i);
        pairs[i] = AS_FP16 ? pack_fp16(low_bf16(pair), high_bf16(pair)) : pair;
    }
}

template <int F>
DEVICE float low_of(u32 pair) { return decodes_to_fp16(F) ? low_fp16(pair) : low_bf16(pair); }
template <int F>
DEVICE float high_of(u32 pair) { return decodes_to_fp16(F) ? high_fp16(pair) : high_bf16(pair); }

// FP32 multiply-adds: a lane's columns of rows g and g + 8, one sum each for every token.
template <int FORMAT_, int TOKENS>
struct MultiplyAdds {
    static constexpr int F = FORMAT_, CAPACITY = TOKENS, INPUTS = TOKENS, ROW_TILES = 1, SUMS = 2;
    static constexpr bool FP16_INPUTS = false;
    DEVICE int token_of(int input, int) { return input; }
    DEVICE void multiply(float (&sums)[SUMS], const u32 (&low)[STEP_PAIRS], const u32 (&high)[STEP_PAIRS],
                         const u32 (&in)[STEP_PAIRS], int first) {
#pragma unroll
        for (int i = first; i < first + 2; i++) {
            sums[0] += low_of<F>(low[i]) * low_bf16(in[i]);
            sums[0] += high_of<F>(low[i]) * high_bf16(in[i]);
            sums[1] += low_of<F>(high[i]) * low_bf16(in[i]);
            sums[1] += high_of<F>(high[i]) * high_bf16(in[i]);
        }
    }
    // To [16 rows][tokens of a round].
    DEVICE void store(const float (&sums)[SUMS], int input, int lane, float* parts) {
#pragma unroll
        for (int half = 0; half < 2; half++) {
            float sum = sums[half];
            sum += shuffle_xor(sum, 1);
            sum += shuffle_xor(sum, 2);
            if ((lane & 3) == 0) parts[(half * HALF_ROWS + (lane >> 2)) * TOKENS + input] = sum;
        }
    }
};

#ifdef HAS_MATRIX_INSTRUCTIONS
// Matrix instructions: a lane holds the sums of rows g and g + 8 for tokens 2t and 2t + 1 of each eight.
template <int FORMAT_, int TOKENS, int R>
struct MatrixMultiplies {
    static constexpr int F = FORMAT_, CAPACITY = TOKENS, INPUTS = TOKENS / 8, ROW_TILES = R, SUMS = 4;
    static constexpr bool FP16_INPUTS = decodes_to_fp16(F);
    DEVICE int token_of(int input, int lane) { return 8 * input + (lane >> 2); }
    DEVICE void multiply(float (&sums)[SUMS], const u32 (&low)[STEP_PAIRS], const u32 (&high)[STEP_PAIRS],
                         const u32 (&in)[STEP_PAIRS], int i) {
        if (FP16_INPUTS)
            matrix_multiply_fp16(sums, low[i], high[i], low[i + 1], high[i + 1], in[i], in[i + 1]);
        else
            matrix_multiply_bf16(sums, low[i], high[i], low[i + 1], high[i + 1], in[i], in[i + 1]);
    }
    DEVICE void store(const float (&sums)[SUMS], int input, int lane, float* parts) {
        constexpr int row_tokens = TOKENS < ROUND_TOKENS ? TOKENS : ROUND_TOKENS;
#pragma unroll
        for (int i = 0; i < SUMS; i++)
            parts[((lane >> 2) + HALF_ROWS * (i / 2)) * row_tokens + 8 * input + 2 * (lane & 3) + i % 2] = sums[i];
    }
};
#endif

// Where a token's inputs begin: an address, or where many tokens leave no registers for it, the elements before.
template <bool IS_ADDRESS>
struct InputPlace {
    typedef u32 Type;
    static MEMBER u32 of(const bf16_bits*, u32 before) { return before; }
    static MEMBER const bf16_bits* at(const bf16_bits* x, u32 place, i64 first) { return x + (place + (u32)first); }
};
template <>
struct InputPlace<true> {
    typedef const bf16_bits* Type;
    static MEMBER const bf16_bits* of(const bf16_bits* x, u32 before) { return x + before; }
    static MEMBER const bf16_bits* at(const bf16_bits*, const bf16_bits* place, i64 first) { return place + first; }
};

template <class WAY>
DEVICE void linear(const LinearArgs& args) {
    constexpr int F = WAY::F, R = WAY::ROW_TILES, CAPACITY = WAY::CAPACITY;
    constexpr int STEPS = chunk_pairs(F) / STEP_PAIRS;
    // Inputs of few tokens are best on their way together; with more, registers are needed for their sums.
    constexpr int HELD_STEPS = R * CAPACITY <= 8 ? smaller(STEPS, 2) : 1;
    // Eights of tokens whose matrix instructions take turns: with fewer each waits for the one before, which has the same sums, and the
    // assembler puts empty instructions between them. Two tiles take turns by themselves.
    constexpr int TOGETHER = R > 1 ? 1 : smaller(WAY::INPUTS, 4);
    // Codes that are their own pairs are free only when they are multiplied: a refill before would need other registers, and copies that
    // wait for it.
    constexpr bool REFILLS_LATE = F <= BF16;
    // int4's scales are a block's: its sums are scaled once where there are registers for them.
    constexpr bool HOLDS_BLOCK_SUMS = R * CAPACITY <= 64;
    constexpr int CAPACITY_OF_ROUND = CAPACITY < ROUND_TOKENS ? CAPACITY : ROUND_TOKENS;
    constexpr int ROUNDS_OF_TILE = CAPACITY / CAPACITY_OF_ROUND;
    constexpr int INPUTS_OF_ROUND = WAY::INPUTS / ROUNDS_OF_TILE;
    SHARED static float parts[TEAMS * TILE_ROWS * CAPACITY_OF_ROUND];
    LinearArgs a = args;
    let_next_kernel_start();
    int lane = lane_index();
    int step_groups = a.teams_per_tile * a.splits;
    int first_group = split_of(a) * a.teams_per_tile + (team_index() & (a.teams_per_tile - 1));
    int group = first_group;
    int slots = slots_of(a);
    int sets = sets_of(a, R * slots);
    int set = tile_block(a);
    TeamTiles<F, R> tiles;
    tiles.clear();
    if (!a.groups) {
        tiles.take(a, block_z(), set);
        tiles.load(a, group);
#ifdef HAS_BULK_PREFETCH
        // With more tokens registers would be short in the loop for it.
        if constexpr (R * CAPACITY <= 16) prefetch_groups<F>(a, block_z(), set, first_group, step_groups);
#endif
    }
    wait_for_earlier_kernels();
    int first_token = block_x() * CAPACITY;
    Job job = job_of(a, first_token, CAPACITY);
    if (job.tokens <= 0) return;
    if (a.groups) {
        tiles.take(a, job.matrix, set);
        tiles.load(a, group);
    }

    // Behind the last token stands the last once more: its sums go nowhere.
    typedef InputPlace<(R * CAPACITY <= 64)> Place;
    typename Place::Type inputs[WAY::INPUTS];
#pragma unroll
    for (int j = 0; j < WAY::INPUTS; j++) {
        int token = smaller(WAY::token_of(j, lane), job.tokens - 1);
        int x_row = job.entries ? job.entries[token] / job.divisor : first_token + token;
        inputs[j] = Place::of(a.x, (u32)x_row * (u32)a.x_stride + (job.entries ? 0 : (u32)job.matrix * (u32)a.x_matrix_stride));
    }
    int last_chunk = (a.weights.columns + chunk_columns(F) - 1) / chunk_columns(F) - 1;
    int round_floats = slots * TILE_ROWS * CAPACITY_OF_ROUND;
    int split_floats = R * ROUNDS_OF_TILE * round_floats;
    for (; set < sets; set += blocks_of_tiles(a)) {
        float sums[R][WAY::INPUTS][WAY::SUMS] = {};
        for (bool has_more = group < tiles.groups; has_more;) {
            // With the last group of its tiles a team turns to the next set's, whose weights come while these sums are written.
            int next = group + step_groups;
            if (next >= tiles.groups) {
                has_more = false;
                next = first_group;
                tiles.take(a, job.matrix, set + blocks_of_tiles(a));
            }
#pragma unroll
            for (int b = 0; b < GROUP_BLOCKS; b++) {
                // Behind the last chunk weights are zero: any inputs will do. What is added for the block may stand in the load itself.
                int chunk = smaller(group * GROUP_BLOCKS * BLOCK_CHUNKS + (lane & 3), last_chunk - b * BLOCK_CHUNKS);
                i64 first = (i64)chunk * chunk_columns(F) + b * BLOCK_CHUNKS * chunk_columns(F);
                BlockScales scales[R];
                float block_scale[R][2];
#pragma unroll
                for (int r = 0; r < R; r++) {
                    scales[r] = block_scales<F>(tiles.scales[r], b);
#pragma unroll
                    for (int half = 0; half < 2; half++) block_scale[r][half] = F == INT4 ? int4_scale(tiles.scales[r], b, half) : 1.0f;
                }
                float block_sums[R][WAY::INPUTS][WAY::SUMS] = {};
#pragma unroll
                for (int step = 0; step < STEPS; step += HELD_STEPS) {
                    u32 pairs[R][HELD_STEPS][2][STEP_PAIRS];
#pragma unroll
                    for (int r = 0; r < R; r++) {
#pragma unroll
                        for (int held = 0; held < HELD_STEPS; held++)
#pragma unroll
                            for (int half = 0; half < 2; half++)
                                decode<F>(tiles.chunks[r][b][half], scales[r], half, step + held, pairs[r][held][half]);
                    }
                    if (!REFILLS_LATE && step + HELD_STEPS == STEPS) tiles.refill(a, next, b);
#pragma unroll
                    for (int from = 0; from < WAY::INPUTS; from += TOGETHER) {
#pragma unroll
                        for (int held = 0; held < HELD_STEPS; held++) {
                            u32 in[TOGETHER][STEP_PAIRS];
#pragma unroll
                            for (int j = 0; j < TOGETHER; j++)
                                load_inputs<WAY::FP16_INPUTS>(Place::at(a.x, inputs[from + j], first) + (step + held) * 2 * STEP_PAIRS,
                                                              in[j]);
#pragma unroll
                            for (int i = 0; i < STEP_PAIRS; i += 2)
#pragma unroll
                                for (int j = 0; j < TOGETHER; j++)
#pragma unroll
                                    for (int r = 0; r < R; r++)
                                        WAY::multiply(F == INT4 ? block_sums[r][from + j] : sums[r][from + j], pairs[r][held][0],
                                                      pairs[r][held][1], in[j], i);
                        }
                        // Where registers lack for a block's sums, each step's are scaled.
                        bool is_scaled = F == INT4 && (step + HELD_STEPS == STEPS || !HOLDS_BLOCK_SUMS);
#pragma unroll
                        for (int j = from; j < from + TOGETHER; j++)
#pragma unroll
                            for (int r = 0; r < R; r++)
#pragma unroll
                                for (int i = 0; i < WAY::SUMS; i++) {
                                    if (is_scaled) {
                                        sums[r][j][i] += block_scale[r][2 * i / WAY::SUMS] * block_sums[r][j][i];
                                        block_sums[r][j][i] = 0;
                                    }
                                    keep_order(F == INT4 && !is_scaled ? block_sums[r][j][i] : sums[r][j][i]);
                                }
                    }
                }
                if (REFILLS_LATE) tiles.refill(a, next, b);
            }
            if (next >= tiles.whole_groups) tiles.load(a, next);
            group = next;
        }

        u64 place = ((u64)block_z() * (u32)sets + set) * blocks_x() + block_x();
        float* partials = a.partials + place * a.splits * split_floats;
#pragma nounroll
        for (int number = 0; number < R * ROUNDS_OF_TILE; number++) {
            Round round = round_of<CAPACITY_OF_ROUND, ROUNDS_OF_TILE>(number, slots, job.tokens);
            float* mine = parts + team_index() * TILE_ROWS * CAPACITY_OF_ROUND;
#pragma unroll
            for (int j = 0; j < INPUTS_OF_ROUND; j++) {
                float chosen[WAY::SUMS];
#pragma unroll
                for (int i = 0; i < R * ROUNDS_OF_TILE * WAY::SUMS; i++) {
                    int of = i / WAY::SUMS;
                    if (of == 0 || of == number)
                        chosen[i % WAY::SUMS] = sums[of / ROUNDS_OF_TILE][of % ROUNDS_OF_TILE * INPUTS_OF_ROUND + j][i % WAY::SUMS];
                }
                WAY::store(chosen, j, lane, mine);
            }
            barrier();
            if (a.splits == 1)
                finish<F, R>(a, job, set, round, first_token, parts, a.teams_per_tile);
            else
                leave_partials(a, round, parts, partials + split_of(a) * split_floats + number * round_floats);
            barrier();
        }
        if (a.splits == 1 || !is_last_split(a, a.arrivals + place)) continue;
#pragma nounroll
        for (int number = 0; number < R * ROUNDS_OF_TILE; number++) {
            Round round = round_of<CAPACITY_OF_ROUND, ROUNDS_OF_TILE>(number, slots, job.tokens);
            gather_partials(a, round, partials + number * round_floats, split_floats, parts);
            barrier();
            finish<F, R>(a, job, set, round, first_token, parts, 1);
            barrier();
        }
    }
}

#define LINEAR_FMA(name, format, tokens) \
    KERNEL MAX_THREADS_MIN_BLOCKS(TEAMS* LANES, 2) void linear_fma_##name##_t##tokens(const LinearArgs a) { \
        linear<MultiplyAdds<format, tokens>>(a);                                                           \
    }
#ifdef HAS_MATRIX_INSTRUCTIONS
#define LINEAR_MMA(name, format, tokens)                                                                                        \
    KERNEL MAX_THREADS_MIN_BLOCKS(TEAMS* LANES, tokens <= 16 ? 2 : 1) void linear_mma_##name##_t##tokens(const LinearArgs a) { \
        linear<MatrixMultiplies<format, tokens, 1>>(a);                                                                         \
    }
#define LINEAR_MMA_R2(name, format, tokens)                                                    \
    KERNEL MAX_THREADS(TEAMS* LANES) void linear_mma_##name##_t##tokens##_r2(const LinearArgs a) { \
        linear<MatrixMultiplies<format, tokens, 2>>(a);                                        \
    }
#else
#define LINEAR_MMA(name, format, tokens)
#define LINEAR_MMA_R2(name, format, tokens)
#endif
#define LINEAR(name, format) LINEAR_OF(name, format)
#define LINEAR_OF(name, format)                                                                                   \
    LINEAR_FMA(name, format, 1) LINEAR_FMA(name, format, 4) LINEAR_MMA(name, format, 8) LINEAR_MMA(name, format, 16) \
    LINEAR_MMA(name, format, 32) LINEAR_MMA_R2(name, format, 32) LINEAR_MMA(name, format, 64)                     \
    LINEAR_MMA_R2(name, format, 64) LINEAR_MMA(name, format, 128)

// One module a format: a driver compiles only what a run needs.
LINEAR(FORMAT_NAME, FORMAT)
