using System.Runtime.Intrinsics;
using GpuDecodeBench.Backends.Cpu.Vectors;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>
/// Every kernel of one SIMD path. A device takes one of these when it is opened, and its operations call through it once for
/// each item: a virtual call for thousands of elements.
/// </summary>
/// <remarks>
/// A new kernel is a static class generic over <see cref="ISimd{TVector}"/>, one member here and one line in
/// <see cref="PathKernels{TSimd, TVector, TTable}"/>; all paths then have it.
/// </remarks>
internal abstract unsafe class CpuKernels
{
    /// <summary>The path.</summary>
    public abstract SimdPath Path { get; }

    /// <summary>Multiply-adds of single floats in a round of <see cref="MultiplyAdds"/>.</summary>
    public abstract int MultiplyAddsPerRound { get; }

    /// <summary>The kernels of a path that this processor has.</summary>
    public static CpuKernels For(SimdPath path) =>
        path switch
        {
            SimdPath.Avx512 => new PathKernels<Avx512Simd, Vector512<float>, Vector512<float>>(path),
            SimdPath.Avx2 => new PathKernels<Avx2Simd, Vector256<float>, Avx2Table>(path),
            _ => new PathKernels<PortableSimd, Vector128<float>, PortableTable>(path),
        };

    /// <summary>Some panels of a matrix product for the whole batch, whatever the matrix's format.</summary>
    public abstract void Linear(PanelMatrix matrix, in LinearArguments arguments, long firstPanel, long endPanel);

    /// <summary>A piece of paged attention, whatever the cache's format; see <see cref="PagedAttention{TDecoder, TSimd, TVector}"/>.</summary>
    public abstract AttentionScratch Attention(in AttentionArguments arguments);

    /// <inheritdoc cref="VectorMath{TSimd, TVector}.RmsNorm"/>
    public abstract void RmsNorm(float* x, float* weight, int length, float epsilon, float* result);

    /// <inheritdoc cref="VectorMath{TSimd, TVector}.Add"/>
    public abstract void Add(float* x, float* delta, int length);

    /// <inheritdoc cref="VectorMath{TSimd, TVector}.AddScaled"/>
    public abstract void AddScaled(float* x, float* delta, float factor, int length);

    /// <inheritdoc cref="VectorMath{TSimd, TVector}.SoftCap"/>
    public abstract void SoftCap(float* x, int length, float cap);

    /// <inheritdoc cref="GatedActivations{TSimd, TVector}.Join"/>
    public abstract void JoinGates(GatedActivationKind kind, float* gate, float* up, int length, float* result);

    /// <inheritdoc cref="VectorMath{TSimd, TVector}.Rotate"/>
    public abstract void Rotate(float* head, float* cosines, float* sines, int half);

    /// <inheritdoc cref="VectorMath{TSimd, TVector}.Argmax"/>
    public abstract int Argmax(float* values, int length);

    /// <summary>Reads whole steps of 256 bytes, and gives the sum of what was read.</summary>
    public abstract long Read(ReadKernel kernel, byte* start, long bytes);

    /// <summary>Rounds of independent multiply-adds in registers; gives their sum.</summary>
    public abstract float MultiplyAdds(int rounds);
}
