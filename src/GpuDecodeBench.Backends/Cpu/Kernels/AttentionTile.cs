namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>Some query heads of one KV head, as many as share the registers of one pass.</summary>
internal readonly struct AttentionTile
{
    /// <summary>The KV head.</summary>
    public required int KvHead { get; init; }

    /// <summary>The first query head's place in the scratch memory.</summary>
    public required int Head { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Whether it is the first tile of its KV head: the one that brings near what comes next.</summary>
    public required bool IsFirst { get; init; }
}
