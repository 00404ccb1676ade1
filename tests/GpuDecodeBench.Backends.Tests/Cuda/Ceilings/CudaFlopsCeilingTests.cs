using System.Runtime.InteropServices;
using GpuDecodeBench.Backends.Cuda.Ceilings;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Ptx;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Backends.Tests.Cuda.Ceilings;

/// <summary>The kernels of the compute ceiling: as many operations as are claimed, none left out, and nothing else in the loop.</summary>
public sealed class CudaFlopsCeilingTests
{
    private const int Blocks = 2;
    private const int Teams = Blocks * CudaFlopsCeiling.Threads / 32;

    [Theory]
    [InlineData(80)]
    [InlineData(90)]
    public void MatrixInstructionsAreAsManyAsTheFlopsSay(int architecture)
    {
        Run few = Launch(architecture, 1);
        Run more = Launch(architecture, 7);
        // An instruction of a team: 16 × 8 sums of 16 products, a multiply-add being two.
        Assert.Equal(few.Flops, few.Counters.WarpInstructions[InstructionClass.Tensor] * 4096);
        Assert.Equal(more.Flops, more.Counters.WarpInstructions[InstructionClass.Tensor] * 4096);
        AssertNothingElseGrows(few, more);
    }

    [Fact]
    public void MultiplyAddsAreAsManyAsTheFlopsSay()
    {
        Run few = Launch(75, 1);
        Run more = Launch(75, 7);
        long added =
            more.Counters.ThreadInstructions[InstructionClass.Float]
            - few.Counters.ThreadInstructions[InstructionClass.Float];
        Assert.Equal(more.Flops - few.Flops, 2 * added);
        AssertNothingElseGrows(few, more);
    }

    [Theory]
    [InlineData(75)]
    [InlineData(80)]
    public void ResultsAreTheProductsAfterAnyNumberOfRounds(int architecture)
    {
        Run run = Launch(architecture, 5);
        float[] expected = architecture == 75 ? ExpectedOfThreads(run.Operands) : ExpectedOfTeams(run.Operands);
        for (int i = 0; i < run.Results.Length; i++)
        {
            Assert.Equal(expected[i % CudaFlopsCeiling.Threads], run.Results[i], 1e-3f);
        }

        Assert.True(run.Results.Distinct().Count() > CudaFlopsCeiling.Threads / 2);
    }

    private static void AssertNothingElseGrows(Run few, Run more)
    {
        Assert.Equal(few.Counters.GlobalLoadedBytes, more.Counters.GlobalLoadedBytes);
        Assert.Equal(sizeof(float) * (long)few.Results.Length, more.Counters.GlobalStoredBytes);
        Assert.Equal(0, more.Counters.LocalAccesses);
        Assert.Equal(0, more.Counters.SharedRequests);
        // The loop's own counting, comparison and branch: a few for each round of a team.
        long loop =
            more.Counters.TotalWarpInstructions
            - few.Counters.TotalWarpInstructions
            - Arithmetic(more.Counters)
            + Arithmetic(few.Counters);
        Assert.InRange(loop, 0, 6 * 4 * Teams);
    }

    private static long Arithmetic(LaunchCounters counters) =>
        counters.WarpInstructions[InstructionClass.Tensor] + counters.WarpInstructions[InstructionClass.Float];

    private static Run Launch(int architecture, uint rounds)
    {
        using var emulated = new EmulatedCeilings(architecture);
        using var clock = new CudaPassClock(emulated.Device);
        var ceiling = new CudaFlopsCeiling(emulated.Device, clock);
        using CudaBuffer operands = ceiling.RandomOperands();
        using CudaBuffer results = emulated.Device.Context.Allocate(
            Blocks * CudaFlopsCeiling.Threads * sizeof(float),
            "the results"
        );
        using CudaStream stream = emulated.Device.Context.CreateStream();
        ceiling.Launch(stream, Blocks, rounds, operands, results);
        stream.Synchronize();
        var sums = new float[Blocks * CudaFlopsCeiling.Threads];
        results.CopyTo(MemoryMarshal.AsBytes(sums.AsSpan()));
        var numbers = new ushort[operands.Bytes / sizeof(ushort)];
        operands.CopyTo(MemoryMarshal.AsBytes(numbers.AsSpan()));
        return new Run(
            ceiling.Flops(Blocks, rounds),
            Assert.Single(emulated.Launches).Counters,
            sums,
            [.. numbers.Select(number => Bf16.Decode(number))]
        );
    }

    /// <summary>Number <paramref name="i"/> of a thread's operand.</summary>
    private static double Operand(double[] operands, int operand, int thread, int i) =>
        operands[(((operand * CudaFlopsCeiling.Threads) + thread) * 8) + i];

    /// <summary>A thread's sixteen sums of one product each, from the upper halves of its words.</summary>
    private static float[] ExpectedOfThreads(double[] operands) =>
        [
            .. Enumerable
                .Range(0, CudaFlopsCeiling.Threads)
                .Select(thread =>
                {
                    double sum = 0;
                    for (int i = 0; i < 16; i++)
                    {
                        sum +=
                            Operand(operands, 0, thread, (2 * (i % 4)) + 1)
                            * Operand(operands, 4, thread, (2 * (i / 4)) + 1);
                        sum += Operand(operands, 5, thread, (2 * (i % 4)) + 1);
                    }

                    return (float)sum;
                }),
        ];

    /// <summary>
    /// A lane's part of a team's eight products, by the fragments of mma.m16n8k16 in the PTX ISA: lane 4 g + t holds of A rows g and
    /// g + 8, columns 2 t, 2 t + 1 and those plus 8; of B column g, the same rows; of D rows g and g + 8, columns 2 t and 2 t + 1.
    /// </summary>
    private static float[] ExpectedOfTeams(double[] operands)
    {
        var expected = new float[CudaFlopsCeiling.Threads];
        for (int thread = 0; thread < expected.Length; thread++)
        {
            int first = thread / 32 * 32;
            (int g, int t) = (thread % 32 / 4, thread % 4);
            double sum = 0;
            for (int product = 0; product < 8; product++)
            {
                (int a, int b) = (product % 4, product / 4);
                for (int i = 0; i < 4; i++)
                {
                    (int row, int column) = (g + (i / 2 * 8), (2 * t) + (i % 2));
                    sum += Operand(operands, 5, thread, (2 * i) + 1);
                    for (int k = 0; k < 16; k++)
                    {
                        int lane = k % 8 / 2;
                        // a0 and a2 are rows below 8, a1 and a3 the others; a2 and a3 the columns from 8 on.
                        int register = (row / 8) + (k / 8 * 2);
                        sum +=
                            Operand(operands, a, first + (row % 8 * 4) + lane, (2 * register) + (k % 2))
                            * Operand(operands, 4, first + (column * 4) + lane, (4 * b) + (k / 8 * 2) + (k % 2));
                    }
                }
            }

            expected[thread] = (float)sum;
        }

        return expected;
    }

    private sealed record Run(long Flops, LaunchCounters Counters, float[] Results, double[] Operands);
}
