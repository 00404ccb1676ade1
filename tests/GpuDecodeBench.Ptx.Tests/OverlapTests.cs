namespace GpuDecodeBench.Ptx.Tests;

/// <summary>What a launch that may begin before those ahead of it have ended must not touch, and what it may.</summary>
public sealed partial class OverlapTests : IDisposable
{
    private const string Next = "griddepcontrol.launch_dependents; ";
    private const string Wait = "griddepcontrol.wait; ";
    private const string Read = "ld.global.u32 %r1, [%d1]; ";
    private const string Write = "st.global.u32 [%d1], %r31; ";

    private readonly EmulatedDevice _device = new();
    private readonly ulong _shared;
    private readonly ulong _other;

    public OverlapTests()
    {
        _shared = _device.Upload<int>("shared", new int[64]);
        _other = _device.Upload<int>("other", new int[64]);
    }

    public void Dispose() => _device.Dispose();

    [Fact]
    public void A_read_before_the_wait_of_what_the_kernel_before_wrote_names_both_kernels_and_the_memory()
    {
        var chain = new LaunchChain();
        Plain(chain, "writer", Next + Write, _shared);

        var fault = Assert.Throws<PtxFaultException>(() => Programmatic(chain, "reader", Next + Read + Wait, _shared));

        Assert.Equal(PtxFaultKind.Overlap, fault.Kind);
        Assert.Equal("reader", fault.Kernel);
        Assert.Equal("ld.global.u32 %r1, [%d1]", fault.Instruction!.Text);
        Assert.Equal(_shared, fault.Address);
        Assert.Contains(
            "read before griddepcontrol.wait of what the earlier kernel 'writer' wrote",
            fault.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("offset 0 of 'shared'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Behind_the_wait_everything_may_be_touched()
    {
        var chain = new LaunchChain();
        Plain(chain, "writer", Next + Write, _shared);
        Programmatic(chain, "reader", Next + Wait + Read, _shared);
        Programmatic(chain, "overwriter", Next + Wait + Write, _shared);
    }

    [Fact]
    public void A_read_before_the_wait_of_what_no_kernel_wrote_is_allowed()
    {
        var chain = new LaunchChain();
        Plain(chain, "writer", Next + Write, _shared);
        Programmatic(chain, "reader", Next + Read + Wait, _other);
        Programmatic(chain, "reader", Next + Read + Wait, _other);
    }

    /// <summary>CUDA: what the kernel before wrote need not be visible, whether it let the next one start or just ended.</summary>
    [Fact]
    public void A_kernel_that_lets_none_start_still_has_its_writes_on_the_way()
    {
        var chain = new LaunchChain();
        Plain(chain, "writer", Write, _shared);

        Assert.Contains("'writer' wrote", Overlap(chain, "reader", Read + Wait, _shared), StringComparison.Ordinal);
    }

    [Fact]
    public void A_launch_that_is_not_programmatic_waits_by_itself()
    {
        var chain = new LaunchChain();
        Plain(chain, "writer", Next + Write, _shared);
        Plain(chain, "reader", Read, _shared);
    }

    [Fact]
    public void A_read_of_bytes_beside_those_written_is_allowed_and_one_that_reaches_them_is_not()
    {
        var chain = new LaunchChain();
        Plain(chain, "writer", Next + Write, _shared + 132);
        Programmatic(chain, "reader", Next + Read + Wait, _shared + 128);
        Programmatic(chain, "reader", Next + Read + Wait, _shared + 136);

        var fault = Assert.Throws<PtxFaultException>(() =>
            Programmatic(chain, "reader", "ld.global.v4.u32 {%r1, %r2, %r3, %r4}, [%d1]; " + Wait, _shared + 128)
        );
        Assert.Equal(_shared + 132, fault.Address);
    }

    [Theory]
    [InlineData("st.global.u32 [%d1], %r31; ")]
    [InlineData("atom.global.add.u32 %r1, [%d1], 1; ")]
    [InlineData("red.global.add.u32 [%d1], 1; ")]
    public void A_write_before_the_wait_must_not_touch_what_an_earlier_kernel_reads_or_writes(string write)
    {
        foreach (var (earlier, verb) in new[] { (Write, "wrote"), (Read, "read") })
        {
            var chain = new LaunchChain();
            Plain(chain, "earlier", Next + earlier, _shared);
            Programmatic(chain, "elsewhere", Next + write + Wait, _other);

            Assert.Contains(
                $"write before griddepcontrol.wait of what the earlier kernel 'earlier' {verb}",
                Overlap(chain, "early", Next + write + Wait, _shared),
                StringComparison.Ordinal
            );
            Programmatic(chain, "late", Next + Wait + write, _shared);
        }
    }

    [Fact]
    public void What_a_kernel_read_that_let_none_start_may_be_overwritten_at_once()
    {
        var chain = new LaunchChain();
        Plain(chain, "reader", Read, _shared);
        Programmatic(chain, "overwriter", Next + Write + Wait, _shared);
    }

    [Fact]
    public void Kernels_further_back_may_run_while_every_one_lets_the_next_start_at_once()
    {
        var chain = new LaunchChain();
        Plain(chain, "writer", Next + Write, _shared);
        Programmatic(chain, "between", Next + Wait + Read, _other);
        Programmatic(chain, "between", Next + Wait + Read, _other);

        Assert.Contains("'writer' wrote", Overlap(chain, "reader", Read + Wait, _shared), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Wait + Next)]
    [InlineData(Wait + "bar.sync 0; @%p1 " + Next)]
    [InlineData(Wait)]
    public void A_kernel_that_waits_before_it_lets_the_next_start_leaves_none_further_back(string between)
    {
        var chain = new LaunchChain();
        Plain(chain, "writer", Next + Write, _shared);
        Programmatic(chain, "between", between, _other);
        Programmatic(chain, "reader", Read + Wait, _shared);
    }

    [Fact]
    public void One_thread_that_lets_the_next_start_before_it_waits_is_enough()
    {
        var chain = new LaunchChain();
        Plain(chain, "writer", Next + Write, _shared);
        Programmatic(chain, "between", "@%p1 " + Next + Wait, _other);

        Assert.Contains("'writer' wrote", Overlap(chain, "reader", Read + Wait, _shared), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wait_does_not_reach_past_a_kernel_that_does_not_wait_itself()
    {
        var chain = new LaunchChain();
        Plain(chain, "writer", Next + Write, _shared);
        Programmatic(chain, "careless", Next + Read, _other);

        Assert.Contains(
            "read of what the earlier kernel 'writer' wrote, which may still run: 'careless' in between does not wait for it",
            Overlap(chain, "reader", Next + Wait + Read, _shared),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_kernel_that_does_not_wait_harms_none_that_uses_other_memory()
    {
        var chain = new LaunchChain();
        Plain(chain, "writer", Next + Write, _shared);
        Programmatic(chain, "careless", Next + Read, _other);
        Programmatic(chain, "reader", Next + Wait + Read, _other);
    }

    [Fact]
    public void What_a_kernel_that_does_not_wait_writes_itself_is_waited_for()
    {
        var chain = new LaunchChain();
        Plain(chain, "reader", Next + Read, _shared);
        Programmatic(chain, "careless", Next + Write, _other);
        Programmatic(chain, "reader", Next + Wait + Read, _other);
    }

    [Fact]
    public void One_thread_of_one_block_that_waits_ends_the_chain_behind_it()
    {
        var chain = new LaunchChain();
        Plain(chain, "writer", Next + Write, _shared);
        Programmatic(chain, "one", Next + "@%p1 " + Wait, _other, grid: 3);
        Programmatic(chain, "reader", Next + Wait + Read, _shared);
    }

    [Fact]
    public void In_a_stream_a_launch_that_is_not_programmatic_comes_after_all_and_in_a_graph_after_the_one_before_it()
    {
        foreach (var isGraph in new[] { false, true })
        {
            var chain = new LaunchChain(isGraph);
            Plain(chain, "writer", Next + Write, _shared);
            Programmatic(chain, "careless", Next + Read, _other);
            Action read = () => Plain(chain, "reader", Read, _shared);
            if (isGraph)
            {
                Assert.Equal(PtxFaultKind.Overlap, Assert.Throws<PtxFaultException>(read).Kind);
            }
            else
            {
                read();
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Other_work_between_two_launches_waits_for_the_first(bool isGraph)
    {
        var chain = new LaunchChain(isGraph);
        Plain(chain, "writer", Next + Write, _shared);
        chain.NoteOtherWork();
        Programmatic(chain, "reader", Next + Read + Wait, _shared);
    }

    [Fact]
    public void What_the_host_has_waited_for_is_past()
    {
        var chain = new LaunchChain();
        Plain(chain, "writer", Next + Write, _shared);
        var launches = chain.Count;
        Programmatic(chain, "later", Next + Wait + Write, _other);
        chain.Complete(launches);

        Programmatic(chain, "reader", Next + Read + Wait, _shared);
        Assert.Contains(
            "'later' wrote",
            Overlap(chain, "reader", Next + Read + Wait, _other),
            StringComparison.Ordinal
        );
        chain.Complete();
        Programmatic(chain, "reader", Next + Read + Wait, _other);
    }

    [Fact]
    public void Lanes_that_waited_do_not_speak_for_those_that_did_not()
    {
        var chain = new LaunchChain();
        Plain(chain, "writer", Next + Write, _shared);
        Programmatic(chain, "reader", Next + "@%p1 " + Wait + "@%p1 " + Read + Wait, _shared);

        var fault = Assert.Throws<PtxFaultException>(() =>
            Programmatic(chain, "reader", Next + "@%p1 " + Wait + Read + Wait, _shared)
        );

        Assert.Equal(new GridShape(1, 0, 0), fault.Thread);
    }

    [Theory]
    [InlineData("bar.sync 0; ", 64)]
    [InlineData("bar.warp.sync 0xffffffff; ", 32)]
    public void A_barrier_tells_others_of_a_wait(string barrier, int block)
    {
        var chain = new LaunchChain();
        Plain(chain, "writer", Next + Write, _shared);
        Programmatic(chain, "reader", "@%p1 " + Wait + barrier + Read, _shared, block);
        Programmatic(chain, "again", Next + Wait + Write, _shared);

        Assert.Contains(
            "'again' wrote",
            Overlap(chain, "reader", "@%p1 " + Wait + Read + barrier, _shared, block),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("cp.async.ca.shared.global [%r30], [%d1], 4; ", "cp.async.wait_all; ", "read before")]
    [InlineData(
        "mov.u32 %r28, 2; cp.async.ca.shared.global [%r30], [%d1], 4, %r28; ",
        "cp.async.wait_all; ",
        "read before"
    )]
    [InlineData(
        "st.shared.v4.u32 [%r30], {%r31, %r31, %r31, %r31}; cp.async.bulk.global.shared::cta.bulk_group [%d1], [%r30], 16; ",
        "",
        "write before"
    )]
    public void A_copy_to_or_from_shared_memory_begins_where_it_is_issued(string copy, string arrive, string what)
    {
        var chain = new LaunchChain();
        Plain(chain, "writer", Next + Write, _shared);

        var message = Overlap(chain, "early", copy + Wait + arrive, _shared, 1);
        Assert.Contains(what, message, StringComparison.Ordinal);
        Assert.Contains("'writer' wrote", message, StringComparison.Ordinal);
        Programmatic(chain, "late", Wait + copy + arrive, _shared, 1);
    }

    /// <summary>PTX gives ld.global.nc nothing that is written while the kernel runs, and it runs from before its wait on.</summary>
    [Fact]
    public void A_load_of_what_nobody_writes_is_none_of_what_an_earlier_kernel_may_write_while_this_one_is_there()
    {
        const string Constant = "ld.global.nc.u32 %r1, [%d1]; ";
        var chain = new LaunchChain();
        Plain(chain, "writer", Next + Write, _shared);
        Programmatic(chain, "reader", Next + Wait + Constant, _other);

        Assert.Contains(
            "ld.global.nc of what the earlier kernel 'writer' wrote",
            Overlap(chain, "reader", Next + Wait + Constant, _shared),
            StringComparison.Ordinal
        );
        Plain(chain, "reader", Constant, _shared);
    }

    /// <summary>More ranges of bytes than are kept as ranges: every other of 64 Ki bytes, in two pages.</summary>
    [Fact]
    public void Scattered_writes_are_told_from_what_lies_between_them()
    {
        var wide = _device.Upload<byte>("wide", new byte[1 << 17]);
        const string Scatter =
            "mov.u32 %r2, %ctaid.x; mad.lo.u32 %r2, %r2, 64, %r31; mul.wide.u32 %d2, %r2, 2; add.s64 %d2, %d1, %d2; "
            + "st.global.u8 [%d2], %r31; ";
        var chain = new LaunchChain();
        Plain(chain, "scatter", Next + Scatter, wide, block: 64, grid: 1 << 10);

        Programmatic(chain, "between", Next + Scatter + Wait, wide + 1, block: 64, grid: 1 << 10);
        Assert.Contains(
            "'scatter' wrote",
            Overlap(chain, "same", Next + "ld.global.u8 %r1, [%d1+131070]; " + Wait, wide, 1),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_is_loaded_before_the_wait_is_counted_apart_where_launches_may_overlap()
    {
        var chain = new LaunchChain();
        var alone = Launch(chain, "first", Next + Read, _other, 32, 1, isProgrammatic: false);
        Assert.Equal(32 * 4, alone.Allocation("other")!.LoadedBytes);
        Assert.Equal(0, alone.Allocation("other")!.EarlyLoadedBytes);

        Plain(chain, "writer", Next + Write, _shared);
        const string Wide = "ld.global.v2.u32 {%r1, %r2}, [%d1]; ";
        var reader = Launch(chain, "reader", Next + Read + Wait + Wide, _other, 32, 1, isProgrammatic: true);
        Assert.Equal(32 * 4, reader.Allocation("other")!.EarlyLoadedBytes);
        Assert.Equal(32 * 12, reader.Allocation("other")!.LoadedBytes);
    }

    /// <summary>It brings nothing anywhere that what is written later would not reach.</summary>
    [Fact]
    public void A_prefetch_before_the_wait_may_be_of_what_an_earlier_kernel_writes()
    {
        var chain = new LaunchChain();
        Plain(chain, "writer", Next + Write, _shared);

        var counters = Launch(
            chain,
            "reader",
            Next + "mov.u32 %r3, 64; cp.async.bulk.prefetch.L2.global [%d1], %r3; " + Wait + Read,
            _shared,
            32,
            1,
            isProgrammatic: true
        );
        var use = counters.Allocation("shared")!;
        Assert.Equal((32 * 64, 64, 60), (use.PrefetchedBytes, use.DistinctPrefetchedBytes, use.PrefetchedUnreadBytes));
        Assert.Equal((32 * 4, 0), (use.LoadedBytes, use.EarlyLoadedBytes));
    }
}
