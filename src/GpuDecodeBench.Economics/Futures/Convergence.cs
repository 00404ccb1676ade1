using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Sensitivity;

namespace GpuDecodeBench.Economics.Futures;

/// <summary>When a price meets a floor, with its range.</summary>
public sealed class Convergence
{
    private const string Halving = "price_halving";

    private readonly UncertainResult _nearness;

    private Convergence(PricePoint price, string floor, EquationSystem system, UncertainResult nearness)
    {
        Price = price;
        Floor = floor;
        Values = system.Evaluate();
        _nearness = nearness;
        ModelInput halving = system.Inputs.Single(input => input.Symbol == Halving);
        AtFastFall = At(system, halving.Low ?? halving.Value!.Value);
        AtSlowFall = At(system, halving.High ?? halving.Value!.Value);
    }

    /// <summary>The price.</summary>
    public PricePoint Price { get; }

    /// <summary>The floor's symbol.</summary>
    public string Floor { get; }

    /// <summary>All values at the likely ones of the inputs.</summary>
    public Evaluation Values { get; }

    /// <summary>The seed of the draws.</summary>
    public int Seed => _nearness.Seed;

    /// <summary>How many draws there were.</summary>
    public int Draws => _nearness.Sorted.Count;

    /// <summary>The year at the likely values; null where the price never meets the floor.</summary>
    public double? Likely => Year(_nearness.Likely);

    /// <summary>The year where prices fall as fast as is credible and everything else is likely; null where they never meet.</summary>
    public double? AtFastFall { get; }

    /// <summary>The year where prices fall as slowly as is credible; null where they never meet.</summary>
    public double? AtSlowFall { get; }

    /// <summary>In a tenth of the draws they meet before this year.</summary>
    public double? P10 => Year(_nearness.P90);

    /// <summary>In half of the draws; null where in half of them they never meet.</summary>
    public double? P50 => Year(_nearness.P50);

    /// <summary>In nine tenths of the draws; null where in a tenth of them they never meet.</summary>
    public double? P90 => Year(_nearness.P10);

    /// <summary>The share of draws in which they never meet.</summary>
    public double NeverShare => _nearness.Sorted.Count(nearness => nearness <= 0) / (double)Draws;

    /// <summary>When a price meets a floor.</summary>
    /// <param name="system">The equations, with <see cref="ConvergenceEquations"/> and the price as their input.</param>
    /// <param name="price">The price.</param>
    /// <param name="floor">The floor: <see cref="FloorEquations.Energy"/> or <see cref="FloorEquations.Total"/>.</param>
    /// <param name="draws">Draws from the inputs' ranges.</param>
    /// <param name="seed">Their seed.</param>
    /// <returns>The convergence; null where the floor is not known.</returns>
    public static Convergence? Of(EquationSystem system, PricePoint price, string floor, int draws, int seed)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(price);
        string symbol = ConvergenceEquations.Nearness(floor);
        return system.Evaluate().Figure(symbol).Value is null
            ? null
            : new Convergence(price, floor, system, MonteCarlo.Run(system, symbol, draws, seed));
    }

    private double? At(EquationSystem system, double halving) =>
        Year(
            system.Evaluate(new Dictionary<string, double> { [Halving] = halving })[
                ConvergenceEquations.Nearness(Floor)
            ]
        );

    private double? Year(double nearness) => nearness > 0 ? Price.Year + (1 / nearness) - 1 : null;
}
