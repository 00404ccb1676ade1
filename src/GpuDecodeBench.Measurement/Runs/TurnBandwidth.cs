using GpuDecodeBench.Measurement.Statistics;

namespace GpuDecodeBench.Measurement.Runs;

/// <summary>What a turn's steps reached, between two looks at the read ceiling; all in bytes per second.</summary>
/// <param name="CeilingBefore">The ceiling just before the turn.</param>
/// <param name="CeilingAfter">The ceiling just after it.</param>
/// <param name="Achieved">Compulsory bytes over the median of the turn's steps.</param>
internal readonly record struct TurnBandwidth(double CeilingBefore, double CeilingAfter, double Achieved)
{
    /// <summary>The share by which the ceiling may differ before and after a turn that is called steady.</summary>
    internal const double SteadySpread = 0.1;

    /// <summary>The ceiling of the turn: the better of the two.</summary>
    public double Ceiling => Math.Max(CeilingBefore, CeilingAfter);

    /// <summary>Whether the ceiling stayed where it was.</summary>
    public bool IsSteady => Math.Abs(CeilingBefore - CeilingAfter) <= SteadySpread * Ceiling;

    /// <summary>
    /// The share of the ceiling that a point reached: the median over its turns of each turn's own share, so that a machine which
    /// changes speed between turns does not mix one speed's steps with the other's ceiling. Turns in which the ceiling itself
    /// moved are left out while there are others. Null without a turn.
    /// </summary>
    public static double? ShareOfCeiling(IReadOnlyList<TurnBandwidth> turns)
    {
        double[] steady = [.. turns.Where(turn => turn.IsSteady).Select(turn => turn.Achieved / turn.Ceiling)];
        double[] shares = steady.Length > 0 ? steady : [.. turns.Select(turn => turn.Achieved / turn.Ceiling)];
        return shares.Length == 0 ? null : OrderStatistics.MedianOf(shares);
    }
}
