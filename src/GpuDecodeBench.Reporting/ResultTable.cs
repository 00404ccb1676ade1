namespace GpuDecodeBench.Reporting;

/// <summary>A table with its captions: the one model that every format is made from, so that none can say anything else.</summary>
public sealed class ResultTable
{
    /// <summary>A table.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="rows">The rows, each with a cell for every column.</param>
    /// <param name="captions">Lines under it, each a sentence.</param>
    /// <exception cref="ArgumentException">A row has another number of cells than there are columns.</exception>
    public ResultTable(
        string title,
        IReadOnlyList<ResultColumn> columns,
        IReadOnlyList<IReadOnlyList<ResultCell>> rows,
        IReadOnlyList<string> captions
    )
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(captions);
        if (rows.Any(row => row.Count != columns.Count))
        {
            throw new ArgumentException($"Every row needs {columns.Count} cells, one for each column.", nameof(rows));
        }

        Title = title;
        Columns = columns;
        Rows = rows;
        Captions = captions;
    }

    /// <summary>What it shows.</summary>
    public string Title { get; }

    /// <summary>The columns.</summary>
    public IReadOnlyList<ResultColumn> Columns { get; }

    /// <summary>The rows, each with a cell for every column.</summary>
    public IReadOnlyList<IReadOnlyList<ResultCell>> Rows { get; }

    /// <summary>Lines under it, each a sentence.</summary>
    public IReadOnlyList<string> Captions { get; }
}
