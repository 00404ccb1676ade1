namespace GpuDecodeBench.Workload.Formats;

/// <summary>How keys and values are stored in the paged cache. Every format is given to the bit in docs/formats.md.</summary>
public enum KvFormat
{
    /// <summary>IEEE 754 binary16.</summary>
    Fp16,

    /// <summary>bfloat16.</summary>
    Bf16,

    /// <summary>OCP FP8 E4M3 codes; one FP32 scale for the keys and one for the values of a layer.</summary>
    Fp8,

    /// <summary>Signed bytes, symmetric; one FP16 scale per token and KV head, for keys and for values.</summary>
    Int8,
}
