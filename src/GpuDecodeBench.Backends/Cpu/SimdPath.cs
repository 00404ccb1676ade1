namespace GpuDecodeBench.Backends.Cpu;

/// <summary>The instructions that the CPU backend's kernels are made of.</summary>
public enum SimdPath
{
    /// <summary>AVX-512: one register of sixteen lanes.</summary>
    Avx512,

    /// <summary>AVX2 and FMA: two registers of eight lanes.</summary>
    Avx2,

    /// <summary>.NET's cross-platform 128-bit vectors: NEON on Arm, SSE on x86, plain code elsewhere.</summary>
    Portable,
}
