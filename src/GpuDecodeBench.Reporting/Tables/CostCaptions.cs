using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>Prices and utilisations of several costs, each said once.</summary>
internal static class CostCaptions
{
    /// <summary>Adds the prices, the utilisations, and why costs are missing.</summary>
    public static void AddInputs(List<string> lines, IReadOnlyList<CostResult> costs)
    {
        TokenCost[] known = [.. costs.Select(cost => cost.Cost).OfType<TokenCost>()];
        AddDistinct(
            lines,
            "Price",
            known.Select(cost => $"${Amount(cost.UsdPerHour)} per hour — {CostProvenance.Describe(cost.UsdPerHour)}")
        );
        AddDistinct(
            lines,
            "Utilisation",
            known.Select(cost =>
                $"{cost.Utilization.Value * 100:0.##} % of paid time — {CostProvenance.Describe(cost.Utilization)}"
            )
        );
        if (known.Length > 0)
        {
            lines.Add("Tokens per second are those while busy; costs count paid time, decode only.");
        }

        // An invalid point's missing cost is explained with the point itself.
        IEnumerable<string> missing = costs
            .Where(cost => !cost.IsInvalid)
            .Select(cost => cost.Unavailable)
            .OfType<ProvenanceNote>()
            .Select(note => note.Detail ?? ReasonWords.Of(note.Reason!));
        AddDistinct(lines, "No cost where it shows –", missing);
    }

    /// <summary>What a cost at the roofline's speed leaves out, for whoever would take it for a promise.</summary>
    public static string RooflineIsABound
    {
        get
        {
            ModelInput share = AssumptionCatalogue
                .Inputs()
                .Single(input => input.Symbol == Economics.Decisions.PredictedCase.Efficiency);
            return "Predicted costs are at the roofline's speed with 16-bit arithmetic (FP8 or FP4 products could be faster where arithmetic is the bound); "
                + $"the best whole steps that others published reach {Quantity.RoundPercent(share.Low!.Value)} to {Quantity.RoundPercent(share.High!.Value)} of it. cost choose counts with such a share, --calibrated-from with what a device was measured to do.";
        }
    }

    /// <summary>What a prediction without an arithmetic rate leaves out; no full stop.</summary>
    public static string ArithmeticIsLeftOut(string devices) =>
        $"How fast {devices} computes (dense BF16) is not known: arithmetic is LEFT OUT, memory alone bounds the step, and it is longer and dearer than this, the more so the larger the batch";

    private static void AddDistinct(List<string> lines, string label, IEnumerable<string> texts)
    {
        string joined = string.Join("; ", texts.Distinct(StringComparer.Ordinal));
        if (joined.Length > 0)
        {
            lines.Add($"{label}: {joined}.");
        }
    }

    private static string Amount(Figure figure) => Quantity.Digits(figure.Value!.Value);
}
