using System.Globalization;
using System.Runtime.InteropServices;
using GpuDecodeBench.Backends.Cuda.Arguments;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Backends.Cuda.Ceilings;

/// <summary>
/// What a GPU multiplies and adds at most with the instructions that this program's kernels use (<c>kernels/flops.cu</c>): matrix
/// instructions on bfloat16 with FP32 sums where kernels have them, else FP32 multiply-adds.
/// </summary>
internal sealed class CudaFlopsCeiling(CudaDevice device, CudaPassClock clock)
{
    /// <summary>Threads of a block.</summary>
    public const int Threads = 256;

    private const int TeamLanes = 32;
    private const int Operands = 6;
    private const int Passes = 5;
    private const uint FirstRounds = 256;
    private const double LargestScale = 4096;

    /// <summary>One matrix instruction: 16 × 8 sums of 16 products.</summary>
    private const long FlopsOfMatrixInstruction = 2 * 16 * 8 * 16;

    private const int MatrixSumsOfTeam = 8;
    private const int SumsOfThread = 16;

    private static readonly int[] s_blocksPerMultiprocessor = [1, 2, 4];

    /// <summary>The kernel for a GPU.</summary>
    public string Kernel => device.Kernels.HasMatrixInstructions ? "matrix_products_bf16" : "multiply_adds";

    /// <summary>What a launch computes: a multiply-add is two.</summary>
    /// <param name="blocks">Blocks.</param>
    /// <param name="rounds">Rounds of the loop: each adds every product and takes it off again; one more follows the last.</param>
    public long Flops(int blocks, uint rounds)
    {
        long once = device.Kernels.HasMatrixInstructions
            ? Threads / TeamLanes * MatrixSumsOfTeam * FlopsOfMatrixInstruction
            : (long)Threads * SumsOfThread * 2;
        return once * blocks * ((2L * rounds) + 1);
    }

    /// <summary>Measures.</summary>
    /// <param name="passSeconds">How long one pass takes; 0 leaves the loop short.</param>
    /// <param name="mayGoOn">Whether there is time for another number of blocks; the first is always tried.</param>
    public (double FlopsPerSecond, string Method) Measure(double passSeconds, Func<bool> mayGoOn)
    {
        int multiprocessors = device.Information.MultiprocessorCount;
        using CudaBuffer operands = RandomOperands();
        using CudaBuffer results = device.Context.Allocate(
            (long)s_blocksPerMultiprocessor[^1] * multiprocessors * Threads * sizeof(float),
            "The results of multiply-adds"
        );
        double best = 0;
        int bestBlocks = 0;
        foreach (int perMultiprocessor in s_blocksPerMultiprocessor)
        {
            if (best > 0 && !mayGoOn())
            {
                break;
            }

            int blocks = perMultiprocessor * multiprocessors;
            double first = clock.MedianSeconds(1, stream => Launch(stream, blocks, FirstRounds, operands, results));
            uint rounds = (uint)(FirstRounds * Math.Clamp(passSeconds / Math.Max(first, 1e-9), 1, LargestScale));
            double seconds = clock.MedianSeconds(Passes, stream => Launch(stream, blocks, rounds, operands, results));
            double rate = Flops(blocks, rounds) / seconds;
            if (rate > best)
            {
                best = rate;
                bestBlocks = blocks;
            }
        }

        string what = device.Kernels.HasMatrixInstructions
            ? "mma.sync m16n8k16 on bfloat16 with FP32 sums, 8 independent sums a team of 32 lanes"
            : "FP32 multiply-adds, 16 independent sums a thread";
        return (
            best,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what}, random operands in registers, {bestBlocks} blocks of {Threads} threads, median of {Passes} passes of about {passSeconds * 1e3:0} ms, best of the grids tried"
            )
        );
    }

    /// <summary>Launches the kernel once.</summary>
    internal void Launch(CudaStream stream, int blocks, uint rounds, CudaBuffer operands, CudaBuffer results) =>
        stream.Launch(
            new CudaLaunch(device.Kernels.Get("flops", Kernel), new CudaDim3(blocks), new CudaDim3(Threads)),
            new FlopsArguments
            {
                Operands = operands.Address,
                Results = results.Address,
                Rounds = rounds,
            },
            "the compute ceiling"
        );

    /// <summary>Random bfloat16 numbers of ordinary size, for every lane its own.</summary>
    internal CudaBuffer RandomOperands()
    {
        var random = new Random(1);
        var numbers = new ushort[Operands * Threads * 8];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = Bf16.Encode((float)((random.NextDouble() + 0.25) * (random.Next(2) == 0 ? -1 : 1)));
        }

        CudaBuffer buffer = device.Context.Allocate(numbers.Length * sizeof(ushort), "The operands of multiply-adds");
        buffer.CopyFrom(MemoryMarshal.AsBytes(numbers.AsSpan()));
        return buffer;
    }
}
