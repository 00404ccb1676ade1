namespace GpuDecodeBench.Backends.Cuda;

/// <summary>Where the tokens of a step's sequences lie in every layer's cache, in the GPU's memory.</summary>
internal readonly record struct KvTables
{
    /// <summary>The blocks of each sequence, int32 [sequence][<see cref="BlockStride"/>].</summary>
    public ulong Blocks { get; init; }

    /// <summary>Tokens of each sequence, int32; the last one is the step's own.</summary>
    public ulong Contexts { get; init; }

    /// <summary>Blocks of the longest sequence.</summary>
    public int BlockStride { get; init; }

    /// <summary>Pages of a block.</summary>
    public int PagesPerBlock { get; init; }

    /// <summary>Sequences.</summary>
    public int Sequences { get; init; }
}
