namespace GpuDecodeBench.Economics.Decisions;

/// <summary>
/// The batch at which a token is cheapest within limits. A larger batch makes each token cheaper or as cheap, and each step longer and
/// larger, so the largest batch within the limits is the cheapest; the smallest that costs the same to a thousandth is taken.
/// </summary>
internal static class BatchSearch
{
    /// <summary>Costs that differ by no more than this are the same, and the smaller batch answers sooner.</summary>
    private const double SameCost = 1e-3;

    /// <summary>Finds the batch.</summary>
    /// <param name="largest">The largest batch to look at.</param>
    /// <param name="isWithinLimits">Whether a batch keeps to all limits; where one does not, no larger one does.</param>
    /// <param name="cost">The cost of a token at a batch.</param>
    /// <returns>
    /// The batch, and whether only <paramref name="largest"/> keeps it from being larger: that is within the limits, and half of it costs
    /// more; null where not even 1 is within the limits.
    /// </returns>
    public static (int Batch, bool IsCapped)? Find(int largest, Func<int, bool> isWithinLimits, Func<int, double> cost)
    {
        if (Largest(largest, isWithinLimits) is not int within)
        {
            return null;
        }

        int cheapest = SmallestAtTheSameCost(within, cost);
        return (cheapest, within == largest && cheapest > largest / 2);
    }

    /// <summary>The largest batch that keeps to a limit, by doubling and then halving; null where not even 1 does.</summary>
    /// <param name="largest">The largest batch to look at.</param>
    /// <param name="isWithinLimits">Whether a batch keeps to the limit; where one does not, no larger one does.</param>
    public static int? Largest(int largest, Func<int, bool> isWithinLimits)
    {
        if (!isWithinLimits(1))
        {
            return null;
        }

        // Doubling first: the same few batches are asked for on every device, and their plans are kept.
        int within = 1;
        while (within < largest && isWithinLimits(Math.Min(largest, within * 2)))
        {
            within = Math.Min(largest, within * 2);
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

        return within;
    }

    /// <summary>The smallest batch that costs the same as one that is within the limits, by halving: costs do not rise with the batch.</summary>
    private static int SmallestAtTheSameCost(int within, Func<int, double> cost)
    {
        double same = cost(within) * (1 + SameCost);
        int dearer = 0;
        int cheapest = within;
        while (cheapest - dearer > 1)
        {
            int middle = dearer + ((cheapest - dearer) / 2);
            if (cost(middle) <= same)
            {
                cheapest = middle;
            }
            else
            {
                dearer = middle;
            }
        }

        return cheapest;
    }
}
