using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Backends.Cuda.Arguments;
using GpuDecodeBench.Backends.Cuda.Emulation;
using GpuDecodeBench.Backends.Cuda.Weights;
using GpuDecodeBench.Backends.Traffic;
using GpuDecodeBench.Backends.Verification;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests.Cuda.Traffic;

/// <summary>Kernels and arguments that are slightly wrong: each must be noticed, and by what is there to notice it.</summary>
public sealed partial class PlantedKernelFaultTests
{
    private const int Rows = 203;
    private const int Columns = 1100;

    /// <summary>Rows and columns that fill neither tiles nor chunks, so that an error at the end leads out of memory.</summary>
    private static readonly DecodeStepPlan s_matrix = TrafficRuns.PlanOfHead(Rows, Columns, WeightFormat.Int4, 2);

    private static readonly DecodeStepPlan s_attention = TrafficRuns.Plan(
        TrafficRuns.WithAttention(
            new GroupedQueryAttention
            {
                Heads = 4,
                KvHeads = 2,
                HeadDimension = 24,
                Window = 40,
                Rope = new RopeShape { Theta = 10_000 },
            }
        ),
        WeightFormat.Bf16,
        KvFormat.Int8,
        100,
        77
    );

    [Theory]
    [InlineData(75)]
    [InlineData(80)]
    public void WithoutAFaultPlantedBothStepsHold(int architecture)
    {
        Assert.All(TrafficRuns.Run(architecture, s_matrix), traffic => Assert.True(traffic.AgreesWithPlan));
        Assert.All(TrafficRuns.Run(architecture, s_attention), traffic => Assert.True(traffic.AgreesWithPlan));
    }

    [Theory]
    [InlineData(75)]
    [InlineData(80)]
    public void ARowTooManyReadsBehindTheWeights(int architecture)
    {
        var fault = Assert.ThrowsAny<DeviceFaultException>(() =>
            Check(
                architecture,
                s_matrix,
                WithLmHead(lmHead => lmHead with { Weights = Sized(lmHead, Rows + 1, Columns) })
            )
        );
        Assert.Contains("OutOfBounds", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(75)]
    [InlineData(80)]
    public void ARowTooFewIsLeftUnwritten(int architecture)
    {
        StepCheckResult result = Check(
            architecture,
            s_matrix,
            WithLmHead(lmHead => lmHead with { Weights = Sized(lmHead, Rows - 1, Columns) })
        ).Result;
        AssertFails(result, "lm_head", $"left element {Rows - 1} of sequence 0 unwritten");
    }

    [Theory]
    [InlineData(75)]
    [InlineData(80)]
    public void AChunkOfColumnsTooManyReadsBehindTheWeights(int architecture)
    {
        var fault = Assert.ThrowsAny<DeviceFaultException>(() =>
            Check(
                architecture,
                s_matrix,
                WithLmHead(lmHead => lmHead with { Weights = Sized(lmHead, Rows, Columns + 32) })
            )
        );
        Assert.Contains("OutOfBounds", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(75, "linear_fma_int4_t4")]
    [InlineData(80, "linear_mma_int4_t8")]
    public void AMissingBarrierIsARaceOrAReadTooEarly(int architecture, string kernel)
    {
        // Teams that share a tile meet at the barrier.
        var fault = Assert.ThrowsAny<DeviceFaultException>(() =>
            TrafficRuns.Check(Altered(architecture, text => WithoutBarrierBehindSums(text, kernel), null), s_matrix)
        );
        // A team that runs before the one whose sums it reads finds them unwritten; one that runs behind it races with it.
        Assert.Matches("Race|nobody wrote what is read: shared address", fault.Message);
    }

    [Theory]
    [InlineData(75)]
    [InlineData(80)]
    public void AnotherPlaceOfAScaleIsAWrongResult(int architecture)
    {
        // The values' scales lie 32 bytes behind the keys'.
        StepCheckResult result = TrafficRuns
            .Check(
                Altered(architecture, text => WithKeysScaleForValues(text, "attention_fma_int8"), alterArguments: null),
                s_attention
            )
            .Result;
        AssertFails(result, "attention", "where the reference has");
    }

    [Theory]
    [InlineData(75)]
    [InlineData(80)]
    public void KeysAndValuesLoadedAsIfNobodyWroteThemAreNoticed(int architecture)
    {
        var loaded = new SortedSet<string>(StringComparer.Ordinal);
        StepCheckResult result = TrafficRuns
            .Check(
                Altered(
                    architecture,
                    text =>
                        text.Replace("ld.global.L1::no_alloc", "ld.global.nc.L1::no_alloc", StringComparison.Ordinal),
                    alterArguments: null
                ),
                s_attention,
                loaded
            )
            .Result;
        Assert.True(result.Passed);
        Assert.Equal(["attention_fma_int8: The KV cache of layer 0"], loaded);
    }

    [Theory]
    [InlineData(75)]
    [InlineData(80)]
    public void ATileLeftOutIsMissedInTheWeightsReadToo(int architecture)
    {
        // Of thirteen tiles only eight are known of.
        (StepCheckResult result, IReadOnlyList<OperationTraffic> traffic) = Check(
            architecture,
            s_matrix,
            WithLmHead(lmHead => lmHead with { Weights = Sized(lmHead, 8 * TileLayout.TileRows, Columns) })
        );
        Assert.False(result.Passed);
        OperationTraffic head = traffic.Single(operation => operation.Operation.Name == "lm_head");
        Assert.True(head.WeightReadBytes < 0.7 * head.Operation.WeightReadBytes, $"{head.WeightReadBytes} bytes");
        Assert.False(head.AgreesWithPlan);
    }

    [Theory]
    [InlineData(75, -16)]
    [InlineData(80, -16)]
    [InlineData(75, 32)]
    [InlineData(80, 32)]
    public void AnotherSpanOfTokensShowsInTheKvRead(int architecture, int moreTokens)
    {
        (StepCheckResult result, IReadOnlyList<OperationTraffic> traffic) = TrafficRuns.Check(
            Altered(
                architecture,
                null,
                (kernel, arguments) =>
                    Alter<AttentionArguments>(
                        kernel.StartsWith("attention_", StringComparison.Ordinal),
                        arguments,
                        attention => attention with { Window = attention.Window + moreTokens }
                    )
            ),
            s_attention
        );
        AssertFails(result, "attention", "where the reference has");
        OperationTraffic operation = traffic.Single(operation => operation.Operation.Name == "attention");
        Assert.Equal(moreTokens > 0, operation.KvReadBytes > operation.Operation.KvReadBytes + operation.PaddingBytes);
        Assert.False(operation.AgreesWithPlan);
    }

    private static (StepCheckResult Result, IReadOnlyList<OperationTraffic> Traffic) Check(
        int architecture,
        DecodeStepPlan plan,
        Action<string, byte[]> alterArguments
    ) => TrafficRuns.Check(Altered(architecture, null, alterArguments), plan);

    private static EmulatorBackend Altered(
        int architecture,
        Func<string, string>? alterModule,
        Action<string, byte[]>? alterArguments
    ) =>
        new(architecture)
        {
            Options = new EmulatedCudaOptions
            {
                ComputeMajor = architecture / 10,
                ComputeMinor = architecture % 10,
                AlterModule = alterModule,
                AlterArguments = alterArguments,
            },
        };

    /// <summary>The LM head is the only matrix of int4 in the step.</summary>
    private static Action<string, byte[]> WithLmHead(Func<LinearArguments, LinearArguments> change) =>
        (kernel, arguments) =>
            Alter(
                kernel.StartsWith("linear_", StringComparison.Ordinal)
                    && kernel.Contains("_int4_", StringComparison.Ordinal),
                arguments,
                change
            );

    private static void Alter<T>(bool applies, byte[] arguments, Func<T, T> change)
        where T : unmanaged
    {
        if (applies)
        {
            T changed = change(MemoryMarshal.Read<T>(arguments));
            MemoryMarshal.Write(arguments, in changed);
        }
    }

    private static MatricesArguments Sized(LinearArguments linear, int rows, int columns) =>
        linear.Weights with
        {
            Rows = rows,
            Columns = columns,
        };

    private static string WithoutBarrierBehindSums(string text, string kernel) =>
        ReplacedOnce(text, kernel, BarrierBehindSums(), match => match.Groups["stored"].Value);

    private static string WithKeysScaleForValues(string text, string kernel) =>
        ReplacedOnce(text, kernel, ScaleOfValuesLine(), match => $"{match.Groups["load"].Value}];");

    /// <summary>Replaces the first match in a kernel; modules that do not have the kernel stay as they are.</summary>
    private static string ReplacedOnce(string text, string kernel, Regex what, MatchEvaluator replacement)
    {
        int begin = text.IndexOf($".entry {kernel}(", StringComparison.Ordinal);
        if (begin < 0)
        {
            return text;
        }

        Assert.True(what.IsMatch(text, begin), $"{kernel} has no {what}");
        return what.Replace(text, replacement, 1, begin);
    }

    [GeneratedRegex(
        @"(?<stored>st\.shared\.f32.*\n(?:(?!.*(?:st\.shared|bar\.sync)).*\n)*\s*)bar\.sync\s+0;",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex BarrierBehindSums();

    [GeneratedRegex(@"(?<load>ld\.shared[.\w]*16\s+%rs\d+, \[%rd\d+)\+32\];", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ScaleOfValuesLine();

    private static void AssertFails(StepCheckResult result, string operation, string how)
    {
        OperationCheck check = result.Operations.Single(check => check.Name == operation);
        Assert.False(check.Passed, $"{operation} passed (seed {TrafficRuns.Seed})");
        Assert.Contains(how, check.Failure, StringComparison.Ordinal);
    }
}
