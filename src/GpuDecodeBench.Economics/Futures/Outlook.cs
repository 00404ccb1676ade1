using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Economics.Sensitivity;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Economics.Futures;

/// <summary>
/// What becomes of a cost: the physical floor under it, its components year by year, and when prices that are charged meet the floor.
/// </summary>
public sealed class Outlook
{
    private readonly RooflinePrediction _prediction;
    private readonly Scenario _scenario;

    private Outlook(RooflinePrediction prediction, RooflinePrediction one, Scenario scenario)
    {
        _prediction = prediction;
        _scenario = scenario;
        Batch = Price(prediction, OutlookCatalogue.BaseYear, null);
        One = Price(one, OutlookCatalogue.BaseYear, null);
    }

    /// <summary>The cost and the floor at the batch at which a token is cheapest.</summary>
    public CostStack Batch { get; }

    /// <summary>The same for one sequence: a price under which nobody can go who serves one request at a time.</summary>
    public CostStack One { get; }

    /// <summary>Makes an outlook.</summary>
    /// <param name="prediction">The prediction at the batch at which a token is cheapest.</param>
    /// <param name="one">The same for one sequence.</param>
    /// <param name="scenario">A scenario of owned hardware: a rent hides the components.</param>
    /// <exception cref="InputException">The hardware is rented.</exception>
    public static Outlook Of(RooflinePrediction prediction, RooflinePrediction one, Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        return scenario.Ownership == Ownership.Owned
            ? new Outlook(prediction, one, scenario)
            : throw new InputException(
                "An outlook is made of components, and a rent hides them; give --scenario owned, or a file with ownership: owned."
            );
    }

    /// <summary>The components in some years.</summary>
    /// <param name="years">The years, none before <see cref="OutlookCatalogue.BaseYear"/>.</param>
    /// <param name="draws">Draws from the assumptions' ranges.</param>
    /// <param name="seed">Their seed.</param>
    /// <exception cref="InputException">A year is before the assumptions', or the cost is not known.</exception>
    public IReadOnlyList<ProjectedYear> Project(IEnumerable<int> years, int draws, int seed)
    {
        ArgumentNullException.ThrowIfNull(years);
        return [.. years.Select(year => Project(year, draws, seed))];
    }

    /// <summary>When a price meets a floor; null where the floor is not known.</summary>
    /// <param name="price">The price.</param>
    /// <param name="floor">The floor's symbol.</param>
    /// <param name="draws">Draws from the assumptions' ranges.</param>
    /// <param name="seed">Their seed.</param>
    public Convergence? Converge(PricePoint price, string floor, int draws, int seed)
    {
        ArgumentNullException.ThrowIfNull(price);
        return Convergence.Of(Price(_prediction, OutlookCatalogue.BaseYear, price).System, price, floor, draws, seed);
    }

    /// <summary>Whether the floor, a component of any year, or when a price meets the floor is computed from an input of the scenario.</summary>
    /// <param name="symbol">The input's symbol.</param>
    /// <param name="price">One of the prices that are held against the floor.</param>
    public bool DependsOn(string symbol, PricePoint price)
    {
        ArgumentNullException.ThrowIfNull(price);
        return Influence.OnAny(
            Price(_prediction, OutlookCatalogue.BaseYear, price).System,
            Influence.CarrierOf(symbol),
            [
                PredictedCase.StepTime,
                PredictedCase.MemoryUse,
                FloorEquations.Total,
                ProjectionEquations.Total,
                .. ConvergenceEquations.All.Select(equation => equation.Symbol),
            ]
        );
    }

    private ProjectedYear Project(int year, int draws, int seed)
    {
        if (year < OutlookCatalogue.BaseYear)
        {
            throw new InputException(
                $"--years {year} is before {OutlookCatalogue.BaseYear}, for which the assumptions hold; give that year or later ones."
            );
        }

        EquationSystem system = Price(_prediction, year, null).System;
        Evaluation values = system.Evaluate();
        Figure total = values.Figure(ProjectionEquations.Total);
        return total.Value is null
            ? throw new InputException($"The cost is not known: {total.Provenance.Detail ?? total.Provenance.Reason}.")
            : new ProjectedYear(year, values, MonteCarlo.Run(system, ProjectionEquations.Total, draws, seed));
    }

    private CostStack Price(RooflinePrediction prediction, int year, PricePoint? price)
    {
        ModelInput ahead = new(
            "ahead",
            "years ahead",
            "yr",
            year - OutlookCatalogue.BaseYear,
            ProvenanceNote.Derived($"{year} less {OutlookCatalogue.BaseYear}")
        );
        return PredictedCase.Price(
            prediction,
            _scenario,
            price is null
                ? ([ahead], [.. FloorEquations.All, .. ProjectionEquations.All])
                : (
                    [ahead, .. Inputs(price)],
                    [.. FloorEquations.All, .. ProjectionEquations.All, .. ConvergenceEquations.All]
                )
        );
    }

    private static IEnumerable<ModelInput> Inputs(PricePoint price)
    {
        ProvenanceNote note = ProvenanceNote.Assumed(
            price.Source == "user" ? "given by the user (--price-now)" : OutlookCatalogue.TitleOf(price.Source)
        );
        yield return new ModelInput("price_now", $"price of {price.Name}", "$/Mtok", price.UsdPerMillionTokens, note);
        yield return new ModelInput("price_year", "year of the price", "1", price.Year, note);
        yield return new ModelInput(
            "floor_year",
            "year of the floor",
            "1",
            OutlookCatalogue.BaseYear,
            ProvenanceNote.Derived("the year for which the assumptions hold")
        );
    }
}
