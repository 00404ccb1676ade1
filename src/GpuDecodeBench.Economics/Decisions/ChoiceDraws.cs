using GpuDecodeBench.Economics.Sensitivity;

namespace GpuDecodeBench.Economics.Decisions;

/// <summary>What the ranges of all assumptions make of choices: of the cost of each, and of which of two is the cheaper.</summary>
/// <param name="Draws">How many draws, at least 100.</param>
/// <param name="Seed">Their seed.</param>
public sealed record ChoiceDraws(int Draws, int Seed)
{
    /// <summary>What two different devices do not share, though the same is assumed of both.</summary>
    private static readonly string[] OfTheDevice =
    [
        "rent",
        "gpu_price",
        "host_price",
        PredictedCase.Efficiency,
        "link_efficiency",
        "link_latency",
        "p_busy",
        "p_idle",
    ];

    /// <summary>The range of a choice's cost.</summary>
    /// <param name="choice">The choice.</param>
    public UncertainResult Range(Choice choice)
    {
        ArgumentNullException.ThrowIfNull(choice);
        return MonteCarlo.Run(choice.Shown.System, choice.CostSymbol, Draws, Seed);
    }

    /// <summary>
    /// The share of draws in which the second of two choices is the cheaper one. Two devices have rents and speeds of their own, drawn
    /// for each by itself; all else is the same for both.
    /// </summary>
    /// <param name="first">The choice that is ranked before.</param>
    /// <param name="second">The other.</param>
    public double ShareCheaper(Choice first, Choice second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        bool isOneDevice = first.Conditions.Hardware.Device == second.Conditions.Hardware.Device;
        return PairedDraws.ShareBelow(
            (first.Shown.System, first.CostSymbol),
            (second.Shown.System, second.CostSymbol),
            symbol => isOneDevice || !OfTheDevice.Contains(symbol),
            Draws,
            Seed
        );
    }
}
