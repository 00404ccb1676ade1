using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary>Of <c>kv_append_*</c> (<c>kernels/kv_append.cu</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct KvAppendArguments
{
    /// <summary>Rows with the new keys and values, or latents.</summary>
    public ulong Rows { get; init; }

    /// <summary>The cache of the layer.</summary>
    public ulong Cache { get; init; }

    /// <summary>For each token its page times 16 and its place there.</summary>
    public ulong Slots { get; init; }

    /// <summary>The scale of the layer's keys, fp8 only.</summary>
    public float KeyScale { get; init; }

    /// <summary>The scale of the layer's values, fp8 only.</summary>
    public float ValueScale { get; init; }

    /// <summary>Elements from one token to the next.</summary>
    public int Stride { get; init; }

    /// <summary>The first key's first element.</summary>
    public int KeyOffset { get; init; }

    /// <summary>The first value's first element.</summary>
    public int ValueOffset { get; init; }

    /// <summary>KV heads.</summary>
    public int Heads { get; init; }

    /// <summary>Elements of a head.</summary>
    public int Dimension { get; init; }

    /// <summary>1 where there are keys alone.</summary>
    public int Latent { get; init; }
}
