namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// Finds the number that a configuration must hold for the value that is computed from it to be the very one that a shape has:
/// the inverse of a formula is off by a few last bits.
/// </summary>
internal static class RoundTrip
{
    private const int Decimals = 9;
    private const int Neighbours = 8;

    /// <summary>The shortest decimal near a number, or the nearest of its neighbours, that is right; else the number itself.</summary>
    /// <param name="number">What the inverse formula gives.</param>
    /// <param name="isRight">Whether the formula gives what is wanted.</param>
    public static double Nearest(double number, Func<double, bool> isRight)
    {
        double below = number;
        double above = number;
        var candidates = new List<double> { Math.Round(number, Decimals), number };
        for (int i = 0; i < Neighbours; i++)
        {
            below = Math.BitDecrement(below);
            above = Math.BitIncrement(above);
            candidates.Add(below);
            candidates.Add(above);
        }

        int found = candidates.FindIndex(candidate => isRight(candidate));
        return found < 0 ? number : candidates[found];
    }
}
