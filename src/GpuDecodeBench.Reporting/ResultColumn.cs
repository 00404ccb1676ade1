namespace GpuDecodeBench.Reporting;

/// <summary>A column of a result table.</summary>
public sealed record ResultColumn
{
    /// <summary>The header for people.</summary>
    public required string Header { get; init; }

    /// <summary>The unit of the text; null where there is none.</summary>
    public string? Unit { get; init; }

    /// <summary>The name for machines, camelCase with the unit of the exact value in it.</summary>
    public required string CsvName { get; init; }

    /// <summary>Where the text stands.</summary>
    public ColumnAlignment Alignment { get; init; }

    /// <summary>
    /// When the column is left out of output that is too narrow: the highest number goes first, columns of 0 stay. Columns of one
    /// number go from the right.
    /// </summary>
    public int DropOrder { get; init; }

    /// <summary>Whether only machines see the column, because people read the same in the captions.</summary>
    public bool MachineOnly { get; init; }

    /// <summary>Whether only a terminal shows the column, because it draws what another column says.</summary>
    public bool TerminalOnly { get; init; }

    /// <summary>Whether exact values are numbers with a space between each two, which JSON shows as an array.</summary>
    public bool IsNumberList { get; init; }

    /// <summary>Header and unit on one line, for example <c>Step (ms)</c>.</summary>
    public string Title => Unit is null ? Header : $"{Header} ({Unit})";
}
