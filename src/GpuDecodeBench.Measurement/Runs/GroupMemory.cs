using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Measurement.Runs;

/// <summary>What several steps take in memory together, in this benchmark's own backends.</summary>
public static class GroupMemory
{
    /// <summary>Distinct tensors once, and every step's cache, buffers and tables.</summary>
    public static long Of(IEnumerable<DecodeStepPlan> plans)
    {
        var tensors = new HashSet<WeightTensor>();
        long bytes = 0;
        foreach (DecodeStepPlan plan in plans)
        {
            foreach (WeightTensor tensor in plan.Tensors)
            {
                if (tensors.Add(tensor))
                {
                    bytes += tensor.Bytes;
                }
            }

            bytes += plan.BenchmarkMemory.TotalBytes - plan.BenchmarkMemory.WeightBytes;
        }

        return bytes;
    }
}
