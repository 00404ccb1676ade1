namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>The codes that a wide product decodes next, to be asked for piece by piece while it multiplies.</summary>
internal readonly unsafe struct WideAhead
{
    private const long BytesPerLine = PanelMatrix.PanelRows * PanelMatrix.LineBytes;

    /// <summary>The first of the panels. Behind a matrix's last panel this is only asked for, never read.</summary>
    public required byte* Codes { get; init; }

    /// <summary>The first line of each panel.</summary>
    public required long FirstLine { get; init; }

    /// <summary>Lines of each panel.</summary>
    public required long Lines { get; init; }

    /// <summary>Bytes from one panel to the next.</summary>
    public required long PanelBytes { get; init; }

    /// <summary>Panels.</summary>
    public required int Panels { get; init; }

    /// <summary>One of the pieces of so many bytes that the panels' lines are cut into, panel by panel.</summary>
    public byte* Piece(long piece, long bytes)
    {
        long piecesPerPanel = Math.Max(1, ((Lines * BytesPerLine) + bytes - 1) / bytes);
        long panel = piece / piecesPerPanel % Panels;
        return Codes + (panel * PanelBytes) + (FirstLine * BytesPerLine) + (piece % piecesPerPanel * bytes);
    }
}
