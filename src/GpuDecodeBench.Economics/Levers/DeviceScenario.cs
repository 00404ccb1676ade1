using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Levers;

/// <summary>A scenario carried over to another device: its prices, and what was assumed of the old device alone.</summary>
internal static class DeviceScenario
{
    /// <summary>What a user gives of these holds for the device that it was given for.</summary>
    private static readonly string[] Prices = ["rent", "gpu_price", "host_price"];

    /// <summary>The scenario on another device.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="from">The device that it was read for; null where it was not in the catalogue.</param>
    /// <param name="to">The other device, of the catalogue.</param>
    public static Scenario Of(Scenario scenario, string? from, string to)
    {
        Dictionary<string, ModelInput> before = Assumed(scenario, from);
        Dictionary<string, ModelInput> after = Assumed(scenario, to);
        return scenario with { Inputs = [.. scenario.Inputs.Select(Carry)] };

        ModelInput Carry(ModelInput input)
        {
            if (!after.TryGetValue(input.Symbol, out ModelInput? there))
            {
                return input;
            }

            bool wasAssumed =
                before.TryGetValue(input.Symbol, out ModelInput? here) && Same(here.Provenance, input.Provenance);
            return wasAssumed || Prices.Contains(input.Symbol) ? there : input;
        }
    }

    private static bool Same(ProvenanceNote left, ProvenanceNote right) =>
        left.Kind == right.Kind && left.Source == right.Source && left.Detail == right.Detail;

    private static Dictionary<string, ModelInput> Assumed(Scenario scenario, string? device)
    {
        string[] holdsFor = ScenarioReader.HoldsFor(device, scenario.Region, scenario.Cooling, scenario.Ownership);
        return AssumptionCatalogue.Inputs(holdsFor).ToDictionary(input => input.Symbol, StringComparer.Ordinal);
    }
}
