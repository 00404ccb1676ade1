namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>Where a wide product keeps a block of decoded weights and its sums.</summary>
internal readonly unsafe struct WideScratch(float* memory)
{
    /// <summary>The smallest batch for which decoding to memory pays.</summary>
    public const int SmallestBatch = 12;

    /// <summary>Panels of a block: 128 rows, so that inputs come from the last-level cache once for all of them.</summary>
    public const int BlockPanels = 32;

    /// <summary>Columns of a block; a whole number of lines in every format.</summary>
    public const int BlockColumns = 1024;

    /// <summary>Tokens of a block.</summary>
    public const int BlockTokens = 64;

    /// <summary>Floats between two rows of a block: a line more than its columns, so that rows do not meet in one cache set.</summary>
    public const int RowStride = BlockColumns + PanelMatrix.Lanes;

    /// <summary>Floats of a panel in a block.</summary>
    public const int PanelFloats = PanelMatrix.PanelRows * RowStride;

    /// <summary>Floats that a worker needs.</summary>
    public const int Floats = (BlockPanels * PanelFloats) + (BlockPanels * BlockTokens * PanelMatrix.PanelRows);

    /// <summary>Decoded weights, panel by panel.</summary>
    public float* Weights => memory;

    /// <summary>Sums: panel, token, row.</summary>
    public float* Sums => memory + (BlockPanels * PanelFloats);
}
