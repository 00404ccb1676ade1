using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Economics.Sensitivity;

/// <summary>
/// What the uncertainty of all assumptions together makes of a result: every uncertain input is drawn from the triangle of its low,
/// likely and high value, independently of the others, and the equations are computed anew for each draw.
/// </summary>
/// <remarks>
/// Inputs are drawn independently, though in the world some move together (a region's electricity price and its cooling): where they
/// do, the true range is somewhat wider.
/// </remarks>
public static class MonteCarlo
{
    /// <summary>Draws.</summary>
    /// <param name="system">The equations with their inputs.</param>
    /// <param name="symbol">The symbol of the result.</param>
    /// <param name="draws">How many draws, at least 100.</param>
    /// <param name="seed">The seed; the same seed gives the same result.</param>
    /// <exception cref="ArgumentException">There is no such symbol, or its likely value is not known.</exception>
    public static UncertainResult Run(EquationSystem system, string symbol, int draws, int seed)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 100);
        Evaluation likely = system.Evaluate();
        _ = likely[symbol];
        int result = system.SlotOf(symbol);
        (int Slot, double Low, double Likely, double High)[] uncertain =
        [
            .. system
                .Inputs.Where(input => input.IsUncertain && input.Value is not null)
                .Select(input =>
                    (
                        system.SlotOf(input.Symbol),
                        input.Unit.ToBase(input.Low!.Value),
                        input.BaseValue,
                        input.Unit.ToBase(input.High!.Value)
                    )
                ),
        ];
        var random = new Random(seed);
        double[] slots = system.LikelySlots();
        system.Evaluate(slots);
        (Expression Expression, int Slot)[] moved = system.Between(uncertain.Select(input => input.Slot), result);
        Unit unit = system.UnitsBySlot[result];
        var values = new List<double>(draws);
        for (int i = 0; i < draws; i++)
        {
            foreach ((int slot, double low, double mid, double high) in uncertain)
            {
                slots[slot] = TriangularDistribution.Quantile(low, mid, high, random.NextDouble());
            }

            foreach ((Expression expression, int slot) in moved)
            {
                slots[slot] = expression.Evaluate(slots);
            }

            if (double.IsFinite(slots[result]))
            {
                values.Add(unit.FromBase(slots[result]));
            }
        }

        values.Sort();
        return new UncertainResult(symbol, likely[symbol], values, draws - values.Count, seed);
    }
}
