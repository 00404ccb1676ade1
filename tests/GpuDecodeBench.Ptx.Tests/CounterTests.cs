namespace GpuDecodeBench.Ptx.Tests;

public sealed class CounterTests
{
    [Fact]
    public void Strided_loads_count_sectors_widths_and_distinct_bytes()
    {
        // 32 threads read 4 bytes every 64 bytes: a sector each, an eighth of it useful.
        var counters = Run("mul.wide.u32 %d3, %r31, 64; add.s64 %d2, %d1, %d3; ld.global.u32 %r1, [%d2];", 32, 2);

        var use = counters.Allocation("buffer")!;
        Assert.Equal(2 * 32 * 4, use.LoadedBytes);
        Assert.Equal(32 * 4, use.DistinctReadBytes);
        Assert.Equal(2 * 32, use.LoadSectors);
        Assert.Equal(1 / 8.0, use.LoadSectorEfficiency);
        Assert.Equal(64, use.LoadsByWidthBytes[4]);
        Assert.Equal(0, use.ShareLoadedInWidth(16));
    }

    [Fact]
    public void A_broadcast_load_touches_one_sector()
    {
        var use = Run("ld.global.v4.u32 {%r1,%r2,%r3,%r4}, [%d1];", 32, 1).Allocation("buffer")!;

        Assert.Equal(1, use.LoadSectors);
        Assert.Equal(16, use.DistinctReadBytes);
        Assert.Equal(32 * 16, use.LoadedBytes);
        Assert.Equal(1, use.ShareLoadedInWidth(16));
    }

    [Fact]
    public void Loads_that_say_nobody_writes_are_counted_apart()
    {
        const string Loads = """
            ld.global.nc.L1::no_allocate.v4.u32 {%r1,%r2,%r3,%r4}, [%d1];
            ld.global.L1::no_allocate.v2.u32 {%r1,%r2}, [%d1];
            """;
        var use = Run(Loads, 32, 1).Allocation("buffer")!;

        Assert.Equal(32 * 16, use.ConstantLoadedBytes);
        Assert.Equal(32 * (16 + 8), use.LoadedBytes);
        Assert.Equal(16, use.DistinctReadBytes);
    }

    [Fact]
    public void Lanes_that_take_turns_at_two_places_make_each_byte_useful_once()
    {
        // Even lanes read one place, odd lanes another: 4 bytes of each of two sectors.
        var use = Run(
                "and.b32 %r2, %r31, 1; mul.wide.u32 %d3, %r2, 64; add.s64 %d2, %d1, %d3; ld.global.u32 %r1, [%d2];",
                32,
                1
            )
            .Allocation("buffer")!;

        Assert.Equal(2, use.LoadSectors);
        Assert.Equal(8, use.UsefulLoadBytes);
        Assert.Equal(1 / 8.0, use.LoadSectorEfficiency);
        Assert.Equal(32 * 4, use.LoadedBytes);
    }

    [Theory]
    [InlineData(4, 4)]
    [InlineData(4, -4)]
    [InlineData(8, 12)]
    [InlineData(20, 4)]
    [InlineData(0, 4)]
    public void Overlapping_ranges_of_a_request_count_as_the_bytes_they_cover(int evenStride, int oddStride)
    {
        // Even lanes go up from the middle by one stride, odd lanes by another.
        var body = $"""
            and.b32 %r2, %r31, 1; setp.eq.u32 %p1, %r2, 1;
            mul.lo.s32 %r3, %r31, {evenStride}; @%p1 mul.lo.s32 %r3, %r31, {oddStride};
            cvt.s64.s32 %d3, %r3; add.s64 %d2, %d1, %d3; ld.global.u32 %r1, [%d2+2048];
            """;
        var touched = Enumerable
            .Range(0, 32)
            .SelectMany(lane => Enumerable.Range(lane * (lane % 2 == 0 ? evenStride : oddStride), 4))
            .Select(offset => 2048 + offset)
            .ToHashSet();

        var use = Run(body, 32, 1).Allocation("buffer")!;

        Assert.Equal(touched.Count, use.UsefulLoadBytes);
        Assert.Equal(touched.Count, use.DistinctReadBytes);
        Assert.Equal(touched.Select(offset => offset / 32).Distinct().Count(), use.LoadSectors);
    }

    [Fact]
    public void Launches_together_count_a_byte_once_that_both_touch()
    {
        using var device = new EmulatedDevice();
        var address = device.Upload("buffer", new byte[4096].AsSpan());
        var kernel = Kernel(
            "mov.u32 %r2, %ntid.x; mul.wide.u32 %d3, %r31, 4; add.s64 %d2, %d1, %d3; ld.global.u32 %r1, [%d2];"
        );
        var first = device.Run(kernel, 1, 32, new Parameters().Add(address));
        var second = device.Run(kernel, 1, 64, new Parameters().Add(address));

        var both = LaunchCounters.Together([first, second]);

        Assert.Equal(64 * 4, both.GlobalDistinctReadBytes);
        Assert.Equal((32 + 64) * 4, both.GlobalLoadedBytes);
        Assert.Equal(first.TotalThreadInstructions + second.TotalThreadInstructions, both.TotalThreadInstructions);
        Assert.Equal(128, first.GlobalDistinctReadBytes);
        Assert.Equal(both.GlobalDistinctReadBytes, LaunchCounters.Together([first, second]).GlobalDistinctReadBytes);
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(8, 1)]
    [InlineData(128, 31)]
    [InlineData(0, 0)]
    public void Bank_conflicts_are_the_passes_beyond_the_first(int strideBytes, int expected)
    {
        var counters = Run($"mul.lo.u32 %r1, %r31, {strideBytes}; ld.shared.u32 %r2, [%r1];", 32, 1, checks: false);

        Assert.Equal(expected, counters.SharedBankConflicts);
        Assert.Equal(1, counters.SharedRequests);
    }

    [Fact]
    public void Predicated_off_instructions_are_issued_but_run_by_no_thread()
    {
        var counters = Run("setp.lt.u32 %p1, %r31, 5; @%p1 add.u32 %r1, %r31, 1; @%p1 add.f32 %f1, %f1, %f1;", 64, 1);

        // setp by 64 threads, add by five of the first warp; both are issued to two warps.
        Assert.Equal(64 + 5, counters.ThreadInstructions[InstructionClass.Integer]);
        Assert.Equal(4, counters.WarpInstructions[InstructionClass.Integer]);
        Assert.Equal(5, counters.ThreadInstructions[InstructionClass.Float]);
    }

    [Fact]
    public void Atomics_of_all_workers_add_up()
    {
        using var device = new EmulatedDevice(new() { Workers = 4 });
        var address = device.Upload("buffer", 0u);

        var counters = device.Run(Kernel("red.global.add.u32 [%d1], 1;"), 100, 64, new Parameters().Add(address));

        Assert.Equal(6400u, device.Download<uint>(address, 1)[0]);
        Assert.Equal(6400, counters.GlobalAtomics);
    }

    [Theory]
    [InlineData("add.u32", 100u + (31 * 16))]
    [InlineData("max.s32", 100u)]
    [InlineData("min.u32", 0u)]
    [InlineData("or.b32", 127u)]
    [InlineData("and.b32", 0u)]
    [InlineData("inc.u32", null)]
    public void Lanes_change_a_word_one_after_the_other(string function, uint? expected)
    {
        using var device = new EmulatedDevice();
        var address = device.Upload("buffer", 100u);
        // inc with each lane's number as its bound: 100 is above the first bound, then 0 1 2 … each at most its bound.
        var body = $"atom.global.{function} %r1, [%d1], %r31;";

        device.Run(Kernel(body), 1, 32, new Parameters().Add(address));

        var result = device.Download<uint>(address, 1)[0];
        Assert.Equal(expected ?? IncrementedByLanes(100), result);
    }

    private static uint IncrementedByLanes(uint value)
    {
        for (var lane = 0u; lane < 32; lane++)
        {
            value = value >= lane ? 0 : value + 1;
        }
        return value;
    }

    [Fact]
    public void Asking_for_more_memory_than_there_is_fails_and_freeing_gives_it_back()
    {
        using var device = new EmulatedDevice(new() { TotalMemoryBytes = 1024 });
        var first = device.GlobalMemory.Allocate(1000, "first");

        Assert.Throws<OutOfEmulatedMemoryException>(() => device.GlobalMemory.Allocate(100, "second"));
        device.GlobalMemory.Free(first);

        Assert.NotEqual(first, device.GlobalMemory.Allocate(100, "third"));
    }

    private static PtxKernel Kernel(string body) =>
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
                    .reg .f32 %f<8>;
                    .reg .b64 %d<8>;
                    .shared .align 16 .b8 tile[8192];
                    mov.u32 %r31, %tid.x;
                    ld.param.u64 %d1, [buffer];
                    {{body}}
                    ret;
                }
                """
            )
            .Kernels["k"];

    private static LaunchCounters Run(string body, int threads, int ctas, bool checks = true)
    {
        using var device = new EmulatedDevice(new() { CheckUninitialisedReads = checks });
        var address = device.Upload("buffer", new byte[4096].AsSpan());
        return device.Run(Kernel(body), ctas, threads, new Parameters().Add(address));
    }
}
