// A test of memory: words that tell where they belong are written everywhere, then read back and compared.
//
// Word i of the whole test (8 bytes) is mix(seed + i x INCREMENT) ^ invert. No two words of a test are alike, so memory that appears at two
// addresses holds the wrong words at one of them; a second pass with all bits inverted has every bit hold a 0 and a 1.
//
// memory_fill   writes a piece of the test
// memory_check  reads it back; each team writes how many words were wrong, the first of them and which bits differed in any
//
// Bytes: the piece once, and 32 for each team. Bounded by memory.
#include "include/mix.h"

struct MemoryTestTally {
    u64 wrong_words;
    u64 first_word;  // of the whole test; all ones where none was wrong
    u64 bits;        // every bit that differed in some word
    u64 first_read;  // what stood in the first
};

struct MemoryTestArgs {
    u8* memory;
    MemoryTestTally* tallies;  // check: [blocks x teams of a block]
    u64 chunks;                // of 16 bytes
    u64 first_word;            // of the whole test, where the piece begins
    u64 seed;
    u64 invert;                // zeros or all ones
};

constexpr int MEMORY_TEST_THREADS = 256;

DEVICE u64 expected_word(const MemoryTestArgs& a, u64 word) { return mix(a.seed + word * INCREMENT) ^ a.invert; }
DEVICE u64 shuffle_xor64(u64 value, int mask) {
    return ((u64)shuffle_xor((u32)(value >> 32), mask) << 32) | shuffle_xor((u32)value, mask);
}

KERNEL MAX_THREADS(MEMORY_TEST_THREADS) void memory_fill(const MemoryTestArgs a) {
    wait_for_earlier_kernels();
    u64 step = (u64)blocks_x() * threads_in_block();
    for (u64 chunk = (u64)block_x() * threads_in_block() + thread_index(); chunk < a.chunks; chunk += step) {
        u64 low = expected_word(a, a.first_word + 2 * chunk);
        u64 high = expected_word(a, a.first_word + 2 * chunk + 1);
        store16(a.memory + 16 * chunk, {(u32)low, (u32)(low >> 32), (u32)high, (u32)(high >> 32)});
    }
}

DEVICE void compare(const MemoryTestArgs& a, MemoryTestTally& tally, u64 word, u64 read) {
    u64 differing = read ^ expected_word(a, word);
    if (differing != 0) {
        // A thread's words ascend: the first that is wrong stays.
        if (tally.wrong_words == 0) {
            tally.first_word = word;
            tally.first_read = read;
        }
        tally.wrong_words++;
        tally.bits |= differing;
    }
}

KERNEL MAX_THREADS(MEMORY_TEST_THREADS) void memory_check(const MemoryTestArgs a) {
    wait_for_earlier_kernels();
    MemoryTestTally tally = {0, ~0ull, 0, 0};
    u64 step = (u64)blocks_x() * threads_in_block();
    for (u64 chunk = (u64)block_x() * threads_in_block() + thread_index(); chunk < a.chunks; chunk += step) {
        u32x4 v = load_stream16(a.memory + 16 * chunk);
        compare(a, tally, a.first_word + 2 * chunk, ((u64)v.y << 32) | v.x);
        compare(a, tally, a.first_word + 2 * chunk + 1, ((u64)v.w << 32) | v.z);
    }
    for (int mask = LANES / 2; mask > 0; mask /= 2) {
        tally.wrong_words += shuffle_xor64(tally.wrong_words, mask);
        tally.bits |= shuffle_xor64(tally.bits, mask);
        u64 other_word = shuffle_xor64(tally.first_word, mask);
        u64 other_read = shuffle_xor64(tally.first_read, mask);
        if (other_word < tally.first_word) {
            tally.first_word = other_word;
            tally.first_read = other_read;
        }
    }
    if (lane_index() == 0) a.tallies[block_x() * (threads_in_block() / LANES) + team_index()] = tally;
}
