using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends;

/// <summary>A model's weights on a device. Several sessions may share them.</summary>
public interface IDeviceModel : IDisposable
{
    /// <summary>Memory that the weights take, in bytes.</summary>
    long AllocatedBytes { get; }

    /// <summary>The seed that the weights were made from.</summary>
    ulong Seed { get; }

    /// <summary>
    /// Makes a step ready to run: cache and buffers allocated, the cache filled with the inputs' keys and values. The plan must
    /// have the model, layers and weight formats that the weights were made for; batch, contexts and KV format are its own.
    /// </summary>
    /// <exception cref="DeviceUnavailableException">The memory is not to be had.</exception>
    IDecodeSession OpenSession(DecodeStepPlan plan, StepInputs inputs, CancellationToken cancellation);

    /// <summary>Makes a step ready to run on synthetic tokens over a synthetic cache.</summary>
    /// <exception cref="DeviceUnavailableException">The memory is not to be had.</exception>
    IDecodeSession OpenSession(DecodeStepPlan plan, CancellationToken cancellation) =>
        OpenSession(plan, StepInputs.Synthetic(plan, Seed), cancellation);
}
