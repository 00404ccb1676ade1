// What a team of linear.cu's takes of the weights, when and in which order: the group that it holds in registers, and those behind it that
// it asks the second-level cache for.
#pragma once
#include "linear_results.h"

// The tiles that a team computes and what it holds of their weights: a group of blocks of codes, and its scales.
template <int F, int R>
struct TeamTiles {
    u64 matrix;
    int tiles[R];
    WholeGroups<F> whole[R];
    int groups;          // along K; none where the team has no tile
    int whole_groups;    // of them with all blocks, where each tile has all rows or none
    u32x4 chunks[R][GROUP_BLOCKS][2];
    GroupScales scales[R];

    // What a team has of tiles that do not exist: products of zeros, which nobody stores.
    MEMBER void clear() {
#pragma unroll
        for (int r = 0; r < R; r++) {
#pragma unroll
            for (int b = 0; b < GROUP_BLOCKS; b++)
#pragma unroll
                for (int half = 0; half < 2; half++) chunks[r][b][half] = {0, 0, 0, 0};
            scales[r].set({{0, 0, 0, 0}, 0});
        }
    }

    // Behind the last set there is nothing.
    MEMBER void take(const LinearArgs& a, u64 of_matrix, int set) {
        constexpr int group_chunks = GROUP_BLOCKS * BLOCK_CHUNKS;
        int slots = slots_of(a);
        matrix = of_matrix;
        bool is_partial = false;
#pragma unroll
        for (int r = 0; r < R; r++) {
            tiles[r] = tile_of(a, set, r * slots + slot_of_team(a), R * slots);
            TileView view = tile_view<F>(a.weights, matrix, tiles[r]);
            whole[r] = ::whole_groups<F>(view, lane_index());
            is_partial |= view.rows > 0 && view.rows < TILE_ROWS;
            if (r > 0) continue;
            groups = view.rows > 0 ? (view.chunks + group_chunks - 1) / group_chunks : 0;
            whole_groups = view.rows > 0 ? view.whole / group_chunks : 0;
        }
        if (is_partial) whole_groups = 0;
    }

    MEMBER bool exists(const LinearArgs& a, int r) const { return r == 0 || tiles[r] * TILE_ROWS < a.weights.rows; }

    // The block's chunks of a group that is whole, where it is; else what was there stays.
    MEMBER void load_whole_block(const LinearArgs& a, int r, int group, int b) {
        bool now = group < whole_groups && exists(a, r);
#pragma unroll
        for (int half = 0; half < 2; half++) whole[r].load_chunk_when(now, group, b, half, chunks[r][b][half]);
    }
    MEMBER void load_whole_scales(const LinearArgs& a, int r, int group) {
        whole[r].load_scales_when(group < whole_groups && exists(a, r), group, scales[r]);
    }

    // Words that do not exist are zeros, which int4 reads as less than its zero point.
    MEMBER void fill_with_zero_points(const TileView& view, int group, u32x4 (&codes)[GROUP_BLOCKS][2], u32 zero_points) const {
#pragma unroll
        for (int b = 0; b < GROUP_BLOCKS; b++) {
            int chunk = (group * GROUP_BLOCKS + b) * BLOCK_CHUNKS + (lane_index() & 3);
            int words = chunk < view.whole ? 4 : chunk == view.whole ? view.tail / 4 : 0;
#pragma unroll
            for (int half = 0; half < 2; half++) {
                u32 zeros = ((zero_points >> (8 * b + 4 * half)) & 15) * 0x11111111;
                u32x4& c = codes[b][half];
                c = {words > 0 ? c.x : zeros, words > 1 ? c.y : zeros, words > 2 ? c.z : zeros, words > 3 ? c.w : zeros};
            }
        }
    }

    // What a block's registers hold is used up: the next group's takes its place, and with the last block's its scales.
    MEMBER void refill(const LinearArgs& a, int next, int b) {
#pragma unroll
        for (int r = 0; r < R; r++) {
            load_whole_block(a, r, next, b);
            if (b + 1 == GROUP_BLOCKS) load_whole_scales(a, r, next);
        }
        team_barrier();  // the loads do not sink below
    }

    // All of a group; nothing behind the last.
    MEMBER void load(const LinearArgs& a, int group) {
        if (group < whole_groups) {
#pragma unroll
            for (int r = 0; r < R; r++) {
#pragma unroll
                for (int b = 0; b < GROUP_BLOCKS; b++) load_whole_block(a, r, group, b);
                load_whole_scales(a, r, group);
            }
        } else if (group < groups) {
#pragma unroll
            for (int r = 0; r < R; r++) {
                TileView view = tile_view<F>(a.weights, matrix, tiles[r]);
#pragma unroll
                for (int b = 0; b < GROUP_BLOCKS; b++) {
                    int block = group * GROUP_BLOCKS + b;
#pragma unroll
                    for (int half = 0; half < 2; half++)
                        chunks[r][b][half] = take_tail(view, load_chunk(view, block, half, lane_index()), block, lane_index());
                }
                load_scales<F>(scales[r], view, group, lane_index());
                if (F == INT4) fill_with_zero_points(view, group, chunks[r], scales[r].zero_points);
            }
        }
    }
};

#ifdef HAS_BULK_PREFETCH
// A team's groups behind its first, one a lane, on their way to the second-level cache, whatever set they belong to: memory is idle while
// small kernels run, and registers have room for one group alone. Blocks of other tokens read the same weights: the first asks for all.
// For teams of one tile.
template <int F>
DEVICE void prefetch_groups(const LinearArgs& a, u64 matrix, int set, int first_group, int step_groups) {
    constexpr int group_chunks = GROUP_BLOCKS * BLOCK_CHUNKS;
    if (lane_index() >= a.ahead || block_x() > 0) return;
    int slots = slots_of(a);
    TileView view = tile_view<F>(a.weights, matrix, 0);
    int groups = (view.chunks + group_chunks - 1) / group_chunks;
    if (first_group >= groups) return;
    int of_set = 1 + ((groups - 1 - first_group) >> log2_of(step_groups));
    int number = lane_index() + 1;
    int group = first_group + number % of_set * step_groups;
    set += number / of_set * blocks_of_tiles(a);
    if (set >= sets_of(a, slots) || group >= view.whole / group_chunks) return;
    view = tile_view<F>(a.weights, matrix, tile_of(a, set, slot_of_team(a), slots));
    if (view.rows == TILE_ROWS) prefetch_group<F>(view, group);
}
#endif
