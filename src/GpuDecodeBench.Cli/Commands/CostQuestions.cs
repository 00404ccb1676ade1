using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Levers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>What is asked of a cost, whatever it is the cost of.</summary>
/// <param name="Options">Price and utilisation.</param>
/// <param name="Explain">Whether to derive costs line by line.</param>
/// <param name="Levers">What levers are pulled with; null where they are not asked for.</param>
/// <param name="Physics">Whether the physics are asked for.</param>
/// <param name="Report">What a cost by layers is to show.</param>
/// <param name="ScenarioOf">The scenario for a device of the hardware catalogue; null where none is asked for.</param>
internal sealed record CostQuestions(
    CostOptions Options,
    bool Explain,
    LeverSettings? Levers,
    bool Physics,
    CostReportOptions Report,
    Func<string?, Scenario?> ScenarioOf
)
{
    /// <summary>The scenario that levers are ranked in: the one asked for, else a price over a rate.</summary>
    /// <param name="device">The device's name in the hardware catalogue; null where it is not known.</param>
    /// <param name="price">The price of one device.</param>
    /// <param name="utilization">The utilisation.</param>
    /// <exception cref="InputException">No price is known.</exception>
    public Scenario ScenarioOrPlain(string? device, Figure price, Figure utilization)
    {
        if (ScenarioOf(device) is Scenario scenario)
        {
            return scenario;
        }

        return price.Value is > 0
            ? PlainScenario.Of(device, price, utilization)
            : throw new InputException(
                $"No price is known ({price.Provenance.Detail ?? price.Provenance.Reason}); give --price-per-hour."
            );
    }
}
