using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Scenarios;

namespace GpuDecodeBench.Economics.Decisions;

/// <summary>From which utilisation on own devices are cheaper than an API, and how many tokens a day that is.</summary>
public sealed record BreakEven
{
    private const double LowestUtilization = 1e-6;

    /// <summary>Everything at the scenario's own utilisation.</summary>
    public required Evaluation Now { get; init; }

    /// <summary>The utilisation at which both cost the same; null where none from 0 to 1 does.</summary>
    public double? Utilization { get; init; }

    /// <summary>Everything at that utilisation; null where there is none.</summary>
    public Evaluation? At { get; init; }

    /// <summary>Whether own devices are cheaper already when they are all but idle (never, unless the API's price is absurd).</summary>
    public bool IsAlwaysCheaper { get; init; }

    /// <summary>Compares.</summary>
    /// <param name="priced">The case.</param>
    /// <param name="scenario">The scenario.</param>
    /// <param name="inputs">The API's prices; see <see cref="BuyEquations.Inputs"/>.</param>
    /// <exception cref="ArgumentException">The own cost is not known.</exception>
    public static BreakEven Of(CostCase priced, Scenario scenario, IReadOnlyList<ModelInput> inputs)
    {
        CostStack stack = CostStack.Create(priced, scenario, (inputs, BuyEquations.All));
        double price = stack.Evaluation[BuyEquations.Api];
        double? utilization = RootFinder.Find(stack.System, "util", BuyEquations.Own, price, LowestUtilization, 1);
        return new BreakEven
        {
            Now = stack.Evaluation,
            Utilization = utilization,
            At = utilization is double share
                ? stack.System.Evaluate(new Dictionary<string, double> { ["util"] = share })
                : null,
            IsAlwaysCheaper =
                stack.System.Evaluate(new Dictionary<string, double> { ["util"] = LowestUtilization })[BuyEquations.Own]
                < price,
        };
    }
}
