using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Economics.Levers;

/// <summary>The largest batch that memory and a limit on time allow.</summary>
internal static class LargestBatch
{
    /// <summary>The largest batch of any size.</summary>
    /// <param name="memory">Bytes that a device holds at a batch; the same for each sequence that is added.</param>
    /// <param name="capacity">Bytes that it may hold.</param>
    /// <param name="seconds">Time between two tokens of a sequence at a batch; it must not fall as the batch grows.</param>
    /// <param name="limit">The longest time accepted; null for no limit.</param>
    /// <param name="most">The largest batch accepted whatever the memory.</param>
    /// <exception cref="InputException">Not even one sequence is allowed.</exception>
    public static int Find(Func<int, long> memory, double capacity, Func<int, double> seconds, double? limit, int most)
    {
        long first = memory(1);
        if (first > capacity)
        {
            throw new InputException(
                $"one sequence needs {first / 1e9:0.0} GB on each device, of which {capacity / 1e9:0.0} GB are usable"
            );
        }

        long each = memory(2) - first;
        int batch = (int)Math.Min(most, 1 + Math.Floor((capacity - first) / each));
        if (limit is not double longest || seconds(batch) <= longest)
        {
            return batch;
        }

        double shortest = seconds(1);
        if (shortest > longest)
        {
            throw new InputException(
                $"one sequence alone takes {shortest * 1e3:0.00} ms a token, and {longest * 1e3:0.00} ms are allowed"
            );
        }

        int low = 1;
        int high = batch;
        while (high - low > 1)
        {
            int middle = low + ((high - low) / 2);
            if (seconds(middle) <= longest)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>The largest of some batches.</summary>
    /// <param name="known">The batches.</param>
    /// <param name="memory">Bytes that a device holds at a batch.</param>
    /// <param name="capacity">Bytes that it may hold.</param>
    /// <param name="seconds">Time between two tokens of a sequence at a batch.</param>
    /// <param name="limit">The longest time accepted; null for no limit.</param>
    /// <exception cref="InputException">None is allowed.</exception>
    public static int Find(
        IReadOnlyList<int> known,
        Func<int, long> memory,
        double capacity,
        Func<int, double> seconds,
        double? limit
    )
    {
        int[] allowed =
        [
            .. known.Where(batch => memory(batch) <= capacity && (limit is not double most || seconds(batch) <= most)),
        ];
        return allowed.Length == 0
            ? throw new InputException(
                "no other batch was measured with these formats, and the run has no arithmetic ceiling from which one could be extrapolated"
            )
            : allowed.Max();
    }
}
