using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Economics.Scenarios;

/// <summary>
/// Where and how the hardware is run, and what everything costs there: choices, and a value for every input of the layers. What the
/// user does not give is assumed, with its source.
/// </summary>
public sealed record Scenario
{
    /// <summary>What the user calls it.</summary>
    public string Name { get; init; } = "default";

    /// <summary>How the hardware is paid for.</summary>
    public Ownership Ownership { get; init; } = Ownership.Rented;

    /// <summary>How the facility's overhead is given.</summary>
    public FacilityMode Facility { get; init; } = FacilityMode.OnePue;

    /// <summary>How the hardware is cooled.</summary>
    public Cooling Cooling { get; init; } = Cooling.Liquid;

    /// <summary>The region whose electricity price applies; null where the price was given itself.</summary>
    public string? Region { get; init; }

    /// <summary>The inputs, one for each symbol that the layers ask for; see <see cref="AssumptionCatalogue"/>.</summary>
    public required IReadOnlyList<ModelInput> Inputs { get; init; }

    /// <summary>The input of the busy share of paid time, a fraction.</summary>
    internal ModelInput Utilization => Inputs.Single(input => input.Symbol == "util");
}
