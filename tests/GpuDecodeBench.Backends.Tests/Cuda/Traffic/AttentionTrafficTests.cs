using System.Globalization;
using GpuDecodeBench.Backends.Traffic;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests.Cuda.Traffic;

/// <summary>Attention reads each byte of its span once, and of the rest no more than the pieces that a span's ends lie in.</summary>
public sealed class AttentionTrafficTests
{
    private static readonly int[] s_contexts = [1, 15, 16, 17, 100, 1000];
    private static readonly int[] s_matrixDimensions = [64, 96, 128, 256];

    /// <summary>Query heads, KV heads, head dimension, window (0: none), sinks.</summary>
    private static readonly (int Heads, int KvHeads, int Dimension, int Window, bool Sinks)[] s_shapes =
    [
        (4, 1, 64, 0, false),
        (40, 2, 64, 100, true),
        (6, 2, 96, 37, false),
        (16, 1, 128, 0, false),
        (12, 1, 128, 500, true),
        (2, 1, 256, 0, false),
        (6, 2, 24, 21, true),
        (3, 1, 45, 33, false),
        (4, 2, 80, 0, false),
    ];

    public static TheoryData<KvFormat, int, int, int, int, bool> Cases
    {
        get
        {
            var cases = new TheoryData<KvFormat, int, int, int, int, bool>();
            foreach (KvFormat format in FormatNames.AllKvFormats)
            {
                foreach ((int heads, int kvHeads, int dimension, int window, bool sinks) in s_shapes)
                {
                    cases.Add(format, heads, kvHeads, dimension, window, sinks);
                }
            }

            return cases;
        }
    }

    public static TheoryData<KvFormat, int, int> LatentCases
    {
        get
        {
            var cases = new TheoryData<KvFormat, int, int>();
            foreach (KvFormat format in FormatNames.AllKvFormats)
            {
                // 16 heads and less have a kernel of their own, 64 another, of which 70 take two blocks.
                cases.Add(format, 75, 5);
                cases.Add(format, 80, 16);
                cases.Add(format, 80, 70);
                cases.Add(format, 90, 9);
                cases.Add(format, 90, 64);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AttentionWithoutMatrixInstructionsReadsItsSpanOnce(
        KvFormat format,
        int heads,
        int kvHeads,
        int dimension,
        int window,
        bool sinks
    ) => AssertSpanIsReadOnce(75, format, Attention(heads, kvHeads, dimension, window, sinks));

    [Theory]
    [MemberData(nameof(Cases))]
    public void AttentionOnMatrixInstructionsReadsItsSpanOnce(
        KvFormat format,
        int heads,
        int kvHeads,
        int dimension,
        int window,
        bool sinks
    ) => AssertSpanIsReadOnce(80, format, Attention(heads, kvHeads, dimension, window, sinks));

    [Theory]
    [MemberData(nameof(LatentCases))]
    public void AttentionOverLatentsOfRealSizeReadsThemOnce(KvFormat format, int architecture, int heads)
    {
        DecodeStepPlan plan = TrafficRuns.Plan(
            TrafficRuns.WithAttention(
                new MultiHeadLatentAttention
                {
                    Heads = heads,
                    QueryLatentDimension = null,
                    LatentDimension = 512,
                    PlainDimension = 16,
                    RotatedDimension = 64,
                    HeadValueDimension = 16,
                    Rope = new RopeShape { Theta = 10_000 },
                }
            ),
            WeightFormat.Bf16,
            format,
            1,
            17,
            100,
            203
        );
        IReadOnlyList<OperationTraffic> traffic = TrafficRuns.Run(architecture, plan);
        OperationTraffic attention = traffic.Single(operation => operation.Operation.Name == "attention");
        string figures = Figures(attention);
        Assert.All(traffic, TrafficRuns.AssertSound);
        Assert.True(attention.KvReadBytes == attention.Operation.KvReadBytes, figures);
        Assert.True(attention.KvLoads.UsefulShare >= 0.95, figures);
        // Int8's scales come by two bytes. Without matrix instructions so do values: a thread has one element of each token.
        double least = (architecture == 75, format) switch
        {
            (true, _) => 0.4,
            (false, KvFormat.Int8) => 0.99,
            _ => 1,
        };
        Assert.True(attention.KvLoads.ShareIn16ByteLoads >= least, figures);
    }

    private static GroupedQueryAttention Attention(int heads, int kvHeads, int dimension, int window, bool sinks) =>
        new()
        {
            Heads = heads,
            KvHeads = kvHeads,
            HeadDimension = dimension,
            Window = window == 0 ? null : window,
            Sinks = sinks,
            Rope = new RopeShape { Theta = 10_000, RotatedDimensions = dimension / 2 * 2 },
        };

    private static void AssertSpanIsReadOnce(int architecture, KvFormat format, GroupedQueryAttention shape)
    {
        DecodeStepPlan plan = TrafficRuns.Plan(TrafficRuns.WithAttention(shape), WeightFormat.Bf16, format, s_contexts);
        IReadOnlyList<OperationTraffic> traffic = TrafficRuns.Run(architecture, plan);
        OperationTraffic attention = traffic.Single(operation => operation.Operation.Name == "attention");
        bool hasMatrix = architecture >= 80 && s_matrixDimensions.Contains(shape.HeadDimension);
        string figures = Figures(attention);
        Assert.All(traffic, TrafficRuns.AssertSound);

        // To the byte: the span, what fills up keys to 16 bytes, values that share a piece of 16 bytes with the span's first
        // or last, and with matrix instructions the int8 scales of all tokens of a page that the span touches.
        KvLayout layout = plan.KvLayoutOf(0);
        long keys = s_contexts.Sum(shape.SpanTokens) * (long)RowEnd(layout);
        long values = Around(shape, 16 / layout.BytesPerElement) * layout.HeadDimension * layout.BytesPerElement;
        long scales = hasMatrix ? Around(shape, 16) * 2 * layout.ScaleBytesPerHead : 0;
        long beyond = shape.KvHeads * (keys + values + scales);
        Assert.True(attention.KvReadBytes == attention.Operation.KvReadBytes + beyond, $"{figures} + {beyond}");

        Assert.True(attention.KvLoads.UsefulShare >= LeastUseful(hasMatrix, format, shape.Window), figures);
        // Int8's scales come by two or four bytes: a share that grows as heads shrink.
        Assert.True(
            attention.KvLoads.ShareIn16ByteLoads >= (format == KvFormat.Int8 ? (hasMatrix ? 0.88 : 0.6) : 1),
            figures
        );
    }

    /// <summary>
    /// The useful share of sectors, request by request. Where it is less, the rest of a sector is asked for by the thread's next
    /// request, so that memory brings it once all the same.
    /// </summary>
    private static double LeastUseful(bool hasMatrix, KvFormat format, int? window) =>
        (hasMatrix, format) switch
        {
            // A thread takes the two halves of a value's 32 bytes one after the other.
            (false, KvFormat.Fp16 or KvFormat.Bf16) => 0.6,
            // A token's scale comes by two bytes, with the page's others; heads are as small as 24 bytes.
            (false, KvFormat.Int8) => 0.84,
            // Scales come by four bytes a lane, two of which lie side by side.
            (true, KvFormat.Int8) => 0.91,
            // At both ends of a span that a window cuts, half of a value's 32 bytes is not asked for; spans are as short as 37.
            (true, KvFormat.Fp16 or KvFormat.Bf16) when window is not null => 0.87,
            _ => 0.95,
        };

    private static string Figures(OperationTraffic attention) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"read {attention.KvReadBytes} of {attention.Operation.KvReadBytes}, useful {attention.KvLoads.UsefulShare:p2}, {attention.KvLoads.ShareIn16ByteLoads:p2} in 16 bytes"
        );

    private static int RowEnd(KvLayout layout)
    {
        int used = layout.HeadDimension * layout.BytesPerElement;
        return ((used + 15) / 16 * 16) - used;
    }

    /// <summary>Tokens outside of the spans that share a piece of so many with one inside, all sequences together.</summary>
    private static long Around(GroupedQueryAttention shape, int piece) =>
        s_contexts.Sum(end =>
        {
            int first = end - shape.SpanTokens(end);
            return (first % piece) + ((long)(end + piece - 1) / piece * piece) - end;
        });
}
