namespace GpuDecodeBench.Reporting;

/// <summary>Columns, each with how its cell is made of a row's source, so that headers and cells cannot get out of step.</summary>
/// <typeparam name="T">What a row is made of.</typeparam>
internal sealed class TableSchema<T>
{
    private readonly List<(ResultColumn Column, Func<T, ResultCell> Cell)> _columns = [];

    /// <summary>Adds a column of words.</summary>
    public TableSchema<T> Words(string header, string csvName, Func<T, ResultCell> cell, int drop = 0) =>
        Add(
            new ResultColumn
            {
                Header = header,
                CsvName = csvName,
                DropOrder = drop,
            },
            cell
        );

    /// <summary>Adds a column of numbers.</summary>
    public TableSchema<T> Number(string header, string? unit, string csvName, Func<T, ResultCell> cell, int drop = 0) =>
        Add(
            new ResultColumn
            {
                Header = header,
                Unit = unit,
                CsvName = csvName,
                Alignment = ColumnAlignment.Right,
                DropOrder = drop,
            },
            cell
        );

    /// <summary>Adds a column that only machines see.</summary>
    public TableSchema<T> Machine(string csvName, Func<T, ResultCell> cell) =>
        Add(
            new ResultColumn
            {
                Header = csvName,
                CsvName = csvName,
                MachineOnly = true,
            },
            cell
        );

    /// <summary>Adds a column of numbers that only machines see.</summary>
    public TableSchema<T> MachineNumber(string csvName, Func<T, ResultCell> cell) =>
        Add(
            new ResultColumn
            {
                Header = csvName,
                CsvName = csvName,
                Alignment = ColumnAlignment.Right,
                MachineOnly = true,
            },
            cell
        );

    /// <summary>Adds a drawing that only a terminal shows, first of all to be left out.</summary>
    public TableSchema<T> Drawing(string header, string csvName, Func<T, ResultCell> cell) =>
        Add(
            new ResultColumn
            {
                Header = header,
                CsvName = csvName,
                DropOrder = int.MaxValue,
                TerminalOnly = true,
            },
            cell
        );

    /// <summary>Adds a column of lists of numbers, with words for people.</summary>
    public TableSchema<T> Numbers(string header, string csvName, Func<T, ResultCell> cell, bool machineOnly = false) =>
        Add(
            new ResultColumn
            {
                Header = header,
                CsvName = csvName,
                IsNumberList = true,
                MachineOnly = machineOnly,
            },
            cell
        );

    /// <summary>Makes the table.</summary>
    public ResultTable Build(string title, IEnumerable<T> rows, IReadOnlyList<string> captions) =>
        new(
            title,
            [.. _columns.Select(pair => pair.Column)],
            [.. rows.Select(row => (IReadOnlyList<ResultCell>)[.. _columns.Select(pair => pair.Cell(row))])],
            captions
        );

    private TableSchema<T> Add(ResultColumn column, Func<T, ResultCell> cell)
    {
        _columns.Add((column, cell));
        return this;
    }
}
