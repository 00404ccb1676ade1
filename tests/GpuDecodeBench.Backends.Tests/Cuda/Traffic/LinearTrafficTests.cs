using System.Globalization;
using GpuDecodeBench.Backends.Traffic;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests.Cuda.Traffic;

/// <summary>
/// Matrix products read each byte of their weights once, whatever is left over at the ends of rows and columns. Results are held
/// against the reference in the same runs, and every address, race and read of what nobody wrote would be a fault.
/// </summary>
public sealed class LinearTrafficTests
{
    /// <summary>
    /// Batches for every kernel, one after another and in turns. Rows leave tiles of 16 unfilled in either half, columns
    /// chunks, blocks and groups of blocks. Without matrix instructions large batches take many turns, and fewer rows will do.
    /// </summary>
    private static readonly (int Architecture, int Rows, int Columns, int Batch)[] s_shapes =
    [
        (75, 1035, 4100, 1),
        (75, 1003, 2880, 3),
        (75, 507, 3000, 12),
        (75, 211, 3000, 40),
        (75, 107, 2880, 70),
        (80, 1035, 4100, 1),
        (80, 1003, 2880, 3),
        (80, 1009, 3000, 12),
        (80, 1021, 2880, 40),
        (80, 1027, 3000, 70),
        (80, 155, 2884, 130),
    ];

    public static TheoryData<WeightFormat, int, int, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<WeightFormat, int, int, int, int>();
            foreach (WeightFormat format in FormatNames.AllWeightFormats)
            {
                foreach ((int architecture, int rows, int columns, int batch) in s_shapes)
                {
                    cases.Add(format, architecture, rows, columns, batch);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AProductReadsTheBytesOfItsWeightsOnceInFullSectors(
        WeightFormat format,
        int architecture,
        int rows,
        int columns,
        int batch
    )
    {
        DecodeStepPlan plan = TrafficRuns.PlanOfHead(rows, columns, format, batch);
        IReadOnlyList<OperationTraffic> traffic = TrafficRuns.Run(architecture, plan);
        OperationTraffic product = traffic.Single(operation => operation.Operation.Name == "lm_head");
        Assert.All(traffic, TrafficRuns.AssertSound);

        // The plan's bytes and what the last chunk of each row and the last tile add; nothing else, to the byte.
        long padding = PaddingOf(format, rows, columns);
        string figures = string.Create(
            CultureInfo.InvariantCulture,
            $"read {product.WeightReadBytes} of {product.Operation.WeightReadBytes} + {padding}, useful {product.WeightLoads.UsefulShare:p2}, {product.CodeLoads.ShareIn16ByteLoads:p2} of codes in 16 bytes"
        );
        Assert.True(product.WeightReadBytes == product.Operation.WeightReadBytes + padding, figures);
        Assert.True(Math.Abs(product.Difference!.Value) <= OperationTraffic.Tolerance, figures);
        Assert.True(product.WeightLoads.UsefulShare >= 0.95, figures);
        Assert.True(product.CodeLoads.ShareIn16ByteLoads == 1, figures);
    }

    [Theory]
    [InlineData(75)]
    [InlineData(80)]
    [InlineData(90)]
    public void EveryOperationOfEveryArchitectureReadsTheBytesOfItsPlan(int architecture)
    {
        foreach (var model in TestModels.All)
        {
            IReadOnlyList<OperationTraffic> traffic = TrafficRuns.Run(
                architecture,
                TrafficRuns.Plan(model, WeightFormat.Bf16, KvFormat.Fp8, 50, 3, 97)
            );
            Assert.All(traffic, TrafficRuns.AssertSound);
        }
    }

    /// <summary>Of int4 two rows share a byte of zero points where the plan gives each a byte: of narrow rows that is much.</summary>
    [Theory]
    [InlineData(75)]
    [InlineData(80)]
    public void NarrowRowsOfInt4ReadLessThanThePlanByWhatTheirZeroPointsSave(int architecture)
    {
        IReadOnlyList<OperationTraffic> traffic = TrafficRuns.Run(
            architecture,
            TrafficRuns.PlanOfHead(112, 96, WeightFormat.Int4, 2)
        );
        Assert.All(traffic, TrafficRuns.AssertSound);
        OperationTraffic product = traffic.Single(operation => operation.Operation.Name == "lm_head");
        Assert.Equal(56, product.SavedBytes);
        Assert.Equal(product.Operation.WeightReadBytes - 56, product.WeightReadBytes);
        OperationTraffic lessThanSaved = product with { WeightReadBytes = product.WeightReadBytes - 100 };
        Assert.False(lessThanSaved.AgreesWithPlan);
    }

    /// <summary>
    /// What the layout of kernels/include/weights.h adds to the canonical bytes, worked out apart from the code that is
    /// tested: negative where int4's zero points of a row's odd group share a byte with the row eight below.
    /// </summary>
    private static long PaddingOf(WeightFormat format, long rows, long columns)
    {
        var canonical = new WeightLayout(format, rows, columns);
        // Codes by chunks of 16 bytes; of a last one that is at most half full only words of 4, rows together up to 16 again.
        long chunks = Up(columns, 128 / canonical.BitsPerCode);
        long words = Up(columns % (128 / canonical.BitsPerCode) * canonical.BitsPerCode, 32);
        long codes = words is 1 or 2 ? (rows * (chunks - 1) * 16) + (Up(rows * words, 4) * 16) : rows * chunks * 16;
        // Int4's lanes have entries for a row and the one eight below it together.
        long pairs = (rows / 16 * 8) + Math.Min(8, rows % 16);
        long scales = format switch
        {
            WeightFormat.Int4 => pairs * Up(chunks, 4) * 5,
            WeightFormat.MxFp4 => rows * chunks,
            WeightFormat.NvFp4 => rows * chunks * 2,
            _ => rows * canonical.ScaleBytesPerRow,
        };
        return codes + scales - (rows * canonical.BytesPerRow);
    }

    private static long Up(long value, long divisor) => (value + divisor - 1) / divisor;
}
