namespace GpuDecodeBench.Ptx.Tests;

/// <summary>How these tests launch a few statements as a kernel of a chain.</summary>
public sealed partial class OverlapTests
{
    private string Overlap(LaunchChain chain, string name, string body, ulong address, int block = 32)
    {
        var fault = Assert.Throws<PtxFaultException>(() => Programmatic(chain, name, body, address, block));
        Assert.Equal(PtxFaultKind.Overlap, fault.Kind);
        return fault.Message;
    }

    private void Programmatic(
        LaunchChain chain,
        string name,
        string body,
        ulong address,
        int block = 32,
        int grid = 1
    ) => Launch(chain, name, body, address, block, grid, isProgrammatic: true);

    private void Plain(LaunchChain chain, string name, string body, ulong address, int block = 1, int grid = 1) =>
        Launch(chain, name, body, address, block, grid, isProgrammatic: false);

    /// <summary>Launches statements that find the address in %d1, the thread in %r31, whether it is block 0's thread 0 in %p1.</summary>
    private LaunchCounters Launch(
        LaunchChain chain,
        string name,
        string body,
        ulong address,
        int block,
        int grid,
        bool isProgrammatic
    )
    {
        var text = $$"""
            .version 8.4
            .target sm_90
            .address_size 64
            .visible .entry {{name}}(.param .u64 p)
            {
                .reg .pred %p<4>;
                .reg .b32 %r<32>;
                .reg .b64 %d<4>;
                .shared .align 16 .b8 tile[16];
                ld.param.u64 %d1, [p];
                mov.u32 %r30, tile;
                mov.u32 %r29, %ctaid.x;
                mov.u32 %r31, %tid.x;
                or.b32 %r29, %r29, %r31;
                setp.eq.u32 %p1, %r29, 0;
                {{body}}
                ret;
            }
            """;
        return _device.Launch(
            PtxModule.Parse(text).Kernels[name],
            new(grid),
            new(block),
            0,
            new Parameters().Add(address).ToArray(),
            chain,
            isProgrammatic,
            TestContext.Cancellation
        );
    }
}
