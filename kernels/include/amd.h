// AMD: what kernels need to compile for gfx90a, gfx942 and gfx1100. Nothing here has run on hardware yet; matrix and packed
// instructions take plain.h's way.
#pragma once

DEVICE int thread_index() { return __builtin_amdgcn_workitem_id_x(); }
DEVICE int block_x() { return __builtin_amdgcn_workgroup_id_x(); }
DEVICE int block_y() { return __builtin_amdgcn_workgroup_id_y(); }
DEVICE int block_z() { return __builtin_amdgcn_workgroup_id_z(); }
DEVICE int threads_in_block() { return __builtin_amdgcn_workgroup_size_x(); }
DEVICE int blocks_x() { return __builtin_amdgcn_grid_size_x() / __builtin_amdgcn_workgroup_size_x(); }
DEVICE int blocks_y() { return __builtin_amdgcn_grid_size_y() / __builtin_amdgcn_workgroup_size_y(); }

DEVICE void barrier() {
    __builtin_amdgcn_fence(__ATOMIC_RELEASE, "workgroup");
    __builtin_amdgcn_s_barrier();
    __builtin_amdgcn_fence(__ATOMIC_ACQUIRE, "workgroup");
}
// A wave runs in step; the fence keeps the compiler from moving accesses over it.
DEVICE void team_barrier() { __builtin_amdgcn_fence(__ATOMIC_ACQ_REL, "wavefront"); }

DEVICE u32 wave_lane() { return __builtin_amdgcn_mbcnt_hi(~0u, __builtin_amdgcn_mbcnt_lo(~0u, 0)); }
DEVICE u32 shuffle(u32 value, int lane) {
    return __builtin_amdgcn_ds_bpermute(4 * ((wave_lane() & ~31u) + lane), value);
}
DEVICE u32 shuffle_xor(u32 value, int mask) { return __builtin_amdgcn_ds_bpermute(4 * (wave_lane() ^ mask), value); }

DEVICE u32x4 load_stream16(const void* address) {
    typedef u32 vector __attribute__((ext_vector_type(4)));
    vector v = __builtin_nontemporal_load((const vector*)address);
    return {v.x, v.y, v.z, v.w};
}
DEVICE u32x2 load_stream8(const void* address) {
    typedef u32 vector __attribute__((ext_vector_type(2)));
    vector v = __builtin_nontemporal_load((const vector*)address);
    return {v.x, v.y};
}
DEVICE u32 load_stream4(const void* address) { return __builtin_nontemporal_load((const u32*)address); }
DEVICE u32 load_stream2(const void* address) { return __builtin_nontemporal_load((const u16*)address); }
DEVICE u32 load_stream1(const void* address) { return __builtin_nontemporal_load((const u8*)address); }
DEVICE u32x4 load_cached16(const void* address) { return load_stream16(address); }
DEVICE u32x4 load_shared_by_blocks16(const void* address) { return *(const u32x4*)address; }

DEVICE void store16(void* address, u32x4 v) { *(u32x4*)address = v; }

DEVICE void let_next_kernel_start() {}
DEVICE void wait_for_earlier_kernels() {}

DEVICE float exp2_of(float x) { return __builtin_amdgcn_exp2f(x); }
DEVICE float square_root(float x) { return __builtin_sqrtf(x); }

DEVICE u64 atomic_max(u64* address, u64 value) { return __atomic_fetch_max(address, value, __ATOMIC_RELAXED); }
DEVICE u32 atomic_add(u32* address, u32 value) { return __atomic_fetch_add(address, value, __ATOMIC_RELAXED); }
DEVICE void fence_gpu() { __builtin_amdgcn_fence(__ATOMIC_ACQ_REL, "agent"); }
// A counter of 100 MHz.
DEVICE u64 nanoseconds() { return 10 * __builtin_readsteadycounter(); }
