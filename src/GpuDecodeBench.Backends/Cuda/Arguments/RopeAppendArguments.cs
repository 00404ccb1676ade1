using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cuda.Arguments;

/// <summary>Of <c>rope_append_*</c> (<c>kernels/rope_append.cu</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct RopeAppendArguments
{
    /// <summary>Rows with the query heads.</summary>
    public ulong Queries { get; init; }

    /// <summary>Rows with the keys and values, or latents.</summary>
    public ulong Rows { get; init; }

    /// <summary>The layer's cache.</summary>
    public ulong Cache { get; init; }

    /// <summary>Where each token goes.</summary>
    public ulong Slots { get; init; }

    /// <summary>Cosines and sines.</summary>
    public ulong Table { get; init; }

    /// <summary>The weight of the query heads' norm; 0 where there is none.</summary>
    public ulong QueryWeight { get; init; }

    /// <summary>The weight of the keys' norm.</summary>
    public ulong KeyWeight { get; init; }

    /// <summary>Where normed heads go before they turn; 0 where nobody looks at them.</summary>
    public ulong Normed { get; init; }

    /// <summary>What is added to the mean square.</summary>
    public float Epsilon { get; init; }

    /// <summary>The layer's scale of keys.</summary>
    public float KeyScale { get; init; }

    /// <summary>The layer's scale of values.</summary>
    public float ValueScale { get; init; }

    /// <summary>Elements from one row of queries to the next.</summary>
    public int QueryStride { get; init; }

    /// <summary>Query heads.</summary>
    public int QueryHeads { get; init; }

    /// <summary>Elements from one query head to the next.</summary>
    public int QueryHeadStride { get; init; }

    /// <summary>Elements of a row before the first that is treated.</summary>
    public int QueryOffset { get; init; }

    /// <summary>Elements of a query head that are treated, its turned ones first.</summary>
    public int QueryWidth { get; init; }

    /// <summary>Elements from one row of keys to the next.</summary>
    public int Stride { get; init; }

    /// <summary>The first element of the keys.</summary>
    public int KeyOffset { get; init; }

    /// <summary>The first element of the values.</summary>
    public int ValueOffset { get; init; }

    /// <summary>Heads of keys.</summary>
    public int Heads { get; init; }

    /// <summary>Elements of a key.</summary>
    public int Dimension { get; init; }

    /// <summary>The first element of a key that turns.</summary>
    public int KeyRotated { get; init; }

    /// <summary>Elements that turn.</summary>
    public int Dimensions { get; init; }

    /// <summary>1 where keys are values too.</summary>
    public int Latent { get; init; }
}
