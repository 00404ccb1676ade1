using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Economics.Sensitivity;

/// <summary>
/// How often one result is below another over the ranges of what both assume. What both share is drawn once for the two, since it moves
/// them together and decides nothing between them; the rest is drawn for each by itself.
/// </summary>
public static class PairedDraws
{
    /// <summary>The share of the draws in which the second result is below the first, from 0 to 1.</summary>
    /// <param name="first">The equations of the first result.</param>
    /// <param name="second">Those of the second.</param>
    /// <param name="isShared">Whether an input of the same symbol and range is one and the same in both.</param>
    /// <param name="draws">How many draws, at least 100.</param>
    /// <param name="seed">The seed; the same seed gives the same share.</param>
    /// <exception cref="ArgumentException">A result's symbol is not defined.</exception>
    public static double ShareBelow(
        (EquationSystem System, string Symbol) first,
        (EquationSystem System, string Symbol) second,
        Func<string, bool> isShared,
        int draws,
        int seed
    )
    {
        ArgumentNullException.ThrowIfNull(isShared);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 100);
        var random = new Random(seed);
        Drawn one = Of(first);
        Drawn other = Of(second);
        var shared = one
            .Uncertain.Where(input => isShared(input.Symbol) && other.Uncertain.Any(twin => IsSame(input, twin)))
            .Select(input => input.Symbol)
            .ToHashSet(StringComparer.Ordinal);
        int below = 0;
        for (int i = 0; i < draws; i++)
        {
            Dictionary<string, double> places = one.Uncertain.ToDictionary(
                input => input.Symbol,
                _ => random.NextDouble(),
                StringComparer.Ordinal
            );
            double reference = one.At(input => places[input.Symbol]);
            double against = other.At(input =>
                shared.Contains(input.Symbol) ? places[input.Symbol] : random.NextDouble()
            );
            below += against < reference ? 1 : 0;
        }

        return (double)below / draws;
    }

    private static bool IsSame(ModelInput one, ModelInput other) =>
        (one.Symbol, one.Low, one.Value, one.High) == (other.Symbol, other.Low, other.Value, other.High);

    private static Drawn Of((EquationSystem System, string Symbol) result) =>
        new(
            result.System,
            result.System.SlotOf(result.Symbol),
            [.. result.System.Inputs.Where(input => input.IsUncertain && input.Value is not null)],
            result.System.LikelySlots()
        );

    private sealed record Drawn(EquationSystem System, int Result, ModelInput[] Uncertain, double[] Slots)
    {
        /// <summary>The result where each uncertain input lies at a place of its range, from 0 to 1.</summary>
        public double At(Func<ModelInput, double> place)
        {
            foreach (ModelInput input in Uncertain)
            {
                Slots[System.SlotOf(input.Symbol)] = TriangularDistribution.Quantile(
                    input.Unit.ToBase(input.Low!.Value),
                    input.BaseValue,
                    input.Unit.ToBase(input.High!.Value),
                    place(input)
                );
            }

            System.Evaluate(Slots);
            return Slots[Result];
        }
    }
}
