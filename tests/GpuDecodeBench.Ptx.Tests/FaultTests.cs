namespace GpuDecodeBench.Ptx.Tests;

/// <summary>Every check finds a planted fault and lets its clean twin pass.</summary>
public sealed class FaultTests
{
    private const string Shared = ".shared .align 16 .b8 tile[512];";

    [Fact]
    public void A_store_one_element_past_the_end_names_thread_line_and_allocation()
    {
        var fault = Assert.Throws<PtxFaultException>(() =>
            Run(AddressOfThread + "st.global.u32 [%d2], %r31;", 128, 33)
        );

        Assert.Equal(PtxFaultKind.OutOfBounds, fault.Kind);
        Assert.Equal(new GridShape(32, 0, 0), fault.Thread);
        Assert.Equal("st.global.u32 [%d2], %r31", fault.Instruction!.Text);
        Assert.True(fault.Instruction.Line > 0);
        Assert.Contains("'buffer'", fault.Message, StringComparison.Ordinal);
        Run(AddressOfThread + "st.global.u32 [%d2], %r31;", 128, 32);
    }

    [Fact]
    public void A_read_of_memory_nobody_wrote_is_found_to_the_byte()
    {
        var fault = Assert.Throws<PtxFaultException>(() =>
            Run(AddressOfThread + "st.global.u8 [%d2], %r31; ld.global.u16 %r1, [%d2];", 128, 32)
        );

        Assert.Equal(PtxFaultKind.UninitialisedRead, fault.Kind);
        Run(AddressOfThread + "st.global.u32 [%d2], %r31; ld.global.u16 %r1, [%d2];", 128, 32);
    }

    [Fact]
    public void A_wide_load_at_an_odd_element_is_misaligned()
    {
        const string Fill = AddressOfThread + "st.global.u32 [%d2], %r31; ";

        var fault = Assert.Throws<PtxFaultException>(() =>
            Run(Fill + "ld.global.v2.u32 {%r1, %r2}, [%d1+4];", 128, 32)
        );

        Assert.Equal(PtxFaultKind.Misaligned, fault.Kind);
        Run(Fill + "ld.global.v2.u32 {%r1, %r2}, [%d1+8];", 128, 32);
    }

    [Fact]
    public void Freed_memory_is_not_to_be_touched()
    {
        using var device = new EmulatedDevice();
        var kernel = Kernel("ld.global.u32 %r1, [%d1];");
        var address = device.Upload<int>("buffer", 1, 2, 3);
        device.Run(kernel, 1, 1, new Parameters().Add(address));
        device.GlobalMemory.Free(address);

        var fault = Assert.Throws<PtxFaultException>(() => device.Run(kernel, 1, 1, new Parameters().Add(address)));

        Assert.Equal(PtxFaultKind.UseAfterFree, fault.Kind);
        Assert.Contains("freed 'buffer'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_barrier_between_warps_is_a_race()
    {
        const string Write =
            "shl.b32 %r1, %r31, 2; mov.u32 %r2, tile; add.u32 %r1, %r1, %r2; st.shared.u32 [%r1], %r31; ";
        const string Read = "setp.ge.u32 %p1, %r31, 32; xor.b32 %r3, %r1, 128; @%p1 ld.shared.u32 %r4, [%r3];";

        var fault = Assert.Throws<PtxFaultException>(() => Run(Write + Read, 4, 64, Shared));

        Assert.Equal(PtxFaultKind.Race, fault.Kind);
        Run(Write + "bar.sync 0; " + Read, 4, 64, Shared);
    }

    [Fact]
    public void Overwriting_what_another_warp_may_still_read_is_a_race()
    {
        const string Body =
            "shl.b32 %r1, %r31, 2; mov.u32 %r2, tile; add.u32 %r1, %r1, %r2; st.shared.u32 [%r1], %r31; bar.sync 0; "
            + "xor.b32 %r3, %r1, 128; ld.shared.u32 %r4, [%r3]; ";

        var fault = Assert.Throws<PtxFaultException>(() => Run(Body + "st.shared.u32 [%r1], %r4;", 4, 64, Shared));

        Assert.Equal(PtxFaultKind.Race, fault.Kind);
        Run(Body + "bar.sync 0; st.shared.u32 [%r1], %r4;", 4, 64, Shared);
    }

    [Fact]
    public void Lanes_of_one_warp_need_a_warp_barrier()
    {
        const string Write =
            "shl.b32 %r1, %r31, 2; mov.u32 %r2, tile; add.u32 %r1, %r1, %r2; st.shared.u32 [%r1], %r31; ";
        const string Read = "xor.b32 %r3, %r1, 4; ld.shared.u32 %r4, [%r3];";

        var fault = Assert.Throws<PtxFaultException>(() => Run(Write + Read, 4, 32, Shared));

        Assert.Equal(PtxFaultKind.Race, fault.Kind);
        Run(Write + "bar.warp.sync -1; " + Read, 4, 32, Shared);
    }

    [Fact]
    public void Shared_memory_starts_unwritten_and_ends_where_it_is_declared()
    {
        var unwritten = Assert.Throws<PtxFaultException>(() => Run("ld.shared.u32 %r1, [tile];", 4, 1, Shared));
        var outside = Assert.Throws<PtxFaultException>(() => Run("st.shared.u32 [tile+512], %r31;", 4, 1, Shared));

        Assert.Equal(PtxFaultKind.UninitialisedRead, unwritten.Kind);
        Assert.Equal(PtxFaultKind.OutOfBounds, outside.Kind);
        Run("st.shared.u32 [tile+508], %r31; ld.shared.u32 %r1, [tile+508];", 4, 1, Shared);
    }

    public static TheoryData<string, int> SharedWidths =>
        new()
        {
            { "u16 %r1", 2 },
            { "u32 %r1", 4 },
            { "u64 %d3", 8 },
            { "v2.u32 {%r1, %r2}", 8 },
            { "v4.u32 {%r1, %r2, %r3, %r4}", 16 },
        };

    [Theory]
    [MemberData(nameof(SharedWidths))]
    public void Every_byte_of_a_load_from_shared_memory_has_to_be_written(string load, int bytes)
    {
        var bytesWritten = Enumerable.Range(0, bytes).Select(i => $"st.shared.u8 [tile+{i}], %r31; ").ToArray();
        var whole = $"ld.shared.{load}, [tile];";

        for (var missing = 0; missing < bytes; missing++)
        {
            var others = string.Concat(bytesWritten.Where((_, i) => i != missing));
            var fault = Assert.Throws<PtxFaultException>(() => Run(others + whole, 4, 1, Shared));
            Assert.Equal(PtxFaultKind.UninitialisedRead, fault.Kind);
            Assert.Contains($"0x{missing:X}", fault.Message, StringComparison.Ordinal);
        }
        Run(string.Concat(bytesWritten) + whole, 4, 1, Shared);
    }

    [Theory]
    [MemberData(nameof(SharedWidths))]
    public void A_store_to_shared_memory_writes_its_bytes_and_no_others(string element, int bytes)
    {
        var split = element.IndexOf(' ', StringComparison.Ordinal);
        var store = $"st.shared.{element[..split]} [tile], {element[(split + 1)..]}; ";

        for (var at = 0; at < bytes; at++)
        {
            Run(store + $"ld.shared.u8 %r6, [tile+{at}];", 4, 1, Shared);
        }
        var fault = Assert.Throws<PtxFaultException>(() =>
            Run(store + $"ld.shared.u8 %r6, [tile+{bytes}];", 4, 1, Shared)
        );
        Assert.Equal(PtxFaultKind.UninitialisedRead, fault.Kind);
    }

    // Which of the two warps goes first after the barrier is the emulator's: with each as the writer both orders are had.
    [Theory]
    [MemberData(nameof(SharedWidths))]
    public void A_load_from_shared_memory_and_a_write_of_any_of_its_words_race(string load, int bytes)
    {
        const string Fill =
            "shl.b32 %r3, %r31, 2; mov.u32 %r4, tile; add.u32 %r3, %r3, %r4; st.shared.u32 [%r3], %r31; bar.sync 0; ";

        foreach (var (reader, writer) in ((int, int)[])[(0, 32), (32, 0)])
        {
            var read = $"setp.eq.u32 %p2, %r31, {reader}; @%p2 ld.shared.{load}, [tile]; ";
            for (var word = 0; word < 8; word++)
            {
                var write = $"setp.eq.u32 %p1, %r31, {writer}; @%p1 st.shared.u8 [tile+{(4 * word) + 1}], %r31; ";
                if (4 * word >= bytes)
                {
                    Run(Fill + read + write, 4, 64, Shared);
                    continue;
                }
                var fault = Assert.Throws<PtxFaultException>(() => Run(Fill + read + write, 4, 64, Shared));
                Assert.Equal(PtxFaultKind.Race, fault.Kind);
                Assert.Matches($"0x{4 * word:X}: Read|0x{(4 * word) + 1:X}: Write", fault.Message);
            }
        }
    }

    [Fact]
    public void A_barrier_some_threads_never_reach_is_a_deadlock()
    {
        const string Body = "setp.lt.u32 %p1, %r31, 32; @%p1 bra A; bar.sync 1, 64; bra END; A: bar.sync 2, 64; END:";

        var fault = Assert.Throws<PtxFaultException>(() => Run(Body, 4, 64));

        Assert.Equal(PtxFaultKind.Deadlock, fault.Kind);
        Assert.Contains("bar.sync 2, 64", fault.Message, StringComparison.Ordinal);
        Run(Body.Replace("bar.sync 2", "bar.sync 1", StringComparison.Ordinal), 4, 64);
    }

    [Fact]
    public void Traps_and_lanes_outside_their_member_mask_are_faults()
    {
        Assert.Equal(PtxFaultKind.Trap, Assert.Throws<PtxFaultException>(() => Run("trap;", 4, 1)).Kind);
        Assert.Equal(
            PtxFaultKind.BarrierMisuse,
            Assert.Throws<PtxFaultException>(() => Run("shfl.sync.idx.b32 %r1, %r31, 0, 31, 1;", 4, 2)).Kind
        );
    }

    [Fact]
    public void Copies_are_not_there_before_they_are_waited_for()
    {
        const string Copy = "mov.u32 %r1, tile; cp.async.cg.shared.global [%r1], [%d1], 16; cp.async.commit_group; ";
        const string Use = "ld.shared.u32 %r2, [%r1+4]; st.global.u32 [%d1], %r2;";

        var fault = Assert.Throws<PtxFaultException>(() => Run(Copy + Use, 16, 1, Shared, written: true));

        Assert.True(fault.Kind is PtxFaultKind.Race or PtxFaultKind.UninitialisedRead, fault.Message);
        Run(Copy + "cp.async.wait_group 0; " + Use, 16, 1, Shared, written: true);
    }

    [Fact]
    public void A_bulk_copy_completes_its_barrier_and_brings_the_bytes()
    {
        const string Start =
            "mov.u32 %r1, tile; mov.u32 %r2, bar; setp.ne.u32 %p1, %r31, 0; @%p1 bra WAIT; "
            + "mbarrier.init.shared::cta.b64 [%r2], 1; fence.proxy.async; "
            + "mbarrier.arrive.expect_tx.shared::cta.b64 _, [%r2], 64; "
            + "cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%r1], [%d1], 64, [%r2]; WAIT: bar.sync 0; ";
        const string Wait = "AGAIN: mbarrier.try_wait.parity.shared::cta.b64 %p2, [%r2], 0; @!%p2 bra AGAIN; ";
        const string Use = "shl.b32 %r3, %r31, 2; add.u32 %r3, %r3, %r1; ld.shared.u32 %r4, [%r3];";
        const string Declared = Shared + " .shared .align 8 .b8 bar[8];";

        var fault = Assert.Throws<PtxFaultException>(() => Run(Start + Use, 64, 16, Declared, written: true));

        Assert.True(fault.Kind is PtxFaultKind.Race or PtxFaultKind.UninitialisedRead, fault.Message);
        Run(Start + Wait + Use, 64, 16, Declared, written: true);
    }

    [Theory]
    [InlineData(" [%d1], %r1", 24, PtxFaultKind.IllegalOperation)]
    [InlineData(" [%d1], %r1", 0, PtxFaultKind.IllegalOperation)]
    [InlineData(" [%d1], %r1", 80, PtxFaultKind.OutOfBounds)]
    [InlineData(".L2::cache_hint [%d1], %r1, %d2", 80, PtxFaultKind.OutOfBounds)]
    [InlineData(" [%d1+8], %r1", 16, PtxFaultKind.Misaligned)]
    public void A_bulk_prefetch_is_of_whole_units_that_are_there(string operands, int count, PtxFaultKind kind)
    {
        var body = $"mov.u32 %r1, {count}; mov.u64 %d2, 0; cp.async.bulk.prefetch.L2.global{operands};";
        Assert.Equal(kind, Assert.Throws<PtxFaultException>(() => Run(body, 64, 1)).Kind);
    }

    [Fact]
    public void Waiting_for_a_phase_nobody_completes_is_a_deadlock()
    {
        const string Body =
            "mov.u32 %r2, bar; mbarrier.init.shared::cta.b64 [%r2], 2; mbarrier.arrive.shared::cta.b64 _, [%r2]; "
            + "AGAIN: mbarrier.try_wait.parity.shared::cta.b64 %p2, [%r2], 0; @!%p2 bra AGAIN;";

        var fault = Assert.Throws<PtxFaultException>(() => Run(Body, 4, 1, ".shared .align 8 .b8 bar[8];"));

        Assert.Equal(PtxFaultKind.Deadlock, fault.Kind);
    }

    private const string AddressOfThread = "mul.wide.u32 %d3, %r31, 4; add.s64 %d2, %d1, %d3; ";

    private static PtxKernel Kernel(string body, string declarations = "") =>
        PtxModule
            .Parse(
                $$"""
                .version 8.4
                .target sm_90
                .address_size 64
                .visible .entry k(.param .u64 buffer)
                {
                    .reg .pred %p<8>;
                    .reg .b32 %r<32>;
                    .reg .b64 %d<8>;
                    {{declarations}}
                    mov.u32 %r31, %tid.x;
                    ld.param.u64 %d1, [buffer];
                    {{body}}
                    ret;
                }
                """
            )
            .Kernels["k"];

    private static LaunchCounters Run(
        string body,
        int bufferBytes,
        int threads,
        string declarations = "",
        bool written = false
    )
    {
        using var device = new EmulatedDevice(new() { Workers = 1 });
        var address = device.GlobalMemory.Allocate(bufferBytes, "buffer");
        if (written)
        {
            device.GlobalMemory.Fill(address, 1, bufferBytes);
        }
        return device.Run(Kernel(body, declarations), 1, threads, new Parameters().Add(address));
    }
}
