namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>One panel of a four-bit matrix: where its codes, scales and zero points begin.</summary>
internal readonly unsafe struct NibblePanel
{
    /// <summary>Codes: line, row, 64 bytes.</summary>
    public required byte* Codes { get; init; }

    /// <summary>Scales: line, row, block.</summary>
    public required byte* Scales { get; init; }

    /// <summary>INT4's zero points, one word a line with four bits a row.</summary>
    public required ushort* ZeroPoints { get; init; }

    /// <summary>Lines.</summary>
    public required long Lines { get; init; }

    /// <summary>Some lines of the panel from one of their lanes on.</summary>
    public NibblePanel Part(long firstLine, long lines, int lane, int scaleBytesPerLine) =>
        new()
        {
            Codes = Codes + (firstLine * PanelMatrix.PanelRows * PanelMatrix.LineBytes) + (lane * sizeof(float)),
            Scales = Scales + (firstLine * PanelMatrix.PanelRows * scaleBytesPerLine),
            ZeroPoints = ZeroPoints + firstLine,
            Lines = Math.Min(lines, Lines - firstLine),
        };
}
