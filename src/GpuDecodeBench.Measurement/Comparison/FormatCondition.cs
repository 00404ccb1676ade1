namespace GpuDecodeBench.Measurement.Comparison;

/// <summary>A condition whose values can be compared with one another within one record.</summary>
public enum FormatCondition
{
    /// <summary>The weight format, and with it that of the LM head, which follows it.</summary>
    Weights,

    /// <summary>The weight format of the LM head alone.</summary>
    LmHead,

    /// <summary>The KV format.</summary>
    Kv,

    /// <summary>Tokens in a block of the KV cache.</summary>
    KvBlock,
}
