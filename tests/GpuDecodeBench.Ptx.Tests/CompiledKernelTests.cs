namespace GpuDecodeBench.Ptx.Tests;

public sealed class CompiledKernelTests
{
    [Fact]
    public void Axpy_adds_scaled_inputs_and_leaves_elements_past_the_count_alone()
    {
        var kernel = TestContext.Fixture("basic.ptx").Kernels["axpy"];
        using var device = new EmulatedDevice();
        var x = Enumerable.Range(0, 100).Select(i => (float)i).ToArray();
        var y = Enumerable.Range(0, 100).Select(i => 0.5f * i).ToArray();
        var xAddress = device.Upload<float>("x", x);
        var yAddress = device.Upload<float>("y", y);

        var counters = device.Run(kernel, 2, 64, new Parameters().Add(2f).Add(xAddress).Add(yAddress).Add(90));

        var result = device.Download<float>(yAddress, 100);
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(i < 90 ? MathF.FusedMultiplyAdd(2, x[i], y[i]) : y[i], result[i]);
        }
        Assert.Equal(90 * 4, counters.Allocation("x")!.DistinctReadBytes);
        Assert.Equal(90 * 4, counters.Allocation("y")!.DistinctWrittenBytes);
        Assert.Equal(180, counters.ThreadInstructions[InstructionClass.Load]);
    }

    [Fact]
    public void Matrix_vector_product_sums_over_warps_as_a_double_sum_does()
    {
        const int Seed = 7;
        const int Rows = 5;
        const int Columns = 4096;
        var kernel = TestContext.Fixture("basic.ptx").Kernels["matvec"];
        var random = new Random(Seed);
        var weights = new byte[Rows * Columns];
        random.NextBytes(weights);
        var x = Enumerable.Range(0, Columns).Select(_ => (Half)(random.NextSingle() - 0.5f)).ToArray();
        var scales = Enumerable.Range(0, Rows).Select(i => 0.25f * (i + 1)).ToArray();
        using var device = new EmulatedDevice();
        var weightsAddress = device.Upload<byte>("weights", weights);
        var scalesAddress = device.Upload<float>("scales", scales);
        var xAddress = device.Upload<Half>("x", x);
        var output = device.GlobalMemory.Allocate(Rows * 4, "output");

        var counters = device.Run(
            kernel,
            Rows,
            256,
            new Parameters().Add(weightsAddress).Add(scalesAddress).Add(xAddress).Add(output).Add(Columns)
        );

        var result = device.Download<float>(output, Rows);
        for (var row = 0; row < Rows; row++)
        {
            double expected = 0;
            for (var column = 0; column < Columns; column++)
            {
                expected += (sbyte)weights[(row * Columns) + column] * (double)x[column];
            }
            Assert.Equal(expected * scales[row], result[row], 0.05);
        }
        var use = counters.Allocation("weights")!;
        Assert.Equal(Rows * Columns, use.DistinctReadBytes);
        Assert.Equal(Rows * Columns, use.LoadedBytes);
        Assert.Equal(1, use.ShareLoadedInWidth(16));
        Assert.Equal(1, use.LoadSectorEfficiency);
    }

    [Fact]
    public void Local_arrays_module_tables_and_switches_work()
    {
        var kernel = TestContext.Fixture("basic.ptx").Kernels["loc"];
        using var device = new EmulatedDevice();
        var input = Enumerable.Range(0, 32).Select(i => (i * 7) % 32).ToArray();
        input[0] = 1;
        input[1] = 7;
        input[7] = 0;
        var inputAddress = device.Upload<int>("in", input);
        var output = device.GlobalMemory.Allocate(32 * 4, "out");
        var a = new int[32];
        // Entries nobody writes would be undefined in the kernel: all are, by the input being a permutation.
        for (var i = 0; i < 32; i++)
        {
            a[input[i] & 31] = i;
        }

        device.Run(kernel, 1, 32, new Parameters().Add(output).Add(inputAddress));

        var expected = Enumerable.Range(0, 32).Select(t => a[input[t] & 31] + 1 + (t & 3) + 2).ToArray();
        Assert.Equal(expected, device.Download<int>(output, 32));
        Assert.True(kernel.LocalBytes >= 128);
    }

    [Theory]
    [InlineData("basic.ptx")]
    [InlineData("mixed.sm75.ptx")]
    [InlineData("mixed.sm90.ptx")]
    [InlineData("mixed.sm89.O1.ptx")]
    public void What_the_compiler_makes_for_each_architecture_is_known(string fixture) =>
        TestContext.Fixture(fixture).CheckAll();

    [Theory]
    [InlineData("mixed.sm75.ptx")]
    [InlineData("mixed.sm90.ptx")]
    [InlineData("mixed.sm89.O1.ptx")]
    public void Softmax_over_a_block_sums_to_one_and_follows_the_exponential(string fixture)
    {
        const int Seed = 3;
        const int Count = 1000;
        const float Scale = 0.5f;
        var random = new Random(Seed);
        var input = Enumerable.Range(0, Count).Select(_ => (random.NextSingle() - 0.5f) * 20).ToArray();
        using var device = new EmulatedDevice();
        var inputAddress = device.Upload<float>("input", input);
        var output = device.GlobalMemory.Allocate(Count * 4, "output");
        var kernel = TestContext.Fixture(fixture).Kernels["softmax"];

        device.Run(
            kernel,
            1,
            256,
            new Parameters().Add(inputAddress).Add(output).Add(Count).Add(Scale),
            dynamicSharedBytes: Count * 4
        );

        var largest = input.Max(v => (double)v * Scale);
        var sum = input.Sum(v => Math.Exp((v * Scale) - largest));
        var result = device.Download<float>(output, Count);
        for (var i = 0; i < Count; i++)
        {
            var expected = Math.Exp((input[i] * Scale) - largest) / sum;
            Assert.True(Math.Abs(expected - result[i]) <= 1e-5 * expected + 1e-12, $"element {i}, seed {Seed}");
        }
        Assert.Equal(0, device.GlobalMemory.CountUnwritten(output, Count * 4));
    }
}
