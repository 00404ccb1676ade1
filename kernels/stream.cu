// What memory can give: buffers read, copied and written with nothing else done, and a kernel that only waits.
//
// read_stream_u4, _u8   the buffer once by loads of 16 bytes, 4 or 8 under way in each thread; each team writes the exclusive or of
//                       the words that it read, so that no load can be left out and the result can be checked
// read_stream_bulk      sm_90: the same through shared memory by bulk copies, STAGES of STAGE_BYTES under way in each block
// copy_stream, write_stream
// wait_nanoseconds      one thread waits: what is launched behind it starts together
//
// Bytes: the buffer once (twice for the copy). Bounded by memory.
#include "include/gpu.h"

struct StreamArgs {
    const u8* source;
    u8* target;   // reads: u32 [blocks x teams of a block]
    u64 chunks;   // of 16 bytes
};

constexpr int STREAM_THREADS = 256;

DEVICE u32 folded(u32x4 v) { return v.x ^ v.y ^ v.z ^ v.w; }

DEVICE void write_team_result(const StreamArgs& a, u32 value) {
    for (int mask = LANES / 2; mask > 0; mask /= 2) value ^= shuffle_xor(value, mask);
    if (lane_index() == 0) ((u32*)a.target)[block_x() * (threads_in_block() / LANES) + team_index()] = value;
}

// Blocks take tiles of LOADS x threads chunks in turns.
template <int LOADS>
DEVICE void read_stream(const StreamArgs& a) {
    wait_for_earlier_kernels();
    u64 tile = (u64)LOADS * threads_in_block();
    u32 sum = 0;
    for (u64 first = block_x() * tile; first < a.chunks; first += blocks_x() * tile) {
        u32x4 v[LOADS];
        u64 mine = first + thread_index();
#pragma unroll
        for (int i = 0; i < LOADS; i++) {
            u64 chunk = mine + (u64)i * threads_in_block();
            v[i] = {0, 0, 0, 0};
            if (chunk < a.chunks) v[i] = load_stream16(a.source + 16 * chunk);
        }
#pragma unroll
        for (int i = 0; i < LOADS; i++) sum ^= folded(v[i]);
    }
    write_team_result(a, sum);
}

KERNEL MAX_THREADS(STREAM_THREADS) void read_stream_u4(const StreamArgs a) { read_stream<4>(a); }
KERNEL MAX_THREADS(STREAM_THREADS) void read_stream_u8(const StreamArgs a) { read_stream<8>(a); }

#ifdef HAS_BULK_COPY
constexpr int BULK_THREADS = 128;
constexpr int STAGES = 4;
constexpr int STAGE_BYTES = 8192;
constexpr int STAGE_CHUNKS = STAGE_BYTES / 16;

DEVICE u32 stage_bytes(const StreamArgs& a, u64 stage) {
    u64 left = a.chunks - stage * STAGE_CHUNKS;
    return left < STAGE_CHUNKS ? 16 * (u32)left : STAGE_BYTES;
}

// Every byte is read from shared memory, too.
KERNEL MAX_THREADS(BULK_THREADS) void read_stream_bulk(const StreamArgs a) {
    SHARED static u32x4 buffer[STAGES * STAGE_CHUNKS];
    SHARED static u64 arrivals[STAGES];
    u64 stages = (a.chunks + STAGE_CHUNKS - 1) / STAGE_CHUNKS;
    bool issues = thread_index() == 0;
    if (issues) {
        for (int i = 0; i < STAGES; i++) init_arrival(&arrivals[i]);
        publish_arrivals();
    }
    wait_for_earlier_kernels();
    barrier();
    if (issues)
        for (u64 i = 0; i < STAGES; i++) {
            u64 stage = block_x() + i * blocks_x();
            if (stage < stages)
                start_bulk_copy(&buffer[i * STAGE_CHUNKS], a.source + stage * STAGE_BYTES, stage_bytes(a, stage), &arrivals[i]);
        }
    u32 sum = 0;
    int place = 0;
    u32 parity = 0;
    for (u64 stage = block_x(); stage < stages; stage += blocks_x()) {
        while (!has_arrived(&arrivals[place], parity)) {
        }
        int here = stage_bytes(a, stage) / 16;
        if (here == STAGE_CHUNKS) {
#pragma unroll
            for (int i = 0; i < STAGE_CHUNKS / BULK_THREADS; i++)
                sum ^= folded(buffer[place * STAGE_CHUNKS + i * BULK_THREADS + thread_index()]);
        } else {
            for (int i = thread_index(); i < here; i += BULK_THREADS) sum ^= folded(buffer[place * STAGE_CHUNKS + i]);
        }
        // All have read the stage before it is written again.
        barrier();
        u64 later = stage + (u64)STAGES * blocks_x();
        if (issues && later < stages)
            start_bulk_copy(&buffer[place * STAGE_CHUNKS], a.source + later * STAGE_BYTES, stage_bytes(a, later), &arrivals[place]);
        if (++place == STAGES) {
            place = 0;
            parity ^= 1;
        }
    }
    write_team_result(a, sum);
}
#endif

KERNEL MAX_THREADS(STREAM_THREADS) void copy_stream(const StreamArgs a) {
    constexpr int LOADS = 4;
    wait_for_earlier_kernels();
    u64 tile = (u64)LOADS * threads_in_block();
    for (u64 first = block_x() * tile; first < a.chunks; first += blocks_x() * tile) {
        u32x4 v[LOADS];
        u64 mine = first + thread_index();
#pragma unroll
        for (int i = 0; i < LOADS; i++) {
            u64 chunk = mine + (u64)i * threads_in_block();
            v[i] = {0, 0, 0, 0};
            if (chunk < a.chunks) v[i] = load_stream16(a.source + 16 * chunk);
        }
#pragma unroll
        for (int i = 0; i < LOADS; i++) {
            u64 chunk = mine + (u64)i * threads_in_block();
            if (chunk < a.chunks) store16(a.target + 16 * chunk, v[i]);
        }
    }
}

// Chunk i becomes four times i's lower half.
KERNEL MAX_THREADS(STREAM_THREADS) void write_stream(const StreamArgs a) {
    wait_for_earlier_kernels();
    u64 step = (u64)blocks_x() * threads_in_block();
    for (u64 chunk = (u64)block_x() * threads_in_block() + thread_index(); chunk < a.chunks; chunk += step) {
        u32 v = (u32)chunk;
        store16(a.target + 16 * chunk, {v, v, v, v});
    }
}

struct WaitArgs {
    u64 nanoseconds;
};

// One thread.
KERNEL void wait_nanoseconds(const WaitArgs a) {
    wait_for_earlier_kernels();
    u64 start = nanoseconds();
    while (nanoseconds() - start < a.nanoseconds) {
    }
}
