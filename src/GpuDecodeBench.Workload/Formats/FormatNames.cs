namespace GpuDecodeBench.Workload.Formats;

/// <summary>The names by which formats appear on the command line, in run records and in reports.</summary>
public static class FormatNames
{
    private static readonly (WeightFormat Format, string Name)[] s_weights =
    [
        (WeightFormat.Fp16, "fp16"),
        (WeightFormat.Bf16, "bf16"),
        (WeightFormat.Fp8, "fp8"),
        (WeightFormat.Int8, "int8"),
        (WeightFormat.Int4, "int4"),
        (WeightFormat.MxFp4, "mxfp4"),
        (WeightFormat.NvFp4, "nvfp4"),
    ];

    private static readonly (KvFormat Format, string Name)[] s_kv =
    [
        (KvFormat.Fp16, "fp16"),
        (KvFormat.Bf16, "bf16"),
        (KvFormat.Fp8, "fp8"),
        (KvFormat.Int8, "int8"),
    ];

    /// <summary>All weight formats, in the order in which they are documented.</summary>
    public static IReadOnlyList<WeightFormat> AllWeightFormats { get; } = [.. s_weights.Select(pair => pair.Format)];

    /// <summary>All KV formats, in the order in which they are documented.</summary>
    public static IReadOnlyList<KvFormat> AllKvFormats { get; } = [.. s_kv.Select(pair => pair.Format)];

    /// <summary>The accepted weight format names, for messages: <c>fp16, bf16, …</c>.</summary>
    public static string WeightNames { get; } = string.Join(", ", s_weights.Select(pair => pair.Name));

    /// <summary>The accepted KV format names, for messages.</summary>
    public static string KvNames { get; } = string.Join(", ", s_kv.Select(pair => pair.Name));

    /// <summary>The name of a weight format.</summary>
    public static string Name(this WeightFormat format) => s_weights[(int)format].Name;

    /// <summary>The name of a KV format.</summary>
    public static string Name(this KvFormat format) => s_kv[(int)format].Name;

    /// <summary>The name of an activation format.</summary>
    public static string Name(this ActivationFormat format) =>
        format switch
        {
            ActivationFormat.Fp32 => "fp32",
            ActivationFormat.Fp16 => "fp16",
            _ => "bf16",
        };

    /// <summary>Finds a weight format by its name, ignoring case.</summary>
    public static bool TryParseWeightFormat(string? text, out WeightFormat format)
    {
        foreach ((WeightFormat candidate, string name) in s_weights)
        {
            if (string.Equals(text, name, StringComparison.OrdinalIgnoreCase))
            {
                format = candidate;
                return true;
            }
        }

        format = default;
        return false;
    }

    /// <summary>Finds a KV format by its name, ignoring case.</summary>
    public static bool TryParseKvFormat(string? text, out KvFormat format)
    {
        foreach ((KvFormat candidate, string name) in s_kv)
        {
            if (string.Equals(text, name, StringComparison.OrdinalIgnoreCase))
            {
                format = candidate;
                return true;
            }
        }

        format = default;
        return false;
    }
}
