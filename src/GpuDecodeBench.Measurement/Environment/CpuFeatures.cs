using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace GpuDecodeBench.Measurement.Environment;

/// <summary>The vector instruction sets that this process can use, by the names of the Linux kernel's CPU flags where it has one.</summary>
/// <remarks>
/// Asked of the runtime (<c>IsSupported</c>), which answers what its generated code may use: a set that the CPU has and that the
/// runtime does not know, or that a <c>DOTNET_EnableAVX512=0</c> switches off, is not listed.
/// </remarks>
internal static class CpuFeatures
{
    /// <summary>In order from the oldest to the newest.</summary>
    public static IReadOnlyList<string> Usable() =>
        [.. All().Where(feature => feature.Supported).Select(feature => feature.Name)];

    private static (string Name, bool Supported)[] All() =>
        [
            ("sse4_2", Sse42.IsSupported),
            ("avx", Avx.IsSupported),
            ("avx2", Avx2.IsSupported),
            ("fma", Fma.IsSupported),
            ("bmi2", Bmi2.IsSupported),
            ("avxvnni", AvxVnni.IsSupported),
            ("avx512f", Avx512F.IsSupported),
            ("avx512bw", Avx512BW.IsSupported),
            ("avx512cd", Avx512CD.IsSupported),
            ("avx512dq", Avx512DQ.IsSupported),
            ("avx512vl", Avx512F.VL.IsSupported),
            ("avx512vbmi", Avx512Vbmi.IsSupported),
            ("avx512vbmi2", Avx512Vbmi2.IsSupported),
            ("avx10v1", Avx10v1.IsSupported),
            ("avx10v2", Avx10v2.IsSupported),
            ("neon", AdvSimd.IsSupported),
            ("dotprod", Dp.IsSupported),
            ("rdm", Rdm.IsSupported),
            ("sve", SveIsSupported()),
        ];

#pragma warning disable SYSLIB5003 // Sve is marked experimental; asking whether it is there is not.
    private static bool SveIsSupported() => Sve.IsSupported;
#pragma warning restore SYSLIB5003
}
