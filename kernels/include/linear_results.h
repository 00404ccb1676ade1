// What linear.cu's blocks compute, and what becomes of their teams' sums: added over teams and splits, and written, gates and
// ups joined or not.
#pragma once
#include "gates.h"
#include "weights.h"

struct LinearArgs {
    Matrices weights;
    const bf16_bits* bias;  // [matrix][row]; null where there is none
    const bf16_bits* x;
    bf16_bits* y;
    const int* groups;      // experts: {how many, experts[g], first entry of g[g + 1]}; null where all tokens take matrix block_z
    const int* entries;     // experts: the rows of y by expert; row of x = entry / x_divisor
    bf16_bits* gated;       // null, or act(gate, up) of rows of y: half the matrix's rows are gates, a multiple of 16, the others
                            // ups; y may then be null, and teams_per_tile is at most half the block's teams
    float* partials;        // splits > 1: [matrix, set of tiles, chunk of tokens][split][round][tile][16 rows][tokens of a round]
    u32* arrivals;          // splits > 1: [matrix, set of tiles, chunk of tokens], zeros before and after each launch
    int group_capacity;
    int x_divisor;
    int tokens;
    int x_stride;           // elements from token to token
    int y_stride;
    int x_matrix_stride;    // elements from matrix to matrix, heads only
    int y_matrix_stride;
    int teams_per_tile;     // divides the block's teams, so a power of two
    int splits;             // blocks that share the columns of their tiles, a power of two: no division before the first loads
    int gate;               // of gated: include/gates.h
    int gated_stride;       // elements from row to row
    int ahead;              // groups behind its first that a team asks the second-level cache for while earlier kernels end; at most 32
};

// Blocks: chunks of tokens, blocks' tiles x splits, matrices.
constexpr int TEAMS = 8;
constexpr int ROUND_TOKENS = 64;

DEVICE int split_of(const LinearArgs& a) { return block_y() & (a.splits - 1); }
DEVICE int tile_block(const LinearArgs& a) { return block_y() >> log2_of(a.splits); }
// Tiles that a block computes at a time, its set, and which of them is the team's. A grid may have fewer blocks than there are sets: a
// block takes those in turn that lie as far apart as the grid has blocks.
DEVICE int slots_of(const LinearArgs& a) { return TEAMS >> log2_of(a.teams_per_tile); }
DEVICE int slot_of_team(const LinearArgs& a) { return team_index() >> log2_of(a.teams_per_tile); }

// Which tokens a block computes, and for which matrix.
struct Job {
    u64 matrix;
    const int* entries;  // null: token n is row n
    int tokens;
    int divisor;
};

DEVICE Job job_of(const LinearArgs& a, int first, int capacity) {
    Job job = {(u64)block_z(), nullptr, a.tokens, 1};
    if (a.groups) {
        int group = block_z();
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

DEVICE int blocks_of_tiles(const LinearArgs& a) { return blocks_y() >> log2_of(a.splits); }
DEVICE int sets_of(const LinearArgs& a, int tiles_of_set) {
    int tiles = (a.weights.rows + TILE_ROWS - 1) / TILE_ROWS;
    return (tiles + tiles_of_set - 1) >> log2_of(tiles_of_set);
}

// A set's tiles come in rounds, each for R of a team; the tile of a number among all of them, behind the last where there is none.
DEVICE int tile_of(const LinearArgs& a, int set, int number, int tiles_of_set) {
    int first = set * tiles_of_set;
    if (!a.gated) return first + number;
    int pair = (first + number) / 2;
    int pairs = a.weights.rows / (2 * TILE_ROWS);
    return pair >= pairs ? 2 * pairs : pair + number % 2 * pairs;
}

// What a block's sums are when they leave the registers: rounds of one tile a team and at most 64 tokens, so that shared memory has
// room for all teams.
struct Round {
    int first_tile;   // its first tile's number in the set
    int first_token;  // in the job
    int tokens;
    int capacity;     // tokens that its rows have room for
};

template <int CAPACITY, int ROUNDS_OF_TILE>
DEVICE Round round_of(int number, int slots, int tokens) {
    int first_token = number % ROUNDS_OF_TILE * CAPACITY;
    return {number / ROUNDS_OF_TILE * slots, first_token, smaller(tokens - first_token, CAPACITY), CAPACITY};
}

// A row of a token: the sum of the teams' parts [team][row][token] with the row's factor and bias.
template <int F>
DEVICE float result_of(const LinearArgs& a, const Job& job, const Round& round, int row, const float* parts, int teams, int token) {
    float sum = 0;
    for (int team = 0; team < teams; team++) sum += parts[(team * TILE_ROWS + row % TILE_ROWS) * round.capacity + token];
    sum *= row_factor<F>(a.weights, job.matrix, row);
    if (a.bias) sum += float_of_bf16(a.bias[job.matrix * a.weights.rows + row]);
    return sum;
}

// Stores a round's tiles, whose parts the first `teams` of each tile's teams hold.
template <int F, int R>
DEVICE void finish(const LinearArgs& a, const Job& job, int set, const Round& round, int first_token, const float* parts, int teams) {
    int slots = slots_of(a);
    int together = a.gated ? 2 : 1;
    int slot_floats = a.teams_per_tile * TILE_ROWS * round.capacity;
    for (int i = thread_index(); i < slots / together * TILE_ROWS * round.capacity; i += TEAMS * LANES) {
        int token = i / TILE_ROWS % round.capacity;
        if (token >= round.tokens) continue;
        int slot = i / (TILE_ROWS * round.capacity) * together;
        int row = tile_of(a, set, round.first_tile + slot, R * slots) * TILE_ROWS + i % TILE_ROWS;
        if (row >= a.weights.rows) continue;
        int in_job = round.first_token + token;
        int y_row = job.entries ? job.entries[in_job] : first_token + in_job;
        bf16_bits* y = a.y + (u64)y_row * a.y_stride + (job.entries ? 0 : job.matrix * a.y_matrix_stride);
        bf16_bits result = bf16_of(result_of<F>(a, job, round, row, parts + slot * slot_floats, teams, token));
        if (!a.gated) {
            y[row] = result;
            continue;
        }
        int up_row = row + a.weights.rows / 2;
        bf16_bits up = bf16_of(result_of<F>(a, job, round, up_row, parts + (slot + 1) * slot_floats, teams, token));
        if (a.y) {
            y[row] = result;
            y[up_row] = up;
        }
        a.gated[(u64)y_row * a.gated_stride + row] = bf16_of(joined(a.gate, float_of_bf16(result), float_of_bf16(up)));
    }
}

// Leaves the sum of a round's teams where the last of the splits finds it, in the order [tile][row][token].
DEVICE void leave_partials(const LinearArgs& a, const Round& round, const float* parts, float* partials) {
    int tile_floats = TILE_ROWS * round.capacity;
    for (int i = thread_index(); i < slots_of(a) * tile_floats; i += TEAMS * LANES) {
        if (i % round.capacity >= round.tokens) continue;
        const float* first = parts + i / tile_floats * a.teams_per_tile * tile_floats + i % tile_floats;
        float sum = 0;
        for (int team = 0; team < a.teams_per_tile; team++) sum += first[team * tile_floats];
        partials[i] = sum;
    }
}

// The sums of all splits, first to last, as parts of each tile's first team.
DEVICE void gather_partials(const LinearArgs& a, const Round& round, const float* partials, int split_floats, float* parts) {
    int tile_floats = TILE_ROWS * round.capacity;
    for (int i = thread_index(); i < slots_of(a) * tile_floats; i += TEAMS * LANES) {
        if (i % round.capacity >= round.tokens) continue;
        float sum = 0;
        for (int split = 0; split < a.splits; split++) sum += partials[split * split_floats + i];
        parts[i / tile_floats * a.teams_per_tile * tile_floats + i % tile_floats] = sum;
    }
}

// Whether this is the last of the splits: then it sees what all others left. Barriers and the fences of one thread order the others'
// writes before its arrival, and all arrivals before the last one's reads. The counter is zero again before the next kernel reads it,
// which waits for the end of this one.
DEVICE bool is_last_split(const LinearArgs& a, u32* arrivals) {
    SHARED static u32 last;
    barrier();
    if (thread_index() == 0) {
        fence_gpu();
        last = atomic_add(arrivals, 1) == (u32)a.splits - 1;
        if (last) {
            fence_gpu();
            *arrivals = 0;
        }
    }
    barrier();
    return last != 0;
}
