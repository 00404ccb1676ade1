using GpuDecodeBench.Backends.Traffic;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends;

/// <summary>
/// A decode step that can be run again and again. Each run computes the same token at the same positions from the same cache,
/// so that every run does the same work.
/// </summary>
public interface IDecodeSession : IDisposable
{
    /// <summary>The step.</summary>
    DecodeStepPlan Plan { get; }

    /// <summary>The seed that the weights were made from, and the inputs where they are synthetic.</summary>
    ulong Seed { get; }

    /// <summary>The tokens and the cache that the step is given.</summary>
    StepInputs Inputs { get; }

    /// <summary>Memory that the cache and the buffers take, in bytes, without the weights.</summary>
    long AllocatedBytes { get; }

    /// <summary>
    /// Distinct experts that each of the plan's layers read in the last step, 0 for layers without experts; null where the model
    /// has none, and before the first step.
    /// </summary>
    IReadOnlyList<int>? DistinctExperts { get; }

    /// <summary>
    /// What the kernels of each of the plan's operations read and wrote in the last traced step; null before it, and where the
    /// device does not count.
    /// </summary>
    IReadOnlyList<OperationTraffic>? Traffic => null;

    /// <summary>
    /// Whether a step's time may be in part the host's, that gave the device its work too slowly; where the host is the device, nothing
    /// of its time is another's.
    /// </summary>
    bool TimesMayIncludeHost => false;

    /// <summary>Runs the step and waits for it.</summary>
    /// <returns>Its duration in seconds by the device's clock.</returns>
    double RunStep();

    /// <summary>Runs the step several times, one right behind the other, and waits for the last: a load, not a measurement.</summary>
    /// <param name="count">How many times.</param>
    void RunSteps(int count)
    {
        for (int i = 0; i < count; i++)
        {
            RunStep();
        }
    }

    /// <summary>Runs the step, timing each operation apart.</summary>
    /// <param name="operationSeconds">Receives one duration for each of the plan's operations.</param>
    /// <returns>The duration of the whole step in seconds, measured in the same run.</returns>
    double RunStepByOperation(Span<double> operationSeconds);

    /// <summary>
    /// Runs the step operation by operation. Before each operation its output is poisoned with NaN (unless it works in place),
    /// after it the output is shown to <paramref name="trace"/>.
    /// </summary>
    void RunStepTraced(IStepTrace trace);

    /// <summary>
    /// Overwrites all that a step writes, the buffers between its operations and in the cache its own keys and values, with what
    /// cannot be right: a step that leaves something out, or reads something before it is written, then gives other results.
    /// </summary>
    void PoisonStep();

    /// <summary>
    /// Shows what the last step left, however it was run: the logits, the chosen tokens, and the keys and values that each layer
    /// stored; after <see cref="PoisonStep"/> alone, poison.
    /// </summary>
    void ShowResults(IStepTrace trace);
}
