using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Economics.Decisions;

/// <summary>Which value of an input makes a result what is wanted: break-evens, limits, largest prices.</summary>
public static class RootFinder
{
    private const int Steps = 200;

    /// <summary>
    /// The value of the input between two ends at which the result crosses the target, by halving; null where it is on the same side
    /// at both ends. The result must rise or fall all the way, as costs do with utilisation or price.
    /// </summary>
    /// <param name="system">The equations.</param>
    /// <param name="input">The input's symbol.</param>
    /// <param name="result">The result's symbol.</param>
    /// <param name="target">The wanted value, in the result's unit.</param>
    /// <param name="low">The lower end, in the input's unit.</param>
    /// <param name="high">The upper end.</param>
    /// <exception cref="ArgumentException">A symbol is not known, or the result has no value.</exception>
    public static double? Find(
        EquationSystem system,
        string input,
        string result,
        double target,
        double low,
        double high
    )
    {
        ArgumentNullException.ThrowIfNull(system);
        double below = Above(low);
        if (below == 0)
        {
            return low;
        }

        double above = Above(high);
        if (above == 0)
        {
            return high;
        }

        if (Math.Sign(below) == Math.Sign(above))
        {
            return null;
        }

        for (int i = 0; i < Steps && high - low > 1e-13 * Math.Abs(high); i++)
        {
            double middle = (low + high) / 2;
            if (Math.Sign(Above(middle)) == Math.Sign(below))
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return (low + high) / 2;

        double Above(double value) =>
            system.Evaluate(new Dictionary<string, double> { [input] = value })[result] - target;
    }
}
