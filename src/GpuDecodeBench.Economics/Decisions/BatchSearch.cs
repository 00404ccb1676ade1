namespace GpuDecodeBench.Economics.Decisions;

/// <summary>
/// The batch at which a token is cheapest within limits. A larger batch makes each token cheaper or as cheap, and each step longer and
/// larger, so the largest batch within the limits is the cheapest; once arithmetic is the bound, a smaller one costs the same.
/// </summary>
internal static class BatchSearch
{
    /// <summary>Costs that differ by no more than this are the same, and the smaller batch answers sooner.</summary>
    private const double SameCost = 1e-3;

    /// <summary>Finds the batch.</summary>
    /// <param name="largest">The largest batch to look at.</param>
    /// <param name="isWithinLimits">Whether a batch keeps to all limits; where one does not, no larger one does.</param>
    /// <param name="cost">The cost of a token at a batch.</param>
    /// <returns>The batch, and whether batches beyond <paramref name="largest"/> might do, too; null where not even 1 does.</returns>
    public static (int Batch, bool IsCapped)? Find(int largest, Func<int, bool> isWithinLimits, Func<int, double> cost)
    {
        if (!isWithinLimits(1))
        {
            return null;
        }

        // Doubling first: the same few batches are asked for on every device, and their plans are kept.
        int within = 1;
        List<int> steps = [1];
        while (within < largest && isWithinLimits(Math.Min(largest, within * 2)))
        {
            within = Math.Min(largest, within * 2);
            steps.Add(within);
        }

        int beyond = Math.Min(largest + 1, within * 2);
        while (beyond - within > 1)
        {
            int middle = within + ((beyond - within) / 2);
            if (isWithinLimits(middle))
            {
                within = middle;
            }
            else
            {
                beyond = middle;
            }
        }

        double least = cost(within);
        int cheapest = steps
            .Where(batch => batch <= within && cost(batch) <= least * (1 + SameCost))
            .DefaultIfEmpty(within)
            .Min();
        return (cheapest, within == largest && cheapest == within);
    }
}
