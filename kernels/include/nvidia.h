// NVIDIA: special registers, barriers, shuffles, loads with cache hints, matrix instructions. PTX ISA 8.5.
#pragma once

#define GPU_ARCH __CUDA_ARCH__

DEVICE int thread_index() { return __nvvm_read_ptx_sreg_tid_x(); }
DEVICE int block_x() { return __nvvm_read_ptx_sreg_ctaid_x(); }
DEVICE int block_y() { return __nvvm_read_ptx_sreg_ctaid_y(); }
DEVICE int block_z() { return __nvvm_read_ptx_sreg_ctaid_z(); }
DEVICE int blocks_x() { return __nvvm_read_ptx_sreg_nctaid_x(); }
DEVICE int blocks_y() { return __nvvm_read_ptx_sreg_nctaid_y(); }
DEVICE int threads_in_block() { return __nvvm_read_ptx_sreg_ntid_x(); }

// All threads of the block arrive before any goes on; shared memory written before is seen after.
DEVICE void barrier() { __syncthreads(); }

// The lanes of a team wait for each other; shared memory written before is seen after.
DEVICE void team_barrier() { asm volatile("bar.warp.sync 0xffffffff;" ::: "memory"); }

// The value of another lane of the team.
DEVICE u32 shuffle(u32 value, int lane) { return __nvvm_shfl_sync_idx_i32(0xffffffffu, value, lane, 31); }
DEVICE u32 shuffle_xor(u32 value, int mask) { return __nvvm_shfl_sync_bfly_i32(0xffffffffu, value, mask, 31); }

// What no kernel of a step writes (weights) and one block reads once: past the first-level cache. With .nc, PTX allows nobody to write
// the address while the kernel runs, and a kernel may be resident while an earlier one still writes (below). (Which lines the
// second-level cache gives up first cannot be said with a load of 16 bytes before sm_100 and PTX 8.8, but by a policy.)
DEVICE u32x4 load_stream16(const void* address) {
    u32x4 v;
    asm("ld.global.nc.L1::no_allocate.v4.u32 {%0, %1, %2, %3}, [%4];"
        : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w)
        : "l"(address));
    return v;
}

#define HAS_CONDITIONAL_LOADS 1
// Zeros where there is nothing; no branch, so that loads stay together.
DEVICE u32x4 load_stream16_if(bool exists, const void* address) {
    u32x4 v;
    asm("{ .reg .pred p; setp.ne.u32 p, %5, 0; mov.u32 %0, 0; mov.u32 %1, 0; mov.u32 %2, 0; mov.u32 %3, 0; "
        "@p ld.global.nc.L1::no_allocate.v4.u32 {%0, %1, %2, %3}, [%4]; }"
        : "=&r"(v.x), "=&r"(v.y), "=&r"(v.z), "=&r"(v.w)
        : "l"(address), "r"((u32)exists));
    return v;
}

// Takes the place of v where `now`; else v stays. No branch, so that loads stay together; volatile, and 16 bytes without .nc, so that
// they stay where they are written: the compiler and the assembler would move them down to where their values are first used, behind the
// work that should hide their latency. (A load with .nc passes team_barrier(), another does not.)
DEVICE void load_stream16_when(bool now, const void* address, u32x4& v) {
    asm volatile("{ .reg .pred p; setp.ne.u32 p, %5, 0; @p ld.global.L1::no_allocate.v4.u32 {%0, %1, %2, %3}, [%4]; }"
        : "+r"(v.x), "+r"(v.y), "+r"(v.z), "+r"(v.w)
        : "l"(address), "r"((u32)now));
}
DEVICE void load_stream8_when(bool now, const void* address, u32x2& v) {
    asm volatile("{ .reg .pred p; setp.ne.u32 p, %3, 0; @p ld.global.nc.L1::no_allocate.v2.u32 {%0, %1}, [%2]; }"
        : "+r"(v.x), "+r"(v.y)
        : "l"(address), "r"((u32)now));
}
DEVICE void load_stream4_when(bool now, const void* address, u32& v) {
    asm volatile("{ .reg .pred p; setp.ne.u32 p, %2, 0; @p ld.global.nc.L1::no_allocate.u32 %0, [%1]; }"
        : "+r"(v)
        : "l"(address), "r"((u32)now));
}

DEVICE u32x2 load_stream8(const void* address) {
    u32x2 v;
    asm("ld.global.nc.L1::no_allocate.v2.u32 {%0, %1}, [%2];" : "=r"(v.x), "=r"(v.y) : "l"(address));
    return v;
}

DEVICE u32 load_stream4(const void* address) {
    u32 v;
    asm("ld.global.nc.L1::no_allocate.u32 %0, [%1];" : "=r"(v) : "l"(address));
    return v;
}

DEVICE u32 load_stream2(const void* address) {
    u16 v;
    asm("ld.global.nc.L1::no_allocate.u16 %0, [%1];" : "=h"(v) : "l"(address));
    return v;
}

DEVICE u32 load_stream1(const void* address) {
    u32 v;
    asm("ld.global.nc.L1::no_allocate.u8 %0, [%1];" : "=r"(v) : "l"(address));
    return v;
}

// Cached keys and values: an earlier kernel of the step writes the newest token's, so without .nc, and the loads keep their place
// behind wait_for_earlier_kernels(). One block reads most of them once: past the first-level cache. PTX ISA 7.4.
DEVICE u32x4 load_cached16(const void* address) {
    u32x4 v;
    asm volatile("ld.global.L1::no_allocate.v4.u32 {%0, %1, %2, %3}, [%4];"
                 : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w)
                 : "l"(address)
                 : "memory");
    return v;
}

// Zeros where there is nothing; no branch, so that loads stay together.
DEVICE u32x4 load_cached16_if(bool exists, const void* address) {
    u32x4 v;
    asm volatile("{ .reg .pred p; setp.ne.u32 p, %5, 0; mov.u32 %0, 0; mov.u32 %1, 0; mov.u32 %2, 0; mov.u32 %3, 0; "
                 "@p ld.global.L1::no_allocate.v4.u32 {%0, %1, %2, %3}, [%4]; }"
                 : "=&r"(v.x), "=&r"(v.y), "=&r"(v.z), "=&r"(v.w)
                 : "l"(address), "r"((u32)exists)
                 : "memory");
    return v;
}

// A value that an earlier kernel wrote and that many blocks read.
DEVICE u32x4 load_shared_by_blocks16(const void* address) {
    u32x4 v;
    asm volatile("ld.global.v4.u32 {%0, %1, %2, %3}, [%4];"
                 : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w)
                 : "l"(address)
                 : "memory");
    return v;
}

DEVICE void store16(void* address, u32x4 v) {
    asm volatile("st.global.v4.u32 [%0], {%1, %2, %3, %4};"
                 :
                 : "l"(address), "r"(v.x), "r"(v.y), "r"(v.z), "r"(v.w)
                 : "memory");
}

// Programmatic dependent launch (sm_90): the next kernel of the stream may start; what earlier kernels wrote may be read after
// wait_for_earlier_kernels(). Elsewhere kernels of a stream do not overlap, and both are nothing.
DEVICE void let_next_kernel_start() {
#if GPU_ARCH >= 900
    asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
#endif
}
DEVICE void wait_for_earlier_kernels() {
#if GPU_ARCH >= 900
    asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

#if GPU_ARCH >= 800
#define HAS_BULK_PREFETCH 1
// Bytes, a multiple of 16, from an address on 16 on to the second-level cache; nobody waits for them. PTX ISA 8.0, sm_90. Before, where
// kernels do not overlap and nobody asks for it, nothing, of the same operands: so the rest of the PTX is the same for both.
DEVICE void start_prefetch(const void* address, u32 bytes) {
#if GPU_ARCH >= 900
    asm volatile("cp.async.bulk.prefetch.L2.global [%0], %1;" ::"l"(address), "r"(bytes));
#else
    asm volatile("" ::"l"(address), "r"(bytes));
#endif
}
#endif

#define HAS_KEPT_ORDER 1
// The compiler computes the value here, before the loads that follow in the source, and so keeps fewer others for later.
DEVICE void keep_order(float& value) { asm volatile("" : "+f"(value)); }

// 2^x. PTX: at most 2 ulp from the true value.
DEVICE float exp2_of(float x) {
    float y;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
}

DEVICE float square_root(float x) {
    float y;
    asm("sqrt.rn.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
}

// a / b rounded up.
#define HAS_DIRECTED_ROUNDING 1
DEVICE float divide_up(float a, float b) {
    float y;
    asm("div.rp.f32 %0, %1, %2;" : "=f"(y) : "f"(a), "f"(b));
    return y;
}
// The code of the smallest binary16 number that is not below x; infinity above 65504.
DEVICE u32 fp16_up(float x) {
    u16 y;
    asm("cvt.rp.f16.f32 %0, %1;" : "=h"(y) : "f"(x));
    return y;
}
// The nearest integer, ties to even.
DEVICE int nearest_int(float x) {
    int y;
    asm("cvt.rni.s32.f32 %0, %1;" : "=r"(y) : "f"(x));
    return y;
}

#if GPU_ARCH >= 890
#define HAS_E4M3_CONVERSION 1
// Two codes of E4M3, ties to even, beyond 448 the code of 448; the first in the low byte. PTX ISA: 7.8 on sm_90, 8.1 on sm_89.
DEVICE u32 pack_e4m3(float low, float high) {
    u16 packed;
    asm("cvt.rn.satfinite.e4m3x2.f32 %0, %1, %2;" : "=h"(packed) : "f"(high), "f"(low));
    return packed;
}
#endif

#define HAS_MATCH 1
// The lanes of the team whose value is the same, a bit each.
DEVICE u32 lanes_with(u32 value) {
    u32 lanes;
    asm volatile("match.any.sync.b32 %0, %1, 0xffffffff;" : "=r"(lanes) : "r"(value));
    return lanes;
}

DEVICE u64 atomic_max(u64* address, u64 value) {
    u64 old;
    asm volatile("atom.global.max.u64 %0, [%1], %2;" : "=l"(old) : "l"(address), "l"(value) : "memory");
    return old;
}

DEVICE u32 atomic_add(u32* address, u32 value) {
    u32 old;
    asm volatile("atom.global.add.u32 %0, [%1], %2;" : "=r"(old) : "l"(address), "r"(value) : "memory");
    return old;
}

// What this thread wrote is seen by every thread of the GPU that reads after it learnt of it.
DEVICE void fence_gpu() { asm volatile("fence.acq_rel.gpu;" ::: "memory"); }

DEVICE u64 nanoseconds() {
    u64 t;
    asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(t));
    return t;
}

#if GPU_ARCH >= 800
#define HAS_MATRIX_INSTRUCTIONS 1

// D = A B + C: A 16 x 16 by rows, B 16 x 8 by columns, FP32 sums. Lane 4g + t holds of A rows g (a0, a2) and g + 8 (a1, a3),
// columns 2t, 2t+1 (a0, a1) and 2t+8, 2t+9 (a2, a3); of B column g, rows 2t, 2t+1 (b0) and 2t+8, 2t+9 (b1); of C and D row g
// columns 2t, 2t+1 (c0, c1) and row g + 8 (c2, c3). PTX ISA, "Matrix fragments for mma.m16n8k16 with floating point type".
DEVICE void matrix_multiply_bf16(float (&c)[4], u32 a0, u32 a1, u32 a2, u32 a3, u32 b0, u32 b1) {
    asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a0), "r"(a1), "r"(a2), "r"(a3), "r"(b0), "r"(b1));
}
DEVICE void matrix_multiply_fp16(float (&c)[4], u32 a0, u32 a1, u32 a2, u32 a3, u32 b0, u32 b1) {
    asm("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a0), "r"(a1), "r"(a2), "r"(a3), "r"(b0), "r"(b1));
}

// 16 bytes of shared memory, read anew each time: values that the compiler must not keep in registers.
#if defined(__NVCC__)
DEVICE u32 block_memory_address(const void* p) { return (u32)__cvta_generic_to_shared(p); }
#else
DEVICE u32 block_memory_address(const void* p) { return (u32)(u64)(__attribute__((address_space(3))) const void*)p; }
#endif
DEVICE u32x4 load_block_memory16(const void* address) {
    u32x4 v;
    asm volatile("ld.shared.v4.u32 {%0, %1, %2, %3}, [%4];"
                 : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w)
                 : "r"(block_memory_address(address))
                 : "memory");
    return v;
}

DEVICE u32x4 load_block_memory16(u32 address) {
    u32x4 v;
    asm volatile("ld.shared.v4.u32 {%0, %1, %2, %3}, [%4];"
                 : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w)
                 : "r"(address)
                 : "memory");
    return v;
}

// 16 bytes of the cache on their way to shared memory, past registers and the first-level cache. The thread itself sees them once it
// has waited for their group: all copies that it started between two calls of end_group_of_copies(), some of them or none.
DEVICE void start_copy16(u32 block_memory, const void* address) {
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(block_memory), "l"(address) : "memory");
}
DEVICE void end_group_of_copies() { asm volatile("cp.async.commit_group;" ::: "memory"); }
// For all groups but the last N.
template <int N>
DEVICE void wait_for_copies() {
    asm volatile("cp.async.wait_group %0;" ::"n"(N) : "memory");
}

// Four 8 x 8 matrices of 16-bit numbers from shared memory, transposed: lane i points at the 16 bytes of row i % 8 of matrix i / 8,
// and lane 4g + t gets of each column g, rows 2t and 2t + 1.
DEVICE u32x4 load_transposed_matrices(const void* row) {
    u32x4 v;
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w)
                 : "r"(block_memory_address(row))
                 : "memory");
    return v;
}

#if GPU_ARCH >= 900
#define HAS_E4M3_TO_FP16 1
// Two E4M3 codes as binary16, the first in the low half.
DEVICE u32 fp16_of_e4m3_pair(u32 codes) {
    u32 pair;
    asm("cvt.rn.f16x2.e4m3x2 %0, %1;" : "=r"(pair) : "h"((u16)codes));
    return pair;
}
#endif

#define HAS_PACKED_CONVERSION 1
// Two FP32 values rounded to nearest even, the first in the low half.
DEVICE u32 pack_bf16(float low, float high) {
    u32 packed;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(packed) : "f"(high), "f"(low));
    return packed;
}

#define HAS_PACKED_FP16_CONVERSION 1
// The same as binary16, four times as fast as one by one.
DEVICE u32 pack_fp16(float low, float high) {
    u32 packed;
    asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(packed) : "f"(high), "f"(low));
    return packed;
}

#define HAS_BF16_ARITHMETIC 1
// a b + c on two bfloat16 each.
DEVICE u32 fma_bf16x2(u32 a, u32 b, u32 c) {
    u32 d;
    asm("fma.rn.bf16x2 %0, %1, %2, %3;" : "=r"(d) : "r"(a), "r"(b), "r"(c));
    return d;
}
#endif

#define HAS_MASKED_LOGIC 1
// (a & mask) | bits, which compilers make two instructions where both are constants.
DEVICE u32 masked_or(u32 a, u32 mask, u32 bits) {
    u32 d;
    asm("lop3.b32 %0, %1, %2, %3, 0xea;" : "=r"(d) : "r"(a), "r"(mask), "r"(bits));
    return d;
}

// (a & mask) ^ bits, likewise.
DEVICE u32 masked_xor(u32 a, u32 mask, u32 bits) {
    u32 d;
    asm("lop3.b32 %0, %1, %2, %3, 0x6a;" : "=r"(d) : "r"(a), "r"(mask), "r"(bits));
    return d;
}

#define HAS_HALVES 1
// One half of a pair in both halves. Instructions on two bfloat16 numbers take either half of an operand for both: the assembler makes
// this part of them.
DEVICE u32 same_halves(u32 pair, int half) {
    u32 low, high;
    asm("{ .reg .b16 l, h; mov.b32 {l, h}, %1; mov.b32 %0, {l, l}; }" : "=r"(low) : "r"(pair));
    asm("{ .reg .b16 l, h; mov.b32 {l, h}, %1; mov.b32 %0, {h, h}; }" : "=r"(high) : "r"(pair));
    return half ? high : low;
}

#define HAS_BYTE_PERMUTE 1
// Four bytes chosen out of the eight of (high, low) by the selector's nibbles.
DEVICE u32 permute_bytes(u32 low, u32 high, u32 selector) {
    u32 d;
    asm("prmt.b32 %0, %1, %2, %3;" : "=r"(d) : "r"(low), "r"(high), "r"(selector));
    return d;
}

#if GPU_ARCH >= 900
#define HAS_BULK_COPY 1

// Copies into shared memory that no thread waits for by itself: a barrier in shared memory counts the bytes that have arrived, and
// its phases are told apart by their parity.
DEVICE u32 shared_address(const void* address) {
    u64 offset;
    asm("cvta.to.shared.u64 %0, %1;" : "=l"(offset) : "l"(address));
    return (u32)offset;
}
// By one thread, before a block barrier: one thread announces each phase's bytes.
DEVICE void init_arrival(u64* arrival) {
    asm volatile("mbarrier.init.shared.b64 [%0], 1;" ::"r"(shared_address(arrival)) : "memory");
}
DEVICE void publish_arrivals() { asm volatile("fence.proxy.async;" ::: "memory"); }
// Source, target and bytes are multiples of 16.
DEVICE void start_bulk_copy(void* target, const void* source, u32 bytes, u64* arrival) {
    asm volatile("mbarrier.arrive.expect_tx.shared.b64 _, [%0], %1;" ::"r"(shared_address(arrival)), "r"(bytes) : "memory");
    asm volatile("cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1], %2, [%3];" ::"r"(
                     shared_address(target)),
                 "l"(source), "r"(bytes), "r"(shared_address(arrival))
                 : "memory");
}
DEVICE bool has_arrived(u64* arrival, u32 parity) {
    u32 done;
    asm volatile("{ .reg .pred p; mbarrier.try_wait.parity.shared.b64 p, [%1], %2; selp.u32 %0, 1, 0, p; }"
                 : "=r"(done)
                 : "r"(shared_address(arrival)), "r"(parity)
                 : "memory");
    return done != 0;
}
#endif
