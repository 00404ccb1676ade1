namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>Where a wide product keeps a block of decoded weights and its sums.</summary>
internal readonly unsafe struct WideScratch(float* memory)
{
    /// <summary>The smallest batch for which decoding to memory pays.</summary>
    public const int SmallestBatch = 12;

    /// <summary>Panels of a block: thirty-two rows.</summary>
    public const int BlockPanels = 8;

    /// <summary>Columns of a block; a whole number of lines in every format.</summary>
    public const int BlockColumns = 1024;

    /// <summary>Tokens of a block: ten tiles of six.</summary>
    public const int BlockTokens = 60;

    /// <summary>Floats between two rows of a block: a line more than its columns, so that rows do not meet in one cache set.</summary>
    public const int RowStride = BlockColumns + PanelMatrix.Lanes;

    /// <summary>Floats of a panel in a block.</summary>
    public const int PanelFloats = PanelMatrix.PanelRows * RowStride;

    /// <summary>Sums of a token with a panel: sixteen lanes of four rows.</summary>
    public const int SumsPerToken = PanelMatrix.PanelRows * PanelMatrix.Lanes;

    /// <summary>Floats that a worker needs.</summary>
    public const int Floats = (BlockPanels * PanelFloats) + (BlockPanels * BlockTokens * SumsPerToken);

    /// <summary>Decoded weights, panel by panel.</summary>
    public float* Weights => memory;

    /// <summary>Sums: panel, token, row, lane.</summary>
    public float* Sums => memory + (BlockPanels * PanelFloats);
}
