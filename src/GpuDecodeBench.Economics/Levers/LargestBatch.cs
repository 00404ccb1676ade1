using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Economics.Levers;

/// <summary>The largest batch that memory and a limit on time allow.</summary>
internal static class LargestBatch
{
    /// <summary>The largest batch.</summary>
    /// <param name="memory">Bytes that a device holds at a batch; it must not fall as the batch grows.</param>
    /// <param name="capacity">Bytes that it may hold.</param>
    /// <param name="seconds">Time between two tokens of a sequence at a batch; what was not measured must not fall as the batch grows.</param>
    /// <param name="limit">The longest time accepted, in seconds; null for no limit.</param>
    /// <param name="most">The largest batch accepted whatever the memory.</param>
    /// <param name="measured">Batches at which the time was measured, which may be shorter than that of a smaller batch.</param>
    /// <exception cref="InputException">Not even one sequence is allowed.</exception>
    public static int Find(
        Func<int, long> memory,
        double capacity,
        Func<int, double> seconds,
        double? limit,
        int most,
        IReadOnlyList<int> measured
    )
    {
        int batch =
            BatchSearch.Largest(most, sequences => memory(sequences) <= capacity)
            ?? throw new InputException(
                $"one sequence needs {memory(1) / 1e9:0.0} GB on each device, of which {capacity / 1e9:0.0} GB are usable"
            );
        if (limit is not double longest || seconds(batch) <= longest)
        {
            return batch;
        }

        int known = measured
            .Where(sequences => sequences < batch && seconds(sequences) <= longest)
            .DefaultIfEmpty(0)
            .Max();
        if (known == 0 && seconds(1) is double shortest && shortest > longest)
        {
            throw new InputException(
                $"one sequence alone takes {shortest * 1e3:0.00} ms a token, and {longest * 1e3:0.00} ms are allowed"
            );
        }

        int low = Math.Max(known, 1);
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
}
