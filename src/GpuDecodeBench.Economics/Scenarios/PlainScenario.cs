using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Scenarios;

/// <summary>The scenario of a cost without one: the price of an hour over the tokens of an hour, and nothing else.</summary>
public static class PlainScenario
{
    private static readonly string[] NotCounted =
    [
        "labour_fraction",
        "software_fee",
        "egress_fraction",
        "licence_fraction",
    ];

    /// <summary>The scenario.</summary>
    /// <param name="device">The device's name in the hardware catalogue; null where it is not known.</param>
    /// <param name="usdPerHour">The price of one device.</param>
    /// <param name="utilization">The utilisation.</param>
    public static Scenario Of(string? device, Figure usdPerHour, Figure utilization)
    {
        ArgumentNullException.ThrowIfNull(usdPerHour);
        ArgumentNullException.ThrowIfNull(utilization);
        Scenario scenario = ScenarioReader.Default(device);
        return scenario with { Name = "price over rate", Inputs = [.. scenario.Inputs.Select(Plain)] };

        ModelInput Plain(ModelInput input) =>
            input.Symbol switch
            {
                "rent" => With(input, usdPerHour),
                "util" => With(input, utilization),
                _ when NotCounted.Contains(input.Symbol) => With(
                    input,
                    Figure.Assumed(0, "not counted without a scenario")
                ),
                _ => input,
            };
    }

    private static ModelInput With(ModelInput input, Figure figure) =>
        new(input.Symbol, input.Name, input.Unit.Text, figure.Value, figure.Provenance);
}
