namespace GpuDecodeBench.Ptx.Tests;

public sealed class MatrixTests
{
    [Fact]
    public void A_product_of_loaded_matrices_is_the_product_of_the_matrices()
    {
        const int Seed = 11;
        var random = new Random(Seed);
        // A: 16 by 16, by rows; B: 16 by 8, by rows. Small integers, so that every sum is exact.
        var a = Enumerable.Range(0, 256).Select(_ => (Half)random.Next(-4, 5)).ToArray();
        var b = Enumerable.Range(0, 128).Select(_ => (Half)random.Next(-4, 5)).ToArray();
        using var device = new EmulatedDevice();
        var aAddress = device.Upload<Half>("a", a);
        var bAddress = device.Upload<Half>("b", b);
        var output = device.GlobalMemory.Allocate(16 * 8 * 4, "d");

        var counters = device.Run(Kernel(), 1, 32, new Parameters().Add(aAddress).Add(bAddress).Add(output));

        var result = device.Download<float>(output, 128);
        for (var row = 0; row < 16; row++)
        {
            for (var column = 0; column < 8; column++)
            {
                var expected = Enumerable
                    .Range(0, 16)
                    .Sum(k => (double)a[(row * 16) + k] * (double)b[(k * 8) + column]);
                Assert.True(expected == result[(row * 8) + column], $"row {row} column {column}, seed {Seed}");
            }
        }
        Assert.Equal(32, counters.ThreadInstructions[InstructionClass.Tensor]);
        Assert.Equal(0, counters.GlobalAtomics);
    }

    // Rows of A lie 32 bytes apart in shared memory: ldmatrix takes them as they are, B's transposed.
    private static PtxKernel Kernel() =>
        PtxModule
            .Parse(
                """
                .version 8.0
                .target sm_80
                .address_size 64
                .visible .entry product(.param .u64 pa, .param .u64 pb, .param .u64 pd)
                {
                    .reg .b32 %r<32>;
                    .reg .f32 %f<8>;
                    .reg .b64 %d<16>;
                    .shared .align 16 .b8 a[512];
                    .shared .align 16 .b8 b[256];
                    mov.u32 %r1, %tid.x;
                    ld.param.u64 %d1, [pa];
                    ld.param.u64 %d2, [pb];
                    ld.param.u64 %d3, [pd];
                    mul.wide.u32 %d4, %r1, 16;
                    add.s64 %d5, %d1, %d4;
                    shl.b32 %r2, %r1, 4;
                    mov.u32 %r3, a;
                    add.u32 %r4, %r3, %r2;
                    cp.async.cg.shared.global [%r4], [%d5], 16;
                    mul.wide.u32 %d4, %r1, 8;
                    add.s64 %d6, %d2, %d4;
                    shl.b32 %r2, %r1, 3;
                    mov.u32 %r5, b;
                    add.u32 %r6, %r5, %r2;
                    cp.async.ca.shared.global [%r6], [%d6], 8;
                    cp.async.commit_group;
                    cp.async.wait_group 0;
                    bar.sync 0;
                    and.b32 %r7, %r1, 15;
                    shr.u32 %r8, %r1, 4;
                    shl.b32 %r7, %r7, 5;
                    shl.b32 %r8, %r8, 4;
                    add.u32 %r9, %r3, %r7;
                    add.u32 %r9, %r9, %r8;
                    ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%r10, %r11, %r12, %r13}, [%r9];
                    and.b32 %r7, %r1, 15;
                    shl.b32 %r7, %r7, 4;
                    add.u32 %r9, %r5, %r7;
                    ldmatrix.sync.aligned.m8n8.x2.trans.shared.b16 {%r14, %r15}, [%r9];
                    mov.f32 %f1, 0f00000000;
                    mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%f2, %f3, %f4, %f5},
                        {%r10, %r11, %r12, %r13}, {%r14, %r15}, {%f1, %f1, %f1, %f1};
                    shr.u32 %r16, %r1, 2;
                    and.b32 %r17, %r1, 3;
                    shl.b32 %r16, %r16, 5;
                    shl.b32 %r17, %r17, 3;
                    add.u32 %r16, %r16, %r17;
                    cvt.u64.u32 %d7, %r16;
                    add.s64 %d8, %d3, %d7;
                    st.global.v2.f32 [%d8], {%f2, %f3};
                    st.global.v2.f32 [%d8+256], {%f4, %f5};
                    ret;
                }
                """
            )
            .Kernels["product"];
}
