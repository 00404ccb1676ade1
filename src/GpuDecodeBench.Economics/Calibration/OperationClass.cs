using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Calibration;

/// <summary>
/// What is expected to run at one rate: operations of one kind and, where they stream weights or KV from memory, of one format.
/// </summary>
/// <param name="Kind">The kind, as records write it, for example <c>linear</c>.</param>
/// <param name="Format">The format of what is streamed; null for kinds that live off caches.</param>
public readonly record struct OperationClass(string Kind, string? Format)
{
    /// <summary>How far an operation's bytes per element may be from its format's, for biases and scales beside a matrix.</summary>
    private const double BytesTolerance = 0.1;

    private static readonly string s_attention = NameOf(OperationKind.Attention);

    private static readonly string[] s_products =
    [
        NameOf(OperationKind.Linear),
        NameOf(OperationKind.ExpertLinear),
        NameOf(OperationKind.HeadLinear),
    ];

    /// <summary>Whether its bytes are weights or KV that must come from memory.</summary>
    public bool Streams => Format is not null;

    /// <summary>Whether it streams KV.</summary>
    public bool StreamsKv => Kind == s_attention;

    /// <summary>Whether it is a norm of some kind.</summary>
    internal bool IsNorm =>
        this == RmsNorm || Kind == NameOf(OperationKind.HeadNorm) || Kind == NameOf(OperationKind.LatentNorm);

    /// <summary>RMS norms.</summary>
    internal static OperationClass RmsNorm { get; } = new(NameOf(OperationKind.RmsNorm), null);

    /// <summary>Matrix products with weights of a format.</summary>
    /// <param name="format">The format's name.</param>
    internal static OperationClass Linear(string format) => new(NameOf(OperationKind.Linear), format);

    /// <summary>For example <c>linear int4</c> or <c>rope</c>.</summary>
    public override string ToString() => Format is null ? Kind : $"{Kind} {Format}";

    /// <summary>The class of an operation of a plan.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="formats">The plan's formats.</param>
    internal static OperationClass Of(PlanOperation operation, StepFormats formats)
    {
        string kind = NameOf(operation.Kind);
        return new OperationClass(
            kind,
            kind == s_attention ? formats.Kv.Name()
                : s_products.Contains(kind) ? operation.Weight!.Layout.Format.Name()
                : null
        );
    }

    /// <summary>The class of a measured operation. Records name the formats of the step, and bytes tell which of them it is.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="point">Its point.</param>
    internal static OperationClass Of(OperationRecord operation, PointRecord point)
    {
        if (operation.Kind == s_attention)
        {
            return new OperationClass(operation.Kind, point.Kv);
        }

        if (!s_products.Contains(operation.Kind))
        {
            return new OperationClass(operation.Kind, null);
        }

        // Published checkpoints leave routers, and some models all but their experts, in sixteen bits whatever the weights' format.
        string sixteen = FormatNames.TryParseWeightFormat(point.Weights, out WeightFormat weights)
            ? StepFormats.DefaultLmHead(weights).Name()
            : point.LmHead;
        string format =
            operation.Name == "lm_head" ? point.LmHead
            : HasBytesOf(operation, point, point.Weights) ? point.Weights
            : sixteen;
        return new OperationClass(operation.Kind, format);
    }

    private static bool HasBytesOf(OperationRecord operation, PointRecord point, string format)
    {
        // Experts are read by some sequences only, so their bytes per FLOP say nothing; only a step's own format is theirs.
        if (
            operation.Kind != NameOf(OperationKind.Linear)
            || !FormatNames.TryParseWeightFormat(format, out WeightFormat weights)
            || operation.Flops <= 0
        )
        {
            return true;
        }

        double elements = operation.Flops / (2.0 * point.Batch);
        var layout = new WeightLayout(weights, 4096, 4096);
        double expected = (double)layout.BytesPerRow / layout.Columns;
        return Math.Abs((operation.WeightReadBytes / elements / expected) - 1) <= BytesTolerance;
    }

    private static string NameOf(OperationKind kind)
    {
        string name = kind.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
