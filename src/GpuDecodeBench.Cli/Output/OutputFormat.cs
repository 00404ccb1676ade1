namespace GpuDecodeBench.Cli.Output;

/// <summary>How results are printed.</summary>
public enum OutputFormat
{
    /// <summary>A table for people.</summary>
    Table,

    /// <summary>One JSON document.</summary>
    Json,

    /// <summary>A JSON object a row, each on a line.</summary>
    Jsonl,

    /// <summary>Comma-separated values.</summary>
    Csv,

    /// <summary>A Markdown table.</summary>
    Md,
}
