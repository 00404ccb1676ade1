// The choice of experts, and the chosen ones' tokens side by side.
//
// route           score[e] = e^(l[e] - max) / sum, or 1 / (1 + e^-l[e]); choice[e] = score[e] + bias[e]. Of the groups of
//                 consecutive experts those stay whose two best choices have the largest sums. The k best choices, of equal ones the
//                 lower number, are the experts, best first; weights[slot] = score (/ sum over the chosen) * factor.
// group_by_expert the entries token * k + slot ordered by expert, entries of one expert in their order.
//
// Shapes: logits in bfloat16 rows of E <= 512, bias bfloat16 [E] or null; experts int [token][k], weights bfloat16 [token][k], k <= 32.
// group_by_expert: up to 4096 entries; groups int {count, experts[capacity], offsets[capacity + 1]}, entries int [n], capacity at least
// min(E, n). Only the first count experts and count + 1 offsets are written.
// Bytes: a few kilobytes. Bounded by latency. Scores are doubles: two that nearly tie must not change places by rounding.
#include "include/doubles.h"

struct RouteArgs {
    const bf16_bits* logits;
    const bf16_bits* choice_bias;  // null where there is none
    int* experts;
    bf16_bits* weights;
    double factor;
    int stride;
    int expert_count;
    int slots;
    int groups;            // 1 where experts are not grouped
    int groups_per_token;
    int sigmoid;           // else softmax
    int normalize;
};

constexpr int MOST_EXPERTS = 512;
constexpr int EACH = MOST_EXPERTS / LANES;

// The values of a team: lane l has the places l, l + 32, ...
struct Places {
    double values[EACH];
    u32 taken;  // a bit for each of the lane's places; those that do not exist count as taken
};

DEVICE void set_places(Places& p, const double* values, int count) {
    p.taken = 0;
#pragma unroll
    for (int i = 0; i < EACH; i++) {
        int place = i * LANES + lane_index();
        bool exists = place < count;
        p.values[i] = exists ? values[place] : 0;
        p.taken |= (u32)!exists << i;
    }
}

// The place of the largest value that is not taken, of equal ones the lower; it is taken then. What is not a number comes last.
DEVICE int take_best(Places& p) {
    int best = MOST_EXPERTS;
    double value = 0;
#pragma unroll
    for (int i = 0; i < EACH; i++) {
        if (!((p.taken >> i) & 1) && (best == MOST_EXPERTS || p.values[i] > value)) {
            best = i * LANES + lane_index();
            value = p.values[i];
        }
    }
    for (int mask = LANES / 2; mask > 0; mask /= 2) {
        int other = (int)shuffle_xor((u32)best, mask);
        double other_value = shuffle_xor(value, mask);
        bool better = other_value > value || (other_value == value && other < best);
        if (other != MOST_EXPERTS && (best == MOST_EXPERTS || better)) {
            best = other;
            value = other_value;
        }
    }
    if (best % LANES == lane_index()) p.taken |= 1u << (best / LANES);
    return best;
}

DEVICE double without_nan(double value) { return value != value ? double_of(0xfff0000000000000u) : value; }

// A token is a team's, and a block's.
KERNEL MAX_THREADS(LANES) void route(const RouteArgs a) {
    SHARED static double scores[MOST_EXPERTS];
    SHARED static double choices[MOST_EXPERTS];
    SHARED static double group_scores[MOST_EXPERTS];
    let_next_kernel_start();
    wait_for_earlier_kernels();
    const bf16_bits* logits = a.logits + (u64)block_x() * a.stride;
    int lane = lane_index();

    float largest = -__builtin_inff();
    for (int e = lane; e < a.expert_count; e += LANES) largest = larger(largest, float_of_bf16(logits[e]));
    largest = team_max(largest);
    double sum = 0;
    for (int e = lane; e < a.expert_count; e += LANES) {
        double logit = float_of_bf16(logits[e]);
        double score = a.sigmoid ? 1.0 / (1.0 + exp_of(-logit)) : exp_of(logit - largest);
        scores[e] = score;
        sum += score;
    }
    for (int mask = LANES / 2; mask > 0; mask /= 2) sum += shuffle_xor(sum, mask);
    for (int e = lane; e < a.expert_count; e += LANES) {
        double score = a.sigmoid ? scores[e] : scores[e] / sum;
        scores[e] = score;
        choices[e] = without_nan(score + (a.choice_bias ? (double)float_of_bf16(a.choice_bias[e]) : 0.0));
    }
    team_barrier();

    Places places;
    if (a.groups > 1) {
        int size = a.expert_count / a.groups;
        for (int g = lane; g < a.groups; g += LANES) {
            double best = choices[g * size];
            double second = -__builtin_inf();
            for (int i = 1; i < size; i++) {
                double choice = choices[g * size + i];
                if (choice > best) {
                    second = best;
                    best = choice;
                } else if (choice > second) {
                    second = choice;
                }
            }
            group_scores[g] = size == 1 ? best : best + second;
        }
        team_barrier();
        set_places(places, group_scores, a.groups);
        team_barrier();
        for (int g = lane; g < a.groups; g += LANES) group_scores[g] = 0;
        team_barrier();
        for (int i = 0; i < a.groups_per_token; i++) {
            int group = take_best(places);
            if (lane == 0) group_scores[group] = 1;
        }
        team_barrier();
        for (int e = lane; e < a.expert_count; e += LANES)
            if (group_scores[e / size] == 0) choices[e] = -__builtin_inf();
        team_barrier();
    }

    set_places(places, choices, a.expert_count);
    int mine = 0;
    double divisor = 0;
    for (int slot = 0; slot < a.slots; slot++) {
        int expert = take_best(places);
        divisor += scores[expert];
        if (slot == lane) mine = expert;
    }
    if (lane < a.slots) {
        double weight = scores[mine] / (a.normalize ? divisor : 1.0) * a.factor;
        u64 place = (u64)block_x() * a.slots + lane;
        a.experts[place] = mine;
        a.weights[place] = bf16_of((float)weight);
    }
}

struct GroupByExpertArgs {
    const int* experts;
    int* groups;
    int* entries;
    int entry_count;   // tokens x slots
    int capacity;
};

constexpr int GROUP_THREADS = 1024;
constexpr int GROUP_TEAMS = GROUP_THREADS / LANES;
constexpr int MOST_ROUNDS = 4;
constexpr u32 NO_EXPERT = 0xffff;

// One block of GROUP_THREADS. Each team counts the experts of a run of entries and notes each entry's rank in its run; the counts
// summed over teams, then over experts, are where entries go.
KERNEL MAX_THREADS(GROUP_THREADS) void group_by_expert(const GroupByExpertArgs a) {
    alignas(16) SHARED static u16 counts[GROUP_TEAMS * MOST_EXPERTS];
    SHARED static u32 team_totals[GROUP_TEAMS];
    SHARED static u32 firsts[MOST_EXPERTS];
    let_next_kernel_start();
    u32x4 none = {0, 0, 0, 0};
    for (int i = thread_index(); i < GROUP_TEAMS * MOST_EXPERTS / 8; i += GROUP_THREADS) ((u32x4*)counts)[i] = none;
    wait_for_earlier_kernels();
    barrier();

    int lane = lane_index();
    int team = team_index();
    u16* mine = counts + team * MOST_EXPERTS;
    int rounds = (a.entry_count + GROUP_THREADS - 1) / GROUP_THREADS;
    u32 experts[MOST_ROUNDS], ranks[MOST_ROUNDS];
#pragma unroll
    for (int round = 0; round < MOST_ROUNDS; round++) {
        experts[round] = NO_EXPERT;
        ranks[round] = 0;
        if (round >= rounds) continue;
        int entry = (team * rounds + round) * LANES + lane;
        if (entry < a.entry_count) experts[round] = a.experts[entry];
        u32 same = lanes_with(experts[round]);
        bool exists = experts[round] != NO_EXPERT;
        u32 before = exists ? mine[experts[round]] : 0;
        ranks[round] = before + __builtin_popcount(same & ((1u << lane) - 1));
        team_barrier();
        // The highest of the lanes with this expert counts them all.
        if (exists && (same >> lane) == 1) mine[experts[round]] = (u16)(before + __builtin_popcount(same));
        team_barrier();
    }
    barrier();

    int expert = thread_index();
    u32 total = 0;
    if (expert < MOST_EXPERTS)
        for (int t = 0; t < GROUP_TEAMS; t++) {
            u32 count = counts[t * MOST_EXPERTS + expert];
            counts[t * MOST_EXPERTS + expert] = (u16)total;
            total += count;
        }
    // Experts that have entries in the upper half, entries in the lower.
    u32 own = total == 0 ? 0 : 0x10000 | total;
    u32 before = own;
    for (int distance = 1; distance < LANES; distance *= 2) {
        u32 other = shuffle(before, (lane - distance) & (LANES - 1));
        if (lane >= distance) before += other;
    }
    if (lane == LANES - 1) team_totals[team] = before;
    barrier();
    before -= own;
    for (int t = 0; t < team; t++) before += team_totals[t];
    if (total != 0) {
        int group = before >> 16;
        firsts[expert] = before & 0xffff;
        a.groups[1 + group] = expert;
        a.groups[1 + a.capacity + group] = before & 0xffff;
    }
    if (expert == MOST_EXPERTS - 1) {
        int count = (before + own) >> 16;
        a.groups[0] = count;
        a.groups[1 + a.capacity + count] = a.entry_count;
    }
    barrier();
#pragma unroll
    for (int round = 0; round < MOST_ROUNDS; round++) {
        if (experts[round] == NO_EXPERT) continue;
        int entry = (team * rounds + round) * LANES + lane;
        a.entries[firsts[experts[round]] + mine[experts[round]] + ranks[round]] = entry;
    }
}
