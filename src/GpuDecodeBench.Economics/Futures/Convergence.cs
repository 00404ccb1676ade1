using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Sensitivity;

namespace GpuDecodeBench.Economics.Futures;

/// <summary>When a price meets a floor, with its range.</summary>
public sealed class Convergence
{
    private readonly UncertainResult _nearness;

    private Convergence(PricePoint price, string floor, Evaluation values, UncertainResult nearness)
    {
        Price = price;
        Floor = floor;
        Values = values;
        _nearness = nearness;
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
        Evaluation values = system.Evaluate();
        string symbol = ConvergenceEquations.Nearness(floor);
        return values.Figure(symbol).Value is null
            ? null
            : new Convergence(price, floor, values, MonteCarlo.Run(system, symbol, draws, seed));
    }

    private double? Year(double nearness) => nearness > 0 ? Price.Year + (1 / nearness) - 1 : null;
}
