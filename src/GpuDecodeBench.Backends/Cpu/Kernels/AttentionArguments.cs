namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>One piece of paged attention: the query heads of some KV heads over some of a sequence's tokens.</summary>
internal readonly unsafe struct AttentionArguments
{
    /// <summary>The layer's cache.</summary>
    public required PagedKvCache Cache { get; init; }

    /// <summary>The first KV head.</summary>
    public required int KvHead { get; init; }

    /// <summary>KV heads, one after the other.</summary>
    public required int KvHeads { get; init; }

    /// <summary>The sequence's pages.</summary>
    public required int[] BlockTable { get; init; }

    /// <summary>The first token of the piece.</summary>
    public required int FirstToken { get; init; }

    /// <summary>The token after the piece's last.</summary>
    public required int EndToken { get; init; }

    /// <summary>The queries of all of them, KV heads × heads × D.</summary>
    public required float* Queries { get; init; }

    /// <summary>Query heads that share a KV head.</summary>
    public required int Heads { get; init; }

    /// <summary>The factor on the scores.</summary>
    public required float Scale { get; init; }

    /// <summary>Scores pass <c>cap × tanh(score / cap)</c>; 0 where they do not.</summary>
    public float SoftCap { get; init; }

    /// <summary>Elements of a head's result; latents alone have fewer than a key.</summary>
    public int ValueDimension { get; init; }

    /// <summary>Memory for the worker's own use, <see cref="AttentionScratch.Floats"/> floats.</summary>
    public required float* Scratch { get; init; }
}
