namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>Decodes a part of a panel to floats, for products whose batch is so wide that each weight is used many times.</summary>
internal unsafe interface IPanelDecoder
{
    /// <summary>A power of two that the values still lack.</summary>
    static abstract float OutputFactor { get; }

    /// <summary>Decodes some lines of a panel's four rows to columns in their natural order.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="panel">The panel.</param>
    /// <param name="firstLine">The first line.</param>
    /// <param name="lines">Lines.</param>
    /// <param name="target">Receives four rows.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    static abstract void Decode(PanelMatrix matrix, long panel, long firstLine, long lines, float* target, long stride);
}
