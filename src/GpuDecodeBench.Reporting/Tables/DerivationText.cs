using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>A derivation as lines under a table.</summary>
internal static class DerivationText
{
    /// <summary>What each symbol needs first, inputs marked, equations numbered.</summary>
    public static IEnumerable<string> Of(Evaluation values, params IReadOnlyList<string> symbols)
    {
        int number = 0;
        foreach (DerivationLine line in values.Explain(symbols))
        {
            yield return line.Formula is null ? $"  given  {line}" : $"  ({++number})  {line}";
        }
    }
}
