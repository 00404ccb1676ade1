using System.Globalization;
using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Backends.Traffic;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests.Cuda.Traffic;

/// <summary>
/// Attention reads each byte of its span once, in loads of 16 bytes and full sectors, and of the rest no more than the pieces that a
/// span's ends lie in.
/// </summary>
public sealed class AttentionTrafficTests
{
    private static readonly int[] s_contexts = [1, 15, 16, 17, 100, 1000];
    private static readonly int[] s_latentContexts = [1, 17, 100, 203];
    private static readonly int[] s_matrixDimensions = [64, 96, 128, 256];

    /// <summary>
    /// Query heads, KV heads, head dimension, window (0: none), sinks, soft cap (0: none). Groups are narrower and wider than a
    /// block's 8 or 16 heads; dimensions are those of the kernels on matrix instructions and others.
    /// </summary>
    private static readonly (int Heads, int KvHeads, int Dimension, int Window, bool Sinks, double Cap)[] s_shapes =
    [
        (4, 1, 64, 0, false, 0),
        (40, 2, 64, 100, true, 0),
        (6, 2, 96, 37, false, 0),
        (18, 2, 96, 0, false, 50),
        (16, 1, 128, 0, false, 0),
        (12, 1, 128, 500, true, 0),
        (35, 1, 128, 90, false, 0),
        (2, 1, 256, 0, false, 30),
        (10, 1, 256, 130, true, 0),
        (6, 2, 24, 21, true, 0),
        (3, 1, 45, 33, false, 0),
        (4, 2, 80, 0, false, 0),
        (9, 1, 72, 0, false, 0),
        (2, 1, 512, 0, false, 0),
    ];

    public static TheoryData<KvFormat, int, int, int, int, bool, double> Cases
    {
        get
        {
            var cases = new TheoryData<KvFormat, int, int, int, int, bool, double>();
            foreach (KvFormat format in FormatNames.AllKvFormats)
            {
                foreach ((int heads, int kvHeads, int dimension, int window, bool sinks, double cap) in s_shapes)
                {
                    cases.Add(format, heads, kvHeads, dimension, window, sinks, cap);
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
                // There are kernels for 16, 32 and 64 heads; 70 take two blocks of the last.
                cases.Add(format, 75, 5);
                cases.Add(format, 80, 16);
                cases.Add(format, 80, 17);
                cases.Add(format, 80, 70);
                cases.Add(format, 90, 9);
                cases.Add(format, 90, 32);
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
        bool sinks,
        double cap
    ) => AssertSpanIsReadOnce(75, format, Attention(heads, kvHeads, dimension, window, sinks, cap));

    [Theory]
    [MemberData(nameof(Cases))]
    public void AttentionOnMatrixInstructionsReadsItsSpanOnce(
        KvFormat format,
        int heads,
        int kvHeads,
        int dimension,
        int window,
        bool sinks,
        double cap
    ) => AssertSpanIsReadOnce(80, format, Attention(heads, kvHeads, dimension, window, sinks, cap));

    /// <summary>Keys of 1200 bytes come eight tokens at a time, and the result's 600 columns in three blocks.</summary>
    [Theory]
    [InlineData(KvFormat.Fp16)]
    [InlineData(KvFormat.Bf16)]
    public void HeadsWhosePagesDoNotFitAreReadInParts(KvFormat format)
    {
        GroupedQueryAttention shape = Attention(2, 1, 600, 30, false, 0);
        DecodeStepPlan plan = TrafficRuns.Plan(TrafficRuns.WithAttention(shape), WeightFormat.Bf16, format, 1, 45, 9);
        Assert.All(TrafficRuns.Run(75, plan), TrafficRuns.AssertSound);
    }

    [Theory]
    [MemberData(nameof(LatentCases))]
    public void AttentionOverLatentsOfRealSizeReadsThemOnce(KvFormat format, int architecture, int heads)
    {
        DecodeStepPlan plan = TrafficRuns.Plan(
            TrafficRuns.WithAttention(TestModels.Latents(heads)),
            WeightFormat.Bf16,
            format,
            s_latentContexts
        );
        IReadOnlyList<OperationTraffic> traffic = TrafficRuns.Run(architecture, plan);
        OperationTraffic attention = traffic.Single(operation => operation.Operation.Name == "attention");
        string figures = Figures(attention);
        Assert.All(traffic, TrafficRuns.AssertSound);
        long scales =
            s_latentContexts.Sum(end => Around(0, end, CudaKvCache.PageTokens)) * plan.KvLayoutOf(0).ScaleBytesPerHead;
        Assert.True(attention.KvReadBytes == attention.Operation.KvReadBytes + scales, $"{figures} + {scales}");
        Assert.True(attention.KvLoads.UsefulShare == 1, figures);
        Assert.True(attention.KvLoads.ShareIn16ByteLoads == 1, figures);
    }

    private static GroupedQueryAttention Attention(
        int heads,
        int kvHeads,
        int dimension,
        int window,
        bool sinks,
        double cap
    ) =>
        new()
        {
            Heads = heads,
            KvHeads = kvHeads,
            HeadDimension = dimension,
            Window = window == 0 ? null : window,
            Sinks = sinks,
            LogitSoftCap = cap == 0 ? null : cap,
            Rope = new RopeShape { Theta = 10_000, RotatedDimensions = dimension / 2 * 2 },
        };

    private static void AssertSpanIsReadOnce(int architecture, KvFormat format, GroupedQueryAttention shape)
    {
        DecodeStepPlan plan = TrafficRuns.Plan(TrafficRuns.WithAttention(shape), WeightFormat.Bf16, format, s_contexts);
        IReadOnlyList<OperationTraffic> traffic = TrafficRuns.Run(architecture, plan);
        OperationTraffic attention = traffic.Single(operation => operation.Operation.Name == "attention");
        string figures = Figures(attention);
        Assert.All(traffic, TrafficRuns.AssertSound);

        // To the byte: the span, what fills up keys to 16 bytes, values that share a piece of 16 bytes with the span's first
        // or last, and the int8 scales of all tokens of a page that the span touches.
        KvLayout layout = plan.KvLayoutOf(0);
        long keys = s_contexts.Sum(shape.SpanTokens) * (long)RowEnd(layout);
        long values = Around(shape, 16 / layout.BytesPerElement) * layout.HeadDimension * layout.BytesPerElement;
        long scales = Around(shape, CudaKvCache.PageTokens) * 2 * layout.ScaleBytesPerHead;
        long beyond = shape.KvHeads * (keys + values + scales);
        Assert.True(attention.KvReadBytes == attention.Operation.KvReadBytes + beyond, $"{figures} + {beyond}");

        // Request by request. On matrix instructions keys at a span's ends are asked for twice, without them keys for each 256 columns
        // of the result, in full sectors both; else every sector is touched once, and only those count against it that the layout
        // shares with tokens outside of the span.
        double share = attention.KvLoads.UsefulShare!.Value;
        double bound = UsefulShareOfLayout(shape, layout);
        bool hasMatrix = architecture >= 80 && s_matrixDimensions.Contains(shape.HeadDimension);
        bool readsKeysAgain = hasMatrix || shape.HeadDimension > 256;
        Assert.True(
            readsKeysAgain ? share >= bound - 1e-12 : Math.Abs(share - bound) < 1e-12,
            $"{figures}, bound {bound:p4}"
        );
        Assert.True(share >= 0.95 || shape.Window is not null, figures);
        Assert.True(attention.KvLoads.ShareIn16ByteLoads == 1, figures);
    }

    private static string Figures(OperationTraffic attention) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"read {attention.KvReadBytes} of {attention.Operation.KvReadBytes}, useful {attention.KvLoads.UsefulShare:p4}, {attention.KvLoads.ShareIn16ByteLoads:p2} in 16 bytes"
        );

    private static int RowEnd(KvLayout layout) => KeyRow(layout) - (layout.HeadDimension * layout.BytesPerElement);

    private static int KeyRow(KvLayout layout) => (int)Up(layout.HeadDimension * layout.BytesPerElement, 16);

    private static long Up(long value, int multiple) => (value + multiple - 1) / multiple * multiple;

    /// <summary>Tokens outside of the spans that share a piece of so many with one inside, all sequences together.</summary>
    private static long Around(GroupedQueryAttention shape, int piece) =>
        s_contexts.Sum(end => Around(end - shape.SpanTokens(end), end, piece));

    private static long Around(int first, int end, int piece) => (first % piece) + Up(end, piece) - end;

    /// <summary>
    /// The useful share of the sectors that the spans lie in, each fetched once: of kernels/README.md's layout, apart from the code
    /// that is tested. A page's keys inside of the span lie on end. Of 16-bit values a sector has the 16 tokens of one element,
    /// of which the first or last page may need one half; of 8-bit values it has two elements.
    /// </summary>
    private static double UsefulShareOfLayout(GroupedQueryAttention shape, KvLayout layout)
    {
        long useful = 0;
        long fetched = 0;
        void Add(long first, long end)
        {
            useful += end - first;
            fetched += Up(end, 32) - (first / 32 * 32);
        }

        foreach (int end in s_contexts)
        {
            int first = end - shape.SpanTokens(end);
            for (int page = first / 16 * 16; page < end; page += 16)
            {
                int low = Math.Max(first - page, 0);
                int high = Math.Min(end - page, 16);
                Add((long)low * KeyRow(layout), (long)high * KeyRow(layout));
                if (layout.BytesPerElement == 1)
                {
                    Add(0, layout.HeadDimension * 16);
                }
                else
                {
                    int halves = (low < 8 ? 1 : 0) + (high > 8 ? 1 : 0);
                    useful += layout.HeadDimension * 16 * halves;
                    fetched += layout.HeadDimension * 32;
                }

                Add(0, 32 * layout.ScaleBytesPerHead);
            }
        }

        return (double)useful / fetched;
    }
}
