namespace GpuDecodeBench.Reporting.Tables;

/// <summary>
/// What to know of formats that others also compute in: here they hold weights alone, and both sides of a product have 16 bits or more
/// (docs/method.md). At small batches the weights' bytes decide and that is no loss; at large ones arithmetic does.
/// </summary>
internal static class WeightOnlyFormats
{
    /// <summary>From about so many tokens on arithmetic may bound a product of 8-bit weights.</summary>
    public const int LargeBatch = 16;

    private static readonly string[] s_formats = ["fp8", "int8", "mxfp4", "nvfp4"];

    /// <summary>The line of a table that has such formats at a large batch; none otherwise.</summary>
    /// <param name="rows">Weight format and batch of each row.</param>
    public static IEnumerable<string> Lines(IEnumerable<(string Weights, int Batch)> rows)
    {
        string[] here =
        [
            .. rows.Where(row => row.Batch >= LargeBatch && s_formats.Contains(row.Weights))
                .Select(row => row.Weights)
                .Distinct(),
        ];
        if (here.Length > 0)
        {
            yield return $"Weights alone are {string.Join(", ", here)} here, products have 16 bits or more (no W8A8): at batches of {LargeBatch} and more a server with products of 8 bits or fewer may be faster.";
        }
    }
}
