using System.Globalization;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Benchmarks.Cold;

/// <summary>What one measurement is of: a matrix product for a batch, or one token's attention over a context.</summary>
/// <param name="Weights">The matrix's format; null for attention.</param>
/// <param name="Kv">The cache's format; null for a matrix product.</param>
/// <param name="K">Columns of the matrix.</param>
/// <param name="N">Rows of the matrix.</param>
/// <param name="Batch">Sequences.</param>
/// <param name="Context">Tokens in the cache.</param>
internal sealed record ColdItem(WeightFormat? Weights, KvFormat? Kv, int K, int N, int Batch, int Context)
{
    private static readonly (int K, int N)[] s_shapes = [(14336, 4096), (4096, 14336)];
    private static readonly int[] s_batches = [1, 4, 16, 64];
    private static readonly int[] s_contexts = [4096, 8192, 32768];

    public string Kind => Weights is null ? "attention" : "matmul";

    public string Type => Weights?.Name() ?? Kv!.Value.Name();

    /// <summary>Every item of some formats, those that share a matrix one after the other.</summary>
    public static IEnumerable<ColdItem> All(string[] formats) =>
        [
            .. from format in FormatNames.AllWeightFormats
            where formats.Contains(format.Name(), StringComparer.OrdinalIgnoreCase)
            from shape in s_shapes
            from batch in s_batches
            select new ColdItem(format, null, shape.K, shape.N, batch, 0),
            .. from format in FormatNames.AllKvFormats
            where formats.Contains(format.Name(), StringComparer.OrdinalIgnoreCase)
            from context in s_contexts
            select new ColdItem(null, format, 0, 0, 1, context),
        ];

    /// <summary>Reads <c>matmul FORMAT K N BATCH TURNS</c> or <c>attention FORMAT CONTEXT TURNS</c>.</summary>
    public static (ColdItem Item, int Turns) Parse(string line) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
        {
            ["matmul", var name, var k, var n, var batch, var turns]
                when FormatNames.TryParseWeightFormat(name, out WeightFormat format) => (
                new ColdItem(format, null, Number(k), Number(n), Number(batch), 0),
                Number(turns)
            ),
            ["attention", var name, var context, var turns]
                when FormatNames.TryParseKvFormat(name, out KvFormat format) => (
                new ColdItem(null, format, 0, 0, 1, Number(context)),
                Number(turns)
            ),
            _ => throw new FormatException($"Not an item: '{line}'."),
        };

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
