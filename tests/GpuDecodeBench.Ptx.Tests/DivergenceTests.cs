namespace GpuDecodeBench.Ptx.Tests;

public sealed class DivergenceTests
{
    [Fact]
    public void Loops_of_different_length_per_lane_end_together()
    {
        // Collatz steps: every lane leaves the loop at its own time; the ballot behind it needs all lanes back.
        const string Body = """
            mov.u32 %r4, 0;
            L1: setp.le.u32 %p1, %r1, 1;
            @%p1 bra L4;
            and.b32 %r5, %r1, 1;
            setp.eq.u32 %p2, %r5, 0;
            @%p2 bra L2;
            mad.lo.u32 %r1, %r1, 3, 1;
            bra L3;
            L2: shr.u32 %r1, %r1, 1;
            L3: add.u32 %r4, %r4, 1;
            bra L1;
            L4: activemask.b32 %r6;
            cvt.u64.u32 %d4, %r4;
            cvt.u64.u32 %d5, %r6;
            shl.b64 %d5, %d5, 32;
            or.b64 %d0, %d4, %d5;
            """;
        var inputs = Enumerable.Range(1, 32).Select(i => ((ulong)i, 0ul, 0ul)).ToArray();

        var results = Snippet.Run(Body, inputs);

        for (var i = 0; i < 32; i++)
        {
            Assert.Equal((uint)Collatz(i + 1), (uint)results[i]);
            Assert.Equal(uint.MaxValue, (uint)(results[i] >> 32));
        }
    }

    [Fact]
    public void Nested_branches_join_before_a_shuffle_of_all_lanes()
    {
        const string Body = """
            setp.lt.u32 %p1, %r31, 16;
            @%p1 bra THEN;
            mov.u32 %r4, 100;
            bra JOIN;
            THEN: setp.lt.u32 %p2, %r31, 8;
            @%p2 bra INNER;
            mov.u32 %r4, 10;
            bra JOIN;
            INNER: mov.u32 %r4, 1;
            JOIN: shfl.sync.bfly.b32 %r0, %r4, 16, 31, -1;
            """;

        var results = Snippet.Run(Body, [.. Enumerable.Repeat((0ul, 0ul, 0ul), 32)]);

        for (var lane = 0; lane < 32; lane++)
        {
            var from = lane ^ 16;
            Assert.Equal(
                from < 8 ? 1ul
                    : from < 16 ? 10ul
                    : 100ul,
                results[lane]
            );
        }
    }

    [Fact]
    public void Halves_of_a_warp_shuffle_among_themselves_in_different_places()
    {
        const string Body = """
            setp.lt.u32 %p1, %r31, 16;
            @%p1 bra LOW;
            shfl.sync.idx.b32 %r0, %r31, 20, 31, 0xffff0000;
            bra JOIN;
            LOW: shfl.sync.idx.b32 %r0, %r31, 3, 31, 0x0000ffff;
            JOIN: bar.warp.sync -1;
            """;

        var results = Snippet.Run(Body, [.. Enumerable.Repeat((0ul, 0ul, 0ul), 32)]);

        Assert.All(results.Take(16), r => Assert.Equal(3ul, r));
        Assert.All(results.Skip(16), r => Assert.Equal(20ul, r));
    }

    [Fact]
    public void Warps_that_end_early_do_not_hold_up_a_barrier()
    {
        const string Body = """
            mov.u64 %d0, 7;
            setp.ge.u32 %p1, %r31, 32;
            @%p1 bra END;
            bar.sync 0;
            mov.u64 %d0, 8;
            END:
            """;

        var results = Snippet.Run(Body, [.. Enumerable.Repeat((0ul, 0ul, 0ul), 96)]);

        Assert.All(results.Take(32), r => Assert.Equal(8ul, r));
        Assert.All(results.Skip(32), r => Assert.Equal(7ul, r));
    }

    [Fact]
    public void A_barrier_counts_true_predicates_of_all_warps()
    {
        var results = Snippet.Run(
            "setp.lt.u32 %p1, %r31, 40; barrier.cta.red.popc.aligned.u32 %r0, 0, %p1;",
            [.. Enumerable.Repeat((0ul, 0ul, 0ul), 96)]
        );

        Assert.All(results, r => Assert.Equal(40ul, r));
    }

    [Fact]
    public void A_lane_that_spins_until_another_lane_of_its_warp_acts_is_not_stuck()
    {
        // Lane 0 spins at the lower place until lane 1, waiting further down, raises the flag.
        const string Body = """
            setp.ne.u32 %p1, %r31, 0;
            @%p1 bra SETTER;
            SPIN: ld.volatile.global.u64 %d4, [%d30+8];
            setp.eq.u64 %p2, %d4, 0;
            @%p2 bra SPIN;
            bra END;
            SETTER: mov.u64 %d6, 1;
            st.volatile.global.u64 [%d30+-16], %d6;
            END: mov.u64 %d0, 3;
            """;

        var results = Snippet.Run(Body, (0, 0, 0), (0, 0, 0));

        Assert.Equal([3ul, 3], results);
    }

    private static int Collatz(int value)
    {
        var steps = 0;
        for (; value > 1; steps++)
        {
            value = value % 2 == 0 ? value / 2 : (3 * value) + 1;
        }
        return steps;
    }
}
