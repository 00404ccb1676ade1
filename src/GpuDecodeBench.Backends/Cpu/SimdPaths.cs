using GpuDecodeBench.Backends.Cpu.Vectors;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>The SIMD paths' names, which of them this processor has, and which one is taken.</summary>
public static class SimdPaths
{
    /// <summary>The environment variable that forces a path.</summary>
    public const string Variable = "GPU_DECODE_BENCH_SIMD";

    /// <summary>All paths, the best first.</summary>
    public static IReadOnlyList<SimdPath> All { get; } = [SimdPath.Avx512, SimdPath.Avx2, SimdPath.Portable];

    /// <summary>The best path of this processor.</summary>
    public static SimdPath Best => All.First(IsSupported);

    /// <summary>Whether this processor has what a path needs, and the runtime may use it.</summary>
    public static bool IsSupported(SimdPath path) =>
        path switch
        {
            SimdPath.Avx512 => Avx512Simd.IsSupported,
            SimdPath.Avx2 => Avx2Simd.IsSupported,
            _ => true,
        };

    /// <summary>A path as people know it: <c>AVX-512</c>.</summary>
    public static string NameOf(SimdPath path) =>
        path switch
        {
            SimdPath.Avx512 => "AVX-512",
            SimdPath.Avx2 => "AVX2",
            _ => "portable 128-bit vectors",
        };

    /// <summary>The path that the variable forces, or the best one where it is not set or empty.</summary>
    /// <param name="forced">The variable's content.</param>
    /// <exception cref="InputException">It names no path.</exception>
    public static SimdPath Choose(string? forced) =>
        forced?.Trim().ToUpperInvariant() switch
        {
            null or "" => Best,
            "AVX512" => SimdPath.Avx512,
            "AVX2" => SimdPath.Avx2,
            "PORTABLE" => SimdPath.Portable,
            _ => throw new InputException(
                $"{Variable} '{forced}' is not accepted; give avx512, avx2 or portable, or leave it unset for the best of this processor."
            ),
        };

    /// <summary>One clause for the user where the processor lacks a path; null where it has it.</summary>
    public static string? WhyUnavailable(SimdPath path) =>
        IsSupported(path)
            ? null
            : $"this processor, or the runtime's switches, cannot run the {NameOf(path)} kernels that were asked for ({Variable}); the best here is {NameOf(Best)}";
}
