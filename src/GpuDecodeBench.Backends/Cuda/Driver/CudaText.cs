using System.Globalization;

namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>Figures and names in sentences.</summary>
internal static class CudaText
{
    /// <summary>A size in the unit that suits it.</summary>
    public static string Bytes(long bytes) =>
        bytes switch
        {
            >= 10L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.00} GiB"),
            >= 10L << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0.00} MiB"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
        };

    /// <summary>A driver's version in words: 12050 is CUDA 12.5.</summary>
    public static string Version(int version) => $"CUDA {version / 1000}.{version % 1000 / 10}";

    /// <summary>The same words within a sentence: "The KV cache" is "the KV cache", but "KV cache" stays.</summary>
    public static string LowerFirst(string words) =>
        words.Length > 1 && char.IsUpper(words[0]) && !char.IsUpper(words[1])
            ? char.ToLowerInvariant(words[0]) + words[1..]
            : words;
}
