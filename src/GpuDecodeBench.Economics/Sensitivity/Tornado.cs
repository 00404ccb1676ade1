using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Economics.Sensitivity;

/// <summary>Which assumption matters most: each uncertain input alone at its low and its high value, the others at their likely one.</summary>
public static class Tornado
{
    /// <summary>The bars, the widest first; inputs that change nothing are left out.</summary>
    /// <param name="system">The equations with their inputs.</param>
    /// <param name="symbol">The symbol of the result.</param>
    /// <exception cref="ArgumentException">There is no such symbol, or its likely value is not known.</exception>
    public static IReadOnlyList<TornadoBar> Of(EquationSystem system, string symbol)
    {
        ArgumentNullException.ThrowIfNull(system);
        double likely = system.Evaluate()[symbol];
        var bars = new List<TornadoBar>();
        foreach (ModelInput input in system.Inputs.Where(input => input.IsUncertain && input.Value is not null))
        {
            double atLow = At(system, symbol, input.Symbol, input.Low!.Value);
            double atHigh = At(system, symbol, input.Symbol, input.High!.Value);
            if (Math.Abs(atHigh - atLow) > 1e-12 * Math.Abs(likely))
            {
                bars.Add(new TornadoBar(input, likely, atLow, atHigh));
            }
        }

        return [.. bars.OrderByDescending(bar => bar.Width)];
    }

    private static double At(EquationSystem system, string symbol, string input, double value) =>
        system.Evaluate(new Dictionary<string, double> { [input] = value })[symbol];
}
