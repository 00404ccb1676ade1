// NVIDIA's nvcc, where it stands in for clang: what clang has built in, under clang's names. Kernels differ in nothing else, and what the
// program holds is clang's (kernels/README.md, "nvcc").
#pragma once

#define __nvvm_read_ptx_sreg_tid_x() threadIdx.x
#define __nvvm_read_ptx_sreg_ctaid_x() blockIdx.x
#define __nvvm_read_ptx_sreg_ctaid_y() blockIdx.y
#define __nvvm_read_ptx_sreg_ctaid_z() blockIdx.z
#define __nvvm_read_ptx_sreg_nctaid_x() gridDim.x
#define __nvvm_read_ptx_sreg_nctaid_y() gridDim.y
#define __nvvm_read_ptx_sreg_ntid_x() blockDim.x

// The last argument is that of PTX's shfl: 31 for a team of all 32 lanes, which nvcc's own takes as none.
#define __nvvm_shfl_sync_idx_i32(lanes, value, lane, all) __shfl_sync(lanes, value, lane)
#define __nvvm_shfl_sync_bfly_i32(lanes, value, mask, all) __shfl_xor_sync(lanes, value, mask)

// A binary16 number, which nvcc has no type for that needs no library: rounded to nearest even.
struct fp16_number {
    u16 bits;
    MEMBER explicit fp16_number(float value) { asm("cvt.rn.f16.f32 %0, %1;" : "=h"(bits) : "f"(value)); }
    MEMBER explicit fp16_number(double value) { asm("cvt.rn.f16.f64 %0, %1;" : "=h"(bits) : "d"(value)); }
    MEMBER operator float() const {
        float value;
        asm("cvt.f32.f16 %0, %1;" : "=f"(value) : "h"(bits));
        return value;
    }
};
