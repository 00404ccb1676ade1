namespace GpuDecodeBench.Workload.Formats;

/// <summary>How a weight matrix is stored. Every format is given to the bit in docs/formats.md.</summary>
public enum WeightFormat
{
    /// <summary>IEEE 754 binary16, two bytes a weight.</summary>
    Fp16,

    /// <summary>bfloat16: the upper half of an IEEE 754 binary32, two bytes a weight.</summary>
    Bf16,

    /// <summary>OCP FP8 E4M3 codes with one FP32 scale per output row.</summary>
    Fp8,

    /// <summary>Signed bytes, symmetric, with one FP32 scale per output row.</summary>
    Int8,

    /// <summary>Unsigned four-bit codes in groups of 128 along K; each group has an FP16 scale and a four-bit zero point.</summary>
    Int4,

    /// <summary>OCP MXFP4: E2M1 codes in blocks of 32 along K with one E8M0 scale each.</summary>
    MxFp4,

    /// <summary>NVFP4: E2M1 codes in blocks of 16 along K with one E4M3 scale each, and an FP32 scale for the tensor.</summary>
    NvFp4,
}
