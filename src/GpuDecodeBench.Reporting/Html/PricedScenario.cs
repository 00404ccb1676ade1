using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting.Html;

/// <summary>A scenario made for a run: with the run's own price and utilisation where it has them.</summary>
internal sealed class PricedScenario
{
    private readonly RunRecord _record;

    private PricedScenario(string name, RunRecord record, Scenario scenario)
    {
        Name = name;
        _record = record;
        Scenario = scenario;
    }

    /// <summary>The name, for people and for programs.</summary>
    public string Name { get; }

    /// <summary>The scenario.</summary>
    public Scenario Scenario { get; }

    /// <summary>Makes a scenario fit a run, so that its rent is the price that the run's simple cost is computed with.</summary>
    /// <param name="record">The run.</param>
    /// <param name="scenario">The scenario.</param>
    /// <param name="given">What the user gave.</param>
    public static PricedScenario Of(RunRecord record, Scenario scenario, CostOptions given)
    {
        Figure? utilization = given.Utilization ?? Known(record.Price?.Utilization);
        Figure? rent = given.UsdPerHour ?? Known(record.Price?.UsdPerHour);
        return new PricedScenario(
            scenario.Name,
            record,
            scenario with
            {
                Inputs =
                [
                    .. scenario.Inputs.Select(input =>
                        input.Symbol switch
                        {
                            "util" => Replace(input, utilization),
                            "rent" => Replace(
                                input,
                                rent ?? (input.Value is null ? RecordCost.PriceOf(record, given) : null)
                            ),
                            _ => input,
                        }
                    ),
                ],
            }
        );
    }

    /// <summary>The stack of a point, with a total that may be unavailable; null where the point has no rate at all.</summary>
    public CostStack? StackOf(PointRecord point) =>
        CaseOf(point) is CostCase priced ? CostStack.Create(priced, Scenario) : null;

    /// <summary>The inputs of a point; null where it has no rate.</summary>
    public CostCase? CaseOf(PointRecord point) =>
        double.IsNormal(point.TokensPerSecond) && point.TokensPerSecond > 0
            ? CostCaseFactory.Of(_record, point, Scenario)
            : null;

    private static Figure? Known(Figure? figure) => figure?.Value is null ? null : figure;

    private static ModelInput Replace(ModelInput input, Figure? figure) =>
        figure is null ? input
        : figure.Value is > 0 and double value
            ? new ModelInput(input.Symbol, input.Name, input.Unit.Text, value, figure.Provenance)
        : new ModelInput(
            input.Symbol,
            input.Name,
            input.Unit.Text,
            null,
            figure.Value is null
                ? figure.Provenance
                : ProvenanceNote.Unavailable(PriceCatalogue.NoPrice, $"the {input.Name} is not above zero")
        );
}
