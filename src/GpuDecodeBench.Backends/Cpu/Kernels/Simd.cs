using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>
/// The few vector operations that the kernels need on sixteen 32-bit lanes. On AVX-512 each is one instruction; elsewhere .NET
/// makes them from smaller vectors, so that every kernel runs on every machine.
/// </summary>
internal static class Simd
{
    public const int Lanes = 16;

    /// <summary><c>a × b + c</c>, rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
        Avx512F.IsSupported ? Avx512F.FusedMultiplyAdd(a, b, c) : Vector512.FusedMultiplyAdd(a, b, c);

    /// <summary>Lane j gets <paramref name="table"/>[low four bits of lane j of <paramref name="indices"/>].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LookUp16(Vector512<float> table, Vector512<int> indices) =>
        Avx512F.IsSupported
            ? Avx512F.PermuteVar16x32(table, indices)
            : Vector512.Shuffle(table, indices & Vector512.Create(15));

    /// <summary>Asks for the cache line at an address to be brought near, without waiting.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Prefetch(byte* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }
}
